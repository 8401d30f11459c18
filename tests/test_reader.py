"""A client's folder to tables: rows accounted for, files put together, personal data gone."""

import datetime as dt
import json
import os

import pandas as pd
import pytest
from making import COMPASS, COUNTER, CRAWL, OVERVIEW, client, ids, listings, reading, said, xlsx

from kit.exports.clean import HIDDEN
from kit.exports.reader import read

ROW = '2024/11/5,="""1001""",面霜,甲,199,￥99.9,-,2000+,1.2万,王小明,13900001111\n'


def test_a_table_in_the_clients_folder_itself_is_said_not_to_be_read(tmp_path):
    made = reading(tmp_path, {"Edits.xlsx": b"x", "orders.csv": b"x", "client.toml": b"", "exports/~$a.xlsx": b""})
    assert [p.id for p in made.problems if p.warning] == ["e.beside", "e.beside"]
    sentence = "data/acme/Edits.xlsx不会被读取。平台导出请放进exports；顾问的表请命名为inputs.xlsx"
    assert sentence in said(made)


def line(made, at=0):
    found = made.ledger[at]
    return {k: found[k] for k in ("rows_read", "rows_kept", "dropped", "flagged")}


# ---- rows ----------------------------------------------------------------------------------------------


def test_every_row_is_kept_or_dropped_for_a_reason(tmp_path):
    header, *rows = COUNTER.splitlines()
    extra = [",,,,,,", rows[0], "合计,,,,,,", header, "#导出时间：2016-11-07,,,,,,", "以上数据仅供参考"]
    made = reading(tmp_path, {"exports/a.csv": "\n".join([header, *rows, *extra]) + "\n\n\n"})
    assert len(listings(made)) == 3
    assert line(made) == {
        "rows_read": 9,
        "rows_kept": 3,
        "dropped": {"blank_row": 1, "duplicate": 1, "footer": 2, "header_again": 1, "total_row": 1},
        "flagged": {"blank_sales": 1},
    }


@pytest.mark.parametrize("total", ["总计", "合计：", "汇总", "店铺汇总值", "店铺平均值", "总计（3条）", "Total"])
def test_a_total_row_is_never_a_record(tmp_path, total):
    made = reading(tmp_path, {"exports/a.csv": COUNTER + f"{total},,,9999,270,15,\n"})
    assert line(made)["dropped"] == {"total_row": 1}


def test_a_title_that_begins_with_a_hash_is_a_record(tmp_path):
    text = "title,update_time,id,price,sale_count,店名\n#618爆款,2016/11/5,A1,99,1,甲\n"
    assert listings(reading(tmp_path, {"exports/a.csv": text}))["title"].tolist() == ["#618爆款"]


def test_a_row_that_the_end_of_the_file_cuts_off_is_dropped(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": COUNTER + "2016/11/7,A3,丙霜,8"})
    assert ids(made) == ["e.warn.truncated"]
    assert len(made.tables["listings"]) == 3
    assert line(made)["dropped"] == {"truncated": 1}


def test_a_file_cut_inside_a_character_loses_only_its_last_row(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": COUNTER.encode()[:-2]})
    assert ids(made) == ["e.warn.truncated"]
    assert len(made.tables["listings"]) == 2
    assert line(made)["dropped"] == {"truncated": 1}


def test_a_quoted_line_end_stays_in_its_cell(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": COUNTER.replace("甲霜,99", '"甲\n霜",99')})
    assert listings(made)["title"].tolist() == ["乙霜", "甲 霜", "甲霜"]


def test_a_quotation_mark_without_its_partner_swallows_nothing(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": COUNTER.replace("甲霜,99", '"甲霜,99')})
    assert [(p.id, p.args["row"]) for p in made.problems] == [("e.quote", 2)]


def test_a_separator_inside_a_text_is_found(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": COUNTER.replace("乙霜", "乙,霜")})
    assert [(p.id, p.args["row"], p.args["n"]) for p in made.problems] == [("e.width", 3, 1)]


def test_other_sheets_are_named_and_hidden_ones_left_aside(tmp_path):
    book = xlsx({"概况": OVERVIEW, "说明": [["见帮助"], ["x"]], "旧": OVERVIEW, "Sheet3": []}, hidden=("旧",))
    made = reading(tmp_path, {"exports/a.xlsx": book})
    assert {e["sheet"]: (e["ignored"], e["rows_read"], e["rows_kept"], e["dropped"]) for e in made.ledger} == {
        "概况": (None, 3, 2, {"total_row": 1}),
        "说明": ("other_sheet", 2, 0, {"other_sheet": 2}),
        "旧": ("hidden_sheet", 7, 0, {"hidden_sheet": 7}),
        "Sheet3": ("empty_sheet", 0, 0, {}),
    }
    assert ids(made) == []


def test_a_sheet_that_nearly_matches_is_a_fault_even_beside_one_that_does(tmp_path):
    near = [["统计日期", "访客数", "支付买家数"], ["2024-11-01", "1", "1"]]
    assert ids(reading(tmp_path, {"exports/a.xlsx": xlsx({"概况": OVERVIEW, "二": near})})) == ["e.col"]


# ---- several files -------------------------------------------------------------------------------------

DAY = "日期,访客数,支付金额\n2024-11-01,{},100\n"


def test_overlapping_files_count_once(tmp_path):
    both = {"exports/a.csv": DAY.format(5) + "2024-11-02,6,100\n", "exports/b.csv": DAY.format(5)}
    made = reading(tmp_path, both)
    assert ids(made) == []
    assert made.tables["shop_daily"]["visitors"].tolist() == [5, 6]
    assert line(made, 1) == {"rows_read": 1, "rows_kept": 0, "dropped": {"overlap": 1}, "flagged": {}}


def test_files_that_disagree_are_a_fault(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": DAY.format(5), "exports/b.csv": DAY.format(7)})
    (problem,) = made.problems
    facts = {k: problem.args[k] for k in ("code", "key", "col", "x", "y", "row_a", "row_b", "n")}
    assert (problem.id, facts) == (
        "e.clash",
        {"code": "files", "key": "2024-11-01", "col": "访客数", "x": "5", "y": "7", "row_a": 2, "row_b": 2, "n": 1},
    )


def test_files_with_different_columns_of_a_day_complete_each_other(tmp_path):
    other = "日期,支付金额,退款金额\n2024-11-01,100,9\n"
    made = reading(tmp_path, {"exports/a.csv": DAY.format(5), "exports/b.csv": other})
    assert made.tables["shop_daily"][["visitors", "pay_amount", "refund_amount"]].values.tolist() == [[5, 100, 9]]


def test_one_record_twice_in_a_sheet_with_two_values_is_a_fault(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": COUNTER + "2016/11/6,A1,甲霜,79,150,8,甲\n"})
    assert ids(made) == ["e.clash.sheet"]


def test_the_order_of_rows_does_not_depend_on_the_files(tmp_path):
    header, *rows = COUNTER.splitlines(keepends=True)
    one = reading(tmp_path / "1", {"exports/a.csv": COUNTER})
    two = reading(tmp_path / "2", {"exports/b.csv": header + rows[0], "exports/a.csv": header + rows[2] + rows[1]})
    pd.testing.assert_frame_equal(one.tables["listings"], two.tables["listings"])


# ---- meaning -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "kind"), [("近30天销量", "rolling_30d"), ("累计销量", "cumulative"), ("月销量", "rolling_30d")]
)
def test_a_sales_figure_says_what_it_counts(tmp_path, column, kind):
    made = reading(tmp_path, {"exports/a.csv": CRAWL.replace("近30天销量", column) + ROW})
    assert listings(made)[["sales", "sales_kind"]].values.tolist() == [[2000, kind]]


@pytest.mark.parametrize(
    ("header", "cell", "facts"),
    [
        ("交易指数", "1,234", ["transaction_index", 1234, None, None, "index"]),
        ("成交金额(估算)", "3.2亿", ["pay_amount", 320_000_000, None, None, "vendor_estimate"]),
        ("成交金额(元)", "￥1,234.5", ["pay_amount", 1234.5, None, None, "money"]),
        ("交易金额", "75万 ~ 100万", ["pay_amount", 875_000, 750_000, 1_000_000, "interval"]),
    ],
)
def test_a_category_value_says_what_it_is(tmp_path, header, cell, facts):
    made = reading(tmp_path, {"exports/a.csv": f'月份,类目名称,{header}\n2024-11,精华,"{cell}"\n'})
    assert ids(made) == []
    frame = made.tables["market_monthly"].astype(object)
    frame = frame.where(frame.notna(), None)
    assert frame[["metric", "value", "low", "high", "value_kind"]].values.tolist() == [facts]
    assert (frame["month"][0], made.ledger[0]["end"]) == (pd.Timestamp("2024-11-01"), "2024-11-30")


def test_a_row_of_indices_is_one_record_per_index_that_it_states(tmp_path):
    text = "统计日期,类目名称,交易指数,搜索人气\n2024-10,精华,10,-\n2024-11,精华,11,12\n2024-12,精华,-,-\n"
    made = reading(tmp_path, {"exports/a.csv": text})
    assert made.tables["market_monthly"][["metric", "value"]].values.tolist() == [
        ["transaction_index", 10],
        ["search_popularity", 12],
        ["transaction_index", 11],
    ]
    assert line(made) == {"rows_read": 3, "rows_kept": 2, "dropped": {"no_value": 1}, "flagged": {}}


def test_a_platform_column_says_which_platform_is_meant(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": "月份,类目,平台,成交金额(估算)\n2024-11,精华,抖音,1亿\n"})
    assert made.tables["market_monthly"][["platform", "shop"]].values.tolist() == [["douyin", "tmall"]]


@pytest.mark.parametrize(
    ("name", "above", "said", "expected"),
    [
        ("竞品_2024-11-05.csv", "", None, "2024-11-05"),
        ("竞品20241105.csv", "", None, "2024-11-05"),
        ("竞品.csv", "采集于 2024年11月5日\n", None, "2024-11-05"),
        ("竞品.csv", "", "2024-11-05", "2024-11-05"),
        ("竞品_20241203_101500.csv", "", None, "e.period"),
        ("竞品.csv", "导出时间：2024-12-03\n", None, "e.period"),
        ("竞品_2024-11-05.csv", "2024-11-06\n", None, "e.period.conflict"),
        ("竞品_2024-11.csv", "", None, "e.period.date"),
    ],
)
def test_a_file_without_a_date_column_says_its_day_elsewhere(tmp_path, name, above, said, expected):
    text = above + "商品ID,品牌,页面价\nA1,甲,99\n"
    files = {f"exports/{name}": {"start": said, "end": said}} if said else {}
    made = reading(tmp_path, {f"exports/{name}": text}, files=files)
    found = made.tables["listings"]["date"].astype(str).tolist() if made.tables else ids(made)
    assert found == [expected]


def test_a_month_of_the_market_may_stand_in_the_files_name(tmp_path):
    made = reading(tmp_path, {"exports/大盘_2024-11-01_2024-11-30.csv": "类目名称,交易指数\n精华,10\n"})
    assert made.tables["market_monthly"]["month"].tolist() == [pd.Timestamp("2024-11-01")]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("99,", "-99,"), "e.rule.negative"),
        (("99,", "n/a,"), "e.value.money"),
        (("120,", "12.5,"), "e.value.count"),
        (("2016/11/5", "11/5/2016"), "e.value.date"),
        (("A1,甲霜,99", ",甲霜,99"), "e.blank"),
    ],
)
def test_a_cell_that_would_be_a_wrong_number_is_a_fault(tmp_path, change, fault):
    made = reading(tmp_path, {"exports/a.csv": COUNTER.replace(*change)})
    assert (ids(made), made.problems[0].args["row"]) == ([fault], 2)


def test_faults_of_one_column_are_counted_and_the_first_is_shown(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": COUNTER.replace("99", "贵").replace("89", "贵")})
    (problem,) = made.problems
    assert {k: problem.args[k] for k in ("row", "col", "value", "n")} == {
        "row": 2,
        "col": "price",
        "value": "贵",
        "n": 2,
    }


def test_a_rate_above_the_whole_is_a_fault(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": "日期,支付金额,支付转化率\n2024-11-01,100,2.01\n"})
    assert ids(made) == ["e.rule.above"]


def test_more_payers_than_orders_is_only_a_warning(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": "日期,支付金额,下单买家数,支付买家数\n2024-11-01,100,1,5\n"})
    assert [(p.id, p.warning) for p in made.problems] == [("e.warn.pay_over_order", True)]
    assert len(made.tables["shop_daily"]) == 1


def test_every_fault_of_a_folder_is_told_at_once(tmp_path):
    files = {
        "exports/a.csv": b"",
        "exports/b.csv": "x,y\n1,2\n",
        "exports/c.csv": COUNTER.replace("99", "贵").replace("2016/11/6", "?"),
    }
    assert ids(reading(tmp_path, files)) == ["e.empty", "e.unknown", "e.value.date", "e.value.money"]


# ---- folder --------------------------------------------------------------------------------------------


def test_each_shops_files_lie_in_its_folder(tmp_path):
    files = {"exports/tmall/a.xlsx": xlsx({"x": OVERVIEW}), "exports/dy/2024/b.csv": COMPASS}
    made = reading(tmp_path, files, {"tmall": "tmall", "dy": "douyin"})
    assert ids(made) == []
    assert made.tables["shop_daily"][["platform", "shop"]].drop_duplicates().values.tolist() == [
        ["douyin", "dy"],
        ["tmall", "tmall"],
    ]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("exports/a.csv", "e.shop.none"),
        ("exports/tmal/a.csv", "e.shop.folder.near"),
        ("exports/xyz/a.csv", "e.shop.folder"),
        ("exports/dy/a.csv", "e.platform"),
    ],
)
def test_a_file_in_no_shops_folder_is_a_fault(tmp_path, name, fault):
    overview = ",".join(OVERVIEW[4]) + "\n2024-11-01,1,1,1,1,1,1%\n"
    assert ids(reading(tmp_path, {name: overview}, {"tmall": "tmall", "dy": "douyin"})) == [fault]


def test_what_an_operating_system_left_behind_is_named_and_not_read(tmp_path):
    names = [".DS_Store", "Thumbs.db", "desktop.ini", "~$a.xlsx", ".~lock.a#"]
    made = reading(tmp_path, {"exports/a.csv": COUNTER, **{f"exports/{n}": b"\0" for n in names}})
    assert {e["file"]: e["ignored"] for e in made.ledger if e["ignored"]} == {
        f"exports/{n}": "system_file" for n in names
    }
    assert len(listings(made)) == 3


def test_nothing_outside_the_folder_is_read(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "b.csv").write_text(COUNTER, encoding="utf-8")
    here = client(tmp_path / "acme", {"exports/a.csv": COUNTER})
    (here.folder / "exports" / "b.csv").symlink_to(tmp_path / "other" / "b.csv")
    (here.folder / "exports" / "c").symlink_to(tmp_path / "other", target_is_directory=True)
    made = read(here)
    assert sorted(ids(made)) == ["e.link", "e.outside"]
    assert [e["file"] for e in made.ledger] == ["exports/a.csv"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_named_and_not_waited_for(tmp_path):
    here = client(tmp_path, {"exports/a.csv": COUNTER})
    os.mkfifo(here.folder / "exports" / "b.csv")
    made = read(here)
    assert ids(made) == ["e.open"]
    assert [e["file"] for e in made.ledger] == ["exports/a.csv"]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"exports/b.csv": {"start": "2024-11-01"}}, "e.stated"),
        ({"exports/a.csv": {"table": "lists"}}, "e.stated.table"),
    ],
)
def test_a_statement_that_would_do_nothing_is_a_fault(tmp_path, said, fault):
    assert ids(reading(tmp_path, {"exports/a.csv": COUNTER}, files=said)) == [fault]


@pytest.mark.parametrize(("end", "faults"), [("2016-11-06", []), ("2016-11-05", ["e.period.conflict"])])
def test_a_stated_period_that_the_rows_leave_is_a_fault(tmp_path, end, faults):
    said = {"exports/a.csv": {"start": "2016-11-05", "end": end}}
    assert ids(reading(tmp_path, {"exports/a.csv": COUNTER}, files=said)) == faults


def test_a_file_that_has_gone_is_a_fault(tmp_path, monkeypatch):
    here = client(tmp_path, {"exports/a.csv": COUNTER})
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda path: (_ for _ in ()).throw(FileNotFoundError(path)))
    assert ids(read(here)) == ["e.open"]


def test_the_consultants_sheets_belong_to_no_shop(tmp_path):
    edits = [
        ["finding", "处理", "text_zh", "text_en", "by", "why"],
        ["示例 market.size", "hide"],
        ["market.size", "隐藏"],
    ]
    actions = [["id", "action_zh", "due"], ["1", "补货", dt.date(2024, 12, 1)]]
    made = reading(tmp_path, {"inputs.xlsx": xlsx({"edits": edits, "actions": actions, "说明": [["x"]]})})
    assert ids(made) == []
    assert made.tables["edits"][["finding", "action"]].values.tolist() == [["market.size", "hide"]]
    assert made.tables["actions"]["due"].tolist() == [pd.Timestamp("2024-12-01")]
    assert made.ledger[0]["dropped"] == {"example": 1}


def test_an_untouched_inputs_sheet_is_no_fault(tmp_path):
    made = reading(
        tmp_path, {"inputs.xlsx": xlsx({"edits": [["finding", "action", "text_zh", "text_en", "by", "why"]]})}
    )
    assert (ids(made), made.tables) == ([], {})


def test_edits_may_be_a_plain_file(tmp_path):
    made = reading(tmp_path, {"edits.csv": "finding,action,by,why\nmarket.size,藏,我,因为\n"})
    assert (ids(made), made.problems[0].args["allowed"][:11]) == (["e.value.word"], "hide, lower")


# ---- personal data -------------------------------------------------------------------------------------


def test_personal_data_goes_nowhere(tmp_path):
    row = ROW.replace("面霜", "面霜 找王小明 13812345678 110101199003071234")
    text = CRAWL.strip() + ",收货地址,买家留言\n" + row.strip() + ",某路甲乙号,请送到门口\n"
    made = reading(tmp_path, {"exports/a.csv": text.encode("gb18030")})
    frame = listings(made)
    everything = json.dumps([made.ledger, frame.astype(str).values.tolist()], ensure_ascii=False)
    for secret in ("13900001111", "13812345678", "110101199003071234", "某路", "请送到门口"):
        assert secret not in everything
    assert made.ledger[0]["dropped_columns"] == ["掌柜旺旺", "客服电话", "收货地址", "买家留言"]
    assert made.ledger[0]["flagged"]["scrubbed"] == 1


def test_an_error_shows_no_personal_data(tmp_path):
    made = reading(
        tmp_path,
        {"exports/a.csv": CRAWL + ROW.replace("￥99.9", "13812345678 王").replace("2024/11/5", "110101199003071234")},
    )
    assert ids(made) == ["e.value.date", "e.value.money"]
    assert "1381234" not in repr(made.problems)
    assert "110101199003071234" not in repr(made.problems)


def test_a_name_that_slipped_into_another_column_is_not_repeated(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": CRAWL + ROW.replace("2000+", "欧阳小明")})
    [fault] = made.problems
    assert (fault.id, fault.args["value"]) == ("e.value", HIDDEN)
