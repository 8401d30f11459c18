"""What skewed units do to the t test of a difference, and how it is evened out: the variance that goes with no effect.

An arm whose few large buyers happened to come has a high mean and a wide spread, one without them a low mean that looks
certain. Where the arms are of one size this cancels in the difference; where one is small its low means are called too
often. Mean and variance of a sample covary by its third moment, so of a difference that is T standard errors off by
chance and has the skewness γ, 1 + γ T of the squared error came with it. Taken off, as a score test takes the variance
under the hypothesis, this leaves

    T ÷ √(1 − γ T),

no less than a quarter of the square kept. To first order in γ it is Johnson's correction (1978) of the t test but for
the part γ (T² − 1) ÷ 6 of a normal score; it rises with T, and its inverse is a root, so that p and the ends of both
intervals come from one curve. Hall's cubic (1992), which does the same in theory, is nearly flat where an arm has few
buyers, so that its intervals have one end far off.

γ of the difference is that of the units, taken together over both arms, times what their sizes leave of it: 0 where
they are equal. Each arm's own would go astray with the very buyers that it is to correct for: in revenue of two equal
arms Johnson's correction by them calls 7.9 % instead of 4.6 %.
"""

from __future__ import annotations

import math

Arm = tuple[int, float, float | None]
"""Units, their variance, their third central moment where it is known."""

LEAST = 0.25
"""Share of the squared error that is kept."""


def of_difference(control: Arm, variant: Arm) -> float:
    """Of variant − control, in its own standard error; 0 where a third moment is not known or nothing varies."""
    (n, v, third), (m, w, other) = control, variant
    spread, error = (n * v + m * w) / (n + m), math.sqrt(v / n + w / m)
    if third is None or other is None or not error > 0:
        return 0.0
    return (n * third + m * other) / (n + m) / spread * (1 / m - 1 / n) / error


def evened(score: float, skewness: float) -> float:
    """The score with the variance that goes with no effect.

    >>> round(evened(1.5, 0.3), 3)
    2.023
    """
    return score / math.sqrt(max(1 - skewness * score, LEAST))


def uneven(value: float, skewness: float) -> float:
    """The score that ``evened`` makes ``value``."""
    least = math.sqrt(LEAST)
    if skewness * value * least >= 1 - LEAST:
        return value * least
    turn = skewness * value
    return value * (math.sqrt(turn**2 + 4) - turn) / 2
