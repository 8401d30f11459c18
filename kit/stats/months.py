"""Whole months: which a period is made of, and what a shop's daily figures add up to in them."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Month = dt.date
"""A month is its first day."""


def whole(start: dt.date, end: dt.date) -> tuple[Month, ...]:
    """The months from ``start`` to ``end`` if they are whole months, else none."""
    if start.day != 1 or (end + dt.timedelta(1)).day != 1:
        return ()
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    return tuple(later(start, n) for n in range(count))


def later(month: Month, by: int) -> Month:
    """The month ``by`` months later, or earlier when negative."""
    number = month.year * 12 + month.month - 1 + by
    return dt.date(number // 12, number % 12 + 1, 1)


def days(months: Sequence[Month]) -> int:
    """Days in ``months`` together."""
    return sum(calendar.monthrange(m.year, m.month)[1] for m in months)


@dataclass(frozen=True)
class Own:
    """What the shops that have every day of both spans took in them, and how many shops that is of ``shops``.

    ``now`` and ``base`` are None when no shop has; ``missing`` is then the number of days that the fullest shop lacks.
    """

    now: float | None
    base: float | None
    used: int
    shops: int
    missing: int

    @property
    def growth(self) -> float | None:
        """Change as a fraction; None without both spans, or on a base of nothing."""
        return self.now / self.base - 1 if self.now is not None and self.base and self.base > 0 else None


def comparable(daily: pd.DataFrame, now: Sequence[Month], base: Sequence[Month], amount: str = "pay_amount") -> Own:
    """``amount`` of the shops in ``daily`` (columns shop, date, ``amount``) over whole months, like for like.

    A shop counts only with a figure on every day of ``now`` and ``base``; a month with a gap is never compared.
    """
    wanted = {*now, *base}
    stated = daily[daily[amount].notna()]
    month = stated["date"].dt.to_period("M").dt.start_time.dt.date
    kept = stated[month.isin(wanted)].assign(month=month)
    found = kept.groupby(["shop", "month"]).agg(
        days=("date", lambda d: d.dt.normalize().nunique()), sum=(amount, "sum")
    )
    lacking = {
        shop: sum(days([m]) - (int(found.at[(shop, m), "days"]) if (shop, m) in found.index else 0) for m in wanted)
        for shop in sorted(daily["shop"].dropna().unique())
    }
    full = [shop for shop, gap in lacking.items() if gap == 0]
    if not full:
        return Own(None, None, 0, len(lacking), min(lacking.values(), default=days(sorted(wanted))))
    total, earlier = (float(sum(found.at[(shop, m), "sum"] for shop in full for m in span)) for span in (now, base))
    return Own(total, earlier, len(full), len(lacking), 0)
