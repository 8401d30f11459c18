"""The review's figures: one formula each, for every shop and for all shops where the figure adds up.

Money and counts are sums; a rate is rebuilt from the sums of what it divides, never averaged. Unique visitors and
buyers are not added: with daily rows ``visitors`` is an average day, and a rate divides Σ buyers by Σ daily visitors
(``deduplicated`` is False); a row of ``shop_period`` that is exactly the period wins (True). What a figure lacks is
said by ``lacks`` (see ``kit.stats.kpi_days``), and its value is then None, never nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kit.stats.kpi_days import ABSENT, SHOPS, ZERO, Dates, Part, Tables
from kit.stats.kpi_orders import dated
from kit.stats.kpi_parts import PEOPLE, Books
from kit.stats.kpi_parts import shops as shops

TOTAL = ""
"""All shops together."""


@dataclass(frozen=True)
class Kpi:
    """A figure: part ``over`` divided by part ``under`` (itself where None).

    ``unit`` as in ``kit.findings.Arg``. ``better``: 1 when more is better, −1 when less is, 0 when neither is.
    ``adds``: whether its parts may be summed over shops. ``size``: it grows with the number of days, so months of
    unlike length compare by the day.
    """

    name: str
    group: str
    unit: str
    better: int
    over: str
    under: str | None = None
    adds: bool = False

    @property
    def size(self) -> bool:
        return self.under is None


KPIS = (
    Kpi("visitors", "traffic", "count.people", 1, "visitors", "days"),
    Kpi("pageviews", "traffic", "count", 1, "pageviews", None, True),
    Kpi("stay_seconds", "traffic", "count.seconds", 1, "stay", "visitors"),
    Kpi("bounce_rate", "traffic", "ratio", -1, "bounced", "visitors"),
    Kpi("natural_share", "traffic", "ratio", 1, "natural_amount", "source_amount", True),
    Kpi("content_share", "traffic", "ratio", 0, "content_amount", "source_amount", True),
    Kpi("promoted_share", "traffic", "ratio", 0, "promoted_amount", "source_amount", True),
    Kpi("click_rate", "conversion", "rate", 1, "item_click_users", "impression_users"),
    Kpi("cart_rate", "conversion", "rate", 1, "cart_users", "visitors"),
    Kpi("pay_cvr", "conversion", "rate", 1, "pay_buyers", "visitors"),
    Kpi("revenue_per_buyer", "conversion", "price", 1, "pay_amount", "pay_buyers"),
    Kpi("order_value", "conversion", "price", 1, "pay_amount", "orders", True),
    Kpi("items_per_order", "conversion", "index", 1, "pay_units", "orders", True),
    Kpi("pay_amount", "sales", "money", 1, "pay_amount", None, True),
    Kpi("gsv", "sales", "money", 1, "gsv", None, True),
    Kpi("orders", "sales", "count.orders", 1, "orders", None, True),
    Kpi("active_share", "sales", "ratio", 1, "items_sold", "items_listed"),
    Kpi("new_share", "buyers", "ratio", 0, "new_buyers", "pay_buyers"),
    Kpi("repurchase_rate", "buyers", "ratio", 1, "repeat_buyers", "order_buyers"),
    Kpi("member_share", "buyers", "ratio", 1, "member_amount", "pay_amount"),
    Kpi("spend", "efficiency", "money", 0, "spend", None, True),
    Kpi("spend_ratio", "efficiency", "ratio", -1, "spend", "pay_amount", True),
    Kpi("whole_return", "efficiency", "index", 1, "pay_amount", "spend", True),
    Kpi("cac", "efficiency", "price", -1, "spend", "new_buyers"),
    Kpi("stock_days", "supply", "count.days", 0, "stock", "units_a_day"),
    Kpi("shipped_in_time", "supply", "ratio", 1, "shipped_in_time", "orders_due", True),
    Kpi("refund_rate", "service", "rate", -1, "refund_amount", "pay_amount", True),
    Kpi("refund_rate_paid", "service", "rate", -1, "refunded", "pay_amount", True),
    Kpi("response_seconds", "service", "count.seconds", -1, "response", "served_users", True),
    Kpi("satisfaction", "service", "ratio", 1, "satisfied", "served_users", True),
    Kpi("dsr_description", "service", "index", 1, "dsr_description", "days"),
    Kpi("dsr_service", "service", "index", 1, "dsr_service", "days"),
    Kpi("dsr_logistics", "service", "index", 1, "dsr_logistics", "days"),
)
TOOLS = ("wanxiangtai", "zhitongche", "pinxiaobao", "qianchuan", "jingzhuntong", "pdd")
ROIS = tuple(Kpi(f"roi_{tool}", "efficiency", "index", 1, f"credited_{tool}", f"spent_{tool}") for tool in TOOLS)
"""The return of each tool as its platform says it: a shop has those of the tools that it uses."""
EVERY = (*KPIS, *ROIS)
BY_NAME = {kpi.name: kpi for kpi in EVERY}
ONCE = ("active_share", "repurchase_rate")
"""Figures that count items or people once over the period: over more days they are another thing."""
RATES = ("ratio", "rate")
"""Units of figures whose change is a difference of percentages."""


@dataclass(frozen=True)
class Figure:
    """A KPI of a period, or None with the reason in ``lacks`` and the number of ``missing`` days.

    ``deduplicated``: whether people are counted once over the period; None where no people are in it. ``by``: the day
    refunds in it are dated by, ``refunded`` or ``paid``.
    """

    value: float | None
    lacks: str | None = None
    missing: int = 0
    deduplicated: bool | None = None
    by: str | None = None


Figures = dict[str, Figure]
SOLD = (("order_lines", "at", "amount"), ("orders", "paid_at", "paid_amount"), ("shop_daily", "date", "pay_amount"))
"""The tables that state sales, with the columns that date them and hold their money; of a shop's the last wins."""
SUMMED = ("pay_amount", "gsv", "orders", "new_buyers", "spend")
"""Goals that add up over months."""


def figures(
    tables: Tables,
    start: dt.date,
    end: dt.date,
    *,
    without: Collection[dt.date] = (),
    periods: bool = True,
    names: Collection[str] = (),
) -> dict[str, Figures]:
    """Every KPI from ``start`` to ``end`` by shop, and under ``TOTAL`` of all shops; of them those of ``names`` alone,
    if there are any: their parts are fewer.

    ``tables``: canonical tables by name (``kpi_parts.USED``), best as ``books`` where figures are asked for more than
    once. ``without``: days left out. With ``periods`` False only daily rows are used.
    """
    return _figures(books(tables), Dates(start, end, frozenset(without)), periods, _asked(names))


def history(tables: Tables, spans: Iterable[Dates], names: Collection[str] = ()) -> list[dict[str, Figures]]:
    """``figures`` of each of ``spans`` from daily rows."""
    kept, asked = books(tables), _asked(names)
    return [_figures(kept, days, False, asked) for days in spans]


def _asked(names: Collection[str]) -> Sequence[Kpi]:
    return [BY_NAME[name] for name in names] or EVERY


def books(tables: Tables) -> Books:
    """The tables as ``Books``."""
    return tables if isinstance(tables, Books) else Books(tables)


def _figures(kept: Books, days: Dates, periods: bool, asked: Sequence[Kpi]) -> dict[str, Figures]:
    wanted = None if asked is EVERY else {name for kpi in asked for name in (kpi.over, kpi.under) if name}
    found: dict[str, Figures] = {}
    by_shop: list[dict[str, Part]] = []
    for shop, own in kept.shops.items():
        daily = own.daily(days, periods, wanted)
        exact = own.exact(days) if periods else {}
        found[shop] = {kpi.name: _chosen(kpi, daily, exact) for kpi in asked}
        by_shop.append(daily)
    single = len(found) == 1
    if found:
        found[TOTAL] = dict(found[next(iter(found))]) if single else _total(by_shop, asked)
    if found and BY_NAME["stock_days"] in asked:
        held = figure(BY_NAME["stock_days"], kept.shelf.parts(days, opening=periods))
        for made in found.values() if single else (found[TOTAL],):  # stock is no shop's unless there is but one
            made["stock_days"] = held
    return found


def change(kpi: Kpi, now: Figure, then: Figure, days: tuple[int, int]) -> float | None:
    """From ``then`` to ``now``: of rates the difference, else the growth, by the day where the spans of ``days`` (now,
    then) have unlike numbers. None where either is not known, on a base of nothing, and where the two count people or
    date refunds differently."""
    if now.value is None or then.value is None or (now.by, now.deduplicated) != (then.by, then.deduplicated):
        return None
    if kpi.unit in RATES:
        return now.value - then.value
    scale = days[1] / days[0] if kpi.size else 1.0
    return now.value / then.value * scale - 1 if then.value > 0 else None


def comparable(tables: Tables, spans: Collection[tuple[dt.date, dt.date]]) -> list[dict[str, Figures]]:
    """``figures`` of several spans. A figure that counts people once in some of them only is taken from daily rows in
    all of them: the two kinds are never compared."""
    kept = books(tables)
    exact = [figures(kept, *span) for span in spans]
    every = [(shop, name) for shop in exact[0] for name in exact[0][shop]] if exact else []
    unlike = [pair for pair in every if _unlike(exact, *pair)]
    for one, span in zip(exact, spans, strict=True) if unlike else ():
        plain = figures(kept, *span, periods=False)
        for shop, name in unlike:
            one[shop][name] = plain[shop][name]
    return exact


def _unlike(made: Iterable[dict[str, Figures]], shop: str, name: str) -> bool:
    """Whether some of a shop's figures count people once and others don't."""
    found = (one[shop][name] for one in made)
    return len({one.deduplicated for one in found if one.value is not None}) > 1


def reached(tables: Tables, start: dt.date, end: dt.date) -> dt.date | None:
    """The last day from ``start`` to ``end`` up to which every shop that sold in it has paid amounts."""
    last: dict[str, pd.Timestamp] = {}
    for rows, time in _sold(tables):
        last |= rows.groupby("shop")[time].max().to_dict()
    days = [min(day.date(), end) for day in last.values() if day.date() >= start]
    return min(days, default=None)


def begun(tables: Tables) -> dt.date | None:
    """The first day on which any shop has paid amounts."""
    return min((rows[time].min().date() for rows, time in _sold(tables) if len(rows)), default=None)


def _sold(tables: Tables) -> Iterable[tuple[pd.DataFrame, str]]:
    """Shop and time of the rows that state sales, table by table, and the column that dates them."""
    for name, time, amount in SOLD:
        frame = tables.get(name)
        if frame is not None and not frame.empty:
            rows = dated(frame) if name == "order_lines" else frame
            yield rows[["shop", time]][rows[amount].notna() & rows[time].notna()], time


def goals(sheet: pd.DataFrame, span: Sequence[dt.date]) -> dict[tuple[str, str], float]:
    """The sheet's goals for the months of ``span`` by shop (blank: all of them) and metric: of money and counts the sum
    over the months, of everything else that of a single month."""
    rows = sheet[sheet["month"].dt.date.isin(span) & sheet["value"].notna()]
    found = {}
    for (shop, metric), own in rows.assign(shop=rows["shop"].fillna("")).groupby(["shop", "metric"]):
        if len(own) == len(span) and (metric in SUMMED or len(span) == 1):
            found[str(shop), str(metric)] = float(own["value"].sum())
    return found


def goal(wanted: Mapping[tuple[str, str], float], shop: str, metric: str, shops: Sequence[str]) -> float | None:
    """A goal of ``goals``; of all ``shops`` the sheet's own, else the sum of theirs where each has one."""
    if (shop, metric) in wanted or shop != TOTAL:
        return wanted.get((shop, metric))
    parts = [wanted.get((one, metric)) for one in shops]
    return sum(part for part in parts if part) if all(parts) else None


def figure(kpi: Kpi, parts: Mapping[str, Part]) -> Figure:
    """The KPI from its parts: the one place where its formula is worked out."""
    over = parts.get(kpi.over, Part(None, ABSENT))
    under = parts.get(kpi.under, Part(None, ABSENT)) if kpi.under else Part(1.0)
    people = [part.once for name, part in ((kpi.over, over), (kpi.under, under)) if name in PEOPLE]
    once = all(people) if people else None
    by = over.by or under.by
    if over.value is None or under.value is None:
        lacking = over if over.value is None else under
        return Figure(None, lacking.lacks, lacking.missing, once, by)
    if under.value == 0:
        return Figure(None, ZERO, 0, once, by)
    return Figure(over.value / under.value, None, max(over.missing, under.missing), once, by)


def _chosen(kpi: Kpi, daily: Mapping[str, Part], exact: Mapping[str, Part]) -> Figure:
    """From the period's own row where that has every person in it, else from days."""
    people = [name for name in (kpi.over, kpi.under) if name in PEOPLE]
    if not people or not all(name in exact for name in people):
        return figure(kpi, daily)
    parts = {**daily, **exact}
    # One row's visitors are the period's, not those of a day: nothing is divided.
    return figure(kpi, {**parts, "days": Part(1.0)} if kpi.under == "days" else parts)


def _total(by_shop: Collection[Mapping[str, Part]], asked: Sequence[Kpi]) -> Figures:
    """Of all shops: a figure whose parts add, where every shop has it."""
    return {
        kpi.name: figure(kpi, {name: _added(name, by_shop) for name in (kpi.over, kpi.under) if name})
        if kpi.adds
        else Figure(None, SHOPS)
        for kpi in asked
    }


def _added(name: str, by_shop: Collection[Mapping[str, Part]]) -> Part:
    parts = [one.get(name, Part(None, ABSENT)) for one in by_shop]
    if any(part.value is None for part in parts):
        return Part(None, SHOPS, max(part.missing for part in parts))
    dated = {part.by for part in parts}
    by = dated.pop() if len(dated) == 1 else "mixed"
    return Part(sum(part.value or 0.0 for part in parts), None, max(part.missing for part in parts), by=by)
