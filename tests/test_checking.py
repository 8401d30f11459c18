"""What ``make check`` shows beside the problems: ledger, months, meanings, open refunds, exclusions, what is lacking."""

import re
from types import SimpleNamespace

import pytest
from making import COUNTER, client, xlsx, zipped
from rich.cells import cell_len

from kit import checking, store
from kit.tables import TABLES
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
        "与其他文件重叠2行；“支付金额”读取1,070.00、采用0.00；"
        "1条被exports/概况_20241210_101500.csv更新（支付买家数、支付金额）；金额由1,000.00更新为950.00",
    ]
    assert re.split(r" {2,}", new)[3:] == ["读2行，采用2行", "支付金额：1,020.00"]


def test_columns_that_nothing_reads_are_named_once_per_export(tmp_path):
    text = "统计日期,访客数,支付买家数,支付金额,新的一列\n2024-11-01,1,1,1,甲\n"
    files = {"exports/a.csv": text, "exports/b.csv": text.replace("11-01", "11-02")}
    assert section(lines(client(tmp_path, files)), "没有用到的列") == ["生意参谋 交易概况：新的一列"]


def test_of_many_columns_that_nothing_reads_the_first_are_named(tmp_path):
    more = [f"新列{chr(0x7532 + n)}" for n in range(checking.ASIDE + 3)]
    text = ",".join(["统计日期,访客数,支付买家数,支付金额", *more]) + "\n2024-11-01,1,1,1" + ",甲" * len(more) + "\n"
    (line,) = section(lines(client(tmp_path, {"exports/a.csv": text})), "没有用到的列")
    assert line == f"生意参谋 交易概况：{'、'.join(more[: checking.ASIDE])}，另有3列"


def test_a_long_name_of_a_file_is_shown_by_its_two_ends(tmp_path):
    packed = zipped({f"甲{'长' * 200}乙.csv": SHOP.format(day="2024-11-01", n=1, paid="1").encode()})
    (line,) = section(lines(client(tmp_path, {"exports/a.zip": packed})), "读到的文件")
    name = line.split("  ")[0]
    assert (len(name), name[:15], name[-5:]) == (checking.NAME + 1, "exports/a.zip/甲", "乙.csv")


def test_an_export_without_rows_is_shown_and_asked_for_again_only_where_something_happens_every_day(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(checking.report, "reads", lambda *_: ["refunds", "shop_daily"])
    refunds = "退款编号,订单编号,退款的申请时间,退款完结时间,买家退款金额,退款状态\n"
    here = client(tmp_path, {"exports/a.csv": SHOP.splitlines()[0] + "\n", "exports/退款.csv": refunds})
    said = lines(here)
    assert [re.split(r" {2,}", line) for line in section(said, "读到的文件")] == [
        ["exports/a.csv", "店铺每日数据", "读0行，采用0行"],
        ["exports/退款.csv", "退款", "读0行，采用0行"],
    ]
    assert next(line for line in said if line.startswith("市场与竞品分析还缺")) == "市场与竞品分析还缺：店铺每日数据"
    assert [p.id for p in store.load(here).problems] == ["e.warn.empty"] * 2


def test_months_are_whole_in_part_or_none(tmp_path):
    rows = [f"2024-{m:02d}-{d:02d},1,1" for m, last in ((9, 30), (11, 5)) for d in range(1, last + 1)]
    here = client(tmp_path, {"exports/a.csv": "日期,访客数,支付金额\n" + "\n".join(rows) + "\n"})
    calendar, legend = section(lines(here), "各店铺有哪些月份")
    assert calendar.split() == ["店铺每日数据", "天猫", "tmall", "2024", "········■·◧·", "2024-09-01..2024-11-05"]
    assert legend == "■整月　◧有的日子没有记录　·没有"


def marks(here):
    """Table and year to its twelve marks."""
    told = [line.split() for line in section(lines(here), "各店铺有哪些月份")[:-1]]
    return {(cells[0], cells[3]): cells[4] for cells in told}


def orders(days):
    """An order on each of these days of November."""
    rows = "".join(f"{d},9,2024-11-{d:02d} 10:00,2024-11-{d:02d} 10:01,交易成功\n" for d in days)
    return f"订单编号,买家实际支付金额,订单创建时间,订单付款时间,订单状态\n{rows}"


@pytest.mark.parametrize(("days", "mark"), [([5], "◧"), (range(1, 27), "◧"), (range(2, 29), "■")])
def test_a_month_of_events_is_whole_with_nine_days_in_ten(tmp_path, days, mark):
    found = marks(client(tmp_path, {"exports/a.csv": orders(days)}))
    assert found == {("订单", "2024"): f"··········{mark}·"}


def test_a_month_by_day_is_whole_with_every_day(tmp_path):
    rows = "".join(f"2024-11-{d:02d},1,1\n" for d in range(1, 30))
    found = marks(client(tmp_path, {"exports/a.csv": f"日期,访客数,支付金额\n{rows}"}))
    assert found == {("店铺每日数据", "2024"): "··········◧·"}


def test_a_month_with_a_snapshot_or_a_months_figure_is_there(tmp_path):
    files = {"exports/a.csv": COUNTER, "exports/m.csv": "月份,类目,成交金额(元)\n2016-10,精华,100\n"}
    assert marks(client(tmp_path, files)) == {
        ("竞品在售清单", "2016"): "··········■·",
        ("市场月度数据", "2016"): "·········■··",
    }


def test_a_period_covers_all_of_its_months(tmp_path):
    text = "日期,访客数,支付金额\n2024-10-01~2024-12-30,100,1000\n"
    found = client(tmp_path, {"exports/a.csv": text})
    assert marks(found) == {("店铺期间数据", "2024"): "·········■■◧"}
    (entry,) = store.inspect(found).coverage
    assert entry["months"] == {"2024-10": 31, "2024-11": 30, "2024-12": 30}
    assert store.inspect(found).months() == ["2024-10", "2024-11", "2024-12"]


def test_every_main_money_column_has_a_name_of_its_own():
    amounts = {t.amount for t in TABLES.values() if t.amount}
    for locale in ("zh", "en"):
        assert [name for name in sorted(amounts) if not Words(locale).has(f"column.{name}")] == []


@pytest.mark.parametrize(("locale", "said"), [("zh", "坑位费：893.00"), ("en", "slot fees: 893.00")])
def test_no_name_of_ours_stands_for_a_column(tmp_path, locale, said):
    deals = [["id", "creator", "start", "end", "slot_fee"], ["1", "甲", "2024-11-01", "2024-11-02", 893]]
    book = xlsx({"creator_deals": deals})
    title = {"zh": "读到的文件", "en": "Files read"}[locale]
    (line,) = section(lines(client(tmp_path, {"inputs.xlsx": book}), locale), title)
    assert line.split("  ")[-1] == said


@pytest.mark.parametrize(
    ("columns", "zh", "en"),
    [
        (["visitors"], "访客数", "visitors"),
        (["pay_amount", "visitors"], "成交金额、访客数", "成交金额 and visitors"),
        (["visitors", "dsr_service", "visitors"], "访客数等2列", "2 columns, among them visitors"),
        (
            ["clicks", "status", "value", "sales"],
            "点击量、状态、数值等4列",
            "4 columns, among them clicks, status and value",
        ),
        (["dsr_service"], "1列", "1 column"),
    ],
)
def test_a_restatement_names_three_columns_at_most_and_counts_all(columns, zh, en):
    line = {"table": "shop_daily", "dropped": {}, "flagged": {}, "rows_kept": 1}
    line |= {
        "amount": {"column": "成交金额", "read": 1.0, "kept": 1.0},
        "restated": {"b": {"records": 2, "columns": columns}},
    }
    assert checking._more(line, Words("zh"))[0].endswith(f"；2条被b更新（{zh}）")
    assert checking._more(line, Words("en"))[0].endswith(f"; 2 records restated by b ({en})")


def test_sheets_that_nobody_filled_in_are_one_line_without_money(tmp_path):
    head = ["id", "creator", "start", "slot_fee"]
    goal = [["month", "metric", "value"], ["2024-11", "gsv", 5]]
    book = xlsx({"creator_deals": [head], "goals": goal, "edits": [["finding", "action"]]})
    first, second = section(lines(client(tmp_path, {"inputs.xlsx": book})), "读到的文件")
    assert first == "inputs.xlsx：2张表还没有填写"
    assert second.startswith("inputs.xlsx [goals]")


def test_an_empty_export_is_a_line_of_its_own_without_money(tmp_path):
    here = client(tmp_path, {"exports/a.csv": "日期,访客数,支付金额\n"})
    (line,) = section(lines(here), "读到的文件")
    assert line.endswith("读0行，采用0行")


FUNNEL = """订单编号,买家实际支付金额,退款金额,订单创建时间,订单付款时间,订单状态
1,100,20,2024-10-31 23:59,2024-11-01 00:01,交易成功
2,1200,0,2024-11-02 10:00,2024-11-02 10:01,卖家已发货
3,50,50,2024-11-03 10:00,2024-11-03 10:01,交易关闭
4,0,,2024-11-04 10:00,,交易关闭
5,0,,2024-10-05 10:00,,等待买家付款
6,70,0,2024-11-06 10:00,2024-11-06 10:01,交易成功
7,30,0,,,交易成功
"""


def test_the_funnel_says_what_of_the_orders_enters_sales_by_month_of_payment(tmp_path):
    book = xlsx({"exclusions": [["shop", "what", "id", "reason"], ["tmall", "order", "6", "刷单"]]})
    here = client(tmp_path, {"exports/a.csv": FUNNEL, "inputs.xlsx": book})
    said = section(lines(here), "订单计入销售的情况（按付款月，未付款的按下单月）")
    assert [line.split() for line in said] == [
        ["天猫", "tmall", month, *rest.split()]
        for month, rest in (
            ("2024-10", "读1单 未付款1单 剔除0单 计入0单 金额— 其中已退—"),
            ("2024-11", "读5单 未付款1单 剔除1单 计入3单 金额1,350.00 其中已退70.00"),
            ("—", "读1单 未付款0单 剔除0单 计入1单 金额30.00 其中已退0.00"),
        )
    ]
    assert len({cell_len(line) for line in said}) == 1, "aligned"
    assert section(
        lines(here, "en"), "What of the orders enters sales (by month of payment; unpaid ones by month of order)"
    )[1].endswith("5 orders read  1 unpaid  1 left out  3 counted  1,350.00 paid  70.00 of it refunded so far")


def test_every_order_is_in_one_step_of_the_funnel(tmp_path):
    found = store.inspect(client(tmp_path, {"exports/a.csv": FUNNEL}))
    assert [e["unpaid"] + e["excluded"] + e["counted"] for e in found.funnel] == [e["read"] for e in found.funnel]
    counted = found.get("orders")["counted"]
    assert sum(e["counted"] for e in found.funnel) == counted.sum()
    assert sum(e["read"] for e in found.funnel) == len(counted)


def test_without_orders_there_is_no_funnel(tmp_path):
    here = client(tmp_path, {"exports/a.csv": "日期,访客数,支付金额\n2024-11-01,1,1\n"})
    assert store.inspect(here).funnel == []
    assert not [line for line in lines(here) if line.startswith("订单计入")]


@pytest.mark.parametrize(
    ("platform", "settings", "said"),
    [
        ("tmall", {}, "预售在付尾款当天计入；支付金额是否含平台补贴未写明（paid_includes_subsidy）"),
        ("douyin", {}, "预售何时计入未写明（presale_counted）；支付金额含平台补贴"),
        (
            "jd",
            {"presale_counted": "deposit", "paid_includes_subsidy": False},
            "预售在付定金当天计入；支付金额不含平台补贴",
        ),
    ],
)
def test_what_a_shops_figures_mean_is_said(tmp_path, platform, settings, said):
    here = client(tmp_path, {"exports/a.csv": "日期,访客数,支付金额\n2024-11-01,1,1\n"}, {"x": platform})
    shops = {"x": {**here.shops["x"].model_dump(), **settings}}
    here = type(here).model_validate({**here.model_dump(), "shops": shops})
    (line,) = section(lines(here), "各店铺的口径")
    assert line.split("  ")[-1] == said


PRESALE = """订单编号,买家应付货款,买家实际支付金额,订单创建时间,订单付款时间,订单状态,分阶段订单信息
1,100,20,2024-11-01 10:00,2024-11-01 10:01,等待买家付款,阶段1：已付款；阶段2：尾款80元，未付款
2,150,30,2024-11-01 10:00,2024-11-01 10:01,等待买家付款,阶段1：已付款；阶段2：尾款120元，未付款
3,100,20,2024-11-01 10:00,2024-11-01 10:01,交易关闭,阶段1：已付款；阶段2：尾款80元，未付款
4,100,100,2024-11-01 10:00,2024-11-01 10:01,交易成功,阶段1：已付款；阶段2：尾款80元，已付款
5,100,100,2024-11-01 10:00,2024-11-01 10:01,交易成功,阶段1
6,100,100,2024-11-01 10:00,2024-11-01 10:01,交易成功,
"""


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh", "预售订单5单；待付尾款2单（已付50.00，还差200.00）；尾款未付而关闭1单；付到哪一步没有写明1单"),
        (
            "en",
            "5 presale orders; 2 wait for their balance (50.00 paid, 200.00 to come); 1 closed without its balance; "
            "1 that does not say how far it is paid",
        ),
    ],
)
def test_presale_orders_that_wait_for_their_balance_are_said_with_their_money(tmp_path, locale, said):
    title = {"zh": "各店铺的口径", "en": "What the shops' figures mean"}[locale]
    (line,) = section(lines(client(tmp_path, {"exports/a.csv": PRESALE}), locale), title)
    stop = checking.STOP[locale]
    assert f"{stop}{said}{stop}" in line


def test_which_amounts_hold_the_platforms_subsidy_is_said_of_each_column_there_is(tmp_path):
    shop = "日期,成交金额,用户支付金额,成交订单数,商品曝光人数\n2024-11-01,120,100,1,9\n"
    orders = "订单编号,订单状态,实付金额,下单时间,付款时间\n1,已完成,100,2024-11-01 10:00,2024-11-01 10:01\n"
    here = client(tmp_path, {"exports/a.csv": shop, "exports/b.csv": orders}, {"dy": "douyin"})
    (line,) = section(lines(here), "各店铺的口径")
    assert "；支付金额含平台补贴；实付金额、用户支付金额不含平台补贴；" in line
    live = "started_at,room,live_gmv,user_paid_amount\n2024-11-01 20:00,甲,120,100\n"
    (line,) = section(lines(client(tmp_path / "2", {"exports/a.csv": live}, {"dy": "douyin"})), "各店铺的口径")
    assert "；直播成交金额含平台补贴；用户支付金额不含平台补贴" in line


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


def test_the_day_of_payment_may_come_from_the_order(tmp_path):
    files = refunds(150)
    cases = files["exports/b.csv"].splitlines()
    paid = {}
    for n, line in enumerate(cases[1:], 1):
        cells = line.split(",")
        paid[cells[1]] = cells[2]
        cases[n] = ",".join([*cells[:2], "-", *cells[3:]])
    files["exports/b.csv"] = "\n".join(cases) + "\n"
    orders = "订单编号,买家实际支付金额,订单创建时间,订单付款时间\n"
    files["exports/c.csv"] = orders + "".join(f"{o},1000,{at},{at}\n" for o, at in paid.items())
    with_orders = section(lines(client(tmp_path / "1", files)), "退款未走完的月份")
    assert with_orders == section(lines(client(tmp_path / "2", refunds(150))), "退款未走完的月份")


def test_a_month_with_too_little_history_is_marked_without_a_projection(tmp_path):
    here = client(tmp_path, refunds(20))
    (line,) = section(lines(here), "退款未走完的月份")
    assert line == "店铺tmall，2024-11：到2024-11-30数据不足，还会退多少暂不判断；GSV为初步数", "no share, no clause"


def test_a_month_whose_share_is_known_and_whose_end_is_not_says_the_share():
    entry = {"shop": "a", "month": "2024-11", "as_of": "2024-11-30", "refunded": 0.08}
    (line,) = checking.opened(
        SimpleNamespace(open=[{**entry, "expected": None, "low": None, "high": None}]), Words("zh")
    )
    assert line == "店铺a，2024-11：到2024-11-30已退8.0%，历史太短，还会退多少暂不判断；GSV为初步数"


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
    assert section(said, "按exclusions表剔除") == [
        "店铺tmall的订单因“刷单”剔除1条：200.00；剔除前共300.00，剔除后共100.00"
    ]


def test_each_report_names_the_tables_it_lacks(tmp_path):
    here = client(tmp_path, {"exports/a.csv": "月份,类目,成交金额(元)\n2024-11,精华,100\n"})
    said = lines(here, "en")
    lacking = next(line for line in said if line.startswith("Market and competitors still lacks"))
    assert lacking == "Market and competitors still lacks: competitor listings and daily shop data"


def test_a_table_by_day_is_not_lacking_where_its_platform_exports_spans_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(checking.report, "reads", lambda *_: ["traffic_source", "shop_daily"])
    source = [["流量载体", "一级来源", "二级来源", "访客数", "支付金额"], ["手淘", "搜索", "汇总", 9, 1]]
    files = {"exports/流量.xlsx": xlsx({"全店流量来源": source})}
    files["exports/a.csv"] = "日期,访客数,支付金额\n2024-11-01~2024-11-30,9,1\n"
    here = client(tmp_path, files, files={"exports/流量.xlsx": {"start": "2024-11-01", "end": "2024-11-30"}})
    assert checking.missing(here, store.inspect(here))["review"] == ["shop_daily"]


def test_days_without_a_row_between_others_are_gaps(tmp_path):
    here = client(tmp_path, {"exports/a.csv": "日期,访客数,支付金额\n2024-11-01,1,1\n2024-11-02,1,1\n2024-11-05,1,1\n"})
    (entry,) = store.inspect(here).coverage
    assert entry["gaps"] == [["2024-11-03", "2024-11-04"]]


def test_faulty_data_still_show_what_was_read(tmp_path):
    here = client(
        tmp_path, {"exports/a.csv": SHOP.format(day="2024-11-01", n=1, paid="1"), "exports/b.csv": "x,y\n1,2\n"}
    )
    said = lines(here)
    (line,) = section(said, "读到的文件")
    assert line.startswith("exports/a.csv")
    assert (
        next(line for line in said if line.startswith("市场与竞品分析还缺"))
        == "市场与竞品分析还缺：市场月度数据、竞品在售清单"
    ), "a table that a file has brought is not lacking, though nothing is made of faulty data"
