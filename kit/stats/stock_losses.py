"""Items that ran out and what that cost: every stop (``stock_outs``) with what it lost (``lost_sales``), in money.

The figure is one and the same wherever it is told: units wanted at the demand of these days, less what buyers took
instead, at the item's usual price. Where too few other items sell to measure demand by, it is the stop's own bound.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.stats.day_runs import Flags, Run, promotion_days
from kit.stats.lost_sales import Lost, lost
from kit.stats.stock_outs import NEAR, USUAL, Stop, stops


@dataclass(frozen=True)
class Out:
    """An item that stopped. ``lost``: None where too few other items sell to measure demand by; then the stop's own
    figure is a bound. ``price``: of a unit on usual days. ``stock``: what an inventory or the sheet of events says."""

    stop: Stop
    lost: Lost | None
    price: float
    stock: str

    @property
    def money(self) -> float:
        return self.lost.units * self.price if self.lost else self.stop.lost

    @property
    def ends(self) -> tuple[float | None, float | None]:
        """The range of ``money``; of a bound there is none."""
        return (self.lost.low * self.price, self.lost.high * self.price) if self.lost else (None, None)

    def after(self, day: dt.date) -> float:
        """What it lost on the days after ``day``, each day alike."""
        late = (self.stop.last - max(self.stop.first, day + dt.timedelta(1))).days + 1
        return self.money * max(late, 0) / self.stop.days


def outs(
    items: pd.DataFrame | None,
    inventory: pd.DataFrame | None,
    events: pd.DataFrame | None,
    promotions: pd.DataFrame,
    spans: Iterable[Run],
) -> list[Out]:
    """Every stop within these days, the largest loss first. ``items``: the canonical daily item report, as far before
    and after as there is; ``events``: the canonical sheet; ``promotions``: columns of ``kit.calendar.promotions``."""
    if items is None:
        return []
    found = [stop for first, last in spans for stop in stops(items, inventory, promotions, first, last)]
    stopped = {stop.item_id for stop in found}
    made = [_out(stop, items, stopped - {stop.item_id}, events, promotions) for stop in found]
    return sorted(made, key=lambda one: (-one.money, one.stop.item_id))


def _out(
    stop: Stop, items: pd.DataFrame, others: set[str], events: pd.DataFrame | None, promotions: pd.DataFrame
) -> Out:
    """With what it lost, held against like days near it; items that stopped themselves (``others``) tell no demand."""
    first, last = pd.Timestamp(stop.first), pd.Timestamp(stop.last)
    rows = items[(items["shop"] == stop.shop) & ~items["item_id"].isin(others)]
    rows = rows[rows["date"].between(first - NEAR, last + NEAR)]
    units, paid = (_by_day(rows, name) for name in ("pay_units", "pay_amount"))
    days = pd.DatetimeIndex(units.index)
    out = np.asarray((days >= first) & (days <= last))
    usual = _usual(units[stop.item_id].to_numpy(float), out, promotion_days(promotions, stop.platform, days))
    sold = float(units[stop.item_id].to_numpy(float)[usual].sum())
    price = float(paid[stop.item_id].to_numpy(float)[usual].sum()) / sold if sold else 0.0
    at = list(units.columns).index(stop.item_id)
    found = lost(units.to_numpy(float), at, out, usual) if sold else None
    return Out(stop, found, price, _stock(stop, events))


def _stock(stop: Stop, events: pd.DataFrame | None) -> str:
    """By the inventory, else ``told`` where the sheet of events says that something of the shop ran out."""
    if stop.stock != "unknown" or events is None or events.empty:
        return stop.stock
    ran_out = events[(events["kind"] == "stock_out") & events["shop"].fillna("").isin(["", stop.shop])]
    until = ran_out["end"].fillna(ran_out["start"])
    on = (ran_out["start"] <= pd.Timestamp(stop.last)) & (until >= pd.Timestamp(stop.first))
    return "told" if on.any() else stop.stock


def _by_day(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Items as columns; one without a row sold nothing on that day."""
    return rows.pivot_table(index="date", columns="item_id", values=column, aggfunc="sum", observed=True).fillna(0.0)


def _usual(units: np.ndarray, out: Flags, promoted: Flags) -> Flags:
    """Days on which the item sold, of the stop's own kind where there are enough of them."""
    sold = ~out & (units > 0)
    alike = sold & (promoted == (promoted[out].mean() > 0.5))
    return alike if alike.sum() >= USUAL else sold
