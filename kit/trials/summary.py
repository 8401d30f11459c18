"""Sums of a test of which there are summaries: count, mean and spread of each metric are its sums in other words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.trials.found import Trial

if TYPE_CHECKING:
    import pandas as pd

SUMS = ["units", "total", "squares"]


def sums(con: Any, trial: Trial) -> pd.DataFrame:
    """``variant``, ``metric``, ``date`` and ``SUMS``: the last moment as the whole (without a date), and what each day
    added to the day before; a moment without a spread is left out. What counts units (metric blank) is the most that
    any metric states."""
    import pandas as pd

    stated = "units < 2 OR coalesce(variance, sd) IS NOT NULL"
    rows = con.execute(f"SELECT *, figure AS metric FROM own WHERE {stated} ORDER BY ALL").df()
    spread = rows["variance"].fillna(rows["sd"] ** 2).fillna(0.0)
    total = rows["units"] * rows["mean"]
    squares = spread * (rows["units"] - 1).clip(lower=0) + total * rows["mean"]
    flags = rows["metric"].isin(trial.binary)
    total = total.mask(flags, total.round())
    rows = rows.assign(total=total, squares=squares.mask(flags, total), date=rows["until"].dt.normalize())
    last = rows.sort_values("until").groupby(["variant", "metric", "date"])[SUMS].last().reset_index()
    most = last.groupby(["variant", "date"])["units"].max().reset_index()
    last = pd.concat([last, most.assign(metric="", total=most["units"], squares=most["units"])], ignore_index=True)
    last = last.sort_values("date", kind="stable")
    arms = last.groupby(["variant", "metric"], sort=False)
    whole = arms[SUMS].last().reset_index().assign(date=pd.NaT)
    added = last.assign(**{name: arms[name].diff().fillna(last[name]) for name in SUMS})
    return pd.concat([whole, added], ignore_index=True)
