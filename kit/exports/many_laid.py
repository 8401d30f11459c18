"""Orders too many for a frame as a table in several files: the blocks as they were read, which are not written again.

The few that are put together or left out are replaced by those in the last file. What kit works out of an order is
worked out by the query that lies with the files, whenever somebody asks for it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import tables
from kit.client import Client
from kit.exports import parquet
from kit.exports.many import BACK, KEY, Orders, columns, connection, refunded, stated
from kit.tables import ORDERS

if TYPE_CHECKING:
    import pandas as pd

_PUT = "_put"
"""In the last file, that an order was put together or may be left out: it is as it is meant."""
_PAID = "(paid_at IS NOT NULL OR status IN ('paid', 'shipped', 'completed'))"
_DUE = "coalesce(presale_stage = 'deposit' OR (presale AND status = 'unpaid' AND paid_at IS NOT NULL), false)"
_EVERY = (
    f"SELECT * REPLACE ({refunded(f'{_PUT} IS NULL AND {BACK}')}) FROM"
    f" (SELECT {{columns}}, {_PUT}, place, file_index FROM {{{{files}}}})"
)
_SOLD = (
    f"SELECT *, coalesce((({_PAID} OR (coalesce(status = 'closed', false)"
    f" OR {{unstated}}) AND {{untimed}} AND paid_amount > 0) AND status IS DISTINCT FROM 'unpaid' AND NOT {_DUE})"
    f" OR ({_DUE} AND {{deposit}}), false) AS is_sold FROM ({{every}})"
)
_FINISHED = (
    f"SELECT * EXCLUDE (is_sold, {_PUT}) REPLACE (is_sold AND excluded IS NULL AS counted,"
    " CASE WHEN (CASE WHEN paid_amount > 0 THEN paid_amount ELSE list_amount END) > {times} * {usual} THEN 'amount'"
    " ELSE suspicious END AS suspicious) FROM ({sold})"
)
_APART = (
    f"SELECT w.* REPLACE (coalesce(a.reason, b.reason) AS excluded), true AS {_PUT} FROM"
    f" (SELECT * REPLACE ({refunded(BACK)}) FROM meant ANTI JOIN repeated USING ({KEY}) UNION ALL FROM whole) w"
    " LEFT JOIN left_out a ON a.shop = w.shop AND a.id = w.order_id"
    f" LEFT JOIN left_out b ON b.shop = '' AND b.id = w.order_id ORDER BY {KEY}"
)
BY_DAY = (
    "SELECT shop, date_trunc('day', paid_at) AS paid_at, sum(paid_amount) AS paid_amount FROM {table}"
    " WHERE paid_at IS NOT NULL AND {which} GROUP BY ALL ORDER BY ALL"
)


def finished(client: Client, orders: Orders, exclusions: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Lay the orders; what the exclusions take out, as ``finish.whole``."""
    left = tables.frame(tables.TABLES["exclusions"], {}) if exclusions is None else exclusions
    orders.files.mkdir()
    with connection(orders.folder) as con:
        con.register("left_out", left[left["what"] == "order"])
        con.register("repeated", orders.repeated)
        _lay(con, orders)
        sold = _sold(con, client, orders)
        orders.sold = parquet.over(sold, orders.files)
        paid = f"FROM {orders.sold} WHERE is_sold AND paid_amount > 0"
        usual = con.execute(f"SELECT shop, median(paid_amount) || '::DOUBLE' {paid} GROUP BY shop").fetchall()
        times = client.thresholds.suspicious_times
        query = _FINISHED.format(times=times, usual=_by_shop(usual, "NULL"), sold=sold)
        (orders.files / parquet.QUERY).write_text(query, encoding="utf-8")
        return [] if exclusions is None else _left_out(con, orders)


def _lay(con: Any, orders: Orders) -> None:
    """The files as they were read; which of their orders are replaced, as more is known of them; these once more."""
    import pandas as pd

    for at, path in enumerate(orders.read):
        _link(path, orders.files / f"{at:06d}.parquet")
    found = parquet.placed(orders.read)
    con.register("again", pd.DataFrame({"place": pd.Series(orders.again, dtype="int64")}))
    con.execute(f"CREATE TEMP VIEW named AS FROM {found} WHERE order_id IN (SELECT id FROM left_out)")
    con.execute(f"CREATE TEMP VIEW meant AS SELECT {columns(stated(con, found))} FROM named")
    con.execute(f"CREATE TEMP VIEW whole AS SELECT {columns(ORDERS.columns)} FROM repeated")
    _write(con, "SELECT place FROM named UNION FROM again ORDER BY place", orders.files / parquet.REPLACED)
    _write(con, _APART, orders.files / f"{len(orders.read):06d}.parquet")


def _write(con: Any, rows: str, target: Path) -> None:
    con.execute(f"COPY ({rows}) TO {parquet.text(str(target))} ({parquet.FORM})")


def _link(path: Path, target: Path) -> None:
    """Nobody changes what was kept: it may lie in two folders at once, where the drive can do that."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def _sold(con: Any, client: Client, orders: Orders) -> str:
    """The query for the orders, each key once, with ``is_sold`` (``finish.sold``) and why it is ``excluded``."""
    there = stated(con, parquet.placed(orders.files.glob("*.parquet")))
    every = _EVERY.format(columns=columns(there))
    counts = f"SELECT shop, count(paid_at), count(status) FROM {parquet.over(every, orders.files)} GROUP BY shop"
    shops = con.execute(counts).fetchall()
    said = {
        "untimed": [(shop, True) for shop, paid, _ in shops if not paid],
        "unstated": [(shop, True) for shop, paid, status in shops if not paid and not status],
        "deposit": [(key, True) for key, shop in client.shops.items() if shop.presale_counted == "deposit"],
    }
    return _SOLD.format(every=every, **{name: _by_shop(facts, "false") for name, facts in said.items()})


def _by_shop(facts: list[tuple[str, Any]], other: str) -> str:
    """What is so of a row's shop, as an expression."""
    cases = "".join(f" WHEN {parquet.text(shop)} THEN {value}" for shop, value in facts)
    return f"(CASE shop{cases} ELSE {other} END)" if facts else other


def sold_days(orders: Orders) -> pd.DataFrame:
    """What was paid by shop and day of payment, whatever the consultant leaves out."""
    with connection(orders.folder) as con:
        found: pd.DataFrame = con.execute(BY_DAY.format(table=orders.sold, which="is_sold")).df()
        return found


def _left_out(con: Any, orders: Orders) -> list[dict[str, Any]]:
    found = con.execute(
        f"WITH sold AS (SELECT * FROM {orders.sold} WHERE is_sold),"
        " s AS (SELECT shop, coalesce(sum(paid_amount), 0) AS every,"
        " coalesce(sum(paid_amount) FILTER (excluded IS NOT NULL), 0) AS gone FROM sold GROUP BY shop)"
        " SELECT shop, excluded, count(*), coalesce(sum(paid_amount), 0), any_value(every), any_value(every - gone)"
        " FROM sold JOIN s USING (shop) WHERE excluded IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    names = ("shop", "reason", "records", "amount", "all", "kept")
    return [{"table": "orders", **dict(zip(names, row, strict=True))} for row in found]
