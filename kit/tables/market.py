"""The market: listings of others, category series, search terms, rivals."""

from __future__ import annotations

from kit.tables.schema import Field, Rule, Table, ranged

SHOP = (Field("platform", "platform", key=True), Field("shop", "word", key=True))
"""Where every platform figure belongs; it follows from the folder a file lies in."""
DATE = Field("date", "date", key=True)
SALES_KINDS = ("rolling_30d", "cumulative", "counter")
VALUE_KINDS = ("money", "interval", "index", "vendor_estimate")
SHARES = ("share", "pay_buyers_share", "pay_cvr")
"""Metrics that are parts of a whole."""
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
        DATE,
        Field("brand", "text", key=True),
        Field("item_id", "id", key=True),
        Field("title", "text"),
        Field("price_list", "price"),
        Field("price_page", "price"),
        Field("price_coupon", "price"),
        Field("price_final", "price"),
        Field("price_live", "price"),
        Field("sales", "people", flag="blank_sales"),  # a counter: it never adds up
        Field("sales_kind", "word", words=SALES_KINDS),
        Field("comments", "people"),
    ),
)
_INTERVAL = Rule("e.rule.interval", lambda f: ~((f["low"] > f["value"]) | (f["value"] > f["high"])))


_SHARE = Rule("e.rule.share", lambda f: ~(f["metric"].isin(SHARES) & (f["value"] > 1)))


def metric_type(metric: str) -> str:
    """The type of a metric's values, as of a column."""
    types = {"pay_amount": "money", "revenue_per_buyer": "price", "uv_value": "price"} | dict.fromkeys(SHARES, "ratio")
    return types.get(metric, "number")


def _series(name: str, day: Field) -> Table:
    return Table(
        name,
        (
            *SHOP,
            Field("category", "text", key=True),
            day,
            Field("metric", "word", key=True, words=METRICS),
            Field("value", "number", required=True),
            Field("low", "number"),
            Field("high", "number"),
            Field("value_kind", "word", key=True, words=VALUE_KINDS),
            Field("source", "word", key=True),
        ),
        (_INTERVAL,),
    )


MARKET_MONTHLY = _series("market_monthly", Field("month", "month", key=True))
MARKET_DAILY = _series("market_daily", DATE)
SEARCH_TERMS = Table(
    "search_terms",
    (
        *SHOP,
        DATE,
        Field("category", "text", key=True, fill=""),
        Field("term", "text", key=True),
        Field("rank", "number"),
        *ranged("search_popularity"),  # an index, or a range of people in the new version: never summed
        Field("search_growth", "ratio", signed=True),
        *ranged("ctr"),
        *ranged("pay_cvr"),
        Field("organic_ctr", "ratio"),
        Field("tmall_click_share", "ratio", most=1),
        Field("click_popularity", "number"),
        Field("suggested_bid", "price"),
        Field("related_terms", "number"),
        Field("online_items", "number"),
        *ranged("visitors"),  # own, from on-site search
        *ranged("pay_buyers"),
        Field("pay_amount", "money"),
    ),
    spans=True,
)
RIVAL_METRICS = (
    *METRICS[1:],
    "visitors",
    "pay_buyers",
    "pay_cvr",
    "pay_buyers_share",
    "share",
    "cart_users",
    "favorite_users",
    "pay_amount",
    "pay_units",
    "revenue_per_buyer",
    "uv_value",
    "searchers",
    "search_favorite_index",
    "search_cart_index",
    "search_transaction_index",
    "search_rival_items",
    "rank",
)
RIVALS = Table(
    "rivals",
    (
        *SHOP,
        DATE,
        Field("rival_kind", "word", key=True, words=("shop", "item", "brand")),
        Field("rival", "text", key=True),
        Field("rival_shop", "text", key=True, fill=""),  # whose item it is
        Field("category", "text", key=True, fill=""),
        Field("channel", "text", key=True, fill=""),  # a traffic source, where the screen is split by it
        Field("metric", "word", key=True, words=RIVAL_METRICS),
        Field("value", "number", required=True),
        Field("low", "number"),
        Field("high", "number"),
        Field("source", "word", key=True),
    ),
    (_INTERVAL, _SHARE),
    spans=True,
)
