"""Every verdict has its sentence in both languages, every number said stands in an exhibit, and words keep the rules."""

import ast
import datetime as dt
import json
import re
from dataclasses import replace
from statistics import NormalDist

import pandas as pd
import pytest
from trialled import END, NONE_SHARED, START, by_day, data, plans, rotated, shares, sums

from kit import catalogue, faults
from kit.analyses import abtest
from kit.analyses.abtest import more
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.findings import Exhibit, Heading, payload
from kit.text import Words

GOOD = {"A": (14000, 700), "B": (14000, 900)}
NULL = {"A": (60000, 6000), "B": (60000, 6010)}
OPEN = {"A": (1400, 70), "B": (1400, 90)}
EVEN = {"A": (14000, 700), "B": (14000, 705)}


def money(a, b, n=14000):
    return [("A", "revenue", n, a, {"squares": a * 300.0}), ("B", "revenue", n, b, {"squares": b * 300.0})]


BEFORE = {"denominator": "pre_revenue", "squares": 9e6, "other": 90000.0, "other_squares": 9e6, "cross": 6e6}
GUARDED = {"guardrail_metrics": "value_per_visitor", "margin": 0.02}


def side_by_side(a, b, visitors=1000):
    """Rows of days on which both versions ran, with so many clicks each."""
    rows = []
    for at, clicks in enumerate(zip(a, b, strict=True)):
        for v, x in zip("AB", clicks, strict=True):
            for top, bottom, p, q in (("clicks", "visitors", x, visitors), ("visitors", "clicks", visitors, x)):
                own = {"denominator": bottom, "squares": p * p, "other": q, "other_squares": q * q, "cross": p * q}
                rows.append((v, top, 1, p, own | {"date": pd.Timestamp(2024, 11, 4) + pd.Timedelta(days=at)}))
    keys = ["variant", "metric", "denominator"]
    whole = sums(*rows).groupby(keys)[["units", "total", "squares", "other", "other_squares", "cross"]].sum()
    more = [(v, m, int(r.units), r.total, {"denominator": d, **r.iloc[2:]}) for (v, m, d), r in whole.iterrows()]
    return [*rows, *more]


def worn_off():
    """A week in which B does better, and one in which it does not."""
    arms = {"A": [50] * 14, "B": [90] * 7 + [46] * 7}
    rows = shares({v: (1000 * len(bought), sum(bought)) for v, bought in arms.items()})
    for at in range(14):
        day = pd.Timestamp(2024, 11, 4) + pd.Timedelta(days=at)
        rows += shares({v: (1000, bought[at]) for v, bought in arms.items()}, date=day)
    return rows


DAILY = {"by_unit": False}
GOES_ON = {"planned_end": pd.Timestamp("2024-12-10"), "analysis": "sequential"}
CASES = {
    "ship": ([*by_day(GOOD), *money(90000.0, 115000.0)], {"decision_cost": 5000.0}, {}),
    "worse": (by_day({"A": (14000, 900), "B": (14000, 700)}), {}, {}),
    "same": (by_day(NULL), {}, {}),
    "undecided": (by_day(EVEN), {"mde": None}, {}),
    "underpowered": (by_day(OPEN), {}, {}),
    "running": (by_day(GOOD), {"planned_end": pd.Timestamp("2024-12-10")}, {}),
    "sequential": (by_day(EVEN), {"planned_end": pd.Timestamp("2024-12-10"), "analysis": "sequential"}, {}),
    "srm": (by_day({"A": (15000, 700), "B": (14000, 900)}), {}, {}),
    "srm_warn": (by_day({"A": (14450, 700), "B": (14000, 900)}), {}, {}),
    "both": (by_day(GOOD), {}, {"both": 90}),
    "week": (by_day(GOOD, 4), {}, {}),
    "guardrail": ([*by_day(GOOD), *money(90000.0, 60000.0)], GUARDED, {}),
    "guardrail_bare": ([*by_day(GOOD), *money(90000.0, 60000.0)], GUARDED | {"margin": None}, {}),
    "guardrail_open": ([*by_day(GOOD), *money(90000.0, 89000.0)], GUARDED, {}),
    "guardrail_kept": ([*by_day(GOOD), *money(90000.0, 120000.0)], GUARDED, {}),
    "looks": (by_day(GOOD), {"looks": 3}, {}),
    "tool": (by_day(GOOD), {"allocation": "platform-optimised"}, {}),
    "unsaid": (by_day(GOOD), {"allocation": None}, {}),
    "before_after": (by_day(GOOD), {"allocation": "before-after"}, {}),
    "zero": (by_day({"A": (900, 0), "B": (900, 0)}), {}, {}),
    "few": (shares({"A": (900, 1), "B": (900, 12)}), {}, {}),
    "guardrail_missing": (by_day(GOOD), GUARDED | {"guardrail_metrics": "refund_rate"}, {}),
    "stopped": (by_day(GOOD, 8), {}, {}),
    "groups": (
        [
            *by_day(GOOD),
            *shares({"A": (3000, 300), "B": (8000, 300)}, segment="人群", segment_value="新客"),
            *shares({"A": (11000, 400), "B": (6000, 600)}, segment="人群", segment_value="老客"),
        ],
        {},
        {},
    ),
    "first_days": (by_day(GOOD, 5), GOES_ON, {}),
    "running_guard": ([*by_day(GOOD), *money(90000.0, 89000.0)], GUARDED | GOES_ON, {}),
    "running_missing": (by_day(GOOD), GUARDED | GOES_ON, {}),
    "prices": (by_day(GOOD), {"hypothesis": "售价89元卖得更多"}, {}),
    "no_lift": (
        [("A", "revenue", 400, 40.0, {"squares": 9e4}), ("B", "revenue", 400, 9000.0, {"squares": 9e5}), *by_day(GOOD)],
        {"primary_metric": "value_per_visitor"},
        {},
    ),
    "no_lift_open": (
        [("A", "revenue", 400, 40.0, {"squares": 9e4}), ("B", "revenue", 400, 90.0, {"squares": 9e4}), *by_day(GOOD)],
        {"primary_metric": "value_per_visitor"},
        {},
    ),
    "rotation_no_lift": (
        rotated({"A": {"clicks": 0}, "B": {"clicks": 50}}),
        {"primary_metric": "ctr", "allocation": "rotation", "unit": "day", "planned_split": None},
        DAILY,
    ),
    "daily": (
        side_by_side([50, 55, 48, 52, 49, 51, 50], [53, 50, 52, 55, 47, 56, 54]),
        {"primary_metric": "ctr", "planned_end": pd.Timestamp("2024-11-10")},
        DAILY,
    ),
    "described_no_lift": (
        by_day({"A": (14000, 0), "B": (14000, 900)}),
        {"allocation": "platform-optimised"},
        {},
    ),
    "guardrail_no_lift": (
        [*by_day(GOOD), ("A", "extra", 400, 40.0, {"squares": 9e4}), ("B", "extra", 400, 9000.0, {"squares": 9e5})],
        {"primary_metric": "extra"} | GUARDED | {"guardrail_metrics": "refund_rate"},
        {},
    ),
    "own_metric": ([*by_day(GOOD, metric="scrolled"), *shares(GOOD, "extra")], {"primary_metric": "scrolled"}, {}),
    "segments": (
        [
            *by_day(GOOD),
            *shares({"A": (7000, 300), "B": (7000, 300)}, segment="人群", segment_value="新客"),
            *shares({"A": (7000, 400), "B": (7000, 600)}, segment="人群", segment_value=""),
        ],
        {},
        {},
    ),
    "money_less": ([*by_day(GOOD), *money(115000.0, 90000.0)], {}, {}),
    "running_loses": ([*by_day(GOOD), *money(150000.0, 60000.0)], GOES_ON, {}),
    "faded": (worn_off(), {}, {}),
    "running_faded": (worn_off(), GOES_ON, {}),
    "money_open": ([*by_day(GOOD), *money(100000.0, 100500.0)], {}, {}),
    "steadied": (
        [
            *by_day(GOOD),
            *(("A", "revenue", 14000, 90000.0, BEFORE), ("B", "revenue", 14000, 99000.0, BEFORE)),
            *(("A", "revenue", 14000, 90000.0, {"squares": 9e6}), ("B", "revenue", 14000, 99000.0, {"squares": 9e6})),
        ],
        {"primary_metric": "value_per_visitor"},
        {},
    ),
    "one_alike": (
        [*by_day(GOOD), ("A", "revenue", 14000, 90000.0, {"squares": 9e6}), ("B", "revenue", 14000, 0.0)],
        {},
        {},
    ),
    "level": (by_day({"A": (60000, 6000), "B": (60000, 6000)}), {}, {}),
    "three": (by_day(GOOD | {"新版 2": (14000, 800)}), {"planned_split": "A:1,B:1,新版 2:1"}, {}),
}


def result(name, cutoff=END):
    rows, changes, health = CASES[name]
    return abtest.analyse(plans(changes), [data(rows, **health)], NONE_SHARED, START, END, cutoff)


@pytest.fixture(scope="module")
def pages():
    made = {}
    for name in CASES:
        found = result(name)
        made[name] = (abtest.overview(found), abtest.show(found), abtest.numbers(found))
    return made


def pieces(page):
    notes = [n for e in page.exhibits if isinstance(e, Exhibit) for n in e.notes]
    notes += [n for f in page.findings for n in (f.evidence, f.action) if n]
    return [*page.findings, *notes]


def sentence(pages, name, words, key="abtest.page."):
    """The verdict of the (first) variant."""
    found = next(f for f in pages[name][1].findings if f.key.startswith(key))
    return words.sentence(found.sentence, found.args)


SAID = {
    "ship": ("“首屏改版”B版胜出：支付转化率相对+28.6%", "B wins “首屏改版”: conversion rate +28.6% relative"),
    "worse": ("“首屏改版”B版更差：支付转化率相对−22.2%", "B did worse in “首屏改版”: conversion rate −22.2% relative"),
    "same": (
        "“首屏改版”B与A没有实际差别：支付转化率相对+0.2%",
        "No practical difference between B and A in “首屏改版”",
    ),
    "undecided": ("“首屏改版”B与A分不出高下：支付转化率可排除相对超过", "B and A of “首屏改版” cannot be told apart"),
    "underpowered": (
        "“首屏改版”B版样本不够：只测得出支付转化率相对",
        "The sample of B in “首屏改版” is too small to tell: it could detect",
    ),
    "running": ("“首屏改版”跑到2024年12月10日再看：样本已到", "Keep “首屏改版” running until 10 Dec 2024:"),
    "sequential": ("“首屏改版”还分不出高下，到2024年12月10日收尾", "“首屏改版” is still open and ends by 10 Dec 2024"),
    "srm": ("“首屏改版”分流异常（B版计划占50.0%，实际48.3%）", "The split of “首屏改版” broke (B was planned at 50.0%"),
    "both": ("“首屏改版”有9.00%的用户进过不止一个版本", "9.00% of the units in “首屏改版” saw more than one version"),
    "week": ("“首屏改版”只有4天数据，不满一周", "“首屏改版” has 4 days of data, less than a week"),
    "guardrail": (
        "“首屏改版”B版暂不上线：UV价值相对恶化33.3%，超过约定的2.0%",
        "Do not ship B of “首屏改版”: value per visitor",
    ),
    "guardrail_bare": (
        "“首屏改版”B版暂不上线：护栏指标UV价值相对恶化33.3%",
        "the guardrail value per visitor worsened by 33.3%",
    ),
    "guardrail_open": (
        "但尚不能排除UV价值恶化超过2.0%，先保持小流量",
        "a worsening of value per visitor beyond 2.0% is not ruled out",
    ),
    "looks": (
        "“首屏改版”到期前看过3次数据，误报风险由5.0%升至约12.6%",
        "was read 3 times early, lifting the false-alarm risk",
    ),
    "guardrail_missing": (
        "但数据里没有护栏退款率，补上之前先保持小流量",
        "the data lack the guardrail refund rate: stay on a small share of traffic",
    ),
    "stopped": (
        "“首屏改版”的数据比计划早停6天（到2024年11月11日为止）",
        "The data of “首屏改版” stop 6 days before its plan (on 11 Nov 2024)",
    ),
    "groups": (
        "“首屏改版”各版的人群构成不同（“新客”在A版占21.4%，在B版占57.1%）",
        "The versions of “首屏改版” hold different people (“新客” is 21.4% of A and 57.1% of B)",
    ),
    "first_days": (
        "“首屏改版”才有5天数据，B版支付转化率相对+28.6%；跑满一周再定，到2024年12月10日收尾",
        "“首屏改版” has 5 days of data, in which B moved conversion rate by +28.6% relative: decide once",
    ),
    "running_guard": (
        "B版支付转化率相对+28.6%，但尚不能排除UV价值恶化超过2.0%，跑到2024年12月10日再看",
        "a worsening of value per visitor beyond 2.0% is not ruled out: keep it running until 10 Dec 2024",
    ),
    "running_missing": (
        "但数据里没有护栏UV价值；补上它，到2024年12月10日收尾",
        "the data lack the guardrail value per visitor: bring it, and end by 10 Dec 2024",
    ),
    "prices": (
        "“首屏改版”B版胜出：支付转化率相对+28.6%（+16.8%至+41.5%）；价格展示经法务确认前不放量",
        "Do not roll it out before legal clears the prices",
    ),
    "money_less": (
        "B版支付转化率相对+28.6%，但每一万个访客少收￥1.79万；先定以哪个为准，暂不放量",
        "but brings ¥17.9k less per ten thousand visitors: settle which of the two counts before any roll-out",
    ),
    "running_loses": (
        "但每一万个访客少收￥6.43万；先定以哪个为准，暂不放量",
        "but brings ¥64.3k less per ten thousand visitors: settle which",
    ),
    "faded": (
        "B版支付转化率相对+36.0%，但效果没有保持：前7天+80.0%，后7天−8.0%；再测一轮，暂不放量",
        "but the effect did not last: +80.0% in the first 7 days, −8.0% in the last 7",
    ),
    "running_faded": (
        "但效果没有保持：前7天+80.0%，后7天−8.0%；跑到2024年12月10日再看",
        "−8.0% in the last 7. Keep it running until 10 Dec 2024",
    ),
    "tool": ("“首屏改版”平台边跑边把流量给领先者", "In “首屏改版” the ad tool moved traffic to the leader"),
    "unsaid": ("“首屏改版”没有写明怎样分给各版本", "How “首屏改版” was allocated is not stated"),
    "before_after": ("“首屏改版”只有改版前后对比", "“首屏改版” compares before and after only"),
    "zero": ("“首屏改版”两版的支付转化率都是零，无从比较", "Neither version of “首屏改版” has any conversion rate"),
    "few": ("“首屏改版”B版胜出", "B wins “首屏改版”"),
    "no_lift": ("“首屏改版”B版胜出：UV价值+￥22.40", "B wins “首屏改版”: value per visitor +¥22.40"),
    "no_lift_open": (
        "“首屏改版”B与A分不出高下：UV价值相差+￥0.13",
        "cannot be told apart: value per visitor differs by",
    ),
    "rotation_no_lift": (
        "“首屏改版”按天轮换14天，B版点击率+5.00个百分点（",
        "Rotated over 14 days, B of “首屏改版” shows click-through rate +5.00 points (",
    ),
    "described_no_lift": (
        "B与A的支付转化率相差+6.43个百分点，只作描述",
        "B and A differ by +6.43 points in conversion rate",
    ),
    "guardrail_no_lift": (
        "B版extra+22.40，但数据里没有护栏退款率",
        "B of “首屏改版” moved extra by +22.40, but the data lack",
    ),
    "own_metric": ("“首屏改版”B版胜出：scrolled相对", "B wins “首屏改版”: scrolled"),
    "three": ("“首屏改版”B版胜出", "B wins “首屏改版”"),
    "level": ("没有实际差别：支付转化率相对0%，整个范围", "conversion rate 0% relative, with the whole range"),
}


@pytest.mark.parametrize("name", SAID)
def test_each_verdict_has_its_one_sentence(pages, name):
    for words, said in zip((Words("zh"), Words("en")), SAID[name], strict=True):
        assert said in sentence(pages, name, words)


@pytest.mark.parametrize("name", CASES)
def test_everything_is_worded_in_both_languages_within_the_rules(pages, name):
    names = ("首屏改版", "scrolled", "extra", "新版 2", "售价89元卖得更多")
    for locale in ("zh", "en"):
        words = Words(locale)
        for page in pages[name]:
            for piece in pieces(page):
                text = words.sentence(piece.sentence, piece.args)
                broken = faults.faults(text, locale, clear=True, names=names)
                assert not set(broken) - {"digits", "punctuation", "space"}, text
            for exhibit in (e for e in page.exhibits if isinstance(e, Exhibit)):
                for n, column in enumerate(exhibit.table.columns):
                    assert words.label(column.label)
                    cells = [payload(exhibit)["table"]["rows"][r][n] for r in range(len(exhibit.table.rows))]
                    assert words.column(cells, column.unit)
            for finding in page.findings:
                assert finding.method is None or words.label(f"{finding.method}.term")
                assert finding.method is None or words.label(f"{finding.method}.text")


@pytest.mark.parametrize("name", CASES)
def test_keys_are_unique_slugs_and_exhibits_and_findings_name_each_other(pages, name):
    found = [f for page in pages[name] for f in page.findings]
    made = [e for page in pages[name] for e in page.exhibits if isinstance(e, Exhibit)]
    keys, exhibits = [f.key for f in found], [e.key for e in made]
    assert len({*keys}) == len(keys) and len({*exhibits}) == len(exhibits)
    assert all(re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", key) for key in keys + exhibits)
    assert {f.exhibit for f in found} - {None} <= {*exhibits}
    assert all(e.findings and {*e.findings} <= {*keys} for e in made)


@pytest.mark.parametrize("name", CASES)
def test_everything_is_json_without_nan_and_every_number_said_stands_in_an_exhibit(pages, name):
    shown = [payload(e) for page in pages[name] for e in page.exhibits]
    text = json.dumps(shown, allow_nan=False).replace("-", "")
    for page in pages[name]:
        json.dumps([payload(f) for f in page.findings], allow_nan=False)
        for piece in page.findings:
            for key, arg in ((k, a) for k, a in piece.args.items() if not isinstance(a, list)):
                if isinstance(arg.value, float) and key not in ("infl", "alpha", "a_s", "b_s", "f", "rate"):
                    assert repr(abs(arg.value)) in text, f"{piece.key} {key}={arg.value}"


def test_no_number_stands_beside_data_that_are_unsound_or_a_plan_that_is_not_over(pages):
    for name in ("srm", "both", "week", "running", "zero"):
        (verdict, *_) = pages[name][1].findings
        assert (verdict.value, verdict.low, verdict.p_value, verdict.evidence) == (None,) * 4
        forms = {e.form for e in pages[name][1].exhibits if isinstance(e, Exhibit)}
        assert forms == {"table"} and "abtest.numbers" not in {f.key for f in pages[name][2].findings}


def test_a_split_that_is_slightly_off_stands_beside_the_verdict_and_cannot_be_hidden(pages):
    found = next(f for f in pages["srm_warn"][1].findings if f.sentence == "ab.srm_warn")
    assert (found.severity, found.unsound, pages["srm_warn"][1].findings[0].verdict) == ("high", True, "ship")
    assert "分流略偏（B版计划占50.0%，实际49.2%），结论待复核" in Words("zh").sentence(found.sentence, found.args)
    assert not [f for f in pages["ship"][1].findings if f.sentence == "ab.srm_warn"]


def test_a_second_winner_gives_way_to_the_larger(pages):
    said = sentence(pages, "three", Words("zh"), "abtest.page.pay_cvr.u65b0")
    assert said.startswith("“首屏改版”新版 2版也好于A版（支付转化率相对+14.3%") and said.endswith("不及B版；先上B版")


def test_a_verdict_of_unsound_data_cannot_be_hidden(pages):
    assert all(pages[name][1].findings[0].unsound for name in ("srm", "both", "week"))
    assert not pages["ship"][1].findings[0].unsound


def test_value_and_baseline_are_the_difference_and_the_control_in_the_metrics_unit(pages):
    found = pages["ship"][1].findings[0]
    assert (found.unit, found.baseline) == ("rate", 0.05)
    assert found.value / found.baseline == pytest.approx(200 / 700) and 0 < found.low < found.value < found.high


def test_a_test_stands_below_its_name(pages):
    made = pages["ship"][1].exhibits
    assert isinstance(made[0], Heading) and made[0].text.value == "首屏改版"


def test_the_practical_margin_is_drawn_and_every_interval_to_its_ends(pages):
    forest = next(e for e in pages["ship"][1].exhibits if isinstance(e, Exhibit))
    assert forest.options["band"] == [-0.1, 0.1] and forest.options["whole"] and forest.options["highlight"] == [0]


def test_small_counts_have_the_exact_test_beside_them(pages):
    forest = next(e for e in pages["few"][1].exhibits if isinstance(e, Exhibit))
    (note,) = [n for n in forest.notes if n.sentence == "note.ab.fisher"]
    assert note.args["value"].value == pytest.approx(0.0033, abs=1e-3)


def test_prices_shown_differently_are_a_compliance_warning_whatever_the_result(pages):
    (found,) = [f for f in pages["prices"][1].findings if f.sentence == "ab.price"]
    assert (found.severity, found.kind, found.action is not None) == ("high", "threat", True)
    assert not [f for f in pages["ship"][1].findings if f.sentence == "ab.price"]


def test_a_winning_price_is_cleared_first_and_not_rolled_out_beside_it(pages):
    actions = [f.action.sentence for f in pages["prices"][1].findings if f.action]
    assert pages["prices"][1].findings[0].verdict == "ship" and actions == ["ab.do.price"]


def test_a_winner_is_rolled_out_in_steps_and_watched(pages):
    action = pages["guardrail_kept"][1].findings[0].action
    said = Words("zh").sentence(action.sentence, action.args)
    assert said == "“首屏改版”B版先放到50.0%的流量，跑满7天，同时看UV价值；没有越限再全量"
    bare = pages["ship"][1].findings[0].action
    assert Words("zh").sentence(bare.sentence, bare.args).endswith("同时看退款率，再定是否全量"), "no limit was agreed"


@pytest.mark.parametrize(("split", "share"), [("90:10", 0.25), ("60:40", 0.4), ("50:50", 0.5)])
def test_a_winner_is_given_no_less_traffic_than_it_had(split, share):
    a, b = (int(part) * 280 for part in split.split(":"))
    rows = by_day({"A": (a, a // 20), "B": (b, b // 12)})
    made = abtest.analyse(plans({"planned_split": split}), [data(rows)], NONE_SHARED, START, END, END)
    assert abtest.show(made).findings[0].action.args["share"].value == pytest.approx(share)


@pytest.mark.parametrize(
    ("name", "said", "note"),
    [
        ("ship", "B版每月约多收￥10.7万（", set()),
        ("money_less", "B版每月约少收￥10.7万（", {"note.ab.money_against"}),
        ("money_open", "B版每月的金额分不出正负（−", {"note.ab.money_unconfirmed"}),
    ],
)
def test_money_says_more_less_or_open_and_whether_it_confirms_a_verdict(pages, name, said, note):
    found = next(f for f in pages[name][1].findings if f.key == "abtest.page.money.b")
    assert said in Words("zh").sentence(found.sentence, found.args)
    (exhibit,) = [e for e in pages[name][1].exhibits if isinstance(e, Exhibit) and e.key == found.exhibit]
    unlike = {"note.ab.money_unconfirmed", "note.ab.money_against"}
    assert unlike & {told.sentence for told in exhibit.notes} == note


def test_less_revenue_than_was_agreed_to_be_lost_holds_nothing_back():
    rows = [*by_day(GOOD), *((v, "revenue", 14000, total, {"squares": 9e5}) for v, total in (("A", 9e4), ("B", 8.8e4)))]
    for margin, verdict in ((0.05, "ship"), (None, "dont_ship")):
        plan = {"guardrail_metrics": "value_per_visitor", "margin": margin}
        made = abtest.analyse(plans(plan), [data(rows)], NONE_SHARED, START, END, END).tests[0]
        assert made.variants[0].money.sign == -1 and made.verdict == verdict


def test_a_guardrail_that_is_broken_is_told_by_its_own_values(pages):
    found = pages["guardrail"][1].findings[0]
    assert Words("zh").sentence(found.evidence.sentence, found.evidence.args).startswith("A版￥6.43，B版￥4.29")
    assert found.baseline == pytest.approx(0.05), "the machine's numbers are those of the deciding metric"


def test_what_a_winner_made_worse_is_watched_in_its_roll_out():
    rows = [*by_day(GOOD), *shares({"A": (14000, 1400), "B": (14000, 1200)}, "carted")]
    made = abtest.show(abtest.analyse(plans(), [data(rows)], NONE_SHARED, START, END, END)).findings[0]
    assert made.verdict == "ship" and [w.value for w in made.action.args["watch"]] == ["ab.metric.cart_rate"]


def test_a_test_that_was_looked_at_early_is_told_what_to_do_next(pages):
    action = pages["looks"][1].findings[0].action
    assert "到期前不看数" in Words("zh").sentence(action.sentence, action.args)


def test_no_difference_is_a_number_beside_its_range(pages):
    evidence = pages["level"][1].findings[0].evidence
    assert "相差0个百分点（95%区间−" in Words("zh").sentence(evidence.sentence, evidence.args)


def test_values_that_were_adjusted_are_called_so(pages):
    evidence = pages["steadied"][1].findings[0].evidence
    assert Words("zh").sentence(evidence.sentence, evidence.args).startswith("校正后A版￥")
    table = next(e for e in pages["steadied"][2].exhibits if e.key == "abtest.numbers")
    assert "note.ab.numbers_steadied" in {note.sentence for note in table.notes}
    assert "method.ab.cuped" in {f.method for f in pages["steadied"][2].findings}


def test_a_metric_without_percentage_or_interval_has_the_reason_below_the_drawing(pages):
    forest = next(e for e in pages["one_alike"][1].exhibits if isinstance(e, Exhibit))
    (note,) = [n for n in forest.notes if n.sentence == "note.ab.nolift"]
    assert Words("zh").sentence(note.sentence, note.args).startswith("UV价值：有一版内部的数值完全一样，不报百分比")
    assert Words("en").sentence(note.sentence, note.args).startswith("Value per visitor: all values within one version")


def test_a_single_day_that_can_be_told_is_no_path_to_draw():
    """Under thirty units an arm no interval is valid at any time; the last day is the planned reading."""
    rows = by_day({"A": (28, 12), "B": (28, 16)})
    found = abtest.analyse(plans(), [data(rows)], NONE_SHARED, START, END, END)
    (one,) = found.tests[0].variants
    assert [look.lift_low is not None for _, look in one.looks] == [False] * 13 + [True]
    assert "effect_path" not in {e.form for e in abtest.show(found).exhibits if isinstance(e, Exhibit)}


def test_every_test_that_was_made_is_explained(pages):
    made = {f.method for f in pages["guardrail_kept"][2].findings}
    assert {"method.ab.score", "method.ab.welch", "method.ab.sequence", "method.ab.many"} <= made


def test_a_guardrail_held_to_its_margin_has_the_p_of_that_margin(pages):
    kept, bare = (
        next(f for f in pages[name][1].findings if f.key == "abtest.page.value_per_visitor.b")
        for name in ("guardrail_kept", "guardrail_bare")
    )
    control, variant, units = 90000.0, 120000.0, 14000
    spread = [(amount * 300 - amount**2 / units) / (units - 1) for amount in (control, variant)]
    error = ((spread[1] + (1 - GUARDED["margin"]) ** 2 * spread[0]) / units) ** 0.5
    off = (variant - (1 - GUARDED["margin"]) * control) / units
    assert kept.p_value == pytest.approx(NormalDist().cdf(-off / error), rel=0.01)
    assert bare.p_value < 0.05, "without one it is that of no difference"


def test_a_control_near_zero_has_no_expected_loss_as_a_part_of_it(pages):
    assert not [f for f in pages["no_lift_open"][2].findings if f.key == "abtest.reading"]


# ---- several tests ---------------------------------------------------------------------------------------------


def programme(arms, **more):
    """A programme of tests by name, each of these arms."""
    changes = [{"experiment": name, "key": name} | more for name in arms]
    found = [data(by_day(own), name=name) for name, own in arms.items()]
    return abtest.analyse(plans(*changes), found, NONE_SHARED, START, END, END)


def test_wins_stand_beside_those_that_chance_would_make():
    found = programme({f"t{n}": NULL for n in range(3)} | {"t4": GOOD})
    assert (found.programme.tests, found.programme.won) == (4, 1)
    assert found.programme.by_chance == pytest.approx(4 * 0.025)
    first = abtest.overview(found).findings[0]
    assert (
        Words("zh").sentence(first.sentence, first.args)
        == "4个测试中4个可判定，1个建议采用；若全无效果，平均误报不足一个"
    )


def test_only_a_difference_that_a_verdict_claims_can_stand():
    found = programme({"t0": NULL, "t1": GOOD, "t2": GOOD})
    page = abtest.overview(found)
    table = next(e for e in page.exhibits if e.key == "abtest.all").table
    assert [row[-1] for row in table.rows] == [None, "ab.stands.yes", "ab.stands.yes"]
    said = next(f for f in page.findings if f.key == "abtest.discovery")
    assert (said.args["n"].value, said.args["k"].value) == (2, 2)


def test_what_stands_alone_may_not_stand_among_many():
    """One p of 0.02 among twenty is what chance makes."""
    alone = {"A": (14000, 700), "B": (14000, 790)}
    crowd = programme({"t0": alone} | {f"t{n}": EVEN for n in range(1, 20)}, mde=None)
    assert programme({"t0": alone}, mde=None).programme.stands == {("t0", "B"): True}
    assert crowd.tests[0].verdict == Verdict.SHIP and crowd.programme.stands["t0", "B"] is False


@pytest.mark.parametrize(("share", "said"), [(0.3, "ab.overlap"), (0.0, None), (0.01, None), (None, "ab.overlap_days")])
def test_tests_on_the_same_units_are_said_to_touch(share, said):
    shared = pd.DataFrame([("t0", "t1", 900, share)], columns=["a", "b", "units", "share"])
    shared = shared if share is not None else shared.iloc[:0]
    changes = [{"experiment": name, "key": name} for name in ("t0", "t1")]
    found = [data(by_day(GOOD), name=name) for name in ("t0", "t1")]
    page = abtest.overview(abtest.analyse(plans(*changes), found, shared, START, END, END))
    assert [f.sentence for f in page.findings if f.sentence.startswith("ab.overlap")] == ([said] if said else [])


def test_tests_of_the_same_days_are_one_finding_and_those_without_data_are_none_of_them():
    names = [f"t{n}" for n in range(9)]
    changes = [{"experiment": name, "key": name} for name in names]
    found = [data(by_day(GOOD), name=name) for name in names[:8]]
    page = abtest.overview(abtest.analyse(plans(*changes), found, NONE_SHARED, START, END, END))
    (one,) = [f for f in page.findings if f.sentence.startswith("ab.overlap")]
    said = Words("zh").sentence(one.sentence, one.args)
    assert said == "t0、t1、t2、t3、t4、t5等与同期的其他测试看不出样本是否重叠（共28对）；下次错开或互斥分流"


def test_a_test_without_units_is_named_and_not_those_of_which_units_are_known():
    known = pd.DataFrame([("t0", "t1", 0, 0.0)], columns=["a", "b", "units", "share"])
    names = ("t0", "t1", "t2")
    found = [data(by_day(GOOD), name=name) for name in names]
    sheet = plans(*({"experiment": name, "key": name} for name in names))
    page = abtest.overview(abtest.analyse(sheet, found, known, START, END, END))
    (one,) = [f for f in page.findings if f.sentence.startswith("ab.overlap")]
    assert Words("zh").sentence(one.sentence, one.args).startswith("t2与同期的其他测试看不出样本是否重叠（共2对）")


def test_a_period_without_tests_says_what_would_bring_them():
    made = abtest.analyse(None, [], NONE_SHARED, START, END, dt.date(2024, 11, 30))
    (missing,) = abtest.overview(made).missing
    assert missing.tables == ("experiment_units",) and abtest.show(made).findings == ()
    assert Words("zh").label(missing.question) and Words("en").label("bring.experiment_units")


def test_tests_that_could_not_be_judged_are_counted_beside_those_that_could():
    found = programme({"t1": NULL, "t2": GOOD, "t3": {"A": (15000, 700), "B": (14000, 900)}})
    first, idle = abtest.overview(found).findings[0], abtest.overview(programme({"t3": {"A": (15000, 1), "B": (9, 1)}}))
    assert Words("zh").sentence(first.sentence, first.args).startswith("3个测试中2个可判定，1个建议采用")
    assert idle.findings[0].sentence == "ab.prog_idle"


@pytest.mark.parametrize(
    ("start", "end", "ran"),
    [
        ("2024-11-04", None, ("2024-11-04", "2024-11-17")),
        (None, "2024-11-20", ("2024-11-04", "2024-11-20")),
        ("2024-11-02", "2024-11-20", ("2024-11-02", "2024-11-20")),
    ],
)
def test_an_end_that_the_plan_lacks_is_that_of_the_data(start, end, ran):
    changes = {"planned_start": start and pd.Timestamp(start), "planned_end": end and pd.Timestamp(end)}
    made = abtest.overview(abtest.analyse(plans(changes), [data(by_day(GOOD))], NONE_SHARED, START, END, END))
    (learnt,) = [e for e in made.exhibits if e.key == "abtest.learnt"]
    assert payload(learnt)["table"]["rows"][0][1] == {"start": ran[0], "end": ran[1]}


def test_a_rotations_adjusted_values_are_called_so_beside_those_recorded_and_days_are_its_sample():
    arms = {"A": {"clicks": 50}, "B": {"clicks": 60}}
    rows = [(v, m, n, t * (1 + 0.1 * (v == "A")), *r) for v, m, n, t, *r in rotated(arms)]
    changes = {"primary_metric": "ctr", "allocation": "rotation", "unit": "day"}
    page = abtest.show(abtest.analyse(plans(changes), [data(rows, False)], NONE_SHARED, START, END, END))
    said = Words("zh").sentence(page.findings[0].evidence.sentence, page.findings[0].evidence.args)
    assert "扣除星期几和走势后A版5.50%" in said and said.endswith("不扣除为5.50%和6.00%；轮换14天")
    forest = next(e for e in page.exhibits if e.key.endswith(".forest"))
    assert forest.table.rows[0][-1] == 14 and "note.ab.rotation_raw" in {note.sentence for note in forest.notes}


def test_a_sample_that_is_too_small_says_what_it_rules_out_all_the_same(pages):
    verdict = pages["underpowered"][1].findings[0]
    shown = pages["underpowered"][1].exhibits[1].table.rows[0]
    assert verdict.sentence == "ab.underpowered_ruled"
    assert (verdict.args["best"].value, verdict.args["worst"].value) == (shown[3], -shown[2])


def test_that_no_change_over_the_days_is_seen_is_not_called_the_same(pages):
    (found,) = [f for f in pages["ship"][1].findings if f.sentence == "ab.days.steady"]
    assert found.verdict == "open" and found.p_value is not None
    assert Words("zh").sentence(found.sentence, found.args).startswith("看不出“首屏改版”B版的效果随时间变化")


def test_a_difference_in_far_fewer_units_than_planned_is_said_to_tend_to_be_too_large(pages):
    (small,) = [f for f in pages["few"][1].findings if f.key.endswith(".size.b")]
    (whole,) = [f for f in pages["underpowered"][1].findings if f.key.endswith(".size.b")]
    assert (small.sentence, whole.sentence) == ("ab.power_small", "ab.power")


def test_of_daily_totals_the_next_test_is_told_in_days(pages):
    found = [f for f in pages["daily"][1].findings if f.key.endswith(".next.b")]
    assert [f.sentence for f in found] == ["ab.need_days"] and found[0].args["n"].value == found[0].value


def test_days_that_could_not_be_tested_or_have_no_lift_have_no_finding(pages):
    (test,) = result("ship").tests
    (one,) = test.variants
    untested = replace(one, halves=replace(one.halves, p=None))
    sentences = [{f.sentence for f in more.of(test, each)} for each in (one, untested)]
    assert "ab.days.steady" in sentences[0] - sentences[1]
    assert "ab.rotation_days" not in {f.sentence for f in pages["rotation_no_lift"][1].findings}


def test_a_size_below_the_plan_is_no_verdict_beside_that_of_the_test(pages):
    small = [f for f in pages["few"][1].findings if f.key.endswith(".size.b")]
    assert small and {f.verdict for f in small} <= {"open", "kept"}


def test_inputs_are_left_as_they_were_and_the_same_give_the_same():
    sheet, test = plans(), data(by_day(GOOD))
    copies = sheet.copy(deep=True), test.sums.copy(deep=True)
    first, second = (abtest.analyse(sheet, [test], NONE_SHARED, START, END, END) for _ in range(2))
    assert first == second
    pd.testing.assert_frame_equal(sheet, copies[0])
    pd.testing.assert_frame_equal(test.sums, copies[1])


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_verdict_check_and_code_that_withholds_has_a_name(locale):
    known = catalogue.keyed(catalogue.FOLDER, locale)[0]
    decided = [
        v for v in Verdict if v not in (Verdict.BETTER, Verdict.WORSE, Verdict.OPEN, Verdict.KEPT, Verdict.FALSE_ALARMS)
    ]
    assert {f"ab.verdict.{v}" for v in decided} <= {*known}
    source = (catalogue.FOLDER.parent / "stats" / "experiment").glob("*.py")
    texts = [path.read_text(encoding="utf-8") for path in source]
    codes = {c for text in texts for c in re.findall(r'"((?:no|one|too|days)_[a-z_]+)"', text)}
    codes |= {code for text in texts for code in given_to_without_test(text)}
    beside = {"no_odds", "no_successes", "no_failures", "too_few_units"}
    assert {f"ab.why.{code}" for code in codes - beside} <= {*known} and len(codes) > 5


def given_to_without_test(text):
    """The codes written out in calls of ``without_test``: what follows its five first arguments."""
    called = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    made = [node.args[5:] for node in called if isinstance(node.func, ast.Name) and node.func.id == "without_test"]
    return {arg.value for args in made for arg in args if isinstance(arg, ast.Constant)}


def test_codes_are_found_where_they_are_given():
    assert given_to_without_test('x = without_test(a, b, level, M, "approximate", "time_is_variant")') == {
        "time_is_variant"
    }
