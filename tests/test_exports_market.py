"""What is exported of the market: category series of the platforms and of data vendors, crawled listings."""

import pytest
from making import COUNTER, CRAWL, csv, reading, rows, stated, xlsx

from kit.exports.dictionary import exports

# Below notes as 生意参谋 writes them; a month over a day of its own spelling, a header with a unit, a column of nobody's.
NOTES = [["生意参谋 市场大盘"], ["说明：指数不可相加"], []]
INDEX = {
    "类目名称": ["精华", "精华"],
    "交易指数": ["1,234,567", "1,300,000"],
    "统计月份": ["2024-10", "2024年11月"],
    "搜索人气": ["18,399", "-"],
    "新指标": ["1", "1"],
}
RANGES = {"月份": ["2024-11", "2024-11"], "类目": ["精华", "面霜"], "交易金额": ["75万 ~ 100万", "1亿 ~ 2.5亿"]}
OF_JD = {"时间": ["2024-11"], "三级类目": ["面部精华"], "成交金额（元）": ["1,200,000.50"], "新指标": ["1"]}
OF_VENDOR = {"月份": ["2024-11"], "类目": ["精华"], "平台": ["抖音"], "成交金额(估算,元)": ["3.2亿"]}
MONEY = {"月份": ["2024-11"], "类目": ["精华"], "平台": ["天猫"], "支付金额（元）": ["12,000,000"]}


def read(folder, content, platform="tmall", name="a.xlsx"):
    made = reading(folder, {f"exports/{name}": content}, {platform: platform})
    assert [p for p in made.problems if not p.warning] == []
    return made


def series(made):
    columns = ["category", "metric", "value", "low", "high", "value_kind"]
    (line,) = made.ledger
    frame = made.tables["market_monthly"]
    text = [dict(zip(columns, row, strict=True)) for row in frame[columns].values.tolist()]
    return line["export"], frame["month"].dt.strftime("%Y-%m").tolist(), text


def test_indices_of_a_category_are_a_record_each(tmp_path):
    export, months, found = series(read(tmp_path, xlsx({"Sheet1": [*NOTES, *rows(INDEX)]})))
    assert (export, months) == ("sycm_market_index", ["2024-10", "2024-10", "2024-11"])
    assert [(r["metric"], r["value"]) for r in found] == [
        ("search_popularity", 18399),
        ("transaction_index", 1234567),
        ("transaction_index", 1300000),
    ]
    assert {r["value_kind"] for r in found} == {"index"}


def test_a_range_of_sales_keeps_its_ends(tmp_path):
    export, _, found = series(read(tmp_path, csv(RANGES).encode("gb18030"), name="a.csv"))
    assert export == "sycm_market_interval"
    assert [(r["category"], r["low"], r["high"]) for r in found] == [("精华", 750_000, 1e6), ("面霜", 1e8, 2.5e8)]
    assert {r["value_kind"] for r in found} == {"interval"}


@pytest.mark.parametrize(
    ("columns", "platform", "export", "value", "kind"),
    [
        (OF_JD, "jd", "shangzhi_market_money", 1_200_000.5, "money"),
        (OF_VENDOR, "other", "vendor_market_estimate", 3.2e8, "vendor_estimate"),
        (MONEY, "other", "market_money", 1.2e7, "money"),
    ],
)
def test_sales_of_a_category_are_money_or_an_estimate(tmp_path, columns, platform, export, value, kind):
    found, _, [record] = series(read(tmp_path, csv(columns), platform, "a.csv"))
    assert (found, record["metric"], record["value"], record["value_kind"]) == (export, "pay_amount", value, kind)


def test_a_vendor_says_which_platform_its_estimate_is_of(tmp_path):
    made = read(tmp_path, csv(OF_VENDOR), "other", "a.csv")
    assert made.tables["market_monthly"]["platform"].tolist() == ["douyin"]


def test_a_crawled_listing_has_its_prices_and_names_no_seller(tmp_path):
    row = "2024-11-01,A1,甲霜,甲旗舰店,￥199,129,99,1000+,12,掌柜小王,13900001111\n"
    made = read(tmp_path, CRAWL + row, "other", "a.csv")
    assert made.ledger[0]["dropped_columns"] == ["掌柜旺旺", "客服电话"]
    assert stated(made.tables["listings"]) == {
        "date": "2024-11-01 00:00:00", "brand": "甲旗舰店", "item_id": "A1", "title": "甲霜", "price_list": 199,
        "price_page": 129, "price_coupon": 99, "sales": 1000, "sales_kind": "rolling_30d", "comments": 12,
    }  # fmt: skip


def test_a_running_counter_of_sales_is_called_one(tmp_path):
    made = read(tmp_path, COUNTER, "other", "a.csv")
    assert set(made.tables["listings"]["sales_kind"].dropna()) == {"counter"}
    assert made.ledger[0]["flagged"]["blank_sales"] == 1


def test_every_export_of_the_market_has_a_sample():
    tried = {"listings_crawl", "listings_counter", "vendor_market_estimate", "market_money"}
    assert {e.id for e in exports() if e.file == "market"} == tried
