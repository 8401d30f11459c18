"""The drawings and tables of one test: effects, days, segments, money, size, health."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kit.analyses.abtest import change_page
from kit.analyses.abtest.effects import ADJUSTED, Effect
from kit.analyses.abtest.judge import Judged, Test
from kit.analyses.abtest.money import MONTH
from kit.analyses.abtest.more import TESTED, drawn, payback, segment_keys, visible, weekdays
from kit.analyses.abtest.names import DIFFERENCES, about, absolute, by_days, exhibit, group, metric, plainly, readable
from kit.analyses.abtest.next_test import Size
from kit.analyses.abtest.segments import Split
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Heading, Note, Table, plain
from kit.stats.experiment import fisher, rotation
from kit.stats.experiment.sums import Counts

FEW = ("few_successes", "few_failures")
"""Warnings of a test of shares beside which Fisher's exact p is told."""


def exhibits(test: Test, found: Sequence[Finding]) -> Iterable[Exhibit | Heading]:
    """A heading, then what the findings point at, in the order in which a reader asks."""
    made = [made for one in test.variants for made in _of(test, one)]
    made += [made for one in test.changes for made in change_page.exhibits(test, one)]
    if test.checks:
        made.append(_health(test))
    shown = [(each, tuple(f.key for f in found if f.exhibit == each.key)) for each in made]
    shown = [(each, keys) for each, keys in shown if keys]
    if shown:
        yield Heading(f"{test.plan.key}", Arg(test.plan.name, "text"))
    for each, keys in shown:
        yield Exhibit(each.key, each.form, each.table, keys, each.notes, each.options)


def _of(test: Test, one: Judged) -> Iterable[Exhibit]:
    if not readable(test, one) or one.decision.verdict == Verdict.WEAK:
        return
    yield _forest(test, one)
    if test.plan.allocation == "rotation":
        yield _rotated(test, one)
    if drawn(one):
        yield _days(test, one)
    yield from (_segments(test, one, split) for split in one.segments)
    if one.money:
        yield _money(test, one)
    if one.size and one.size.path:
        yield _power(test, one)
    if one.size and one.size.curve:
        yield _size(test, one)


def _table(key: str, columns: Iterable[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> Table:
    heads = tuple(Column(name, unit, f"col.ab.{name}") for name, unit in columns)
    return Table(key, heads, tuple(tuple(row) for row in rows))


EFFECT = (("metric", "figure"), ("effect", "growth"), ("low", "growth"), ("high", "growth"), ("n", "count"))


def _forest(test: Test, one: Judged) -> Exhibit:
    """Every metric's relative change, the deciding one first."""
    key, own = exhibit(test, one, "forest"), test.of(one.name)
    rows = [(metric(e.metric), *_ends(e), _units(test, e)) for e in own]
    options: dict[str, Any] = {"highlight": [0], "whole": True}
    if test.plan.mde and test.plan.allocation in TESTED:
        options["band"] = [-test.plan.mde, test.plan.mde]
    return Exhibit(key, "intervals", _table(key, EFFECT, rows), (), tuple(_forest_notes(test, one, own)), options)


def _ends(effect: Effect) -> tuple[float | None, float | None, float | None]:
    found = effect.comparison
    return found.lift, found.lift_low, found.lift_high


def _units(test: Test, effect: Effect) -> int:
    """Units of both arms: where they took turns, the days."""
    assert test.reader
    if test.plan.allocation == "rotation":
        return len(test.dates)
    people = test.reader.sums.people
    return people.get(test.control, 0) + people.get(effect.variant, 0)


def _forest_notes(test: Test, one: Judged, own: Sequence[Effect]) -> Iterable[Note]:
    plan = test.plan
    level = {"lvl": Arg(1 - plan.alpha, "level")}
    if plan.allocation not in TESTED:
        yield Note("note.ab.values")
    elif plan.mde:
        yield Note("note.ab.forest", level | {"margin": Arg(plan.mde, "ratio")})
    else:
        yield Note("note.ab.forest_bare", level)
    if len(test.variants) > 1 and plan.allocation in TESTED:
        equal = plan.sequential or plan.allocation == "rotation"
        yield Note(f"note.ab.several{'_equal' if equal else ''}")
    yield source(test)
    for guard in (e.metric for e in own if e.metric.margin is not None):
        yield Note("note.ab.margin", {"guard": metric(guard), "margin": Arg(guard.margin, "ratio")})
    many = [e for e in own if e.metric.role in ADJUSTED and e.adjusted is not None]
    if many:
        yield Note("note.ab.many", {"n": Arg(len(many), "count"), "lvl": Arg(many[0].comparison.level, "level")})
    for effect in own:
        yield from _asides(test, one, effect)
    if any(effect.metric.unit == "price" for effect in own):
        yield Note("note.ab.refunds")


def _asides(test: Test, one: Judged, effect: Effect) -> Iterable[Note]:
    """What was adjusted, what has no percentage, and the exact test where counts are small."""
    assert test.reader
    args = about(test, one) | {"metric": metric(effect.metric)}
    less = test.reader.steadied(effect.metric, effect.variant)
    if less:
        yield Note("note.ab.steadied", args | {"share": Arg(less.reduction, "ratio")})
    if effect.comparison.method == rotation.METHOD and effect.comparison.lift is not None:
        yield Note("note.ab.rotation_raw", args | plainly(test, Judged(one.name, one.decision, effect)))
    if effect.comparison.withheld and test.plan.allocation in TESTED:
        yield _withheld(one, effect, args)
    if set(FEW) & set(effect.comparison.warnings) and effect.metric.role == "decision":
        arms = test.reader.arms(effect.metric)
        control, variant = arms[test.control], arms[effect.variant]
        if isinstance(control, Counts):
            p = fisher.test(control, variant).p
            yield Note("note.ab.fisher", args | {"value": Arg(p, "index+1")})


def _withheld(one: Judged, effect: Effect, args: dict[str, Arg]) -> Note:
    """Why a metric has no percentage or no interval; a difference that is known stands instead."""
    told = args | {"why": Arg(f"ab.why.{effect.comparison.withheld[0]}", "label")}
    if effect.comparison.low is None:
        return Note("note.ab.withheld", told)
    return Note("note.ab.nolift", told | absolute(Judged(one.name, one.decision, effect)))


def source(test: Test) -> Note:
    file = {"file": Arg(f"table.{test.table}", "label")}
    if not test.dates:
        return Note("note.ab.source_undated", file)
    return Note("note.ab.source", file | {"start": _day(test.dates[0]), "end": _day(test.dates[-1])})


def _day(at: Any) -> Arg:
    return Arg(plain(at), "date")


WEEKDAYS = (("weekday", "label"), ("effect", "growth"), ("low", "growth"), ("high", "growth"))
DAYS = (("date", "date"), ("effect", "growth"), ("low", "growth"), ("high", "growth"))


def _days(test: Test, one: Judged) -> Exhibit:
    """The effect as it was known after each day; days before anything can be said are left out."""
    key, plan = exhibit(test, one, "days"), test.plan
    rows = [(plain(at), c.lift, c.lift_low, c.lift_high) for at, c in drawn(one)]
    options: dict[str, Any] = {"end": plain(plan.end)} if test.early else {}
    if plan.mde:
        options["band"] = [-plan.mde, plan.mde]
    note = Note(f"note.ab.days{'_sequential' if plan.sequential else ''}", {"lvl": Arg(1 - plan.alpha, "level")})
    return Exhibit(key, "effect_path", _table(key, DAYS, rows), (), (note,), options)


def _rotated(test: Test, one: Judged) -> Exhibit:
    """The versions' relative difference on each weekday, as they are compared."""
    key = exhibit(test, one, "days")
    rows = [(f"ab.weekday.{weekday}", lift, None, None) for weekday, lift in weekdays(test, one)]
    ahead = [n for n, row in enumerate(rows) if row[1] is not None and row[1] * test.plan.better > 0]
    options = {"highlight": ahead, "whole": True}
    notes = (Note("note.ab.rotation_days"), source(test))
    return Exhibit(key, "intervals", _table(key, WEEKDAYS, rows), (), notes, options)


SEGMENT = (("segment", "figure"), ("effect", "growth"), ("low", "growth"), ("high", "growth"), ("n", "count"))


def _segments(test: Test, one: Judged, split: Split) -> Exhibit:
    key = exhibit(test, one, f"segments_{segment_keys(one)[split.segment]}")
    assert test.reader and one.effect
    size = _units(test, one.effect)
    people = test.reader.sums.people
    rows = []
    for each in split.groups:
        found, (a, b) = each.comparison, each.shares
        count = round(a * people.get(test.control, 0) + b * people.get(one.name, 0)) if size else 0
        rows.append((group(each), found.lift, found.lift_low, found.lift_high, count))
    notes = [Note("note.ab.segments", {"lvl": Arg(1 - test.plan.alpha, "level")})]
    if split.test:
        power = Arg(test.plan.power, "ratio")
        notes.append(Note("note.ab.segments_seen", {"gap": visible(test, one, split.test), "power": power}))
    if split.standard and split.standard.comparison.difference is not None:
        notes.append(_standard(one, split))
    return Exhibit(key, "intervals", _table(key, SEGMENT, rows), (), tuple(notes), {"whole": True})


def _standard(one: Judged, split: Split) -> Note:
    assert split.standard and one.effect
    unit = DIFFERENCES.get(one.effect.metric.unit, "index")
    ends = {"pooled_s": split.standard.pooled, "standard_s": split.standard.comparison.difference}
    return Note("note.ab.standard", {name: Arg(value, unit) for name, value in ends.items()})


MONEY = (("money", "label"), ("estimate", "money"), ("low", "money"), ("high", "money"))


def _money(test: Test, one: Judged) -> Exhibit:
    """Per many units and per month, at the estimate and at both ends."""
    assert one.money
    key, money = exhibit(test, one, "money"), one.money
    rows: list[Sequence[Any]] = [("ab.money.many", *money.per_many)]
    if money.per_month:
        rows.append(("ab.money.month", *money.per_month))
    return Exhibit(key, "table", _table(key, MONEY, rows), (), tuple(_money_notes(one)))


def _money_notes(one: Judged) -> Iterable[Note]:
    money = one.money
    assert money and one.effect
    yield Note("note.ab.money", {"lvl": Arg(money.level, "level")})
    wanted = {"better": 1, "worse": -1}.get(one.effect.outcome, 0)
    if wanted and money.sign != wanted:
        unlike = "against" if money.sign else "unconfirmed"
        yield Note(f"note.ab.money_{unlike}", {"metric": metric(one.effect.metric)})
    if money.loss:
        yield Note("note.ab.risk", {"loss": Arg(money.loss, "money")})
    back = payback(money)
    if back:
        yield back
    if money.daily:
        yield Note("note.ab.money_month", {"n": Arg(MONTH, "count"), "units": Arg(money.daily, "count")})


POWER = (("target", "ratio"), ("per_arm", "count"), ("planned", "label"))


def _power(test: Test, one: Judged) -> Exhibit:
    """Units of each version against the smallest difference that they find."""
    assert one.size
    key, size, planned = exhibit(test, one, "power"), one.size, test.plan.mde
    names = {size.detectable: "ab.size.found", planned: "ab.size.planned"}
    rows = [(lift, units, names.get(lift)) for lift, units in size.path]
    told = next((n for n, row in enumerate(rows) if row[0] == size.detectable), None)
    options = {} if told is None else {"highlight": told}
    return Exhibit(key, "curve", _table(key, POWER, rows), (), (_power_note(test, one),), options)


def _power_note(test: Test, one: Judged) -> Note:
    assert one.size and one.effect
    args = {"power": Arg(test.plan.power, "ratio"), "alpha": Arg(test.plan.alpha, "ratio")}
    args |= {"metric": metric(one.effect.metric), "base": Arg(one.size.base, one.effect.metric.unit)}
    return Note("note.ab.power", args)


SIZE = (("planned", "label"), ("target", "ratio"), ("per_arm", "count"), ("need_days", "count"))


def _size(test: Test, one: Judged) -> Exhibit:
    """What differences of several sizes would take."""
    assert one.size and one.effect
    key, size = exhibit(test, one, "size"), one.size
    rows: list[Sequence[Any]] = [
        (_beside(need.lift, test.plan.mde), need.lift, need.per_arm, need.days) for need in size.curve
    ]
    if size.detectable is not None:
        rows.insert(0, _found(test, size))
    columns = SIZE if any(need.days for need in size.curve) else SIZE[:-1]
    table = _table(key, columns, [row[: len(columns)] for row in rows])
    marks = {n: "own" for n, row in enumerate(rows) if row[0] == "ab.size.planned"}
    notes = [_power_note(test, one)] + ([Note("note.ab.size_days")] if by_days(test, one) else [])
    notes += [Note("note.ab.power_days")] if len(columns) == len(SIZE) else []
    return Exhibit(key, "table", Table(key, table.columns, table.rows, marks), (), tuple(notes))


def _found(test: Test, size: Size) -> tuple[Any, ...]:
    """What this test could detect: with the units and days that it had, if they were split as the others are."""
    if size.even:
        return "ab.size.found", size.detectable, size.units, len(test.dates) or None
    evenly = next((units for lift, units in size.path if lift == size.detectable), None)
    return "ab.size.found", size.detectable, evenly, None


def _beside(lift: float, planned: float | None) -> str:
    if planned is None:
        return "ab.size.possible"
    return "ab.size.planned" if lift == planned else f"ab.size.{'smaller' if lift < planned else 'larger'}"


HEALTH = (("check", "label"), ("light", "label"), ("seen", "figure"), ("limit", "figure"))


def _health(test: Test) -> Exhibit:
    """Every check with its light: a shape and a word, so that it reads in black and white."""
    key = exhibit(test, None, "health")
    rows = [(f"ab.check.{c.code}", f"ab.light.{c.light}", c.seen, c.limit) for c in test.checks]
    marks = {n: "own" for n, check in enumerate(test.checks) if check.light in ("warn", "fail")}
    table = _table(key, HEALTH, rows)
    notes = (Note("note.ab.health"), source(test))
    return Exhibit(key, "table", Table(key, table.columns, table.rows, marks), (), notes)
