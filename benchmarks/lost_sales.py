"""How often the range of sales lost while an item was out of stock holds what was lost, simulated in full.

    .venv/bin/python benchmarks/lost_sales.py [STOCK-OUTS]

Each kind is STOCK-OUTS (300) shops of twenty usual days and some without stock of one item; demand differs from day to
day, items are lognormal, and some of the item's buyers take one item of middling sales instead. Shown by number of
items, the item's share, days without stock and part that takes the other item, for over-dispersion 1 and 3: how many
ranges hold the loss, and the mean error of the estimate. Seeded.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.stats.lost_sales import Flags, Floats, lost

USUAL, UNITS, DAY_BY_DAY = 20, 600.0, 0.15
KINDS = tuple(product((12, 40), (0.1, 0.4), (3, 10), (0.0, 0.15, 0.5)))
SPREADS = (1.0, 3.0)


def shop(
    rng: np.random.Generator, items: int, share: float, days: int, takes: float, spread: float
) -> tuple[Floats, Flags, float]:
    """Units by day and item (the first is out on the last ``days``), those days, and the units lost."""
    weight = rng.lognormal(0, 1, items)
    weight[0] = 0.0
    weight *= (1 - share) / weight.sum()
    other = 1 + int(np.argmin(np.abs(weight[1:] - np.median(weight[1:]))))
    weight[0] = share
    level = np.exp(rng.normal(0, DAY_BY_DAY, USUAL + days))
    mean = UNITS * level[:, None] * weight
    units = rng.poisson(mean if spread == 1 else rng.gamma(mean / (spread - 1)) * (spread - 1)).astype(float)
    out = np.arange(USUAL + days) >= USUAL
    wanted = units[out, 0].copy()
    took = rng.binomial(wanted.astype(int), takes)
    units[out, 0] = 0.0
    units[out, other] += took
    return units, out, float(wanted.sum() - took.sum())


def line(rounds: int, items: int, share: float, days: int, takes: float, spread: float) -> str:
    rng, held, errors = np.random.default_rng(5), 0, []
    for _ in range(rounds):
        units, out, truth = shop(rng, items, share, days, takes, spread)
        found = lost(units, 0, out, ~out)
        if found is not None and truth > 0:
            held += found.low <= truth <= found.high
            errors.append(found.units / truth - 1)
    return f"held {held / len(errors):.3f}, error {np.mean(errors):+.3f}"


def main(rounds: int) -> None:
    for kind in KINDS:
        items, share, days, takes = kind
        found = "; ".join(f"spread {spread:.0f}: {line(rounds, *kind, spread)}" for spread in SPREADS)
        print(f"{items} items, share {share:.0%}, {days} days, {takes:.0%} take another: {found}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
