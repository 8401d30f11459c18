"""The section ``[contract]`` of ``client.toml``: what the agency is paid for, and what it is measured against."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from kit.settings import GOAL_METRICS, Day, Money, Share, Strict, ends, refuse


class Tier(Strict):
    """From which sales on, a month, which rate is paid."""

    floor: Money = Field(alias="from")
    rate: Share


class Kpi(Strict):
    """A clause: what ``metric`` must reach from one day to another, and what the agency loses otherwise (money)."""

    metric: Literal[GOAL_METRICS]  # type: ignore[valid-type]
    target: float
    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")
    penalty: Money | None = None

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: dt.date | None, info: ValidationInfo) -> dt.date | None:
        return ends(end, info.data.get("start"))


class Contract(Strict):
    """What the agency is paid for, and what it is measured against: ``baseline`` is the time before it took over.

    ``basis``: the sales that tiers and growth are counted in. ``fixed_fee``: money a month.
    """

    start: Day
    end: Day | None = None
    baseline_start: Day | None = None
    baseline_end: Day | None = Field(None, validate_default=True)
    basis: Literal["pay_amount", "gsv"]
    fixed_fee: Money = 0
    fee_tiers: tuple[Tier, ...] = ()
    kpis: tuple[Kpi, ...] = ()

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: dt.date | None, info: ValidationInfo) -> dt.date | None:
        return ends(end, info.data.get("start"))

    @field_validator("baseline_end")
    @classmethod
    def _whole_baseline(cls, end: dt.date | None, info: ValidationInfo) -> dt.date | None:
        """Both ends or neither; a start that is wrong itself is told already."""
        if "baseline_start" in info.data and (end is None) != (info.data["baseline_start"] is None):
            raise PydanticCustomError(
                "missing", "one end", {"key": "baseline_end" if end is None else "baseline_start"}
            )
        return ends(end, info.data.get("baseline_start"))

    @field_validator("fee_tiers")
    @classmethod
    def _rising_tiers(cls, tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
        floors = [tier.floor for tier in tiers]
        if floors != sorted(set(floors)):
            refuse("from: 0 < 500000 < 1000000 …")
        return tiers
