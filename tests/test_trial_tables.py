"""Files of tests: their further columns, what is refused in them, and rows of one unit."""

import pytest
from making import client, csv, ids, reading

from kit import store
from kit.tables import TABLES

DAY = {
    "实验": ["主图"] * 2,
    "版本": ["A", "B"],
    "日期": ["2024-11-01"] * 2,
    "展现量": ["100", "90"],
    "访客数": ["80", "70"],
}


def units(variants="AABB", **more):
    """A row per letter; the units are u1, u2 … unless ``访客ID`` is given."""
    return {"版本": list(variants), "访客ID": [f"u{n}" for n in range(1, len(variants) + 1)], **more}


def read(folder, columns, name="弹券"):
    return reading(folder, {f"exports/tmall/{name}.csv": csv(columns)})


def table(folder, columns, name="experiment_units"):
    made = read(folder, columns)
    assert [p for p in made.problems if not p.warning] == []
    return made.tables[name]


def further(frame, name="experiment_units"):
    return [c for c in frame if c not in TABLES[name].columns]


# ---- further columns ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells", "name", "values"),
    [
        ("7日留存", ["TRUE", "FALSE", "true", "否"], "7日留存", [1, 0, 1, 0]),
        ("毛利（元）", ["-1,200.5", "¥3", "", "0"], "毛利", [-1200.5, 3, None, 0]),
        ("Stay Seconds", ["1", "2", "3", "4"], "stayseconds", [1, 2, 3, 4]),
        ("pre_revenue", ["1", "2", "3", "4"], "pre_revenue", [1, 2, 3, 4]),
        ("实验前支付金额", ["1", "2", "3", "4"], "pre_revenue", [1, 2, 3, 4]),
        ("过去30天收藏", ["1", "2", "3", "4"], "pre_收藏", [1, 2, 3, 4]),
        ("转化率", ["10%", "20%", "5%", "0"], "转化率", [0.1, 0.2, 0.05, 0]),
    ],
)
def test_a_further_column_of_units_is_a_metric_or_a_segment(tmp_path, header, cells, name, values):
    frame = table(tmp_path, units("ABCD", **{header: cells}))
    assert further(frame) == [name]
    assert [None if v != v else v for v in frame[name]] == values


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("备考", ["一", "一", "一", "一"]),  # too few rows to be a kind
        ("客服工单", ["1380013800", "1", "2", "3"]),  # a number that counts nothing
        ("首次登录日期", ["2024-11-01"] * 4),
        ("渠道", ["13800138000", "13800138000", "搜索", "搜索"]),  # a phone number among its values
        ("说明", ["字" * 41] * 4),
        ("空", [""] * 4),
        ("(!)", ["1", "2", "3", "4"]),
        ("variant", ["1", "2", "3", "4"]),  # the name of a column that is there
    ],
)
def test_what_is_neither_a_metric_nor_a_segment_stays_aside(tmp_path, header, cells):
    made = read(tmp_path, units(**{header: cells}))
    assert further(made.tables["experiment_units"]) == []
    assert made.ledger[0]["ignored_columns"] == [header] or header == "variant"


@pytest.mark.parametrize(
    ("cells", "kept", "lost"),
    [
        (["新客"] * 5 + ["老客"] * 5, {"新客": 5, "老客": 5}, 0),
        (["新客"] * 5 + ["甲"] * 4 + [""], {"新客": 5}, 4),  # four rows are somebody, not a kind
        (["新客"] * 9 + ["13800138000"], None, None),
        (["新客"] * 9 + ["浙江省杭州市西湖区莲花路8号3幢1单元"], None, None),
    ],
)
def test_a_text_of_few_values_is_a_segment(tmp_path, cells, kept, lost):
    made = read(tmp_path, units("ABABABABAB", 人群=cells))
    frame, line = made.tables["experiment_units"], made.ledger[0]
    assert (dict(frame["人群"].value_counts()) if "人群" in frame else None) == kept
    assert kept is None or line["flagged"].get("rare_value", 0) == lost
    assert line["ignored_columns"] == ([] if kept else ["人群"])


def test_a_text_of_many_values_is_no_segment(tmp_path):
    cells = [f"城市{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌'[n % 21]}" for n in range(105)]
    assert further(table(tmp_path, units("AB" * 52 + "A", 城市=cells))) == []


@pytest.mark.parametrize("header", ["姓名", "收货人手机", "买家备注"])
def test_a_personal_column_is_no_segment(tmp_path, header):
    made = read(tmp_path, units(**{header: ["甲", "乙", "甲", "乙"]}))
    assert further(made.tables["experiment_units"]) == []
    assert made.ledger[0]["dropped_columns"] == [header]


@pytest.mark.parametrize(
    ("header", "cells", "kept"),
    [
        ("毛利", ["-5", "7"], True),
        ("咨询人数", ["5", "7"], True),
        ("点击率", ["0.05", "0.07"], False),
        ("人均停留", ["5", "7"], False),
        ("share", ["0.5", "0.7"], False),
        ("收藏", ["5%", "7%"], False),
        ("渠道", ["搜索", "搜索"], False),
    ],
)
def test_days_keep_what_adds_up(tmp_path, header, cells, kept):
    frame = table(tmp_path, {**DAY, header: cells}, "experiment_daily")
    assert further(frame, "experiment_daily") == [header] * kept


def test_further_columns_survive_the_cache_and_another_file(tmp_path):
    made = client(
        tmp_path,
        {
            "exports/tmall/甲.csv": csv(units("AB", 毛利=["1", "2"])),
            "exports/tmall/乙.csv": csv(units("ABABA", 人群=["新"] * 5)),
        },
    )
    store.load(made)
    (tmp_path / "exports" / "tmall" / "丙.csv").write_text(csv(DAY), encoding="utf-8")  # the others come from the cache
    frame = store.load(made).get("experiment_units")
    assert sorted(further(frame)) == ["人群", "毛利"]
    assert {str(frame[c].dtype) for c in ("毛利", "人群")} == {"float64", "str"}
    assert frame.groupby("experiment")[["毛利", "人群"]].count().T.to_dict() == {
        "甲": {"毛利": 2, "人群": 0},
        "乙": {"毛利": 0, "人群": 5},
    }


# ---- what a file is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "experiment"),
    [("弹券", "弹券"), ("弹券_20241126", "弹券"), ("弹券 2024-11-13_2024-11-26", "弹券"), ("2024-11-13", "2024-11-13")],
)
def test_a_file_that_does_not_name_the_test_is_named_after_it(tmp_path, name, experiment):
    made = read(tmp_path, units(), name)
    assert set(made.tables["experiment_units"]["experiment"]) == {experiment}


def test_totals_of_the_whole_test_are_a_period(tmp_path):
    made = read(
        tmp_path, {"版本": ["A", "B"], "访客数": ["100", "90"], "支付买家数": ["5", "9"]}, "主图_2024-11-13_2024-11-26"
    )
    assert ids(made) == []
    assert list(made.tables) == ["experiment_period"]


def test_units_leave_their_file_as_keyed_hashes(tmp_path):
    frame = table(tmp_path, units())
    assert frame["unit_id"].str.fullmatch("[0-9a-f]{16}").all() and frame["unit_id"].nunique() == 4


# ---- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"点击量": ["101", "9"]}, "e.rule.trial_clicks"),
        ({"访客数": ["100", "91"]}, "e.rule.trial_visitors"),
        ({"支付买家数": ["80", "71"]}, "e.rule.trial_buyers"),
        ({"访客数": ["", ""], "支付买家数": ["100", "91"]}, "e.rule.trial_reached"),
        ({"支付买家数": ["5", "6"], "订单数": ["5", "5"]}, "e.rule.trial_orders"),
        ({"点击量": ["-1", "9"]}, "e.rule.negative"),
        ({"支付金额": ["-1", "9"]}, "e.rule.negative"),
        ({"日期": ["2024-11-01", ""]}, "e.blank"),
        ({"版本": ["A", ""]}, "e.blank"),
        ({"点击量": ["100", "9"], "支付买家数": ["80", "70"], "订单数": ["80", "70"]}, None),
        ({"点击量": ["95", "75"], "加购人数": ["85", "71"], "订单数": ["120", "75"]}, None),  # several a visitor
    ],
)
def test_impossible_days_are_refused(tmp_path, more, said):
    made = read(tmp_path, {**DAY, **more})
    assert ids(made) == [said] * bool(said)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"曝光量": ["1", "1", "1", "2"], "点击量": ["0", "1", "0", "3"]}, ["e.rule.trial_clicks"]),
        ({"是否支付": ["0", "1", "2", "0"]}, ["e.rule.above"]),
        ({"是否支付": ["0", "1", "-1", "0"]}, ["e.rule.negative"]),
        ({"退款金额": ["0", "1", "-1", "0"]}, ["e.rule.negative"]),
        ({"访客ID": ["u1", "u2", "", "u4"]}, ["e.blank"]),
        ({"支付金额": ["0", "1", "-1", "0"]}, ["e.warn.trial_negative"]),
    ],
)
def test_impossible_units_are_refused(tmp_path, more, said):
    assert ids(read(tmp_path, units(**more))) == said


# ---- several rows of a unit ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "paid", "kept"),
    [
        (["u1", "u2", "u2", "u3"], ["0", "5", "5", "0"], 3),  # u2 was exported twice
        (["u1", "u2", "u2", "u2"], ["0", "5", "5", "0"], 4),  # u2 came three times
    ],
)
def test_rows_alike_are_one_row_unless_the_file_is_of_sessions(tmp_path, who, paid, kept):
    made = read(tmp_path, units("AAAA", 访客ID=who, 支付金额=paid))
    assert len(made.tables["experiment_units"]) == kept
    assert made.ledger[0]["rows_kept"] + made.ledger[0]["dropped"].get("duplicate", 0) == 4


@pytest.mark.parametrize(
    ("more", "records"),
    [
        ({}, ["#1", "#2"]),
        ({"订单编号": ["11", "12", "13"]}, ["12", "13"]),
        ({"曝光时间": ["2024-11-01", "2024-11-02", "2024-11-02"]}, ["2024-11-02#1", "2024-11-02#2"]),
    ],
)
def test_rows_of_one_unit_are_told_apart(tmp_path, more, records):
    frame = table(tmp_path, units("ABB", 访客ID=["u1", "u2", "u2"], 支付金额=["0", "5", "7"], **more))
    assert sorted(frame[frame["variant"] == "B"]["record"]) == records


@pytest.mark.parametrize(("day", "said"), [("20241126", []), ("", ["e.clash.files"])])
def test_only_a_newer_download_restates_a_unit(tmp_path, day, said):
    """Whose rows are right is known where both files say when they were downloaded."""
    more = {"测试": ["弹券"] * 2, "曝光时间": ["2024-11-19"] * 2}
    old, new = (units("AB", 支付金额=["0", paid], **more) for paid in "57")
    made = reading(tmp_path, {"exports/tmall/弹券_20241120.csv": csv(old), f"exports/tmall/弹券_{day}.csv": csv(new)})
    assert ids(made) == said
    assert said or made.tables["experiment_units"]["revenue"].tolist() == [0.0, 7.0]
