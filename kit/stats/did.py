"""Difference in differences over whole units: shops, stores, categories or items with the event against those without.

Every unit is taken as its change, the mean of the days of the event less the mean of the days before (Bertrand, Duflo
and Mullainathan 2004: with days that hang together, standard errors over unit-days call an effect in up to half of the
cases in which there is none). The changes of the two groups are then compared as two small samples of one variance,
which also holds where a single unit had the event. Check figure: Card and Krueger (1994, table 3), 2.76.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST_CONTROLS = 3
"""Control units below which their spread says little."""


@dataclass(frozen=True)
class Gap:
    """By how much more the units with the event changed, in the unit of the series, with its range at ``level``."""

    value: float
    low: float
    high: float
    p: float
    level: float

    @property
    def beyond_chance(self) -> bool:
        return self.p < 1 - self.level


def compare(treated: Floats, controls: Floats, level: float = 0.95) -> Gap | None:
    """``treated`` (t,) and ``controls`` (c,): a number a unit, such as its change. None with fewer than three controls,
    or where nothing varies."""
    from scipy.special import stdtr, stdtrit

    t, c = len(treated), len(controls)
    if t < 1 or c < LEAST_CONTROLS:
        return None
    freedom = t + c - 2
    squares = float(np.square(treated - treated.mean()).sum() + np.square(controls - controls.mean()).sum())
    error = float(np.sqrt(squares / freedom * (1 / t + 1 / c)))
    if error == 0:
        return None
    value, reach = float(treated.mean() - controls.mean()), float(stdtrit(freedom, (1 + level) / 2)) * error
    return Gap(value, value - reach, value + reach, 2 * float(stdtr(freedom, -abs(value) / error)), level)


def effect(treated: Floats, controls: Floats, event: int, level: float = 0.95) -> Gap | None:
    """Change from the days before position ``event`` to those from it on; ``treated`` (t, n) and ``controls`` (c, n)
    by unit and day, on logarithms where the effect is thought to multiply."""
    return compare(_changes(treated, event), _changes(controls, event), level)


def before(
    treated: Floats, controls: Floats, event: int, level: float = 0.95, days: Floats | None = None
) -> Gap | None:
    """The same of the slopes a day before ``event``: groups that part before it had no common course to compare.

    ``days`` (event,): when each of these days was, where some between them are left out.
    """
    at = np.arange(event, dtype=float) if days is None else days
    return compare(_slopes(treated[:, :event], at), _slopes(controls[:, :event], at), level)


def _changes(units: Floats, event: int) -> Floats:
    return np.asarray(units[:, event:].mean(1) - units[:, :event].mean(1))


def _slopes(units: Floats, at: Floats) -> Floats:
    days = at - at.mean()
    return np.asarray(units @ days / (days @ days))
