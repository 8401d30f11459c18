"""Orders, their lines, refunds and presale."""

from __future__ import annotations

from kit.tables.market import DATE, SHOP
from kit.tables.schema import Field, Rule, Table, at_most

STATUSES = ("unpaid", "paid", "shipped", "completed", "closed")
LINE_KINDS = ("sale", "gift", "return", "service")
"""A gift (nothing was charged for it) is a cost and never a unit sold; a service is no goods, such as postage."""
AFTERSALES = ("none", "open", "refunded")
STAGES = ("deposit", "balance")
"""Up to where a presale order is paid: its deposit alone, or its balance too."""
REFUND_STATES = ("success", "open", "closed")
TIMES = tuple(Field(n, "time") for n in ("created_at", "paid_at", "shipped_at", "completed_at"))
DISCOUNTS = tuple(
    Field(n, "money", signed=True)
    for n in ("shop_discount", "platform_discount", "creator_discount", "payment_discount")
)
"""Who pays for a discount; platforms write them with either sign."""

_REFUND = at_most("refund_amount", "paid_amount")

ORDERS = Table(
    "orders",
    (
        *SHOP,
        Field("order_id", "id", key=True),
        *TIMES,
        Field("status", "word", words=STATUSES),
        Field("aftersale", "word", words=AFTERSALES),
        Field("buyer_key", "key"),  # a keyed hash; platforms that state no stable buyer leave it missing
        Field("province", "province"),
        Field("city", "text"),
        Field("list_amount", "money"),  # goods at list price
        Field("payable_amount", "money"),  # after discounts, before payment
        Field("paid_amount", "money", subsidy=False),  # by the buyer: freight included, refunds not yet taken off
        Field("received_amount", "money", subsidy=True),  # what the merchant gets
        Field("freight", "money"),
        *DISCOUNTS,
        Field("refund_amount", "money"),
        Field("quantity", "count"),  # as the platform counts, gifts among them; units sold come from the lines
        Field("lines", "count", made=True),
        Field("presale", "flag"),
        Field("presale_stage", "word", words=STAGES),  # missing where the file does not say it
        Field("channel", "text"),
        Field("creator", "text"),
        Field("close_reason", "text"),
        Field("ship_by", "time"),  # as promised to the buyer or demanded by the platform
        Field("delivered_at", "time"),
        Field("counted", "flag", made=True),  # paid, whatever came later, and not excluded: it belongs to sales
        Field("excluded", "text", made=True),  # why the consultant leaves it out
        Field("suspicious", "text", made=True),  # what is odd about it; it stays in
    ),
    (
        # Only an order with one price for everything can be held to this; a buyer can't pay more than was asked.
        Rule("e.rule.paid_over_list", at_most("paid_amount", "list_amount", "freight")),
        Rule("e.rule.refund_over_paid", at_most("refund_amount", "paid_amount")),
        Rule("e.warn.paid_before_created", lambda f: ~(f["paid_at"] < f["created_at"]), warning=True),
    ),
    amount="paid_amount",
)
ORDER_LINES = Table(
    "order_lines",
    (
        *SHOP,
        Field("order_id", "id", key=True),
        Field("line_id", "id", key=True),
        Field("item_id", "id"),
        Field("sku_id", "id"),
        Field("merchant_sku", "id"),
        Field("title", "text"),
        Field("spec", "text"),
        Field("category", "text"),
        *TIMES,
        Field("status", "word", words=STATUSES),
        Field("aftersale", "word", words=AFTERSALES),
        Field("quantity", "count", signed=True),
        Field("unit_price", "price", signed=True),
        Field("line_amount", "money", signed=True),  # payable for the line; a return in a till's export is negative
        Field("paid_amount", "money", signed=True),
        *DISCOUNTS,
        Field("refund_amount", "money"),
        Field("profit", "money", signed=True),  # of the line, as the file states it
        Field("kind", "word", words=LINE_KINDS, made=True),
        Field("excluded", "text", made=True),
    ),
    amount="line_amount",
)
REFUNDS = Table(
    "refunds",
    (
        *SHOP,
        Field("refund_id", "id", key=True),
        Field("order_id", "id"),
        Field("refunded_at", "time"),  # when the money went back
        Field("applied_at", "time"),
        Field("paid_at", "time"),  # when the refunded order was paid
        Field("status", "word", words=REFUND_STATES),
        Field("refund_amount", "money"),
        Field("paid_amount", "money"),
        Field("merchant_sku", "id"),
        Field("item_id", "id"),
        Field("title", "text"),
        Field("scope", "word", words=("full", "partial")),
        Field("stage", "word", words=("in_sale", "after_sale")),
        Field("return_required", "flag"),
        Field("reason", "text"),
        Field("liable_party", "text"),
    ),
    # A refund taken in parts is stated against the whole payment each time, so only a single one can be too large; a
    # case that was withdrawn may have asked for anything.
    (Rule("e.rule.refund_over_paid", lambda f: f["status"].isin(["open", "closed"]) | _REFUND(f)),),
    amount="refund_amount",
)
PRESALE_DAILY = Table(
    "presale_daily",
    (
        *SHOP,
        DATE,
        Field("campaign", "text", key=True, fill=""),
        Field("deposit_buyers", "people"),
        Field("deposit_orders", "count"),
        Field("deposit_amount", "money"),
        Field("balance_buyers", "people"),
        Field("balance_orders", "count"),
        Field("balance_amount", "money"),
        Field("inflation_cost", "money"),  # deposits counted at more than was paid (定金膨胀), borne by the shop
    ),
    amount="deposit_amount",
)
