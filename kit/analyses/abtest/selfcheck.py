"""Published figures of every test that can drive a verdict, worked out anew where the report is made.

A library of another version or a processor's own arithmetic shows here before it shows in a verdict. The sources stand
beside each figure; the tests of ``kit.stats.experiment`` hold many more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from kit.stats.experiment import dunnett, fisher, looks, margins, means, power, proportions, rotation, sample_ratio
from kit.stats.experiment.comparison import Comparison
from kit.stats.experiment.sums import Counts, Moments
from kit.stats.false_discovery import claims

COOKIES = Counts(44_700, 8_502), Counts(45_489, 8_279)
"""Players kept after seven days, by gate."""
SLEEP = ((0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0), (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4))
"""Student's (1908) hours of sleep gained with two drugs."""
FIFTEEN = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0
)  # fmt: skip
"""Benjamini and Hochberg's (1995) fifteen p-values."""


@dataclass(frozen=True)
class Reference:
    """A published figure, and how far its last digit lets ours be off."""

    source: str
    published: float
    within: float
    ours: Callable[[], float]


@dataclass(frozen=True)
class Checked:
    source: str
    published: float
    found: float
    agrees: bool


def run() -> tuple[Checked, ...]:
    """Every reference with what this machine makes of it."""
    made = []
    for reference in REFERENCES:
        found = reference.ours()
        agrees = abs(found - reference.published) <= reference.within
        made.append(Checked(reference.source, reference.published, found, agrees))
    return tuple(made)


def _sleep() -> Comparison:
    arms = [Moments(len(x), sum(x), sum(v * v for v in x)) for x in SLEEP]
    return means.compare(arms[1], arms[0], 0.05)


def _rotated() -> float:
    """Two versions that took turns for two weeks: only the split as it was and its mirror, of 2⁷, are as extreme."""
    days = [rotation.Day(dt.date(2024, 1, 1) + dt.timedelta(n), 1.0, 1.0) for n in range(14)]
    return rotation.least_p(days[::2], days[1::2])


REFERENCES = (
    Reference("Newcombe 1998, Miettinen–Nurminen, 56/70 against 48/80, low", 0.0528, 5e-5, lambda: _newcombe()[0]),
    Reference("the same, high", 0.3382, 5e-5, lambda: _newcombe()[1]),
    Reference("cookie_cats, retention_7, p", 0.00155, 5e-6, lambda: proportions.p_value(*COOKIES)),
    Reference("cookie_cats, sample ratio, p", 0.0086, 5e-5, lambda: sample_ratio.check([44700, 45489], [1, 1]).p or 0),
    Reference("Student's sleep data by Welch, p", 0.0794, 5e-5, lambda: _sleep().p or 0),
    Reference(
        "Student's sleep data by Welch, R's lower end of the difference", -3.3654832, 5e-8, lambda: _sleep().low or 0
    ),
    Reference(
        "SAS, p of a difference of no more than −0.1, 21/22 against 57/81", 0.9508558586, 2e-10, lambda: _margin()
    ),
    Reference("Fisher's convicts, p", 0.0005367, 5e-8, lambda: fisher.test(Counts(17, 2), Counts(13, 10)).p or 0),
    Reference("R power.prop.test, 10 against 12 %", 3841, 0, lambda: _size()),
    Reference("Evan Miller's calculator, 10 against 12 %", 3623, 0, lambda: _miller()),
    Reference("Dunnett 1964, 3 variants", 2.35, 5e-3, lambda: _dunnett(3)),
    Reference("Dunnett 1964, 9 variants", 2.69, 5e-3, lambda: _dunnett(9)),
    Reference("Armitage, McPherson and Rowe 1969, 5 looks", 0.142, 5e-4, lambda: looks.false_alarms(5, 0.05)),
    Reference("Benjamini and Hochberg 1995, claims", 4, 0, lambda: sum(claims(FIFTEEN, 0.05, independent=True).made)),
    Reference("permutations of seven weekdays, least p", 2 / 2**7, 1e-12, _rotated),
)


def _newcombe() -> tuple[float, float]:
    return proportions.difference_interval(Counts(80, 48), Counts(70, 56), 0.05)


def _size() -> float:
    found = power.size(power.Rate(0.1), 0.2, 0.05, 0.8)
    return float(found.control) if found else 0.0


def _margin() -> float:
    return margins.of_rates(Counts(22, 21), Counts(81, 57), 0.1, 0.025, "difference").p_low or 0.0


def _miller() -> float:
    return float((power.conventions(power.Rate(0.1), 0.2, 0.05, 0.8) or {})["control"])


def _dunnett(variants: int) -> float:
    import numpy as np

    return dunnett.critical(np.full(variants, 0.5**0.5), 0.05)
