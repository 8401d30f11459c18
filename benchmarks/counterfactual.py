"""How often the ranges of a counterfactual hold what is true, and how often an effect is called that is none.

``python benchmarks/counterfactual.py [SERIES] [DESIGN …]``: as many made-up shops a design (200; an even number). What
is expected does not depend on what was sold in the event, so a range that holds zero without an effect holds every
planted effect, and one run tells how often lifts of 5, 20 and 60 % are called; bias is given as a part of a lift of
20 %. Shops come in pairs whose noise is the same with the other sign, and every design has draws of its own: else
chance looks like bias, and like the same bias in every design. A range that holds one of a pair nearly always holds the
other, so shares are as sure as those of half as many shops. A tenth of the lift is drawn from two weeks before the
event and a tenth from two weeks after it, as the campaign review looks at them: the last columns say how often the
ranges of the days before, of those after and of all together hold what was planted.

The verdict is that of the campaign review's decision table: the share of shops of which anything is said
(``said``), called weak evidence, or refused; ``of them``: among those said, how often the range held; ``added``: how
often a campaign that did nothing is said to have added sales.

The last two designs are those that nothing can tell from one control or none: a level that breaks with the event, and a
control that the event lifts as well. Growth that bends in the weeks before (``earlier bend``, at two speeds) is
followed with a lag, so its middle is too high; where the windows just before show it, it is called weak evidence.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.analyses.campaign.decide import Evidence, decide
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.stats.counterfactual import Counterfactual, Total, counterfactual, side

Floats = NDArray[np.float64]

WEEK = np.array([0, 0.05, 0.02, 0, 0.1, 0.25, 0.2])
DESIGNS = (
    "still", "wandering", "autocorrelated", "trend", "earlier break", "earlier bend", "sharp bend", "season",
    "every thursday", "some thursdays", "control", "noisy control", "break", "contaminated",
)  # fmt: skip
SIZES = ((120, 7), (120, 10), (400, 14))
"""Days before the two weeks of waiting, and days of the event."""
LIFTS = (0.0, 0.05, 0.2, 0.6)
PLANTED, DRAWN, AROUND = 0.2, 0.1, 14
"""The lift whose totals are looked at, the part of it that each side gives, and for how many days."""


def made(rng: np.random.Generator, sign: int, days: int, event: int, design: str) -> tuple[Floats, Floats | None]:
    """Daily sales that multiply, without any effect of the event; and a control, where the design has one. ``sign`` of
    the noise: 1 or −1."""

    def normal(spread: float) -> Floats:
        return sign * rng.normal(0, spread, days)

    week, at = WEEK[np.arange(days) % 7], np.arange(days)
    noise, level, control = normal(0.12), np.zeros(days), None
    if design == "wandering":
        level = np.cumsum(normal(0.015))
    if design == "autocorrelated":
        shocks, noise = normal(0.1), np.zeros(days)
        for n in range(1, days):
            noise[n] = 0.5 * noise[n - 1] + shocks[n]
    if design == "trend":
        level = 0.0015 * at + np.cumsum(normal(0.005))
    if design == "earlier break":
        level = 0.3 * (at >= event - rng.integers(40, 80))
    if design in ("earlier bend", "sharp bend"):
        level = (0.004 if design == "sharp bend" else 0.002) * np.maximum(0, at - event + rng.integers(40, 80))
    if design == "season":
        level = 0.25 * np.sin(2 * np.pi * at / 365 + rng.uniform(0, 2 * np.pi))
    if design == "every thursday":
        level = 0.35 * (at % 7 == 3)
    if design == "some thursdays":
        level = 0.35 * (at % 7 == 3) * np.repeat(rng.random(days // 7 + 1) < 0.5, 7)[:days]
    if design in ("control", "noisy control", "contaminated"):
        level = np.cumsum(normal(0.03))
        spread = 0.2 if design == "noisy control" else 0.05
        moved = 0.3 * (at >= event) if design == "contaminated" else 0.0
        control = np.exp(8 + level + week + moved + normal(spread))[:, None]
    if design == "break":
        level = level + 0.3 * (at >= event)
    return np.exp(10 + level + week + noise), control


@dataclass
class Tally:
    """What is counted over the shops of a design."""

    held: int = 0
    called: list[int] = field(default_factory=lambda: [0] * len(LIFTS))
    around: list[int] = field(default_factory=lambda: [0, 0, 0])
    bias: list[float] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    weak: int = 0
    refused: int = 0
    said: int = 0
    said_held: int = 0
    added: int = 0

    def add(self, found: Counterfactual, planted: list[float]) -> None:
        """``found`` of sales with the planted lift; ``planted``: what each part brought."""
        total, unit = found.parts[0], planted[0] / PLANTED
        self.held += _holds(total, planted[0])
        for n, lift in enumerate(LIFTS):
            self.called[n] += total.low + (lift - PLANTED) * unit > 0
        for n, (part, true) in enumerate(zip(found.parts[1:], planted[1:], strict=True)):
            self.around[n] += _holds(part, true)
        self.bias.append((total.effect - planted[0]) / planted[0])
        self.width.append((total.high - total.low) / 2 / planted[0])

    def judge(self, found: Counterfactual, verdict: Verdict, plain: Verdict, planted: float) -> None:
        """``verdict`` on sales with the planted lift, ``plain`` without it."""
        self.added += plain == Verdict.ADDED
        self.weak += verdict == Verdict.WEAK
        self.refused += verdict == Verdict.TOO_LITTLE
        if verdict not in (Verdict.WEAK, Verdict.TOO_LITTLE):
            self.said += 1
            self.said_held += _holds(found.parts[0], planted)


def _holds(total: Total, true: float) -> bool:
    return total.low <= true <= total.high


def without(found: Counterfactual, planted: float) -> Counterfactual:
    """As it would be had the campaign days sold ``planted`` less: what is expected of them does not depend on it."""
    total = found.parts[0]
    seen, middle = total.observed - planted, np.log(total.expected)
    error = (np.log(total.observed) - middle) / total.score
    less = Total(seen, total.expected, total.low - planted, total.high - planted, (np.log(seen) - middle) / error)
    return replace(found, parts=(less, *found.parts[1:]))


def one(draws: tuple[np.random.Generator, int], before: int, event: int, design: str, tally: Tally) -> None:
    """A shop with a lift in the event, drawn in part from the days around."""
    start = before + AROUND
    end = start + event
    sales, control = made(*draws, end + AROUND, start, design)
    lift = np.zeros(len(sales))
    lift[start:end] = PLANTED * sales[start:end]
    for first, last in ((before, start), (end, end + AROUND)):
        lift[first:last] = -DRAWN * lift[start:end].sum() * sales[first:last] / sales[first:last].sum()
    parts = [(start, end - 1), (before, start - 1), (end, end + AROUND - 1), (before, end + AROUND - 1)]
    found = counterfactual(sales + lift, parts, controls=control)
    assert found
    planted = [float(lift[first : last + 1].sum()) for first, last in parts]
    tally.add(found, planted)
    own = None if control is None else counterfactual(control[:end, 0], parts[:1])
    evidence = Evidence(False, own is not None and side(own.parts[0]) != 0)
    verdict, plain = (decide(one, event, evidence)[0] for one in (found, without(found, planted[0])))
    tally.judge(found, verdict, plain, planted[0])


def main(series: int, designs: Sequence[str]) -> None:
    heads = {"design": -16, "before": 7, "event": 6, "held": 7, "none": 7, "5 %": 6, "20 %": 6, "60 %": 6, "bias": 7}
    heads |= {"± s.e.": 8, "half width": 11, "waiting": 9, "after": 7, "net": 7}
    heads |= {"said": 8, "weak": 7, "refused": 9, "of them": 8, "added": 7}
    print("".join(f"{head:<16s}" if width < 0 else f"{head:>{width}s}" for head, width in heads.items()))
    for design in designs:
        for before, event in SIZES:
            tally = Tally()
            for seed in range(series):
                rng = np.random.default_rng([seed // 2, before, event, DESIGNS.index(design)])
                one((rng, 1 - 2 * (seed % 2)), before, event, design, tally)
            print(f"{design:16s}{before:7d}{event:6d}{_line(tally, series)}", flush=True)


def _line(tally: Tally, series: int) -> str:
    calls = "".join(f"{count / series:{width}.3f}" for count, width in zip(tally.called, (7, 6, 6, 6), strict=True))
    around = "".join(f"{count / series:{width}.3f}" for count, width in zip(tally.around, (9, 7, 7), strict=True))
    error = np.std(np.reshape(tally.bias, (-1, 2)).mean(axis=1)) / np.sqrt(series / 2)
    middle = f"{np.mean(tally.bias):+7.2f}{error:8.2f}{np.mean(tally.width):11.2f}"
    shares = "".join(f"{n / series:{w}.3f}" for n, w in ((tally.said, 8), (tally.weak, 7), (tally.refused, 9)))
    among = f"{tally.said_held / tally.said:8.3f}" if tally.said else f"{'–':>8s}"
    return f"{tally.held / series:7.3f}{calls}{middle}{around}{shares}{among}{tally.added / series:7.3f}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, sys.argv[2:] or DESIGNS)
