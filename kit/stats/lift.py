"""Log effects on sales per listing, every brand compared with itself, with intervals that allow for few brands.

Least squares on logarithms with a level for each brand (the within transformation). The variance is that of Bell and
McCaffrey (2002; CR2), clustered by brand, with their degrees of freedom (Imbens and Kolesár 2016; Pustejovsky and
Tipton 2018), because what a word is worth differs from brand to brand and only brands are independent.

Why this one: in made-up markets of 15 brands and 600 listings (lognormal sales, log sd 0.55 to 1.5, words that brands
use unlike often and that are worth unlike much to them) a word without any effect was called at 5 % in 4.7 to 5.1 % of
cases; by HC3 in 4.7 to 17 %, by the usual cluster-robust variance in 4.9 to 7 %. Poisson regression, the usual way to
keep counters of zero, called it in 9 to 17 %, since a few best sellers carry it. So a counter of zero counts as half a
piece: with 20 to 40 % of zeros that makes effects look smaller than they are, and false calls stay at 4.7 to 4.8 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]

LEAST_SALES = 0.5
"""Pieces that a counter of zero stands for: less than one."""
LEAST_FREEDOM = 4.0
"""Degrees of freedom under which the approximation itself is poor (Pustejovsky and Tipton 2018)."""
TOLERANCE = 1e-8


@dataclass(frozen=True)
class Effect:
    """A log effect with its standard error and the degrees of freedom of its t distribution."""

    value: float
    error: float
    freedom: float

    @property
    def sound(self) -> bool:
        """Whether enough brands compare for error and degrees of freedom to be believed."""
        return self.error > 0 and self.freedom >= LEAST_FREEDOM

    @property
    def p_value(self) -> float:
        """Two-sided."""
        from scipy.special import stdtr

        return 2 * float(stdtr(self.freedom, -abs(self.value) / self.error))

    def interval(self, level: float) -> tuple[float, float]:
        """Ends at ``level`` (a fraction), logarithms as the value itself."""
        from scipy.special import stdtrit

        half = float(stdtrit(self.freedom, (1 + level) / 2)) * self.error
        return self.value - half, self.value + half


def log_sales(sales: Floats) -> Floats:
    """Logarithm of a sales counter, zero as half a piece."""
    return np.log(np.maximum(sales, LEAST_SALES))


def within(values: Floats, clusters: Whole) -> Floats:
    """``values`` (rows, or rows × columns) less their mean in each cluster; clusters are numbered from 0."""
    sums = _sums(values.reshape(len(values), -1), clusters)
    means = sums / np.bincount(clusters)[:, None]
    return np.asarray(values - means[clusters].reshape(values.shape))


def independent(x: Floats) -> list[int]:
    """The columns of ``x``, in order, that those kept before them do not add up to."""
    return basis(x)[1]


def basis(x: Floats) -> tuple[Floats, list[int]]:
    """The columns that are ``independent`` made orthonormal, and which they are."""
    kept: list[int] = []
    made = np.empty((len(x), 0))
    for column in range(x.shape[1]):
        if (left := apart(x[:, column], made)) is not None:
            kept.append(column)
            made = np.column_stack([made, left])
    return made, kept


def apart(column: Floats, basis: Floats) -> Floats | None:
    """What of ``column`` the ``basis`` does not add up to, its length one; None where that is nothing."""
    left = column - basis @ (basis.T @ column)
    left -= basis @ (basis.T @ left)  # once more: rounding leaves a trace of what was taken out
    if left @ left > 1e-4 * max(float(column @ column), TOLERANCE):
        return np.asarray(left / np.sqrt(left @ left))
    return None


def effects(y: Floats, x: Floats, clusters: Whole, wanted: int) -> list[Effect]:
    """Effects on ``y`` of the first ``wanted`` columns of ``x``, the others held constant, within clusters.

    ``y`` (rows) and ``x`` (rows × columns, all ``independent`` within clusters) are taken within ``clusters`` here.
    """
    y, x = within(y, clusters), within(x, clusters)
    inverse: Floats = np.asarray(np.linalg.inv(x.T @ x), float)
    value = inverse @ (x.T @ y)
    influence = _influence(x, inverse, clusters)
    scores = _sums(influence * (y - x @ value)[:, None], clusters)
    errors = np.sqrt((scores**2).sum(0))
    made = []
    for n in range(wanted):
        freedom = _freedom(influence[:, n], x, inverse, clusters)
        made.append(Effect(float(value[n]), float(errors[n]), freedom))
    return made


def _sums(values: Floats, clusters: Whole) -> Floats:
    columns = values.shape[1]
    places = clusters[:, None] * columns + np.arange(columns)
    sums = np.bincount(places.ravel(), values.ravel(), minlength=(int(clusters.max()) + 1) * columns)
    return np.asarray(sums.reshape(-1, columns), float)


def _influence(x: Floats, inverse: Floats, clusters: Whole) -> Floats:
    """Each row's weight in each coefficient: (I − H)^(−1/2) x (x'x)⁻¹ cluster by cluster.

    The root is taken in the space of the columns, where it is small: f(uu')u = u f(u'u).
    """
    factor = np.linalg.cholesky(inverse)
    u, made = x @ factor, np.empty_like(x)
    members = np.split(np.argsort(clusters, kind="stable"), np.cumsum(np.bincount(clusters))[:-1])
    shares, vectors = np.linalg.eigh(np.stack([u[rows].T @ u[rows] for rows in members]))
    room = 1 - shares
    scale = np.where(room > TOLERANCE, 1 / np.sqrt(np.maximum(room, TOLERANCE)), 0.0)
    roots = (vectors * scale[:, None, :]) @ vectors.transpose(0, 2, 1) @ factor.T
    for rows, root in zip(members, roots, strict=True):
        made[rows] = u[rows] @ root
    return made


def _freedom(influence: Floats, x: Floats, inverse: Floats, clusters: Whole) -> float:
    """Satterthwaite's, were the errors independent and alike: (tr G)² ÷ tr G² of the variance as a quadratic form."""
    own = np.bincount(clusters, influence**2)
    cross = _sums(influence[:, None] * x, clusters)
    form = np.diag(own) - cross @ inverse @ cross.T
    square = float((form**2).sum())
    return float(np.trace(form)) ** 2 / square if square > 0 else 1.0
