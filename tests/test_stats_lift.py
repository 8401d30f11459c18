"""Effects within brands: against a second implementation with a column a brand, and by how often a null is called."""

import numpy as np
import pytest

from kit.stats import lift


def by_dummies(y, x, brand):
    """CR2 and its degrees of freedom as Pustejovsky and Tipton (2018) write them, with a column for every brand."""
    full = np.column_stack([x, brand[:, None] == np.arange(brand.max() + 1)]).astype(float)
    bread = np.linalg.inv(full.T @ full)
    left = np.eye(len(y)) - full @ bread @ full.T
    value, meat, parts = bread @ full.T @ y, 0, []
    for b in range(brand.max() + 1):
        rows = brand == b
        roots, vectors = np.linalg.eigh(left[np.ix_(rows, rows)])
        good = roots > 1e-9
        adjust = (vectors[:, good] / np.sqrt(roots[good])) @ vectors[:, good].T
        score = bread @ full[rows].T @ adjust @ (left @ y)[rows]
        meat = meat + np.outer(score, score)
        parts.append(left[:, rows] @ adjust @ full[rows] @ bread)
    forms = np.stack(parts)  # brands × rows × columns
    freedom = []
    for n in range(x.shape[1]):
        gram = forms[:, :, n] @ forms[:, :, n].T
        freedom.append(np.trace(gram) ** 2 / (gram**2).sum())
    return value[: x.shape[1]], np.sqrt(np.diag(meat))[: x.shape[1]], freedom


def sample(seed, sizes=(5, 9, 4, 7, 8, 6), columns=3):
    rng = np.random.default_rng(seed)
    brand = np.repeat(np.arange(len(sizes)), sizes)
    return rng.normal(size=len(brand)), (rng.random((len(brand), columns)) < 0.45).astype(float), brand


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_values_errors_and_degrees_of_freedom_are_those_of_the_model_with_a_column_a_brand(seed):
    y, x, brand = sample(seed)
    found = lift.effects(y, x, brand, 3)
    value, error, freedom = by_dummies(y, x, brand)
    assert [e.value for e in found] == pytest.approx(value)
    assert [e.error for e in found] == pytest.approx(error)
    assert [e.freedom for e in found] == pytest.approx(freedom)


def test_two_brands_that_compare_leave_one_degree_of_freedom_and_are_not_believed():
    y, x, brand = sample(4, sizes=(8, 8, 8, 8), columns=1)
    x[brand > 1] = 1.0  # brands that always claim it compare nothing
    (effect,) = lift.effects(y, x, brand, 1)
    assert effect.freedom < 2 and not effect.sound


def test_p_value_and_interval_agree():
    effect = lift.Effect(0.5, 0.2, 10.0)
    low, high = effect.interval(1 - effect.p_value)
    assert (low, high) == (pytest.approx(0, abs=1e-9), pytest.approx(1.0))
    assert lift.Effect(2.228139, 1.0, 10.0).p_value == pytest.approx(0.05, abs=1e-6)  # Student's table


@pytest.mark.parametrize("unlike", [0.0, 0.4])
def test_an_effect_of_none_is_called_at_the_stated_rate_even_where_brands_differ_in_it(unlike):
    called = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        brand = np.repeat(np.arange(15), rng.integers(15, 50, 15))
        x = (rng.random((len(brand), 6)) < rng.beta(2, 5, (15, 6))[brand]).astype(float)
        y = rng.normal(0, 1, 15)[brand] + (rng.normal(0, unlike, (15, 6))[brand] * x).sum(1)
        found = lift.effects(y + rng.normal(0, 0.6, len(brand)), x, brand, 6)
        called += [e.p_value < 0.05 for e in found]
    assert 0.035 <= np.mean(called) <= 0.065


def test_a_counter_of_zero_is_half_a_piece():
    assert lift.log_sales(np.array([0.0, 1.0, np.e])) == pytest.approx([np.log(0.5), 0, 1])


def test_a_column_that_others_add_up_to_is_not_independent():
    y, x, brand = sample(5)
    columns = np.column_stack([x, x[:, 0] + x[:, 1], np.ones(len(y)), x[:, 2]])
    assert lift.independent(lift.within(columns, brand)) == [0, 1, 2]


def test_within_takes_every_brands_mean_away():
    left = lift.within(np.array([1.0, 3.0, 10.0, 20.0]), np.array([0, 0, 1, 1]))
    assert left.tolist() == [-1, 1, -5, 5]
