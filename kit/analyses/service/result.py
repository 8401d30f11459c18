"""What the analysis of service found, part by part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.stats.bases import Days
from kit.stats.refund_lag import Open

RATE = 0.05


@dataclass(frozen=True)
class Burst:
    """Days in a row with more bad reviews than usual. ``first``: those of its first day, against ``expected`` by the
    number of reviews of that day and ``usual`` by the day; ``topic`` and ``item``: what most of them name."""

    start: dt.date
    days: int
    first: int
    total: int
    expected: float
    usual: float
    topic: str | None
    item: str | None

    @property
    def times(self) -> float | None:
        """How many times what the day's number of reviews would bring; None where that is so near nothing that a
        multiple says nothing."""
        return self.first / self.expected if self.expected >= 0.1 else None


@dataclass(frozen=True)
class Reviews:
    """``bad`` a day of the period. ``judged``: whether the days before it tell a usual rate."""

    shop: str
    total: int
    bad: tuple[tuple[dt.date, int], ...]
    bursts: tuple[Burst, ...]
    judged: bool


@dataclass(frozen=True)
class Reason:
    """Cases and money refunded for one reason in the period, and its part of the cases now and before (None without a
    period before). ``moved``: its part changed beyond chance, and by enough to matter."""

    reason: str
    cases: int
    amount: float
    share: float
    before: float | None
    moved: bool


@dataclass(frozen=True)
class Reasons:
    """By date of refund; ``unsaid``: cases without a reason."""

    shop: str
    cases: int
    amount: float
    reasons: tuple[Reason, ...]
    unsaid: int


@dataclass(frozen=True)
class Ripe:
    """Refunds by date of payment. ``before``: those of the period before as of now; ``then``: its refunds that were in
    when it ended, money."""

    shop: str
    as_of: dt.date
    now: Open
    before: Open | None
    then: float | None


@dataclass(frozen=True)
class Desk:
    """Figures of the service desk by name (None where not stated), now and before, and its slowest day."""

    shop: str
    now: Mapping[str, float | None]
    before: Mapping[str, float | None]
    slowest: tuple[dt.date, float] | None


@dataclass(frozen=True)
class Result:
    reviews: tuple[Reviews, ...]
    reasons: tuple[Reasons, ...]
    ripe: tuple[Ripe, ...]
    desks: tuple[Desk, ...]
    days: Days
    base: Days | None
    names: Mapping[str, Any]
