"""Fisher's exact test of two proportions: beside the score test where counts are small, never in its place.

Given all successes of both arms together, p is the chance of a split as unlikely as the one seen or more so (two-sided,
as R and scipy have it). It keeps its level whatever the counts, at the price of calling too little. The odds ratio is
that of the sample, a·d ÷ b·c; R prints the conditional estimate of greatest likelihood instead, which is nearer to 1.

Check: Fisher's twins of convicts (2 of 17 against 10 of 13), p 0.0005367, sample odds ratio 0.04 (R's own is 0.0469).
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.stats.experiment.sums import Counts


@dataclass(frozen=True)
class Fisher:
    """Two-sided ``p``; ``odds_ratio`` of the sample, variant to control, None where the control's odds are 0 or the
    variant's have no end. ``withheld`` says in codes what is None and why."""

    p: float | None
    odds_ratio: float | None
    withheld: tuple[str, ...] = ()


def test(control: Counts, variant: Counts) -> Fisher:
    """Counts of any size; an arm without units has no test."""
    if not (control.units and variant.units):
        return Fisher(None, None, ("no_units",))
    from scipy.stats import fisher_exact

    table = [[variant.successes, variant.failures], [control.successes, control.failures]]
    p = min(float(fisher_exact(table).pvalue), 1.0)
    below = variant.failures * control.successes
    if not below:
        return Fisher(p, None, ("no_odds",))
    return Fisher(p, variant.successes * control.failures / below)
