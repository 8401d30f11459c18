"""All tests on one page: verdicts, what chance alone would have made, what was learnt, which tests touch each other."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kit.analyses.abtest.judge import Judged, Test
from kit.analyses.abtest.names import KEY, metric, readable
from kit.analyses.abtest.programme import Overlap, Programme
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kind, Kpi, Note, Severity, Soundness, Table, plain

ALL = (
    ("test", "text"), ("version", "text"), ("verdict", "label"), ("metric", "figure"), ("lift", "growth"),
    ("low", "growth"), ("high", "growth"), ("stands", "label"),
)  # fmt: skip
NAMED = 6
"""Tests that a sentence names at most."""
LEARNT = (("test", "text"), ("run", "dates"), ("hypothesis", "text"), ("verdict", "label"))


def findings(tests: Sequence[Test], found: Programme) -> Iterable[Finding]:
    """How many won beside how many would by chance; what stands when all are held together; tests that touch."""
    yield _won(len(tests), found)
    claims = _claims(tests, found)
    if claims:
        yield _stands(found, claims)
    names = {test.plan.name: test.plan.key for test in tests}
    unknown = [one for one in found.overlaps if one.share is None]
    if len(unknown) > 1:
        yield _at_once(unknown)
    yield from (_overlap(one, names) for one in found.overlaps if one.share is not None or len(unknown) == 1)
    if any(test.plan.hypothesis for test in tests):
        args = {"n": Arg(len(tests), "count")}
        where = f"{KEY}.learnt"
        yield Finding(f"{KEY}.learnt", "ab.learnt", args, Verdict.KEPT, Severity.INFO, exhibit=where)


def _won(tests: int, found: Programme) -> Finding:
    """Of all tests those that could be judged, and of these those that won."""
    args = {"n": tests, "m": found.tests, "k": found.won}
    said = {name: Arg(count, "count") for name, count in args.items()} | {"f": Arg(found.by_chance, "index")}
    few = found.by_chance < 1
    sentence = f"ab.prog{'' if found.won else '_none'}{'_few' if few else ''}" if found.tests else "ab.prog_idle"
    facts: dict[str, Any] = {"value": float(found.won), "unit": "count", "n": found.tests}
    facts |= {"method": "method.ab.table", "exhibit": f"{KEY}.all"}
    return Finding(f"{KEY}.programme", sentence, said, Verdict.FALSE_ALARMS, Severity.LOW, **facts)


def _claims(tests: Sequence[Test], found: Programme) -> dict[tuple[str, str], bool]:
    """Whether each difference that a verdict claims stands; nothing where there is but one comparison to hold."""
    named = ((test.plan.key, one) for test in tests for one in test.variants if _claimed(one))
    known = {(key, one.name): found.stands.get((key, one.name)) for key, one in named}
    return {at: stands for at, stands in known.items() if stands is not None} if len(found.stands) > 1 else {}


def _claimed(one: Judged) -> bool:
    return one.effect is not None and one.effect.comparison.differs and one.decision.verdict != Verdict.SAME


def _stands(found: Programme, claims: Mapping[tuple[str, str], bool]) -> Finding:
    args = {"n": Arg(len(claims), "count"), "k": Arg(sum(claims.values()), "count"), "rate": Arg(found.rate, "ratio")}
    facts: dict[str, Any] = {"method": "method.ab.many", "exhibit": f"{KEY}.all"}
    return Finding(f"{KEY}.discovery", "ab.discovery", args, Verdict.FALSE_ALARMS, Severity.INFO, **facts)


def _overlap(one: Overlap, keys: Mapping[str, str]) -> Finding:
    """A limit of the data: either result may be touched by the other."""
    args = {"a": Arg(one.a, "text"), "b": Arg(one.b, "text")}
    key = f"{KEY}.overlap.{keys[one.a]}.{keys[one.b]}"
    facts: dict[str, Any] = {"kind": Kind.DATA}
    if one.share is None:
        args |= {"n": Arg(one.days, "count")}
        return Finding(key, "ab.overlap_days", args, Soundness.LIMITED, Severity.LOW, **facts)
    args |= {"n": Arg(one.units, "count"), "share": Arg(one.share, "ratio")}
    return Finding(key, "ab.overlap", args, Soundness.LIMITED, Severity.MEDIUM, **facts)


def _at_once(overlaps: Sequence[Overlap]) -> Finding:
    """Tests that ran on the same days, of which nothing shows whether they share units: few that are in every pair."""
    left, names = [(one.a, one.b) for one in overlaps], list[str]()
    while left:
        counts = Counter(name for pair in left for name in pair)
        names.append(max(sorted(counts), key=lambda name: counts[name]))
        left = [pair for pair in left if names[-1] not in pair]
    which = [Arg(name, "text") for name in names[:NAMED]]
    args: dict[str, Any] = {"n": Arg(len(overlaps), "count"), "which": which}
    sentence = "ab.overlap_more" if len(names) > NAMED else "ab.overlap_many"
    return Finding(f"{KEY}.overlap.days", sentence, args, Soundness.LIMITED, Severity.LOW, kind=Kind.DATA)


def exhibits(tests: Sequence[Test], found: Programme, made: Sequence[Finding]) -> Iterable[Exhibit]:
    keys = {name: tuple(f.key for f in made if f.exhibit == f"{KEY}.{name}") for name in ("all", "learnt")}
    yield _all(tests, found, keys["all"])
    if keys["learnt"]:
        yield _learnt(tests, keys["learnt"])


def _all(tests: Sequence[Test], found: Programme, keys: tuple[str, ...]) -> Exhibit:
    """A row per variant; a test without any has one that says so."""
    claims = _claims(tests, found)
    rows = [row for test in tests for row in _rows(test, claims)]
    columns = ALL if claims else ALL[:-1]
    heads = tuple(Column(name, unit, f"col.ab.{name}") for name, unit in columns)
    notes = [Note("note.ab.all")] + ([Note("note.ab.discovery")] if len(columns) == len(ALL) else [])
    notes += [Note("note.ab.dashes")] if any(row[4] is None for row in rows) else []
    table = Table(f"{KEY}.all", heads, tuple(row[: len(columns)] for row in rows))
    return Exhibit(f"{KEY}.all", "table", table, keys, tuple(notes))


def _rows(test: Test, claims: Mapping[tuple[str, str], bool]) -> Iterable[tuple[Any, ...]]:
    if not test.variants:
        lift = test.changes[0].lift if test.changes else None
        yield (test.plan.name, "—", f"ab.verdict.{test.verdict}", None, *(lift or (None, None, None)), None)
    for one in test.variants:
        stands = claims.get((test.plan.key, one.name))
        said = None if stands is None else f"ab.stands.{'yes' if stands else 'no'}"
        named = f"ab.verdict.{one.decision.verdict}"
        yield (test.plan.name, one.name, named, _metric(one), *_ends(test, one), said)


def _metric(one: Judged) -> Arg | None:
    return metric(one.effect.metric) if one.effect else None


def _ends(test: Test, one: Judged) -> tuple[float | None, float | None, float | None]:
    """Nothing where the numbers are not to be read."""
    if not one.effect or not readable(test, one):
        return None, None, None
    if test.changes:
        return test.change(one.name).lift or (None, None, None)
    found = one.effect.comparison
    return found.lift, found.lift_low, found.lift_high


def _learnt(tests: Sequence[Test], keys: tuple[str, ...]) -> Exhibit:
    rows = [(test.plan.name, _ran(test), test.plan.hypothesis or "—", f"ab.verdict.{test.verdict}") for test in tests]
    heads = tuple(Column(name, unit, f"col.ab.{name}") for name, unit in LEARNT)
    return Exhibit(f"{KEY}.learnt", "table", Table(f"{KEY}.learnt", heads, tuple(rows)), keys)


def _ran(test: Test) -> dict[str, Any] | None:
    """First and last day: each as planned, else as the data have it."""
    start, end, seen = test.plan.start, test.plan.end, test.dates
    days: list[dt.date] = [*([start] if start else seen[:1]), *([end] if end else seen[-1:])]
    return {"start": plain(min(days)), "end": plain(max(days))} if days else None


def kpis(tests: Sequence[Test]) -> Iterable[Kpi]:
    """How many tests there were, and what is to become of them."""
    yield Kpi(f"{KEY}.kpi.tests", "ab.kpi.tests", Arg(len(tests), "count"))
    groups = {"ship": (Verdict.SHIP, Verdict.RECOMMEND), "fix": (Verdict.FIX,), "same": (Verdict.SAME,)}
    for name, verdicts in groups.items():
        count = sum(test.verdict in verdicts for test in tests)
        yield Kpi(f"{KEY}.kpi.{name}", f"ab.kpi.{name}", Arg(count, "count"))
