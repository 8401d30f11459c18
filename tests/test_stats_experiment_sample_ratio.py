"""Sample ratios: against scipy, at their alphas exactly, and located where they are off; two real sets."""

import csv

import numpy as np
import pytest
from scipy import stats
from test_real_files import DATA

from kit.stats.experiment import sample_ratio


@pytest.mark.parametrize(
    ("counts", "shares"), [([5080, 4920], [0.5, 0.5]), ([9100, 950], [9, 1]), ([3300, 3400, 3450], [1, 1, 1])]
)
def test_p_is_that_of_chi_square_against_the_plan(counts, shares):
    planned = np.array(shares) / sum(shares) * sum(counts)
    found = sample_ratio.check(counts, shares)
    assert (found.chi_square, found.p) == pytest.approx(tuple(stats.chisquare(counts, planned)))
    assert found.off == pytest.approx(tuple(np.array(counts) / planned - 1))


@pytest.mark.parametrize(("share", "units"), [(0.5, 1000), (0.5, 40_000), (0.1, 5000)])
@pytest.mark.parametrize("alpha", [sample_ratio.BLOCK, sample_ratio.WARN])
def test_an_honest_split_alarms_at_its_alpha(share, units, alpha):
    middle, spread = units * share, (units * share * (1 - share)) ** 0.5
    counts = range(int(middle - 6 * spread), int(middle + 6 * spread))
    chance = stats.binom.pmf(counts, units, share)
    alarms = [sample_ratio.check([n, units - n], [share, 1 - share]).p < alpha for n in counts]
    assert 0.7 * alpha <= chance[alarms].sum() <= 1.3 * alpha


@pytest.mark.parametrize(
    ("counts", "light"),
    [([5000, 5100], "ok"), ([44_700, 45_489], "warn"), ([10_000, 10_600], "block"), ([3, 4], "unknown")],
)
def test_the_light_is_that_of_the_documented_alphas(counts, light):
    assert sample_ratio.check(counts, [0.5, 0.5]).light == light


def test_a_loss_on_some_days_is_located_on_these():
    rng = np.random.default_rng(5)
    days = {f"{n:02d}": rng.binomial(2000, 0.5, 2) for n in range(14)}
    days = {name: [first, 2000 - first] for name, (first, _) in days.items()}
    days["08"][1] -= 240
    days["11"] = [0, 0]
    places = sample_ratio.locate(days, [1, 1])
    assert [place.name for place in places if place.stands] == ["08"]
    assert places[11].found.withheld == ("no_units",) and places[8].found.off[1] < -0.05


def test_few_units_have_no_p_and_a_plan_that_is_none_is_refused():
    assert sample_ratio.check([1, 6], [0.5, 0.5]).withheld == ("few_units",)
    for counts, shares in (([1, 2], [1, 0]), ([5], [1]), ([1, 2, 3], [1, 1])):
        with pytest.raises(ValueError, match="not a split of two arms or more"):
            sample_ratio.check(counts, shares)


def rows(folder, name):
    with (DATA / folder / name).open(newline="") as lines:
        yield from csv.DictReader(lines)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the real data sets in ../shared/{DATA.name}")
def test_cookie_cats_is_warned_of():
    arms = [row["version"] for row in rows("cookie_cats", "cookie_cats.csv")]
    found = sample_ratio.check([arms.count("gate_30"), arms.count("gate_40")], [1, 1])
    assert found.p == pytest.approx(0.0086, abs=5e-5) and found.light == "warn"


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the real data sets in ../shared/{DATA.name}")
def test_of_99_real_tests_17_warn():
    last = {}
    for row in rows("asos_experiments", "asos_digital_experiments_dataset.csv"):
        key = row["experiment_id"], row["variant_id"]
        if row["metric_id"] == "1" and float(row["time_since_start"]) >= last.get(key, (0,))[0]:
            last[key] = float(row["time_since_start"]), int(float(row["count_c"])), int(float(row["count_t"]))
    lights = [sample_ratio.check(counts, [1, 1]).light for _, *counts in last.values()]
    assert len(lights) == 99 and sum(light in ("warn", "block") for light in lights) == 17
