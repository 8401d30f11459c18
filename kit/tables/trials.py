"""Tests of two or more versions: by day as sums, or a row per unit, which both keep the further figures of their files;
or by metric as whoever ran the test summed it up."""

from __future__ import annotations

from kit.tables.market import DATE, SHOP
from kit.tables.schema import Field, Rule, Table, at_most

ARM = (Field("experiment", "text", key=True), Field("variant", "text", key=True))
"""``experiment`` is the name or the key that the sheet of experiments has; a file that does not say it is named so."""
CLICKS_OVER = Rule("e.rule.trial_clicks", at_most("clicks", "exposures"))
VISITORS_OVER = Rule("e.rule.trial_visitors", at_most("visitors", "exposures"))

EXPERIMENT_DAILY = Table(
    "experiment_daily",
    (
        *SHOP,
        *ARM,
        DATE,
        Field("exposures", "count"),
        Field("visitors", "people"),
        Field("clicks", "count"),
        Field("add_to_carts", "people"),
        Field("orders", "count"),
        Field("buyers", "people"),
        Field("gmv", "money"),
        Field("refunds", "money"),
    ),
    (
        CLICKS_OVER,
        VISITORS_OVER,
        # What is counted once a visitor; clicks and additions to the cart may be several, and are a ratio then.
        Rule("e.rule.trial_buyers", at_most("buyers", "visitors")),
        Rule("e.rule.trial_reached", lambda f: ~(f["visitors"].isna() & (f["buyers"] > f["exposures"]))),
        Rule("e.rule.trial_orders", at_most("buyers", "orders")),
    ),
    amount="gmv",
    spans=True,
    further=("measure",),
)
EXPERIMENT_UNITS = Table(
    "experiment_units",
    (
        *SHOP,
        *ARM,
        Field("unit_id", "key", key=True),
        # What tells the rows of one unit apart: its sessions or orders. Blank where it has one row.
        Field("record", "id", key=True, fill=""),
        Field("exposed_at", "time"),
        Field("exposures", "count"),
        Field("clicks", "count"),
        Field("clicked", "measure", most=1),
        Field("carted", "measure", most=1),
        Field("bought", "measure", most=1),
        Field("orders", "count"),
        Field("revenue", "money", signed=True),
        Field("refunds", "money"),
    ),
    (
        CLICKS_OVER,
        Rule("e.warn.trial_negative", lambda f: ~(f["revenue"] < 0), warning=True),
    ),
    amount="revenue",
    further=("measure", "text"),
)
"""A row per unit that was randomised; several where the file is of its sessions or orders. Further figures are metrics,
``pre_x`` what a unit's ``x`` was before the test, texts are segments."""
EXPERIMENT_SUMMARY = Table(
    "experiment_summary",
    (
        *SHOP,
        *ARM,
        Field("figure", "text", key=True),
        Field("until", "time", key=True),
        Field("units", "count", required=True),
        Field("mean", "number", required=True, signed=True),
        Field("variance", "number"),
        Field("sd", "number"),
    ),
    (
        Rule(
            "e.warn.trial_spread",
            lambda f: ~((f["units"] > 1) & f["variance"].isna() & f["sd"].isna()),
            warning=True,
        ),
    ),
)
"""What was known of a metric at a moment: ``units`` so far, their mean, and its variance or standard deviation (of a
sample). A later moment includes the earlier ones."""
