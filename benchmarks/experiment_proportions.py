"""Error rates of the tests of proportions, of sample ratios and of planned sizes, simulated in full.

    .venv/bin/python benchmarks/experiment_proportions.py [SIMULATIONS]

For each design, of SIMULATIONS (200,000) tests at 5 %: how many call a difference; in how many the 95 % intervals of
difference and lift hold the true ones; and in how many p and the two intervals contradict each other. Beside them what
is usual elsewhere, on the same draws: the interval of the difference without a score (Wald), and that of the lift by
the linear delta method, with how often the two contradict each other. Seeded; equal draws are read once. Then the
coverage over all outcomes of many small designs, each by how likely it is, without drawing.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.stats.experiment import power, sample_ratio
from kit.stats.experiment.proportions import FEW, difference_intervals, lift_intervals, p_values

Floats = NDArray[np.float64]
Ends = tuple[Floats, Floats]

Z, ALPHA, SEED = 1.959963984540054, 0.05, 20_241_111
DESIGNS = [  # units and rates of control and variant
    (500, 500, 0.02, 0.026),
    (500, 500, 0.03, 0.03),
    (1000, 500, 0.03, 0.03),
    (2000, 2000, 0.05, 0.055),
    (2000, 2000, 0.05, 0.05),
    (9000, 1000, 0.05, 0.055),
    (9000, 1000, 0.05, 0.05),
    (1000, 9000, 0.05, 0.05),
    (20_000, 20_000, 0.001, 0.001),
    (20_000, 20_000, 0.03, 0.033),
    (20_000, 20_000, 0.03, 0.03),
    (100_000, 100_000, 0.1, 0.1),
]
MOST_EXPECTED = 300
"""Successes of the variant beyond which an exact design takes long and is no longer small."""
HEAD = "units rates | found | covered: difference, lift | contradictory | elsewhere: Wald, delta lift, contradictory"


def drawn(design: tuple[int, int, float, float], tests: int) -> tuple[list[Floats], Floats]:
    """Successes and units of both arms, each outcome once, and the share of tests that had it; of controls with any."""
    n0, n1, p0, p1 = design
    rng = np.random.default_rng(SEED)
    pairs = np.vstack([rng.binomial(n0, p0, tests), rng.binomial(n1, p1, tests)])
    seen, times = np.unique(pairs[:, pairs[0] > 0], axis=1, return_counts=True)
    x0, x1 = seen.astype(float)
    return [x0, np.full(len(x0), float(n0)), x1, np.full(len(x0), float(n1))], times / times.sum()


def leaves_out(ends: Ends, value: float) -> NDArray[np.bool_]:
    return (ends[0] > value) | (ends[1] < value)


def elsewhere(x0: Floats, n0: Floats, x1: Floats, n1: Floats) -> tuple[Ends, Ends]:
    """The difference by Wald, the lift by the linear delta method."""
    r0, r1 = x0 / n0, x1 / n1
    v0, v1 = r0 * (1 - r0) / n0, r1 * (1 - r1) / n1
    plain, lift = Z * np.sqrt(v0 + v1), Z * np.sqrt(v1 / r0**2 + r1**2 * v0 / r0**4)
    return (r1 - r0 - plain, r1 - r0 + plain), (r1 / r0 - 1 - lift, r1 / r0 - 1 + lift)


def line(design: tuple[int, int, float, float], tests: int) -> str:
    counts, share = drawn(design, tests)
    n0, n1, p0, p1 = design
    found = p_values(*counts) < ALPHA
    difference, lift = difference_intervals(*counts, ALPHA), lift_intervals(*counts, ALPHA)
    wald, delta = elsewhere(*counts)
    at_odds = (leaves_out(difference, 0) != found) | (leaves_out(lift, 0) != found)

    def of(outcomes: NDArray[np.bool_]) -> float:
        return float(share[outcomes].sum())

    covered = 1 - of(leaves_out(difference, p1 - p0)), 1 - of(leaves_out(lift, p1 / p0 - 1))
    others = 1 - of(leaves_out(wald, p1 - p0)), 1 - of(leaves_out(delta, p1 / p0 - 1))
    odd = of(leaves_out(wald, 0) != leaves_out(delta, 0))
    shown = (
        f"{covered[0]:.4f} {covered[1]:.4f} | {round(of(at_odds) * tests)} | {others[0]:.4f} {others[1]:.4f} {odd:.2%}"
    )
    return f"{n0:,}+{n1:,} {p0:.1%} {p1:.1%} | {of(found):.4f} | {shown}"


def every(design: tuple[int, int, float, float]) -> tuple[list[Floats], Floats]:
    """All outcomes within eight standard deviations with successes in the control, and their chances."""
    n0, n1, p0, p1 = design
    reach = [8 * (n * p) ** 0.5 for n, p in ((n0, p0), (n1, p1))]
    x0 = np.arange(max(1, int(n0 * p0 - reach[0])), min(n0, int(n0 * p0 + reach[0]) + 5))
    x1 = np.arange(max(0, int(n1 * p1 - reach[1])), min(n1, int(n1 * p1 + reach[1]) + 5))
    chance = np.outer(binom.pmf(x0, n0, p0), binom.pmf(x1, n1, p1)).ravel()
    kept = chance > 1e-9
    seen = [grid.ravel()[kept].astype(float) for grid in np.meshgrid(x0, x1, indexing="ij")]
    n = np.full(kept.sum(), 1.0)
    return [seen[0], n * n0, seen[1], n * n1], chance[kept] / chance[kept].sum()


def exact() -> str:
    """The lowest and the highest coverage of difference and lift over the small designs."""
    sizes = [(n, n) for n in (500, 1000, 3000)] + [(500, n) for n in (1000, 2000, 5000)]
    sizes += [(n1, n0) for n0, n1 in sizes if n0 != n1]
    found = []
    for (n0, n1), expected, times in product(sizes, (10, 12, 15, 20, 30, 60), (0.7, 1.0, 1.1, 1.3, 1.6)):
        rate = expected / n0
        if n1 * rate * times >= FEW and n1 <= 10 * n0 and expected * n1 / n0 <= MOST_EXPECTED:
            counts, chance = every((n0, n1, rate, rate * times))
            ends = difference_intervals(*counts, ALPHA), lift_intervals(*counts, ALPHA)
            true = rate * (times - 1), times - 1
            found.append([chance[~leaves_out(e, t)].sum() for e, t in zip(ends, true, strict=True)])
    low, high = np.min(found, axis=0), np.max(found, axis=0)
    return f"{len(found)} designs: difference {low[0]:.4f} to {high[0]:.4f}, lift {low[1]:.4f} to {high[1]:.4f}"


def alarms(share: float, units: int, tests: int) -> str:
    """How often an honest split is blocked, and warned of."""
    counts, times = np.unique(np.random.default_rng(SEED).binomial(units, share, tests), return_counts=True)
    p = np.array([sample_ratio.check([int(n), units - int(n)], [share, 1 - share]).p for n in counts])
    rates = [float(times[p < alpha].sum() / tests) for alpha in (sample_ratio.BLOCK, sample_ratio.WARN)]
    return f"{share:.0%} of {units:,}: blocked {rates[0]:.4%}, warned of {rates[1]:.3%}"


def planned(rate: float, lift: float, shares: tuple[float, float], tests: int) -> str:
    """How often a true lift is found with the units planned for 80 %."""
    size = power.size(power.Rate(rate), lift, ALPHA, 0.8, shares)
    assert size
    counts, share = drawn((size.control, size.variant, rate, rate * (1 + lift)), tests)
    found = float(share[p_values(*counts) < ALPHA].sum())
    return f"{rate:.0%} {lift:+.0%}: {size.control:,}+{size.variant:,} units, found {found:.4f}"


def main(tests: int) -> None:
    print(HEAD)
    for design in DESIGNS:
        print(line(design, tests), flush=True)
    print("\nCoverage over all outcomes")
    print(exact(), flush=True)
    print("\nSample ratio, an honest split")
    for share, units in ((0.5, 1000), (0.5, 40_000), (0.1, 5000), (0.9, 100_000)):
        print(alarms(share, units, tests))
    print("\nPower as planned, 80 %")
    for rate, lift, shares in ((0.03, 0.15, (0.5, 0.5)), (0.05, -0.2, (0.9, 0.1)), (0.1, 0.2, (0.25, 0.25))):
        print(planned(rate, lift, shares, tests))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
