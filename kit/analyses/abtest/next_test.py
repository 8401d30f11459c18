"""What the test could have found, and how large the next one has to be. Never the power of the effect that was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.analyses.abtest.declare import Metric
from kit.analyses.abtest.effects import Reader
from kit.stats.experiment import cuped, power, ratios, sequential
from kit.stats.experiment.sums import Counts, Pairs

LIFTS = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3)
"""Differences whose price in units is shown, those around the planned one."""
SHOWN = 5
SPREAD, STEPS = (0.6, 1.5), 40
"""How far the curve goes below and above what is marked on it, and in how many steps."""
ENOUGH = 0.9
"""Share of the planned units from which a plan counts as filled: who comes on the last day is nobody's to choose."""
EVEN = 0.9
"""Part of the larger arm from which two arms count as split equally."""


@dataclass(frozen=True)
class Need:
    """To find ``lift``: units of each of the control and a variant, and days for all arms at the test's traffic."""

    lift: float
    per_arm: int
    days: int | None


@dataclass(frozen=True)
class Size:
    """``detectable``: the smallest lift that the units there were find with the planned power, None if none.

    ``done``: units there are as a share of those that the planned difference needs at their split, None without one.
    ``base``: the control's value that all this is worked out from, ``units`` those of the smaller arm. ``path``: lifts
    and the units of each arm that find them, split equally, from below what matters to above it. ``even``: whether the
    units were split so, too.
    """

    base: float
    units: int
    detectable: float | None
    planned: Need | None
    done: float | None
    curve: tuple[Need, ...]
    path: tuple[tuple[float, int], ...] = ()
    even: bool = True

    @property
    def ahead(self) -> Need | None:
        """What the next test would take: for the planned difference, else for the middle one of those shown."""
        return self.planned or (self.curve[len(self.curve) // 2] if self.curve else None)

    @property
    def adequate(self) -> bool | None:
        """Whether the planned difference could be found; None where none was planned."""
        return None if self.done is None else self.done >= ENOUGH

    def need(self, lift: float) -> Need | None:
        return next((need for need in self.curve if need.lift == lift), None)


def size(reader: Reader, metric: Metric, variant: str, daily: float | None) -> Size | None:
    """What the deciding metric needs; None where its control has no value to start from, or days were compared."""
    if reader.plan.allocation != "randomised":
        return None
    arms, by = reader.arms(metric), reader.form(metric).by
    control, other = arms.get(reader.control), arms.get(variant)
    base = _base(control, by) if control is not None and other is not None else None
    if base is None or not base.value > 0:
        return None
    plan, units = reader.plan, (_units(control), _units(other))
    found = power.detectable(base, *units, _alpha(reader), plan.power, plan.better or 1)
    needs = [need for lift in _lifts(plan.mde) if (need := _need(reader, base, lift, daily))]
    planned = _need(reader, base, plan.mde, daily) if plan.mde else None
    done, seen = _done(reader, base, units), abs(found) if found else None
    path, even = _path(reader, base, [seen, plan.mde]), min(units) > EVEN * max(units)
    return Size(base.value, min(units), seen, planned, done, tuple(needs), path, even)


def _done(reader: Reader, base: power.Base, units: tuple[int, int]) -> float | None:
    """Units there are of those that find the planned difference when they are split as these are."""
    plan, every = reader.plan, sum(units)
    if not plan.mde or not min(units):
        return None
    shares = units[0] / every, units[1] / every
    needed = power.size(base, plan.mde * (plan.better or 1), _alpha(reader), plan.power, shares)
    return every / max(needed.total, 1) if needed else None


def _path(reader: Reader, base: power.Base, marked: Sequence[float | None]) -> tuple[tuple[float, int], ...]:
    """Steps of equal ratio around the lifts that are marked, and these themselves."""
    known = [lift for lift in marked if lift]
    if not known:
        return ()
    low, high = SPREAD[0] * min(known), SPREAD[1] * max(known)
    steps = {low * (high / low) ** (n / STEPS) for n in range(STEPS + 1)} | {*known}
    needs = (_need(reader, base, lift, None) for lift in sorted(steps))
    return tuple((need.lift, need.per_arm) for need in needs if need)


def _alpha(reader: Reader) -> float:
    """That of one of several comparisons. A test that may be read any day is held to more than one that is read once:
    to the limit of its sequence where it is tightest, at the units planned."""
    each = reader.plan.alpha / (len(reader.sums.variants) - 1)
    if not reader.plan.sequential:
        return each
    from scipy.special import ndtr

    return 2 * float(ndtr(-sequential.limit(sequential.tuning(each), each)))


def _base(control: Counts | Pairs, by: object) -> power.Base | None:
    if isinstance(control, Counts):
        return power.Rate(control.rate) if control.units else None
    if control.units < 2:
        return None
    if by is ratios:
        return power.Mean.of_ratio(control) if control.other > 0 else None
    if by is cuped and isinstance(control, Pairs):
        slope = cuped.slope(control, control)
        return power.Mean(control.mean, ratios.spread(control, slope))
    return power.Mean.of(control.moments if isinstance(control, Pairs) else control)


def _need(reader: Reader, base: power.Base, lift: float, daily: float | None) -> Need | None:
    """Units for a difference in the direction that is hoped for, split equally over the arms."""
    arms, plan = len(reader.sums.variants), reader.plan
    signed = lift * (plan.better or 1)
    found = power.size(base, signed, _alpha(reader), plan.power, (1 / arms, 1 / arms))
    if found is None:
        return None
    per_arm = max(found.control, found.variant)
    # Where days or ratios are compared, units are not what comes in a day.
    counted = reader.sums.by_unit or isinstance(base, power.Rate)
    return Need(lift, per_arm, power.days(per_arm * arms, daily) if counted and daily else None)


def _lifts(planned: float | None) -> list[float]:
    """The planned difference among round ones, nearest to it."""
    middle = planned or 0.05
    near = sorted((lift for lift in LIFTS if lift != planned), key=lambda lift: abs(lift / middle - 1))
    return sorted([*near[: SHOWN - bool(planned)], *([planned] if planned else [])])


def _units(arm: object) -> int:
    return int(getattr(arm, "units"))  # noqa: B009 - counts, moments and pairs all have them
