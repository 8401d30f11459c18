"""A series as level, growth, weekdays and what runs beside it: what some days lead to expect of later ones.

Level and growth are random walks, the noise of the days is autocorrelated of the first order (Harvey 1989, local linear
trend), weekdays and controls are coefficients without a prior. How fast level and growth wander and how long noise
lasts is told badly by a few months, so none of it is estimated: every combination of a grid weighs in by its marginal
likelihood (as Brodersen et al. 2015 average over draws). How fast they wander changes, too, so what lies back counts
less and less (forgetting, Raftery, Kárný & Ettler 2010): a year that stood still does not vouch for last month. Growth
is never taken to stand still: the steadiest of the grid forgets half of what it knew in about a month, since growth
that held for a year may have turned last month.

A day on which the level moved and stayed is found and given a coefficient of its own (intervention, Box and Tiao 1975)
where that raises the likelihood of the best combination by more than its price: Schwarz's for a coefficient and for
the choice of its day. Without that, one step counts as months of growth.

The days are jointly normal, so one triangular root of their covariance answers for every day from which one may look
ahead: rows of the root are what later days owe to earlier ones. ``tests/test_stats_local_trend.py`` holds it against
the Kalman filter of ``statsmodels``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

LEVELS = (0.0, 0.05, 0.2, 1.0)
"""Standard deviations of a day's step of the level, as parts of that of the noise."""
SLOPES = (0.001, 0.003, 0.01)
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
class Member:
    """``root`` (n, n): lower root of the covariance of all days; ``seen`` (past,) and ``beside`` (past, k): the past
    and its regressors with that covariance taken out; ``noise``: variance of the noise. ``likelihood``: restricted, of
    the past; ``lately`` with its days fading. ``weight`` of the grid."""

    steps: Steps
    root: Floats
    seen: Floats
    beside: Floats
    noise: float = 1.0
    likelihood: float = 0.0
    lately: float = 0.0
    weight: float = 1.0


@dataclass(frozen=True)
class LocalTrend:
    """``days``: positions in the series, of which the first ``past`` are seen; ``table`` (n, k) their regressors;
    ``breaks``: positions from which on the level is another; ``middle``: what was taken off."""

    days: Places
    past: int
    table: Floats
    members: tuple[Member, ...]
    breaks: tuple[int, ...]
    middle: float

    def known(self, origin: int) -> int:
        """Usable days before ``origin``, of those that are read."""
        return min(int(np.searchsorted(self.days, origin)), self.past)

    def steady(self, origin: int, last: int) -> bool:
        """Whether the level broke neither just before ``origin`` nor from there to ``last``."""
        return not any(origin - EDGE < at <= last for at in self.breaks)

    def ahead(self, origin: int, first: int, last: int) -> tuple[Floats, Floats]:
        """Mean (h,) and covariance (h, h) of the days from ``first`` to ``last``, as far as ``days`` has them, noise
        included, from the days before ``origin``. The members' means differ, which is doubt as well."""
        known = self.known(origin)
        rows = slice(*np.searchsorted(self.days, [first, last + 1]))
        told = [_told(member, self.table[rows], known, rows) for member in self.members]
        weights = np.array([member.weight for member in self.members])
        means = np.array([mean for mean, _ in told])
        mean = weights @ means
        apart = means - mean
        cover = np.tensordot(weights, np.array([cover for _, cover in told]), 1) + (apart.T * weights) @ apart
        return mean + self.middle, cover


def fitted(values: Floats, beside: Floats, start: int, end: int, *, drift: bool = True) -> LocalTrend:
    """``values`` (n,) by consecutive days, NaN where not usable, are seen before ``start``; ``beside`` (n, k) is known
    up to ``end``. ``drift``: whether there is growth, noise that lasts, and forgetting; without, it is level and noise
    alone."""
    past = np.flatnonzero(np.isfinite(values[:start]))[-READ:]
    days = np.concatenate([past, np.arange(start, end)])
    middle = float(values[past].mean())
    table = _regressors(days, beside[days], len(past), drift)
    members = _members(days, values[past] - middle, table, drift)
    breaks: list[int] = []
    while len(breaks) < MOST_BREAKS and (place := _broken(members)) is not None:
        breaks.append(int(days[place]))
        step = (np.arange(len(days)) >= place).astype(float)
        table = np.column_stack([table, step])
        members = [_with(member, step) for member in members]
    told = [member.lately if drift else member.likelihood for member in members]
    return LocalTrend(days, len(past), table, _weighed(members, told), tuple(sorted(breaks)), middle)


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


def _members(days: Places, seen: Floats, table: Floats, drift: bool) -> list[Member]:
    walk, growth, apart = _kernels(days)
    slopes, found = SLOPES if drift else (0.0,), []
    for lasting in LASTING if drift else (0.0,):
        noise = lasting**apart if lasting else np.eye(len(days))
        for slope in slopes:
            base = noise + slope**2 * growth
            found += [_member(Steps(level, slope, lasting), base + level**2 * walk, seen, table) for level in LEVELS]
    return found


def _kernels(days: Places) -> tuple[Floats, Floats, Floats]:
    """Covariances of a random walk and of its running sum, both of unit steps from the first day; days apart."""
    at = (days - days[0]).astype(float)
    first, apart = np.minimum.outer(at, at), np.abs(np.subtract.outer(at, at))
    growth = apart * first * (first - 1) / 2 + (first - 1) * first * (2 * first - 1) / 6
    return first, growth, apart


def _member(steps: Steps, cover: Floats, seen: Floats, table: Floats) -> Member:
    root = np.asarray(np.linalg.cholesky(cover), float)
    both = _without(root, np.column_stack([seen, table[: len(seen)]]))
    return _scored(Member(steps, root, both[:, 0], both[:, 1:]))


def _without(root: Floats, columns: Floats) -> Floats:
    """Columns over the past with the covariance taken out."""
    from scipy.linalg import solve_triangular

    past = len(columns)
    return np.asarray(solve_triangular(root[:past, :past], columns, lower=True, check_finite=False), float)


def _with(member: Member, step: Floats) -> Member:
    more = _without(member.root, step[: len(member.seen), None])
    return _scored(replace(member, beside=np.column_stack([member.beside, more])))


def _scored(member: Member) -> Member:
    """Its restricted likelihood, coefficients and noise integrated out (Harville 1974), and its noise."""
    from scipy.linalg import solve_triangular

    beside, (past, width) = member.beside, member.beside.shape
    root = np.linalg.cholesky(beside.T @ beside + RIDGE * np.eye(width))
    said = solve_triangular(root, beside.T @ member.seen, lower=True, check_finite=False)
    left = max(float(member.seen @ member.seen - said @ said), TINY)
    scales, told = np.log(np.diag(member.root)[:past]), float(np.log(np.diag(root)).sum())
    free = past - width
    likelihood = float(-scales.sum() - told - free / 2 * np.log(left))
    apart = member.seen - beside @ solve_triangular(root, said, lower=True, trans="T", check_finite=False)
    noise, ages = left / free, faded(np.arange(past, dtype=float)[::-1])
    days = -scales - np.log(noise) / 2 - apart**2 / (2 * noise)
    lately = float(ages @ days - told * ages.mean())
    return replace(member, noise=noise, likelihood=likelihood, lately=lately)


def _weighed(members: list[Member], told: list[float]) -> tuple[Member, ...]:
    """Those that still count, by their likelihoods."""
    weights = np.exp(np.array(told) - max(told))
    kept = weights >= LEAST_WEIGHT * weights.sum()
    return tuple(
        replace(member, weight=float(weight / weights[kept].sum()))
        for member, weight, keep in zip(members, weights, kept, strict=True)
        if keep
    )


# ---- where the level broke ---------------------------------------------------------------------------------------


def _broken(members: list[Member]) -> int | None:
    """Place from which on another level is likelier than any combination of the grid without it; None without one."""
    past, width = members[0].beside.shape
    places = np.arange(EDGE, past - EDGE)
    if past - width <= 2 * EDGE or not len(places):
        return None
    steady = [m for m in members if m.steps.slope <= SLOPES[0] and m.steps.lasting < LASTING[-1]]
    gained = [m.likelihood + _gains(m, places) for m in steady if m.steps.level in (LEVELS[0], LEVELS[2])]
    gains = np.max(gained, axis=0)
    best = int(gains.argmax())
    price = 1.5 * np.log(past)
    return int(places[best]) if gains[best] > max(m.likelihood for m in members) + price else None


def _gains(member: Member, places: Places) -> Floats:
    """By how much a step from each place on raises the likelihood."""
    past, width = member.beside.shape
    steps = _without(member.root, (np.arange(past)[:, None] >= places).astype(float))
    basis = np.linalg.qr(member.beside)[0]
    steps -= basis @ (basis.T @ steps)
    left = member.seen - basis @ (basis.T @ member.seen)
    spread = np.maximum((steps**2).sum(axis=0), TINY)
    share = (left @ steps) ** 2 / spread / max(float(left @ left), TINY)
    return np.asarray(-(past - width) / 2 * np.log1p(-np.minimum(share, 1 - 1e-9)), float)


# ---- looking ahead -----------------------------------------------------------------------------------------------


def _told(member: Member, table: Floats, known: int, rows: slice) -> tuple[Floats, Floats]:
    """Mean and covariance of ``rows`` from the first ``known`` days: generalised least squares, the rest by the rows of
    the root."""
    beside, owed = member.beside[:known], member.root[rows, :known]
    doubt = np.linalg.inv(beside.T @ beside + RIDGE * np.eye(beside.shape[1]))
    coefficients = doubt @ (beside.T @ member.seen[:known])
    mean = table @ coefficients + owed @ (member.seen[:known] - beside @ coefficients)
    open_ = member.root[rows, known : rows.stop]
    apart = table - owed @ beside
    return mean, member.noise * (open_ @ open_.T + apart @ doubt @ apart.T)
