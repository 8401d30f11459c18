"""What moved the sales: the findings of each comparison."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.analyses.drivers.page import (
    LEVELS,
    PER_DAY,
    UNITS,
    Bridge,
    Given,
    Page,
    Result,
    base_arg,
    bridged,
    level,
    money,
    named,
    step_of,
)
from kit.analyses.drivers.parts import Parts, Sources
from kit.analyses.drivers.tree import ShopTree
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, Soundness

MOVE = 0.10
"""From which change of the sales a comparison with the year before is of medium severity."""
LEVEL = 0.0005
"""Changes smaller than this are level."""
TOLD = 3
"""Moves, items and categories that a sentence names."""


def findings(page: Page) -> list[Finding]:
    """The tree first, then the moves that explain most of it, what the factors stood at, and the shops not in it."""
    return [_tree(page), *_short(page), *_moves(page), *_levels(page), *_lacking(page)]


def verdict(change: float, before: float) -> Verdict:
    if abs(change) <= LEVEL * before:
        return Verdict.LEVEL
    return Verdict.ROSE if change > 0 else Verdict.FELL


def _tree(page: Page) -> Finding:
    """The change over its factors, the largest first: all of them, so that they are seen to add up."""
    shown, names = page.total, list(page.tree.effects)
    args = page.args | {"chg_s": money(shown.total, shown.step)} | _parts(names, shown)
    # Spans that hold unlike parts of a promotion are no verdict on the shop, whatever the sum does.
    unlike = bool(page.tree.base.without)
    reached = Verdict.UNJUDGED if unlike else verdict(page.tree.change, page.tree.before)
    growth = page.tree.change / page.tree.before if page.tree.before else 0.0
    yearly = page.tree.base.name != "previous" and not unlike
    heavy = yearly and abs(growth) >= MOVE
    return Finding(
        f"{page.key}.tree",
        f"r.tree.p{len(names)}",
        args,
        reached,
        _weight(page, Severity.MEDIUM if heavy else Severity.LOW),
        kind=Kind.THREAT if yearly and reached == Verdict.FELL else Kind.STATE,
        value=page.tree.change,
        unit="money",
        exhibit=f"{page.key}.tree",
        method="method.drivers",
        evidence=_promoted(page),
    )


def _weight(page: Page, usual: Severity) -> Severity:
    """Of a missed goal as much as the miss, unless one shop's part says more (``_short``)."""
    return page.missed[1] if page.missed and not list(_short(page)) else usual


def _short(page: Page) -> Iterable[Finding]:
    """What moved the sales of the shop that is furthest from a missed goal, and what the largest move stood at; with
    one shop the tree itself says it."""
    shop = next((s for s in page.tree.shops if page.missed and s.shop == page.missed[0]), None)
    if shop is None or page.missed is None or len(page.tree.shops) < 2:
        return
    shown = page.by_shop[shop.shop]
    parts = _parts([*shop.effects], shown)
    names = [name for name in parts if name.startswith("d")][:TOLD]
    args = page.args | parts | {"shop": Arg(page.result.name(shop.shop), "text")}
    yield Finding(
        f"{page.key}.short",
        f"r.short.p{len(names)}",
        args | {"chg_s": money(shown.total, shown.step)},
        verdict(shop.change, shop.before.amount),
        page.missed[1],
        kind=Kind.THREAT if shop.change < 0 else Kind.STATE,
        value=shop.change,
        unit="money",
        exhibit=f"{page.key}.shops",
        method="method.drivers",
        evidence=_stood(page, shop, max(shop.effects, key=lambda name: abs(shop.effects[name]))),
    )


def _stood(page: Page, shop: ShopTree, factor: str) -> Note:
    """Why this shop is spoken of, and what its largest move stood at then and now."""
    if factor not in LEVELS:
        return Note("r.shortev")
    args = {end: Arg(level(page, shop, factor, at), UNITS[factor]) for end, at in (("a", "then"), ("b", "now"))}
    return Note("r.shortev.from", args | {"d": Arg(_called(shop, factor), "label")})


def _called(shop: ShopTree, factor: str) -> str:
    return f"driver.daily.{factor}" if factor in PER_DAY and not shop.once else f"driver.{factor}"


def _parts(names: list[str], shown: Bridge) -> Given:
    order = sorted(range(len(names)), key=lambda n: -abs(shown.parts[n]))
    found: Given = {}
    for n, at in enumerate(order, 1):
        found |= {f"d{n}": Arg(f"driver.{names[at]}", "label"), f"v{n}_s": money(shown.parts[at], shown.step)}
    return found


def _promoted(page: Page) -> Note:
    """How many days of promotions lie in either span: a change on the month before is mostly theirs."""
    now, then = page.tree.promoted
    spans = {"span": named(page.tree.base.now), "before": named(page.tree.base.then)}
    counts = {"a": Arg(now, "count"), "b": Arg(then, "count")}
    return Note("r.treeev" if now or then else "r.treeev.none", spans | counts)


def _moves(page: Page) -> Iterable[Finding]:
    """The three moves of single shops that explain most, a month's fewer days not among them: nobody moved those.
    With one shop the tree itself says it."""
    every = page.tree.moves()
    moves = [move for move in every if move[1] != "days"]
    if len(page.tree.shops) < 2 or len(moves) <= TOLD:
        return
    shown = {shop.shop: dict(zip(shop.effects, page.by_shop[shop.shop].parts, strict=True)) for shop in page.tree.shops}
    args = dict(page.args)
    for n, (shop, factor, _) in enumerate(moves[:TOLD], 1):
        args |= {f"s{n}": Arg(page.result.name(shop.shop), "text"), f"d{n}": Arg(f"driver.{factor}", "label")}
        args |= {f"v{n}_s": money(shown[shop.shop][factor], page.step)}
    share = sum(abs(m) for *_, m in moves[:TOLD]) / (sum(abs(m) for *_, m in every) or 1.0)
    about: Any = {"exhibit": f"{page.key}.shops", "method": "method.drivers"}
    evidence = Note("r.movesev", {"share": Arg(share, "ratio"), "n": Arg(len(moves), "count")})
    reached = verdict(page.tree.change, page.tree.before)
    yield Finding(f"{page.key}.moves", "r.moves", args, reached, Severity.LOW, evidence=evidence, **about)


def _levels(page: Page) -> Iterable[Finding]:
    """What the factors of the shop that moved most stood at, then and now."""
    shops = [shop for shop in page.tree.shops if set(LEVELS) & {*shop.now.factors}]
    if not shops:
        return
    shop = max(shops, key=lambda one: abs(one.change))
    names = [name for name in LEVELS if name in shop.now.factors]
    args: Given = {"shop": Arg(page.result.name(shop.shop), "text")}
    for n, name in enumerate(names, 1):
        ends = {at: Arg(level(page, shop, name, at), UNITS[name]) for at in ("then", "now")}
        args |= {f"d{n}": Arg(_called(shop, name), "label"), f"a{n}": ends["then"], f"b{n}": ends["now"]}
    sentence, reached = f"r.levels.p{len(names)}", verdict(shop.change, shop.before.amount)
    about: Any = {"exhibit": f"{page.key}.factors", "method": "method.drivers"}
    yield Finding(f"{page.key}.levels", sentence, args, reached, Severity.INFO, **about)


def _lacking(page: Page) -> Iterable[Finding]:
    """Shops with a day without sales in either span: they are in no sum of this page."""
    if page.tree.lacking:
        names = [Arg(page.result.name(shop), "text") for shop, _ in page.tree.lacking]
        args = page.args | {"shops": Arg(names, "text")}
        key = f"{page.key}.lacking"
        yield Finding(key, "r.treelacking", args, Soundness.LIMITED, Severity.LOW, kind=Kind.DATA)


# ---- sources, items, categories --------------------------------------------------------------------------


def source_key(one: Sources) -> str:
    return f"review.drivers.{one.base.name}.sources.{one.shop}"


def mixed(result: Result, one: Sources) -> Finding:
    """The sources' conversion: how much of its change the mix of visits made, and how much their own rates."""
    change = one.split.now - one.split.before
    args = {
        "shop": Arg(result.name(one.shop), "text"),
        "base": base_arg(one.base),
        "from": Arg(one.split.before, "rate"),
        "to": Arg(one.split.now, "rate"),
        "mix_s": Arg(one.split.mix, "points+1"),
        "rate_s": Arg(one.split.rate, "points+1"),
    }
    return Finding(
        source_key(one),
        "r.mix",
        args,
        Verdict.LEVEL if abs(change) < LEVEL * one.split.before else Verdict.ROSE if change > 0 else Verdict.FELL,
        Severity.LOW,
        value=change,
        unit="points",
        baseline=one.split.before,
        exhibit=source_key(one),
        method="method.mix",
    )


def parts_key(one: Parts) -> str:
    return f"review.drivers.{one.base.name}.{one.by}"


def parted(one: Parts) -> Bridge:
    """The change by item or category as shown: those named in their order, then the rest."""
    every = (*one.named, one.rest) if one.others else one.named
    before, now = (round(sum(getattr(part, end) for part in every), 2) for end in ("before", "now"))
    return bridged(before, now, [part.change for part in every], step_of(max(before, now)))


def moved(one: Parts) -> Iterable[Finding]:
    """The items or categories that moved most; what fewer than three of them did is in the table alone."""
    if len(one.named) < TOLD:
        return
    shown = parted(one)
    args = {"period": named(one.base.now), "base": base_arg(one.base), "chg_s": money(shown.total, shown.step)}
    for n, part in enumerate(one.named[:TOLD], 1):
        args |= {f"i{n}": Arg(part.name, "text"), f"v{n}_s": money(shown.parts[n - 1], shown.step)}
    before = sum(part.before for part in (*one.named, one.rest))
    about: Any = {"exhibit": parts_key(one), "method": "method.drivers"}
    reached = verdict(shown.total, before)
    yield Finding(parts_key(one), f"r.parts.{one.by}", args, reached, Severity.LOW, **about)


__all__ = ["findings", "mixed", "moved", "parted", "parts_key", "source_key"]
