"""Goals, phases, the daily curve against what was to be expected, parts of the increment, bridge and presale."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kit.analyses.campaign import goals_page, market_page
from kit.analyses.campaign.goals import BY_PHASE, SALES
from kit.analyses.campaign.goals import UNITS as GOAL_UNITS
from kit.analyses.campaign.increment import PARTS
from kit.analyses.campaign.sections import key, span, told
from kit.analyses.campaign.sentences import base, placebos
from kit.analyses.campaign.subjects import WIDE
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kpi, Note, Table, plain
from kit.stats import bridge, kpis

if TYPE_CHECKING:
    from kit.analyses.campaign import Review
    from kit.analyses.campaign.increment import Increment
    from kit.stats.counterfactual import Counterfactual

AT_BALANCE = ("taobao", "tmall")
"""Platforms whose paid amount has a presale on the day its balance is paid; the others do not say."""
BACK = 42
"""Days before the campaign that its curve shows."""


BESIDE = dict.fromkeys(("goals", "goalphases", "goaldays", "phases"), "goal") | {"methods": "increment"}
"""Exhibits that stand under a finding of another name where none points at them."""


def exhibits(review: Review, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """Each under the findings that point at it; one that no finding carries is not shown."""
    makers = {
        "goals": _goals,
        "goalrun": goals_page.running,
        "goalphases": goals_page.by_phase,
        "goaldays": goals_page.by_day,
        "phases": _phases,
        "hours": _hours,
        "curve": _curve,
        "summed": _summed,
        "methods": _methods,
        "parts": _parts,
    }
    makers |= {"market": market_page.exhibit, "bridge": _bridge, "presale": _presale}
    for part, make in makers.items():
        place = f"{key(review)}.{part}"
        carried = told(found, place) or tuple(f.key for f in found if f.key == f"{key(review)}.{BESIDE.get(part)}")
        if carried and (part != "goals" or review.lines) and (made := make(review, place, carried)):
            yield made


def strip(review: Review) -> list[Kpi]:
    """Paid amount, attainment of the goal that decides, GSV with what its refunds are dated by, and spend ratio."""
    found = []
    for metric, unit in (("pay_amount", "money"), ("gsv", "money"), ("spend_ratio", "ratio")):
        one = review.figures.get(metric)
        if one and one.value is not None:
            label = f"kpi.campaign.{metric}" + (f".{one.by}" if metric == "gsv" and one.by else "")
            found.append(Kpi(f"{key(review)}.{metric}", label, Arg(one.value, unit)))
    line = next((one for one in review.lines if one.metric in SALES and one.attained is not None), None)
    if line:
        found.insert(1, Kpi(f"{key(review)}.attained", "kpi.campaign.attained", Arg(line.attained, "ratio")))
    return found


def _goals(review: Review, place: str, told: tuple[str, ...]) -> Exhibit:
    """A row a goal; every cell brings its own unit."""
    heads = [Column("metric", "label", "col.campaign.metric"), Column("goal", "figure", "col.goal")]
    heads += [Column("actual", "figure", "col.actual"), Column("attained", "ratio", "col.attained")]
    rows = []
    for line in review.lines:
        unit = GOAL_UNITS[line.metric]
        actual = Arg(line.actual, unit) if line.actual is not None else None
        rows.append((f"goal.{line.metric}", Arg(line.goal, unit), actual, line.attained))
    people = any(line.lacks == "people" for line in review.lines)
    alone = review.campaign.opening == review.campaign.start
    days = {"period": span(review.campaign.event)}
    notes = [Note("note.campaign.span.alone" if alone else "note.campaign.span", days)]
    notes += [Note("note.campaign.shop", {"shop": Arg(review.shop, "text")})] if review.shop else []
    notes += [Note("note.campaign.people")] if people else []
    net = review.figures.get("gsv")
    if net and net.by and any(line.metric == "gsv" for line in review.lines):
        notes += [Note(f"note.review.gsv.{by}") for by in ("refunded", "paid") if net.by in (by, "mixed")]
    return Exhibit(place, "table", Table(f"{place}.table", tuple(heads), tuple(rows)), told, tuple(notes))


def _phases(review: Review, place: str, told: tuple[str, ...]) -> Exhibit:
    """Phase by phase: days, sales, and the growth over the same phase before where it had as many days."""
    heads = [Column("phase", "label", "col.campaign.phase"), Column("period", "period", "col.campaign.period")]
    kept = [name for name in BY_PHASE if any(p.value(name) is not None for p in review.phases)]
    heads += [
        Column(name, {"visitors": "count"}.get(name, kpis.BY_NAME[name].unit), f"col.campaign.{name}") for name in kept
    ]
    grown = any(phase.growth is not None for phase in review.phases)
    if grown:
        heads.append(Column("growth", "growth", "col.campaign.growth"))
    rows = tuple(
        (f"phase.{p.name}", span(p.days).value, *(p.value(n) for n in kept), *((p.growth,) if grown else ()))
        for p in review.phases
    )
    once = any((f := p.figures.get("visitors")) and f.deduplicated for p in review.phases)
    notes = [] if once or "visitors" not in kept else [Note("note.campaign.daily")]
    if grown and review.earlier:
        notes.append(Note("note.campaign.earlier", {"campaign": Arg(review.earlier.name, "text")}))
    return Exhibit(place, "table", Table(f"{place}.table", tuple(heads), rows), told, tuple(notes))


def _hours(review: Review, place: str, told: tuple[str, ...]) -> Exhibit:
    """Paid orders of the peak day by hour."""
    assert review.peak
    day, hours = review.peak
    heads = (Column("hour", "text", "col.hour"), Column("orders", "count", "col.campaign.orders_paid"))
    table = Table(f"{place}.table", heads, tuple((str(n), count) for n, count in enumerate(hours.orders)))
    notes = (Note("note.campaign.hours", {"date": Arg(plain(day), "date")}),)
    return Exhibit(place, "columns", table, told, notes, {"highlight": [*hours.busiest]})


def _curve(review: Review, place: str, told: tuple[str, ...]) -> Exhibit | None:
    """What was sold a day beside what was to be expected, from six weeks before to the last day looked at."""
    one, sales = review.increment, review.sales
    if one is None or sales is None:
        return None
    expected = {} if one.found is None or one.verdict == Verdict.TOO_LITTLE else _expected(review)
    last = max([review.campaign.end, *expected])
    first = max(review.campaign.opening - dt.timedelta(BACK), sales.index[0].date())
    days = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    by_day = {day.date(): None if value != value else float(value) for day, value in sales.items()}
    heads = [Column("date", "date", "col.date"), Column("paid", "money", "col.pay_amount")]
    named = ("expected", "low", "high") if expected else ()
    heads += [Column(n, "money", f"col.campaign.{n}") for n in named]
    nothing = (None,) * len(named)
    rows = tuple((plain(day), by_day.get(day), *expected.get(day, nothing)) for day in days)
    marks = [{"label": f"phase.{name}", "exact": True, "start": plain(p.start), "end": plain(p.end)}
             for name, p in review.campaign.phases.items() if name != "after"]  # fmt: skip
    table = Table(f"{place}.table", tuple(heads), rows)
    notes = tuple(_curve_notes(review, one, bool(expected)))
    return Exhibit(place, "line", table, told, notes, {"promotions": marks, "band": ["low", "high"]})


def _curve_notes(review: Review, one: Increment, expected: bool) -> Iterable[Note]:
    """How it is expected, where the level broke, what it is held against, and what else there is to doubt."""
    yield Note("note.campaign.curve")
    if one.found and expected:
        yield Note("note.campaign.band", {"lvl": Arg(one.found.level, "level")})
        yield from _breaks(review, one.found)
    if one.controls:
        yield Note("note.campaign.controls", {"controls": Arg([Arg(c, "text") for c in one.controls], "text")})
        yield from [Note("note.campaign.explicit")] if review.campaign.kind in WIDE else []
    yield from (Note("note.campaign.lost", {"control": Arg(name, "text")}) for name in one.lost)
    yield from (Note(f"note.campaign.doubt.{reason}") for reason in one.reasons[1:])


def _breaks(review: Review, found: Counterfactual) -> Iterable[Note]:
    """The days from which on the level is another, if there are any."""
    if found.breaks and review.sales is not None:
        days = [Arg(plain(review.sales.index[at].date()), "date") for at in found.breaks]
        yield Note("note.campaign.breaks", {"dates": Arg(days, "text")})


def _expected(review: Review) -> dict[dt.date, tuple[float, float, float]]:
    """What was to be expected of each day, and the ends of its range."""
    one = review.increment
    assert one and one.found
    ends = zip(one.found.expected, one.found.low, one.found.high, strict=True)
    days = ((one.first + dt.timedelta(n), tuple(map(float, row))) for n, row in enumerate(ends))
    return {day: (mid, low, high) for day, (mid, low, high) in days}


def _summed(review: Review, place: str, told: tuple[str, ...]) -> Exhibit:
    """The increment added up from the first campaign day to each of them, with its range."""
    one = review.increment
    assert one and one.found
    heads = [Column("date", "date", "col.date"), Column("so_far", "money", "col.campaign.so_far")]
    heads += [Column("low", "money", "col.campaign.low"), Column("high", "money", "col.campaign.high")]
    days = (review.campaign.opening + dt.timedelta(n) for n in range(len(one.found.running)))
    rows = tuple((plain(day), t.effect, t.low, t.high) for day, t in zip(days, one.found.running, strict=True))
    notes = (placebos(one), Note("note.campaign.summed", {"lvl": Arg(one.found.level, "level")}))
    return Exhibit(place, "effect_path", Table(f"{place}.table", tuple(heads), rows), told, notes)


def _methods(review: Review, place: str, told: tuple[str, ...]) -> Exhibit | None:
    """The methods side by side, each as a part of what was to be expected, where there are several."""
    one = review.increment
    if one is None or not one.parts or one.verdict == Verdict.TOO_LITTLE or (one.gap is None and one.like is None):
        return None
    total = one.parts["during"]
    rows: list[tuple[object, ...]] = [
        ("campaign.method.model", *(value / total.expected for value in (total.effect, total.low, total.high)), None)
    ]
    if one.gap:
        rows.append(("campaign.method.did", *map(math.expm1, (one.gap.value, one.gap.low, one.gap.high)), None))
    if one.like:
        rows.append(("campaign.method.twin", math.expm1(one.like.effect), None, None, one.like.larger))
    heads = [Column("method", "label", "col.campaign.method"), Column("effect", "growth", "col.campaign.effect")]
    heads += [Column("low", "growth", "col.campaign.low"), Column("high", "growth", "col.campaign.high")]
    heads.append(Column("larger", "ratio", "col.campaign.larger"))
    table = Table(f"{place}.table", tuple(heads), tuple(rows))
    agreed = "disagree" if "disagree" in one.reasons else "agree"
    notes = (Note("note.campaign.methods"), Note(f"note.campaign.methods.{agreed}"))
    return Exhibit(place, "table", table, told, notes)


def _parts(review: Review, place: str, told: tuple[str, ...]) -> Exhibit:
    """During, before, after and net, each with its range."""
    assert review.increment
    parts = review.increment.parts
    heads = [Column("part", "label", "col.campaign.part"), Column("effect", "money", "col.campaign.effect")]
    heads += [Column("low", "money", "col.campaign.low"), Column("high", "money", "col.campaign.high")]
    rows = tuple((f"part.campaign.{n}", parts[n].effect, parts[n].low, parts[n].high) for n in PARTS if n in parts)
    table = Table(f"{place}.table", tuple(heads), rows, {len(rows) - 1: "total"})
    notes = (Note("note.campaign.parts"), *_stopped(review))
    return Exhibit(place, "intervals", table, told, notes, {"highlight": [len(rows) - 1]})


def _stopped(review: Review) -> Iterable[Note]:
    """The stock-out of the days after that lost most: what is missing there is not all pulled forward."""
    for out in review.stopped[:1]:
        days = {"start": plain(out.stop.first), "end": plain(out.stop.last)}
        args = {"item": Arg(out.stop.title, "text"), "span": Arg(days, "dates"), "money": Arg(out.money, "money")}
        yield Note("note.campaign.stopped" if out.lost else "note.campaign.stopped.most", args)


def _bridge(review: Review, place: str, told: tuple[str, ...]) -> Exhibit:
    """From the days compared with to the campaign days over the factors, parts rounded so that they add up; spans of
    as many days have no step for days."""
    one = review.bridge
    assert one
    heads = (Column("step", "label", "col.step"), Column("amount", "money", "col.pay_amount"))
    effects = {n: value for n, value in one.effects.items() if n != "days" or value}
    parts = bridge.in_steps(list(effects.values()), round(one.now, 2) - round(one.before, 2), 0.01)
    steps = [(f"col.effect.{n}", value) for n, value in zip(effects, parts, strict=True)]
    rows = (("driver.then", round(one.before, 2)), *steps, ("driver.now", round(one.now, 2)))
    sizes = [abs(part) for part in parts]
    spans = {"now": span(review.campaign.event), "then": span(one.then)}
    named = Note("note.campaign.bridge", spans | {"base": base(review)})
    notes = [named if review.earlier else Note("note.campaign.bridge.days", spans)]
    if review.unmatched:
        notes.append(Note("note.campaign.unmatched", {"name": Arg(review.campaign.compare_to, "text")}))
    options = {"highlight": [sizes.index(max(sizes)) + 1]} if max(sizes) else {}
    return Exhibit(place, "waterfall", Table(f"{place}.table", heads, rows), told, tuple(notes), options)


def _presale(review: Review, place: str, told: tuple[str, ...]) -> Exhibit:
    """This presale beside the last one, a row a figure."""
    both = [
        (review.campaign.name, review.presale),
        (review.earlier.name if review.earlier else "", review.last_presale),
    ]
    known = [(name, one) for name, one in both if one is not None]
    units = {"buyers": "count", "balances": "count", "deposit": "money", "balance": "money"}
    units |= {"converted": "rate", "paid": "ratio", "inflation": "money"}
    heads = [Column("campaign", "text", "col.campaign.name")]
    heads += [
        Column(n, u, f"col.presale.{n}") for n, u in units.items() if any(getattr(o, n) is not None for _, o in known)
    ]
    rows = tuple((name, *(getattr(one, head.name) for head in heads[1:])) for name, one in known)
    notes = [Note("note.campaign.presale"), *_counted(review.presale.platforms if review.presale else ())]
    return Exhibit(place, "table", Table(f"{place}.table", tuple(heads), rows), told, tuple(notes))


def _counted(platforms: Sequence[str]) -> Iterable[Note]:
    """When each platform counts a presale as paid, as far as it says so."""
    for known, sentence in ((True, "counted"), (False, "uncounted")):
        named = [Arg(f"platform.{p}", "label") for p in platforms if (p in AT_BALANCE) is known]
        if named:
            yield Note(f"note.campaign.presale.{sentence}", {"platforms": Arg(named, "text")})
