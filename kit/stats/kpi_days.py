"""The days of a period, and a sum over them with what it lacks: what the review's figures are put together from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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

    @cached_property
    def index(self) -> pd.DatetimeIndex:
        every = pd.date_range(self.start, self.end)
        return every.difference(pd.DatetimeIndex(sorted(self.without))) if self.without else every

    @property
    def ends(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """The first and the last moment."""
        return pd.Timestamp(self.start), pd.Timestamp(self.end) + pd.Timedelta(days=1) - pd.Timedelta(1, "ns")

    def of(self, frame: pd.DataFrame, column: str = "date") -> pd.DataFrame:
        """The rows of ``frame`` dated on one of these days: a slice of it where it is in the order of ``column``, those
        without a date first (of many spans each is then found without going through the rows)."""
        times = frame[column].to_numpy()
        ends = np.array([np.datetime64(self.start), np.datetime64(self.end) + 1]).astype(times.dtype)
        stamps = times.view(np.int64)
        if (stamps[1:] >= stamps[:-1]).all():
            first, last = np.searchsorted(stamps, ends.view(np.int64))
            rows = frame.iloc[first:last]
        else:
            rows = frame[(times >= ends[0]) & (times < ends[1])]
        return rows[np.isin(_days(rows[column]), self.index.to_numpy())] if self.without else rows


def rows_of(tables: Tables, name: str) -> pd.DataFrame | None:
    frame = tables.get(name)
    return None if frame is None or frame.empty else frame


def summed(rows: pd.DataFrame, column: str, days: Dates) -> Part:
    """The sum of a column that has a value on every day; no value at all means that no export has it."""
    return _summed(rows[column].to_numpy(float), rows, days) if column in rows else Part(None, ABSENT)


def weighted(rows: pd.DataFrame, value: str, weight: str, days: Dates) -> Part:
    if not {value, weight} <= {*rows.columns}:
        return Part(None, ABSENT)
    return _summed(rows[value].to_numpy(float) * rows[weight].to_numpy(float), rows, days)


def _summed(values: NDArray[np.float64], rows: pd.DataFrame, days: Dates) -> Part:
    stated = ~np.isnan(values)
    if not stated.any():
        return Part(None, ABSENT)
    missing = days.count - len(np.unique(_days(rows["date"])[stated]))
    return Part(None, GAPS, missing) if missing else Part(float(values[stated].sum()))


def distinct(times: pd.Series) -> int:
    """On how many days something is dated."""
    return len(np.unique(_days(times.dropna())))


def _days(times: pd.Series) -> NDArray[Any]:
    return times.to_numpy().astype("datetime64[D]")


def reach(times: pd.Series, days: Dates, back: int = 0, slack: int = 0) -> Part:
    """1 if what is dated ``times`` begins ``back`` days before the period at the latest and ends no more than
    ``slack`` days before its end; else the reason."""
    if times.empty:
        return Part(None, ABSENT)
    stamps = times.to_numpy()
    first, last = (end.reduce(stamps).astype("datetime64[D]") for end in (np.fmin, np.fmax))
    if np.isnat(first):
        return Part(None, ABSENT)
    begins = first <= np.datetime64(days.start) - back
    ends = last >= np.datetime64(days.end) - slack
    return Part(1.0) if begins and ends else Part(None, CUT)
