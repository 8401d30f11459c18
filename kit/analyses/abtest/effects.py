"""Each metric's comparison of every variant with the control, by the one test that its plan and its data call for.

- by rotation: days are the units (permutation within weekdays);
- a sequential plan: the confidence sequence, valid whenever it is read;
- otherwise shares of units by the score test, ratios of sums by the delta method, figures per unit by Welch, and where
  the same figure is known from before the test, adjusted by it (CUPED);
- several variants: the deciding metric by the same tests at Dunnett's simultaneous level.

Secondary and diagnostic metrics are many: their intervals are those of the false discovery rate (see
``kit.stats.false_discovery``), so that what they leave out is what stands. Where nothing was randomised there are
values and no test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kit.analyses.abtest.arms import Sums
from kit.analyses.abtest.declare import BUYERS, Metric, Pair, Plan
from kit.stats.experiment import cuped, dunnett, margins, means, proportions, ratios, rotation, sequential
from kit.stats.experiment.comparison import Comparison, without_test
from kit.stats.experiment.margins import Against
from kit.stats.experiment.sums import Counts, Pairs
from kit.stats.false_discovery import claims

COUNTED = {
    "": ("visitors",),
    "visitor": ("visitors",),
    "user": ("users", "visitors"),
    "impression": ("exposures", "impressions"),
    "order": ("orders",),
}
ONCE = ("impression", "order")
"""Units that are clicked, or refunded, once at most."""
"""By the unit of the plan, denominators of daily files that count it."""
PEOPLE = (*BUYERS, "add_to_carts", "carted", "clicked")
"""Columns that count people, each once: who visits may click or order several times."""
ADJUSTED = ("secondary", "diagnostic")


@dataclass(frozen=True)
class Effect:
    """One metric of one variant. ``adjusted``: p after the correction for many metrics, None where there is none."""

    metric: Metric
    variant: str
    comparison: Comparison
    adjusted: float | None = None

    @property
    def p(self) -> float | None:
        return self.comparison.p if self.adjusted is None else self.adjusted

    @property
    def outcome(self) -> str:
        """better, worse, or unclear; up and down where nobody said which is better."""
        found = self.comparison
        if not found.differs or found.difference is None:
            return "unclear"
        if not self.metric.better:
            return "up" if found.difference > 0 else "down"
        return "better" if found.difference * self.metric.better > 0 else "worse"


@dataclass(frozen=True)
class Form:
    """Which sums of a metric are compared (``pair``), the module that does it (None: counts), and how they are made."""

    pair: Pair
    by: Any
    of: Callable[[Pairs], Any]

    @property
    def test(self) -> Callable[[Any, Any, float], Comparison]:
        made: Callable[[Any, Any, float], Comparison] = self.by.compare if self.by else proportions.compare
        return made


@dataclass(frozen=True)
class Reader:
    """How one test's sums are compared: its plan, its sums, its control."""

    plan: Plan
    sums: Sums
    control: str

    def effects(self, metrics: Sequence[Metric], rate: float) -> tuple[Effect, ...]:
        """Every metric of every variant, in the order of the metrics; ``rate``: of false discovery."""
        held = [effect for m in metrics if m.role not in ADJUSTED for effect in self.of(m, self.plan.alpha)]
        many = [m for m in metrics if m.role in ADJUSTED]
        return (*held, *self._many(many, rate))

    def of(self, metric: Metric, alpha: float) -> list[Effect]:
        """One metric of every variant, two-sided at ``alpha``."""
        arms = self.sums.whole[metric.pair]
        variants = [v for v in self.sums.variants if v != self.control and v in arms]
        if self.control not in arms or not variants:
            return []
        made = self._compared(metric, variants, alpha)
        return [Effect(metric, variant, found) for variant, found in zip(variants, made, strict=True)]

    def _compared(self, metric: Metric, variants: Sequence[str], alpha: float) -> Sequence[Comparison]:
        several = len(variants) if metric.role == "decision" else 1
        if self.plan.allocation == "rotation":
            days = {v: self._days(metric, v) for v in (self.control, *variants)}
            return [rotation.compare(days[self.control], days[v], alpha, several) for v in variants]
        form = self.form(metric)
        arms = {v: form.of(arm) for v, arm in self.sums.whole[form.pair].items()}
        control, others = arms[self.control], [arms[v] for v in variants]
        if self.plan.allocation != "randomised":
            return [_described(control, other, alpha) for other in others]
        if self.plan.sequential:
            planned = planned_units(self.plan, self.sums)
            return [sequential.compare(control, other, alpha, planned, form.by, several) for other in others]
        if several > 1:
            return dunnett.compare(control, others, alpha, form.by)
        return [form.test(control, other, alpha) for other in others]

    def form(self, metric: Metric) -> Form:
        """What the statistics take of a metric: where it is also known from before a randomised test, both."""
        before = (metric.pair[0], f"pre_{metric.pair[0]}")
        if metric.pair[1] == "" and before in self.sums.whole and self.plan.allocation == "randomised":
            return Form(before, cuped, lambda arm: arm)
        if is_share(self.plan, self.sums, metric):
            return Form(metric.pair, None, lambda arm: as_counts(arm, metric))
        if metric.pair[1]:
            return Form(metric.pair, ratios, lambda arm: arm)
        return Form(metric.pair, means, lambda arm: arm.moments)

    def arms(self, metric: Metric) -> dict[str, Any]:
        """The whole of every arm in that form."""
        form = self.form(metric)
        return {variant: form.of(arm) for variant, arm in self.sums.whole[form.pair].items()}

    def steadied(self, metric: Metric, variant: str) -> cuped.Adjustment | None:
        """What the figure from before the test takes off the variance, where one is used."""
        form, arms = self.form(metric), self.arms(metric)
        known = form.by is cuped and self.control in arms and variant in arms
        if not known or min(arms[v].units for v in (self.control, variant)) < 2:
            return None
        return cuped.adjustment(arms[self.control], arms[variant])

    def against(self, metric: Metric, variant: str) -> Against | None:
        """A randomised test that is read once against the metric's margin (of the lift), one-sided at half of ``alpha``
        each way: so that not inferior, and equivalent, is where the interval of the comparison itself says so."""
        if self.plan.allocation != "randomised" or self.plan.sequential or not 0 < (metric.margin or 0) < 1:
            return None
        form, arms, alpha = self.form(metric), self.arms(metric), self.plan.alpha / 2
        assert metric.margin
        if form.by is None:
            return margins.of_rates(arms[self.control], arms[variant], metric.margin, alpha)
        pair = arms[self.control], arms[variant]
        if form.by.compare(*pair, self.plan.alpha).p is None:
            return None
        return margins.of_estimates(form.by.estimates(*pair), metric.margin, alpha)

    def _days(self, metric: Metric, variant: str) -> list[rotation.Day]:
        found = self.sums.days.get(metric.pair, {})
        return [
            rotation.Day(at, arms[variant].total, arms[variant].other if metric.pair[1] else arms[variant].units)
            for at, arms in sorted(found.items())
            if variant in arms
        ]

    def _many(self, metrics: Sequence[Metric], rate: float) -> list[Effect]:
        """Metrics held to the false discovery rate: each at the level of those that stand, p adjusted accordingly."""
        first = [effect for metric in metrics for effect in self.of(metric, rate)]
        tested = [effect.comparison.p for effect in first if effect.comparison.p is not None]
        if not tested:
            return first
        alpha = 1 - claims(tested, rate, independent=True).level
        found = [effect for metric in metrics for effect in self.of(metric, alpha)]
        return _with_adjusted(found)


def _with_adjusted(found: Sequence[Effect]) -> list[Effect]:
    """Benjamini and Hochberg's adjusted p: under the rate exactly where the claim stands."""
    from scipy.stats import false_discovery_control

    known = [n for n, effect in enumerate(found) if effect.comparison.p is not None]
    values = false_discovery_control([found[n].comparison.p for n in known], method="bh")
    adjusted = dict(zip(known, map(float, values), strict=True))
    return [Effect(e.metric, e.variant, e.comparison, adjusted.get(n)) for n, e in enumerate(found)]


def is_share(plan: Plan, sums: Sums, metric: Metric) -> bool:
    """Whether each unit counts once or not at all: a share of units, whose counts are all there is to know."""
    arms = sums.whole[metric.pair]
    if metric.pair[1] == "":
        return metric.pair[0] in sums.binary and all(0 <= round(arm.total) <= arm.units for arm in arms.values())
    once = metric.pair[0] in PEOPLE or plan.unit in ONCE
    counted = metric.unit == "rate" and once and metric.pair[1] in COUNTED.get(plan.unit, ())
    every = [*arms.values(), *(arm for day in sums.days.get(metric.pair, {}).values() for arm in day.values())]
    return counted and all(0 <= arm.total <= arm.other for arm in every)


def as_counts(arm: Pairs, metric: Metric) -> Counts:
    return Counts(round(arm.other) if metric.pair[1] else arm.units, round(arm.total))


def planned_units(plan: Plan, sums: Sums) -> int:
    """For how many units a sequence is made: those of the first day on every day of the plan.

    Counts of units say nothing of the result, so that taking them from the data costs no validity. Without days or a
    planned end: the units there are.
    """
    dates = sums.dates
    if not dates or not plan.end:
        return max(2, sums.size)
    days = (plan.end - (plan.start or dates[0])).days + 1
    return max(2, sums.on(dates[0]) * days)


def _described(control: Any, other: Any, alpha: float) -> Comparison:
    """The values of two arms that were not randomised: no test."""
    values = [_value(arm) for arm in (control, other)]
    return without_test(values[0], values[1], 1 - alpha, "described", "approximate", "not_randomised")


def _value(arm: Any) -> float | None:
    if isinstance(arm, Counts):
        return arm.rate if arm.units else None
    if isinstance(arm, Pairs):
        return arm.ratio if arm.other > 0 else None
    return arm.mean if arm.units else None
