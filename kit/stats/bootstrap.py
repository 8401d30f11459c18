"""Joint intervals for the index of groups (share of value ÷ share of count) by resampling clusters.

Method: the studentised bootstrap of Efron & Tibshirani (1993, ch. 12.5) on the logarithm of the index, symmetric,
with one critical value for all groups: the ``level`` quantile of the largest |t| over the groups (Westfall & Young
1993). Clusters are resampled whole (Davison & Hinkley 1997, ch. 3.8), because the members of one cluster share
what makes them sell. The standard error of the log index is its linearisation over clusters.

Why this one: on made-up markets with lognormal sales (log sd 1.5 to 2, 100 to 3,000 listings, 6 to 60 brands that
differ in strength and price level, six bands) the intervals of all bands held together in 95 to 99.8 % of the markets.
With Bonferroni's correction, percentile intervals held together in 42 to 82 %, BCa in 51 to 67 %, studentised ones in
84 to 97 %. ``tests/test_stats_bootstrap.py`` repeats a part of this.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 0.95
RESAMPLES = 2000
CHUNK = 250


@dataclass(frozen=True)
class Joint:
    """Index of each group with its joint interval; NaN bounds where a group is not judged or cannot be."""

    index: Floats
    low: Floats
    high: Floats
    critical: float


def joint_intervals(
    value: Floats,
    count: Floats,
    judged: NDArray[np.bool_],
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Joint:
    """Index and joint intervals at ``level`` of the ``judged`` groups.

    ``value`` and ``count`` are (clusters, groups): the sums of what is compared and the number of members, neither
    negative, each cluster with at least one member. A draw in which a group has no value says nothing of that
    group and is left out for it; ask for at least five clusters with value in each judged group, so that such
    draws stay under one in a hundred.
    """
    index = share_index(value.sum(0), count.sum(0))
    unknown = np.full(len(index), np.nan)
    judged = judged & (index > 0)
    if len(value) < 2 or not judged.any():
        return Joint(index, unknown, unknown.copy(), float("nan"))
    with np.errstate(divide="ignore", invalid="ignore"):
        error = log_error(value, count)
        draws, errors = resampled(value, count, resamples, np.random.default_rng(seed))
        t = np.abs(draws - np.log(index)) / errors
    largest = np.where(np.isfinite(t) & judged, t, 0.0).max(1)
    critical = float(np.quantile(largest, level))
    low, high = (np.where(judged, index * np.exp(s * critical * error), np.nan) for s in (-1, 1))
    return Joint(index, low, high, critical)


def share_index(value: Floats, count: Floats) -> Floats:
    """Share of value ÷ share of count by group (last axis); NaN for a group without members."""
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = value / value.sum(-1, keepdims=True), count / count.sum(-1, keepdims=True)
        return np.asarray(shares[0] / shares[1])


def log_error(value: Floats, count: Floats) -> Floats:
    """Standard error of each group's log index from the spread of the clusters' influences (delta method)."""
    of_value = value / value.sum(0) - value.sum(1, keepdims=True) / value.sum()
    of_count = count / count.sum(0) - count.sum(1, keepdims=True) / count.sum()
    clusters = len(value)
    return np.asarray(np.sqrt(clusters / (clusters - 1) * ((of_value - of_count) ** 2).sum(0)))


def resampled(value: Floats, count: Floats, resamples: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Log index and its standard error in each of ``resamples`` draws of whole clusters: two (resamples, groups)."""
    parts = [
        _draws(value, count, weights(len(value), min(CHUNK, resamples - done), rng))
        for done in range(0, resamples, CHUNK)
    ]
    return np.vstack([p[0] for p in parts]), np.vstack([p[1] for p in parts])


def weights(clusters: int, draws: int, rng: np.random.Generator) -> Floats:
    """How often each cluster is in each draw with replacement: (draws, clusters), rows adding up to ``clusters``."""
    picked = rng.integers(0, clusters, (draws, clusters)) + np.arange(draws)[:, None] * clusters
    return np.bincount(picked.ravel(), minlength=draws * clusters).reshape(draws, clusters).astype(float)


def _draws(value: Floats, count: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """One chunk. The squared influences are expanded, so that all draws are a few matrix products."""
    sums, members = weight @ value, weight @ count
    whole_value, whole_count = value.sum(1), count.sum(1)
    errors = np.empty_like(sums)
    for group in range(value.shape[1]):
        terms = np.stack([value[:, group], count[:, group], whole_value, whole_count], 1)
        scale = np.stack([1 / sums[:, group], -1 / members[:, group], -1 / sums.sum(1), 1 / members.sum(1)], 1)
        squares = np.zeros(len(weight))
        pairs = itertools.combinations_with_replacement(range(4), 2)
        products = {(i, j): scale[:, i] * scale[:, j] * (weight @ (terms[:, i] * terms[:, j])) for i, j in pairs}
        for i, j in itertools.product(range(4), repeat=2):
            squares += products[min(i, j), max(i, j)]
        errors[:, group] = np.sqrt(len(value) / (len(value) - 1) * np.maximum(squares, 0))
    return np.log(share_index(sums, members)), errors
