"""Which model is used, how wide the ranges are, and how often they hold."""

import warnings

import numpy as np
import pytest
from test_stats_models import AIRLINE

from kit.stats import forecast as fc
from kit.stats.models import MODELS

QUICK = MODELS[:3]
"""Those that need no fitting: the only ones under three years."""
ANNOUNCED = np.array([False, True])


def made(amounts, models=QUICK):
    amounts = np.asarray(amounts, float)
    still = np.zeros((len(amounts) + fc.horizon(len(amounts)), 2))
    return fc.forecast(amounts, still, ANNOUNCED, models)


def world(months, rng, level=0.015, noise=0.03, slope=0.006):
    """A made-up market: a level that wanders upwards, a season, noise."""
    season = rng.normal(0, 0.25, 12)
    path = np.cumsum(rng.normal(slope, level, months)) + rng.normal(0, noise, months)
    return np.exp(path + season[np.arange(months) % 12])


@pytest.mark.parametrize(("months", "ahead"), [(23, 0), (24, 3), (35, 3), (36, 6), (120, 6)])
def test_how_far_ahead_depends_on_the_history(months, ahead):
    assert fc.horizon(months) == ahead


def test_too_few_months_or_one_without_sales_give_no_forecast():
    assert made(AIRLINE[:23]) is None
    assert made([*AIRLINE[:23], 0.0]) is None


def test_a_market_that_grows_steadily_is_not_left_to_the_seasonal_naive():
    found = made(AIRLINE[:36])
    assert found.model == "growth" and found.used.mase < found.used.naive
    assert [t.model for t in found.tried] == ["growth", "naive"]


def test_what_only_repeats_the_year_before_is_left_to_the_seasonal_naive():
    rng = np.random.default_rng(1)
    found = made(np.tile(AIRLINE[:12], 3) * np.exp(rng.normal(0, 0.001, 36)))
    assert found.model == "naive" and found.used.mase == found.used.naive


def test_a_series_that_repeats_itself_exactly_has_ranges_of_no_width():
    found = made(np.tile(AIRLINE[:12], 3))
    assert found.model == "naive"
    for month, again in zip(found.months, AIRLINE[:6], strict=True):
        assert (month.low95, month.mid, month.high95) == pytest.approx((again, again, again))


def test_of_all_candidates_the_airline_passengers_are_left_to_a_seasonal_model():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = made(AIRLINE[:132], MODELS)
    assert found.model in ("airline", "ets", "ets_damped") and found.used.mase < 0.5 * found.used.naive
    held = [m.low95 <= came <= m.high95 for m, came in zip(found.months, AIRLINE[132:138], strict=True)]
    assert sum(held) >= 5


def test_ranges_hold_their_middle_lie_in_each_other_and_never_narrow_with_the_lead():
    found = made(AIRLINE[:60])
    for month in (*found.months, found.total):
        assert month.low95 < month.low80 < month.mid < month.high80 < month.high95
    widths = [month.high80 / month.low80 for month in found.months]
    assert widths == sorted(widths)


@pytest.mark.parametrize("months", [26, 60])
def test_the_months_together_add_up_and_their_range_is_no_wider_than_the_sum_of_the_ends(months):
    found = made(AIRLINE[:months])
    low, mid, high = (sum(getattr(m, end) for m in found.months) for end in ("low95", "mid", "high95"))
    assert found.total.mid == pytest.approx(mid)
    assert low <= found.total.low95 < mid < found.total.high95 <= high


def test_mase_is_the_error_over_that_of_the_year_before_in_training():
    training = np.array([*[100.0] * 12, *[110.0] * 12])
    assert fc.mase(np.array([120.0, 110.0]), np.array([110.0, 115.0]), training) == pytest.approx(0.75)


def test_back_tests_do_not_know_where_a_promotion_moves():
    amounts, moved = AIRLINE[:36].copy(), np.zeros((42, 2))
    moved[20:, 0] = np.resize([0.8, -0.8], 22)
    amounts *= np.exp(0.3 * moved[:36, 0])
    told, untold = (fc.forecast(amounts, moved, np.array([known, False]), QUICK).tried for known in (True, False))
    first, second = (next(t.mase for t in tried if t.model == "moved") for tried in (told, untold))
    assert first < 0.7 * second


@pytest.mark.parametrize("months", [25, 30, 48])
def test_ranges_hold_about_as_often_as_they_say(months):
    rng, ahead = np.random.default_rng(20241111), fc.horizon(months)
    inner, outer = [], []
    for n in range(600):
        shape = ((0.0, 0.04, 0.006), (0.02, 0.03, 0.006), (0.01, 0.03, 0.0))[n % 3]
        amounts = world(months + ahead, rng, *shape)
        for month, came in zip(made(amounts[:months]).months, amounts[months:], strict=True):
            inner.append(month.low80 <= came <= month.high80)
            outer.append(month.low95 <= came <= month.high95)
    assert 0.75 <= np.mean(inner) <= 0.85
    assert 0.92 <= np.mean(outer) <= 0.97


def test_whether_past_ranges_held_is_judged_without_the_origin_itself():
    found = made(AIRLINE[:60])
    assert 0.6 <= found.used.held80 <= found.used.held95 <= 1.0


@pytest.mark.parametrize("months", [26, 40])
def test_in_a_market_without_growth_the_range_rarely_leaves_the_year_before(months):
    rng, ahead, called = np.random.default_rng(5), fc.horizon(months), 0
    for _ in range(300):
        amounts = world(months, rng, level=0.0, noise=0.04, slope=0.0)
        found, before = made(amounts), amounts[-12:][:ahead].sum()
        called += found.model != "naive" and not found.total.low80 < before < found.total.high80
    assert called <= 6
