"""A series as level, growth, weekdays and what runs beside it: what some days lead to expect of later ones.

Level and growth are random walks, the noise of the days is autocorrelated of the first order (Harvey 1989, local linear
trend), weekdays and controls are coefficients without a prior. How fast level and growth wander and how long noise
lasts is told badly by a few months, so none of it is estimated: every combination of a grid weighs in by its marginal
likelihood (as Brodersen et al. 2015 average over draws). How fast they wander changes, too, so what lies back counts
less and less (forgetting, Raftery, Kárný & Ettler 2010): a year that stood still does not vouch for last month. Growth
is never taken to stand still: the steadiest of the grid forgets half of what it knew in about three weeks, since
growth that held for a year may have turned last month: what that costs a calm series in width it takes off the bias of
one that bent.

A day on which the level moved and stayed is found and given a coefficient of its own (intervention, Box and Tiao 1975)
where that raises the likelihood of the best combination by more than its price: Schwarz's for a coefficient and for
the choice of its day. Without that, one step counts as months of growth.

The days are jointly normal, so one triangular root of their covariance answers for every day from which one may look
ahead: rows of the root are what later days owe to earlier ones. ``tests/test_stats_local_trend.py`` holds it against
the Kalman filter of ``statsmodels``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

LEVELS = (0.0, 0.05, 0.2, 1.0)
"""Standard deviations of a day's step of the level, as parts of that of the noise."""
SLOPES = (0.002, 0.005, 0.0125)
"""Those of a day's step of growth."""
LASTING = (0.0, 0.3, 0.6)
"""Correlations of the noise of a day with that of the day before."""
MEMORY = 56
"""Days after which what was seen counts 1/e of what is seen now, in weighing combinations."""
READ = 500
"""The latest usable days that are read: what lies before them says nothing of level and growth."""
LEAST_WEIGHT = 0.01
"""Combinations under this weight are left out."""
MOST_BREAKS = 3
EDGE = 10
"""Usable days on either side of a break, and days after it from which one may look ahead again."""
RIDGE = 1e-6
"""Precision of a coefficient before anything is seen, in units of the noise: what is not seen stays finite."""
STILL = 1e-9
"""Spread, as a part of the mean, of a regressor that does not move."""
TINY = 1e-20


@dataclass(frozen=True)
class Steps:
    """One combination of the grid: of level, of growth, and how long noise lasts."""

    level: float
    slope: float
    lasting: float


@dataclass(frozen=True)
class Grid:
    """Every combination: ``roots`` (m, n, n), lower roots of the covariance of all days; ``seen`` (m, past) and
    ``beside`` (m, past, k): the past and its regressors with that covariance taken out."""

    steps: tuple[Steps, ...]
    roots: Floats
    seen: Floats
    beside: Floats


@dataclass(frozen=True)
class Fit:
    """What some days say under each combination: coefficients (m, k), their covariance (m, k, k) in units of the noise,
    variance of the noise (m,). ``likelihood`` (m,): restricted; ``lately`` with the days fading."""

    coefficients: Floats
    doubt: Floats
    noise: Floats
    likelihood: Floats
    lately: Floats


@dataclass(frozen=True)
class LocalTrend:
    """``days``: positions in the series, of which the first ``past`` are seen; ``table`` (n, k) their regressors;
    ``breaks``: positions from which on the level is another, in the order of their columns, the last ones of ``table``;
    ``whole`` (m, k): coefficients by the whole past; ``middle``: what was taken off; ``fading``: whether combinations
    are weighed by what they said lately."""

    days: Places
    past: int
    table: Floats
    grid: Grid
    breaks: tuple[int, ...]
    whole: Floats
    middle: float
    fading: bool

    def known(self, origin: int) -> int:
        """Usable days before ``origin``, of those that are read."""
        return min(int(np.searchsorted(self.days, origin)), self.past)

    def ahead(self, origin: int, first: int, last: int) -> tuple[Floats, Floats]:
        """Mean (h,) and covariance (h, h) of the days from ``first`` to ``last``, as far as ``days`` has them, noise
        included, by the days before ``origin`` alone: weights, too, are as those days would have had them. Only a
        break of the level that they do not show yet is as large as the whole past has it."""
        rows, told = slice(*np.searchsorted(self.days, [first, last + 1])), self._told(origin)
        settled = np.where(told, 0, self.whole)
        grid = _open(self.grid, self.known(origin), settled, told)
        fit = _fit(grid)
        weights = _weights(fit.lately if self.fading else fit.likelihood)
        kept = np.flatnonzero(weights)
        means, covers = _ahead(grid, fit, self.table[rows][:, told], kept, rows)
        mean, cover = _mixed(weights[kept], means + settled[kept] @ self.table[rows].T, covers)
        return mean + self.middle, cover

    def _told(self, origin: int) -> Flags:
        """Regressors (k,) of which the days before ``origin`` tell something: all but breaks that are yet to come."""
        steady = self.table.shape[1] - len(self.breaks)
        known = self.known(origin)
        return np.array([True] * steady + [self.known(at) <= known - EDGE for at in self.breaks])


def fitted(values: Floats, beside: Floats, start: int, end: int, *, drift: bool = True) -> LocalTrend:
    """``values`` (n,) by consecutive days, NaN where not usable, are seen before ``start``; ``beside`` (n, k) is known
    up to ``end``. ``drift``: whether there is growth, noise that lasts, and forgetting; without, it is level and noise
    alone."""
    past = np.flatnonzero(np.isfinite(values[:start]))[-READ:]
    days = np.concatenate([past, np.arange(start, end)])
    middle = float(values[past].mean())
    table = _regressors(days, beside[days], len(past), drift)
    grid = _grid(days, values[past] - middle, table, drift)
    breaks: list[int] = []
    while len(breaks) < MOST_BREAKS and (place := _broken(grid)) is not None:
        breaks.append(int(days[place]))
        step = (np.arange(len(days)) >= place).astype(float)
        table, grid = np.column_stack([table, step]), _with(grid, step)
    return LocalTrend(days, len(past), table, grid, tuple(breaks), _fit(grid).coefficients, middle, drift)


def faded(ages: Floats) -> Floats:
    """What is so many days old counts as this part of what is new."""
    return np.asarray((1 - 1 / MEMORY) ** np.asarray(ages, float), float)


def _regressors(days: Places, beside: Floats, past: int, drift: bool) -> Floats:
    """A level, growth, and ``beside``, each in units of its own spread over the past; what never moved there says
    nothing, whatever it does later."""
    table = np.column_stack([*([days.astype(float)] if drift else []), beside])
    middle, spread = table[:past].mean(axis=0), table[:past].std(axis=0)
    moved = spread > STILL * np.maximum(np.abs(middle), 1)
    scaled = np.where(moved, (table - middle) / np.where(moved, spread, 1), 0)
    return np.column_stack([np.ones(len(days)), scaled])


# ---- the grid ----------------------------------------------------------------------------------------------------


def _grid(days: Places, seen: Floats, table: Floats, drift: bool) -> Grid:
    slopes, lasting = (SLOPES, LASTING) if drift else ((0.0,), (0.0,))
    steps = tuple(Steps(*reversed(one)) for one in product(lasting, slopes, LEVELS))
    roots = np.empty((len(steps), len(days), len(days)))
    for root, cover in zip(roots, _covers(days, slopes, lasting), strict=True):
        root[:] = np.linalg.cholesky(cover)
    without = _without(roots, np.column_stack([seen, table[: len(seen)]]))
    return Grid(steps, roots, without[:, :, 0], without[:, :, 1:])


def _covers(days: Places, slopes: Sequence[float], lasting: Sequence[float]) -> Iterator[Floats]:
    """Covariance of the days under every combination, in the order of the grid: of noise, of the running sum of a
    random walk, and of a random walk, from the first day on."""
    at = (days - days[0]).astype(float)
    walk, apart = np.minimum.outer(at, at), np.abs(np.subtract.outer(at, at))
    growth = apart * walk * (walk - 1) / 2 + (walk - 1) * walk * (2 * walk - 1) / 6
    between = apart.astype(np.intp)
    for lasts in lasting:
        noise = (lasts ** np.arange(at[-1] + 1))[between]
        for slope in slopes:
            base = noise + slope**2 * growth
            for level in LEVELS:
                yield base + level**2 * walk if level else base


def _without(roots: Floats, columns: Floats) -> Floats:
    """Columns (past, k) with each of the covariances taken out of them: (m, past, k)."""
    from scipy.linalg import solve_triangular

    past = len(columns)
    out = [solve_triangular(root[:past, :past], columns, lower=True, check_finite=False) for root in roots]
    return np.asarray(out, float)


def _with(grid: Grid, step: Floats) -> Grid:
    more = _without(grid.roots, step[: grid.seen.shape[1], None])
    return replace(grid, beside=np.concatenate([grid.beside, more], axis=2))


def _open(grid: Grid, known: int, settled: Floats, told: Flags) -> Grid:
    """The first ``known`` days, less what the settled coefficients (m, k) explain, beside the regressors ``told``."""
    seen, beside = grid.seen[:, :known], grid.beside[:, :known]
    if told.all():
        return replace(grid, seen=seen, beside=beside)
    return replace(grid, seen=seen - (beside @ settled[:, :, None])[:, :, 0], beside=beside[:, :, told])


def _fit(grid: Grid) -> Fit:
    """Generalised least squares; restricted likelihood, coefficients and noise integrated out (Harville 1974)."""
    _, past, width = grid.beside.shape
    across = grid.beside.transpose(0, 2, 1)
    precision = across @ grid.beside + RIDGE * np.eye(width)
    doubt = np.asarray(np.linalg.inv(precision), float)
    coefficients = (doubt @ (across @ grid.seen[:, :, None]))[:, :, 0]
    apart = _apart(grid, coefficients)
    left = np.maximum((apart**2).sum(axis=1) + RIDGE * (coefficients**2).sum(axis=1), TINY)
    scales = np.log(np.diagonal(grid.roots, axis1=1, axis2=2)[:, :past])
    told, noise = np.linalg.slogdet(precision)[1] / 2, left / (past - width)
    likelihood = -scales.sum(axis=1) - told - (past - width) / 2 * np.log(left)
    days = -scales - np.log(noise)[:, None] / 2 - apart**2 / (2 * noise)[:, None]
    ages = faded(np.arange(past, dtype=float)[::-1])
    return Fit(coefficients, doubt, noise, likelihood, np.asarray(days @ ages - told * ages.mean(), float))


def _apart(grid: Grid, coefficients: Floats) -> Floats:
    return np.asarray(grid.seen - (grid.beside @ coefficients[:, :, None])[:, :, 0], float)


def _weights(told: Floats) -> Floats:
    """Of the combinations, by their likelihoods; 0 for those that hardly count."""
    weights = np.exp(told - told.max())
    weights[weights < LEAST_WEIGHT * weights.sum()] = 0
    return np.asarray(weights / weights.sum(), float)


# ---- where the level broke ---------------------------------------------------------------------------------------


def _broken(grid: Grid) -> int | None:
    """Place from which on another level is likelier than any combination of the grid without it; None without one."""
    _, past, width = grid.beside.shape
    places = np.arange(EDGE, past - EDGE)
    if past - width <= 2 * EDGE or not len(places):
        return None
    likelihood = _fit(grid).likelihood
    gained = [likelihood[n] + _gains(grid, n, places) for n, steps in enumerate(grid.steps) if _steady(steps)]
    gains = np.max(gained, axis=0)
    best = int(gains.argmax())
    price = 1.5 * np.log(past)
    return int(places[best]) if gains[best] > likelihood.max() + price else None


def _steady(steps: Steps) -> bool:
    return steps.slope <= SLOPES[0] and steps.lasting < LASTING[-1] and steps.level in (LEVELS[0], LEVELS[2])


def _gains(grid: Grid, member: int, places: Places) -> Floats:
    """By how much a step from each place on raises the likelihood."""
    seen, beside = grid.seen[member], grid.beside[member]
    past, width = beside.shape
    steps = _without(grid.roots[[member]], (np.arange(past)[:, None] >= places).astype(float))[0]
    basis = np.linalg.qr(beside)[0]
    steps -= basis @ (basis.T @ steps)
    left = seen - basis @ (basis.T @ seen)
    spread = np.maximum((steps**2).sum(axis=0), TINY)
    share = (left @ steps) ** 2 / spread / max(float(left @ left), TINY)
    return np.asarray(-(past - width) / 2 * np.log1p(-np.minimum(share, 1 - 1e-9)), float)


# ---- looking ahead -----------------------------------------------------------------------------------------------


def _ahead(grid: Grid, fit: Fit, table: Floats, kept: Places, rows: slice) -> tuple[Floats, Floats]:
    """Means (m, h) and covariances (m, h, h) of ``rows`` under the combinations ``kept``: what the regressors say, and
    the rest by the rows of the root."""
    known = grid.seen.shape[1]
    owed, open_ = grid.roots[kept, rows, :known], grid.roots[kept, rows, known : rows.stop]
    rest = _apart(grid, fit.coefficients)[kept]
    means = fit.coefficients[kept] @ table.T + (owed @ rest[:, :, None])[:, :, 0]
    apart = table - owed @ grid.beside[kept]
    covers = open_ @ open_.transpose(0, 2, 1) + apart @ fit.doubt[kept] @ apart.transpose(0, 2, 1)
    return means, fit.noise[kept, None, None] * covers


def _mixed(weights: Floats, means: Floats, covers: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance of the combinations together: that their means differ is doubt as well."""
    mean = weights @ means
    apart = means - mean
    return mean, np.tensordot(weights, covers, 1) + (apart.T * weights) @ apart
