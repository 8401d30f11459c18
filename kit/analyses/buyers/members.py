"""Members and audiences by month, from the sheets a consultant fills in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from kit.analyses.buyers.result import Audience, Beyond, Members, Month, Stage, Usual
from kit.stats import control_limits, kpi_orders, kpi_parts, kpis, months
from kit.stats.kpi_days import Dates, Tables, rows_of

AWAY = (12, 1)
"""Months before the period's last that it is held against."""
STATED = ("members", "new_members", "active_members", "member_buyers", "member_pay_amount")


def members(tables: Tables, wanted: Sequence[months.Month], judged: Mapping[str, Usual | None]) -> tuple[Members, ...]:
    """Shops whose sheet has every month of ``wanted`` (whole months in a row, the period's). ``judged``: what the
    scorecard says of each shop's share of sales over the period, so that both say the same; it is the last month's
    where that is the period."""
    sheet = rows_of(tables, "members_monthly")
    if sheet is None or not wanted:
        return ()
    told = judged if len(wanted) == 1 else {}
    found = (_members(shop, tables, sheet, wanted, told.get(shop)) for shop in kpi_parts.shops(tables))
    return tuple(made for made in found if made)


def _members(
    shop: str, tables: Tables, sheet: pd.DataFrame, wanted: Sequence[months.Month], usual: Usual | None
) -> Members | None:
    by_month = {row["month"].date(): row for row in sheet[sheet["shop"] == shop].to_dict("records")}
    if not set(wanted) <= set(by_month):
        return None
    own = kpi_parts.of_shop(tables, shop)
    base = [months.later(wanted[-1], -n) for n in AWAY]
    shown = sorted({*wanted, *(m for m in base if m in by_month)})
    shares = _shares(shop, tables, shown)
    beyond = Beyond(usual.value, usual.limits, usual.side) if usual else None
    return Members(shop, tuple(_month(m, by_month[m], own, shares[m]) for m in shown), beyond)


def _shares(shop: str, tables: Tables, wanted: Sequence[months.Month]) -> dict[dt.date, float | None]:
    """Members' part of what the shop took, month by month."""
    used = kpis.books(tables).only(("shop_daily", "orders", "members_monthly"))
    found = kpis.history(used, [Dates(month, _last(month)) for month in wanted], ("member_share",))
    return {m: f[shop]["member_share"].value if shop in f else None for m, f in zip(wanted, found, strict=True)}


def _month(month: dt.date, row: Mapping[str, float], own: Tables, paid_share: float | None) -> Month:
    stated = {name: float(row[name]) if pd.notna(row[name]) else None for name in STATED}
    buyers, everyone = stated["member_buyers"], _unique_buyers(own, month)
    share = buyers / everyone if buyers is not None and everyone else None
    members, joined, active, _, paid = stated.values()
    return Month(month, members, joined, active, buyers, paid, share, paid_share)


def _unique_buyers(own: Tables, month: dt.date) -> float | None:
    """Each buyer of the month once: as the platform states it, else from the orders; never summed over days."""
    span = Dates(month, _last(month))
    stated = kpi_parts.period_parts(own, span).get("pay_buyers")
    if stated is not None:
        return stated.value
    return kpi_orders.repeated(rows_of(own, "orders"), span)["order_buyers"].value


def _last(month: dt.date) -> dt.date:
    return months.later(month, 1) - dt.timedelta(1)


def _beyond(past: Sequence[float | None], now: float | None) -> Beyond | None:
    found = control_limits.limits([p for p in past if p is not None], 0.0)
    return Beyond(now, found, found.side(now)) if found and now is not None else None


def audiences(sheet: pd.DataFrame | None, month: months.Month | None) -> tuple[Audience, ...]:
    """The models with rows for ``month``, each stage beside itself a month and a year before."""
    if sheet is None or sheet.empty or month is None:
        return ()
    grouped = sheet.groupby(["shop", "model"], sort=True)
    found = (Audience(shop, model, month, tuple(_stages(rows, month))) for (shop, model), rows in grouped)
    return tuple(audience for audience in found if audience.stages)


def _stages(rows: pd.DataFrame, month: dt.date) -> Iterable[Stage]:
    for name, own in rows.groupby("stage", sort=False):
        people = {at.date(): float(n) for at, n in zip(own["month"], own["people"], strict=True)}
        if month in people:
            past = [people[m] for m in sorted(people) if m < month]
            before, year = (people.get(months.later(month, -n)) for n in (1, 12))
            yield Stage(str(name), people[month], before, year, _beyond(past, people[month]))
