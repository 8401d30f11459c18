"""A category's monthly series: which of several to use, and how months are compared.

Money and intervals add up over months; a vendor's estimate does not, and a platform's index is no amount at all: it
has neither sums nor percentages, only a direction. Months of unequal length compare by daily average.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kit.stats import months

KINDS = ("money", "interval", "vendor_estimate", "index")
"""How much a value says, most first."""
SUMMABLE = ("money", "interval")
ONE = dt.timedelta(days=1)
METRICS = ("pay_amount", "transaction_index")
"""Preferred in this order among series of one kind."""


@dataclass(frozen=True)
class Amount:
    """An amount or its bounds; for a known amount the three are equal."""

    low: float
    value: float
    high: float

    @property
    def exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True)
class Series:
    """One category on one platform by month, from one source. ``clashes`` are months given with unlike values:
    they are left out."""

    platform: str
    category: str | None
    metric: str
    kind: str
    source: str
    points: tuple[tuple[dt.date, Amount], ...]
    clashes: tuple[dt.date, ...]

    def over(self, span: Sequence[dt.date]) -> Amount | None:
        """The amount of ``span``: None when a month lacks, or when several months of this kind don't add up."""
        known = dict(self.points)
        parts = [known[m] for m in span if m in known]
        if not parts or len(parts) < len(span) or (len(parts) > 1 and self.kind not in SUMMABLE):
            return None
        return Amount(*(sum(getattr(p, end) for p in parts) for end in ("low", "value", "high")))

    def run(self, until: dt.date, breaks: Sequence[dt.date] = ()) -> tuple[tuple[dt.date, Amount], ...]:
        """The last months in a row up to the day ``until``, without a gap and all of one cut of the category."""
        found: list[tuple[dt.date, Amount]] = []
        for month, amount in reversed([point for point in self.points if months.later(point[0], 1) <= until + ONE]):
            follows = not found or months.later(month, 1) == found[-1][0]
            if not follows or crossed(breaks, [month, *(m for m, _ in found)]):
                break
            found.append((month, amount))
        return tuple(reversed(found))


@dataclass(frozen=True)
class Change:
    """``span`` against ``base``. ``low`` and ``high`` bound the growth of an interval, and ``growth`` is then None.

    ``growth`` is None for an index, too: ``direction`` (1, 0, −1; None where an interval holds both) is all it says.
    ``daily``: by daily average, because the spans differ in length. Over several ``years`` all rates are yearly ones.
    """

    name: str
    span: tuple[dt.date, ...]
    base: tuple[dt.date, ...]
    now: Amount
    before: Amount
    daily: bool
    growth: float | None
    low: float | None
    high: float | None
    direction: int | None
    years: int = 1


def pick(market: pd.DataFrame, wanted: Sequence[dt.date], kinds: Sequence[str] = KINDS) -> Series | None:
    """The series of ``market`` (one platform, one category) that says most: first of all about ``wanted`` months,
    then by kind, then by metric and length. None when there is none of ``kinds``."""
    made = [
        _series(rows, str(metric), str(kind), str(source))
        for (metric, kind, source), rows in market.groupby(["metric", "value_kind", "source"], sort=True)
        if kind in kinds
    ]
    return min(made, key=lambda s: _rank(s, wanted), default=None)


def _rank(series: Series, wanted: Sequence[dt.date]) -> tuple[int, int, int, int]:
    known = dict(series.points)
    metric = METRICS.index(series.metric) if series.metric in METRICS else len(METRICS)
    return sum(m not in known for m in wanted), KINDS.index(series.kind), metric, -len(known)


def _series(rows: pd.DataFrame, metric: str, kind: str, source: str) -> Series:
    values = ["low", "value", "high"] if kind == "interval" else ["value"]
    known = rows.dropna(subset=values).drop_duplicates(["month", *values])
    twice = known["month"].duplicated(keep=False)
    single = known[~twice].sort_values("month")
    points = tuple(
        (month.date(), Amount(*(float(v) for v in (cells if len(cells) == 3 else cells * 3))))
        for month, *cells in single[["month", *values]].itertuples(index=False)
    )
    first = rows.iloc[0]
    category = None if pd.isna(first["category"]) else str(first["category"])
    clashes = tuple(sorted({month.date() for month in known["month"][twice]}))
    return Series(str(first["platform"]), category, metric, kind, source, points, clashes)


def crossed(breaks: Sequence[dt.date], span: Sequence[dt.date]) -> dt.date | None:
    """The latest break inside ``span``: months on both of its sides, or the month it falls into."""
    end = months.later(max(span), 1)
    return max((day for day in breaks if min(span) < day < end), default=None)


def change(
    series: Series, name: str, span: Sequence[dt.date], base: Sequence[dt.date], years: int = 1
) -> Change | None:
    """``span`` against ``base``; None when either is not known, or the base is nothing. Over several ``years`` growth
    is the yearly rate (CAGR)."""
    now, before = series.over(span), series.over(base)
    if now is None or before is None or before.low <= 0:
        return None
    lengths = months.days(span), months.days(base)
    same = {m.month for m in span} == {m.month for m in base}  # a leap day is no reason for a daily average
    daily = lengths[0] != lengths[1] and not same
    scale = lengths[1] / lengths[0] if daily else 1.0
    ratios = scale * now.low / before.high, scale * now.high / before.low
    low, high = (ratio ** (1 / years) - 1 for ratio in ratios)
    about = (name, tuple(span), tuple(base), now, before)
    if series.kind == "index":
        direction: int | None = (now.value > before.value) - (now.value < before.value)
        return Change(*about, False, None, None, None, direction, years)
    if series.kind != "interval":
        return Change(*about, daily, low, None, None, (low > 0) - (low < 0), years)
    direction = 1 if low > 0 else -1 if high < 0 else None
    return Change(*about, daily, None, low, high, direction, years)
