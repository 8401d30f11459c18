"""Refunds by item: of the lines paid in the period those refunded so far, against the shop's other items."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kit.stats.bases import Days
from kit.stats.false_discovery import claims

MORE = 0.02
"""Points above the other items' rate from which an item's is called out, beside being beyond chance."""
MATCHED = 0.9
"""Part of the refunds whose item must be among those sold: else codes of two systems are being compared."""
LEVEL = 0.95


@dataclass(frozen=True)
class Refund:
    """``cases`` of ``lines`` sold, with Wilson's interval at ``LEVEL``; ``usual``: the same of the shop's other items.

    ``stands_out``: above them beyond chance, given how many items were looked at.
    """

    cases: int
    lines: int
    low: float
    high: float
    usual: float
    stands_out: bool

    @property
    def rate(self) -> float:
        return self.cases / self.lines


def refunded(
    lines: pd.DataFrame | None, refunds: pd.DataFrame | None, shop: str, days: Days, rate: float
) -> dict[str, Refund]:
    """By code, for items sold in the period; empty where refunds or lines are not known, or do not match."""
    if lines is None or refunds is None:
        return {}
    sold = _paid(lines[(lines["shop"] == shop) & (lines["kind"] == "sale") & lines["excluded"].isna()], days)
    done = _paid(refunds[(refunds["shop"] == shop) & (refunds["status"] == "success")], days)
    counts, back = sold.value_counts(), done.value_counts()
    if back.empty or back[back.index.isin(counts.index)].sum() < MATCHED * back.sum():
        return {}
    cases = back.reindex(counts.index).fillna(0).clip(upper=counts).astype(int)
    return _judged(counts, cases, rate)


def _paid(rows: pd.DataFrame, days: Days) -> pd.Series:
    """The codes of the rows that were paid in the period."""
    paid = rows["paid_at"].dt.normalize().between(pd.Timestamp(days.start), pd.Timestamp(days.end))
    return rows["merchant_sku"].fillna(rows["item_id"])[paid]


def _judged(counts: pd.Series, cases: pd.Series, rate: float) -> dict[str, Refund]:
    from scipy.stats import fisher_exact
    from statsmodels.stats.proportion import proportion_confint

    total, all_cases = int(counts.sum()), int(cases.sum())
    tests, found = [], {}
    for code, n in counts.items():
        k, n = int(cases[code]), int(n)
        usual = (all_cases - k) / (total - n) if total > n else 0.0
        low, high = proportion_confint(k, n, 1 - LEVEL, method="wilson")
        others = [all_cases - k, total - n - all_cases + k]
        tests.append(float(fisher_exact([[k, n - k], others]).pvalue))
        found[str(code)] = Refund(k, n, float(low), float(high), usual, False)
    made = claims(tests, rate, independent=True).made
    out = {c: stands and r.rate - r.usual >= MORE for (c, r), stands in zip(found.items(), made, strict=True)}
    return {code: Refund(r.cases, r.lines, r.low, r.high, r.usual, bool(out[code])) for code, r in found.items()}
