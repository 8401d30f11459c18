"""The review of real exports that nobody here wrote, built as a consultant would: figures are those of a second reading
by pandas, and what the data cannot say is not said."""

import json
import lzma
import re
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from built import project

DATA = Path(__file__).parents[1].parent / "shared" / "data"

pytestmark = [
    pytest.mark.build,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the real data sets in ../shared/{DATA.name}"),
]

ORDERS = "tmall_order_report/tmall_order_report.csv"
RETAIL = "online_retail_uk/online_retail.csv.xz"
SUPERSTORE = "superstore_cn/示例 - 超市.xls"
TOML = 'name = "{name}"\nagency = "Agency"\nlocale = "{locale}"\ncurrency = "{currency}"\n'
SHOP = '[shops.{shop}]\nplatform = "{platform}"\nname = "{name}"\n'
NOT_GOODS = ("POST", "D", "M", "m", "DOT", "C2", "BANK CHARGES", "PADS", "CRUK", "AMAZONFEE", "S", "B")
GIFT = re.compile(r"gift_0001_\d0")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return project(tmp_path_factory.mktemp("real"))


def client(root, slug, file, content, more="", **facts):
    folder = root.root / "data" / slug
    path = folder / "exports" / facts["shop"] / file
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    (folder / "client.toml").write_text(TOML.format(**facts) + SHOP.format(**facts) + more, encoding="utf-8")


def built(root, slug, period, locale):
    made = root.kit("report", slug, "--report", "review", "--period", period, "--locale", locale)
    assert made.returncode == 0, made.stdout + made.stderr
    return json.loads((root.output(slug, period) / "review.json").read_text(encoding="utf-8"))


def findings(machine):
    return {f["key"].removeprefix("review."): f for f in machine["findings"]}


def column(machine, table, name):
    columns = [c["name"] for c in machine["tables"][table]["columns"]]
    return [row[columns.index(name)] for row in machine["tables"][table]["rows"]]


# ---- a Tmall shop's orders of February 2020, with the days on which it was closed ----------------------------------


@pytest.fixture(scope="module")
def orders(root):
    facts = {"shop": "tmall", "platform": "tmall", "name": "某店", "locale": "zh", "currency": "CNY"}
    client(root, "orders", "订单报表.csv", (DATA / ORDERS).read_bytes(), **facts)
    return built(root, "orders", "2020-02", "zh")


@pytest.fixture(scope="module")
def orders_raw():
    """The file's paid orders with the day of payment; its amounts are after refunds."""
    raw = pd.read_csv(DATA / ORDERS).rename(columns=str.strip)
    paid = raw.assign(day=pd.to_datetime(raw["订单付款时间"]).dt.normalize())
    return paid[paid["day"].notna()]


def test_what_was_paid_and_refunded_is_the_file_s_but_for_orders_paid_in_march(orders, orders_raw):
    gsv, march = findings(orders)["attainment.gsv"], orders_raw[orders_raw["day"] > "2020-02-29"]
    assert round(gsv["value"] + march["买家实际支付金额"].sum(), 2) == 1_902_487.15
    assert round(gsv["baseline"] - gsv["value"] + march["退款金额"].sum(), 2) == 572_335.92
    assert "GSV为￥190万" in gsv["text"]["zh"] and "其中已退￥57.2万" in gsv["text"]["zh"]
    (line,) = orders["ledger"]
    assert line["rows_kept"] == 28_010 and round(line["amount"]["kept"], 2) == 1_902_487.15


def test_closed_days_are_a_stoppage_and_no_trend(orders):
    found = findings(orders)
    stopped = found["days.stopped.tmall"]
    assert stopped["verdict"] == "stopped"
    assert "2月8日、2月10日至16日" in stopped["text"]["zh"] and "按停业处理，不作趋势看" in stopped["text"]["zh"]
    assert not {f["verdict"] for f in found.values()} & {"rose", "fell", "decays"}


def test_the_curve_is_that_of_a_second_reading(orders, orders_raw):
    taken = (orders_raw["买家实际支付金额"] + orders_raw["退款金额"]).groupby(orders_raw["day"]).sum()
    taken = taken.reindex(pd.date_range("2020-02-01", "2020-02-29"), fill_value=0.0)
    assert column(orders, "review.days.daily", "shop_1") == pytest.approx(taken.to_list(), abs=0.005)


def test_the_busiest_hours_come_in_their_order(orders):
    counts = pd.Series(column(orders, "review.days.by_hour", "orders"))
    assert counts.nlargest(3).to_dict() == {21: 2204, 22: 2126, 20: 1990}
    assert findings(orders)["days.hours"]["text"]["zh"].startswith("下单集中在21时、22时和20时")


# ---- an online shop's lines in pounds, of a December that ends on its ninth day ------------------------------------


@pytest.fixture(scope="module")
def raw():
    text = lzma.decompress((DATA / RETAIL).read_bytes()).decode()
    return pd.read_csv(StringIO(text), dtype={"InvoiceNo": str, "StockCode": str}, parse_dates=["InvoiceDate"])


@pytest.fixture(scope="module")
def retail(root, raw):
    names = ["order_id", "item_id", "title", "quantity", "created_at", "unit_price", "CustomerID", "Country"]
    sheet = raw.set_axis(names, axis=1).rename_axis("line_id").to_csv()
    left_out = [*NOT_GOODS, *sorted(c for c in raw["StockCode"].unique() if GIFT.fullmatch(c))]
    more = f"[exports]\nnot_goods = {json.dumps(left_out)}\n"
    facts = {"shop": "web", "platform": "other", "name": "Web shop", "locale": "en", "currency": "GBP"}
    client(root, "retail", "lines.csv", sheet.encode(), more, **facts)
    return built(root, "retail", "2011-12", "en")


@pytest.fixture(scope="module")
def december(raw):
    """The lines of goods of December 2011 with their amount."""
    goods = ~raw["StockCode"].isin(NOT_GOODS) & ~raw["StockCode"].str.fullmatch(GIFT)
    return raw[goods & (raw["InvoiceDate"] >= "2011-12-01")].assign(amount=lambda r: r["Quantity"] * r["UnitPrice"])


def test_cancellations_are_refunds_and_never_lost_sales(retail, december):
    gsv = findings(retail)["attainment.gsv"]
    bought, back = december["amount"].clip(lower=0).sum(), -december["amount"].clip(upper=0).sum()
    assert (gsv["baseline"], gsv["value"]) == pytest.approx((bought, bought - back), abs=0.01)
    assert column(retail, "review.attainment.sales", "refund_rate") == [pytest.approx(back / bought)]


def test_a_month_that_the_data_end_in_is_called_incomplete_and_compared_by_its_days(retail):
    found = findings(retail)
    partial, tree = found["data.partial"], found["drivers.previous.tree"]
    assert (partial["verdict"], partial["kind"]) == ("limited", "data")
    assert partial["text"]["en"].startswith("Data end on 9 Dec 2011, 22 days before Dec 2011 does")
    assert tree["text"]["en"].startswith("Paid sales for 1–9 Dec 2011 +£169.9k on 1–9 Nov 2011")
    assert "1–9 Dec 2011" in found["attainment.gsv"]["text"]["en"]


def test_the_largest_item_is_the_one_order_that_was_cancelled_at_once(retail, december):
    sold = december[december["amount"] > 0].groupby("StockCode")["amount"].sum().nlargest(3)
    assert column(retail, "review.items.web.table", "amount")[:3] == pytest.approx(sold.to_list())
    assert column(retail, "review.items.web.table", "title")[0] == "PAPER CRAFT , LITTLE BIRDIE"


def test_a_report_in_english_and_pounds_has_no_yuan_and_no_chinese(root, retail):
    page = (root.output("retail", "2011-12") / "review.en.html").read_text(encoding="utf-8")
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S)
    assert 'lang="en-GB"' in page and "£615k" in text
    assert not re.search(r"[¥￥\u4e00-\u9fff]", text)


# ---- a chain's order lines with category and profit ----------------------------------------------------------------


@pytest.fixture(scope="module")
def superstore(root):
    facts = {"shop": "shop", "platform": "other", "name": "示例超市", "locale": "zh", "currency": "CNY"}
    client(root, "superstore", "示例 - 超市.xls", (DATA / SUPERSTORE).read_bytes(), **facts)
    return built(root, "superstore", "2017-11", "zh")


@pytest.fixture(scope="module")
def lines():
    raw = pd.read_excel(DATA / SUPERSTORE, sheet_name="订单", engine="calamine")
    return raw.assign(month=pd.to_datetime(raw["订单日期"]).dt.strftime("%Y-%m"))


def test_margin_by_category_is_that_of_a_second_reading(superstore, lines):
    sums = lines.groupby(["month", "类别"])[["销售额", "利润"]].sum().assign(margin=lambda s: s["利润"] / s["销售额"])
    now, then = sums.loc["2017-11"].sort_values("销售额", ascending=False), sums.loc["2017-10"]
    table = "review.items.shop.profit"
    assert column(superstore, table, "category")[:-1] == now.index.to_list()
    assert column(superstore, table, "profit")[:-1] == pytest.approx(now["利润"].to_list(), abs=0.01)
    change = (now["margin"] - then["margin"])[now.index]
    assert column(superstore, table, "margin_change")[:-1] == pytest.approx(change.to_list(), abs=1e-6)
    assert column(superstore, table, "profit")[-1] == pytest.approx(now["利润"].sum(), abs=0.01)


def test_the_change_is_split_by_category(superstore, lines):
    sums = lines.pivot_table(index="类别", columns="month", values="销售额", aggfunc="sum")
    moved = (sums["2017-11"] - sums["2016-11"]).to_dict()
    table = "review.drivers.year.category.table"
    shown = dict(zip(column(superstore, table, "name")[:-1], column(superstore, table, "change")[:-1], strict=True))
    assert shown == pytest.approx(moved, abs=100)  # in steps of 100, so that they add up


def test_without_refunds_there_is_no_gsv_and_their_export_is_asked_for(superstore):
    paid = findings(superstore)["attainment.paid"]
    assert paid["verdict"] == "none" and "GSV暂不计算" in paid["text"]["zh"]
    assert "attainment.gsv" not in findings(superstore)
