"""What a plan says: metrics with their roles, the split, the control, keys."""

import pytest
from trialled import PLAN

from kit.analyses.abtest import declare
from kit.analyses.abtest.declare import control_of, match, metrics, plan, shares
from kit.findings import slug
from kit.text import Words

PAIRS = (("", ""), ("bought", ""), ("revenue", ""), ("revenue", "bought"), ("revenue", "pre_revenue"), ("scrolls", ""))


def declared(**more):
    return plan(PLAN | more)


def test_the_primary_metric_decides_guardrails_guard_and_the_rest_is_secondary_or_diagnostic():
    found = metrics(declared(guardrail_metrics="value_per_visitor:2%"), PAIRS)
    assert [(m.name, m.role, m.margin) for m in found] == [
        ("pay_cvr", "decision", None),
        ("value_per_visitor", "guardrail", 0.02),
        ("revenue_per_buyer", "secondary", None),
        ("scrolls", "diagnostic", None),
    ]


@pytest.mark.parametrize(
    ("text", "margins"),
    [
        ("refund_rate; order_value", {"refund_rate": 0.05, "order_value": 0.05}),
        ("refund_rate：3%、order_value：0.01", {"refund_rate": 0.03, "order_value": 0.01}),
        ("", {}),
    ],
)
def test_a_guardrail_has_its_own_margin_or_the_plans(text, margins):
    assert declared(guardrail_metrics=text, margin=0.05).guardrails == margins


@pytest.mark.parametrize(
    ("name", "pairs", "pair"),
    [
        ("pay_cvr", [("buyers", "visitors")], ("buyers", "visitors")),
        ("pay_cvr", [("bought", ""), ("buyers", "visitors")], ("bought", "")),
        ("ctr", [("clicks", "visitors"), ("clicks", "exposures")], ("clicks", "exposures")),
        ("bought", [("bought", "")], ("bought", "")),
        ("clicks/exposures", [("clicks", "exposures")], ("clicks", "exposures")),
        ("ctr", [("bought", "")], None),
    ],
)
def test_a_metric_is_found_by_its_name_in_the_field_by_its_column_or_as_a_ratio(name, pairs, pair):
    assert match(name, pairs) == pair


def test_a_column_that_is_a_known_metric_is_called_so():
    (found,) = metrics(declared(primary_metric="buyers/visitors"), [("buyers", "visitors")])
    assert (found.name, found.unit, found.role) == ("pay_cvr", "rate", "decision")


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("A:0.5,B:0.5", {"A": 0.5, "B": 0.5}),
        ("A：70，B：30", {"A": 0.7, "B": 0.3}),
        ("B:90%;A:10%", {"A": 0.1, "B": 0.9}),
        ("50:50", {"A": 0.5, "B": 0.5}),
        ("90:10", {"A": 0.9, "B": 0.1}),
        ("A:0.5,C:0.5", {}),
        ("34:33:33", {}),
        ("1:0", {}),
        ("", {}),
        ("half", {}),
    ],
)
def test_a_split_names_its_variants_or_counts_them_with_the_control_first(text, shared):
    assert shares(declared(planned_split=text), ["A", "B"]) == pytest.approx(shared)


@pytest.mark.parametrize(
    ("said", "variants", "control"),
    [("b", ["A", "B"], "B"), ("", ["A", "B"], "A"), ("", ["新版", "对照"], "对照"), ("C", ["A", "B"], None)],
)
def test_the_control_is_the_one_declared_or_the_one_called_so(said, variants, control):
    assert control_of(declared(control=said), variants) == control


def test_what_a_plan_leaves_blank_has_its_default():
    nan = float("nan")
    bare = plan({"experiment": "新图", "primary_metric": "refund_rate", "alpha": nan, "power": None, "mde": nan})
    assert (bare.key, bare.alpha, bare.power, bare.mde, bare.looks) == ("u65b0u56fe", 0.05, 0.8, None, 0)
    assert (bare.better, bare.allocation, bare.sequential, bare.start) == (-1, "", False, None)


@pytest.mark.parametrize(("name", "key"), [("主图 V2", "u4e3bu56feu20v2"), ("Main-image", "main-image"), ("", "u0")])
def test_a_name_becomes_a_slug_that_stays_the_same(name, key):
    assert slug(name) == key


@pytest.mark.parametrize(
    ("hypothesis", "prices"),
    [("把售价改为89元", True), ("lower price sells more", True), ("看完的人更愿意下单", False)],
)
def test_a_test_of_prices_is_known_by_its_words(hypothesis, prices):
    assert declared(hypothesis=hypothesis).prices is prices


def test_sums_are_asked_for_of_every_ratio_that_a_plan_may_name():
    wanted = declare.pairs([declared(primary_metric="scrolls/pages")])
    assert ("scrolls", "pages") in wanted and ("revenue", "bought") in wanted and len(set(wanted)) == len(wanted)


def test_metrics_may_be_named_as_people_call_them():
    made = plan(PLAN | {"primary_metric": "UV价值", "guardrail_metrics": "退款率:2%；点击次数", "direction": None})
    assert (made.primary, made.better) == ("value_per_visitor", 1)
    assert dict(made.guardrails) == {"refund_rate": 0.02, "点击次数": None}
    assert declare.CALLED.keys() == {name.casefold() for name in declare.CALLED}
    assert {*declare.CALLED.values()} == {*declare.KNOWN}


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_name_that_the_report_gives_a_metric_is_understood(locale):
    for name in declare.KNOWN:
        assert plan(PLAN | {"primary_metric": Words(locale).label(f"ab.metric.{name}")}).primary == name
