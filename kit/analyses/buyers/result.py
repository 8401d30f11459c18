"""What the analysis of buyers found: who was new, who came again, what members bought, where audiences moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kit.stats.bases import Base, Days
from kit.stats.control_limits import Limits
from kit.stats.kpis import Figure, Kpi


class Usual(Protocol):
    """A value on ordinary days against what it usually is there; ``side`` as in ``control_limits``."""

    @property
    def value(self) -> float: ...
    @property
    def limits(self) -> Limits: ...
    @property
    def side(self) -> int: ...


class Line(Protocol):
    """A figure of a scorecard, with its changes by comparison and what is usual."""

    @property
    def kpi(self) -> Kpi: ...
    @property
    def figure(self) -> Figure: ...
    @property
    def changes(self) -> Mapping[str, float]: ...
    @property
    def usual(self) -> Usual | None: ...


class Card(Protocol):
    """A period's scorecard: its days, its comparisons, and the lines of each shop. ``until`` is None without data."""

    @property
    def start(self) -> dt.date: ...
    @property
    def until(self) -> dt.date | None: ...
    @property
    def compared(self) -> Sequence[Base]: ...
    @property
    def lines(self) -> Mapping[str, Sequence[Line]]: ...


@dataclass(frozen=True)
class Heads:
    """Buyers of a span, new and returning, and what all and what returning ones ``paid`` (None where nobody says).

    ``once``: the platform counted each buyer once over the span; else both are those of an average day.
    """

    new: float
    returning: float
    paid: float | None
    returning_paid: float | None
    once: bool

    @property
    def share(self) -> float:
        return self.new / (self.new + self.returning)

    @property
    def paid_share(self) -> float | None:
        """New buyers' part of what was paid."""
        if self.returning_paid is None or not self.paid:
            return None
        return 1 - self.returning_paid / self.paid

    def since(self, then: Heads) -> tuple[float | None, float | None, float]:
        """Growth of new and of returning buyers on ``then``, None on a base of nothing; the difference of the share."""
        new, old = (a / b - 1 if b else None for a, b in ((self.new, then.new), (self.returning, then.returning)))
        return new, old, self.share - then.share


@dataclass(frozen=True)
class Beyond:
    """A value against what it usually is; ``side``: 1 above, −1 below, 0 inside."""

    value: float
    limits: Limits
    side: int


@dataclass(frozen=True)
class Split:
    """New against returning buyers of one shop. ``pairs``: those of a comparison's two spans, by its name.
    ``new_days``: told by its orders, and who has none in so many days before is new; None where the platform tells."""

    shop: str
    now: Heads
    pairs: Mapping[str, tuple[Heads, Heads]]
    usual: Beyond | None
    new_days: int | None = None


@dataclass(frozen=True)
class Again:
    """``k`` of ``n`` buyers, with the Wilson interval of their share."""

    n: int
    k: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        return self.k / self.n


@dataclass(frozen=True)
class Back:
    """``repurchase``: buyers of the period with two or more orders in it. ``comeback``: buyers of the days before,
    ``base``, who bought in the period; None where no orders reach so far back."""

    shop: str
    repurchase: Again
    comeback: Again | None
    base: Days | None


@dataclass(frozen=True)
class Month:
    """A shop's members in one month. ``buyer_share`` of its buyers and ``paid_share`` of its sales, None if unknown."""

    month: dt.date
    members: float | None
    joined: float | None
    active: float | None
    buyers: float | None
    paid: float | None
    buyer_share: float | None
    paid_share: float | None


@dataclass(frozen=True)
class Members:
    """``months``: the period's, after those it is held against. ``usual``: the last one's part of sales against that
    of earlier months."""

    shop: str
    months: tuple[Month, ...]
    usual: Beyond | None


@dataclass(frozen=True)
class Stage:
    """People in one stage of an audience model: now, a month before, a year before."""

    name: str
    now: float
    before: float | None
    year: float | None
    usual: Beyond | None

    @property
    def growth(self) -> float | None:
        """On the month before."""
        return self.now / self.before - 1 if self.before else None


@dataclass(frozen=True)
class Audience:
    """One model of one shop, its stages in the order of the sheet."""

    shop: str
    model: str
    month: dt.date
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Result:
    """``compared``: the comparisons of ``Split.pairs``. ``unsplit``: shops that do not say who is new, ``untold`` those
    with orders that do not tell buyers apart or lack days. ``daily``: whether any shop has daily figures. ``names``:
    each shop's, by its key. ``days`` is None without any data."""

    days: Days | None
    compared: tuple[Base, ...]
    splits: tuple[Split, ...]
    unsplit: tuple[str, ...]
    back: tuple[Back, ...]
    untold: tuple[str, ...]
    daily: bool
    members: tuple[Members, ...]
    audiences: tuple[Audience, ...]
    names: Mapping[str, Any]
