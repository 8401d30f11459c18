"""What the days say: stoppages and gaps, items that stopped, days out of the ordinary, presale, busy hours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.analyses.days.curve import Curve, Day
from kit.analyses.days.marks import Presale
from kit.analyses.days.page import Result, count, item_key, span_arg, spans_arg
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, Side, Soundness, plain
from kit.stats.hours import Hours
from kit.stats.lost_sales import LEVEL
from kit.stats.stock_losses import Out
from kit.stats.unusual import LEAST

TOLD = 3
"""Items that stopped and are told by a sentence; the others are in the table."""
HEAVY = 0.02
"""Part of the shop's sales from which what an item may have cost is of high severity."""
OUT = ("zero", "told")
"""What is known of the stock where the item surely was out."""
CURVE, UNUSUAL, STOPS, PRESALE, HOURS = (f"review.days.{n}" for n in ("curve", "unusual", "stops", "presale", "hours"))


def findings(result: Result) -> list[Finding]:
    """Shop by shop what happened to whole days, then items, presale and hours."""
    found = [*_promoted(result), *(f for curve in result.curves for f in _of_curve(result, curve))]
    found += [_stop(result, out) for out in result.outs[:TOLD]]
    found += [_presale(result, one) for one in result.presales if one.cvr < one.usual]
    return found + ([_hours(result.hours)] if result.hours else [])


def _promoted(result: Result) -> Iterable[Finding]:
    """What promotions brought of all sales, and how many other days stand out; a stoppage says more than that."""
    days = {day for curve in result.curves for day, value in curve.amounts if value is not None}
    held = sorted(day for day in days if any(event.start <= day <= event.end for event in result.events))
    total = sum(result.sold(curve.shop) for curve in result.curves)
    if not 0 < len(held) < len(days) or not total > 0 or any(curve.closed for curve in result.curves):
        return
    sums = (value or 0.0 for curve in result.curves for day, value in curve.amounts if day in held)
    share, others = sum(sums) / total, {d.date for curve in result.curves for d in curve.unusual} - {*held}
    span = {"start": plain(result.start), "end": plain(max(days))}
    args = {"n": Arg(len(held), "count"), "period": Arg(span, "period"), "share": Arg(share, "ratio")}
    judged = all(curve.judged for curve in result.curves)
    sentence = "r.dayspromoted.some" if others else "r.dayspromoted.none" if judged else "r.dayspromoted"
    args |= {"m": Arg(len(others), "count")} if others else {}
    rest: dict[str, Any] = {"value": share, "unit": "ratio", **_drawn(result)}
    yield _finding("review.days.promoted", sentence, args, Verdict.NORMAL, Severity.INFO, **rest)


def _of_curve(result: Result, curve: Curve) -> Iterable[Finding]:
    about: dict[str, Arg] = {"shop": result.shop(curve.shop)}
    if curve.closed:
        args = about | {"spans": spans_arg(curve.closed), "n": Arg(count(curve.closed), "count")}
        why = Note(f"r.stoppedev.{curve.source}")
        key, rest = f"review.days.stopped.{curve.shop}", {"method": "method.days", "evidence": why, **_drawn(result)}
        yield _finding(key, "r.stopped", args, Verdict.STOPPED, Severity.MEDIUM, **rest)
    yield from _gaps(result, curve, about)
    yield _unusual(result, curve, about)


def _drawn(result: Result) -> dict[str, Any]:
    """Where whole days are shown: a day alone has no curve."""
    return {"exhibit": CURVE} if result.start < result.end else {}


def _gaps(result: Result, curve: Curve, about: dict[str, Arg]) -> Iterable[Finding]:
    """Days without data inside the curve; and those at its end, where the export ends before the period."""
    rest: Any = {"kind": Kind.DATA}
    inner = [run for run in curve.gaps if run[1] < result.end]
    if inner:
        args = about | {"spans": spans_arg(inner), "n": Arg(count(inner), "count")}
        yield _finding(f"review.days.gap.{curve.shop}", "r.daygap", args, Soundness.LIMITED, Severity.LOW, **rest)
    if len(inner) < len(curve.gaps):
        last = curve.gaps[-1]
        args = about | {"span": span_arg(last), "n": Arg(count([last]), "count")}
        yield _finding(f"review.days.open.{curve.shop}", "r.dayopen", args, Soundness.LIMITED, Severity.LOW, **rest)


def _finding(key: str, sentence: str, args: dict[str, Arg], verdict: Any, severity: Severity, **rest: Any) -> Finding:
    return Finding(key, sentence, args, verdict, severity, **rest)


def _unusual(result: Result, curve: Curve, about: dict[str, Arg]) -> Finding:
    """How many days are out of the ordinary, and the one that is furthest out with what it took."""
    key, rest = f"{UNUSUAL}.{curve.shop}", {"method": "method.days", **_drawn(result)}
    if not curve.judged and not curve.unusual:
        args = about | {"min": Arg(LEAST, "count")}
        return _finding(key, "r.daysnone", args, Verdict.NONE, Severity.INFO, **rest)
    if not curve.unusual:
        return _finding(key, "r.usual", about, Verdict.NORMAL, Severity.INFO, **rest)
    worst = max(curve.unusual, key=lambda day: abs(day.amount / day.expected - 1))
    args = about | {
        "n": Arg(len(curve.unusual), "count"),
        "date": Arg(plain(worst.date), "day"),
        "value": Arg(worst.amount, "money"),
        "usual": Arg(worst.expected, "money"),
    }
    rest = {"method": "method.days", "exhibit": UNUSUAL, "evidence": _beside(result, curve.shop, worst)}
    return _finding(key, "r.unusual", args, Verdict.UNUSUAL, Severity.LOW, value=worst.ratio, unit="growth", **rest)


def _beside(result: Result, shop: str, day: Day) -> Note | None:
    """What moved with an unusual day, and what else went on; of a promotion's day no factor is known."""
    if day.factor is None:
        return None
    args = {"factor": Arg(f"driver.{day.factor}", "label"), "chg_s": Arg(day.moved, "growth")}
    same = [mark.named for mark in result.marks if mark.on(shop, day.date)]
    return Note("r.unusualev.same", args | {"what": Arg(same, "text")}) if same else Note("r.unusualev", args)


def _stop(result: Result, out: Out) -> Finding:
    """An item that had visitors and sold nothing, with what that cost, or may have cost at most."""
    stop, (low, high) = out.stop, out.ends
    args = {"item": Arg(stop.title, "text"), "span": span_arg((stop.first, stop.last)), "n": Arg(stop.days, "count")}
    args["money"] = Arg(out.money, "money")
    seen = {"visitors": Arg(stop.visitors, "count.people"), "units": Arg(stop.usual_units, "count.units")}
    rest: dict[str, Any] = {"value": out.money, "unit": "money", "kind": Kind.THREAT, "exhibit": STOPS}
    rest |= {"evidence": Note(f"r.stockoutev.{out.stock}", seen), "method": "method.stockout"}
    ask = Note("r.stockoutask", args)
    if out.lost:
        rest |= {"low": low, "high": high, "level": LEVEL, "method": "method.lost_sales"}
        ask = Note("cp.stockask", args)
        args = args | {"units": Arg(out.lost.units, "count.units"), "lo": Arg(low, "money"), "hi": Arg(high, "money")}
    sure = out.stock in OUT
    rest["action"] = ask if sure else Note("r.stockoutask.check", {name: args[name] for name in ("item", "span")})
    rest["side"] = Side.BRAND if sure else Side.AGENCY
    heavy = stop.last == result.end or 0 < HEAVY * result.sold(stop.shop) <= out.money
    sentence = "cp.stock" if out.lost else "cp.stock.most"
    severity = Severity.HIGH if heavy else Severity.MEDIUM
    return _finding(item_key(stop), sentence, args, Verdict.SOLD_OUT, severity, **rest)


def _presale(result: Result, one: Presale) -> Finding:
    args = {
        "shop": result.shop(one.shop),
        "event": Arg(f"event.{one.event}", "label"),
        "span": span_arg(one.span),
        "from": Arg(one.usual, "rate"),
        "to": Arg(one.cvr, "rate"),
    }
    evidence = None if one.deposits is None else Note("r.presaleev", {"n": Arg(one.deposits, "count.orders")})
    key, rest = f"{PRESALE}.{one.shop}.{one.event}", {"exhibit": PRESALE, "method": "method.days", "evidence": evidence}
    return _finding(key, "r.presale", args, Verdict.PRESALE, Severity.LOW, value=one.cvr, unit="rate", **rest)


def _hours(hours: Hours) -> Finding:
    args = {f"h{n}": Arg(str(hour), "text") for n, hour in enumerate(hours.busiest, 1)}
    args["share"] = Arg(hours.share, "ratio")
    return _finding(HOURS, "r.hours", args, Verdict.NORMAL, Severity.INFO, exhibit=HOURS)
