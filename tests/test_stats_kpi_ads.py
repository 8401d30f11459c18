"""Advertising counted once: of each tool the breakdown and window that tell most days, then most spend."""

import numpy as np
import pandas as pd
import pytest

from kit.stats.kpi_ads import WAYS, one_breakdown, with_ways


def rows(seed):
    """Advertising of two shops with two tools, each in two breakdowns and windows, as far as some days have it; money
    is round, so that many ways tie, and now and then missing."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, 60))
    values = (("b", "a"), ("y", "x"), ("q", "p"), (15, 3))
    made = pd.DataFrame({name: rng.choice(some, n) for name, some in zip(WAYS, values, strict=True)})
    dates = pd.Timestamp("2024-11-01") + pd.to_timedelta(rng.integers(0, 4, n), "D")
    spend = rng.choice([np.nan, 0, 10, 20], n)
    return made.assign(date=dates, spend=spend, ad_gmv=2 * spend)


def plainly(ads):
    """The same by comparing every way with every other."""
    ways = [(key, own) for key, own in ads.groupby(WAYS)]
    best = {}
    for (shop, tool, *_), own in ways:
        size = (own["date"].nunique(), own["spend"].sum())
        if (shop, tool) not in best or size > best[shop, tool][0]:
            best[shop, tool] = (size, own)
    return [own for _, (_, own) in sorted(best.items(), key=lambda one: one[0])]


@pytest.mark.parametrize("numbered", [False, True])
def test_the_way_with_most_days_then_most_spend_then_the_first_is_taken(numbered):
    for seed in range(60):
        ads = rows(seed)
        found = list(one_breakdown(with_ways(ads) if numbered else ads))
        expected = plainly(ads)
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            pd.testing.assert_frame_equal(one[ads.columns], other)
