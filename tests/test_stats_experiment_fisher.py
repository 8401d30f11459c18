"""Fisher's exact test: published tables, a count of tables by hand, and that it keeps its level."""

from math import comb

import pytest

from kit.stats.experiment import fisher
from kit.stats.experiment.sums import Counts


def exact(x1, n1, x0, n0):
    return fisher.test(Counts(n0, x0), Counts(n1, x1))


@pytest.mark.parametrize(
    ("table", "p", "odds"),
    [
        ((2, 17, 10, 13), 0.0005367, 0.04),  # Fisher's convicts, as in R's fisher.test; R's own odds ratio is 0.0469
        ((3, 4, 1, 4), 0.4857, 9.0),  # Fisher's tea, from the same page; R's own odds ratio is 6.408
    ],
)
def test_published_tables(table, p, odds):
    found = exact(*table)
    assert found.p == pytest.approx(p, abs=0.5 * 10 ** -(len(str(p)) - 2))
    assert found.odds_ratio == pytest.approx(odds)


@pytest.mark.parametrize("table", [(3, 20, 9, 25), (0, 12, 4, 9), (7, 7, 0, 5), (2, 300, 11, 280)])
def test_p_adds_up_the_tables_that_are_as_unlikely_or_more(table):
    x1, n1, x0, n0 = table
    ways = {x: comb(n1, x) * comb(n0, x1 + x0 - x) for x in range(max(0, x1 + x0 - n0), min(n1, x1 + x0) + 1)}
    assert exact(*table).p == pytest.approx(sum(w for w in ways.values() if w <= ways[x1]) / sum(ways.values()))


def test_no_effect_is_called_one_in_no_more_cases_than_stated():
    from scipy.stats import binom

    units, rate = 40, 0.1
    chance = binom.pmf(range(units + 1), units, rate)
    called = sum(
        chance[x0] * chance[x1] for x0 in range(20) for x1 in range(20) if exact(x1, units, x0, units).p < 0.05
    )
    assert 0.005 < called <= 0.05


@pytest.mark.parametrize(
    ("table", "withheld"),
    [((5, 20, 0, 20), ("no_odds",)), ((20, 20, 5, 20), ("no_odds",)), ((0, 0, 5, 20), ("no_units",))],
)
def test_odds_that_have_no_end_and_arms_without_units_are_said(table, withheld):
    found = exact(*table)
    assert found.odds_ratio is None and found.withheld == withheld and (found.p is None) == ("no_units" in withheld)
