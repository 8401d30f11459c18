"""Candidates for a forecast of monthly amounts, on logarithms: the seasonal naive and what has to beat it.

Sources: seasonal naive, Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd ed., ch. 5.2); theta,
Assimakopoulos and Nikolopoulos (2000); exponential smoothing, Hyndman et al. (2008); the airline model, Box and
Jenkins (1976, ch. 9). Check figures: ``tests/test_stats_models.py`` has the airline passengers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SEASON = 12
GROWTHS = 3
"""Comparisons with the year before that an average growth needs."""
SHRUNK = 0.02
"""Ridge on the moved promotions' effect, in squared shares: a promotion that moved once by a day weighs nothing."""


@dataclass(frozen=True)
class Past:
    """What is known at an origin: ``logs`` (months,), ``moved`` (months + horizon, drivers).

    A row of ``moved`` is how much more of each driver (a share of a promotion's days, of the festival's) falls into a
    month than into the same month a year before; the first twelve are zero.
    """

    logs: Floats
    moved: Floats

    @property
    def horizon(self) -> int:
        return len(self.moved) - len(self.logs)


@dataclass(frozen=True)
class Model:
    """``fit`` gives what ``ahead`` needs to forecast the logarithms of ``Past.horizon`` months, from that past or a
    later one; ``least``: months below which it is not asked."""

    key: str
    least: int
    fit: Callable[[Past], Any]
    ahead: Callable[[Any, Past], Floats]


def _nothing(past: Past) -> None:
    return None


def naive(fitted: Any, past: Past) -> Floats:
    """Each month as it was a year before."""
    season = past.logs[-SEASON:]
    return season[np.arange(past.horizon) % SEASON]


def growth(fitted: Any, past: Past) -> Floats:
    """Each month as it was a year before, times the average growth of the last year's months on theirs."""
    return naive(None, past) + _growths(past.logs)[-SEASON:].mean()


def moved(fitted: Any, past: Past) -> Floats:
    """The same, with growths freed of promotions and the festival that moved, and those to come put in."""
    growths = _growths(past.logs)[-2 * SEASON :]
    known = past.moved[: len(past.logs)][-len(growths) :]
    centred = known - known.mean(0)
    ridge = centred.T @ centred + SHRUNK * np.eye(known.shape[1])
    effect = np.linalg.solve(ridge, centred.T @ (growths - growths.mean()))
    freed = growths - known @ effect
    return naive(None, past) + freed[-SEASON:].mean() + past.moved[-past.horizon :] @ effect


def _growths(logs: Floats) -> Floats:
    return logs[SEASON:] - logs[:-SEASON]


def theta(fitted: Any, past: Past) -> Floats:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    return np.log(np.asarray(ThetaModel(np.exp(past.logs), period=SEASON).fit().forecast(past.horizon), float))


def _smoothing(past: Past, damped: bool) -> Any:
    """Multiplicative with a trend, or damped on logarithms with the start taken from the first two years."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    seasonal = {"trend": "add", "seasonal_periods": SEASON}
    if damped:
        start = {"initialization_method": "heuristic"}
        return ETSModel(past.logs, error="add", seasonal="add", damped_trend=True, **seasonal, **start)
    return ETSModel(np.exp(past.logs - past.logs[0]), error="mul", seasonal="mul", **seasonal)


def ets_fit(past: Past, damped: bool = False) -> Any:
    return _smoothing(past, damped).fit(disp=False).params


def ets(fitted: Any, past: Past, damped: bool = False) -> Floats:
    ahead = np.asarray(_smoothing(past, damped).smooth(fitted).forecast(past.horizon), float)
    return ahead if damped else past.logs[0] + np.log(ahead)


def _airline(past: Past, kept: Any) -> Any:
    """Twice differenced (by month and by year), with the differences of what moved as regressors."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    orders = {"order": (0, 0, 1), "seasonal_order": (0, 0, 1, SEASON), "concentrate_scale": True}
    change = np.diff(past.moved, axis=0)[SEASON:, kept]
    known = len(past.logs) - SEASON - 1
    exog = {"exog": change[:known]} if kept.any() else {}
    return SARIMAX(np.diff(_growths(past.logs)), **orders, **exog), change[known:] if kept.any() else None


def _airline_fit(past: Past) -> Any:
    kept = np.ptp(past.moved[: len(past.logs)], axis=0) > 0
    return kept, _airline(past, kept)[0].fit(disp=False).params


def _airline_ahead(fitted: Any, past: Past) -> Floats:
    kept, params = fitted
    model, coming = _airline(past, kept)
    logs = list(past.logs)
    for change in model.filter(params).forecast(past.horizon, exog=coming):
        logs.append(float(change) + logs[-1] + logs[-SEASON] - logs[-SEASON - 1])
    return np.array(logs[len(past.logs) :])


NAIVE = Model("naive", SEASON, _nothing, naive)
MOVED = Model("moved", SEASON + GROWTHS, _nothing, moved)
MODELS = (
    NAIVE,
    Model("growth", SEASON + GROWTHS, _nothing, growth),
    MOVED,
    Model("theta", 2 * SEASON, _nothing, theta),
    Model("ets", 2 * SEASON + 1, ets_fit, ets),
    Model("ets_damped", 2 * SEASON + 1, partial(ets_fit, damped=True), partial(ets, damped=True)),
    Model("airline", 2 * SEASON + 6, _airline_fit, _airline_ahead),
)
"""The benchmark first; the order decides between equals."""
