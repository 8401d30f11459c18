"""What happens in a shop by day: visitors and sales of the shop, its items, categories and sources; service; stock."""

from __future__ import annotations

from kit.tables.market import DATE, SHOP
from kit.tables.schema import Field, Rule, Table, at_most


def _people(*names: str) -> tuple[Field, ...]:
    return tuple(Field(n, "people") for n in names)


def _counts(*names: str) -> tuple[Field, ...]:
    return tuple(Field(n, "count") for n in names)


def _money(*names: str) -> tuple[Field, ...]:
    return tuple(Field(n, "money") for n in names)


# A presale order is placed in one month and paid in the next, so payers may outnumber those who ordered.
PAY_OVER_ORDER = Rule("e.warn.pay_over_order", at_most("pay_buyers", "order_buyers"), warning=True)
PAY_OVER_VISITORS = Rule("e.warn.pay_over_visitors", at_most("pay_buyers", "visitors"), warning=True)
# Said only where payers do not already outnumber visitors. One visitor may order several times.
ORDERS_OVER_VISITORS = Rule(
    "e.warn.orders_over_visitors",
    lambda f: ~PAY_OVER_VISITORS.test(f) | at_most("pay_orders", "visitors")(f),
    warning=True,
)
NEW_OVER_PAY = Rule("e.warn.new_over_pay", at_most("new_buyers", "pay_buyers"), warning=True)

SHOP_DAILY = Table(
    "shop_daily",
    (
        *SHOP,
        DATE,
        *_people("visitors"),
        *_counts("pageviews"),
        *_people("new_visitors", "returning_visitors", "impression_users", "item_click_users"),
        Field("avg_stay_seconds", "duration"),
        Field("bounce_rate", "ratio", most=1),
        *_people("favorite_users", "cart_users"),
        *_counts("cart_units"),
        *_people("order_buyers"),
        *_money("order_amount"),
        *_people("pay_buyers"),
        *_counts("pay_orders", "pay_parent_orders", "pay_units"),
        *_money("pay_amount"),
        Field("user_paid_amount", "money", subsidy=False),  # where the platform states both
        *_people("new_buyers", "returning_buyers"),
        *_money("returning_pay_amount", "refund_amount"),
        Field("net_pay_amount", "money", signed=True),  # more was refunded on a day than paid
        Field("revenue_per_buyer", "price"),
        Field("order_cvr", "ratio", most=1),
        Field("order_pay_cvr", "ratio"),
        Field("pay_cvr", "ratio", most=1),
        *_people("followers", "members", "ad_visitors", "offsite_visitors"),
        Field("live_seconds", "count"),
    ),
    (
        PAY_OVER_ORDER,
        PAY_OVER_VISITORS,
        ORDERS_OVER_VISITORS,
        Rule("e.warn.buyers_over_orders", at_most("pay_buyers", "pay_orders"), warning=True),
        NEW_OVER_PAY,
    ),
    amount="pay_amount",
    spans=True,
)
ITEM_DAILY = Table(
    "item_daily",
    (
        *SHOP,
        DATE,
        Field("item_id", "id", key=True),
        Field("id_kind", "word", words=("item", "sku")),  # what the platform reports by: JD by SKU, others by item
        Field("title", "text"),
        Field("main_item_id", "id"),
        Field("article_no", "text"),
        Field("item_status", "text"),
        Field("category", "text"),
        *_people("visitors"),
        *_counts("pageviews"),
        Field("avg_stay_seconds", "duration"),
        Field("bounce_rate", "ratio", most=1),
        *_counts("impressions"),
        *_people("impression_users", "item_click_users", "favorite_users", "cart_users"),
        *_counts("cart_units"),
        *_people("order_buyers"),
        *_counts("order_units", "order_orders"),
        *_money("order_amount"),
        *_people("pay_buyers"),
        *_counts("pay_orders", "pay_units"),
        *_money("pay_amount"),
        *_people("new_buyers", "returning_buyers"),
        *_money("returning_pay_amount", "refund_amount", "cancel_refund_amount"),
        *_people("search_visitors", "search_pay_buyers"),
        Field("order_cvr", "ratio", most=1),
        Field("pay_cvr", "ratio", most=1),
        Field("uv_value", "price"),
        Field("price_per_unit", "price"),
        Field("competitiveness_score", "number"),
        # As the platform counts orders with a complaint, and those they are a part of.
        *_counts("problem_orders", "valid_orders"),
        Field("experience_score", "number", most=100),
    ),
    (PAY_OVER_ORDER, PAY_OVER_VISITORS, ORDERS_OVER_VISITORS, NEW_OVER_PAY),
    amount="pay_amount",
    spans=True,
)
CATEGORY_DAILY = Table(
    "category_daily",
    (
        *SHOP,
        DATE,
        Field("category", "text", key=True, fill=""),  # blank: all of the shop's items
        Field("visitors", "people"),  # of item pages, so fewer than the shop's
        *_counts("pageviews"),
        Field("avg_stay_seconds", "duration"),
        Field("bounce_rate", "ratio", most=1),
        *_people("favorite_users", "cart_users"),
        *_counts("cart_units"),
        *_people("order_buyers"),
        *_counts("order_units"),
        *_money("order_amount"),
        *_people("pay_buyers"),
        *_counts("pay_units"),
        *_money("pay_amount"),
        *_people("items_visited", "items_sold"),  # over days the same items come back
        *_people("new_buyers", "returning_buyers"),
        *_money("returning_pay_amount", "return_refund_amount"),
        Field("order_cvr", "ratio", most=1),
        Field("pay_cvr", "ratio", most=1),
        Field("revenue_per_buyer", "price"),
    ),
    (PAY_OVER_ORDER, PAY_OVER_VISITORS, NEW_OVER_PAY),
    amount="pay_amount",
    spans=True,
)
TRAFFIC_SOURCE = Table(
    "traffic_source",
    (
        *SHOP,
        DATE,
        Field("carrier", "text", key=True, fill=""),
        Field("source_l1", "text", key=True, fill=""),
        Field("source_l2", "text", key=True, fill=""),
        Field("source_l3", "text", key=True, fill=""),
        Field("source_l4", "text", key=True, fill=""),
        # Levels filled: a source's own row (the platform's 汇总) has fewer than its parts. Sources overlap.
        Field("level", "number", made=True),
        *_people("visitors", "new_visitors"),
        Field("avg_stay_seconds", "duration"),
        *_people("viewers_3s", "item_click_users", "cart_users", "favorite_users", "follow_users"),
        *_counts("cart_units"),
        *_people("order_buyers"),
        *_money("order_amount"),
        *_people("pay_buyers"),
        *_money("pay_amount"),
        Field("order_cvr", "ratio", most=1),
        Field("pay_cvr", "ratio", most=1),
        Field("revenue_per_buyer", "price"),
        Field("uv_value", "price"),
    ),
    (PAY_OVER_VISITORS,),
    amount="pay_amount",
    spans=True,
)
ITEM_SOURCES = Table(
    "item_sources",
    (
        *SHOP,
        DATE,
        Field("item_id", "id", key=True),
        Field("source_l1", "text", key=True, fill=""),
        Field("source_l2", "text", key=True, fill=""),
        Field("source_l3", "text", key=True, fill=""),
        Field("source_l4", "text", key=True, fill=""),
        Field("level", "number", made=True),  # as in traffic_source
        Field("title", "text"),
        *_people("visitors"),
        *_counts("pageviews"),
        *_people("cart_users", "favorite_users", "pay_buyers"),
        Field("pay_cvr", "ratio", most=1),
    ),
    (PAY_OVER_VISITORS,),
    spans=True,
)
"""Where the visitors of an item's page come from."""
SERVICE_DAILY = Table(
    "service_daily",
    (
        *SHOP,
        DATE,
        Field("agent", "key", key=True, fill=""),  # a keyed hash; blank: the whole shop
        *_people("inquiries", "served_users", "inquiry_users", "order_buyers", "agent_buyers"),
        *_money("agent_sales", "refund_amount"),
        Field("net_sales", "money", signed=True),
        Field("agent_sales_share", "ratio", most=1),
        Field("inquiry_cvr", "ratio", most=1),
        Field("revenue_per_buyer", "price"),
        Field("first_response_seconds", "duration"),
        Field("avg_response_seconds", "duration"),
        Field("reply_rate", "ratio", most=1),
        Field("reply_3min_rate", "ratio", most=1),
        Field("satisfaction_rate", "ratio", most=1),
        Field("dissatisfaction_rate", "ratio", most=1),
        Field("good_rating_rate", "ratio", most=1),
        Field("bad_rating_rate", "ratio", most=1),
        Field("wangwang_satisfaction_rate", "ratio", most=1),
        Field("refund_only_close_hours", "number"),
        Field("return_refund_close_hours", "number"),
        Field("platform_help_rate", "ratio", most=1),
        Field("platform_liability_rate", "ratio", most=1),
        Field("dsr_description", "number", most=5),
        Field("dsr_service", "number", most=5),
        Field("dsr_logistics", "number", most=5),
        # How the platform rates the shop all in all, and what that is made of.
        Field("experience_score", "number", most=100),
        Field("score_goods", "number", most=100),
        Field("score_service", "number", most=100),
        Field("score_dispatch", "number", most=100),
        Field("positive_review_rate", "ratio", most=1),
        Field("negative_feedback_rate", "ratio", most=1),
        Field("pickup_48h_rate", "ratio", most=1),
        Field("intervention_rate", "ratio", most=1),
    ),
    amount="agent_sales",
    spans=True,
)
REVIEWS = Table(
    "reviews",
    (
        *SHOP,
        Field("review_id", "id", key=True),
        Field("reviewed_at", "time"),
        Field("order_id", "id"),
        Field("item_id", "id"),
        Field("title", "text"),
        Field("review_text", "text"),
        Field("tags", "text"),
        Field("sentiment", "word", words=("positive", "neutral", "negative")),
        Field("score", "number", most=5),
        Field("followup_text", "text"),
        Field("followup_days", "number"),
    ),
)
INVENTORY = Table(
    "inventory",
    (
        *SHOP,
        DATE,
        Field("merchant_sku", "id", key=True),
        Field("warehouse", "text", key=True, fill=""),
        Field("style_no", "id"),
        Field("barcode", "id"),
        Field("title", "text"),
        Field("spec", "text"),
        Field("brand", "text"),
        Field("category", "text"),
        Field("stock_on_hand", "count", signed=True),
        Field("stock_reserved", "count", signed=True),
        Field("stock_locked", "count"),
        Field("stock_available", "count", signed=True),
        Field("stock_on_order", "count"),
        Field("stock_in_transfer", "count"),
        Field("returns_in_transit", "count"),
        Field("units_to_ship", "count"),
        Field("stock_alert_min", "number"),
        Field("stock_alert_max", "number"),
        Field("tag_price", "price"),
        Field("retail_price", "price"),
        Field("unit_cost", "price"),
        Field("lead_time_days", "number"),
        Field("counted_at", "time"),  # when somebody last counted: how far the book stock can be trusted
    ),
)
