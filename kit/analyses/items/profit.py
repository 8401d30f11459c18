"""What was earned, by category, where the order lines state the profit of a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from kit.stats.bases import Days
from kit.stats.kpi_orders import dated


@dataclass(frozen=True)
class Earned:
    """One category's lines for goods, or (``name`` blank) all of the shop's: what was paid and the profit stated.

    ``before``: the margin of the period before, None where that is not known. ``losing``: the part of lines that were
    sold at a loss.
    """

    name: str
    amount: float
    profit: float
    before: float | None
    losing: float

    @property
    def margin(self) -> float | None:
        return self.profit / self.amount if self.amount > 0 else None


def earned(lines: pd.DataFrame | None, shop: str, days: Days, base: Days | None) -> tuple[Earned, ...]:
    """The shop's categories in the period, the largest first, and the whole last.

    ``lines``: canonical order_lines. Empty where a line sold in the period states no profit; the whole alone where one
    names no category. A period before with such lines gives no ``before``.
    """
    if lines is None or lines["profit"].isna().all():
        return ()
    rows = dated(lines[lines["shop"] == shop])
    rows = rows[rows["sold"]]
    now, then = (rows[rows["at"].dt.normalize().between(*_ends(span))] if span else rows[:0] for span in (days, base))
    if now.empty or now["profit"].isna().any():
        return ()
    then = then[:0] if then["profit"].isna().any() else then
    return (*_by_category(now, then), _earned("", now, then))


def _ends(span: Days) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(span.start), pd.Timestamp(span.end)


def _by_category(now: pd.DataFrame, then: pd.DataFrame) -> Iterable[Earned]:
    if now["category"].isna().any() or now["category"].nunique() < 2:
        return ()
    made = [_earned(str(name), own, then[then["category"] == name]) for name, own in now.groupby("category")]
    return sorted(made, key=lambda one: (-one.amount, one.name))


def _earned(name: str, now: pd.DataFrame, then: pd.DataFrame) -> Earned:
    paid = float(then["amount"].sum())
    before = float(then["profit"].sum()) / paid if paid > 0 else None
    losing = float((now["profit"] < 0).mean())
    return Earned(name, float(now["amount"].sum()), float(now["profit"].sum()), before, losing)
