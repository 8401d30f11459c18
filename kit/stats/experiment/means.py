"""Two means of one value a unit: Welch's t test (1947), with Fieller's interval of the lift at the same freedom.

Arms of unlike spread are the rule (a variant that sells more also varies more), so no common variance is assumed. With
revenue that is zero for 97 of 100 visitors and lognormal for the rest the test calls a difference of nothing in 4.6 %
of cases at 2,000 visitors an arm. Where one arm is small it called 6.0 % (4,500 and 1,500) to 8.6 % (9,000 and 1,000);
with the skewness of the units evened out (``skewness``), which their sums of third powers allow, 4.4 and 5.1 %. Below
some tens of units the values themselves must be nearly normal, of which "few_units" warns. Figures:
``benchmarks/experiment_means.py``. Check: Student's sleep data, t −1.8608 at 17.776 degrees of freedom, p 0.0794.
"""

from __future__ import annotations

from kit.stats.experiment import fieller, skewness
from kit.stats.experiment.comparison import Comparison, without_test
from kit.stats.experiment.fieller import Estimates
from kit.stats.experiment.sums import Moments

METHOD = "welch_fieller"


def compare(control: Moments, variant: Moments, alpha: float) -> Comparison:
    """Means in the metric's unit, two-sided at ``alpha``. An arm of fewer than two units cannot be tested, nor can two
    arms without variation."""
    units = control.units, variant.units
    why = fieller.untestable(*units)
    if why:
        first, second = (arm.mean if arm.units else None for arm in (control, variant))
        return without_test(first, second, 1 - alpha, METHOD, "asymptotic", *why)
    return fieller.compare(estimates(control, variant), alpha, METHOD, fieller.few(*units))


def estimates(control: Moments, variant: Moments) -> Estimates:
    """Both means with their errors; either arm has two units or more."""
    errors = error(control), error(variant)
    freedom = fieller.welch_freedom(errors[0], control.units, errors[1], variant.units)
    skew = skewness.of_difference(*((arm.units, arm.variance, arm.third) for arm in (control, variant)))
    return Estimates(control.mean, variant.mean, *errors, freedom=freedom, skewness=skew)


def error(arm: Moments) -> float:
    """Variance of the arm's mean."""
    return arm.variance / arm.units
