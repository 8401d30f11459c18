"""For whoever checks the numbers: every metric with its p, the Bayesian reading, and the check of the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from kit.analyses.abtest import selfcheck
from kit.analyses.abtest.declare import Metric
from kit.analyses.abtest.effects import Effect
from kit.analyses.abtest.judge import Judged, Test
from kit.analyses.abtest.names import DIFFERENCES, KEY, METHODS, method, metric, readable
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kind, Note, Severity, Soundness, Table
from kit.stats.experiment import bayes, kinds, sequential
from kit.stats.experiment.bayes import Belief
from kit.stats.experiment.sums import Counts

NUMBERS = (
    ("test", "text"), ("version", "text"), ("metric", "figure"), ("role", "label"), ("control", "figure"),
    ("variant", "figure"), ("diff", "figure"), ("low", "figure"), ("high", "figure"), ("p", "index+1"),
)  # fmt: skip
READING = (("test", "text"), ("version", "text"), ("worse", "ratio"), ("loss", "ratio"), ("loss_keep", "ratio"))


def numbers(tests: Sequence[Test]) -> tuple[list[Finding], list[Exhibit]]:
    """Every metric of every test whose numbers may be read."""
    shown = [(t, one) for t in tests for one in t.variants if readable(t, one)]
    rows = [_number(t, effect) for t, one in shown for effect in t.of(one.name)]
    if not rows:
        return [], []
    key = f"{KEY}.numbers"
    table = Table(key, tuple(Column(n, unit, f"col.ab.{n}") for n, unit in NUMBERS), tuple(rows))
    facts: dict[str, Any] = {"exhibit": key, "n": len(rows), "method": "method.ab.many"}
    found = [Finding(key, "ab.numbers", {}, Verdict.KEPT, Severity.INFO, **facts), *_made(shown)]
    dashes = [Note("note.ab.dashes")] if any(cell is None for row in rows for cell in row) else []
    notes = (Note("note.ab.numbers"), *dashes, *_adjusted(shown))
    return found, [Exhibit(key, "table", table, tuple(f.key for f in found), notes)]


def _made(shown: Sequence[tuple[Test, Judged]]) -> Iterable[Finding]:
    """How often each test was made, so that each of them is explained, whichever of them decides."""
    own = [method(e.comparison) for t, one in shown for e in t.of(one.name) if e.comparison.p is not None]
    own += [f"method.ab.{METHODS[sequential.METHOD]}" for t, one in shown if one.looks and not t.plan.sequential]
    for name, n in Counter(own).items():
        args = {"method": Arg(f"{name}.term", "label"), "n": Arg(n, "count")}
        key = f"{KEY}.numbers.{name.rpartition('.')[2]}"
        facts: dict[str, Any] = {"exhibit": f"{KEY}.numbers", "method": name, "n": n}
        yield Finding(key, "ab.numbers_by", args, Verdict.KEPT, Severity.INFO, **facts)


def _adjusted(shown: Sequence[tuple[Test, Judged]]) -> Iterable[Note]:
    """Which metrics' values are those of arms made alike by what was known before."""
    own = [(t, e) for t, one in shown for e in t.of(one.name) if t.reader and t.reader.steadied(e.metric, e.variant)]
    for name, names in _by_test(own).items():
        args: dict[str, Any] = {"test": Arg(name, "text"), "which": [metric(m) for m in names]}
        yield Note("note.ab.numbers_steadied", args)


def _by_test(own: Iterable[tuple[Test, Effect]]) -> dict[str, list[Metric]]:
    found: dict[str, list[Metric]] = {}
    for test, effect in own:
        known = found.setdefault(test.plan.name, [])
        known += [] if effect.metric in known else [effect.metric]
    return found


def _number(test: Test, effect: Effect) -> tuple[Any, ...]:
    found, unit = effect.comparison, effect.metric.unit
    apart = DIFFERENCES.get(unit, "index")
    values = [Arg(value, unit) for value in (found.control, found.variant)]
    ends = [_figure(value, apart) for value in (found.difference, found.low, found.high)]
    role = f"ab.role.{effect.metric.role}"
    return (test.plan.name, effect.variant, metric(effect.metric), role, *values, *ends, effect.p)


def _figure(value: float | None, unit: str) -> Arg | None:
    return None if value is None else Arg(value, unit)


def reading(tests: Sequence[Test]) -> tuple[list[Finding], list[Exhibit]]:
    """How likely each variant is the worse one, and what choosing wrongly costs, as a part of the control's value."""
    shown = [(t, one, made) for t in tests for one in t.variants if (made := belief(t, one))]
    if not shown:
        return [], []
    rows = []
    for test, one, made in shown:
        assert one.effect and one.effect.comparison.control
        up, base = test.plan.better > 0, abs(one.effect.comparison.control)
        worse, losses = 1 - made.higher, (made.shortfall / base, made.excess / base)
        rows.append((test.plan.name, one.name, worse if up else made.higher, *(losses if up else losses[::-1])))
    key = f"{KEY}.reading"
    table = Table(key, tuple(Column(n, unit, f"col.ab.{n}") for n, unit in READING), tuple(rows))
    args = {"n": Arg(len(rows), "count")}
    facts: dict[str, Any] = {"exhibit": key, "method": "method.ab.bayes"}
    said = Finding(key, "ab.bayes_many", args, Verdict.KEPT, Severity.INFO, **facts)
    return [said], [Exhibit(key, "table", table, (key,), (Note("note.ab.bayes"),))]


def belief(test: Test, one: Judged) -> Belief | None:
    """Of a randomised variant's deciding metric; None where it was not tested, or has no lift."""
    if not readable(test, one) or test.plan.allocation != "randomised" or not one.effect or not test.reader:
        return None
    found = one.effect.comparison
    if found.p is None or found.lift is None:
        return None
    arms, by = test.reader.arms(one.effect.metric), test.reader.form(one.effect.metric).by
    control, variant = arms[test.control], arms[one.name]
    if isinstance(control, Counts) and isinstance(variant, Counts):
        return bayes.of_rates(control, variant)
    made = kinds.module_of(control, by).estimates(control, variant)
    return bayes.of_difference(made.difference, made.variance**0.5)


def checked() -> Iterable[Finding]:
    """Published figures worked out anew on the machine that makes the report."""
    found = selfcheck.run()
    off = [one for one in found if not one.agrees]
    args = {"n": Arg(len(found), "count"), "m": Arg(len(off), "count")}
    facts: dict[str, Any] = {"kind": Kind.DATA, "unsound": bool(off)}
    sentence, severity = ("ab.selfcheck_off", Severity.HIGH) if off else ("ab.selfcheck", Severity.INFO)
    verdict = Soundness.BROKEN if off else Verdict.KEPT
    yield Finding(f"{KEY}.selfcheck", sentence, args, verdict, severity, **facts)
