"""How often the range of a live session's refunds in the end holds what they came to, by its age, simulated in full.

    .venv/bin/python benchmarks/arrivals.py [PICTURES]

Each of PICTURES (400) is two months of an own room every day and of creators' rooms now and then, as of the last day.
Designs: orders of an own session, and by how much sessions differ in their share beyond chance. Shown for ages at
which refunds are still to come: how many sessions are told, how many ranges hold the end, the mean error and width in
points. Then the same where the first month's file was exported early and is not known to have been. Seeded.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.stats.arrivals import End, ends

DELAYS = np.array((5, 9, 12, 13, 12, 10, 9, 7, 6, 5, 4, 3, 3, 2)) / 100
DAYS, FIRST_MONTH, OPEN = 61, 31, 30
DESIGNS = ((80, 0.0), (150, 0.0), (150, 0.03), (600, 0.03))
AGES = ((2, 4), (5, 7), (8, 10), (11, 13))


def picture(seed: int, orders: int, spread: float, exported: int | None = None) -> tuple[pd.DataFrame, list[float]]:
    """Sessions as the export has them, and their refunds ÷ paid in the end. ``exported``: days after its end on which
    the first month's file was made."""
    rng, rows, final = np.random.default_rng(seed), [], []
    for n in range(DAYS):
        day, age = pd.Timestamp("2024-10-01") + pd.Timedelta(days=n), DAYS - 1 - n
        for kind, usual, many in (("own", 0.24, 1), ("creator", rng.uniform(0.26, 0.42), 6)):
            if kind == "creator" and rng.random() > 0.2:
                continue
            money = rng.gamma(2.5, 60, orders * many)
            back = rng.random(len(money)) < np.clip(rng.normal(usual, spread), 0.02, 0.95)
            delay = 1 + rng.choice(len(DELAYS), len(money), p=DELAYS)
            known = FIRST_MONTH - 1 - n + exported if exported is not None and n < FIRST_MONTH else age
            seen = back & (delay <= known)
            rows.append((kind, day, age, money.sum(), money[seen].sum(), int(seen.sum())))
            final.append(float(money[back].sum() / money.sum()))
    return pd.DataFrame(rows, columns=["kind", "day", "age", "paid", "refunded", "cases"]), final


def line(told: list[tuple[End | None, float]]) -> str:
    known = [(end, truth) for end, truth in told if end]
    if not known:
        return "nothing told"
    held = np.mean([end.low - 1e-9 <= truth <= end.high + 1e-9 for end, truth in known])
    error, width = np.mean([(end.share - truth, end.high - end.low) for end, truth in known], axis=0) * 100
    return f"told {len(known) / len(told):.2f}, held {held:.3f}, error {error:+.2f}, width {width:.1f}"


def main(pictures: int) -> None:
    for orders, spread in DESIGNS:
        found: dict[tuple[int, int], list[tuple[End | None, float]]] = {ages: [] for ages in AGES}
        for seed in range(pictures):
            table, final = picture(seed, orders, spread)
            for end, truth, age in zip(ends(table, OPEN), final, table["age"], strict=True):
                for ages in (a for a in AGES if a[0] <= age <= a[1]):
                    found[ages].append((end, truth))
        for ages, told in found.items():
            print(f"{orders:4} orders, sessions differ by {spread:.2f}, ages {ages[0]:2} to {ages[1]:2}: {line(told)}")
    for days in (0, 3, 6, 10):
        early: list[tuple[End | None, float]] = []
        for seed in range(pictures):
            table, final = picture(seed, 150, 0.0, days)
            pairs = zip(ends(table, OPEN), final, table["age"], strict=True)
            early += [(end, truth) for end, truth, age in pairs if AGES[1][0] <= age <= AGES[-1][1]]
        print(f"first month exported {days:2} days after its end, ages {AGES[1][0]} to {AGES[-1][1]}: {line(early)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
