"""What the prices over time amount to: a price war, a cut of many brands at once, or neither; and their drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kit.analyses.rivals.page import LEVEL, Given, Page, finding
from kit.analyses.rivals.watch import Exposed, Watch
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kind, Note, Severity, Table, plain
from kit.stats.price_moves import LEAST_ITEMS
from kit.stats.price_war import War

COLUMNS = (
    ("brand", "text"),
    ("date", "date"),
    ("level", "growth"),
    ("discount", "ratio"),
    ("lasting_cut", "ratio"),
)
FEWEST, PANELS = 4, 8
"""Brands that are drawn, at least and at most: the own one, those that cut, others whose prices moved."""
STILL = 0.01
"""A level that never moved so far says as much in a note."""
LEAST_SNAPSHOTS = 3
"""A cut that lasts shows in two snapshots after one before it."""
HIGH_EXPOSURE = 0.3
"""Part of the own sales in the bands of a price war from which it is of high severity."""


def told(page: Page) -> Iterable[Finding]:
    """The first of these is the message of the drawing."""
    watched = followed(page)
    if watched is None:
        return
    if watched.found.war:
        yield _war(page, watched, watched.found.war)
        if watched.exposed:
            yield _exposed(page, watched.found.war, watched.exposed)
    yield from _wave(page, watched)
    if page.cutters and not watched.found.war and not _waves(page, watched):
        yield _none(page, watched)


def followed(page: Page) -> Watch | None:
    """What prices did, where there are snapshots enough to draw it."""
    watched = page.one.watched
    enough = watched and max(map(len, watched.points.values()), default=0) >= LEAST_SNAPSHOTS
    return watched if watched and enough and _drawn(page, watched) else None


def _about(page: Page) -> dict[str, Any]:
    return {"exhibit": f"{page.key}.prices", "method": "method.war"}


def _war(page: Page, watched: Watch, war: War) -> Finding:
    """Who opened it, when, by how much, and what the own brand did since."""
    first = war.cuts[0]
    openers = [c for c in war.cuts if c.date == first.date]
    args = {
        "opener": _names(page, [c.brand for c in openers]),
        "from": Arg(plain(first.date), "date"),
        "n": Arg(len(war.cuts), "count"),
        "cut": Arg(first.size, "ratio"),
    }
    own = page.one.own
    sentence = "m.war" if war.beyond_chance else "m.warweak"
    if own is None or watched.own_change is None or own.name in {c.brand for c in war.cuts}:
        sentence += ".only"
    else:
        args |= {"dir": Arg(watched.own_change, "growth"), "own": Arg(watched.own_change, "growth")}
    exposed = watched.exposed.share if watched.exposed else 0.0
    severity = Severity.HIGH if exposed >= HIGH_EXPOSURE else Severity.MEDIUM
    action = Note("m.wartry", page.args | args | _bands(watched.exposed)) if watched.exposed else None
    return finding(
        page,
        "war",
        sentence,
        args,
        Verdict.WAR if war.beyond_chance else Verdict.WEAK,
        severity if war.beyond_chance else Severity.LOW,
        kind=Kind.THREAT,
        value=-first.size,
        unit="growth",
        p_value=war.p_value,
        n=len(war.cuts),
        evidence=_followers(page, war),
        action=action if war.beyond_chance else None,
        **_about(page),
    )


def _names(page: Page, brands: Sequence[str]) -> Arg:
    own = page.one.own
    called = [page.called(own) if own and own.name == brand else brand for brand in brands]
    return Arg([Arg(name, "text") for name in called], "text")


def _followers(page: Page, war: War) -> Note | None:
    """The brands that followed, with day and size of their cuts; None when all cut on one day."""
    later = [c for c in war.cuts if c.date > war.cuts[0].date]
    args = {
        "followers": _names(page, [c.brand for c in later]),
        "days": Arg([Arg(plain(c.date), "day") for c in later], "day"),
        "cuts": Arg([Arg(c.size, "ratio") for c in later], "ratio"),
        "k": Arg(war.earlier, "count"),
    }
    return Note("m.warev" if len(later) == 1 else "m.warev.several", args) if later else None


def _bands(exposed: Exposed | None) -> Given:
    bands = [
        {k: int(v) if v is not None and v == int(v) else v for k, v in (("low", low), ("high", high))}
        for low, high in (exposed.bands if exposed else ())
    ]
    return {"bands": Arg([Arg(band, "band") for band in bands], "band")}


def _exposed(page: Page, war: War, exposed: Exposed) -> Finding:
    args = {"share": Arg(exposed.share, "ratio"), **_bands(exposed)}
    rest = {"kind": Kind.THREAT, "value": exposed.share, "unit": "ratio", **_about(page)}
    verdict = Verdict.WAR if war.beyond_chance else Verdict.WEAK
    return finding(page, "exposed", "m.warexposed", args, verdict, Severity.LOW, **rest)


def _waves(page: Page, watched: Watch) -> list[Any]:
    """Cuts of many brands at once in the period, the one of most brands first."""
    inside = [w for w in watched.found.waves if w.date >= page.result.start]
    return sorted(inside, key=lambda w: (-w.brands, w.date))


def _wave(page: Page, watched: Watch) -> Iterable[Finding]:
    for wave in _waves(page, watched)[:1]:
        event = next((e for e in watched.events if e.start <= wave.date <= e.end), None)
        args = {
            "on": Arg(plain(wave.date), "date"),
            "n": Arg(wave.brands, "count"),
            "k": Arg(wave.seen, "count"),
            "m": Arg(wave.back, "count"),
            "cut": Arg(page.result.rule.cut, "level"),
        }
        args |= {"event": Arg(f"event.{event.slug}", "label")} if event else {}
        sentence = "m.wave.last" if wave.date == page.one.date else "m.wave"
        sentence += ".event" if event else ""
        yield finding(page, "wave", sentence, args, Verdict.AT_ONCE, Severity.MEDIUM, n=wave.seen, **_about(page))


def _none(page: Page, watched: Watch) -> Finding:
    """That there was no war, over the snapshots that could show one; or that none could."""
    judged, rule = watched.found.judged, page.result.rule
    args = {"n": Arg(rule.brands, "count"), "k": Arg(rule.days, "count")}
    if not judged:
        return finding(page, "war", "m.warfew", args, Verdict.NONE, Severity.INFO, **_about(page))
    args |= {"span": Arg({"start": plain(judged[0]), "end": plain(judged[-1])}, "period")}
    return finding(page, "war", "m.nowar", args, Verdict.LEVEL, Severity.INFO, **_about(page))


# ---- the drawing ---------------------------------------------------------------------------------------------


def exhibit(page: Page, watched: Watch, found: Sequence[Finding]) -> Exhibit:
    """A panel a brand: the level of its prices at each snapshot, its lasting cut, the promotions behind."""
    key = f"{page.key}.prices"
    rows = tuple(
        (name, plain(point.date), point.change, point.discount, point.cut)
        for brand, name in _drawn(page, watched)
        for point in watched.points[brand]
    )
    kept = [n for n, (name, _) in enumerate(COLUMNS) if name != "discount" or any(row[n] is not None for row in rows)]
    heads = tuple(Column(name, unit, f"col.{name}") for name, unit in (COLUMNS[n] for n in kept))
    own = page.one.own
    marks = {n: "own" for n, row in enumerate(rows) if own and row[0] == page.called(own)}
    table = Table(f"{key}.rows", heads, tuple(tuple(row[n] for n in kept) for row in rows), marks)
    events = [{"label": f"event.{e.slug}", "start": plain(e.start), "end": plain(e.end)} for e in watched.events]
    keys = tuple(f.key for f in found if f.exhibit == key)
    return Exhibit(key, "price_panels", table, keys, tuple(_notes(page, watched)), {"promotions": events})


def _drawn(page: Page, watched: Watch) -> list[tuple[str, Any]]:
    """Brands with a level, and what they are called."""
    war = [c.brand for c in watched.found.war.cuts] if watched.found.war else []
    cut = {c.brand for c in watched.found.cuts if c.date >= page.result.start}
    known = [b for b in page.one.brands if any(p.change is not None for p in watched.points.get(b.name, ()))]
    still = {b.name for b in known if _still(watched, b.name)}
    known.sort(
        key=lambda b: (
            not b.own,
            war.index(b.name) if b.name in war else len(war),
            b.name not in cut,
            b.name in still,
            _lowest(page, watched, b.name),
        )
    )
    moved = sum(b.own or b.name not in still for b in known)
    return [(b.name, page.called(b)) for b in known[: min(PANELS, max(FEWEST, moved))]]


def _still(watched: Watch, brand: str) -> bool:
    return all(abs(p.change) < STILL for p in watched.points[brand] if p.change is not None)


def _lowest(page: Page, watched: Watch, brand: str) -> float:
    """How far a brand's level fell in the period, where many fell at once; else brands keep their order."""
    changes = [p.change for p in watched.points[brand] if p.date >= page.result.start and p.change is not None]
    return min(changes, default=0.0) if _waves(page, watched) else 0.0


def _notes(page: Page, watched: Watch) -> Iterable[Note]:
    rule, war = page.result.rule, watched.found.war
    args = page.args | {"base": Arg(plain(watched.base), "date")}
    yield Note("note.market.level", args)
    least = {"n": Arg(LEAST_ITEMS, "count"), "cut": Arg(rule.cut, "level")}
    yield Note("note.market.lasting", least | {"m": Arg(rule.brands, "count"), "k": Arg(rule.days, "count")})
    drawn = {brand for brand, _ in _drawn(page, watched)}
    left = [b.name for b in page.one.brands if b.name in watched.points and b.name not in drawn]
    if left:
        still = {"m": Arg(sum(_still(watched, b) for b in left), "count"), "least": Arg(STILL, "level")}
        yield Note("note.market.undrawn", {"n": Arg(len(left), "count")} | still)
    if watched.events:
        yield Note("note.market.marked")
    if watched.exposed:
        yield Note("note.market.exposed", args | {"share": Arg(watched.exposed.share, "ratio")})
    if war and watched.own_change and abs(watched.own_change) >= LEVEL:
        own = {"before": Arg(plain(watched.before), "date"), "own_s": Arg(watched.own_change, "growth")}
        yield Note("note.market.ownmove", args | own)


def moved(page: Page) -> bool:
    """Whether any brand's price level moved: a column of zeros beside a table of cuts would only puzzle."""
    return any(b.change is not None and abs(b.change) >= LEVEL for b in page.shown())
