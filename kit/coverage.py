"""What the tables of a client cover, and which exports would bring those that are absent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.tables import INPUTS, TABLES

if TYPE_CHECKING:
    import pandas as pd

    from kit.exports.reader import Reading


def absent(client: Client, reading: Reading) -> dict[str, list[dict[str, Any]]]:
    """For each table that no file has brought, the exports of the client's platforms that bring it."""
    from kit.exports.dictionary import bringing

    found = {}
    for name in (n for n, t in TABLES.items() if n not in INPUTS and n not in reading.tables):
        fitting = [e for e in bringing(name) if not e.platforms or set(e.platforms) & set(client.platforms())]
        own = {e.id: {"export": dict(e.name), "menu": dict(e.menu)} for e in fitting if not e.generic}
        found[name] = list(own.values())
    return found


def coverage(reading: Reading) -> list[dict[str, Any]]:
    """Rows, first and last day, and days with rows by month of each dated table by platform and shop; a period counts
    for each of its days."""
    from kit.exports.pieces import dated, days

    found = []
    for name, frame in reading.tables.items():
        table = TABLES[name]
        if table.time is None or name in INPUTS:
            continue
        for (platform, shop), part in frame.groupby(["platform", "shop"], sort=True):
            first, last = days(table, part)
            if first is None or last is None:
                continue
            facts = {"table": name, "platform": platform, "shop": shop, "rows": len(part)}
            dates = _covered(part) if table.time == "start" else dated(table, part)
            assert dates is not None  # as it has a first day
            months = dates.dropna().dt.normalize().drop_duplicates().dt.strftime("%Y-%m").value_counts().sort_index()
            counted = {str(month): int(n) for month, n in months.items()}
            found.append({**facts, "start": first.isoformat(), "end": last.isoformat(), "months": counted})
    return found


def _covered(periods: pd.DataFrame) -> pd.Series:
    """Every day within the periods of a twin's rows."""
    import pandas as pd

    spans = periods[["start", "end"]].drop_duplicates()
    ranges = [pd.date_range(start, end) for start, end in spans.itertuples(index=False)]
    return pd.concat([pd.Series(days) for days in ranges])
