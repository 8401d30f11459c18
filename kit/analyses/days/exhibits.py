"""The daily curve with all that went on, and tables of unusual days, items that stopped, presale; hours as columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kit.analyses.days.curve import Curve, Day
from kit.analyses.days.page import Result
from kit.analyses.days.sentences import CURVE, HOURS, PRESALE, STOPS, UNUSUAL
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table, plain

LINES = 4
"""Shops that a chart holds, those that sold most first."""
MARKED = ("launch", "stock_out", "outage")
"""Kinds of events of the consultant's sheet that are marked on the curve."""


def exhibits(result: Result, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """Each below the findings it carries; the curve below all of them that speak of whole days."""
    told = [f.key for f in found if f.exhibit == CURVE] or [f.key for f in found if f.exhibit]
    if len({day for curve in result.curves for day, _ in curve.amounts}) > 1:
        yield Exhibit(CURVE, "line", _curve(result), tuple(told), _notes(result), _options(result))
    if days := [(curve, day) for curve in result.curves for day in curve.unusual]:
        keys = tuple(f.key for f in found if f.exhibit == UNUSUAL)
        yield Exhibit(UNUSUAL, "table", _unusual(result, days), keys, (Note("note.review.days.unusual"),))
    if result.outs:
        keys = tuple(f.key for f in found if f.exhibit == STOPS)
        yield Exhibit(STOPS, "table", _stops(result), keys, tuple(_stop_notes(result)))
    if keys := tuple(f.key for f in found if f.exhibit == PRESALE):
        yield Exhibit(PRESALE, "table", _presale(result), keys, (Note("note.review.days.presale"),))
    if result.hours:
        options = {"highlight": [*result.hours.busiest]}
        share = Note("note.review.days.hours", {"share": Arg(result.hours.share, "ratio")})
        yield Exhibit(HOURS, "columns", _hours(result), (HOURS,), (share,), options)


def _curve(result: Result) -> Table:
    """A row a day: all shops where they are several and each has the day, then each of the largest."""
    curves = _largest(result)
    lines = [{day: value for day, value in curve.amounts} for curve in curves]
    heads = [Column("date", "date", "col.date")]
    days = [result.start + dt.timedelta(n) for n in range((result.end - result.start).days + 1)]
    if len(lines) > 1:
        lines = [{day: _sum([line.get(day) for line in lines]) for day in days}, *lines]
        heads.append(Column("all", "money", "col.all_shops"))
    heads += [Column(f"shop_{n}", "money", "col.pay_amount") for n in range(1, len(curves) + 1)]
    rows = tuple((plain(day), *(line.get(day) for line in lines[: len(heads) - 1])) for day in days)
    return Table("review.days.daily", tuple(heads), rows)


def _largest(result: Result) -> list[Curve]:
    """The shops that are drawn, the one that sold most first."""
    return sorted(result.curves, key=lambda c: -sum(v or 0 for _, v in c.amounts))[:LINES]


def _options(result: Result) -> dict[str, Any]:
    """What is marked on the curve, and the shops' names where they are several."""
    names = {f"shop_{n}": plain(result.shop(c.shop).value) for n, c in enumerate(_largest(result), 1)}
    return {"promotions": _marks(result)} | ({"names": names} if len(result.curves) > 1 else {})


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _notes(result: Result) -> tuple[Note, ...]:
    """The source where it is orders, and what a promotion's days are compared with."""
    orders = [result.shop(c.shop) for c in result.curves if c.source == "orders"]
    from_orders = [Note("note.review.days.orders", {"shops": Arg(orders, "text")})] if orders else []
    promoted = [Note("note.review.days.promoted")] if any(c.promoted for c in result.curves) else []
    return (Note("note.review.days.curve"), *from_orders, *promoted)


def _marks(result: Result) -> list[Mapping[str, Any]]:
    """Promotions, stoppages, stock-outs and launches as bands of the curve."""
    spans = {(e.zh, e.en, e.start, e.end) for e in result.events}
    found: list[Mapping[str, Any]] = [
        {"label_zh": zh, "label_en": en, **_days(start, end)} for zh, en, start, end in sorted(spans)
    ]
    closed = sorted({run for curve in result.curves for run in curve.closed})
    found += [{"label": "chart.closed", "exact": True, **_days(*run)} for run in closed]
    named = [m for m in result.marks if m.kind in MARKED]
    for mark in named:
        name = mark.name if isinstance(mark.name, Mapping) else {"zh": mark.name, "en": mark.name}
        found.append({"label_zh": name["zh"], "label_en": name["en"], **_days(mark.start, mark.end)})
    told = [(m.start, m.end) for m in named if m.kind == "stock_out"]
    for stop in (out.stop for out in result.outs):
        if not any(first <= stop.last and last >= stop.first for first, last in told):
            item = {"item": {"value": stop.article_no or stop.title[:12], "unit": "text"}}
            found.append({"label": "chart.stock_out", "args": item, **_days(stop.first, stop.last)})
    return found


def _days(start: dt.date, end: dt.date) -> dict[str, Any]:
    return {"start": plain(start), "end": plain(end)}


def _unusual(result: Result, days: Sequence[tuple[Curve, Day]]) -> Table:
    """A row a day: what it took, what was to be expected, which factor moved most, and what else went on."""
    units = {"date": "date", "shop": "text", "amount": "money", "expected": "money", "ratio": "growth"}
    units |= {"factor": "label", "factor_change": "growth", "same_day": "text"}
    heads = tuple(Column(name, unit, f"col.day_{name}") for name, unit in units.items())
    rows = tuple(
        (
            plain(day.date),
            result.shop(curve.shop).value,
            day.amount,
            day.expected,
            day.ratio,
            f"driver.{day.factor}" if day.factor else None,
            day.moved,
            [m.named for m in result.marks if m.on(curve.shop, day.date)] or None,
        )
        for curve, day in sorted(days, key=lambda pair: (pair[1].date, pair[0].shop))
    )
    return Table("review.days.unusual_days", heads, rows)


def _stops(result: Result) -> Table:
    """A row a stop; the ends of its loss where any of them is more than a bound."""
    measured = any(out.lost for out in result.outs)
    units = {"item": "text", "first": "date", "last": "date", "days": "count", "visitors": "count"}
    units |= {"usual_units": "index", "lost": "money"} | ({"low": "money", "high": "money"} if measured else {})
    units["stock"] = "label"
    labels = {"lost": "lost_about"} if measured else {}
    heads = tuple(Column(name, unit, f"col.stop_{labels.get(name, name)}") for name, unit in units.items())
    rows = tuple(
        (s.title, plain(s.first), plain(s.last), s.days, s.visitors, s.usual_units, o.money,
         *(o.ends if measured else ()), f"stock.{o.stock}")
        for o in result.outs
        for s in (o.stop,)
    )  # fmt: skip
    return Table("review.days.stopped_items", heads, rows)


def _stop_notes(result: Result) -> Iterable[Note]:
    """What the loss is: an estimate, a bound, or each for some items."""
    if any(out.lost for out in result.outs):
        yield Note("note.campaign.less")
    if not all(out.lost for out in result.outs):
        yield Note("note.campaign.most")


def _presale(result: Result) -> Table:
    units = {"shop": "text", "span": "dates", "visitors": "count", "usual_visitors": "count"}
    units |= {"cvr": "rate", "usual": "rate", "deposits": "count"}
    heads = tuple(Column(name, unit, f"col.presale_{name}") for name, unit in units.items())
    rows = tuple(
        (result.shop(p.shop).value, _days(*p.span), p.visitors, p.usual_visitors, p.cvr, p.usual, p.deposits)
        for p in result.presales
        if p.cvr < p.usual
    )
    return Table("review.days.deposits", heads, rows)


def _hours(result: Result) -> Table:
    assert result.hours
    heads = (Column("hour", "text", "col.hour"), Column("orders", "count", "col.orders_placed"))
    return Table("review.days.by_hour", heads, tuple((str(n), count) for n, count in enumerate(result.hours.orders)))
