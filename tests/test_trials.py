"""Tests as sums: what leaves the database against the rows worked out one by one."""

import datetime as dt
from statistics import fmean

import numpy as np
import pandas as pd
import pytest
from making import client, csv

from kit import store, trials
from kit.stats.experiment.sums import Pairs

D = "2024-11-"
UNITS = {
    "版本": list("AABBBAAB"),
    "访客ID": ["u1", "u2", "u3", "u4", "u4", "u5", "u6", "u6"],  # u4 came twice, u6 saw both
    "曝光时间": [f"{D}01", f"{D}01", f"{D}01", f"{D}03", f"{D}02", f"{D}04", f"{D}01", f"{D}04"],
    "是否支付": ["是", "否", "是", "否", "是", "否", "是", "否"],
    "订单数": ["1", "0", "2", "0", "1", "0", "1", "0"],
    "支付金额": ["12.5", "", "3", "1", "2", "4", "8", "8"],
    "实验前支付金额": ["1", "2", "3", "4", "4", "", "6", "7"],
    "人群": ["新"] * 8,
}
DAYS = {
    "版本": list("ABAB"),
    "日期": [f"{D}01", f"{D}01", f"{D}03", f"{D}04"],
    "访客数": ["100", "90", "80", "70"],
    "支付买家数": ["5", "7", "4", ""],
}


def opened(folder, **files):
    return store.load(client(folder, {f"exports/tmall/{name}.csv": csv(columns) for name, columns in files.items()}))


def one(folder, columns, pairs=()):
    """The only test of a file: store, trial, frame of sums."""
    data = opened(folder, 弹券=columns)
    (trial,) = trials.found(data)
    return data, trial, trials.read(data, trial, pairs).sums


def row(frame, variant, metric, denominator="", date=None, segment=("", "")):
    """What one row of the frame states."""
    if "rows" not in frame.attrs:
        dates = [None if day != day else f"{day:%Y-%m-%d}" for day in frame["date"]]
        rows = frame.drop(columns="date").itertuples(index=False)
        frame.attrs["rows"] = {(*r[1:4], day, *r[4:6]): r[6:] for r, day in zip(rows, dates, strict=True)}
    return [v for v in frame.attrs["rows"][variant, metric, denominator, date, *segment] if v == v]


# ---- what there is ----------------------------------------------------------------------------------------------


def test_a_test_says_what_its_data_bring(tmp_path):
    data = opened(tmp_path, 弹券=UNITS, 主图=DAYS)
    by_day, by_unit = trials.found(data)
    assert (by_day.name, by_day.by_unit, by_day.metrics, by_day.blank) == (
        "主图", False, ("visitors", "buyers"), {"buyers"},
    )  # fmt: skip
    assert (by_unit.name, by_unit.variants, by_unit.rows) == ("弹券", ("A", "B"), 8)
    assert (by_unit.metrics, by_unit.binary) == (("bought", "orders", "revenue"), {"bought"})
    assert by_unit.before == {"pre_revenue": fmean([1, 2, 3, 4, 4, 6, 7])}
    assert (by_unit.start, by_unit.end) == (dt.date(2024, 11, 1), dt.date(2024, 11, 4))


def test_units_are_read_rather_than_days_of_the_same_test(tmp_path):
    data = opened(tmp_path, 明细=UNITS | {"测试": ["弹券"] * 8}, 每日=DAYS | {"测试": ["弹券"] * 4})
    (trial,) = trials.found(data)
    assert trial.by_unit


def test_a_client_without_tests_has_none(tmp_path):
    assert trials.found(opened(tmp_path)) == []


# ---- sums of units ------------------------------------------------------------------------------------------------


def test_a_unit_counts_once_and_one_of_two_variants_not_at_all(tmp_path):
    _, _, frame = one(tmp_path, UNITS)
    assert [row(frame, v, "")[0] for v in "AB"] == [3, 2]
    assert row(frame, "B", "bought")[:3] == [2, 2, 2]  # u4 bought the second time: it is a buyer, once
    assert row(frame, "B", "orders")[:3] == [2, 3, 5]
    assert row(frame, "B", "revenue")[:3] == [2, 6, 18]


def test_a_blank_is_no_unit_of_its_metric_and_no_zero(tmp_path):
    _, trial, frame = one(tmp_path, UNITS, [("revenue", "orders")])
    assert "revenue" in trial.blank
    assert row(frame, "A", "revenue") == [2, 16.5, 12.5**2 + 16, 12.5**3 + 64]
    thirds = [12.5**3 + 64, 12.5**2, 12.5, 1]
    assert row(frame, "A", "revenue", "orders") == [2, 16.5, 12.5**2 + 16, 1, 1, 12.5, *thirds]
    assert row(frame, "A", "orders")[0] == 3


def test_what_was_before_stands_at_its_mean_where_it_is_blank(tmp_path):
    _, trial, frame = one(tmp_path, UNITS)
    mean = trial.before["pre_revenue"]
    found = row(frame, "A", "revenue", "pre_revenue")  # u1 with 1, u5 without
    thirds = [12.5**3 + 64, 12.5**2 + 16 * mean, 12.5 + 4 * mean**2, 1 + mean**3]
    assert found == pytest.approx([2, 16.5, 12.5**2 + 16, 1 + mean, 1 + mean**2, 12.5 + 4 * mean, *thirds])


def test_powers_of_a_share_are_the_share(tmp_path):
    frame = one(tmp_path, UNITS, [("bought", "orders"), ("orders", "bought")])[2]
    assert row(frame, "B", "bought") == [2, 2, 2, 2]
    units, total, squares, other, other_squares, cross, *_ = row(frame, "B", "orders", "bought")
    assert (units, total, squares, other, other_squares, cross) == (2, 3, 5, 2, 2, 3)
    assert row(frame, "B", "orders", "bought")[6:] == [1 + 8, 5, 3, 2]
    assert row(frame, "B", "bought", "orders")[6:] == [2, 3, 5, 1 + 8]


def test_a_unit_counts_on_the_day_it_was_first_exposed(tmp_path):
    _, _, frame = one(tmp_path, UNITS)
    assert row(frame, "B", "orders", date=f"{D}01")[:2] == [1, 2]
    assert row(frame, "B", "orders", date=f"{D}02")[:2] == [1, 1]
    assert frame["date"].max() == pd.Timestamp(f"{D}04")


def test_pairs_that_the_data_lack_are_left_out(tmp_path):
    _, _, frame = one(tmp_path, UNITS, [("revenue", "clicks"), ("revenue", "revenue")])
    assert set(frame["denominator"]) == {"", "pre_revenue"}


def drawn(units, generator):
    """Units with six segments of 2 to 7 values, a skewed metric, a few rows blank."""
    count = generator.poisson(1.5, units)
    return pd.DataFrame(
        {
            "版本": generator.choice(list("ABC"), units),
            "访客ID": [f"v{n}" for n in range(units)],
            "曝光时间": [f"{D}{n:02d}" for n in generator.integers(1, 6, units)],
            "订单数": count,
            "金额": np.where(
                generator.random(units) < 0.1, np.nan, np.round(count * generator.lognormal(3, 1, units), 2)
            ),
            "pre_金额": np.where(generator.random(units) < 0.2, np.nan, np.round(generator.lognormal(3, 1, units), 2)),
            **{f"组{k}": generator.choice([f"值{k}{n}" for n in range(k)], units) for k in range(2, 8)},
        }
    )


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    rows = drawn(3_000, np.random.default_rng(7))
    written = {c: ["" if v != v else str(v) for v in rows[c]] for c in rows}
    return rows, *one(tmp_path_factory.mktemp("many"), written, [("金额", "orders")])


def by_hand(rows, x, y=None, thirds=True):
    stated = rows.dropna(subset=[c for c in (x, y) if c])
    a, b = stated[x].astype(float), stated[y].astype(float) if y else None
    rest = [b, b * b, a * b] if y else []
    cubes = [a * a * a, *([a * a * b, a * b * b, b * b * b] if y else [])] if thirds else []
    return pytest.approx([len(stated), *(c.sum() for c in (a, a * a, *rest, *cubes))], rel=1e-12)


@pytest.mark.parametrize("segment", ["", *(f"组{k}" for k in range(2, 8))])
def test_sums_of_every_segment_are_those_of_its_rows(many, segment):
    rows, _, trial, frame = many
    rows = rows.assign(pre_filled=rows["pre_金额"].fillna(trial.before["pre_金额"]), whole="")
    for (variant, value), part in rows.groupby(["版本", segment or "whole"]):
        at = {"segment": (segment, value)}
        assert row(frame, variant, "", **at)[0] == len(part)
        assert row(frame, variant, "orders", **at) == by_hand(part, "订单数")
        assert row(frame, variant, "金额", **at) == by_hand(part, "金额")
        assert row(frame, variant, "金额", "orders", **at) == by_hand(part, "金额", "订单数")
        assert row(frame, variant, "金额", "pre_金额", **at) == by_hand(part, "金额", "pre_filled")


def test_sums_of_days_add_up_to_the_whole_and_make_pairs(many):
    rows, _, _, frame = many
    for (variant, day), part in rows.groupby(["版本", "曝光时间"]):
        assert row(frame, variant, "金额", "orders", date=day) == by_hand(part, "金额", "订单数", thirds=False)
    pairs = frame[frame["denominator"] == "orders"]
    made = [Pairs(int(r.units), *list(r)[9:14]) for r in pairs.itertuples()]
    assert all(abs(p.covariance) > 0 for p in made) and len(made) == 3 * (1 + 5 + sum(range(2, 8)))


def test_the_frame_has_its_columns_and_types_and_an_order_of_its_own(many):
    _, data, trial, frame = many
    assert tuple(frame.columns) == trials.COLUMNS
    assert {str(frame[c].dtype) for c in trials.COLUMNS[8:]} == {"float64"} and str(frame["units"].dtype) == "int64"
    pd.testing.assert_frame_equal(frame, trials.read(data, trial, [("金额", "orders")]).sums)


def test_rows_of_sessions_are_put_together_by_unit(tmp_path):
    """Against pandas: three rows a unit on average, one unit in fifty in both variants."""
    generator = np.random.default_rng(11)
    who = generator.integers(0, 700, 2_000)
    variant = np.where(generator.random(2_000) < 0.01, "A", np.where(who % 2 == 0, "A", "B"))
    rows = pd.DataFrame({"版本": variant, "访客ID": [f"v{n}" for n in who], "订单编号": [str(n) for n in range(2_000)]})
    rows["是否支付"] = (generator.random(2_000) < 0.2).astype(int)
    rows["支付金额"] = np.where(generator.random(2_000) < 0.3, np.nan, generator.integers(0, 500, 2_000))
    rows["pre_支付金额"] = (who * 7 % 50).astype(float)
    rows["人群"] = np.where(who % 3 == 0, "新", "老")
    written = {c: ["" if v != v else str(v) for v in rows[c]] for c in rows}
    data, trial, frame = one(tmp_path, written, [("revenue", "bought")])
    arms = rows.groupby("访客ID")["版本"].nunique()
    found = trials.read(data, trial).health
    assert (found.units, found.both) == (len(arms), (arms > 1).sum()) and found.both > 5
    assert found.several == (rows["访客ID"].value_counts() > 1).sum()
    own = rows[rows["访客ID"].map(arms) == 1].groupby(["版本", "人群", "访客ID"])
    units = own.agg(bought=("是否支付", "max"), before=("pre_支付金额", "max")).reset_index()
    units["revenue"] = own["支付金额"].sum(min_count=1).to_numpy()
    for (variant, kind), part in units.groupby(["版本", "人群"]):
        at = {"segment": ("人群", kind)}
        assert row(frame, variant, "", **at)[0] == len(part)
        assert row(frame, variant, "bought", **at) == by_hand(part, "bought")
        assert row(frame, variant, "revenue", **at) == by_hand(part, "revenue")
        assert row(frame, variant, "revenue", "bought", **at) == by_hand(part, "revenue", "bought")
        assert row(frame, variant, "revenue", "pre_revenue", **at) == by_hand(part, "revenue", "before")


# ---- sums of days -------------------------------------------------------------------------------------------------


def test_days_are_the_units_of_a_test_that_states_days(tmp_path):
    _, _, frame = one(tmp_path, DAYS)
    assert row(frame, "A", "buyers", "visitors") == [2, 9, 41, 180, 16400, 820]
    assert row(frame, "B", "buyers", "visitors") == [
        1,
        7,
        49,
        90,
        8100,
        630,
    ]  # a day that lacks one of the two is left out
    assert row(frame, "B", "visitors", "buyers")[:2] == [1, 90]
    assert row(frame, "A", "buyers", "visitors", date=f"{D}03") == [1, 4, 16, 80, 6400, 320]
    assert row(frame, "B", "")[0] == 2
    assert frame[(frame["metric"] != "") & (frame["denominator"] == "")].empty


def test_a_period_is_one_unit_without_a_day(tmp_path):
    whole = {
        "测试": ["弹券"] * 2,
        "版本": ["A", "B"],
        "日期": [f"{D}01至{D}14"] * 2,
        "访客数": ["100", "90"],
        "支付买家数": ["5", "7"],
    }
    _, trial, frame = one(tmp_path, whole)
    assert (trial.start, trial.end) == (dt.date(2024, 11, 1), dt.date(2024, 11, 14))
    assert row(frame, "A", "buyers", "visitors") == [1, 5, 25, 100, 10000, 500]
    assert frame["date"].isna().all()


# ---- winsorised -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.999, 0.99, 0.9])
def test_trimmed_sums_are_those_of_values_set_to_the_pooled_quantile(many, share):
    rows, data, trial, _ = many
    made = trials.read(data, trial, share=share).trimmed.set_index(["metric", "variant"])
    for metric, column in (("orders", "订单数"), ("金额", "金额")):
        values = rows[column].dropna().astype(float)
        cut = np.quantile(values, share, method="inverted_cdf")
        for variant, part in rows.groupby("版本"):
            own = part[column].dropna().clip(upper=cut)
            found = made.loc[(metric, variant)]
            assert list(found) == pytest.approx([cut, len(own), own.sum(), (own * own).sum()], rel=1e-9)


def test_what_is_0_or_1_and_what_is_a_day_is_not_trimmed(tmp_path):
    data = opened(tmp_path, 弹券=UNITS | {"订单数": [""] * 8, "支付金额": [""] * 8}, 主图=DAYS)
    assert [trials.read(data, t).trimmed.empty for t in trials.found(data)] == [True, True]


# ---- health -------------------------------------------------------------------------------------------------------------


def test_health_counts_what_is_wrong_with_the_rows(tmp_path):
    data, trial, _ = one(tmp_path, UNITS)
    found = trials.read(data, trial).health
    assert (found.rows, found.units, found.several, found.most, found.both) == (8, 6, 2, 2, 1)
    assert found.blank == {("revenue", "A"): 1}
    assert found.missing == ()
    assert found.partly == tuple(dt.date(2024, 11, d) for d in (2, 3))
    assert found.heaviest == {
        ("orders", "A"): 1.0, ("orders", "B"): 2 / 3, ("revenue", "A"): 12.5 / 16.5, ("revenue", "B"): 0.5,
    }  # fmt: skip


def test_the_heaviest_unit_is_held_against_all_amounts_whatever_their_sign(tmp_path):
    """Money given back counts as much as money taken: no unit makes more than the whole."""
    rows = {"版本": list("ABBC"), "访客ID": list("1234"), "支付金额": ["0", "-6", "2", "-5"]}
    data, trial, _ = one(tmp_path, rows)
    found = {variant: share for (_, variant), share in trials.read(data, trial).health.heaviest.items()}
    assert found == {"A": None, "B": 0.75, "C": 1.0}


def test_health_of_days_is_of_days(tmp_path):
    data, trial, _ = one(tmp_path, DAYS)
    found = trials.read(data, trial).health
    assert (found.rows, found.units, found.several, found.both) == (4, None, None, None)
    assert (found.missing, found.partly) == ((dt.date(2024, 11, 2),), (dt.date(2024, 11, 3), dt.date(2024, 11, 4)))
    assert found.blank == {("buyers", "B"): 1}


def test_units_that_two_tests_share_are_counted(tmp_path):
    first = {"版本": list("AABB"), "访客ID": ["u1", "u2", "u3", "u3"]}
    second = {"版本": list("AB"), "访客ID": ["u3", "u9"]}
    data = opened(tmp_path, 甲=first, 乙=second, 丙=DAYS)
    found = trials.overlap(data, trials.found(data))
    assert found.to_numpy().tolist() == [["乙", "甲", 1, 0.5]]


def test_ids_are_compared_in_parts_as_in_one(tmp_path, monkeypatch):
    columns = {
        "版本": list("AB") * 50,
        "访客ID": [f"u{n % 90}" for n in range(100)],
        "订单数": [str(n) for n in range(100)],
    }
    data = opened(tmp_path, 弹券=columns)
    (trial,) = trials.found(data)
    whole = trials.read(data, trial).health
    monkeypatch.setattr("kit.trials.rows.PART", 7)
    assert trials.read(data, trial).health == whole
    assert (whole.units, whole.several, whole.both) == (90, 10, 0)


# ---- summaries --------------------------------------------------------------------------------------------------------


SUMMARY = {
    "版本": ["A", "A", "B", "B", "A", "A", "B"],
    "指标": ["支付", "支付", "支付", "支付", "金额", "金额", "金额"],
    "截至": [f"{D}01 12:00:00", f"{D}02", f"{D}01", f"{D}02", f"{D}01", f"{D}02", f"{D}02"],
    "样本量": ["100", "200", "90", "210", "100", "200", "210"],
    "均值": ["0.1", "0.12", "0.1", "0.2", "5.5", "6", "7"],
    "标准差": ["0.3015", "0.3258", "0.3017", "0.4010", "2", "", "3"],
}


def test_a_summary_is_its_sums_in_other_words(tmp_path):
    _, trial, frame = one(tmp_path, SUMMARY)
    assert (trial.by_unit, trial.metrics, trial.binary) == (True, ("支付", "金额"), {"支付"})
    assert row(frame, "A", "支付") == [200, 24, 24]
    assert row(frame, "A", "支付", date=f"{D}02") == [100, 14, 14]
    assert row(frame, "B", "金额") == pytest.approx([210, 1470, 9 * 209 + 1470 * 7])
    assert row(frame, "A", "金额") == pytest.approx([100, 550, 4 * 99 + 550 * 5.5])  # the later moment states no spread
    assert [row(frame, v, "")[0] for v in "AB"] == [200, 210]


def test_what_only_units_tell_is_not_told_of_a_summary(tmp_path):
    data, trial, _ = one(tmp_path, SUMMARY)
    read = trials.read(data, trial)
    assert (read.health.units, read.health.both, read.health.missing, read.health.heaviest) == (None, None, (), {})
    assert read.trimmed.empty and trials.overlap(data, [trial, trial]).empty
