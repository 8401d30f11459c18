"""A twin put together from units without the event, and how far the unit with it came away from that twin.

Weights that are not negative and sum to one, chosen so that the twin follows the unit before the event (Abadie,
Diamond and Hainmueller 2010, outcomes of the days before as the only predictors). How unusual the distance is comes
from the same for every control as if it had had the event: the ratio of the root mean square distances after and
before, and the share of units whose ratio is at least as large. With k controls that share is never below 1 ÷ (k + 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST_CONTROLS = 2
HEAVY = 1e3
CLOSE = 1e-10


@dataclass(frozen=True)
class Twin:
    """``weights`` (c,) of the controls; ``path`` (n,) of the twin; ``effect``: mean distance a day of the event.

    ``fit``: root mean square distance before ÷ the unit's standard deviation then; ``larger``: share of all units,
    this one included, whose ratio of distances is at least as large.
    """

    weights: Floats
    path: Floats
    effect: float
    fit: float
    larger: float


def twin(unit: Floats, controls: Floats, event: int) -> Twin | None:
    """``unit`` (n,) with the event from position ``event`` on, ``controls`` (c, n) without. None with one control."""
    if len(controls) < LEAST_CONTROLS or not 1 < event < len(unit):
        return None
    weights = weighed(unit[:event], controls[:, :event])
    path = weights @ controls
    ratios = [_ratio(unit, path, event)]
    for n in range(len(controls)):
        others = np.delete(controls, n, axis=0)
        ratios.append(_ratio(controls[n], weighed(controls[n, :event], others[:, :event]) @ others, event))
    spread = float(unit[:event].std())
    fit = float(np.sqrt(np.mean((unit - path)[:event] ** 2))) / spread if spread else 0.0
    larger = float(np.mean([ratio >= ratios[0] for ratio in ratios]))
    return Twin(weights, path, float((unit - path)[event:].mean()), fit, larger)


def weighed(unit: Floats, controls: Floats) -> Floats:
    """The weights on the simplex with the least squared distance: ``scipy.optimize.nnls`` with the sum as one more
    equation that outweighs all days (Haskell and Hanson 1981)."""
    from scipy.optimize import nnls

    heavy = HEAVY * float(np.abs(controls).max() or 1.0)
    days = np.vstack([controls.T, np.full(len(controls), heavy)])
    found, _ = nnls(days, np.append(unit, heavy))
    return np.asarray(found / found.sum())


def _ratio(unit: Floats, path: Floats, event: int) -> float:
    after, before = (np.sqrt(np.mean(part**2)) for part in np.split(unit - path, [event])[::-1])
    return float(after / max(before, CLOSE))
