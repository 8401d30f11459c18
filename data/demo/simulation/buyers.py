"""The customer base: who places each day's orders, coming back for a while and slowly lapsing."""

from __future__ import annotations

import numpy as np

from simulation.world import DAYS, rng, years

BASE = 120_000
"""Customers won before the simulation begins, by their last order's day."""
COME_BACK = 0.0030
"""Chance of an order on an ordinary day at its height, some two months after the last one."""
LAPSE_PER_YEAR = 0.22
"""How fast that chance falls from year to year: the base is tiring."""
LONGEST = 730
MOST_RETURNING = 0.62


def hazard() -> np.ndarray:
    """Relative chance of coming back by days since the last order, 0 to ``LONGEST``; at most 1."""
    lag = np.arange(LONGEST + 1, dtype=float)
    rising = np.clip((lag - 12) / 30, 0, 1)
    return np.round(rising * np.exp(-np.maximum(lag - 60, 0) / 170), 9)


def assign(orders: np.ndarray, pull: np.ndarray) -> list[np.ndarray]:
    """For every day the buyers (whole numbers) of its ``orders``; ``pull`` is the day's event lift.

    A day's returning buyers are drawn from everyone who bought before, by how long ago that was; the rest of the
    day's orders are first orders. About one returning order in twenty-five is a second one of the same day.
    """
    generator = rng("buyers")
    tired = np.exp(-LAPSE_PER_YEAR * years())
    chance = hazard()
    buckets, known = _base(generator)
    days = []
    for day, total in enumerate(orders):
        sizes = np.array([len(buckets[b]) for b in range(day, day + LONGEST)], dtype=float)
        weights = sizes * chance[LONGEST:0:-1]
        expected = COME_BACK * weights.sum() * tired[day] * max(pull[day], 0.4) ** 0.9
        returning = int(min(round(expected, 3), MOST_RETURNING * total))
        taken = generator.multinomial(returning, weights / weights.sum())
        back = _draw(buckets, day, taken)
        new = np.arange(known, known + int(total) - len(back))
        known += len(new)
        buyers = np.concatenate([back, new])
        twice = generator.random(len(buyers)) < 0.02
        buyers[twice] = buyers[generator.integers(0, max(len(buyers), 1), twice.sum())]
        # Shuffled once, so that taking from the front is a draw at random.
        buckets[day + LONGEST] = generator.permutation(np.unique(buyers))
        days.append(buyers)
    return days


def _base(generator: np.random.Generator) -> tuple[list[np.ndarray], int]:
    """Buckets of customers by last order's day: ``LONGEST`` days of the past, then an empty one for each day."""
    age = np.minimum(generator.exponential(330.0, BASE), LONGEST - 1).astype(np.int64)
    customers = np.arange(BASE)  # ages are drawn, so ids within a bucket are in no order of loyalty
    past = [customers[age == LONGEST - 1 - b] for b in range(LONGEST)]
    return past + [np.empty(0, dtype=np.int64) for _ in DAYS], BASE


def _draw(buckets: list[np.ndarray], day: int, taken: np.ndarray) -> np.ndarray:
    """Take that many customers out of each bucket (never more than it holds)."""
    drawn = [np.empty(0, dtype=np.int64)]
    for offset in np.flatnonzero(taken):
        bucket = buckets[day + offset]
        drawn.append(bucket[: taken[offset]])
        buckets[day + offset] = bucket[taken[offset] :]
    return np.concatenate(drawn)
