"""What the tables of a client cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.tables import INPUTS, TABLES

if TYPE_CHECKING:
    import pandas as pd

    from kit.exports.reader import Reading


def coverage(reading: Reading) -> list[dict[str, Any]]:
    """Rows, first and last day, days with rows by month, and ``gaps`` (first and last day without one between days that
    have one) of each dated table by platform and shop; a period counts for each of its days."""
    from kit.exports.many_asked import days as days_of
    from kit.exports.pieces import dated, days

    found = []
    many = {"orders": days_of(reading.many)} if reading.many else {}
    every = reading.tables | many
    for name, table in ((n, t) for n, t in TABLES.items() if n in every):
        frame = every[name]
        if table.time is None or name in INPUTS:
            continue
        for (platform, shop), part in frame.groupby(["platform", "shop"], sort=True):
            first, last = days(table, part)
            if first is None or last is None:
                continue
            facts = {
                "table": name,
                "platform": platform,
                "shop": shop,
                "rows": int(part["n"].sum()) if name in many else len(part),
            }
            dates = _covered(part) if table.time == "start" else dated(table, part)
            assert dates is not None  # as it has a first day
            there = dates.dropna().dt.normalize().drop_duplicates().sort_values()
            months = there.dt.strftime("%Y-%m").value_counts().sort_index()
            facts |= {"months": {str(month): int(n) for month, n in months.items()}, "gaps": _gaps(there)}
            found.append({**facts, "start": first.isoformat(), "end": last.isoformat()})
    return found


def _gaps(there: pd.Series) -> list[tuple[str, str]]:
    """First and last of the days that lie between those of ``there``, which rise."""
    import pandas as pd

    day = pd.Timedelta(days=1)
    pairs = zip(there.iloc[:-1], there.iloc[1:], strict=True)
    return [(f"{a + day:%Y-%m-%d}", f"{b - day:%Y-%m-%d}") for a, b in pairs if b - a > day]


def _covered(periods: pd.DataFrame) -> pd.Series:
    """Every day within the periods of a twin's rows."""
    import pandas as pd

    spans = periods[["start", "end"]].drop_duplicates()
    ranges = [pd.date_range(start, end) for start, end in spans.itertuples(index=False)]
    return pd.concat([pd.Series(days) for days in ranges])
