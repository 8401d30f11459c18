"""What is planted in the demo, as numbers with their estimands, all computed from the simulation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from simulation import items as shop_items
from simulation import market, rivals, traffic
from simulation.buyers import LAPSE_PER_YEAR
from simulation.campaigns import DEPOSIT_PAID, TMALL, by_key
from simulation.everything import Simulation
from simulation.experiments import EXPERIMENTS
from simulation.feedback import BURST_DAYS, BURST_FROM
from simulation.live import CREATORS
from simulation.orders import EVENT_REFUNDS, OUT_FROM, OUT_TO
from simulation.shop import ordinary_value
from simulation.titles import CELL, NEEDS
from simulation.world import DAYS, END, position

NOVEMBER = slice("2024-11-01", "2024-11-30")
LAST_NOVEMBER = slice("2023-11-01", "2023-11-30")


@dataclass(frozen=True)
class Truth:
    """One planted fact: a stable key, its value in a unit, and the estimand that a report has to hit."""

    key: str
    value: float | int | str
    unit: str
    estimand: str


def growth(now: float, before: float) -> float:
    return now / before - 1


def sales(world: Simulation) -> Iterator[Truth]:
    paid, other = world.shop["pay_amount"], world.douyin.daily["pay_amount"]
    now, before = paid[NOVEMBER].sum(), paid[LAST_NOVEMBER].sum()
    yield Truth("shop.tmall.2024-11", now, "yuan", "paid amount of the Tmall shop in November 2024 (sum of days)")
    yield Truth("shop.tmall.yoy", growth(now, before), "ratio", "the same over November 2023, less one")
    yield Truth("shop.douyin.2024-11", other[NOVEMBER].sum(), "yuan", "paid amount of the Douyin shop, November 2024")
    yield Truth(
        "shop.douyin.yoy", growth(other[NOVEMBER].sum(), other[LAST_NOVEMBER].sum()), "ratio", "over November 2023"
    )


def category(world: Simulation) -> Iterator[Truth]:
    month, said = market.monthly(world.category), market.vendor(world.category)
    own = world.shop["pay_amount"].resample("MS").sum()
    now, before = pd.Timestamp("2024-11-01"), pd.Timestamp("2023-11-01")
    yield Truth("market.2024-11", month[now], "yuan", "the category's true money, November 2024; no export shows it")
    yield Truth("market.yoy", growth(month[now], month[before]), "ratio", "true money, November 2024 over 2023")
    yield Truth("market.growth", float(np.expm1(market.GROWTH)), "ratio", "planted growth a year, promotions apart")
    yield Truth("market.vendor.2024-11", said[now], "yuan", "the vendor's estimate of November 2024")
    yield Truth("market.vendor.yoy", growth(said[now], said[before]), "ratio", "the same by the vendor's estimates")
    yield Truth("market.vendor.bias", float((said / month).mean() - 1), "ratio", "mean of estimate ÷ truth, less one")
    index = market.indices(world.category)["transaction_index"]
    yield Truth(
        "market.index.yoy", growth(index[now], index[before]), "ratio", "growth of the index: not growth of money"
    )
    yield Truth("share.2023-11", own[before] / month[before], "ratio", "own paid amount ÷ true category money")
    yield Truth("share.2024-11", own[now] / month[now], "ratio", "own paid amount ÷ true category money")
    gap = own[now] / month[now] - own[before] / month[before]
    yield Truth("share.lost", gap, "points", "difference of the two shares")


def campaigns(world: Simulation) -> Iterator[Truth]:
    """Each Double 11 against the same days, on the same noise, had it alone not taken place."""
    value = ordinary_value(world.catalogue)
    lost = np.bincount(world.orders.lost["day"], world.orders.lost["gross"], len(DAYS)) / 100
    actual = world.shop["pay_amount"] + lost
    for key in ("double_11_2023", "double_11_2024"):
        event = by_key(key)
        without = traffic.demand(tuple(c for c in TMALL if c.key != key)).orders * value
        more = actual - without
        day = pd.Timedelta(days=1)
        inside = more[event.opening : event.last_sale].sum()
        before = more[event.opening - 14 * day : event.opening - day].sum()
        after = more[event.last_sale + day : event.last_sale + 14 * day].sum()
        window = f"{event.opening:%Y-%m-%d} to {event.last_sale:%Y-%m-%d}"
        yield Truth(
            f"campaign.{key}.increment", inside, "yuan",
            f"Σ over {window} of (paid − paid had the event and its advertising not taken place, same noise)",
        )  # fmt: skip
        yield Truth(f"campaign.{key}.before", before, "yuan", "the same over the 14 days before: waiting")
        yield Truth(
            f"campaign.{key}.after", after, "yuan", "the same over the 14 days after, stock-out losses added back"
        )
        yield Truth(f"campaign.{key}.net", inside + before + after, "yuan", "sum of the three")
    placed = world.presale.loc["2024-10-14":"2024-10-24"]
    yield Truth("presale.2024.deposits", int(placed["deposit_buyers"].sum()), "persons", "deposits, Double 11 2024")
    yield Truth("presale.paid", DEPOSIT_PAID, "ratio", "share of deposits paid off; counted when the balance is paid")


def stock_out(world: Simulation) -> Iterator[Truth]:
    lost = world.orders.lost
    code = shop_items.STOCKED_OUT
    yield Truth("stock.out.from", OUT_FROM, "date", f"first day without {code}")
    yield Truth("stock.out.to", OUT_TO, "date", "last day without it")
    yield Truth("stock.lost.units", int(lost["quantity"].sum()), "units", "units of it wanted by buyers who then left")
    yield Truth("stock.lost.money", lost["gross"].sum() / 100, "yuan", "the same at the price they would have paid")


def advertising(world: Simulation) -> Iterator[Truth]:
    name = traffic.DECAYING
    rows = world.ads[world.ads["channel"] == name].set_index("date")
    early, late = rows["2024-07-01":"2024-07-28"].sum(numeric_only=True), rows["2024-11-18":].sum(numeric_only=True)
    yield Truth("ads.decay.rate", -traffic.DECAY_PER_WEEK, "ratio a week", f"conversion of {name}, week on week")
    yield Truth("ads.decay.from", traffic.DECAY_FROM, "date", "first day of its first weaker week")
    yield Truth(
        "ads.roi.before", early["ad_sales"] / early["spend"], "ratio", "its ROI as the tool counts it, July 2024"
    )
    yield Truth("ads.roi.after", late["ad_sales"] / late["spend"], "ratio", "the same from 2024-11-18")
    for channel, *_, rise in traffic.CHANNELS:
        yield Truth(
            f"ads.returns.{channel}", 1 - rise, "elasticity",
            "of clicks with respect to spend, event prices apart",
        )  # fmt: skip


def customers(world: Simulation) -> Iterator[Truth]:
    yield Truth(
        "customers.lapse", -LAPSE_PER_YEAR, "log a year", "trend of the chance of coming back, recency held fixed"
    )
    for label, month in (("2022", "2022-11"), ("2023", "2023-11"), ("2024", "2024-11")):
        rows = world.shop.loc[month]
        share = rows["returning_buyers"].sum() / rows["pay_buyers"].sum()
        yield Truth(f"customers.returning.{label}-11", share, "ratio", "returning ÷ all buyers, sums of days, November")
    visits = world.orders.orders[["buyer", "day"]].drop_duplicates()
    for year in (2023, 2024):
        first, last = position(f"{year}-06-01"), position(f"{year}-08-31")
        yield Truth(
            f"customers.back90.{year}", _came_back(visits, first, last), "ratio",
            f"buyers of June to August {year} with a further order within 90 days of their last one in it",
        )  # fmt: skip


def _came_back(visits: pd.DataFrame, first: int, last: int) -> float:
    inside = visits[visits["day"].between(first, last)].groupby("buyer")["day"].max().rename("seen")
    later = visits[visits["day"] > last].merge(inside, on="buyer", validate="m:1")
    return later[later["day"] - later["seen"] <= 90]["buyer"].nunique() / len(inside)


def listing_market(world: Simulation) -> Iterator[Truth]:
    seen = world.snapshots[world.snapshots["date"] == END]
    seen = seen.assign(money=seen["sales"] * seen["price_page"])
    band = pd.cut(seen["price_page"], rivals.EDGES, right=False)
    for interval, rows in seen.groupby(band, observed=True):
        name = f"{interval.left:g}-{interval.right:g}"
        demand, supply = rows["money"].sum() / seen["money"].sum(), len(rows) / len(seen)
        pieces = rows["sales"].sum() / seen["sales"].sum()
        yield Truth(f"bands.{name}.demand", demand, "ratio", f"share of sales × page price at {END:%Y-%m-%d}")
        yield Truth(f"bands.{name}.supply", supply, "ratio", "share of listings on that day")
        yield Truth(f"bands.{name}.index", demand / supply, "ratio", "demand share ÷ supply share")
        yield Truth(f"bands.{name}.pieces", pieces / supply, "ratio", "share of sales in pieces ÷ supply share")
    cell = seen[seen["title"].str.contains(CELL[0]) & seen["price_page"].between(100, 149.99)]
    yield Truth("cell.listings", len(cell), "listings", f"{CELL[0]} in the title, page price 100 to under 150")
    yield Truth("cell.demand", cell["money"].sum() / seen["money"].sum(), "ratio", "their share of demand")
    money = seen.groupby("brand")["money"].sum().sort_values(ascending=False)
    yield Truth(
        "rank.own", int(money.index.get_loc(shop_items.BRAND)) + 1, "rank", f"of {len(money)}, sales × page price"
    )
    best = seen.loc[seen[seen["brand"] == rivals.HOSTILE_BRAND]["sales"].idxmax(), "title"]
    yield Truth(
        "hostile.best", int(best == rivals.HOSTILE), "0/1", f"the hostile title is {rivals.HOSTILE_BRAND}'s best seller"
    )
    for word, (_, lift) in NEEDS.items():
        yield Truth(f"words.{word}", lift, "log", "true effect of the word on sales per listing, price and brand fixed")


def price_war(world: Simulation) -> Iterator[Truth]:
    for brand, since, cut, count in rivals.CUTS:
        yield Truth(f"war.{brand}", -cut, "ratio", f"page price of {count} listings from {since} on")
    fought, quiet = (traffic.demand(TMALL, war=w).orders for w in (True, False))
    lost = ((quiet - fought) * (world.shop["pay_amount"] / fought))[traffic.WAR_FROM :].sum()
    yield Truth("war.own.loss", lost, "yuan", f"own sales lost to it from {traffic.WAR_FROM} to {END:%Y-%m-%d}")


def quality(world: Simulation) -> Iterator[Truth]:
    bad = world.reviews[world.reviews["stars"] == 1].groupby("date").size().reindex(DAYS, fill_value=0)
    start = pd.Timestamp(BURST_FROM)
    usual = bad["2024-05-01":"2024-10-31"].mean()
    yield Truth("reviews.burst.from", BURST_FROM, "date", "first day of the burst, topic: leaking pump")
    yield Truth("reviews.burst.first", int(bad[start]), "reviews", "bad reviews on that day")
    yield Truth("reviews.burst.days", BURST_DAYS, "days", "how long it lasts")
    yield Truth("reviews.usual", usual, "reviews a day", "mean of bad reviews a day, May to October 2024")
    lines = world.orders.lines
    paid = lines[lines["day"].between(position("2024-11-01"), position("2024-11-30"))]
    seen = paid[paid["refunded"] <= END]["refund"].sum() / paid["amount"].sum()
    yield Truth("refunds.seen", seen, "ratio", "November 2024 payments refunded by the data's last day")
    yield Truth("refunds.final", paid["refund"].sum() / paid["amount"].sum(), "ratio", "the same when all are in")
    yield Truth("refunds.event", EVENT_REFUNDS, "times", "how much likelier a line bought at an event comes back")
    goods = world.catalogue["unit_cost"].to_numpy()[paid["item"]] * paid["quantity"]
    yield Truth(
        "margin.goods", 1 - goods.sum() / (paid["amount"].sum() / 100), "ratio", "1 − goods ÷ paid, November 2024"
    )


def deals(world: Simulation) -> Iterator[Truth]:
    table = world.douyin.deals
    missed = table[table["guarantee"] > table["gmv"]].iloc[-1]
    best = table[table["date"] >= "2024-11-01"].sort_values("net_return").iloc[-1]
    for key, row in (("missed", missed), ("best", best)):
        who = f"{row['creator']} on {row['date']:%Y-%m-%d}"
        yield Truth(f"deals.{key}", row["net_return"], "ratio", f"sales after returns ÷ all-in cost, {who}")
    short = int(missed["guarantee"] - missed["gmv"])
    yield Truth("deals.shortfall", short, "yuan", "guaranteed sales not reached by the first of them")
    yield Truth("deals.creators", len(CREATORS), "persons", "creators under deals; every name is invented")


def experiments(world: Simulation) -> Iterator[Truth]:
    for test in EXPERIMENTS:
        yield Truth(f"test.{test.key}", test.effect, "relative", f"{test.metric}, {test.allocation}: {test.truth}")
        rows = world.tests[world.tests["experiment"] == test.key].groupby("variant").sum(numeric_only=True)
        made = {"pay_cvr": "buyers", "cart_rate": "carts", "ctr": "clicks"}[test.metric]
        rate = rows[made] / rows["visitors"]
        yield Truth(f"test.{test.key}.seen", growth(rate["B"], rate["A"]), "relative", "what the recorded rows show")
        count = " : ".join(f"{int(rows.loc[v, 'visitors'])}" for v in ("A", "B"))
        yield Truth(f"test.{test.key}.sizes", count, "visitors", "recorded in A and B; planned 1 : 1")


SECTIONS = {
    "Own sales": sales,
    "Category": category,
    "Double 11": campaigns,
    "Stock-out": stock_out,
    "Advertising": advertising,
    "Customers": customers,
    "Listings": listing_market,
    "Price war": price_war,
    "Reviews, refunds, margin": quality,
    "Creators": deals,
    "Experiments": experiments,
}


def truths(world: Simulation) -> dict[str, list[Truth]]:
    """Every planted truth by section."""
    return {title: list(section(world)) for title, section in SECTIONS.items()}
