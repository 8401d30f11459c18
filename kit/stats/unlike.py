"""Which of many values is unlike the others: modified z-scores, by the median and the median distance from it.

Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers: 0.6745 (x − median) ÷ MAD, and a value beyond 3.5 in
either direction is unlike. Neither the median nor the MAD moves with the few values that are looked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LINE = 3.5
LEAST = 10
"""Values below which none is called unlike: the median distance of a handful says little."""


def unlike(values: Sequence[float]) -> tuple[float, ...]:
    """The score of each value; all zero below ``LEAST`` values, or where half of them are alike.

    >>> [round(z, 2) for z in unlike([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 50])][-1]
    12.01
    """
    x = np.asarray(values, float)
    distance = np.abs(x - np.median(x)) if len(x) >= LEAST else np.zeros(len(x))
    middle = float(np.median(distance)) if len(x) else 0.0
    if middle == 0:
        return (0.0,) * len(x)
    return tuple(float(z) for z in 0.6745 * (x - np.median(x)) / middle)
