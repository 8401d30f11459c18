"""What ``make check`` shows beside the problems: ledger, months, meanings, open refunds, exclusions, what is lacking."""

import re

import pytest
from making import client, xlsx

from kit import checking, store
from kit.text import Words

SHOP = "统计日期,访客数,支付买家数,支付金额\n{day},100,{n},{paid}\n2024-11-02,90,7,70\n"


def lines(here, locale="zh"):
    return list(checking.lines(here, store.inspect(here), Words(locale)))


def section(said, title):
    """The lines of one section."""
    start = said.index(title) + 1
    return [line.strip() for line in said[start:] if line.startswith("  ")][: _end(said[start:])]


def _end(rest):
    return next((n for n, line in enumerate(rest) if not line.startswith("  ")), len(rest))


def test_the_ledger_shows_rows_days_money_and_what_is_restated(tmp_path):
    files = {
        "exports/概况_20241203_101500.csv": SHOP.format(day="2024-11-01", n=10, paid="1,000"),
        "exports/概况_20241210_101500.csv": SHOP.format(day="2024-11-01", n=9, paid="950"),
    }
    files = {name: text.replace("1,000", '"1,000"') for name, text in files.items()}
    old, new = section(lines(client(tmp_path, files)), "读到的文件")
    assert re.split(r" {2,}", old) == [
        "exports/概况_20241203_101500.csv",
        "店铺每日数据",
        "2024-11-01..2024-11-02",
        "读2行，采用0行",
        "与其他文件重叠2行、“支付金额”读取1,070.00、采用0.00、1条被exports/概况_20241210_101500.csv更新、金额由1,000.00更新为950.00",
    ]
    assert re.split(r" {2,}", new)[3:] == ["读2行，采用2行", "支付金额：1,020.00"]


def test_columns_that_nothing_reads_are_named_once_per_export(tmp_path):
    text = "统计日期,访客数,支付买家数,支付金额,新的一列\n2024-11-01,1,1,1,甲\n"
    files = {"exports/a.csv": text, "exports/b.csv": text.replace("11-01", "11-02")}
    assert section(lines(client(tmp_path, files)), "没有用到的列") == ["生意参谋 交易概况：新的一列"]


def test_months_are_whole_in_part_or_none(tmp_path):
    rows = [f"2024-{m:02d}-{d:02d},1,1" for m, last in ((9, 30), (11, 5)) for d in range(1, last + 1)]
    here = client(tmp_path, {"exports/a.csv": "日期,访客数,支付金额\n" + "\n".join(rows) + "\n"})
    calendar, legend = section(lines(here), "各店铺有哪些月份")
    assert calendar.split() == ["店铺每日数据", "天猫", "tmall", "2024", "········■·◧·", "2024-09-01..2024-11-05"]
    assert legend == "■整月　◧有缺日　·没有"


@pytest.mark.parametrize(
    ("platform", "settings", "said"),
    [
        ("tmall", {}, "预售在付尾款当天计入、支付金额是否含平台补贴未写明（paid_includes_subsidy）"),
        ("douyin", {}, "预售何时计入未写明（presale_counted）、支付金额含平台补贴"),
        (
            "jd",
            {"presale_counted": "deposit", "paid_includes_subsidy": False},
            "预售在付定金当天计入、支付金额不含平台补贴",
        ),
    ],
)
def test_what_a_shops_figures_mean_is_said(tmp_path, platform, settings, said):
    here = client(tmp_path, {"exports/a.csv": "日期,访客数,支付金额\n2024-11-01,1,1\n"}, {"x": platform})
    shops = {"x": {**here.shops["x"].model_dump(), **settings}}
    here = type(here).model_validate({**here.model_dump(), "shops": shops})
    (line,) = section(lines(here), "各店铺的口径")
    assert line.split("  ")[-1] == said


def test_a_shop_whose_orders_name_no_buyer_is_left_out_of_customer_analyses_with_that_reason(tmp_path):
    text = "订单编号,买家实际支付金额,订单创建时间,订单付款时间{}\n1,9,2024-11-01 10:00,2024-11-01 10:01{}\n"
    (without,) = section(lines(client(tmp_path / "1", {"exports/a.csv": text.format("", "")})), "各店铺的口径")
    (named,) = section(
        lines(client(tmp_path / "2", {"exports/a.csv": text.format(",买家会员名", ",甲")})), "各店铺的口径"
    )
    assert "订单里没有稳定的买家标识，客户分析不含该店" in without
    assert "买家标识" not in named


def refunds(days, share=0.1, lag=8):
    """A shop that sells 1,000 a day, of which a share comes back after some days, until the last of ``days``."""
    import datetime as dt

    first = dt.date(2024, 12, 1) - dt.timedelta(days)
    sold = [first + dt.timedelta(n) for n in range(days)]
    shop = "日期,访客数,支付金额\n" + "".join(f"{d},100,1000\n" for d in sold)
    back = [(d, d + dt.timedelta(1 + n % lag), n) for d in sold for n in range(lag)]
    cases = "退款编号,订单编号,订单付款时间,退款完结时间,退款状态,买家退款金额,买家实际支付金额\n" + "".join(
        f"{d:%m%d}{n},{d:%m%d}{n},{d} 10:00:00,{on} 10:00:00,退款成功,{1000 * share / lag},1000\n"
        for d, on, n in back
        if on <= dt.date(2024, 11, 30)
    )
    return {"exports/a.csv": shop, "exports/b.csv": cases}


def test_a_month_with_refunds_still_open_is_marked_with_the_share_expected(tmp_path):
    here = client(tmp_path, refunds(150))
    (line,) = section(lines(here), "退款未走完的月份")
    found = re.fullmatch(r"店铺tmall，2024-11：到2024-11-30已退(.*)%，预计共(.*)%（(.*)%至(.*)%），GSV为初步数", line)
    so_far, expected, low, high = map(float, found.groups())
    assert so_far < 9 < low <= expected <= high < 11
    assert low <= 10 <= high


def test_a_month_with_too_little_history_is_marked_without_a_projection(tmp_path):
    here = client(tmp_path, refunds(20))
    (line,) = section(lines(here), "退款未走完的月份")
    assert line.endswith("历史太短，还会退多少暂不判断；GSV为初步数")


def test_the_demo_months_final_share_lies_in_its_interval():
    from kit.client import Client

    found = {entry["month"]: entry for entry in store.load(Client.load("demo")).open}
    truth = (Client.load("demo").folder / "TRUTH.md").read_text(encoding="utf-8")
    final = float(re.search(r"refunds\.paid\.2024-11\.final \| ([0-9.]+)", truth)[1])
    assert list(found) == ["2024-11"]
    assert found["2024-11"]["low"] - 0.0005 <= final <= found["2024-11"]["high"] + 0.0005


def test_what_is_left_out_is_shown_with_both_totals(tmp_path):
    text = "订单编号,买家实际支付金额,订单创建时间,订单付款时间\n" + "".join(
        f"{n},{n}00,2024-11-01 10:00,2024-11-01 10:01\n" for n in (1, 2)
    )
    book = xlsx({"exclusions": [["shop", "what", "id", "reason"], ["tmall", "order", "2", "刷单"]]})
    said = lines(client(tmp_path, {"exports/a.csv": text, "inputs.xlsx": book}))
    assert section(said, "按exclusions表剔除") == ["店铺tmall因“刷单”剔除1条：200.00；剔除前共300.00，剔除后共100.00"]


def test_each_report_names_the_tables_it_lacks_and_each_table_its_exports(tmp_path):
    here = client(tmp_path, {"exports/a.csv": "月份,类目,成交金额(元)\n2024-11,精华,100\n"})
    said = lines(here, "en")
    lacking = next(line for line in said if "still lacks" in line)
    assert lacking == "Market and competitors still lacks: competitor listings and daily shop data"
    shop = next(line for line in said if line.startswith("No daily shop data yet"))
    assert "生意参谋 交易概况" in shop and "罗盘" not in shop, "the exports of platforms the client is on"


def test_faulty_data_still_show_what_was_read(tmp_path):
    here = client(
        tmp_path, {"exports/a.csv": SHOP.format(day="2024-11-01", n=1, paid="1"), "exports/b.csv": "x,y\n1,2\n"}
    )
    (line,) = section(lines(here), "读到的文件")
    assert line.startswith("exports/a.csv")
