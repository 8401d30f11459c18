"""Advertising, live commerce and content."""

from __future__ import annotations

from kit.tables.market import DATE, SHOP
from kit.tables.schema import Field, Rule, Table, at_most

BREAKDOWNS = ("account", "scene", "campaign", "adgroup", "creative", "item", "keyword", "audience", "keyword_package")
"""What a row of an ad report is about. The same spend stands in every breakdown: one of them is summed, never two."""

ADS_DAILY = Table(
    "ads_daily",
    (
        *SHOP,
        DATE,
        Field("tool", "word", key=True),
        Field("breakdown", "word", key=True, words=BREAKDOWNS),
        Field("window_days", "number", key=True, fill="-1"),  # attribution window; blank: nobody said, so -1
        Field("scene", "text", key=True, fill=""),
        Field("campaign_id", "id", key=True, fill=""),  # the name where no id is stated: names change, ids stay
        Field("adgroup", "text", key=True, fill=""),
        Field("creative", "text", key=True, fill=""),  # where a row is about an audience within a creative
        Field("object_id", "id", key=True, fill=""),  # of the item, creative, keyword …; else its name
        Field("campaign", "text"),
        Field("object", "text"),
        Field("impressions", "count"),
        Field("clicks", "count"),
        Field("click_users", "people"),
        Field("spend", "money"),
        Field("visits", "count"),
        Field("visitors", "people"),
        Field("cart_adds", "count"),
        Field("favorites", "count"),
        Field("ad_orders", "count"),
        Field("ad_orders_direct", "count"),
        Field("ad_gmv", "money"),
        Field("ad_gmv_direct", "money"),
        Field("ad_gmv_indirect", "money"),
        Field("ad_presale_gmv", "money"),
        Field("net_gmv", "money"),
        Field("net_orders", "count"),
        Field("user_paid_amount", "money", subsidy=False),
        Field("platform_subsidy", "money"),
        Field("new_buyers", "people"),
        Field("pay_buyers", "people"),
        Field("member_joins", "count"),
        Field("interactions", "count"),  # likes, comments, saves and shares of what is promoted
        Field("refund_amount", "money"),  # of what the ad is credited with
        Field("roas", "number"),
        Field("ctr", "ratio"),
        Field("cvr", "ratio"),
    ),
    (
        Rule("e.rule.clicks_over_impressions", at_most("clicks", "impressions")),
        Rule("e.warn.direct_over_total", at_most("ad_gmv_direct", "ad_gmv"), warning=True),
    ),
    amount="spend",
    spans=True,
)
_ROOM = (
    Field("live_seconds", "count"),
    Field("impression_users", "people"),
    Field("impressions", "count"),
    Field("viewers", "people"),
    Field("views", "count"),
    Field("peak_concurrent", "people"),
    Field("avg_concurrent", "people"),
    Field("avg_watch_seconds", "duration"),
    Field("comments", "count"),
    Field("likes", "count"),
    Field("shares", "count"),
    Field("new_followers", "count"),
    Field("fan_group_joins", "count"),
    Field("items_listed", "people"),
    Field("item_impression_users", "people"),
    Field("item_click_users", "people"),
    Field("item_impressions", "count"),
    Field("item_clicks", "count"),
    Field("order_buyers", "people"),
    Field("pay_orders", "count"),
    Field("pay_units", "count"),
    Field("pay_buyers", "people"),
    Field("live_gmv", "money", subsidy=True),  # as the platform counts a live room
    Field("user_paid_amount", "money", subsidy=False),
    Field("net_pay_amount", "money"),
    Field("refund_amount", "money"),
    Field("refund_amount_1h", "money"),
    Field("refund_orders", "count"),
    Field("refund_buyers", "people"),
    Field("commission", "money"),
    Field("spend", "money"),
    Field("presale_orders", "count"),
    Field("presale_amount", "money"),
)
_CLICKED = Rule("e.warn.live_funnel", at_most("item_click_users", "item_impression_users"), warning=True)
LIVE_SESSIONS = Table(
    "live_sessions",
    (
        *SHOP,
        Field("started_at", "time", key=True),
        Field("room", "text", key=True),
        Field("ended_at", "time"),
        *_ROOM,
    ),
    (_CLICKED,),
    amount="live_gmv",
)
LIVE_DAILY = Table(
    "live_daily",
    (*SHOP, DATE, Field("room", "text", key=True, fill=""), *_ROOM),
    (_CLICKED,),
    amount="live_gmv",
    spans=True,
)
ACCOUNT_DAILY = Table(
    "account_daily",
    (
        *SHOP,
        DATE,
        Field("account", "text", key=True, fill=""),  # that sells: the brand's own, a creator's; blank: all together
        Field("account_kind", "text"),
        Field("cooperation", "text"),
        Field("pay_amount", "money"),
        Field("pay_buyers", "people"),
        Field("revenue_per_buyer", "price"),
        Field("item_cvr", "ratio", most=1),  # of those who opened an item
        Field("live_pay_amount", "money"),
        Field("video_pay_amount", "money"),
        Field("card_pay_amount", "money"),  # by an item's own card, without a room or a video
        Field("card_visitors", "people"),
        Field("card_orders", "count"),
        Field("search_share", "ratio", most=1),  # of visitors
        Field("mall_share", "ratio", most=1),
    ),
    amount="pay_amount",
    spans=True,
)
"""Who sells a shop's goods, and by which carrier: live rooms, videos, item cards."""
CONTENT = Table(
    "content",
    (
        *SHOP,
        DATE,
        Field("content_id", "id", key=True),  # of the note or video; of the order where a platform sells cooperations
        Field("title", "text"),
        Field("published_at", "time"),
        Field("item_id", "id"),
        Field("notes", "count"),  # that an order of a cooperation brought
        Field("impressions", "count"),
        Field("impression_users", "people"),
        Field("impressions_organic", "count"),
        Field("impressions_paid", "count"),
        Field("views", "count"),
        Field("viewers", "people"),
        Field("views_organic", "count"),
        Field("views_paid", "count"),
        Field("plays", "count"),
        Field("play_users", "people"),
        Field("complete_plays", "count"),
        Field("completion_rate", "ratio", most=1),
        Field("avg_stay_seconds", "duration"),
        Field("interactions", "count"),
        Field("interact_users", "people"),
        Field("likes", "count"),
        Field("comments", "count"),
        Field("shares", "count"),
        Field("saves", "count"),
        Field("new_followers", "count"),
        Field("clicks", "count"),
        Field("click_users", "people"),
        Field("item_clicks", "count"),
        Field("item_click_users", "people"),
        Field("cart_users", "people"),
        Field("seeded_buyers", "people"),  # who bought later, within the window that the platform counts
        Field("seeded_orders", "count"),
        Field("seeded_pay_amount", "money"),
        Field("quote", "money"),  # what the creator asks
        Field("service_fee", "money"),
        Field("spend", "money"),
    ),
    amount="seeded_pay_amount",
    spans=True,
)
