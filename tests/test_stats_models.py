"""The candidates of a forecast against published figures, and what each takes from the past."""

import numpy as np
import pytest

from kit.stats.forecast import mase
from kit.stats.models import MODELS, Past

# Monthly totals of international airline passengers, 1949 to 1960, in thousands (Box and Jenkins, series G).
SERIES_G = """
    112 118 132 129 121 135 148 148 136 119 104 118 115 126 141 135 125 149 170 170 158 133 114 140
    145 150 178 163 172 178 199 199 184 162 146 166 171 180 193 181 183 218 230 242 209 191 172 194
    196 196 236 235 229 243 264 272 237 211 180 201 204 188 235 227 234 264 302 293 259 229 203 229
    242 233 267 269 270 315 364 347 312 274 237 278 284 277 317 313 318 374 413 405 355 306 271 306
    315 301 356 348 355 422 465 467 404 347 305 336 340 318 362 348 363 435 491 505 404 359 310 337
    360 342 406 396 420 472 548 559 463 407 362 405 417 391 419 461 472 535 622 606 508 461 390 432
"""
AIRLINE = np.array(SERIES_G.split(), float)
BY_KEY = {model.key: model for model in MODELS}


def past(amounts, ahead, moved=None):
    months = len(amounts) + ahead
    return Past(np.log(np.asarray(amounts, float)), np.zeros((months, 2)) if moved is None else moved)


def expected(key, known):
    model = BY_KEY[key]
    return np.exp(model.ahead(model.fit(known), known))


@pytest.mark.parametrize(
    ("key", "scaled", "percent"),
    [("naive", 1.571, 9.99), ("theta", 0.865, 5.33), ("ets", 0.661, 4.13), ("airline", 0.435, 2.90)],
)
def test_the_last_year_of_the_airline_passengers_is_forecast_as_well_as_published(key, scaled, percent):
    known, came = AIRLINE[:-12], AIRLINE[-12:]
    made = expected(key, past(known, 12))
    assert mase(came, made, known) == pytest.approx(scaled, abs=0.005)
    assert 100 * np.abs(made / came - 1).mean() == pytest.approx(percent, abs=0.03)


def test_the_airline_models_parameters_are_those_of_the_book_on_all_its_years():
    _, params = BY_KEY["airline"].fit(past(AIRLINE, 6))
    assert params == pytest.approx([-0.4019, -0.5571], abs=0.005)  # the sum of squares is concentrated out


@pytest.mark.parametrize("key", ["ets", "ets_damped", "airline"])
def test_parameters_of_an_earlier_origin_serve_a_later_one(key):
    model, early, late = BY_KEY[key], past(AIRLINE[:96], 6), past(AIRLINE[:102], 6)
    made = np.exp(model.ahead(model.fit(early), late))
    assert np.abs(made / AIRLINE[102:108] - 1).max() < 0.1


YEAR = np.array([10, 12, 9, 11, 10, 14, 10, 10, 11, 12, 20, 11], float)


def test_the_seasonal_naive_repeats_the_year_before():
    assert expected("naive", past(YEAR, 3)) == pytest.approx(YEAR[:3])


def test_growth_is_the_average_of_the_last_years_months_on_theirs():
    known = [*YEAR, *YEAR * 1.5, *YEAR * 1.5 * 1.1]
    assert expected("growth", past(known, 2)) == pytest.approx(YEAR[:2] * 1.5 * 1.1 * 1.1)


def test_a_promotion_that_moved_is_put_right_and_one_to_come_is_put_in():
    moved = np.zeros((39, 2))
    moved[[21, 22], 0] = 0.5, -0.5  # into October, out of November of the second year
    moved[37, 0] = 0.5  # and into February of the fourth
    logs = np.log(np.tile(YEAR, 3)) + 0.1 * np.repeat([0, 1, 2], 12)
    logs[[21, 22]] += 0.3, -0.3
    logs[[33, 34]] += 0.3, -0.3  # and so it stayed
    made = BY_KEY["moved"].ahead(None, Past(logs, moved)) - logs[24:27]
    assert made == pytest.approx([0.1, 0.4, 0.1], abs=0.02)


def test_without_anything_that_moved_the_corrected_growth_is_the_plain_one():
    assert expected("moved", past(AIRLINE[:40], 6)) == pytest.approx(expected("growth", past(AIRLINE[:40], 6)))
