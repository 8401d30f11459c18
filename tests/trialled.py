"""Sums of small tests, as ``kit.trials`` makes them: what the A/B analysis takes."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pandas as pd

START, END = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
COLUMNS = (
    "experiment", "variant", "metric", "denominator", "date", "segment", "segment_value", "units", "total", "squares",
    "other", "other_squares", "cross",
)  # fmt: skip
NONE_SHARED = pd.DataFrame({"a": [], "b": [], "units": [], "share": []})
PLAN = {
    "experiment": "首屏改版", "key": "page", "hypothesis": "看完的人更愿意下单", "unit": "visitor",
    "primary_metric": "pay_cvr", "direction": "increase", "mde": 0.1, "alpha": 0.05, "power": 0.8,
    "planned_start": pd.Timestamp("2024-11-04"), "planned_end": pd.Timestamp("2024-11-17"),
    "planned_split": "50:50", "control": "A", "analysis": "fixed", "allocation": "randomised",
}  # fmt: skip


def sums(*rows, name="page"):
    """The frame: each row is variant, metric, units, total, and further columns by name."""
    made = []
    for variant, metric, units, total, *rest in rows:
        more = rest[0] if rest else {}
        blank = {"denominator": "", "date": pd.NaT, "segment": "", "segment_value": "", "squares": float(total)}
        empty = dict.fromkeys(("other", "other_squares", "cross"), float("nan"))
        own = {"experiment": name, "variant": variant, "metric": metric, "units": units, "total": float(total)}
        made.append({**blank, **empty, **own, **more})
    return pd.DataFrame(made, columns=COLUMNS).astype({"date": "datetime64[us]"})


def shares(arms, metric="bought", **more):
    """Rows of a 0/1 metric and of its units: variant → (units, successes)."""
    return [row for v, (n, k) in arms.items() for row in ((v, "", n, n, more), (v, metric, n, k, more))]


def by_day(arms, days=14, metric="bought"):
    """The same spread evenly over days from 4 November, beside the whole."""
    first = dt.date(2024, 11, 4)
    rows = shares(arms, metric)
    for at in range(days):
        part = {v: (n // days + (at < n % days), k // days + (at < k % days)) for v, (n, k) in arms.items()}
        rows += shares(part, metric, date=pd.Timestamp(first + dt.timedelta(at)))
    return rows


def rotated(arms, visitors=1000, days=14):
    """Rows of days that variants take in turn: variant → metric → its sum a day, each by visitors and they by it.

    No two days are quite alike: of such as are there is no spread to judge by."""
    rows = []
    for at in range(days):
        variant = sorted(arms)[at % len(arms)]
        own = {metric: value * (1 + 1e-7 * (at // 2 * 5 % 7 - 3)) for metric, value in arms[variant].items()}
        for metric, value in own.items():
            for top, bottom, x, y in (
                (metric, "visitors", value, visitors),
                ("visitors", metric, visitors, value),
                *((metric, other, value, z) for other, z in own.items() if other != metric),
            ):
                more = {"denominator": bottom, "squares": x * x, "other": y, "other_squares": y * y, "cross": x * y}
                rows.append((variant, top, 1, x, more | {"date": pd.Timestamp(2024, 11, 4) + pd.Timedelta(days=at)}))
    keys = ["variant", "metric", "denominator"]
    whole = sums(*rows).groupby(keys)[["units", "total", "squares", "other", "other_squares", "cross"]].sum()
    for (variant, metric, bottom), row in whole.iterrows():
        rows.append((variant, metric, int(row.units), row.total, {"denominator": bottom, **row[2:].to_dict()}))
    return rows


def data(rows, by_unit=True, name="page", start=dt.date(2024, 11, 4), end=dt.date(2024, 11, 17), **health):
    """A test with data: what ``report.trials`` gives of one."""
    frame = sums(*rows, name=name)
    facts = {"rows": 1000, "units": 1000 if by_unit else None, "several": 0, "both": 0, "missing": (), "partly": ()}
    facts |= {"blank": {}, "heaviest": {}} | health
    table = "experiment_units" if by_unit else "experiment_daily"
    trial = SimpleNamespace(name=name, by_unit=by_unit, binary=binary(frame), table=table, start=start, end=end)
    trimmed = pd.DataFrame({c: [] for c in ("variant", "metric", "cut", "units", "total", "squares")})
    return SimpleNamespace(trial=trial, sums=frame, trimmed=trimmed, health=SimpleNamespace(**facts))


def binary(frame):
    """Metrics that are 0 or 1 throughout: as large as their squares."""
    alone = frame[frame["denominator"].eq("") & frame["metric"].ne("")]
    return frozenset(m for m, rows in alone.groupby("metric") if (rows["total"] == rows["squares"]).all())


def plans(*changes):
    """The sheet of experiments: a row per change of the usual plan."""
    return pd.DataFrame([PLAN | change for change in changes or ({},)])
