"""The demo client's review, really built, against its tables: totals are the sums of rows, and a figure has one value
wherever it stands."""

import json
from collections import defaultdict

import nbformat
import pandas as pd
import pytest
from built import project

from kit import outputs, store
from kit.client import Client
from kit.stats.kpi_parts import one_breakdown
from kit.stats.kpis import BY_NAME

pytestmark = pytest.mark.build

NAMES = {"tmall": "青禾护肤旗舰店", "douyin": "青禾护肤抖音店"}
KEYS = {name: key for key, name in NAMES.items()} | {"合计": "", "各店合计": ""}
NOVEMBER = pd.Timestamp("2024-11-01"), pd.Timestamp("2024-12-01")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = project(tmp_path_factory.mktemp("project"))
    result = made.kit("report", "demo", "--report", "review", "--period", "2024-11", "--locale", "zh")
    assert result.returncode == 0, result.stdout + result.stderr
    return made.output()


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
    found["member_share", "tmall"]["members"] = rows(machine, "review.buyers.tmall.members")[-1]["paid_share"]
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


def test_a_figure_has_one_value_wherever_it_stands(machine, folder):
    places = stated(machine, folder)
    for figure, values in places.items():
        first = next(iter(values.values()), None)
        assert all(value == pytest.approx(first, rel=1e-9) for value in values.values()), (figure, values)
    held = {figure: len(values) for figure, values in places.items() if len(values) > 1}
    assert held["pay_amount", ""] >= 6 and held["gsv", ""] >= 4 and held["spend_ratio", ""] >= 4
    assert {("pay_amount", "tmall"), ("spend", "douyin"), ("member_share", "tmall")} < {*held} and len(held) >= 12
