"""What the field's numbers amount to: the findings of one platform's tracked brands."""

from __future__ import annotations

from collections.abc import Iterable

from kit.analyses.shares.field import Brand
from kit.analyses.shares.page import MEDIUM_MOVE, Given, Page, adding, ends, limit, made, names, promoted, severity
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Missing, Note, Severity
from kit.stats import bootstrap
from kit.stats.share_change import Moved

SIDES = {1: Verdict.GAINED, -1: Verdict.LOST, 0: Verdict.OPEN}


def findings(page: Page) -> list[Finding]:
    """Where the own share stands and went, who else moved, how concentrated it is, and what the data cannot say."""
    if not page.one.brands:
        return []
    return [*_own(page), *_split(page), *_moved(page), *_concentration(page), *_limits(page)]


def missing(page: Page) -> Missing:
    """No price or no counter, or none that is stated: there are no shares."""
    reason = page.one.pair.lacks if page.one.pair.now is None else "nocounter"
    return Missing(page.key, "question.shares", ("listings",), Note(f"m.noshare.{reason}", page.args))


def _own(page: Page) -> Iterable[Finding]:
    """The own share and its change; without a comparison the share alone and the reason."""
    own = page.one.own
    if own is None:
        yield made(page, "own", "m.tracked.absent", {}, Verdict.NONE, Severity.INFO)
        return
    share, moved = {"share": Arg(own.share, "ratio")}, own.moved
    if moved is not None and moved.ends is not None:
        yield _change(page, share, moved, *moved.ends)
        return
    about = {"value": own.share, "unit": "ratio", "n": len(page.one.brands)}
    reason = page.one.pair.lacks or "thin"
    yield made(page, "own", f"m.tracked.only.{reason}", share, Verdict.RANKED, Severity.LOW, **about)


def _change(page: Page, share: Given, moved: Moved, low: float, high: float) -> Finding:
    """The share with its change, or with the interval of a change that may be none."""
    clear, verdict = bool(moved.side), SIDES[moved.side or 0]
    change = {"chg": Arg(moved.change, "points"), "code": Arg("clear", "code")}
    about = ends(low, high, "points") | {"lvl": Arg(bootstrap.LEVEL, "level"), "n": Arg(moved.listings, "count")}
    events = page.one.events
    return made(
        page,
        "own",
        "m.tracked" if clear else "m.tracked.open",
        share | (change if clear else ends(low, high, "points")),
        verdict,
        _weight(page, moved),
        kind=Kind.THREAT if verdict == Verdict.LOST else Kind.STATE,
        value=moved.change,
        unit="points",
        low=low,
        high=high,
        level=bootstrap.LEVEL,
        baseline=moved.share_before,
        n=moved.listings,
        evidence=Note("m.trackedev.promoted", about | promoted(events)) if events else Note("m.trackedev", about),
    )


def _weight(page: Page, moved: Moved) -> Severity:
    """By the size of the move; windows with unlike promotions carry no high one."""
    if not moved.side:
        return Severity.LOW
    found = severity(moved.share / moved.share_before - 1)
    return Severity.MEDIUM if found == Severity.HIGH and page.one.events else found


def _split(page: Page) -> Iterable[Finding]:
    """The change of the own estimated sales, split into the growth of all tracked brands and the share."""
    own, movement = page.one.own, page.one.movement
    if own is None or own.moved is None or movement is None or own.moved.before <= 0:
        return
    total, market, share = adding(movement.part(own.moved))
    args = {"chg_s": Arg(total, "money"), "mkt_s": Arg(market, "money"), "own_s": Arg(share, "money")}
    yield made(page, "split", "m.split", args, Verdict.RANKED, Severity.INFO, value=share, unit="money")


def _moved(page: Page) -> Iterable[Finding]:
    """The rivals whose share moved beyond their intervals: those that gained, those that lost; else that none did."""
    judged = [(b, b.moved.side) for b in page.one.brands if not b.own and b.moved and b.moved.side is not None]
    for name, side, verdict in (("gained", 1, Verdict.GAINED), ("lost", -1, Verdict.LOST)):
        found = [b for b, moved in judged if moved == side]
        if found:
            level = Severity.MEDIUM if max(map(_relative, found)) >= MEDIUM_MOVE else Severity.LOW
            yield made(page, name, f"m.moved.{name}.clear", _who(page, found), verdict, level)
    if judged and not any(side for _, side in judged):
        args = {"k": Arg(len(judged), "count")}
        yield made(page, "others", "m.moved.none", args, Verdict.OPEN, Severity.INFO)


def _relative(brand: Brand) -> float:
    assert brand.moved
    return abs(brand.moved.share / brand.moved.share_before - 1)


def _who(page: Page, brands: list[Brand]) -> dict[str, Arg]:
    return {"names": names([page.called(b) for b in brands]), "k": Arg(len(brands), "count")}


def _concentration(page: Page) -> Iterable[Finding]:
    """How much the largest four hold, and the band of the guidelines, among the tracked brands."""
    found = page.one.concentration
    if found is None or 4 not in found.top:
        return
    args = {"cr": Arg(found.top[4].low, "ratio"), "m": Arg(4, "count"), "code": Arg(found.band, "code")}
    yield made(
        page,
        "concentration",
        "m.conc",
        args,
        Verdict.RANKED,
        Severity.LOW,
        value=found.hhi.low,
        unit="count",
        exhibit="market.shares.concentration",
        method="method.concentration",
        n=found.firms,
    )


def _limits(page: Page) -> Iterable[Finding]:
    """Tracked brands are not the market; windows with unlike promotions; counters that fell."""
    yield limit(page, "tracked", "m.sharelimit", {})
    if page.one.events:
        yield limit(page, "phase", "m.sharephase", promoted(page.one.events))
    if page.one.pair.fallen:
        fallen, steps = page.one.pair.fallen, page.one.pair.steps
        args = {"k": Arg(fallen, "count"), "m": Arg(steps, "count"), "part": Arg(fallen / steps, "rate")}
        yield limit(page, "falls", "m.gainfall", args)
