"""The canonical tables: what every export is read into, and what an analysis may rely on.

One row of ``TABLES`` says everything about a table: its columns, their types (names of the cleaners in
``kit.exports.clean``), its key, the column that dates it and its rules. ``schema`` turns it into a pandera schema;
pandera takes half a second to import, so only reading does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DTYPES = {
    "text": "str",
    "id": "str",
    "word": "str",
    "platform": "str",
    "date": "datetime64[us]",
    "month": "datetime64[us]",
    "count": "float64",
    "money": "float64",
    "ratio": "float64",
    "number": "float64",
    "interval": "float64",
}
"""Column type → pandas dtype. A number that is not stated is NaN, a text or word missing, a date NaT."""

NOT_NEGATIVE = ("count", "money", "ratio", "number", "interval")


@dataclass(frozen=True)
class Field:
    """A column. ``key``: part of the table's key, never blank. ``required``: not in the key, never blank either.

    ``words``: the only values allowed. ``flag``: the ledger's reason under which blanks are counted.
    ``most``: the largest possible value (1 for rates that are shares of people).
    """

    name: str
    type: str
    key: bool = False
    required: bool = False
    words: tuple[str, ...] = ()
    flag: str | None = None
    most: float | None = None

    @property
    def blank(self) -> bool:
        """Whether a row may leave it blank."""
        return not (self.key or self.required)


@dataclass(frozen=True)
class Rule:
    """A statement about whole rows: ``test`` takes the frame and returns True where a row is sound.

    ``name`` is the catalogue key of what is said when it is not. A rule is a warning where the figures can be right
    and still look like this; it is an error where a number would be wrong.
    """

    name: str
    test: Callable[[Any], Any]
    warning: bool = False


@dataclass(frozen=True)
class Table:
    """A canonical table. ``time``: the column that dates its rows (``date`` or ``month``), or None."""

    name: str
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields if f.key)

    @property
    def time(self) -> str | None:
        return next((f.name for f in self.fields if f.key and f.type in ("date", "month")), None)

    def field(self, name: str) -> Field:
        return {f.name: f for f in self.fields}[name]


def _at_most(small: str, large: str) -> Callable[[Any], Any]:
    """Rows where ``small`` does not exceed ``large``; a row that lacks one of them is sound."""
    return lambda frame: ~(frame[small] > frame[large])


SHOP = (Field("platform", "platform", key=True), Field("shop", "word", key=True))
SALES_KINDS = ("rolling_30d", "cumulative", "counter")
VALUE_KINDS = ("money", "interval", "index", "vendor_estimate")
METRICS = (
    "pay_amount",
    "transaction_index",
    "traffic_index",
    "search_popularity",
    "favorite_popularity",
    "cart_popularity",
    "pay_cvr_index",
    "crowd_index",
)

LISTINGS = Table(
    "listings",
    (
        *SHOP,
        Field("date", "date", key=True),
        Field("brand", "text", key=True),
        Field("item_id", "id", key=True),
        Field("title", "text"),
        Field("price_list", "money"),
        Field("price_page", "money"),
        Field("price_coupon", "money"),
        Field("price_final", "money"),
        Field("price_live", "money"),
        Field("sales", "count", flag="blank_sales"),
        Field("sales_kind", "word", words=SALES_KINDS),
        Field("comments", "count"),
    ),
)
MARKET_MONTHLY = Table(
    "market_monthly",
    (
        *SHOP,
        Field("category", "text", key=True),
        Field("month", "month", key=True),
        Field("metric", "word", key=True, words=METRICS),
        Field("value", "number", required=True),
        Field("low", "number"),
        Field("high", "number"),
        Field("value_kind", "word", key=True, words=VALUE_KINDS),
        Field("source", "word", key=True),
    ),
    (Rule("e.rule.interval", lambda f: ~((f["low"] > f["value"]) | (f["value"] > f["high"]))),),
)
SHOP_DAILY = Table(
    "shop_daily",
    (
        *SHOP,
        Field("date", "date", key=True),
        Field("visitors", "count"),
        Field("pageviews", "count"),
        Field("impression_users", "count"),
        Field("item_click_users", "count"),
        Field("avg_stay_seconds", "number"),
        Field("bounce_rate", "ratio", most=1),
        Field("favorite_users", "count"),
        Field("cart_users", "count"),
        Field("order_buyers", "count"),
        Field("order_amount", "money"),
        Field("pay_buyers", "count"),
        Field("pay_orders", "count"),
        Field("pay_units", "count"),
        Field("pay_amount", "money"),
        Field("new_buyers", "count"),
        Field("returning_buyers", "count"),
        Field("returning_pay_amount", "money"),
        Field("refund_amount", "money"),
        Field("revenue_per_buyer", "money"),
        Field("order_cvr", "ratio", most=1),
        Field("order_pay_cvr", "ratio"),
        Field("pay_cvr", "ratio", most=1),
    ),
    (
        # A presale order is placed in one month and paid in the next, so payers may outnumber those who ordered.
        Rule("e.warn.pay_over_order", _at_most("pay_buyers", "order_buyers"), warning=True),
        Rule("e.warn.pay_over_visitors", _at_most("pay_buyers", "visitors"), warning=True),
        Rule("e.warn.buyers_over_orders", _at_most("pay_buyers", "pay_orders"), warning=True),
        Rule("e.warn.new_over_pay", _at_most("new_buyers", "pay_buyers"), warning=True),
    ),
)
EDITS = Table(
    "edits",
    (
        Field("finding", "text", key=True),
        Field("action", "word", key=True, words=("hide", "pin", "lower", "reword")),
        Field("text_zh", "text"),
        Field("text_en", "text"),
        Field("by", "text"),
        Field("why", "text"),
    ),
)
ACTIONS = Table(
    "actions",
    (
        Field("id", "id", key=True),
        Field("finding", "text"),
        Field("action_zh", "text"),
        Field("action_en", "text"),
        Field("side", "word", words=("agency", "brand")),
        Field("owner", "text"),
        Field("owner_en", "text"),
        Field("due", "date"),
        Field("status", "text"),
        Field("result", "text"),
    ),
)

TABLES = {t.name: t for t in (LISTINGS, MARKET_MONTHLY, SHOP_DAILY, EDITS, ACTIONS)}
FROM_FOLDER = ("platform", "shop", "source")
"""Columns that no plain sheet states: they follow from where a file lies and which export it is."""
INPUTS = ("edits", "actions")
"""Tables a consultant fills in: they lie in the client's folder itself and belong to no shop."""


def frame(table: Table, columns: dict[str, list[Any]]) -> Any:
    """A pandas frame of ``table``: its columns in their order with their dtypes; a column not given is missing."""
    import pandas as pd

    rows = len(next(iter(columns.values()), []))
    return pd.DataFrame(
        {f.name: pd.Series(columns.get(f.name, [None] * rows), dtype=DTYPES[f.type]) for f in table.fields}
    )


def schema(table: Table) -> Any:
    """The pandera schema: dtypes, blanks, ranges, allowed words, and the table's rules by their names."""
    import pandera.pandas as pa

    def checks(field: Field) -> list[Any]:
        made = [pa.Check(lambda s: s >= 0, name="e.rule.negative")] if field.type in NOT_NEGATIVE else []
        made += [pa.Check(lambda s: s <= field.most, name="e.rule.above")] if field.most is not None else []
        return made + ([pa.Check(lambda s: s.isin(field.words), name="e.rule.word")] if field.words else [])

    return pa.DataFrameSchema(
        {f.name: pa.Column(DTYPES[f.type], checks(f), nullable=f.blank) for f in table.fields},
        checks=[pa.Check(rule.test, name=rule.name) for rule in table.rules],
        strict=True,
        ordered=True,
    )
