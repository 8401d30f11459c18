"""What platforms settle with a shop: each booking of its account, with the fees that it is made of."""

from __future__ import annotations

from kit.tables.market import SHOP
from kit.tables.schema import Field, Table

SETTLEMENT = Table(
    "settlement",
    (
        *SHOP,
        Field("booked_at", "time", key=True),
        Field("entry_id", "id", key=True, fill=""),  # of the booking, where the platform numbers them
        Field("order_id", "id", key=True, fill=""),
        Field("line_id", "id", key=True, fill=""),
        Field("item_id", "id", key=True, fill=""),
        Field("fee_name", "text", key=True, fill=""),
        # What came in less what went out. Where nothing numbers the bookings, two of one second differ by it alone.
        Field("amount", "money", key=True, signed=True, fill="0"),
        Field("direction", "word", words=("in", "out")),
        Field("income", "money", signed=True),
        Field("expense", "money", signed=True),  # what went out is positive
        Field("description", "text"),
        Field("aftersale_id", "id"),
        # The parts of a booking, where one row states them all, with the sign that the platform gives them.
        Field("goods_amount", "money", signed=True),
        Field("freight", "money", signed=True),
        Field("platform_subsidy", "money", signed=True),
        Field("refund_amount", "money", signed=True),
        Field("platform_fee", "money", signed=True),
        Field("creator_commission", "money", signed=True),
        Field("partner_commission", "money", signed=True),  # of an agency or service provider
        Field("payment_fee", "money", signed=True),
        Field("other_fee", "money", signed=True),
        Field("balance", "price", signed=True),  # of the account after it
        Field("transfer", "flag", made=True),  # a withdrawal, top-up or deposit: no profit or loss
    ),
    amount="amount",
)
