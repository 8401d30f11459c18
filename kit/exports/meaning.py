"""What a figure means once it is read: orders paid before refunds, gifts, levels of sources, rules, windows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from kit.errors import Problem, problem, warning
from kit.exports import further, period
from kit.exports.recognise import shown
from kit.exports.rows import SUBTOTAL
from kit.tables import Table, checks
from kit.tables.sales import STAGES

if TYPE_CHECKING:
    import pandas as pd

    from kit.exports.pieces import Piece

NET_SHARE, NET_LEAST = 0.9, 3
"""From this part of its telling orders on, and so many of them, a file's payments are taken to be what was left after
refunds."""
REFUND, EVENTS = "refund_amount", ("orders", "refunds")
INDICES, AMOUNTS = ("_index", "_popularity"), ("money", "vendor_estimate")
_TRANSFER = "提现|充值|保证金|转账"
"""What a booking is called that moves money between a shop's own accounts."""
_MERCHANTS = r"^T200P(?=\d)"
"""What Alipay puts before the number of a Taobao order."""


def adjust(table: Table, frame: pd.DataFrame, not_goods: Collection[str] = ()) -> Counter[str]:
    """Bring a file's records to what the table's columns mean, in place; the counts of what was changed, by flag.

    ``not_goods``: ids of items that are no goods.
    """
    if table.name == "order_lines":
        return _lines(frame, not_goods)
    turned = _turned(table, frame)
    return turned + (_BY_TABLE[table.name](frame) if table.name in _BY_TABLE else Counter())


def _turned(table: Table, frame: pd.DataFrame) -> Counter[str]:
    """Refunds that are negative throughout a sheet of sums, as amounts. Orders and refunds may lie in
    blocks, of which none says it for all."""
    turned: Counter[str] = Counter()
    names = [f.name for f in table.fields if f.name.endswith(REFUND) and f.type == "money" and not f.signed]
    for name in names if table.name not in EVENTS else ():
        negative = frame[name] < 0
        if negative.any() and not (frame[name] > 0).any():
            frame[name] = -frame[name] + 0.0  # no negative zero
            turned["refund_turned"] += int(negative.sum())
    return turned


def orders(pieces: list[Piece], after_refunds: bool | None) -> list[Problem]:
    """Bring the orders of all files to one meaning, in place: payments before refunds, a status, a refund where an
    order was closed after its payment. What is wrong with them then.

    ``after_refunds``: whether payments are stated after refunds; None: as the files show.
    """
    told: list[Problem] = []
    shows = {_source(p) for p in pieces if after_refunds is None and _net(p.frame)}
    for piece in pieces:
        frame, flagged = piece.frame, piece.line["flagged"]
        refunded = (frame["refund_amount"] > 0) & frame["paid_amount"].notna()
        if (after_refunds or _source(piece) in shows) and refunded.any():
            back = frame["refund_amount"].where(refunded, 0)
            frame["paid_amount"] += back
            flagged["paid_after_refund"] = int(refunded.sum())
            facts = {"n": int(refunded.sum()), "back": f"{back.sum():,.2f}"}
            config = f"data/{piece.name.split('/')[1]}/client.toml"
            told.append(warning("e.warn.net", file=piece.name, config=config, **facts))
        if frame["status"].isna().all() and frame["paid_at"].notna().any():
            frame["status"] = frame["paid_at"].notna().map({True: "paid", False: "unpaid"})
        closed = frame["status"].eq("closed").fillna(False) & (frame["paid_amount"] > 0) & frame["refund_amount"].isna()
        closed &= frame["presale_stage"].ne("deposit").fillna(True)  # a deposit lapses, nobody gives it back
        if (closed := closed & frame["paid_at"].notna()).any():
            frame["refund_amount"] = frame["refund_amount"].mask(closed, frame["paid_amount"])
            flagged["refund_of_closed"] = int(closed.sum())
        told += broken(piece)
    return told


def _source(piece: Piece) -> tuple[str, str]:
    """Files that state their payments alike: a shop's of one export."""
    return str(piece.line["shop"]), str(piece.line["export"])


def _net(frame: pd.DataFrame) -> bool:
    """Whether payments are what was left of them after refunds.

    Then list price less refund is the payment on refunded orders, and a refund can exceed the payment stated, which is
    impossible before refunds. Orders whose refund equals their payment show nothing: that is a full refund as much as a
    half-price order half refunded.
    """
    telling = (frame["refund_amount"] > 0) & ((frame["refund_amount"] - frame["paid_amount"]).abs() > 0.005)
    if telling.sum() < NET_LEAST or not (frame["refund_amount"] > frame["paid_amount"] + 0.005).any():
        return False
    rest = frame["list_amount"] - frame["refund_amount"] - frame["paid_amount"]
    fits = (rest.abs() < 0.005) | ((rest + frame["freight"].fillna(0)).abs() < 0.005)
    return bool(fits[telling].mean() >= NET_SHARE)


def _stages(frame: pd.DataFrame) -> Counter[str]:
    """Whether an order is a presale one, where its stages say it."""
    said = frame["presale_stage"]
    if not said.notna().any():
        return Counter()
    frame["presale"] = frame["presale"].fillna(said.ne("none").where(said.notna()).astype("boolean"))
    frame["presale_stage"] = said.where(said.isin(STAGES))
    return Counter()


def _lines(frame: pd.DataFrame, not_goods: Collection[str]) -> Counter[str]:
    """What kind of line it is, and its amount where the file states price and quantity alone."""
    flagged: Counter[str] = Counter()
    priced = frame[["line_amount", "paid_amount"]].isna().all(axis=1) & frame[["unit_price", "quantity"]].notna().all(
        axis=1
    )
    if frame[["line_amount", "paid_amount"]].isna().all(axis=None) and priced.any():
        frame["line_amount"] = frame["unit_price"] * frame["quantity"]
        flagged += Counter(amount_from_price=int(priced.sum()), no_amount=int((~priced).sum()))
    charged = frame["line_amount"].where(frame["line_amount"].notna(), frame["paid_amount"])
    kind = frame["kind"].mask(frame["kind"].isna(), "sale")
    kind = kind.mask((charged == 0) & (frame["quantity"] > 0), "gift").mask(
        (frame["quantity"] < 0) | (charged < 0), "return"
    )
    service = frame["item_id"].isin(not_goods) | frame["merchant_sku"].isin(not_goods)
    frame["kind"] = kind.mask(service, "service")
    return flagged + Counter(frame["kind"][frame["kind"] != "sale"].tolist())


def _refunds(frame: pd.DataFrame) -> Counter[str]:
    """A case that was withdrawn has an end, too, but no money went back at it."""
    other = frame["status"].notna() & frame["status"].ne("success")
    frame["refunded_at"] = frame["refunded_at"].mask(other.fillna(False).astype(bool))
    return Counter()


def _sources(frame: pd.DataFrame) -> Counter[str]:
    """The level of a row: how many of its source columns name a source. 汇总 stands for all below."""
    names = ["source_l1", "source_l2", "source_l3", "source_l4"]
    for name in names:
        frame[name] = frame[name].mask(frame[name] == SUBTOTAL, "")
    frame["level"] = (frame[names] != "").sum(axis=1).astype("float64")
    return Counter()


def _indices(frame: pd.DataFrame) -> Counter[str]:
    """What the platform makes an index of is none of the amounts that stand beside it in a sheet."""
    amounts = frame["metric"].str.endswith(INDICES) & frame["value_kind"].isin(AMOUNTS)
    frame["value_kind"] = frame["value_kind"].mask(amounts.fillna(False).astype(bool), "index")
    return Counter()


def _units(frame: pd.DataFrame) -> Counter[str]:
    """Rows of one unit that its file does not tell apart: by when it was exposed and how often before."""
    own = ["experiment", "variant", "unit_id"]
    unnamed = (frame["record"] == "") & frame.duplicated([*own, "record"], keep=False)
    if unnamed.any():
        rows = frame[unnamed]
        moment = rows["exposed_at"].astype("str").fillna("")
        again = rows.groupby([*(rows[c] for c in own), moment], sort=False).cumcount() + 1
        frame.loc[unnamed, "record"] = moment + "#" + again.astype("str")
    return Counter(several_rows=int(unnamed.sum()), rare_value=further.rare(frame))


def _ads(frame: pd.DataFrame) -> Counter[str]:
    """What is stated by its name alone goes by its name."""
    for id, name in (("campaign_id", "campaign"), ("object_id", "object")):
        frame[name] = frame[name].fillna("")
        frame[id] = frame[id].mask(frame[id] == "", frame[name])
    return Counter()


def _bookings(frame: pd.DataFrame) -> Counter[str]:
    """Each booking as what came in less what went out, whichever way its file states them: two columns, one with a
    sign, or one with a word for the direction. Expenses that are written as negative numbers throughout are turned."""
    written = frame["expense"].dropna()
    if (written <= 0).all():
        frame["expense"] = -frame["expense"] + 0.0  # no negative zero
    out, into = (frame["direction"].eq(word).fillna(False) for word in ("out", "in"))
    size = frame["amount"].abs()
    frame["amount"] = frame["amount"].mask(into, size).mask(out, -size)
    both = frame[["income", "expense"]].notna().any(axis=1) & (frame["amount"] == 0)
    net = frame["income"].fillna(0) - frame["expense"].fillna(0)
    frame["amount"] = frame["amount"].mask(both, net)
    frame["order_id"] = frame["order_id"].str.replace(_MERCHANTS, "", regex=True)
    said = frame["fee_name"].str.cat(frame["description"].fillna(""), sep=" ")
    frame["transfer"] = said.str.contains(_TRANSFER).astype("boolean")
    return Counter(transfer=int(frame["transfer"].sum()))


_BY_TABLE: dict[str, Any] = {
    "settlement": _bookings,
    "market_monthly": _indices,
    "market_daily": _indices,
    "orders": _stages,
    "refunds": _refunds,
    "ads_daily": _ads,
    "ads_period": _ads,
    "experiment_units": _units,
    "traffic_source": _sources,
    "traffic_source_period": _sources,
    "item_sources": _sources,
    "item_sources_period": _sources,
}


# ---- rules ---------------------------------------------------------------------------------------------------


def broken(piece: Piece) -> list[Problem]:
    """One problem per rule and column: the first row that breaks it, and how many do."""
    found = []
    for name, column, sound, warned in checks(piece.table, piece.frame):
        rows = (~sound).to_numpy().nonzero()[0]
        if not len(rows):
            continue
        facts: dict[str, Any] = {"file": piece.name, "row": piece.rows[rows[0]], "n": len(rows)}
        if column:
            facts |= {"col": header(piece, column, rows[0]), "value": cell(piece.frame, column, rows[0])}
        found.append((warning if warned else problem)(name, **facts))
    return found


def header(piece: Piece, column: str, record: int) -> str:
    """How a record's own file calls a column."""
    metric = str(piece.frame["metric"].iloc[record]) if "metric" in piece.frame else ""
    return piece.headers.get(column) or piece.headers.get(metric) or column


def cell(frame: pd.DataFrame, column: str, record: int) -> str:
    """A value as errors show it."""
    import pandas as pd

    value: Any = frame[column].iloc[record]
    if isinstance(value, pd.Timestamp):
        return str(value) if value.time().isoformat() != "00:00:00" else value.date().isoformat()
    return f"{value:.15g}" if isinstance(value, float) else shown(str(value))


# ---- attribution ----------------------------------------------------------------------------------------------


def window(of: Any, frame: pd.DataFrame) -> list[Problem]:
    """Give the rows of an advertising report their attribution window: as the file, client.toml's word on the file or
    on the tool say; a warning if none does. In place."""
    export, tool = of.match.export, str(frame["tool"].iloc[0])
    stated = (
        getattr(of.said, "window_days", None)
        or period.window(of.preamble, of.line["file"])
        or of.client.attribution.get(tool)
    )
    usual = 15 if not export.windows or 15 in export.windows else export.windows[-1]
    example = f"[attribution] {tool} = {usual}"
    blank = frame["window_days"] < 0
    if not blank.any():
        return []
    if stated is None:
        return [warning("e.warn.window", file=of.name, config=of.config, example=example)]
    if export.windows and stated not in export.windows:
        return [problem("e.window", file=of.name, given=stated, allowed=list(export.windows), config=of.config)]
    frame.loc[blank, "window_days"] = float(stated)
    return []
