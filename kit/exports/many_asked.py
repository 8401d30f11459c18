"""What is asked of orders that are too many for a frame (``kit.exports.many``) by whoever looks at the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import tables
from kit.exports import parquet
from kit.exports.many import KEY, Orders
from kit.exports.many_laid import BY_DAY
from kit.tables import ORDERS

if TYPE_CHECKING:
    import pandas as pd

LISTED = 1000
"""Rows that are looked up in their files alone."""
_DATES = [f for f in ORDERS.fields if f.type in ("date", "time")]
_WITH_COUNT = replace(ORDERS, fields=(*ORDERS.fields, tables.Field("n", "count")))


def days(orders: Orders) -> pd.DataFrame:
    """The days on which orders were placed, else dated otherwise: platform, shop, ``created_at``, ``n``; one without
    any date has none."""
    dates = ", ".join(f.name for f in sorted(_DATES, key=lambda f: f.name != ORDERS.time))
    sql = f"SELECT platform, shop, date_trunc('day', coalesce({dates})) AS created_at, count(*) AS n FROM orders"
    with orders.asked() as con:
        return parquet.typed(con.execute(f"{sql} GROUP BY ALL ORDER BY ALL").df(), _WITH_COUNT)


def counted_days(orders: Orders) -> pd.DataFrame:
    """What was paid by shop and day of payment, of the orders that count."""
    with orders.asked() as con:
        found: pd.DataFrame = con.execute(BY_DAY.format(table="orders", which="counted")).df()
        return found


def few(orders: Orders, others: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Of every shop and column an order that states it, the latest, those in two shops, presale ones, odd ones, and
    those that exclusions or refunds are about: what whoever looks for one of them finds among all."""
    sheets = [(name, column) for name, column in (("refunds", "order_id"), ("exclusions", "id")) if name in others]
    wanted = [f"order_id IN (SELECT {column} FROM {name})" for name, column in sheets]
    with orders.asked(**{name: others[name][[column]] for name, column in sheets}) as con:
        if con.execute("SELECT count(DISTINCT shop) FROM orders").fetchone()[0] > 1:
            wanted.append("order_id IN (SELECT order_id FROM orders GROUP BY platform, order_id HAVING count(*) > 1)")
        places = set(_stating(con, orders.files))
        for condition in ("presale", "suspicious IS NOT NULL", *wanted):  # one by one: what cannot fit is not read
            places |= set(con.execute(f"SELECT place FROM orders WHERE {condition}").fetchnumpy()["place"].tolist())
        return parquet.typed(_at(con, sorted(places)), ORDERS)


def _stating(con: Any, files: Path) -> Iterator[int]:
    """For every shop the places of its first and its latest orders, and for each column that some orders state and
    others do not, as the files say themselves, one that states it, if any does."""
    named = ", ".join(parquet.text(str(path)) for path in files.glob("*.parquet"))
    counts = "coalesce(sum(num_values - stats_null_count), 1)"  # one, where a file does not say it: it is looked for
    facts = f"SELECT path_in_schema, {counts} FROM parquet_metadata([{named}]) GROUP BY ALL"
    stated = dict.fromkeys(ORDERS.columns, 0) | dict(con.execute(facts).fetchall())
    some = [name for name in ORDERS.columns if 0 < stated[name] < stated[ORDERS.key[-1]]]
    some += ["refund_amount"] if not stated["refund_amount"] else []  # kit works out that of orders that were closed
    first = ["min(place)", *(f"min(place) FILTER ({name} IS NOT NULL)" for name in some)]
    latest = ["arg_max(place, created_at)", "arg_max(place, paid_at)"]
    for found in con.execute(f"SELECT {', '.join(first + latest)} FROM orders GROUP BY shop").fetchall():
        yield from (place for place in found if place is not None)


def _at(con: Any, places: list[int]) -> pd.DataFrame:
    """The orders that lie there; for a short list of them only their files are read."""
    import pandas as pd

    con.register("listed", pd.DataFrame({"place": pd.Series(places, dtype="int64")}))
    files = ", ".join(map(str, sorted({place >> 32 for place in places})))
    short = f" WHERE file_index IN ({files})" if len(places) < LISTED else ""
    names = ", ".join(ORDERS.columns)
    sql = f"SELECT {names} FROM (SELECT * FROM orders{short}) SEMI JOIN listed USING (place) ORDER BY {KEY}"
    found: pd.DataFrame = con.execute(sql).df()
    return found
