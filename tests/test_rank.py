"""The category rank that the platform states: whose it is, over which days, and what it is compared with."""

import datetime as dt

import pandas as pd
import pytest

from kit.analyses import rank
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import payload
from kit.tables import TABLES, frame
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
OWN = ("青禾", "青禾护肤旗舰店")


def rivals(*rows, table="rivals_period", source="sycm_brand_index"):
    """Rows as rival, first and last day, value and what else a case needs."""
    names = ("rival", "start", "end", "value", "rival_kind", "category", "channel", "metric")
    usual = {"rival_kind": "brand", "category": "面部精华", "channel": "", "metric": "rank"}
    given = [usual | dict(zip(names, row, strict=False)) for row in rows]
    columns = {n: [r[n] for r in given] for n in names if n not in ("start", "end")}
    days = {n: pd.to_datetime([r[n] for r in given]) for n in ("start", "end")}
    days = days if table == "rivals_period" else {"date": days["start"]}
    about = {"platform": "tmall", "shop": "tmall", "source": source, "rival_shop": ""}
    return frame(TABLES[table], {n: [v] * len(given) for n, v in about.items()} | columns | days)


def read(period=None, day=None):
    return rank.analyse(day, period, OWN, *NOV).ranks


MONTH = ("青禾", "2024-11-01", "2024-11-30", 9)
BEFORE = ("青禾", "2024-10-01", "2024-10-31", 12)


def test_the_rank_of_the_month_stands_beside_that_of_the_month_before():
    (one,) = read(rivals(MONTH, BEFORE))
    assert (one.place, one.days, one.before) == (9, NOV, ((dt.date(2024, 10, 1), dt.date(2024, 10, 31)), 12))
    (found,) = rank.show(rank.Result((one,))).findings
    assert found.verdict == Verdict.ROSE
    said = Words("zh").sentence(found.sentence, found.args)
    assert said == "2024年11月青禾在天猫面部精华排第9位，较2024年10月的第12位上升（生意参谋品牌排行）"


@pytest.mark.parametrize(
    ("then", "verdict"),
    [(12, Verdict.ROSE), (9, Verdict.LEVEL), (7, Verdict.FELL), (None, Verdict.UNJUDGED)],
)
def test_a_smaller_number_is_a_rise(then, verdict):
    rows = [MONTH] if then is None else [MONTH, (*BEFORE[:3], then)]
    assert rank.show(rank.Result(read(rivals(*rows)))).findings[0].verdict == verdict


@pytest.mark.parametrize(
    "row",
    [
        ("露倾", "2024-11-01", "2024-11-30", 2),
        ("青禾", "2024-10-01", "2024-10-31", 2),
        ("青禾", "2024-11-15", "2024-12-14", 2),
        ("青禾", "2024-11-01", "2024-11-30", 2, "item"),
        ("青禾", "2024-11-01", "2024-11-30", 2, "brand", "面部精华", "手淘搜索"),
        ("青禾", "2024-11-01", "2024-11-30", 0.2, "brand", "面部精华", "", "share"),
    ],
)
def test_others_ranks_other_months_and_what_is_no_rank_of_the_category_are_none(row):
    assert not read(rivals(row))


def test_a_day_compares_with_an_earlier_day_and_not_with_a_month():
    daily = rivals(("青禾", "2024-11-30", "2024-11-30", 8), ("青禾", "2024-11-12", "2024-11-12", 5), table="rivals")
    (one,) = read(rivals(BEFORE), daily)
    assert (one.place, one.before) == (8, ((dt.date(2024, 11, 12), dt.date(2024, 11, 12)), 5))


def test_of_spans_that_end_together_the_longest_is_told():
    (one,) = read(rivals(MONTH), rivals(("青禾", "2024-11-30", "2024-11-30", 4), table="rivals"))
    assert one.place == 9


def test_the_brand_comes_before_its_shop_whatever_their_places():
    shop = ("青禾护肤旗舰店", "2024-11-01", "2024-11-30", 3, "shop")
    assert [r.kind for r in read(rivals(shop, MONTH))] == ["brand", "shop"]


def test_without_a_rank_the_export_is_named():
    shown = rank.show(rank.analyse(None, None, OWN, *NOV))
    assert [m.tables for m in shown.missing] == [("rivals",)] and not shown.kpis


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("source", ["sycm_brand_index", "generic_rivals"])
def test_everything_shown_is_worded(locale, source):
    words = Words(locale)
    shown = rank.show(rank.analyse(None, rivals((*MONTH, "brand", ""), BEFORE, source=source), OWN, *NOV))
    assert all(words.sentence(f.sentence, f.args) for f in shown.findings)
    (kpi,) = shown.kpis
    assert payload(kpi)["value"] == {"value": 9, "unit": "rank"}
    assert words.label(kpi.label) and all(words.label(label) and words.value(arg) for label, arg in kpi.changes)
    assert words.label("question.review.rank") and words.label("bring.rivals")
