"""Sums of an arm from the values of its units, for tests of the statistics of experiments."""

import numpy as np

from kit.stats.experiment.sums import Moments, Pairs


def moments(values):
    values = np.asarray(values, float)
    return Moments(len(values), float(values.sum()), float((values**2).sum()))


def pairs(values, others):
    values, others = np.asarray(values, float), np.asarray(others, float)
    products = (values**2, others, others**2, values * others)
    return Pairs(len(values), float(values.sum()), *(float(p.sum()) for p in products))
