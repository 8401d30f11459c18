"""The findings on items: concentration, what moved unlike the others, and refunds that stand out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.analyses.items.back import LEVEL
from kit.analyses.items.sold import LINE, Item, Result, ShopItems
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, plain, slug

KEY = "review.items"
TOP = f"{KEY}.top"
LARGE = 0.05
"""Part of the shop's sales from which an item that moved or is refunded more is of medium severity."""
NAMED = 3
"""Items of each kind that a finding is made of: the largest."""


def findings(result: Result) -> tuple[Finding, ...]:
    first = [_top(result)] if result.brief and result.shops else []
    return (*first, *(f for one in result.shops for f in _of_shop(result, one)))


def _top(result: Result) -> Finding:
    """Over all shops the items that sold most, and their part of what items took."""
    top = [item for _, item in result.top]
    share = sum(i.now.amount for i in top[:NAMED]) / sum(i.now.amount for i in top)
    args = {"period": period(result), "items": names(tuple(top)), "share": Arg(share, "ratio")}
    facts: dict[str, Any] = {"value": share, "unit": "ratio", "n": len(top), "exhibit": TOP}
    return Finding(TOP, "r.itemtop", args, Verdict.NORMAL, Severity.INFO, **facts)


def _of_shop(result: Result, one: ShopItems) -> Iterable[Finding]:
    yield _pareto(result, one)
    moved, priced = unlike(one)
    returned = [i for i in one.items if i.refund and i.refund.stands_out]
    yield from (_refund(result, one, item) for item in returned[:NAMED])
    yield from (_moved(result, one, item) for item in moved)
    yield from (_price(result, one, item) for item in priced)
    if one.usual is not None and not moved:
        yield _alike(result, one)
    if risers := one.of("riser"):
        yield _risers(result, one, risers)
    if one.earned:
        yield _profit(result, one)


def unlike(one: ShopItems) -> tuple[list[Item], list[Item]]:
    """The largest items whose sales, and whose price, moved unlike the others'."""
    moved = [i for i in one.items if i.growth_score is not None and abs(i.growth_score) > LINE]
    priced = [i for i in one.items if i.price_score is not None and abs(i.price_score) > LINE]
    return moved[:NAMED], priced[:NAMED]


def _pareto(result: Result, one: ShopItems) -> Finding:
    last = one.sold[one.most - 1]
    args = {"shop": shop(result, one.shop), "n": Arg(one.most, "count"), "m": Arg(len(one.sold), "count")}
    args |= {"share": Arg(last.running, "ratio")}
    facts: dict[str, Any] = {"value": last.running, "unit": "ratio", "n": len(one.sold)}
    return _finding(one, "pareto", "r.pareto", args, Verdict.NORMAL, Severity.LOW, **facts)


def _moved(result: Result, one: ShopItems, item: Item) -> Finding:
    args = about(result, one, item) | {"amount": Arg(item.now.amount, "money")}
    args |= {"chg": Arg(item.growth, "growth"), "usual_s": Arg(one.usual, "growth"), "base": base(result)}
    up = (item.growth_score or 0.0) > 0
    verdict = Verdict.UNUSUAL
    method = "method.unlike"
    key = f"{'up' if up else 'down'}.{slug(item.code)}"
    facts: dict[str, Any] = {"value": item.growth, "unit": "growth", "baseline": one.usual, "method": method}
    return _finding(one, key, "r.itemmoved", args, verdict, _weight(item), **facts)


def _alike(result: Result, one: ShopItems) -> Finding:
    args = {"shop": shop(result, one.shop), "usual_s": Arg(one.usual, "growth"), "base": base(result)}
    facts: dict[str, Any] = {"value": one.usual, "unit": "growth", "method": "method.unlike"}
    return _finding(one, "alike", "r.itemsalike", args, Verdict.NORMAL, Severity.INFO, **facts)


def _risers(result: Result, one: ShopItems, risers: tuple[Item, ...]) -> Finding:
    args = {"shop": shop(result, one.shop), "n": Arg(len(risers), "count"), "items": names(risers)}
    return _finding(one, "matrix.risers", "r.itemrisers", args, Verdict.NORMAL, Severity.INFO, n=len(one.items))


def names(items: tuple[Item, ...]) -> Arg:
    """The largest of them; one that sold most in two shops once."""
    return Arg(list(dict.fromkeys(item.title for item in items[:NAMED])), "text")


def _price(result: Result, one: ShopItems, item: Item) -> Finding:
    assert item.before
    args = about(result, one, item) | {"base": base(result)}
    args |= {"from": Arg(item.before.price, "price"), "to": Arg(item.now.price, "price")}
    facts: dict[str, Any] = {"value": item.now.price, "unit": "price", "baseline": item.before.price}
    key = f"price.{slug(item.code)}"
    return _finding(one, key, "r.itemprice", args, Verdict.UNUSUAL, Severity.LOW, **facts, method="method.unlike")


def _profit(result: Result, one: ShopItems) -> Finding:
    """Profit and margin of the shop, and how the margin moved."""
    *_, whole = one.earned
    args = {"shop": shop(result, one.shop), "actual": Arg(whole.profit, "money"), "value": Arg(whole.margin, "ratio")}
    args |= {"share": Arg(whole.losing, "ratio"), "period": period(result)}
    facts: dict[str, Any] = {"value": whole.margin, "unit": "ratio", "baseline": whole.before}
    facts |= {"kind": Kind.THREAT if whole.profit < 0 else Kind.STATE}
    if whole.margin is None or whole.before is None:
        return _finding(one, "profit", "r.profit.nobase", args, Verdict.NORMAL, Severity.LOW, **facts)
    args |= {"chg": Arg(whole.margin - whole.before, "points"), "base": base(result)}
    return _finding(one, "profit", "r.profit", args, Verdict.NORMAL, Severity.LOW, **facts)


def _refund(result: Result, one: ShopItems, item: Item) -> Finding:
    back = item.refund
    assert back
    args = about(result, one, item) | {"rate": Arg(back.rate, "rate"), "usual": Arg(back.usual, "rate")}
    ends = {"lo": Arg(back.low, "rate"), "hi": Arg(back.high, "rate"), "lvl": Arg(LEVEL, "level")}
    facts: dict[str, Any] = {"value": back.rate, "unit": "rate", "low": back.low, "high": back.high}
    facts |= {"level": LEVEL, "baseline": back.usual, "n": back.lines, "method": "method.item_refunds"}
    facts |= {"evidence": Note("r.itemrefundev", ends | {"n": Arg(back.lines, "count")})}
    facts |= {"action": Note("r.itemrefundask", {"item": Arg(item.title, "text")})}
    severity = Severity.HIGH if item.share >= LARGE else Severity.MEDIUM
    made = _finding(one, f"refund.{slug(item.code)}", "r.itemrefund", args, Verdict.UNUSUAL, severity, **facts)
    return made


def _weight(item: Item) -> Severity:
    return Severity.MEDIUM if item.share >= LARGE else Severity.LOW


def _finding(
    one: ShopItems, name: str, sentence: str, args: dict[str, Arg], verdict: Verdict, severity: Severity, **rest: Any
) -> Finding:
    where = {"refund": "refunds", "matrix": "matrix", "profit": "profit"}.get(name.partition(".")[0], "table")
    exhibit = f"{KEY}.{one.shop}.{where}"
    return Finding(f"{KEY}.{one.shop}.{name}", sentence, args, verdict, severity, exhibit=exhibit, **rest)


def shop(result: Result, key: str) -> Arg:
    return Arg(plain(result.names.get(key, key)), "text")


def about(result: Result, one: ShopItems, item: Item) -> dict[str, Arg]:
    return {"item": Arg(item.title, "text"), "shop": shop(result, one.shop)}


def period(result: Result) -> Arg:
    return Arg({"start": plain(result.days.start), "end": plain(result.days.end)}, "period")


def base(result: Result) -> Arg:
    assert result.base
    return Arg({"start": plain(result.base.start), "end": plain(result.base.end)}, "period")
