"""What a test could find and what the next one takes: the drawing, the table and the sentences say the same."""

import pytest
from scipy import stats
from trialled import END, NONE_SHARED, START, by_day, data, plans

from kit.analyses import abtest
from kit.findings import Exhibit
from kit.stats.experiment import power
from kit.text import Words

ARMS = {"A": (14000, 700), "B": (14000, 900)}
THREE = ARMS | {"C": (14000, 800)}


def page(arms=ARMS, **changes):
    split = {"planned_split": ",".join(f"{v}:1" for v in arms)}
    found = abtest.analyse(plans(split | changes), [data(by_day(arms))], NONE_SHARED, START, END, END)
    return found.tests[0], abtest.show(found)


def exhibit(shown, name):
    return next((e for e in shown.exhibits if isinstance(e, Exhibit) and e.key == f"abtest.page.b.{name}"), None)


def named(shown):
    """The rows of the curve that bear a name."""
    rows = exhibit(shown, "power").table.rows
    return {row[2]: row for row in rows if row[2]}


def test_the_curve_falls_and_holds_what_was_planned_and_what_this_test_finds():
    test, shown = page()
    rows = exhibit(shown, "power").table.rows
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert [row[1] for row in rows] == sorted((row[1] for row in rows), reverse=True)
    size = test.variants[0].size
    assert named(shown)["ab.size.planned"][:2] == (0.1, size.planned.per_arm)
    assert named(shown)["ab.size.found"][0] == size.detectable


@pytest.mark.parametrize(("arms", "alpha"), [(ARMS, 0.05), (THREE, 0.025)])
def test_each_point_is_the_size_that_the_deciding_test_needs_at_its_level(arms, alpha):
    for lift, units, _ in exhibit(page(arms)[1], "power").table.rows:
        assert units == power.size(power.Rate(0.05), lift, alpha, 0.8, (1 / len(arms),) * 2).control


@pytest.mark.parametrize("arms", [ARMS, THREE])
def test_what_a_test_finds_needs_the_units_that_it_had(arms):
    _, units, _ = named(page(arms)[1])["ab.size.found"]
    assert units == pytest.approx(14000, abs=2)


def test_the_curve_is_told_by_what_was_found_and_the_table_by_what_the_next_takes():
    _, shown = page()
    curve, table = exhibit(shown, "power"), exhibit(shown, "size")
    assert curve.form == "curve" and curve.findings == ("abtest.page.size.b",)
    assert curve.table.rows[curve.options["highlight"]][2] == "ab.size.found"
    assert table.form == "table" and table.findings == ("abtest.page.next.b",)
    found = next(f for f in shown.findings if f.key == "abtest.page.next.b")
    zh, en = (Words(locale).sentence(found.sentence, found.args) for locale in ("zh", "en"))
    assert zh == "“首屏改版”要看清支付转化率相对10.0%的差异，每版需3.12万个样本，按现有流量约35天"
    assert (
        en
        == "“首屏改版” needs 31.2k units per version to detect 10.0% in conversion rate, about 35 days at this traffic"
    )


def test_without_a_planned_difference_the_next_test_is_told_for_one_of_those_shown():
    _, shown = page(mde=None)
    found = next(f for f in shown.findings if f.key == "abtest.page.next.b")
    assert found.args["target"].value in {row[1] for row in exhibit(shown, "size").table.rows}
    assert {*named(shown)} == {"ab.size.found"}


def test_a_rotation_has_no_curve():
    assert exhibit(page(allocation="rotation")[1], "power") is None


def test_a_test_that_may_be_read_any_day_needs_what_its_interval_at_the_planned_end_asks_for():
    """Where one that is read once has 1.96 standard errors, its sequence has 3.03."""
    once, any_day = (page(analysis=analysis)[0].variants[0].size for analysis in ("fixed", "sequential"))
    low, high = stats.norm.ppf(0.975), stats.norm.ppf(0.8)
    assert any_day.planned.per_arm / once.planned.per_arm == pytest.approx(
        ((3.03 + high) / (low + high)) ** 2, rel=0.01
    )
    assert any_day.done < once.done and any_day.detectable > once.detectable


def test_a_plan_of_unequal_arms_is_filled_by_what_its_own_split_needs():
    arms = {"A": (90000, 2700), "B": (10000, 330)}
    test, shown = page(arms, planned_split="A:0.9,B:0.1")
    rate, other = 0.03, 0.033
    pooled = 0.9 * rate + 0.1 * other
    without, with_it = pooled * (1 - pooled) / 0.09, rate * (1 - rate) / 0.9 + other * (1 - other) / 0.1
    units = ((stats.norm.ppf(0.975) * without**0.5 + stats.norm.ppf(0.8) * with_it**0.5) / (other - rate)) ** 2
    assert test.variants[0].size.done == pytest.approx(100000 / units, rel=1e-4)
    (found,) = [row for row in exhibit(shown, "size").table.rows if row[0] == "ab.size.found"]
    assert found[1:] == (*named(shown)["ab.size.found"][:2], None), "the table says what the curve says"
