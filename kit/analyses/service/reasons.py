"""Why money went back: refunds of the period by reason, against the period before."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kit.analyses.service.result import Reason, Reasons
from kit.stats.bases import Days
from kit.stats.false_discovery import claims

TIMES = 1.5
"""How many times its part before, or the other way round, a reason's part must be to be named."""


def reasons(refunds: pd.DataFrame | None, days: Days, base: Days | None, rate: float) -> tuple[Reasons, ...]:
    """Shops with refunds in the period, by date of refund."""
    if refunds is None or refunds.empty:
        return ()
    done = refunds[(refunds["status"] == "success") & refunds["refunded_at"].notna()]
    found = (_shop(str(shop), rows, days, base, rate) for shop, rows in done.groupby("shop", sort=True))
    return tuple(one for one in found if one)


def _within(rows: pd.DataFrame, days: Days) -> pd.DataFrame:
    return rows[rows["refunded_at"].dt.normalize().between(pd.Timestamp(days.start), pd.Timestamp(days.end))]


def _shop(shop: str, rows: pd.DataFrame, days: Days, base: Days | None, rate: float) -> Reasons | None:
    now = _within(rows, days)
    if now.empty:
        return None
    # A file that begins within the period before has not all of it.
    whole = base is not None and rows["applied_at"].min() < pd.Timestamp(base.start) + pd.Timedelta(days=1)
    then = _within(rows, base)["reason"].value_counts() if base and whole else None
    made = tuple(_reasons(now, then, rate))
    amount = float(now["refund_amount"].sum())
    return Reasons(shop, len(now), amount, made, int(now["reason"].isna().sum()))


def _reasons(now: pd.DataFrame, then: pd.Series | None, rate: float) -> Iterable[Reason]:
    from scipy.stats import fisher_exact

    by_reason = now.groupby("reason")["refund_amount"].agg(["size", "sum"])
    ordered = by_reason.sort_values(["size", "sum"], ascending=False, kind="stable")
    known, before = int(ordered["size"].sum()), 0 if then is None else int(then.sum())
    earlier = ordered["size"] * 0 if then is None else then.reindex(ordered.index).fillna(0).astype(int)
    pairs = list(zip(ordered["size"], earlier, strict=True))
    tests = [float(fisher_exact([[k, known - k], [e, before - e]]).pvalue) if before else 1.0 for k, e in pairs]
    made = claims(tests, rate, independent=True).made
    for (reason, row), (count, was), stands in zip(ordered.iterrows(), pairs, made, strict=True):
        share, part = count / known, was / before if before else None
        far = part is not None and (share >= TIMES * part or part >= TIMES * share)
        yield Reason(str(reason), int(count), float(row["sum"]), float(share), part, bool(stands and far))
