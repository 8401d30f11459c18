"""Two downloads that overlap: the newer one of the same export is right, and the ledger says what it restates."""

import pytest
from making import ids, reading, said

DAY = "统计日期,访客数,支付买家数,支付金额\n2024-11-01,100,{buyers},{amount}\n2024-11-02,90,7,70\n"
MADE = "导出时间：{}\n"


def shop(made):
    return made.tables["shop_daily"].set_index("date")["pay_amount"].tolist()


def restated(made):
    return {line["file"]: line["restated"] for line in made.ledger if line["restated"]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("概况_20241203_101500.csv", ""), ("概况_20241210_101500.csv", "")),
        (("a.csv", MADE.format("2024-12-03 10:15:00")), ("b.csv", MADE.format("2024-12-10 09:00:00"))),
        (("z.csv", MADE.format("2024年12月3日")), ("a.csv", MADE.format("2024-12-10"))),
    ],
    ids=["file name", "preamble", "days alone"],
)
def test_the_newer_download_is_right(tmp_path, old, new):
    files = {
        f"exports/{old[0]}": old[1] + DAY.format(buyers=10, amount=1000),
        f"exports/{new[0]}": new[1] + DAY.format(buyers=9, amount=950),
    }
    made = reading(tmp_path, files)
    assert ids(made) == []
    assert shop(made) == [950, 70]
    noted = {"records": 1, "columns": ["pay_buyers", "pay_amount"], "from": 1000, "to": 950}
    assert restated(made) == {f"exports/{old[0]}": {f"exports/{new[0]}": noted}}
    assert {line["file"]: line["dropped"] for line in made.ledger} == {
        f"exports/{old[0]}": {"overlap": 2},
        f"exports/{new[0]}": {},
    }


def test_without_a_moment_the_later_last_day_is_newer(tmp_path):
    longer = DAY.format(buyers=9, amount=950) + "2024-11-03,80,6,60\n"
    made = reading(tmp_path, {"exports/a.csv": longer, "exports/b.csv": DAY.format(buyers=10, amount=1000)})
    assert (ids(made), shop(made)) == ([], [950, 70, 60])


def test_what_client_toml_says_of_the_download_stands_first(tmp_path):
    files = {
        "exports/概况_20241210_101500.csv": DAY.format(buyers=10, amount=1000),
        "exports/b.csv": DAY.format(buyers=9, amount=950),
    }
    made = reading(tmp_path, files, files={"exports/b.csv": {"downloaded": "2025-01-05"}})
    assert (ids(made), shop(made)) == ([], [950, 70])


def test_downloads_that_nothing_tells_apart_are_settled_by_prefer(tmp_path):
    files = {"exports/a.csv": DAY.format(buyers=10, amount=1000), "exports/b.csv": DAY.format(buyers=9, amount=950)}
    assert ids(reading(tmp_path, files)) == ["e.clash.more.files"]
    made = reading(tmp_path, files, exports={"prefer": ["exports/a.csv"]})
    assert (ids(made), shop(made)) == ([], [1000, 70])


def test_two_exports_that_disagree_are_never_settled_by_age(tmp_path):
    plain = "日期,访客数,支付金额\n2024-11-01,100,950\n2024-11-02,90,70\n2024-11-03,1,1\n"
    files = {"exports/概况_20241203_101500.csv": DAY.format(buyers=10, amount=1000), "exports/own.csv": plain}
    made = reading(tmp_path, files)
    assert ids(made) == ["e.clash.files"]
    assert "给出950和1000" in said(made)[0]
    made = reading(tmp_path, files, exports={"prefer": ["exports/own.csv"]})
    assert (ids(made), shop(made)) == ([], [950, 70, 1])


def test_equal_values_are_no_restatement(tmp_path):
    files = {
        "exports/概况_20241203_101500.csv": DAY.format(buyers=9, amount=950),
        "exports/概况_20241210_101500.csv": DAY.format(buyers=9, amount=950),
    }
    made = reading(tmp_path, files)
    assert (ids(made), restated(made)) == ([], {})


def test_the_result_does_not_depend_on_the_names(tmp_path):
    one, other = DAY.format(buyers=10, amount=1000), DAY.format(buyers=9, amount=950)
    early, late = MADE.format("2024-12-03 10:15:00"), MADE.format("2024-12-10 09:00:00")
    for n, (a, b) in enumerate([(early + one, late + other), (late + other, early + one)]):
        made = reading(tmp_path / str(n), {"exports/a.csv": a, "exports/b.csv": b})
        assert shop(made) == [950, 70]


# ---- what would count twice -----------------------------------------------------------------------------------

OLD, NEW = "计划报表_20241203_101500.csv", "计划报表_20241210_101500.csv"
ROW = "2024-11-01,{}100,5,10,30,1\n"
AD = "日期,{}展现量,点击量,花费,总成交金额,总成交笔数\n" + ROW


def spend(made):
    return made.tables["ads_daily"]["spend"].sum()


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (("计划名字,", "甲,"), ("计划名字,转化周期,", "甲,15天转化,")),
        (("计划名字,场景名字,", "甲,关键词推广,"), ("计划名字,", "甲,")),
        (("计划ID,计划名字,", "7,甲,"), ("计划名字,", "甲,")),
    ],
    ids=["window", "scene", "campaign id"],
)
def test_a_report_downloaded_again_with_other_columns_replaces_the_days(tmp_path, older, newer):
    files = {f"exports/{OLD}": AD.format(*older), f"exports/{NEW}": AD.format(*newer)}
    made = reading(tmp_path, files)
    assert [i for i in ids(made) if i != "e.warn.window"] == []
    assert spend(made) == 10
    old = next(line for line in made.ledger if line["file"].endswith(OLD))
    assert (old["rows_kept"], old["dropped"], old["amount"]["kept"]) == (0, {"overlap": 1}, 0)
    both = {f"exports/{n}.csv": text for n, text in zip("ab", files.values(), strict=True)}
    assert [i for i in ids(reading(tmp_path / "2", both)) if i != "e.warn.window"] == ["e.overlap"]


def test_what_a_newer_report_no_longer_has_is_kept_and_said(tmp_path):
    old = AD.format("计划名字,", "甲,") + ROW.format("乙,")
    new = AD.format("计划名字,", "甲,") + ROW.format("丙,")
    made = reading(tmp_path, {f"exports/{OLD}": old, f"exports/{NEW}": new}, attribution={"wanxiangtai": 15})
    assert ids(made) == ["e.warn.left"]
    facts = made.problems[0].args
    assert (facts["n"], facts["amount"], spend(made)) == (1, "10.00", 30)


def test_files_of_different_parts_of_a_day_are_simply_added(tmp_path):
    files = {f"exports/{n}": AD.format("计划名字,", f"{c},") for n, c in ((OLD, "甲"), (NEW, "乙"))}
    made = reading(tmp_path, files, attribution={"wanxiangtai": 15})
    assert (ids(made), spend(made)) == ([], 20)


PARTS = (
    "主订单编号,子订单编号,选购商品,商品数量,商品ID,商品单价,订单应付金额,订单提交时间,支付完成时间,订单状态,售后状态\n"
)
PART = "{o},{s},霜,1,7,{a},{a},2024-11-01 10:00:00,2024-11-01 10:01:00,{state},-\n"


def test_an_order_whose_lines_lie_in_two_files_is_one_order(tmp_path):
    one = PARTS + PART.format(o=1, s=11, a=100, state="已完成")
    two = PARTS + PART.format(o=1, s=12, a=70, state="已完成") + PART.format(o=2, s=21, a=50, state="已完成")
    files = {"exports/订单_20241203_101500.csv": one, "exports/订单_20241210_101500.csv": two}
    made = reading(tmp_path, files, {"dy": "douyin"})
    assert ids(made) == []
    orders = made.tables["orders"]
    assert orders[["order_id", "payable_amount", "lines"]].values.tolist() == [["1", 170, 2], ["2", 50, 1]]
    assert made.tables["order_lines"]["line_amount"].sum() == orders["payable_amount"].sum()


def test_a_line_that_stands_in_two_files_is_one_line_as_the_newer_states_it(tmp_path):
    old = PARTS + PART.format(o=1, s=11, a=100, state="已发货")
    new = PARTS + PART.format(o=1, s=11, a=100, state="已完成") + PART.format(o=1, s=12, a=70, state="已完成")
    files = {"exports/订单_20241203_101500.csv": old, "exports/订单_20241210_101500.csv": new}
    made = reading(tmp_path, files, {"dy": "douyin"})
    assert ids(made) == []
    assert made.tables["orders"][["payable_amount", "status"]].values.tolist() == [[170, "completed"]]


# ---- when a file was made ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ExportOrderList202410311010.csv", "ExportOrderList202411151010.csv"),
        ("ExportOrderList202411031010.csv", "ExportOrderList202412051010.csv"),
        ("订单_2024-11-03 10.10.csv", "订单_20241205.csv"),
    ],
)
def test_the_moment_in_a_platforms_file_name_is_read(tmp_path, old, new):
    text = "订单编号,买家实际支付金额,退款金额,订单创建时间,订单付款时间\n1,100,{},2024-10-01 10:00:00,2024-10-01 10:01:00\n"
    files = {f"exports/{old}": text.format(0), f"exports/{new}": text.format(60)}
    made = reading(tmp_path, files)
    assert (ids(made), made.tables["orders"]["refund_amount"].tolist()) == ([], [60])


def test_a_moment_that_one_file_states_and_the_other_does_not_settles_nothing(tmp_path):
    text = "订单编号,买家实际支付金额,退款金额,订单创建时间,订单付款时间\n1,100,{},2024-10-01 10:00:00,2024-10-01 10:01:00\n"
    files = {"exports/ExportOrderList202410311010.csv": text.format(0), "exports/十月重下.csv": text.format(60)}
    assert ids(reading(tmp_path, files)) == ["e.clash.files"]


def test_the_old_and_the_new_order_report_restate_each_other(tmp_path):
    old = "订单编号,买家会员名,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间\n1,甲,9,9,卖家已发货，等待买家确认,2024-11-01 10:00,2024-11-01 10:01\n"
    new = "订单编号,支付单号,支付详情,总金额,买家实付金额,订单状态,订单创建时间,订单付款时间\n1,2,x,9,9,交易成功,2024-11-01 10:00,2024-11-01 10:01\n"
    files = {"exports/a_20241203_101500.csv": old.replace("，", "，"), "exports/b_20241210_101500.csv": new}
    made = reading(tmp_path, files)
    assert ids(made) == []
    assert made.tables["orders"]["status"].tolist() == ["completed"]
