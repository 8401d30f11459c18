"""What was changed on a day is held against what the days before lead to expect, and is weak evidence whatever it says."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from trialled import NONE_SHARED, PLAN, data, plans

from kit.analyses import abtest
from kit.analyses.abtest.change import Around, of_plan, ordinary, shop_days
from kit.analyses.abtest.declare import plan
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.findings import Exhibit
from kit.text import Words

TURN = dt.date(2024, 11, 4)
BEFORE_AFTER = {"allocation": "before-after", "planned_split": None, "planned_start": pd.Timestamp(TURN)}
RATE = 0.05


def rates(n, lift=0.0, after=14, seed=7):
    """Conversion by day: a week's shape, noise of 4%, and a lift from day ``n`` on."""
    noise = np.random.default_rng(seed).normal(0, 0.04, n + after)
    shape = 1 + 0.1 * np.cos(2 * np.pi * np.arange(n + after) / 7)
    return RATE * shape * np.exp(noise) * np.where(np.arange(n + after) >= n, 1 + lift, 1)


def own(n, lift=0.0, after=14, visitors=10000, both=False):
    """The rows of a test whose control has ``n`` days before the change and whose variant those from it on."""
    rows, whole = [], {"A": [0, 0, 0.0], "B": [0, 0, 0.0]}
    for at, rate in enumerate(rates(n, lift, after)):
        date = pd.Timestamp(TURN) + pd.Timedelta(days=at - n)
        for variant in ("AB" if both else "B") if at >= n else "A":
            k = round(visitors * rate)
            more = {"denominator": "visitors", "squares": float(k * k), "other": float(visitors), "date": date}
            more |= {"other_squares": float(visitors**2), "cross": float(k * visitors)}
            rows += [(variant, "buyers", 1, k, more), (variant, "visitors", 1, visitors, {"date": date})]
            whole[variant] = [a + b for a, b in zip(whole[variant], (1, k, k * k), strict=True)]
    for variant, (days, k, squares) in whole.items():
        n_all = float(days * visitors)
        more = {"denominator": "visitors", "squares": float(squares), "other": n_all}
        more |= {"other_squares": n_all * visitors, "cross": float(k * visitors)}
        rows += [(variant, "buyers", days, k, more), (variant, "visitors", days, n_all)]
    return rows


def shop(n, lift=0.0, after=14, name="main"):
    days = pd.date_range(pd.Timestamp(TURN) - pd.Timedelta(days=n), periods=n + after)
    values = rates(n, lift, after)
    return pd.DataFrame({"shop": name, "date": days, "visitors": 5000.0, "pay_buyers": np.round(5000 * values)})


def judged(rows=None, shops=None, promotions=None, **changes):
    found = [] if rows is None else [data(rows, by_unit=False, start=TURN, end=dt.date(2024, 11, 17))]
    span = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
    sheet = plans(BEFORE_AFTER | changes)
    return abtest.analyse(sheet, found, NONE_SHARED, *span, span[1], shops=shops, promotions=promotions)


def said(result, locale="zh"):
    first = abtest.show(result).findings[0]
    return Words(locale).sentence(first.sentence, first.args)


def test_the_estimate_and_its_range_hold_what_was_planted_and_it_stays_weak():
    (test,) = judged(own(84, 0.2)).tests
    lift, low, high = test.changes[0].lift
    assert low < 0.2 < high and low > 0 and lift == pytest.approx(0.2, abs=0.06)
    assert test.verdict == Verdict.WEAK == test.variants[0].decision.verdict


def test_without_an_effect_the_range_holds_zero():
    _, low, high = judged(own(84)).tests[0].changes[0].lift
    assert low < 0 < high


def test_it_is_called_weak_with_its_estimate_its_range_and_how_much_days_move_by_themselves():
    result = judged(own(84, 0.2))
    assert said(result).startswith("“首屏改版”只有改版前后对比：改后14天支付转化率比原本预期相对+")
    assert said(result).endswith("，证据偏弱，不作上线依据")
    assert "Weak evidence, no basis for shipping" in said(result, "en")
    first, second, *_ = abtest.show(result).findings
    assert first.low < first.value < first.high and (first.level, first.unit) == (0.95, "rate")
    assert second.sentence == "ab.placebos_clear" and second.args["n"].value == 4
    assert abtest.show(judged(own(84))).findings[1].sentence == "ab.placebos"


def test_too_few_days_before_are_said_so():
    result = judged(own(20, 0.2))
    assert result.tests[0].changes[0].found is None and result.tests[0].verdict == Verdict.WEAK
    assert said(result) == (
        "“首屏改版”只有改版前后对比，改版前可用的数据仅20天，不足28天，推算不出改版的影响；证据偏弱，不作上线依据"
    )


def test_a_past_too_short_for_all_days_after_speaks_of_the_first_of_them():
    (one,) = judged(own(30, 0.2)).tests[0].changes
    assert (one.before, one.days, one.end) == (30, 10, dt.date(2024, 11, 13))


def test_where_the_tests_own_days_are_too_few_the_shops_stand_in_and_that_is_said():
    result = judged(own(14, 0.2), shop(84, 0.1))
    (one,) = result.tests[0].changes
    assert (one.source, one.days) == ("shop", 14) and one.lift[1] < 0.1 < one.lift[2]
    made = next(e for e in abtest.show(result).exhibits if isinstance(e, Exhibit))
    assert "note.ab.change_shop" in {note.sentence for note in made.notes}


def test_a_plan_without_data_of_its_own_is_read_from_the_shops_days():
    result = judged(None, shop(84, 0.2))
    assert result.tests[0].verdict == Verdict.WEAK and result.tests[0].changes[0].lift[1] > 0
    assert "改后14天支付转化率比原本预期相对+" in said(result)


def test_a_plan_without_any_daily_figures_has_no_data():
    result = judged(None)
    assert (result.tests[0].verdict, result.tests[0].why) == (Verdict.NONE, "no_data")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (own(84, both=True), "新旧两版在同一天都有数据"),
        ([row for row in own(84) if "2024-11-06" not in str(row[4].get("date") if len(row) > 4 else "")], "改版后有几天没有数据"),
    ],
)  # fmt: skip
def test_what_makes_an_estimate_impossible_is_said(rows, why):
    assert why in said(judged(rows))


def test_promotions_are_no_ordinary_days_and_one_after_the_change_is_said():
    event = {"platform": "tmall", "event": "double_11", "kind": "sale", "year": 2024, "certainty": "official"}
    event |= {"event_zh": "双11", "event_en": "Double 11"}
    rows = [event | {"start": pd.Timestamp("2024-11-09"), "end": pd.Timestamp("2024-11-11")}]
    calendar = pd.DataFrame(rows)
    days = [dt.date(2024, 11, 8) + dt.timedelta(n) for n in range(5)]
    assert ordinary(days, calendar).tolist() == [True, False, False, False, True]
    assert ordinary(days, None).all()
    result = judged(own(84), promotions=calendar)
    notes = [n.sentence for e in abtest.show(result).exhibits if isinstance(e, Exhibit) for n in e.notes]
    assert "note.ab.change_promoted" in notes


def test_the_shops_days_are_ratios_of_all_shops_that_state_them():
    both = pd.concat([shop(2, after=1).assign(pay_buyers=100.0), shop(2, after=1, name="b").assign(pay_buyers=400.0)])
    both.loc[(both["shop"] == "b") & (both["date"] == "2024-11-03"), "visitors"] = np.nan
    assert shop_days("", ("buyers", "visitors"), both, False) == {
        dt.date(2024, 11, 2): 0.05, dt.date(2024, 11, 4): 0.05,
    }  # fmt: skip
    assert shop_days("b", ("buyers", ""), both, False)[TURN] == 400.0
    assert shop_days("main", ("bought", ""), both, True)[TURN] == 0.02
    assert shop_days("main", ("scrolled", ""), both, True) == {}


def test_only_changes_on_a_day_are_read_from_the_shop():
    around = Around(shop(84))
    assert of_plan(plan(PLAN), around) == ()
    assert of_plan(plan(PLAN | BEFORE_AFTER | {"primary_metric": "scrolled"}), around) == ()


def test_a_test_of_one_version_or_without_days_is_read_from_the_shops_days_from_the_planned_start_on():
    alone = [row for row in own(84, 0.2) if row[0] == "B"]
    undated = [row for row in own(84, 0.2) if len(row) < 5 or "date" not in row[4]]
    for rows in (alone, undated):
        (one,) = judged(rows, shop(84, 0.2)).tests[0].changes
        assert (one.source, one.start, one.days) == ("shop", TURN, 14) and one.lift[1] > 0


def test_an_amount_of_money_is_held_against_the_same_money_of_days_before():
    shops = shop(84, 0.2).assign(pay_amount=lambda f: f["pay_buyers"] * 90.0)
    (one,) = judged(None, shops, primary_metric="gmv").tests[0].changes
    assert one.pair == ("gmv", "") and one.lift[1] < 0.2 < one.lift[2] and one.found.parts[0].observed > 1e5


def test_everything_is_worded_and_drawn_in_both_languages():
    for result in (judged(own(84, 0.2)), judged(own(40, 0.2)), judged(None, shop(84, 0.2))):
        page = abtest.show(result)
        made = [e for e in page.exhibits if isinstance(e, Exhibit)]
        assert {e.form for e in made} >= {"intervals", "line"} and all(e.findings for e in made)
        for words in (Words("zh"), Words("en")):
            pieces = [
                *page.findings,
                *(f.evidence for f in page.findings if f.evidence),
                *(n for e in made for n in e.notes),
            ]
            assert all(words.sentence(piece.sentence, piece.args) for piece in pieces)
            assert all(words.label(column.label) for e in made for column in e.table.columns)
            assert all(words.label(row[0]) for e in made if e.form == "intervals" for row in e.table.rows)


def test_a_further_version_is_held_against_the_first_and_the_days_between_are_left_out():
    first, third = own(84, 0.2), own(98, 0.4)
    later = [("C", *row[1:]) for row in third if row[0] == "B" and len(row) > 4 and "date" in row[4]]
    moved = [(*row[:4], row[4] | {"date": row[4]["date"] + pd.Timedelta(days=14)}) for row in later]
    whole = [("C", *row[1:]) for row in third if row[0] == "B" and (len(row) < 5 or "date" not in row[4])]
    b, c = judged([*first, *moved, *whole]).tests[0].changes
    assert (b.variant, b.before, b.start) == ("B", 84, TURN) and b.lift[1] < 0.2 < b.lift[2]
    assert (c.variant, c.before, c.start) == ("C", 84, TURN + dt.timedelta(14)) and c.lift[1] < 0.4 < c.lift[2]
