"""A/B tests: which version wins, by how much, how sure, and what to do with it.

A test goes through gates in a fixed order (data, sample ratio, units, whole weeks, plan, guardrails) to one verdict by
one table (``decide``); its sentence, its drawings and its machine-readable numbers are all made of the same comparison.
What is compared are sums: rows stay in the database. Only what was split at random can end in "ship".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from kit.analyses.abtest import appendix, declare, exhibits, judge, programme, sentences, taken
from kit.analyses.abtest import overview as page
from kit.analyses.abtest.change import Around
from kit.analyses.abtest.declare import Pair, Plan
from kit.analyses.abtest.judge import Test
from kit.analyses.abtest.programme import Programme
from kit.findings import Exhibit, Finding, Heading, Missing, Shown

__all__ = ["Result", "analyse", "numbers", "overview", "show", "wanted"]

RATE = 0.05
TAKEN = ("kpi", "overlap")
"""Parts of keys that are no test's."""


@dataclass(frozen=True)
class Result:
    """The tests that were live in the period, in the order of the sheet, and the programme of all of them."""

    tests: tuple[Test, ...]
    programme: Programme
    start: dt.date
    end: dt.date


def wanted(experiments: pd.DataFrame | None) -> tuple[Pair, ...]:
    """The ratios that plans may ask for: what sums have to be made beside those of single figures."""
    return declare.pairs(_plans(experiments))


def analyse(
    experiments: pd.DataFrame | None,
    trials: Sequence[Any],
    shared: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    cutoff: dt.date | None,
    *,
    false_discovery: float = RATE,
    shops: pd.DataFrame | None = None,
    promotions: pd.DataFrame | None = None,
    earlier: Sequence[Mapping[str, Any]] = (),
) -> Result:
    """Every test that was live between ``start`` and ``end``.

    ``experiments``: the sheet of plans; ``trials``: of each test with data its ``trial``, ``sums``, ``trimmed`` and
    ``health`` as ``kit.trials`` makes them; ``shared``: units that two of them have in common; ``cutoff``: the last day
    that the data reach. ``false_discovery``: for secondary metrics, and for all tests together. ``shops`` (the table
    ``shop_daily``) and ``promotions`` are what changes that were made on a day are held against. ``earlier``: the JSON
    of this report for earlier periods, which are looks at what they showed.
    """
    plans = [taken.counted(plan, earlier) for plan in _plans(experiments)]
    live = [(plan, data) for plan, data in _paired(plans, trials) if _live(plan, data, start, end)]
    tests = tuple(judge.judge(plan, data, cutoff, false_discovery, Around(shops, promotions)) for plan, data in live)
    ran = {plan.name: _span(plan, data) for plan, data in live if data is not None}
    return Result(tests, programme.programme(_judged(tests), false_discovery, _named(shared, live), ran), start, end)


def overview(result: Result) -> Shown:
    """All tests on one page; without any, what would be needed."""
    if not result.tests:
        return Shown(missing=(Missing("abtest", "question.abtest", ("experiment_units",)),))
    found = tuple(page.findings(result.tests, result.programme))
    made = tuple(page.exhibits(result.tests, result.programme, found))
    return Shown(found, made, tuple(page.kpis(result.tests)))


def show(result: Result) -> Shown:
    """Test by test: verdict, effects, days, segments, money, size, health."""
    found: list[Finding] = []
    made: list[Exhibit | Heading] = []
    for test in result.tests:
        own = sentences.findings(test)
        found += own
        made += exhibits.exhibits(test, own)
    return Shown(tuple(found), tuple(made))


def numbers(result: Result) -> Shown:
    """For whoever checks: all values with their p, the Bayesian reading, the check of the sums."""
    parts = [appendix.numbers(result.tests), appendix.reading(result.tests)]
    found = [f for findings, _ in parts for f in findings]
    return Shown((*found, *appendix.checked()), tuple(e for _, shown in parts for e in shown))


def _plans(experiments: pd.DataFrame | None) -> list[Plan]:
    """The sheet's plans by their start; each has a key of its own."""
    made = [] if experiments is None else [declare.plan(row) for row in experiments.to_dict("records")]
    return sorted(_keyed(made), key=lambda plan: (plan.start or dt.date.min, plan.key))


def _keyed(plans: Sequence[Plan]) -> list[Plan]:
    """Each plan's key is its own: of several that slug alike the first of the sheet keeps it."""
    used, made = {*TAKEN}, []
    for plan in plans:
        key = declare.keys([plan.name], used)[plan.name] if plan.key in used else plan.key
        used.add(key)
        made.append(replace(plan, key=key))
    return made


def _paired(plans: Sequence[Plan], trials: Sequence[Any]) -> list[tuple[Plan, Any]]:
    """Every plan with its data, which bear its name, its stated key, or (if no other plan's) its key as a file has it;
    then data without a plan."""
    by_name = {data.trial.name: data for data in trials}
    exact = {name for plan in plans for name in (plan.name, plan.stated)}
    loose = {name: data for name, data in by_name.items() if name not in exact}
    found = [(plan, by_name.get(plan.name) or by_name.get(plan.stated) or loose.get(plan.key)) for plan in plans]
    taken = {data.trial.name for _, data in found if data is not None}
    alone = sorted(name for name in by_name if name not in taken)
    keys = declare.keys(alone, [*TAKEN, *(plan.key for plan in plans)])
    return [*found, *((replace(declare.undeclared(name), key=keys[name]), by_name[name]) for name in alone)]


def _live(plan: Plan, data: Any, start: dt.date, end: dt.date) -> bool:
    """Whether the plan's days, or the data's where the plan has none, meet the period; unsaid days exclude nothing."""
    span = _span(plan, data)
    return span is None or (span[0] <= end and span[1] >= start)


def _span(plan: Plan, data: Any) -> tuple[dt.date, dt.date] | None:
    trial = data.trial if data is not None else None
    first = plan.start or (trial.start if trial else None)
    last = plan.end or (trial.end if trial else None)
    if first is None and last is None:
        return None
    return first or dt.date.min, last or dt.date.max


def _judged(tests: Sequence[Test]) -> list[programme.Judged]:
    return [
        (test.plan, variant.name, variant.decision.verdict, variant.effect.p if variant.effect else None)
        for test in tests
        for variant in test.variants
    ]


def _named(shared: pd.DataFrame, live: Sequence[tuple[Plan, Any]]) -> pd.DataFrame:
    """The table of shared units by the plans' names."""
    names = {data.trial.name: plan.name for plan, data in live if data is not None}
    both = shared["a"].isin(list(names)) & shared["b"].isin(list(names))
    return shared[both].assign(a=shared["a"].map(names), b=shared["b"].map(names))
