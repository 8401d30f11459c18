"""The demo client's review, really built, against its tables: totals are the sums of rows, and a figure has one value
wherever it stands."""

import json
from collections import defaultdict

import nbformat
import pandas as pd
import pytest
from built import demo

from kit import outputs, store
from kit.client import Client
from kit.stats.kpi_ads import one_breakdown
from kit.stats.kpis import BY_NAME

pytestmark = pytest.mark.build

NAMES = {"tmall": "青禾护肤旗舰店", "douyin": "青禾护肤抖音店"}
KEYS = {name: key for key, name in NAMES.items()} | {"合计": "", "各店合计": ""}
NOVEMBER = pd.Timestamp("2024-11-01"), pd.Timestamp("2024-12-01")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return demo(tmp_path_factory.getbasetemp()).output()


@pytest.fixture(scope="module")
def machine(folder):
    return json.loads((folder / "review.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tables():
    return store.load(Client.load("demo"))


def rows(machine, key):
    """A table's rows as mappings, names in Chinese and figures without their unit."""
    table = machine["tables"][key]
    return [{c["name"]: plain(v) for c, v in zip(table["columns"], row, strict=True)} for row in table["rows"]]


def plain(value):
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        value = plain(value[0]["value"])
        return "合计" if value in ("part.all", "scope.all_shops") else value
    return value.get("zh", value.get("value")) if isinstance(value, dict) else value


def of(machine, key, shop, column):
    (value,) = [row[column] for row in rows(machine, key) if KEYS.get(row["shop"]) == shop]
    return value


def november(frame, time, shop=None):
    inside = (frame[time] >= NOVEMBER[0]) & (frame[time] < NOVEMBER[1])
    return frame[inside & (frame["shop"] == shop)] if shop else frame[inside]


# ---- a total is the sum of its table's rows --------------------------------------------------------------------


@pytest.mark.parametrize("shop", ["tmall", "douyin"])
def test_paid_is_the_sum_of_the_shop_s_days(machine, tables, shop):
    days = november(tables.get("shop_daily"), "date", shop)
    assert len(days) == 30
    paid = days["pay_amount"].sum()
    assert of(machine, "review.attainment.sales", shop, "pay_amount") == pytest.approx(paid, abs=0.005)
    curve = [row[f"shop_{1 + (shop == 'douyin')}"] for row in rows(machine, "review.days.daily")]
    assert curve == pytest.approx(days.sort_values("date")["pay_amount"].to_list())


def test_refunds_are_the_sum_of_the_cases_that_succeeded(machine, tables):
    cases = november(tables.get("refunds"), "refunded_at", "tmall")
    done = cases[cases["status"] == "success"]["refund_amount"].sum()
    paid, gsv = (of(machine, "review.attainment.sales", "tmall", name) for name in ("pay_amount", "gsv"))
    assert paid - gsv == pytest.approx(done, abs=0.005)
    reasons = sum(row["amount"] for row in rows(machine, "review.service.tmall.reasons"))
    assert reasons == pytest.approx(done, abs=0.005)


@pytest.mark.parametrize("shop", ["tmall", "douyin"])
def test_spend_is_the_sum_of_each_tool_s_days_in_one_breakdown(machine, tables, shop):
    spent = sum(part["spend"].sum() for part in one_breakdown(november(tables.get("ads_daily"), "date", shop)))
    assert of(machine, "review.ads.whole", shop, "spend") == pytest.approx(spent, abs=0.005)
    channels = sum(row["spend"] for row in rows(machine, "review.ads.table") if KEYS[row["shop"]] == shop)
    assert channels == pytest.approx(spent, abs=0.005)


@pytest.mark.parametrize("shop", ["tmall", "douyin"])
def test_items_are_the_sum_of_the_lines_for_goods_that_were_paid_and_not_excluded(machine, tables, shop):
    lines = november(tables.get("order_lines"), "paid_at", shop)
    sold = lines[(lines["kind"] == "sale") & lines["excluded"].isna()]
    (first,) = rows(machine, f"review.items.{shop}.table")[:1]
    assert first["amount"] / first["share"] == pytest.approx(sold["paid_amount"].sum(), rel=1e-9)
    code = sold["merchant_sku"].fillna(sold["item_id"])
    largest = sold.groupby(code)["paid_amount"].sum().nlargest(20)
    shown = sorted((row["amount"] for row in rows(machine, f"review.items.{shop}.table")), reverse=True)[:20]
    assert shown == pytest.approx(largest.to_list(), abs=0.005)


def test_hours_are_the_number_of_orders_placed(machine, tables):
    placed = november(tables.get("orders"), "created_at")
    assert sum(row["orders"] for row in rows(machine, "review.days.by_hour")) == len(placed)


def test_bad_reviews_are_counted_as_they_lie_in_the_table(machine, tables):
    written = november(tables.get("reviews"), "reviewed_at", "tmall")
    bad = written[written["sentiment"] == "negative"].groupby(written["reviewed_at"].dt.strftime("%Y-%m-%d")).size()
    shown = {row["date"]: row["bad"] for row in rows(machine, "review.service.tmall.reviews") if row["bad"]}
    assert shown == bad.to_dict()


def test_sources_are_the_sum_of_their_rows(machine, tables):
    frames = [tables.get(name) for name in ("traffic_source", "traffic_source_period")]
    daily, period = (pd.DataFrame() if frame is None else frame for frame in frames)
    of_month = period[(period["start"] == NOVEMBER[0]) & (period["end"] == NOVEMBER[1] - pd.Timedelta(days=1))]
    stated = of_month if len(of_month) else november(daily, "date", "tmall")
    first = stated[(stated["source_l2"] == "") & (stated["source_l1"] != "") & (stated["carrier"] == "")]
    wanted = first.groupby("source_l1")[["pay_amount", "visitors"]].sum()
    shown = {row["source"]: row for row in rows(machine, "review.traffic.tmall.sources") if "›" not in row["source"]}
    assert set(shown) == set(wanted.index) and len(shown) == 3
    for source, own in wanted.iterrows():
        assert shown[source]["amount"] == pytest.approx(own["pay_amount"], abs=0.005)
        assert shown[source]["visitors"] == own["visitors"]


def test_answers_are_weighted_by_the_people_served_on_each_day(machine, tables):
    days = november(tables.get("service_daily"), "date", "tmall")
    days = days[days["agent"] == ""] if (days["agent"] == "").any() else days
    shown = {row["figure"]: row["value"] for row in rows(machine, "review.service.tmall.desk")}
    for name, column in (("response_seconds", "first_response_seconds"), ("satisfaction", "satisfaction_rate")):
        mean = (days[column] * days["served_users"]).sum() / days["served_users"].sum()
        assert shown[f"desk.{name}"] == pytest.approx(mean, rel=1e-9)
    for name in ("dsr_description", "dsr_service", "dsr_logistics"):
        assert shown[f"desk.{name}"] == pytest.approx(days.groupby("date")[name].mean().mean(), rel=1e-9)


def test_members_are_those_of_the_sheet(machine, tables):
    sheet = tables.get("members_monthly").set_index("month")
    for row in rows(machine, "review.buyers.tmall.members"):
        own = sheet.loc[pd.Timestamp(row["month"])]
        shown = [row[name] for name in ("members", "joined", "active", "member_buyers", "member_paid")]
        stated = ["members", "new_members", "active_members", "member_buyers", "member_pay_amount"]
        assert shown == pytest.approx(own[stated].astype(float).to_list())


def test_rooms_are_the_sum_of_their_sessions(machine, tables):
    sessions = november(tables.get("live_sessions"), "started_at", "douyin")
    whole = rows(machine, "review.live.douyin.rooms")[-1]
    assert whole["sessions"] == len(sessions)
    for shown, column in (
        ("gmv", "live_gmv"),
        ("paid", "user_paid_amount"),
        ("refunded", "refund_amount"),
        ("spend", "spend"),
    ):
        assert whole[shown] == pytest.approx(sessions[column].sum(), abs=0.005)


def test_what_a_creator_cost_is_the_sum_of_the_deal_s_parts(machine, tables):
    deals = november(tables.get("creator_deals"), "start")
    *each, whole = rows(machine, "review.live.douyin.costs")
    parts = ("slot_fee", "commission", "agency_fee", "boosting", "samples")
    for row in (*each, whole):
        assert row["cost"] == pytest.approx(sum(row[name] or 0.0 for name in parts), abs=0.005)
    assert whole["slot_fee"] == pytest.approx(deals["slot_fee"].sum()) and len(each) == len(deals)


def test_visitors_of_a_sold_out_item_are_the_sum_of_its_days(machine, tables):
    items = tables.get("item_daily")
    for row in rows(machine, "review.days.stopped_items"):
        own = items[(items["title"] == row["item"]) & items["date"].between(row["first"], row["last"])]
        assert (own["visitors"].sum(), own["date"].nunique()) == (row["visitors"], row["days"])


def test_items_on_the_shelf_and_those_that_sold_are_counted_once(machine, tables):
    days = november(tables.get("item_daily"), "date", "tmall")
    sold = days[days["pay_amount"] > 0]["item_id"].nunique() / days["item_id"].nunique()
    assert score(machine, "tmall", "active_share") == pytest.approx(sold)


def test_stock_lasts_as_long_as_the_counts_and_the_lines_of_the_same_codes_say(machine, tables):
    """Of both shops' lines: the warehouse counts goods, not shops."""
    counts = tables.get("inventory")
    inside = counts["date"].between(NOVEMBER[0] - pd.Timedelta(days=1), NOVEMBER[1] - pd.Timedelta(days=1))
    held = counts[inside & counts["stock_on_hand"].notna()]
    lines = november(tables.get("order_lines"), "paid_at")
    ours = lines[lines["merchant_sku"].isin(held["merchant_sku"])]
    sold = ours[(ours["kind"] == "sale") & ours["excluded"].isna()]["quantity"].sum() / 30
    average = held.groupby("date")["stock_on_hand"].sum().mean()
    assert score(machine, "", "stock_days") == pytest.approx(average / sold)


@pytest.mark.parametrize("shop", ["tmall", "douyin"])
def test_units_an_order_are_the_sum_of_the_lines_over_the_orders(machine, tables, shop):
    lines = november(tables.get("order_lines"), "paid_at", shop)
    orders = november(tables.get("orders"), "paid_at", shop)
    units = lines[(lines["kind"] == "sale") & lines["excluded"].isna()]["quantity"].sum()
    counted = orders[orders["counted"].fillna(False)]["order_id"].nunique()
    assert score(machine, shop, "orders") == counted
    assert score(machine, shop, "items_per_order") == pytest.approx(units / counted)


def test_refunds_of_the_period_s_payments_are_the_sum_of_their_cases(machine, tables):
    cases = november(tables.get("refunds"), "paid_at", "tmall")
    done = cases[cases["status"] == "success"]["refund_amount"].sum()
    fresh = rows(machine, "review.service.tmall.ripe")[0]
    assert fresh["refunded"] == pytest.approx(done, abs=0.005)
    paid = november(tables.get("shop_daily"), "date", "tmall")["pay_amount"].sum()
    assert score(machine, "tmall", "refund_rate_paid") == pytest.approx(done / paid)


def test_goals_are_those_of_the_sheet(machine, tables):
    sheet = tables.get("goals")
    own = sheet[(sheet["month"] == NOVEMBER[0]) & sheet["metric"].isin(["pay_amount", "gsv"])]
    stated = {(row.shop, row.metric): row.value for row in own.itertuples()}
    shown = {
        (KEYS[r["shop"]], r["basis"].removeprefix("basis.")): r["goal"]
        for r in rows(machine, "review.attainment.goals")
    }
    assert {key: value for key, value in shown.items() if key[0]} == {k: v for k, v in stated.items() if k[0]}


def score(machine, shop, name):
    """A figure of the scorecard."""
    found = [
        row
        for key in machine["tables"]
        if key.startswith(f"review.scorecard.{shop or 'all'}.")
        for row in rows(machine, key)
    ]
    return next(row["value"] for row in found if row["metric"] == f"score.{name}")


# ---- a bridge adds up -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", ["previous", "joined"])
def test_a_bridge_leads_from_one_end_to_the_other(machine, base):
    """To the step that it is shown in, of each shop and of all; in cents in its analysis (test_drivers)."""
    first, *steps, last = (row["amount"] for row in rows(machine, f"review.drivers.{base}.steps"))
    (found,) = [f for f in machine["findings"] if f["key"] == f"review.drivers.{base}.tree"]
    assert found["value"] == pytest.approx(last - first, abs=0.005)
    shops = rows(machine, f"review.drivers.{base}.by_shop")
    factors = [name for name in shops[0] if name not in ("shop", "then", "now", "change")]
    for row in shops:
        assert sum(row[name] or 0.0 for name in factors) == pytest.approx(row["change"], abs=1e-6)
        assert row["change"] == pytest.approx(row["now"] - row["then"], abs=1000)
    *each, whole = shops
    assert [whole["then"], whole["now"]] == pytest.approx([first, last], abs=0.005)
    assert sum(row["now"] for row in each) == pytest.approx(whole["now"], abs=0.005)
    assert sum(steps) == pytest.approx(whole["change"], abs=1e-6)


# ---- one figure, one value -----------------------------------------------------------------------------------------


def stated(machine, folder):
    """Every place that states a figure of November: (metric, shop) → place → value."""
    found = defaultdict(dict)
    for key, table in machine["tables"].items():
        names = [c["name"] for c in table["columns"]]
        if names[0] == "metric":  # the scorecard: a figure a row
            shop = key.split(".")[2]
            for row in rows(machine, key):
                found[row["metric"].removeprefix("score."), "" if shop == "all" else shop][key] = row["value"]
        if names[0] == "shop" and not key.endswith("by_shop"):  # whose columns are parts of a change
            for row in rows(machine, key):
                for name in {*names} & {*BY_NAME}:
                    found[name, KEYS[row["shop"]]][key] = row[name]
    for row in rows(machine, "review.attainment.goals"):
        found[row["basis"].removeprefix("basis."), KEYS[row["shop"]]]["goals"] = row["actual"]
    for row in rows(machine, "review.drivers.previous.by_shop"):
        found["pay_amount", KEYS[row["shop"]]]["bridge"] = row["now"]
    daily = rows(machine, "review.days.daily")
    found["pay_amount", ""]["curve"] = sum(row["all"] for row in daily)
    found["pay_amount", ""]["forecast"] = rows(machine, "review.next.known")[-1]["value"]
    for metric, place, value in beside(machine):
        found[metric, "tmall"][place] = value
    for row in rows(machine, "review.drivers.previous.levels"):
        for metric in ("visitors", "pay_cvr", "revenue_per_buyer"):
            found[metric, KEYS[row["shop"]]]["levels"] = row[f"{metric}_now"]
    for finding in machine["findings"]:
        if finding["key"] == "review.attainment.gsv":
            found["gsv", ""]["finding"], found["pay_amount", ""]["finding"] = finding["value"], finding["baseline"]
        if finding["key"] == "review.attainment.spend.all":
            found["spend_ratio", ""]["finding"] = finding["value"]
    for piece in outputs.read(nbformat.read(folder / "review.ipynb", as_version=4)):
        name = piece["key"].removeprefix("review.") if piece["is"] == "kpi" else ""
        if name in BY_NAME:
            found[name, ""]["strip"] = piece["value"]["value"]
    return {figure: {p: v for p, v in places.items() if v is not None} for figure, places in found.items()}


def beside(machine):
    """The Tmall shop's figures in the exhibits on sources, advertising, buyers and service: metric, place, value."""
    *_, member = rows(machine, "review.buyers.tmall.members")
    fresh, again = (rows(machine, f"review.{key}")[0] for key in ("service.tmall.ripe", "buyers.tmall.again"))
    yield from (("member_share", "members", member["paid_share"]), ("repurchase_rate", "again", again["rate"]))
    yield "new_share", "split", rows(machine, "review.buyers.tmall.split")[0]["new_share"]
    yield from (("refund_rate_paid", "ripe", fresh["rate"]), ("pay_amount", "ripe", fresh["paid"]))
    yield "refund_final", "ripe", fresh["final"]
    for row in rows(machine, "review.service.tmall.desk"):
        yield row["figure"].removeprefix("desk."), "desk", row["value"]
    shares = {row["source"]: row["share"] for row in rows(machine, "review.traffic.tmall.sources")}
    named = {"natural_share": "淘内免费", "content_share": "内容渠道", "promoted_share": "付费推广"}
    yield from ((metric, "sources", shares[source]) for metric, source in named.items())
    scenes = [row for row in rows(machine, "review.ads.table") if row["channel"] in ("关键词推广", "人群推广")]
    yield "roi_wanxiangtai", "ads", sum(r["ad_gmv"] for r in scenes) / sum(r["spend"] for r in scenes)
    keys = {"service.tmall.desk.response": "response_seconds", "buyers.tmall.split.now": "new_share"}
    keys |= {"buyers.tmall.members.share": "member_share", "scorecard.tmall.refund_goal": "refund_final"}
    keys |= {"buyers.tmall.again.repurchase": "repurchase_rate", "attainment.tmall.gsv": "gsv"}
    keys |= {"attainment.tmall.pay_amount": "pay_amount", "attainment.spend.tmall": "spend_ratio"}
    told = {finding["key"].removeprefix("review."): finding["value"] for finding in machine["findings"]}
    yield from ((metric, key, told[key]) for key, metric in keys.items() if key in told)


def test_a_figure_has_one_value_wherever_it_stands(machine, folder):
    places = stated(machine, folder)
    for figure, values in places.items():
        first = next(iter(values.values()), None)
        assert all(value == pytest.approx(first, rel=1e-9) for value in values.values()), (figure, values)
    held = {figure: len(values) for figure, values in places.items() if len(values) > 1}
    assert held["pay_amount", ""] >= 6 and held["gsv", ""] >= 4 and held["spend_ratio", ""] >= 4
    assert {("pay_amount", "tmall"), ("spend", "douyin"), ("member_share", "tmall")} < {*held} and len(held) >= 12
    assert {
        "refund_final",
        "refund_rate_paid",
        "response_seconds",
        "natural_share",
        "roi_wanxiangtai",
        "new_share",
    } <= {metric for metric, shop in held if shop == "tmall"}
