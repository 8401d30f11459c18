"""The days of a period, and a sum over them with what it lacks: what the review's figures are put together from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

Tables = Mapping[str, pd.DataFrame | None]
"""Canonical tables by name; one that nobody exported is None or left out."""

ABSENT, GAPS, CUT, LINES, SHOPS, ZERO = "absent", "gaps", "cut", "lines", "shops", "zero"
"""Why there is no figure: no export has it; days are missing; an export begins too late or ends too early; it counts
lines and not orders; a shop has none; it would divide by nothing."""


@dataclass(frozen=True)
class Part:
    """A sum over a period, or None and the reason. ``missing``: days without a statement.

    ``once``: every person counts once in it. ``by``: of refunds, the day they are dated by (``refunded`` or ``paid``).
    """

    value: float | None
    lacks: str | None = None
    missing: int = 0
    once: bool = False
    by: str | None = None


@dataclass(frozen=True)
class Dates:
    """The days from ``start`` to ``end`` but for ``without`` (a promotion's, say)."""

    start: dt.date
    end: dt.date
    without: frozenset[dt.date] = frozenset()

    @property
    def count(self) -> int:
        return len(self.index)

    @property
    def index(self) -> pd.DatetimeIndex:
        every = pd.date_range(self.start, self.end)
        return every.difference(pd.DatetimeIndex(sorted(self.without))) if self.without else every

    def of(self, frame: pd.DataFrame, column: str = "date") -> pd.DataFrame:
        """The rows of ``frame`` dated on one of these days."""
        after = frame[column] >= pd.Timestamp(self.start)
        rows = frame[after & (frame[column] < pd.Timestamp(self.end) + pd.Timedelta(days=1))]
        return rows[rows[column].dt.normalize().isin(self.index)] if self.without else rows


def rows_of(tables: Tables, name: str) -> pd.DataFrame | None:
    frame = tables.get(name)
    return None if frame is None or frame.empty else frame


def summed(rows: pd.DataFrame, column: str, days: Dates) -> Part:
    """The sum of a column that has a value on every day; no value at all means that no export has it."""
    if column not in rows or not rows[column].notna().any():
        return Part(None, ABSENT)
    stated = rows[rows[column].notna()]
    missing = days.count - stated["date"].dt.normalize().nunique()
    return Part(None, GAPS, missing) if missing else Part(float(stated[column].sum()))


def weighted(rows: pd.DataFrame, value: str, weight: str, days: Dates) -> Part:
    if not {value, weight} <= {*rows.columns}:
        return Part(None, ABSENT)
    return summed(rows.assign(product=rows[value] * rows[weight]), "product", days)


def reach(times: pd.Series, days: Dates, back: int = 0, slack: int = 0) -> Part:
    """1 if what is dated ``times`` begins ``back`` days before the period at the latest and ends no more than
    ``slack`` days before its end; else the reason."""
    known = times.dropna()
    if known.empty:
        return Part(None, ABSENT)
    begins = known.min().date() <= days.start - dt.timedelta(back)
    ends = known.max().date() >= days.end - dt.timedelta(slack)
    return Part(1.0) if begins and ends else Part(None, CUT)
