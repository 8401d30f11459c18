"""What tests, variants, metrics and exhibits are called, and how an effect is written in a sentence."""

from __future__ import annotations

from kit.analyses.abtest.declare import KNOWN, Metric, keys
from kit.analyses.abtest.judge import Judged, Test
from kit.analyses.abtest.segments import Group
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.findings import Arg, Note
from kit.stats.experiment import rotation
from kit.stats.experiment.comparison import Comparison

KEY = "abtest"
DIFFERENCES = {"rate": "points+1", "ratio": "points", "price": "price"}
"""In what a difference of a metric's values is written."""
METHODS = {"score_miettinen_nurminen": "score", "welch_fieller": "welch", "delta_fieller": "delta"}
METHODS |= {"cuped_fieller": "cuped", "confidence_sequence": "sequence", "rotation_permutation": "rotation"}


def exhibit(test: Test, one: Judged | None, name: str) -> str:
    """The key of an exhibit: of a variant, or of the test."""
    part = f".{test.keys[one.name]}" if one and name != "health" else ""
    return f"{KEY}.{test.plan.key}{part}.{name}"


OWN = ("days", "health", "money", "price", "size", "next", "split", "verdict")
"""Parts of keys that name no metric."""


def part(test: Test, variant: str, name: str) -> str:
    """The key of a finding on a variant (blank: of a test without any); ``name``: of ``OWN``, or a metric's part."""
    end = f".{test.keys[variant]}" if variant else ""
    return f"{KEY}.{test.plan.key}.{name}{end}"


def measure(test: Test, name: str) -> str:
    """A metric's part of a key, no other's and none of ``OWN``."""
    return keys([test.plan.primary, *(effect.metric.name for effect in test.effects)], OWN)[name]


def readable(test: Test, one: Judged) -> bool:
    """Whether numbers may stand beside the verdict: not of unsound data, nor of a plan read once that is not over."""
    name = one.decision.verdict
    return name not in (Verdict.NONE, Verdict.FIX) and (name != Verdict.RUN or test.plan.sequential)


def by_days(test: Test, one: Judged) -> bool:
    """Whether the days of a test are the units of its deciding metric."""
    assert test.reader and one.effect
    return not test.reader.sums.by_unit and test.reader.form(one.effect.metric).by is not None


def about(test: Test, one: Judged) -> dict[str, Arg]:
    """Test, variant, control and deciding metric by name."""
    assert one.effect
    names = {"test": test.plan.name, "v": one.name, "c": test.control}
    return {key: Arg(text, "text") for key, text in names.items()} | {"metric": metric(one.effect.metric)}


def metric(one: Metric) -> Arg:
    """A metric's name in the reader's language; a column of the data as it is called."""
    return called(one.name)


def called(name: str) -> Arg:
    return Arg(f"ab.metric.{name}", "label") if name in KNOWN else Arg(name, "text")


def method(found: Comparison) -> str:
    """The test that was made, as the box of methods explains it."""
    return f"method.ab.{METHODS.get(found.method.removeprefix('dunnett_'), 'table')}"


def group(one: Group) -> Arg:
    """A segment's value; units that state none have a name, too."""
    return Arg(one.value, "text") if one.value else Arg("ab.segment.blank", "label")


def relative(found: Comparison) -> dict[str, Arg]:
    ends = {"lift_s": found.lift, "lo_s": found.lift_low, "hi_s": found.lift_high}
    return {name: Arg(value, "growth") for name, value in ends.items()}


def absolute(one: Judged) -> dict[str, Arg]:
    assert one.effect
    found, unit = one.effect.comparison, DIFFERENCES.get(one.effect.metric.unit, "index")
    ends = {"diff_s": found.difference, "lo_s": found.low, "hi_s": found.high}
    return {name: Arg(value, unit) for name, value in ends.items()}


def plainly(test: Test, one: Judged) -> dict[str, Arg]:
    """Both values as they were recorded, where what is compared is adjusted: by weekday and drift."""
    assert one.effect and test.reader
    of = one.effect.metric
    arms = [test.reader.sums.whole[of.pair][name] for name in (test.control, one.name)]
    values = [arm.ratio if of.pair[1] else arm.mean for arm in arms]
    return {key: Arg(value, of.unit) for key, value in zip(("a_0", "b_0"), values, strict=True)}


def evidence(test: Test, one: Judged) -> Note | None:
    """Both values, their difference with its interval, and how many units there were."""
    assert one.effect and test.reader
    found, unit = one.effect.comparison, one.effect.metric.unit
    if not readable(test, one) or found.control is None:
        return None
    people = test.reader.sums.people
    args = about(test, one) | {"a": Arg(found.control, unit), "b": Arg(found.variant, unit)}
    args |= {"n": Arg(people.get(one.name, 0) + people.get(test.control, 0), "count")}
    if found.low is None:
        return Note("ab.ev_values", args)
    if found.method == rotation.METHOD:
        days = {"n": Arg(len(test.dates), "count"), "lvl": Arg(found.level, "level")}
        return Note("ab.ev_rotation", args | absolute(one) | plainly(test, one) | days)
    steadied = test.reader.steadied(one.effect.metric, one.effect.variant) is not None
    key = "ab.ev_steadied" if steadied else "ab.ev"
    return Note(key, args | absolute(one) | {"lvl": Arg(found.level, "level")})
