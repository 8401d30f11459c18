"""Error rates of the tests of means, ratios, adjusted means, several variants, daily looks and days that alternate.

    .venv/bin/python benchmarks/experiment_means.py [SIMULATIONS]

For each design, of SIMULATIONS (20,000) tests at 5 %: how many call a difference where there is none, how many find a
lift of 20 %, in how many of these the 95 % intervals of difference and lift hold the true ones (a lift that is withheld
has no ends, so it counts as held; how many those are is told), and in how many p and the two intervals contradict each
other. Then, of fewer tests, the family's errors with three variants, tests read daily for 60 days, rotations of a
fortnight, and segments with one effect. Seeded.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable
from itertools import accumulate, combinations_with_replacement
from operator import add
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.stats.experiment import cuped, dunnett, interaction, means, ratios, rotation, sequential
from kit.stats.experiment.kinds import Arm, Comparing, summed
from kit.stats.experiment.sums import Counts, Moments, Pairs

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, int], list[Arm]]
"""So many arms of so many units each, without an effect."""

ALPHA, LIFT, SEED, DAYS = 0.05, 0.2, 20_241_112, 60
START = dt.date(2024, 11, 13)
CELLS = 4_000_000
"""Values drawn at once."""


def pairs(values: Floats, others: Floats) -> list[Arm]:
    """An arm a row."""
    products = (values, values**2, others, others**2, values * others)
    sums = np.column_stack([p.sum(1) for p in products]).tolist()
    third = [np.einsum("ij,ij,ij->i", *part) for part in combinations_with_replacement((values, others), 3)]
    cubes = map(tuple, np.column_stack(third).tolist())
    return [Pairs(values.shape[1], *own, cube) for own, cube in zip(sums, cubes, strict=True)]


def chunked(draw: Draw) -> Draw:
    """``draw`` a few arms at a time, so that memory lasts."""

    def made(rng: np.random.Generator, units: int, arms: int) -> list[Arm]:
        size = max(1, CELLS // units)
        return [arm for done in range(0, arms, size) for arm in draw(rng, units, min(size, arms - done))]

    return made


def revenue(spread: float, rate: float = 0.03) -> Draw:
    """A share ``rate`` of units pays an amount whose logarithm has the standard deviation ``spread``."""

    def draw(rng: np.random.Generator, units: int, arms: int) -> list[Arm]:
        buyers = rng.binomial(units, rate, arms)
        paid, arm = rng.lognormal(0, spread, buyers.sum()), np.repeat(np.arange(arms), buyers)
        sums = np.column_stack([np.bincount(arm, paid**power, arms) for power in (1, 2, 3)])
        return [Moments(units, *map(float, row)) for row in sums]

    return chunked(draw)


def normal(rng: np.random.Generator, units: int, arms: int) -> list[Arm]:
    """Values about 10 with the standard deviation 3."""
    mean = rng.normal(10, 3 / units**0.5, arms)
    rest = 9 * rng.chisquare(units - 1, arms)
    return [Moments(units, float(units * m), float(units * m**2 + r)) for m, r in zip(mean, rest, strict=True)]


@chunked
def click_rate(rng: np.random.Generator, units: int, arms: int) -> list[Arm]:
    """Clicks by impressions: visitors see unlike many, and click at rates of their own."""
    shown = 1 + rng.poisson(rng.gamma(0.7, 6, (arms, units)))
    return pairs(rng.binomial(shown, rng.beta(2, 18, (arms, units))).astype(float), shown.astype(float))


@chunked
def order_value(rng: np.random.Generator, units: int, arms: int) -> list[Arm]:
    """Revenue by orders of visitors, nine in ten of whom order nothing."""
    orders = rng.binomial(1, 0.1, (arms, units)) * (1 + rng.poisson(0.4, (arms, units)))
    return pairs(orders * rng.lognormal(0, 0.8, (arms, units)), orders.astype(float))


@chunked
def known_before(rng: np.random.Generator, units: int, arms: int) -> list[Arm]:
    """Spending that goes with what was spent before the test."""
    before = rng.gamma(0.5, 2, (arms, units))
    return pairs(before * rng.lognormal(0, 0.4, (arms, units)) + rng.gamma(0.5, 1, (arms, units)), before)


def counts(rate: float) -> Draw:
    def draw(rng: np.random.Generator, units: int, arms: int) -> list[Arm]:
        return [Counts(units, int(x)) for x in rng.binomial(units, rate, arms)]

    return draw


DESIGNS: list[tuple[str, Draw, int, int, Comparing, float]] = [  # units of control and variant, and the true mean
    ("normal", normal, 30, 30, means, 10.0),
    ("normal", normal, 500, 100, means, 10.0),
    ("revenue, log sd 1", revenue(1.0), 2000, 2000, means, 0.03 * np.exp(0.5)),
    ("revenue, log sd 1", revenue(1.0), 20_000, 20_000, means, 0.03 * np.exp(0.5)),
    ("revenue, log sd 1.5", revenue(1.5), 20_000, 20_000, means, 0.03 * np.exp(1.125)),
    ("revenue, log sd 1", revenue(1.0), 4500, 1500, means, 0.03 * np.exp(0.5)),
    ("revenue, log sd 1", revenue(1.0), 9000, 1000, means, 0.03 * np.exp(0.5)),
    ("revenue, log sd 1", revenue(1.0), 18_000, 6000, means, 0.03 * np.exp(0.5)),
    ("click rate", click_rate, 500, 500, ratios, 0.1),
    ("click rate", click_rate, 1500, 500, ratios, 0.1),
    ("order value", order_value, 2000, 2000, ratios, float(np.exp(0.32))),
    ("order value", order_value, 3000, 1000, ratios, float(np.exp(0.32))),
    ("known before", known_before, 500, 500, cuped, float(np.exp(0.08)) + 0.5),
    ("known before", known_before, 1500, 500, cuped, float(np.exp(0.08)) + 0.5),
]


def raised(arm: Arm) -> Arm:
    """The arm with every value of its metric higher by ``LIFT``."""
    k = 1 + LIFT
    if isinstance(arm, Moments):
        return Moments(arm.units, k * arm.total, k**2 * arm.squares, None if arm.cubes is None else k**3 * arm.cubes)
    assert isinstance(arm, Pairs) and arm.cubes
    a, b, c, d = arm.cubes
    cubes = k**3 * a, k**2 * b, k * c, d
    return Pairs(arm.units, k * arm.total, k**2 * arm.squares, arm.other, arm.other_squares, k * arm.cross, cubes)


def holds(low: float | None, true: float, high: float | None) -> bool:
    return low is None or high is None or low <= true <= high


def line(name: str, draw: Draw, sizes: tuple[int, int], by: Comparing, mean: float, tests: int) -> str:
    rng = np.random.default_rng(SEED)
    arms = list(zip(*(draw(rng, units, tests) for units in sizes), strict=True))
    null = [by.compare(*pair, ALPHA) for pair in arms]
    found = [by.compare(control, raised(variant), ALPHA) for control, variant in arms]
    called, power = (share(one.differs for one in every) for every in (null, found))
    difference = share(holds(one.low, LIFT * mean, one.high) for one in found)
    lift = share(holds(one.lift_low, LIFT, one.lift_high) for one in found)
    withheld = share(one.lift is None for one in found)
    odd = sum(not one.consistent for one in (*null, *found))
    size = f"{sizes[0]:,}+{sizes[1]:,}"
    return f"{name} {size} | {called:.4f} {power:.4f} | {difference:.4f} {lift:.4f} {withheld:.4f} | {odd}"


def share(of: Iterable[bool]) -> float:
    return float(np.mean(list(of)))


def family(name: str, draw: Draw, sizes: tuple[int, ...], by: Comparing | None, tests: int) -> str:
    """How often any of several variants without an effect is called."""
    rng = np.random.default_rng(SEED)
    every = [
        dunnett.compare(arms[0], arms[1:], ALPHA, by)
        for arms in zip(*(draw(rng, n, tests) for n in sizes), strict=True)
    ]
    odd = sum(not one.consistent for found in every for one in found)
    return f"{name} {'+'.join(map(str, sizes))} | {share(any(one.differs for one in f) for f in every):.4f} | {odd}"


def peeked(name: str, draw: Draw, sizes: tuple[int, int], tests: int) -> str:
    """How often a test without an effect is called on any of the days; beside it, were each day read as if the last."""
    rng = np.random.default_rng(SEED)
    days = [draw(rng, units, tests * DAYS) for units in sizes]
    called, naive = [], []
    for n in range(0, tests * DAYS, DAYS):
        own = [arm[n : n + DAYS] for arm in days]
        looks = sequential.path(zip(*own, strict=True), ALPHA, sum(sizes) * DAYS // 2)
        called.append(any(look.differs for look in looks))
        sums = zip(*(accumulate(map(summed, arm), add) for arm in own), strict=True)
        naive.append(any(means.compare(*pair, ALPHA).differs for pair in sums))
    return f"{name} {sizes[0]}+{sizes[1]} a day | {np.mean(called):.4f} | {np.mean(naive):.4f}"


def rotated(effect: float, drift: float, tests: int) -> str:
    """A fortnight of alternating days with a weekday, drift and a mood of the day (log sd 0.018, memory 0.3)."""
    rng, n = np.random.default_rng(SEED), np.arange(14)
    found = []
    for _ in range(tests):
        shocks = rng.normal(0, 0.018 * (1 - 0.3**2) ** 0.5, 64)
        mood = [sum(0.3**k * shocks[50 + day - k] for k in range(50)) for day in n]
        bases = rng.integers(17_000, 23_000, 14)
        rate = 0.046 * (1 + 0.1 * np.sin(2 * np.pi * n / 7)) * (1 + drift * n / 14) * np.exp(mood)
        clicks = rng.binomial(bases, rate * np.where(n % 2, 1 + effect, 1))
        days = [rotation.Day(START + dt.timedelta(int(k)), float(clicks[k]), float(bases[k])) for k in n]
        found.append(rotation.compare(days[::2], days[1::2], ALPHA))
    inside = share(holds(one.lift_low, effect, one.lift_high) for one in found)
    called, odd = share(one.differs for one in found), sum(not one.consistent for one in found)
    return f"effect {effect:.0%}, drift {drift:.0%} | {called:.4f} | {inside:.4f} | {odd}"


def alike(rates: tuple[float, ...], units: int, tests: int) -> str:
    """How often segments with one lift of 20 % are said to differ."""
    rng = np.random.default_rng(SEED)
    drawn = rng.binomial(units, np.outer(rates, (1, 1 + LIFT)), (tests, len(rates), 2))
    found = [interaction.p_of([(Counts(units, int(a)), Counts(units, int(b))) for a, b in one]) for one in drawn]
    return f"{units:,} an arm at {rates} | {share(p is not None and p < ALPHA for p in found):.4f}"


def main(tests: int) -> None:
    print("design | called without effect, found with | covered: difference, lift; lift withheld | contradictory")
    for name, draw, control, variant, by, mean in DESIGNS:
        print(line(name, draw, (control, variant), by, mean, tests), flush=True)
    print("\nThree variants, any called without effect | contradictory")
    for sizes in ((2000,) * 4, (4000, 1000, 1000, 1000), (1000, 4000, 4000, 4000)):
        print(family("conversion 5 %", counts(0.05), sizes, None, tests // 4), flush=True)
    print(family("revenue, log sd 1", revenue(1.0), (3000,) * 4, means, tests // 2), flush=True)
    print(family("order value", order_value, (1000,) * 4, ratios, tests // 2), flush=True)
    print(f"\nRead on each of {DAYS} days, called on any | if every day is read as the last")
    for name, draw in (
        ("conversion 3 %", counts(0.03)),
        ("conversion 0.2 %", counts(0.002)),
        ("revenue", revenue(1.6)),
    ):
        for sizes in ((50, 50), (500, 500), (900, 100), (100, 900)):
            print(peeked(name, draw, sizes, tests // 20), flush=True)
    print("\nRotation of 14 days, called | lift covered | contradictory")
    for effect, drift in ((0, 0), (0, 0.1), (0, 0.3), (0.08, 0), (0.08, 0.1), (0.08, 0.3)):
        print(rotated(effect, drift, tests // 10), flush=True)
    print("\nSegments with one lift, said to differ")
    for rates, units in (((0.02, 0.04), 2000), ((0.01, 0.03, 0.1), 5000), ((0.05, 0.05, 0.05, 0.05, 0.05), 1000)):
        print(alike(rates, units, tests), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
