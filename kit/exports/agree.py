"""Files that speak of one thing twice: a period and its days, orders and the platform's days, periods that overlap.

Nothing is changed and nothing is added up here that an analysis would use; what does not agree is said.
"""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.errors import Problem, warning
from kit.exports import finish
from kit.exports.overlap import CUTS
from kit.exports.recognise import shown
from kit.tables import TABLES, Table

if TYPE_CHECKING:
    import pandas as pd

Tables = dict[str, "pd.DataFrame"]

ROUNDED = 0.5
"""What a day's figure may lose to rounding: by so much for each of its days a period's sum may differ."""
MOST = 0.9
"""The part of a month's days with an order from which its orders are taken to be all there."""


def warnings(client: Client, tables: Tables, paid: pd.DataFrame | None = None) -> list[Problem]:
    """Periods that overlap, periods unlike the sum of their days, orders unlike what the platform counts. ``paid``:
    what orders were sold for by shop and moment of payment; by default what those in ``tables`` say."""
    return [*_overlapping(tables), *_unlike_days(client, tables), *_unlike_orders(client, tables, paid)]


def span(start: Any, end: Any) -> str:
    """A period as errors write it."""
    return f"{start.date()}..{end.date()}"


# ---- periods ----------------------------------------------------------------------------------------------------


def _overlapping(tables: Tables) -> list[Problem]:
    """Periods of one key that share days, such as a week and its month: both stay, and are never added."""
    told = []
    for twin in (t.periods for t in TABLES.values() if t.periods and t.periods.name in tables):
        own = [k for k in twin.key if k not in ("start", "end")]
        rows = tables[twin.name].sort_values([*own, "start", "end"], ignore_index=True)
        keys = [rows[k] for k in own]
        reached = rows["end"].groupby(keys, sort=False).cummax().groupby(keys, sort=False).shift()
        for shop, part in rows[rows["start"] <= reached].groupby("shop", sort=True):
            second = part.iloc[0]
            alike = rows[(rows[own] == second[own]).all(axis=1) & (rows["end"] >= second["start"])].iloc[0]
            spans = {"a": span(alike["start"], alike["end"]), "b": span(second["start"], second["end"])}
            n = len(part[["start", "end"]].drop_duplicates())
            told.append(warning("e.warn.overlapping", of_table=twin.name, shop=str(shop), n=n, **spans))
    return told


def _unlike_days(client: Client, tables: Tables) -> list[Problem]:
    """Periods whose money or counts are not the sum of their days, where every day is there. People are not compared:
    a period's uniques are no sum. One warning for each shop, table and period, with the figure furthest apart."""
    told = []
    for table in (t for t in TABLES.values() if t.periods and {t.name, t.periods.name} <= tables.keys()):
        one_report = [k for k in table.key if table.field(k).type in ("word", "number") or k in CUTS]
        periods = tables[str(table.periods and table.periods.name)]
        for (shop, *rest), stated in periods.groupby(["shop", *one_report, "start", "end"], sort=True):
            *cut, start, end = rest
            days = tables[table.name]
            days = days[(days["shop"] == shop) & days[str(table.time)].between(start, end)]
            for column, value in zip(one_report, cut, strict=True):
                days = days[days[column] == value]
            apart = _apart(table, days, stated, (end - start).days + 1, client.thresholds.period_gap)
            if len(apart):
                told.append(_unlike(table, str(shop), span(start, end), apart))
    return told


def _apart(table: Table, days: pd.DataFrame, stated: pd.DataFrame, length: int, share: float) -> pd.DataFrame:
    """The figures that differ, the furthest apart first: their key and ``column``, ``whole`` as the period's file says,
    ``added`` as the days add up to, ``gap`` as a part of the larger."""
    import pandas as pd

    own = [k for k in table.key if k != table.time]
    made = []
    for column in (f.name for f in table.fields if f.adds):
        known = days[days[column].notna()]
        if known[str(table.time)].nunique() < length:
            continue
        both = stated.set_index(own)[[column]].join(known.groupby(own)[column].sum().rename("added"), how="inner")
        made.append(both.rename(columns={column: "whole"}).dropna().assign(column=column).reset_index())
    found = pd.concat(made) if made else pd.DataFrame(columns=[*own, "column", "whole", "added"])
    larger = found[["whole", "added"]].abs().max(axis=1)
    off = (found["whole"] - found["added"]).abs()
    found = found.assign(gap=off / larger.where(larger > 0))
    found = found[(off > share * larger) & (off > ROUNDED * length)]
    return found.sort_values("gap", ascending=False, kind="stable")


def _unlike(table: Table, shop: str, days: str, apart: pd.DataFrame) -> Problem:
    worst = apart.iloc[0]
    own = [k for k in table.key if k not in (table.time, "platform", "shop") and worst[k] not in ("", -1)]
    own = [k for k in own if table.field(k).type != "key"]  # a hash tells nobody anything
    money = table.field(worst["column"]).type == "money"
    figures = {name: f"{worst[name]:,.2f}" if money else f"{worst[name]:,.0f}" for name in ("whole", "added")}
    key = " · ".join([shop, *(f"{worst[k]:g}" if isinstance(worst[k], float) else shown(str(worst[k])) for k in own)])
    facts = {"of_column": worst["column"], "days": days, "gap": f"{worst['gap']:.1%}"}
    return warning("e.warn.days", key=key, n=len(apart), **figures, **facts)


# ---- orders -----------------------------------------------------------------------------------------------------


def _unlike_orders(client: Client, tables: Tables, paid: pd.DataFrame | None) -> list[Problem]:
    """Months whose orders do not come near what the platform counts as paid, where both are there from the first day to
    the last.

    Both are of the day of payment, postage included, refunds not taken off, and of presale what ``presale_counted``
    says. Orders that the consultant leaves out are among them, as the platform counts them too. Where its figure holds
    its own subsidy, what buyers paid is compared instead, or nothing.
    """
    orders, daily = tables.get("orders"), tables.get("shop_daily")
    if orders is None or daily is None:
        return []
    if paid is None:
        paid = orders[finish.sold(client, orders) & orders["paid_at"].notna()]
    subsidised = {key for key, shop in client.shops.items() if shop.paid_includes_subsidy}
    told = []
    for shop, rows in daily.groupby("shop", sort=True):
        own = paid[paid["shop"] == shop]
        stated = _paid(rows.set_index("date"), shop in subsidised)
        for month in sorted(_whole(own["paid_at"], MOST) & _whole(stated.index, 1)):
            sums = {"added": _of(own.set_index("paid_at")["paid_amount"], month), "whole": _of(stated, month)}
            gap = abs(sums["added"] - sums["whole"]) / max(*sums.values(), ROUNDED)
            if gap > client.thresholds.orders_gap:
                figures = {name: f"{value:,.2f}" for name, value in sums.items()}
                told.append(warning("e.warn.orders_gap", shop=str(shop), month=month, gap=f"{gap:.1%}", **figures))
    return told


def _paid(by_day: pd.DataFrame, subsidised: bool) -> pd.Series[float]:
    """What buyers paid by day, as the platform counts it; nothing if its paid amount holds a subsidy of its own and
    the buyers' part is not stated."""
    apart = subsidised or by_day["user_paid_amount"].notna().any()
    return by_day["user_paid_amount" if apart else "pay_amount"].dropna()


def _whole(times: Any, least: float) -> set[str]:
    """The months that a series covers: from the first day to the last, with at least this part of the days."""
    import pandas as pd

    days = pd.DatetimeIndex(times).normalize().unique()
    by_month = pd.Series(1, index=days).groupby(days.strftime("%Y-%m")).sum()
    return {
        str(month)
        for month, n in by_month.items()
        if n >= least * (length := calendar.monthrange(int(month[:4]), int(month[5:]))[1])
        and days.min() <= pd.Timestamp(f"{month}-01")
        and days.max() >= pd.Timestamp(f"{month}-{length}")
    }


def _of(series: pd.Series[float], month: str) -> float:
    """The sum over a month of what is indexed by time."""
    return float(series[series.index.strftime("%Y-%m") == month].sum())
