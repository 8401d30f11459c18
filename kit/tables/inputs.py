"""What no platform exports: the sheets a consultant fills in. They lie in the client's folder itself.

Where a sheet has a column ``shop``, it names a shop of client.toml; blank stands for all of them together.
"""

from __future__ import annotations

from kit.tables.schema import Field, Rule, Table

SHOP = Field("shop", "word", key=True, fill="")

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
        Field("raised", "date"),
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
GOALS = Table(
    "goals",
    (
        Field("month", "month", key=True),
        SHOP,
        # The goal's own basis: paid amount and GSV are different goals.
        Field(
            "metric",
            "word",
            key=True,
            words=(
                "pay_amount", "gsv", "orders", "visitors", "pay_cvr", "revenue_per_buyer", "new_buyers", "refund_rate",
                "spend", "spend_ratio", "roas",
            ),
        ),
        Field("value", "number", required=True),
        Field("note", "text"),
    ),
)  # fmt: skip
EXCLUSIONS = Table(
    "exclusions",
    (
        SHOP,
        Field("what", "word", key=True, words=("order", "item")),
        Field("id", "id", key=True),
        Field("reason", "text", required=True),
        Field("by", "text"),
    ),
)
CREATOR_DEALS = Table(
    "creator_deals",
    (
        Field("id", "id", key=True),
        SHOP,
        Field("creator", "text", required=True),
        Field("start", "date", required=True),
        Field("end", "date"),
        Field("item_id", "id"),
        Field("slot_fee", "money"),
        Field("commission_rate", "ratio", most=1),
        Field("agency_fee", "money"),
        Field("boosting", "money"),
        Field("samples", "money"),
        Field("guarantee", "money"),
        Field("note", "text"),
    ),
    amount="slot_fee",
)
MEMBERS_MONTHLY = Table(
    "members_monthly",
    (
        Field("month", "month", key=True),
        SHOP,
        Field("members", "people"),
        Field("new_members", "people"),
        Field("active_members", "people"),
        Field("member_buyers", "people"),
        Field("member_pay_amount", "money"),
    ),
)
AUDIENCE_MONTHLY = Table(
    "audience_monthly",
    (
        Field("month", "month", key=True),
        SHOP,
        Field("model", "word", key=True, words=("AIPL", "5A", "4A")),
        Field("stage", "text", key=True),
        Field("people", "people", required=True),
    ),
)
GOAL_METRICS = (
    ("pay_amount", "money"),
    ("gsv", "money"),
    ("orders", "people"),
    ("visitors", "people"),
    ("pay_cvr", "ratio"),
    ("revenue_per_buyer", "price"),
    ("new_buyers", "people"),
    ("roas", "number"),
    ("cart_users", "people"),
    ("stock", "people"),
)
CAMPAIGNS = Table(
    "campaigns",
    (
        Field("campaign", "text", key=True),
        Field("key", "id"),
        SHOP,
        Field("kind", "word", words=("platform", "brand", "category", "live", "other")),
        Field("start", "date", required=True),
        Field("end", "date", required=True),
        Field("warmup_start", "date"),
        Field("presale_start", "date"),
        Field("after_end", "date"),
        Field("compare_to", "text"),
        *(Field(f"goal_{name}", kind) for name, kind in GOAL_METRICS),
        Field("budget", "money"),
        Field("control", "text"),
        Field("note", "text"),
    ),
    (Rule("e.rule.end_before_start", lambda f: ~(f["end"] < f["start"])),),
)
EXPERIMENTS = Table(
    "experiments",
    (
        Field("experiment", "text", key=True),
        Field("key", "id"),
        SHOP,
        Field("hypothesis", "text"),
        Field("unit", "word", words=("visitor", "user", "order", "impression", "day")),
        Field("primary_metric", "text", required=True),
        Field("direction", "word", words=("increase", "decrease")),
        Field("guardrail_metrics", "text"),
        Field("mde", "ratio"),
        Field("alpha", "ratio", most=1),
        Field("power", "ratio", most=1),
        Field("planned_start", "date"),
        Field("planned_end", "date"),
        Field("planned_split", "text"),
        Field("control", "text"),
        Field("analysis", "word", words=("fixed", "sequential")),
        Field("allocation", "word", words=("randomised", "platform-optimised", "rotation", "before-after")),
        Field("margin", "ratio"),
        Field("decision_cost", "money"),
        # How often a test that is read once was read before its end: each look raises the risk of a false alarm.
        Field("looks", "count"),
    ),
    (Rule("e.rule.end_before_start", lambda f: ~(f["planned_end"] < f["planned_start"])),),
)
COMPETITORS = Table(
    "competitors",
    (
        Field("brand", "text", key=True),
        Field("rival_shop", "text", key=True, fill=""),
        Field("item_id", "id", key=True, fill=""),
        Field("role", "text"),
        Field("note", "text"),
    ),
)
COSTS = Table(
    "costs",
    (
        Field("merchant_sku", "id", key=True),
        Field("valid_from", "date", key=True, fill="2000-01-01"),
        Field("item_id", "id"),
        Field("unit_cost", "price", required=True),
        Field("packaging", "price"),
        Field("logistics", "price"),
        Field("fee_rate", "ratio", most=1),
        Field("gift", "flag"),
    ),
)
LEAD_TIMES = Table(
    "lead_times",
    (
        Field("merchant_sku", "id", key=True),
        Field("supplier", "text"),
        Field("lead_time_days", "number", required=True),
        Field("lead_time_sd", "number"),
        Field("min_order", "count"),
        Field("pack_size", "count"),
    ),
)
SWOT_ITEMS = Table(
    "swot_items",
    (
        Field("key", "id", key=True),
        Field("kind", "word", words=("S", "W", "O", "T", "SO", "ST", "WO", "WT")),
        Field("text_zh", "text"),
        Field("text_en", "text"),
        Field("weight", "ratio", most=1),
        Field("rating", "number", most=4),
        Field("decision", "word", words=("keep", "reject")),
        Field("by", "text"),
        Field("why", "text"),
        Field("pest", "word", words=("P", "E", "S", "T")),
    ),
)
EVENTS = Table(
    "events",
    (
        Field("start", "date", key=True),
        Field("end", "date"),
        SHOP,
        Field("kind", "word", key=True, words=("launch", "stock_out", "price", "page", "outage", "rival", "other")),
        Field("text_zh", "text"),
        Field("text_en", "text"),
    ),
    (Rule("e.rule.end_before_start", lambda f: ~(f["end"] < f["start"])),),
)
SHEETS = (
    GOALS, ACTIONS, EDITS, EXCLUSIONS, CREATOR_DEALS, MEMBERS_MONTHLY, AUDIENCE_MONTHLY, CAMPAIGNS, EXPERIMENTS,
    COMPETITORS, COSTS, LEAD_TIMES, SWOT_ITEMS, EVENTS,
)  # fmt: skip
"""Every sheet of inputs.xlsx, in its order."""
