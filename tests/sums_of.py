"""Sums of an arm from the values of its units, for tests of the statistics of experiments."""

from dataclasses import replace

import numpy as np

from kit.stats.experiment.sums import Moments, Pairs


def moments(values):
    values = np.asarray(values, float)
    return Moments(len(values), float(values.sum()), float((values**2).sum()))


def pairs(values, others):
    values, others = np.asarray(values, float), np.asarray(others, float)
    products = (values**2, others, others**2, values * others)
    return Pairs(len(values), float(values.sum()), *(float(p.sum()) for p in products))


def skewed(values, others=None):
    """The same with the sums of third powers."""
    x = np.asarray(values, float)
    if others is None:
        return replace(moments(x), cubes=float((x**3).sum()))
    y = np.asarray(others, float)
    cubes = tuple(float(p.sum()) for p in (x**3, x * x * y, x * y * y, y**3))
    return replace(pairs(x, y), cubes=cubes)
