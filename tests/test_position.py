"""Position: relative size against growth, faster and slower only beyond the interval, no map without two windows."""

import datetime as dt

import pandas as pd
import pytest

from kit.analyses import position
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
THEN, NOW = "2024-10-28", "2024-11-30"
BRANDS = {"甲": 100.0, "乙": 60.0, "丙": 30.0, "青禾": 20.0}


def listings(growth=(), kind="rolling_30d", dates=(THEN, NOW)):
    """Eight listings a brand at one price; ``growth``: factors of a brand's counters at the last date, else 1.1."""
    grown = dict(growth)
    rows = [
        (date, brand, f"{brand}{n}", 50.0, units * (n + 1) * (grown.get(brand, 1.1) if date == dates[-1] else 1.0))
        for date in dates
        for brand, units in BRANDS.items()
        for n in range(8)
    ]
    table = pd.DataFrame(rows, columns=["date", "brand", "item_id", "price_page", "sales"])
    return table.assign(platform="tmall", shop="tmall", sales_kind=kind, date=pd.to_datetime(table["date"]))


def analysed(table, own=("青禾",), **more):
    return position.analyse(table, own, *NOV, **({"resamples": 100} | more))


def shown(table, **more):
    return position.show(analysed(table, **more))


def finding(table, **more):
    (found,) = shown(table, **more).findings
    return found


def said(piece, locale="zh"):
    return Words(locale).sentence(piece.sentence, piece.args)


def rows(table, **more):
    (chart,) = shown(table, **more).exhibits
    return {row[0]: row[1:] for row in chart.table.rows}


def test_size_is_relative_to_the_largest_other_brand_and_the_largest_to_the_second():
    found = {name: row[0] for name, row in rows(listings()).items()}
    assert found == pytest.approx({"甲": 100 / 60, "乙": 0.6, "丙": 0.3, "青禾": 0.2})


def test_growth_is_between_two_windows_and_the_cut_is_that_of_all_brands():
    table = listings({"青禾": 2.0})
    (chart,) = shown(table).exhibits
    assert rows(table)["青禾"][1] == pytest.approx(1.0) and rows(table)["甲"][1] == pytest.approx(0.1)
    assert chart.options["cuts"] == [1.0, pytest.approx((190 * 1.1 + 40) / 210 - 1)] and chart.options["highlight"] == [
        2
    ]


@pytest.mark.parametrize(
    ("growth", "verdict", "zh", "en"),
    [
        (
            {"青禾": 2.0}, Verdict.AHEAD,
            "青禾的估算销售额为甲的36.4%，较9月29日至10月28日+100%，快于跟踪品牌合计（+18.6%）",
            "青禾's estimated sales are 36.4% of 甲's and moved +100% on 29 Sep to 28 Oct, faster than the tracked brands together (+18.6%)",
        ),
        (
            {"青禾": 0.5}, Verdict.BEHIND,
            "青禾的估算销售额为甲的9.1%，较9月29日至10月28日−50.0%，慢于跟踪品牌合计（+4.3%）",
            "青禾's estimated sales are 9.1% of 甲's and moved −50.0% on 29 Sep to 28 Oct, slower than the tracked brands together (+4.3%)",
        ),
        (
            {}, Verdict.OPEN,
            "青禾的估算销售额为甲的20.0%，较9月29日至10月28日+10.0%，与跟踪品牌合计（+10.0%）分不出快慢",
            "青禾's estimated sales are 20.0% of 甲's and moved +10.0% on 29 Sep to 28 Oct, not told apart from the tracked brands together (+10.0%)",
        ),
    ],
)  # fmt: skip
def test_a_small_brand_is_faster_or_slower_only_beyond_its_interval(growth, verdict, zh, en):
    own = finding(listings(growth))
    assert own.verdict == verdict and (said(own), said(own, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("growth", "way"), [({"甲": 1.6}, "快于跟踪品牌合计"), ({"甲": 0.8}, "慢于跟踪品牌合计"), ({}, "分不出快慢")]
)
def test_a_large_brand_is_so_many_times_the_second(growth, way):
    own = finding(listings(growth), own=("甲",))
    assert said(own).startswith("甲的估算销售额为乙的") and "倍，较" in said(own) and way in said(own)
    assert "times 乙's" in said(own, "en")


def test_the_interval_of_growth_holds_it_and_is_the_evidence():
    table = listings({"青禾": 2.0})
    table.loc[(table["item_id"] == "青禾7") & (table["date"] == NOW), "sales"] *= 1.2
    own = finding(table)
    assert own.low < own.value < own.high and said(own.evidence).startswith("增长的95%联合区间")


def test_without_an_own_brand_the_field_is_told():
    field = finding(listings({"丙": 2.0, "乙": 0.5}), own=("别家",))
    assert field.sentence == "m.position.field.clear"
    assert said(field).startswith("4个跟踪品牌中，增长显著快于合计的有") and said(field, "en").startswith(
        "Of 4 tracked brands, "
    )


def test_the_own_brand_is_on_the_map_however_small_and_called_by_the_clients_name():
    (chart,) = shown(listings(), top=1, name={"zh": "青禾护肤", "en": "Qinghe"}).exhibits
    assert [row[0] for row in chart.table.rows] == ["甲", {"zh": "青禾护肤", "en": "Qinghe"}]
    assert chart.table.marks == {1: "own"} and chart.form == "bubble"


def test_a_brand_without_earlier_sales_is_named_as_off_the_map():
    table = listings()
    fresh = table[~((table["brand"] == "丙") & (table["date"] == THEN))]
    (chart,) = shown(fresh).exhibits
    assert "丙" not in [row[0] for row in chart.table.rows]
    assert said(chart.notes[-1]) == "丙没有可比的前一段销售额，不在图上"


@pytest.mark.parametrize(
    ("table", "zh"),
    [
        (listings(dates=(NOW,)), "只有一次，算不出增速"),
        (listings(dates=("2024-11-11", NOW)), "缺一次时间窗不重叠的更早快照"),
        (listings(kind="counter"), "时间窗不明"),
        (listings().assign(sales=float("nan")), "只有价格不能比体量和增速"),
        (listings().assign(price_page=float("nan")), "没有价格"),
        (listings()[lambda t: t["brand"] == "甲"], "可比的品牌太少"),
    ],
)
def test_without_two_windows_that_compare_there_is_no_map_and_that_is_said_in_words(table, zh):
    page = shown(table)
    (missing,) = page.missing
    assert page.findings == page.exhibits == () and zh in said(missing.reason)
    assert said(missing.reason, "en").endswith("positions are not judged")


def test_without_a_snapshot_in_the_period_the_days_there_are_are_named():
    (missing,) = shown(listings(dates=("2023-01-02", "2023-02-06"))).missing
    assert said(missing.reason).startswith("竞品快照只有2023年1月2日至2月6日的")
