"""What the whole A/B analysis concludes of simulated tests: false verdicts without an effect, found ones with it.

    .venv/bin/python benchmarks/abtest_verdicts.py [TESTS]

Each of TESTS (2,000) has 14 days, a conversion that decides at 5 %, a guardrail on revenue, two segments and a further
metric; its sums go through every gate. For no effect, for the planned one and for its loss: the share of each verdict,
and how many verdicts contradict p, difference or lift of the metric that decides.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from trialled import END, NONE_SHARED, PLAN, START, data, shares

from kit.analyses import abtest
from kit.analyses.verdicts import AbtestVerdict as Verdict

UNITS, RATE, MDE, SEED = 16_000, 0.05, 0.15, 20_241_126
GUARD = {"guardrail_metrics": "value_per_visitor", "margin": 0.3, "mde": MDE}


def drawn(rng: np.random.Generator, effect: float) -> list[tuple]:
    """The rows of one test's sums: whole, days and segments."""
    rows, first = [], pd.Timestamp("2024-11-04")
    rates = {"A": RATE, "B": RATE * (1 + effect)}
    sizes = {v: rng.multinomial(rng.binomial(2 * UNITS, 0.5), np.full(28, 1 / 28)).reshape(14, 2) for v in rates}
    bought = {v: rng.binomial(sizes[v], rate) for v, rate in rates.items()}
    rows += shares({v: (int(sizes[v].sum()), int(bought[v].sum())) for v in rates})
    for day in range(14):
        at = {"date": first + pd.Timedelta(days=day)}
        rows += shares({v: (int(sizes[v][day].sum()), int(bought[v][day].sum())) for v in rates}, **at)
    for n, value in enumerate(("新客", "老客")):
        part = {"segment": "人群", "segment_value": value}
        rows += shares({v: (int(sizes[v][:, n].sum()), int(bought[v][:, n].sum())) for v in rates}, **part)
    for v in rates:
        worth = np.exp(rng.normal(4.5, 0.6, int(bought[v].sum())))
        rows.append((v, "revenue", int(sizes[v].sum()), float(worth.sum()), {"squares": float((worth**2).sum())}))
        seen = rng.binomial(int(sizes[v].sum()), 0.3)
        rows.append((v, "scrolled", int(sizes[v].sum()), int(seen), {}))
    return rows


def agrees(one: object) -> bool:
    """Whether a verdict says the same as p and both intervals of its comparison."""
    found, verdict = one.effect.comparison, one.decision.verdict
    if verdict in (Verdict.SHIP, Verdict.DONT_SHIP) and one.decision.reason != "guardrail":
        return found.consistent and found.differs
    return found.consistent and (verdict == Verdict.SAME or not found.differs or one.decision.reason != "")


def main(tests: int) -> None:
    sheet = pd.DataFrame([PLAN | GUARD])
    for effect in (0.0, MDE, -MDE):
        rng, seen, contradictory = np.random.default_rng(SEED), Counter(), 0
        for _ in range(tests):
            made = abtest.analyse(sheet, [data(drawn(rng, effect))], NONE_SHARED, START, END, END).tests[0]
            for one in made.variants:
                seen[str(one.decision.verdict)] += 1
                contradictory += not agrees(one)
        said = ", ".join(f"{name} {count / tests:.2%}" for name, count in seen.most_common())
        print(f"effect {effect:+.0%}: {said}; contradictory {contradictory}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
