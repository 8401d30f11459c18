"""One test from its data to its verdict: comparisons, health, size, money, and what each variant is to become."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kit.analyses.abtest import against_plan, change, decide, health, next_test, path, segments
from kit.analyses.abtest.arms import Sums, read
from kit.analyses.abtest.change import Around, Change
from kit.analyses.abtest.decide import Decision, Facts
from kit.analyses.abtest.declare import Metric, Plan, control_of, metrics
from kit.analyses.abtest.declare import keys as declare_keys
from kit.analyses.abtest.effects import COUNTED, Effect, Reader
from kit.analyses.abtest.money import Money, daily_units, is_money, money
from kit.analyses.abtest.next_test import Size
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.stats.experiment.sums import Counts

WON = (Verdict.SHIP, Verdict.RECOMMEND)
GUARDS = ("failed", "open", "missing", "kept", "unset")
"""The states of a guardrail, the worst first."""


@dataclass(frozen=True)
class Guard:
    """A guardrail of one variant and where its interval lies: kept, open, failed, unset."""

    effect: Effect
    state: str


@dataclass(frozen=True)
class Judged:
    """One variant: its verdict, and all that it rests on. ``effect`` is the deciding metric's, None without one;
    ``lacking``: guardrails of the plan that the data don't bring."""

    name: str
    decision: Decision
    effect: Effect | None
    guards: tuple[Guard, ...] = ()
    size: Size | None = None
    money: Money | None = None
    looks: tuple[path.Look, ...] = ()
    halves: path.Halves | None = None
    segments: tuple[segments.Split, ...] = ()
    lacking: tuple[str, ...] = ()

    def guard(self, state: str) -> Guard:
        """The first guardrail of a state."""
        return next(guard for guard in self.guards if guard.state == state)


@dataclass(frozen=True)
class Test:
    """A test with its variants. ``sums`` is None where no data came, ``control`` where it cannot be told; then there
    are no variants, and ``why`` says in a code what is lacking. ``table``: where the rows lie. ``changes``: of variants
    that came after the control instead of beside it; of a plan that brought no data, of the shop's days."""

    plan: Plan
    control: str
    variants: tuple[Judged, ...] = ()
    effects: tuple[Effect, ...] = ()
    checks: tuple[health.Check, ...] = ()
    reader: Reader | None = None
    table: str = ""
    early: bool = False
    why: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def keys(self) -> dict[str, str]:
        """Each variant's part of a key."""
        return declare_keys(self.reader.sums.variants if self.reader else ())

    def change(self, variant: str) -> Change:
        """Of a variant that came after the control."""
        return next(one for one in self.changes if one.variant == variant)

    @property
    def dates(self) -> list[dt.date]:
        return self.reader.sums.dates if self.reader else []

    @property
    def verdict(self) -> Verdict:
        """The test's own: that of the variant that fares best."""
        if self.why == "undeclared":
            return Verdict.DESCRIBED
        found = {variant.decision.verdict for variant in self.variants}
        if self.changes and not found:
            return Verdict.WEAK
        return next((v for v in ORDER if v in found), Verdict.NONE)

    @property
    def winner(self) -> str:
        """The variant that is to be rolled out; blank if none."""
        return next((one.name for one in self.variants if one.decision.verdict in WON), "")

    def of(self, variant: str) -> list[Effect]:
        return [effect for effect in self.effects if effect.variant == variant]


ORDER = (
    Verdict.SHIP, Verdict.RECOMMEND, Verdict.RUN, Verdict.UNDECIDED, Verdict.UNDERPOWERED, Verdict.SAME,
    Verdict.DONT_SHIP, Verdict.FIX, Verdict.DESCRIBED, Verdict.WEAK, Verdict.NONE,
)  # fmt: skip


def judge(plan: Plan, data: Any, cutoff: dt.date | None, rate: float, around: Around) -> Test:
    """``data``: a test's ``trial`` (name, by_unit, table), ``sums``, ``trimmed`` and ``health``; None without any."""
    if data is None:
        return Test(plan, plan.control, why="no_data", changes=change.of_plan(plan, around))
    sums = read(data.sums, data.trial.by_unit, data.trial.binary, COUNTED.get(plan.unit, COUNTED[""]))
    plan = _allocated(plan, sums)
    if plan.allocation != "before-after":
        sums = sums.within(plan.start, None if plan.sequential else plan.end)
    control, asked = control_of(plan, sums.variants), metrics(plan, sums.pairs, sums.binary)
    decision = next((m for m in asked if m.role == "decision"), None)
    why = _lacking(plan, sums, control, decision)
    if why:
        own = change.of_plan(plan, around)
        return Test(plan, control or "", table=data.trial.table, why=why, changes=own)
    assert control and decision
    test = _judged(Reader(plan, sums, control), asked, decision, data, cutoff, rate)
    late = [one.name for one in test.variants if one.decision.verdict == Verdict.WEAK]
    made = (change.of(plan, sums, decision.pair, control, name, around) for name in late)
    return replace(test, changes=tuple(made))


def _judged(
    reader: Reader, asked: Sequence[Metric], decision: Metric, data: Any, cutoff: dt.date | None, rate: float
) -> Test:
    plan, sums = reader.plan, reader.sums
    early = is_early(plan, cutoff)
    found = reader.effects(asked, rate)
    first = [effect for effect in found if effect.metric is decision]
    daily, lifted = daily_units(sums), [e for e in first if e.comparison.lift_low is not None]
    sizes = {e.variant: next_test.size(reader, decision, e.variant, daily) for e in lifted}
    least = min((s for s in sizes.values() if s and s.done is not None), key=lambda s: s.done or 0.0, default=None)
    checks = health.checks(reader, health.Rows(data.health, data.trimmed), found, least, cutoff, early)
    variants = [_variant(reader, effect, found, sizes.get(effect.variant), checks, early) for effect in first]
    return Test(plan, reader.control, _one_winner(plan, variants), found, checks, reader, data.trial.table, early)


def _one_winner(plan: Plan, variants: Sequence[Judged]) -> tuple[Judged, ...]:
    """Of several that beat the control, the one with the largest estimate: they were not held against each other."""
    won = [one for one in variants if one.decision.verdict in WON]
    best = max(won, key=lambda one: _gain(plan, one), default=None)
    second = Decision(Verdict.UNDECIDED, "second")
    return tuple(replace(one, decision=second) if one in won and one is not best else one for one in variants)


def _gain(plan: Plan, one: Judged) -> float:
    found = one.effect.comparison.difference if one.effect else None
    return (found or 0.0) * plan.better


def _variant(
    reader: Reader,
    effect: Effect,
    found: Sequence[Effect],
    size: Size | None,
    checks: Sequence[health.Check],
    early: bool,
) -> Judged:
    plan, own = reader.plan, [e for e in found if e.variant == effect.variant]
    guards = tuple(
        Guard(e, decide.guarded(e.comparison, e.metric.better, e.metric.margin))
        for e in own
        if e.metric.role == "guardrail"
    )
    lacking = against_plan.lacking_guards(reader, own)
    states = {guard.state for guard in guards} | ({"missing"} if lacking else set())
    worst = next((state for state in GUARDS if state in states), "")
    adequate, days = size.adequate if size else None, len(reader.sums.dates) or None
    successes = _successes(reader, effect)
    facts = Facts(plan, effect.comparison, successes, health.failed(checks), early, worst, adequate, days)
    worth = money(plan, reader.sums, own, effect.variant)
    made = decide.decide(replace(facts, against=_loses(own, worth)))
    if made.verdict in (Verdict.FIX, Verdict.NONE) or plan.allocation not in ("randomised", "rotation"):
        return Judged(effect.variant, made, effect, guards, size, lacking=lacking)
    if plan.allocation == "rotation":
        return Judged(effect.variant, made, effect, guards, size, worth, lacking=lacking)
    halves = path.halves(reader, effect.metric, effect.variant)
    if made.verdict == Verdict.SHIP and _faded(plan, halves):
        made = decide.decide(replace(facts, against="faded"))
    last = None if early or plan.sequential else effect.comparison
    looks = path.looks(reader, effect.metric, effect.variant, last)
    parts = segments.splits(reader, effect.metric, effect.variant)
    return Judged(effect.variant, made, effect, guards, size, worth, looks, halves, parts, lacking)


def _loses(own: Sequence[Effect], worth: Money | None) -> str:
    """loses, where revenue a unit is clearly less; how much less may be was agreed where it is a guardrail."""
    agreed = any(is_money(effect) and effect.metric.margin is not None for effect in own)
    return "loses" if worth and worth.sign < 0 and not agreed else ""


def _faded(plan: Plan, halves: path.Halves | None) -> bool:
    """Whether the effect changed over the days and nothing was gained in the second half of them."""
    return halves is not None and halves.changed and (halves.second.lift or 0.0) * plan.better <= 0


def _successes(reader: Reader, effect: Effect) -> int | None:
    """Of both arms together; None where units are not counted, or days are what is compared."""
    arms = reader.arms(effect.metric)
    two = [arms[reader.control], arms[effect.variant]]
    counted = reader.plan.allocation == "randomised" and all(isinstance(arm, Counts) for arm in two)
    return sum(arm.successes for arm in two) if counted else None


def is_early(plan: Plan, cutoff: dt.date | None) -> bool:
    """Whether the data end before the day for which the end was planned."""
    return plan.end is not None and cutoff is not None and cutoff < plan.end


def _allocated(plan: Plan, sums: Sums) -> Plan:
    """Variants that alternate by day are a rotation, unless the plan says otherwise."""
    if plan.allocation or sums.by_unit or not sums.daily:
        return plan
    alone = all(len(arms) == 1 for arms in sums.daily.values())
    return replace(plan, allocation="rotation") if alone and len(sums.variants) > 1 else plan


def _lacking(plan: Plan, sums: Sums, control: str | None, decision: Metric | None) -> str:
    """Why nothing can be compared; blank if it can."""
    if len(sums.variants) < 2:
        return "one_variant"
    if control is None:
        return "no_control"
    if decision is None:
        return "no_metric" if plan.declared else "undeclared"
    arms = sums.whole[decision.pair]
    return "" if control in arms and len(arms) > 1 else "no_units"
