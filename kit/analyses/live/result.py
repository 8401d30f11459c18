"""What the analysis of live sessions found: each shop's rooms and deals, and how far its files reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.stats.bases import Days
from kit.stats.live_sales import Shop


@dataclass(frozen=True)
class Result:
    """``told``: whether a sheet of deals is there. ``first``: the day of the first session known, None without any.
    ``as_of``: the day refunds are known to. ``open_days``: for so many days after a session its refunds come in."""

    days: Days
    base: Days | None
    shops: tuple[Shop, ...]
    told: bool
    first: dt.date | None
    as_of: dt.date
    open_days: int
    names: Mapping[str, Any]

    @property
    def covered(self) -> bool:
        """Whether the files of live sessions reach the period."""
        return self.first is not None and self.first <= self.days.end
