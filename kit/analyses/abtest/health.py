"""Whether a test's data can carry a verdict: checks in the order in which they gate it, each with a light.

ok, warn (it is said, and the verdict stands), fail (nothing is decided beyond it), none (these data can't tell). Their
order is that of the gates: days and rows, sample ratio, units, what was before, extremes, whole weeks, size, the plan's
days, guardrails, looks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kit.analyses.abtest import against_plan
from kit.analyses.abtest.against_plan import Check
from kit.analyses.abtest.declare import shares
from kit.analyses.abtest.effects import Effect, Reader
from kit.analyses.abtest.next_test import Size
from kit.findings import Arg
from kit.stats.experiment import means, sample_ratio
from kit.stats.experiment.sample_ratio import BLOCK
from kit.stats.experiment.sums import Moments

BLANK = 0.05
"""Part of an arm's rows that may leave a metric blank."""
BOTH = 0.01
"""Part of all units that may have seen several versions; they are left out. More of them mean that the split leaks."""
HEAVY = 0.05
"""Part of an arm's total that one unit may make."""
ODD, SPREAD = 5.0, 1.4826
"""Robust standard deviations beyond which a day is not like the others; the median distance in one of a normal."""
BEFORE = 0.01
"""p under which a difference from before the test is said."""


@dataclass(frozen=True)
class Rows:
    """What the rows of a test say of themselves, and the sums without extremes (``trimmed``, a frame)."""

    health: Any
    trimmed: Any


def checks(
    reader: Reader, rows: Rows, found: Sequence[Effect], size: Size | None, cutoff: dt.date | None, early: bool
) -> tuple[Check, ...]:
    """Every check that this kind of test and data calls for; ``early``: its plan is not over."""
    made = [_days(reader, rows), _blank(rows), *_ratio(reader), *_units(reader, rows), _before(reader, found)]
    made += [
        _heaviest(rows),
        _odd_day(reader, found),
        _trimmed(reader, rows, found),
        against_plan.week(reader, early),
        against_plan.size(size, early),
    ]
    made += [
        against_plan.no_end(reader.plan),
        against_plan.stopped(reader, cutoff, early),
        against_plan.past(reader),
        against_plan.before_start(reader),
    ]
    made += [
        against_plan.guards(reader, found),
        against_plan.looks(reader.plan),
        against_plan.refunds(reader, found, cutoff),
    ]
    return tuple(check for check in made if check is not None)


def failed(checks: Iterable[Check]) -> str:
    """The first gate that fails; blank if none."""
    return next((check.code for check in checks if check.light == "fail"), "")


def _days(reader: Reader, rows: Rows) -> Check | None:
    if not reader.sums.dates:
        return Check("days", "none")
    alternating = reader.plan.allocation in ("rotation", "before-after")
    days = len(rows.health.missing) + (0 if alternating else len(rows.health.partly))
    return Check("days", "warn" if days else "ok", Arg(days, "count.days"), Arg(0, "count.days"))


def _blank(rows: Rows) -> Check | None:
    if not rows.health.blank:
        return None
    share = max(rows.health.blank.values()) / max(rows.health.rows, 1)
    return Check("blank", "warn" if share > BLANK else "ok", Arg(share, "ratio"), Arg(BLANK, "ratio"))


# ---- the split -------------------------------------------------------------------------------------------------


def _ratio(reader: Reader) -> Iterable[Check]:
    """Of the whole against the plan, then by day and by segment to see where."""
    plan, sums = reader.plan, reader.sums
    planned = shares(plan, sums.variants)
    if plan.allocation != "randomised":
        return
    if not planned or not sums.people:
        if plan.split:
            yield Check("srm", "none")  # other versions than were planned, or nothing that counts units
        yield from _alike(reader, {})
        return
    counts = [sums.people.get(v, 0) for v in sums.variants]
    found = sample_ratio.check(counts, [planned[v] for v in sums.variants])
    light = {"block": "fail", "unknown": "none"}.get(found.light, found.light)
    worst = max(range(len(counts)), key=lambda n: abs(found.off[n]) * (sums.variants[n] != reader.control or 0.5))
    seen = counts[worst] / max(sum(counts), 1)
    name = sums.variants[worst]
    args = (("v", Arg(name, "text")), ("actual", Arg(seen, "ratio")), ("plan", Arg(planned[name], "ratio")))
    yield Check("srm", light, Arg(seen, "ratio"), Arg(planned[name], "ratio"), args)
    yield from _days_off(reader, planned)
    # Where the whole is off, all segments are: what they can still show is whether some are more so than others.
    yield from _alike(reader, {} if light == "fail" else planned)


def _days_off(reader: Reader, planned: dict[str, float]) -> Iterable[Check]:
    """The days whose split is off beyond chance."""
    sums, expected = reader.sums, [planned[v] for v in reader.sums.variants]
    days = {at.isoformat(): [arms.get(v, 0) for v in sums.variants] for at, arms in sorted(sums.daily.items())}
    if len(days) > 1:
        off = [place for place in sample_ratio.locate(days, expected) if place.stands]
        yield Check("srm_days", "warn" if off else "ok", Arg(len(off), "count.days"), Arg(0, "count.days"))


def _alike(reader: Reader, planned: dict[str, float]) -> Iterable[Check]:
    """Whether either arm holds as much of each segment as the other: else who is in an arm is what sets it apart.
    Without a ``planned`` split against that of the whole."""
    sums = reader.sums
    split = [planned.get(v) or sums.people.get(v, 0) for v in sums.variants]
    if min(split) <= 0:
        return
    kinds = list(_by_segment(reader))
    off = sum(place.stands for counts in kinds for place in sample_ratio.locate(counts, split))
    beyond = [
        (place, counts) for counts in kinds for place in sample_ratio.locate(counts, split, BLOCK) if place.stands
    ]
    if not kinds:
        return
    light = "fail" if beyond else "warn" if off else "ok"
    worst = max(beyond, key=lambda found: found[0].found.chi_square or 0.0, default=None)
    if worst is None:
        yield Check("srm_segments", light, Arg(off, "count"), Arg(0, "count"))
        return
    told = _moved(reader, worst[0].name, worst[1])
    yield Check("srm_segments", light, told["b"], told["a"], tuple(told.items()))


def _moved(reader: Reader, value: str, counts: dict[str, list[int]]) -> dict[str, Arg]:
    """The segment whose split is off most: its share of the control, and of the variant that differs most from it."""
    whole = [sum(arm) for arm in zip(*counts.values(), strict=True)]
    shares = [units / max(all_units, 1) for units, all_units in zip(counts[value], whole, strict=True)]
    own = dict(zip(reader.sums.variants, shares, strict=True))
    control = own.pop(reader.control)
    variant = max(own, key=lambda v: abs(own[v] - control))
    name = Arg(value, "text") if value else Arg("ab.segment.blank", "label")
    return {"which": name, "v": Arg(variant, "text"), "a": Arg(control, "ratio"), "b": Arg(own[variant], "ratio")}


def _by_segment(reader: Reader) -> Iterable[dict[str, list[int]]]:
    """Of each kind of segments the units of every arm by value."""
    units = reader.sums.segments.get(("", ""), {})
    for kind in dict.fromkeys(segment for segment, _ in units):
        own = {value: arms for (segment, value), arms in units.items() if segment == kind}
        yield {v: [arms[a].units if a in arms else 0 for a in reader.sums.variants] for v, arms in own.items()}


# ---- the units -------------------------------------------------------------------------------------------------


def _units(reader: Reader, rows: Rows) -> Iterable[Check]:
    """Units in several versions, and rows that are not units: sums are by unit either way."""
    health = rows.health
    if health.units is None:
        yield Check("both", "none")
        return
    share = (health.both or 0) / max(health.units, 1)
    light = "fail" if share > BOTH else "warn" if share > 0 else "ok"
    seen, limit = Arg(share, "rate"), Arg(BOTH, "rate")
    yield Check("both", light, seen, limit, (("share", Arg(share, "rate")),))
    if health.several:
        yield Check("repeated", "warn", Arg(health.several, "count"), Arg(0, "count"))


def _before(reader: Reader, found: Sequence[Effect]) -> Check | None:
    """What was there before the test may not differ between the arms."""
    known = [e for e in found if reader.form(e.metric).pair[1] == f"pre_{e.metric.pair[0]}"]
    if not known:
        return None
    tests = []
    for effect in known:
        arms = reader.sums.whole[reader.form(effect.metric).pair]
        tests.append(means.compare(arms[reader.control].other_moments, arms[effect.variant].other_moments, BEFORE))
    off = [t for t in tests if t.differs]
    largest = max((t.lift for t in tests if t.lift is not None), key=abs, default=None)
    seen = Arg(largest, "growth") if largest is not None else None
    return Check("before", "warn" if off else "ok", seen, Arg(0.0, "growth"))


def _heaviest(rows: Rows) -> Check | None:
    known = [share for share in rows.health.heaviest.values() if share is not None]
    if not known:
        return None
    return Check("heaviest", "warn" if max(known) > HEAVY else "ok", Arg(max(known), "ratio"), Arg(HEAVY, "ratio"))


def _odd_day(reader: Reader, found: Sequence[Effect]) -> Check | None:
    """Of a rotation, whose units are days, those of which the deciding metric lies far from its version's other days.

    Far: more than ``ODD`` robust standard deviations (1.4826 times the median distance) from the median of the version,
    and half of that median at least, since the spread of a week of days is known badly.
    """
    if reader.plan.allocation != "rotation":
        return None
    metric = next(effect.metric for effect in found if effect.metric.role == "decision")
    values: dict[str, list[float]] = {}
    for arms in reader.sums.days.get(metric.pair, {}).values():
        for variant, arm in arms.items():
            if not metric.pair[1] or arm.other > 0:
                values.setdefault(variant, []).append(arm.ratio if metric.pair[1] else arm.mean)
    days = sum(map(_far, values.values()))
    return Check("odd_day", "warn" if days else "ok", Arg(days, "count.days"), Arg(0, "count.days"))


def _far(values: Sequence[float]) -> int:
    """How many lie far from the rest."""
    import numpy as np

    middle = float(np.median(values))
    distances = np.abs(np.asarray(values, float) - middle)
    return int((distances > max(ODD * SPREAD * float(np.median(distances)), abs(middle) / 2)).sum())


def _trimmed(reader: Reader, rows: Rows, found: Sequence[Effect]) -> Check | None:
    """Whether a figure per unit says the same when its extremes are cut to the value that one in a thousand exceeds."""
    part = reader.sums.early or reader.sums.late  # extremes were cut of all days together
    if reader.plan.allocation != "randomised" or part or not len(rows.trimmed):
        return None
    changed, asked = 0, 0
    for effect in (e for e in found if e.metric.role in ("decision", "guardrail") and e.metric.pair[1] == ""):
        own = rows.trimmed[rows.trimmed["metric"] == effect.metric.pair[0]].set_index("variant")
        if {reader.control, effect.variant} <= set(own.index):
            control, variant = (_moments(own.loc[v]) for v in (reader.control, effect.variant))
            other, asked = means.compare(control, variant, reader.plan.alpha), asked + 1
            changed += other.differs != effect.comparison.differs
    if not asked:
        return None
    seen = Arg("ab.seen.changed" if changed else "ab.seen.same", "label")
    return Check("trimmed", "warn" if changed else "ok", seen, Arg("ab.seen.same", "label"))


def _moments(row: Any) -> Moments:
    return Moments(int(row["units"]), float(row["total"]), float(row["squares"]))
