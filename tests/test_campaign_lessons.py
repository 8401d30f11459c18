"""What is to be repeated and what stopped: one rule over candidates with a sign, money and a range."""

from types import SimpleNamespace as Made

import pytest

from kit.analyses.campaign import lessons, lessons_page
from kit.analyses.campaign.lessons import Learnt, Lesson
from kit.analyses.campaign.sources_items import Item, Items
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, plain
from kit.text import Words


def lesson(low, high=None, name="x", kind="item"):
    high = low if high is None else high
    return Lesson(kind, Arg(name, "text"), (low + high) / 2, low, high)


def test_the_cautious_end_decides_which_come_first_and_three_are_most():
    found = lessons._first([lesson(10, 90, "a"), lesson(30, 40, "b"), lesson(20, name="c"), lesson(15, name="d")], 0.0)
    assert [one.name.value for one in found] == ["b", "c", "d"]


@pytest.mark.parametrize(("low", "named"), [(-1.0, 0), (0.0, 0), (5.0, 0), (5.1, 1)])
def test_a_range_that_holds_nothing_or_is_worth_next_to_nothing_is_no_lesson(low, named):
    assert len(lessons._first([lesson(low, 100.0)], 5.0)) == named


def test_an_items_range_is_that_of_over_dispersed_counts():
    """400 pieces at 10 a piece in four days against 100 in ten before: 1000 − 100 a day, whatever is kept of it."""
    item = Item("q", "Q", 4000.0, 400.0, 100.0, 10.0, 900.0, 1.0, "hero")
    items = Items((item,), Made(count=10), 900.0, spread=4.0)
    review = Made(campaign=Made(event=Made(count=4)))
    (one,) = lessons._items(items, review, 0.5)
    error = (4.0 * (1000.0**2 / 400 + 100.0**2 / 100)) ** 0.5
    assert one.money == 900 * 4 * 0.5
    assert (one.high - one.low) / 2 == pytest.approx(1.96 * error * 4 * 0.5)


@pytest.mark.parametrize(("kept", "named"), [(0.5, [50.0]), (None, [])])
def test_a_channel_is_to_be_stopped_by_what_even_its_own_tools_credit_does_not_earn(kept, named):
    channel = Made(spend=200.0, credited=300.0, scene="词", tool="t")
    unstated = Made(spend=200.0, credited=None, scene="人", tool="t")
    assert [one.low for one in lessons._channels(Made(channels=(channel, unstated)), kept)] == named


def test_a_deal_is_worth_what_stays_of_its_sales_less_what_it_cost():
    ends = {
        end: Made(gsv=gsv, costs=Made(total=100.0)) for end, gsv in (("low", 240.0), ("mid", 260.0), ("high", 300.0))
    }
    above = Made(side=1, creator="甲", break_even=2.0, now=None, **ends)
    below = Made(side=-1, creator="乙", break_even=4.0, now=None, **ends)
    came = Made(live=(Made(deals=(above, below)),))
    (won,), (lost,) = lessons._deals(came, 1), lessons._deals(came, -1)
    assert (won.money, won.low, won.high) == (30.0, 20.0, 50.0)
    assert (lost.money, lost.low, lost.high) == (35.0, 25.0, 40.0)


def test_sales_lost_without_a_range_are_no_lesson():
    bound = Made(lost=None, price=100.0)
    known = Made(lost=Made(units=10.0, low=5.0, high=20.0), price=100.0)
    assert not list(lessons._stock(Made(outs=(bound,)), 0.5))
    (one,) = lessons._stock(Made(outs=(bound, known)), 0.5)
    assert (one.money, one.low, one.high) == (500.0, 250.0, 1000.0)


def test_a_campaign_is_a_lesson_only_where_nothing_is_doubted():
    total = Made(effect=-100.0, low=-150.0, high=-50.0)
    took = Made(increment=Made(verdict=Verdict.TOOK, parts={"during": total}))
    weak = Made(increment=Made(verdict=Verdict.WEAK, parts={"during": total}))
    (one,) = lessons._campaign(took, Verdict.TOOK, 1.0)
    assert (one.money, one.low, one.high) == (100.0, 50.0, 150.0)
    assert not [*lessons._campaign(took, Verdict.ADDED, 1.0), *lessons._campaign(weak, Verdict.TOOK, 1.0)]


@pytest.mark.parametrize(("high", "named"), [(-20.0, True), (20.0, False)])
def test_sales_at_a_loss_are_to_be_stopped_where_nothing_stays_however_little_comes_back(high, named):
    account = Made(accounts=(1,), left=(-50.0, -80.0, high))
    assert bool(lessons._first(lessons._loss(account), 0.0)) is named


@pytest.mark.parametrize("side", ["repeat", "stop"])
@pytest.mark.parametrize("count", range(4))
def test_as_many_as_stand_are_said_each_with_its_number(side, count):
    """Fewer than three say that the evidence ends there."""
    some = tuple(lesson(100.0 * n, name=f"商品{'甲乙丙'[n - 1]}") for n in range(1, count + 1))
    none: tuple[Lesson, ...] = ()
    one = Learnt(Made(key="k", name="双11"), some if side == "repeat" else none, some if side == "stop" else none, 0.6)
    said = {f.key.rsplit(".", 1)[-1]: f for f in lessons_page.findings(one)}[side]
    drawn = [x for x in lessons_page.exhibits(one, [said])]
    assert [len(x.table.rows) for x in drawn] == ([count] if count else [])
    for locale in ("zh", "en"):
        words = Words(locale)
        text = words.sentence(said.sentence, plain(said.args))
        assert text.count("商品") == count and text.count("100") == (1 if count else 0)
        assert (("not enough" in text) or ("证据不够" in text)) is (count in (1, 2))
        for row in (row for x in drawn for row in x.table.rows):
            assert words.label(row[0]) and words.label(row[-1])
