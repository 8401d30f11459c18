"""Promotion days by month of two years: when a single month is no fair comparison."""

import datetime as dt

import pandas as pd

from kit.stats import phases

COLUMNS = ("platform", "event", "event_zh", "event_en", "year", "kind", "start", "end", "certainty")
ROWS = (
    ("tmall", "double_11", "双11", "Double 11", 2023, "whole", "2023-10-24", "2023-11-11", "one_source"),
    ("tmall", "double_11", "双11", "Double 11", 2023, "deposit", "2023-10-20", None, "unsure"),
    ("tmall", "double_11", "双11", "Double 11", 2024, "preheat", "2024-10-10", "2024-10-13", "confirmed"),
    ("tmall", "double_11", "双11", "Double 11", 2024, "deposit", "2024-10-14", None, "confirmed"),
    ("taobao", "618", "618", "618", 2024, "sale", "2024-06-01", None, "confirmed"),
    ("tmall", "618", "618", "618", 2023, "sale", "2023-06-10", "2023-06-20", "confirmed"),
    ("douyin", "double_11", "双11", "Double 11", 2024, "sale", "2024-10-08", "2024-11-11", "confirmed"),
    ("tmall", "spring_festival_sale", "年货节", "Spring", 2024, "sale", "2024-01-20", "2024-02-03", "confirmed"),
    ("tmall", "spring_festival_sale", "年货节", "Spring", 2023, "sale", "2022-12-29", "2023-01-10", "confirmed"),
)


def spans(platform="tmall"):
    table = pd.DataFrame(ROWS, columns=COLUMNS)
    dated = {c: pd.to_datetime(table[c]) for c in ("start", "end")}
    return {(s.event, s.year): s for s in phases.spans(table.assign(**dated), platform)}


def test_an_event_runs_from_its_first_selling_phase_to_the_day_it_is_named_for_when_no_end_is_known():
    span = spans()[("double_11", 2024)]
    assert (span.start, span.end, span.sure) == (dt.date(2024, 10, 14), dt.date(2024, 11, 11), "confirmed")


def test_unsure_dates_are_used_only_where_nothing_else_is_known():
    assert spans()[("double_11", 2023)].start == dt.date(2023, 10, 24)


def test_tmall_and_taobao_share_their_dates_and_no_other_platform_does():
    assert ("618", 2024) in spans("tmall") and set(spans("douyin")) == {("double_11", 2024)}


def test_days_are_counted_by_month():
    assert spans()[("double_11", 2024)].days() == {10: 18, 11: 11}


def test_a_month_is_distorted_when_the_promotion_sold_on_other_days_a_year_ago():
    for month in (10, 11):
        found = phases.shifted(list(spans().values()), dt.date(2024, month, 1))
        assert found.now.event == "double_11" and found.months == (10, 11)


def test_months_without_the_promotion_and_promotions_inside_one_month_distort_nothing():
    assert phases.shifted(list(spans().values()), dt.date(2024, 12, 1)) is None
    assert phases.shifted(list(spans().values()), dt.date(2024, 6, 1)) is None


def test_a_promotion_that_is_not_known_a_year_ago_is_not_judged():
    assert phases.shifted(list(spans("douyin").values()), dt.date(2024, 11, 1)) is None


def test_the_lunar_sale_is_left_to_january_and_february_together():
    assert phases.shifted(list(spans().values()), dt.date(2024, 1, 1)) is None


def test_an_empty_calendar_has_no_events():
    assert phases.spans(pd.DataFrame(), "tmall") == []
