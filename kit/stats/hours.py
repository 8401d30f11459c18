"""The hours of the day in which orders are placed or paid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

HOURS = 24
LEAST = 200
"""Orders that a day's shape needs."""


@dataclass(frozen=True)
class Hours:
    """Orders by hour of the day, 0 to 23; ``busiest`` are the three with most, in that order."""

    orders: tuple[int, ...]

    @property
    def busiest(self) -> tuple[int, ...]:
        return tuple(sorted(range(HOURS), key=lambda hour: -self.orders[hour])[:3])

    @property
    def share(self) -> float:
        return sum(self.orders[hour] for hour in self.busiest) / sum(self.orders)


def hours(orders: pd.DataFrame | None, start: dt.date, end: dt.date, at: str = "created_at") -> Hours | None:
    """Of the orders whose time ``at`` lies in the period, by default all that were placed, paid or not; None with few
    of them, or where the export states days only."""
    if orders is None or orders.empty:
        return None
    placed = orders[at].dropna()
    placed = placed[(placed >= pd.Timestamp(start)) & (placed < pd.Timestamp(end) + pd.Timedelta(days=1))]
    if len(placed) < LEAST or not (placed != placed.dt.normalize()).any():
        return None
    counts = placed.dt.hour.value_counts()
    return Hours(tuple(int(counts.get(hour, 0)) for hour in range(HOURS)))
