"""How often the ranges of a counterfactual hold what is true, and how often an effect is called that is none.

``python benchmarks/counterfactual.py [SERIES]``: as many made-up shops a design (200). What is expected does not depend
on what was sold in the event, so a range that holds zero without an effect holds every planted effect; bias is given as
a part of a lift of 20%. The last two designs are those that nothing can tell from one control or none: a level that
breaks with the event, and a control that the event lifts as well.
"""

from __future__ import annotations

import sys

import numpy as np

from kit.stats.counterfactual import counterfactual

WEEK = np.array([0, 0.05, 0.02, 0, 0.1, 0.25, 0.2])
DESIGNS = (
    "still",
    "wandering",
    "autocorrelated",
    "trend",
    "season",
    "control",
    "noisy control",
    "break",
    "contaminated",
)
SIZES = ((120, 10), (400, 14))
"""Days before and days of the event."""


def made(rng: np.random.Generator, days: int, event: int, design: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Daily sales that multiply, without any effect of the event; and a control, where the design has one."""
    week, at = WEEK[np.arange(days) % 7], np.arange(days)
    noise, level, control = rng.normal(0, 0.12, days), np.zeros(days), None
    if design == "wandering":
        level = np.cumsum(rng.normal(0, 0.015, days))
    if design == "autocorrelated":
        shocks, noise = rng.normal(0, 0.1, days), np.zeros(days)
        for n in range(1, days):
            noise[n] = 0.5 * noise[n - 1] + shocks[n]
    if design == "trend":
        level = 0.0015 * at + np.cumsum(rng.normal(0, 0.005, days))
    if design == "season":
        level = 0.25 * np.sin(2 * np.pi * at / 365 + rng.uniform(0, 2 * np.pi))
    if design in ("control", "noisy control", "contaminated"):
        level = np.cumsum(rng.normal(0, 0.03, days))
        spread = 0.2 if design == "noisy control" else 0.05
        moved = 0.3 * (at >= event) if design == "contaminated" else 0.0
        control = np.exp(8 + level + week + moved + rng.normal(0, spread, days))[:, None]
    if design == "break":
        level = 0.3 * (at >= event)
    return np.exp(10 + level + week + noise), control


def main(series: int) -> None:
    heads = {"design": -16, "before": 7, "event": 6, "held": 7, "called": 8, "bias": 7, "± s.e.": 8, "half width": 11}
    print("".join(f"{head:<16s}" if width < 0 else f"{head:>{width}s}" for head, width in heads.items()))
    for design in DESIGNS:
        for before, event in SIZES:
            held = called = 0
            bias, width = [], []
            for seed in range(series):
                sales, control = made(np.random.default_rng([seed, before]), before + event, before, design)
                found = counterfactual(sales, [(before, before + event - 1)], controls=control)
                total, lift = found.parts[0], 0.2 * sales[before:].sum()
                held += total.low <= 0 <= total.high
                called += total.low > 0
                bias.append(total.effect / lift)
                width.append((total.high - total.low) / 2 / lift)
            error = np.std(bias) / np.sqrt(series)
            rates = f"{held / series:7.3f}{called / series:8.3f}{np.mean(bias):+7.2f}{error:8.2f}{np.mean(width):11.2f}"
            print(f"{design:16s}{before:7d}{event:6d}{rates}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
