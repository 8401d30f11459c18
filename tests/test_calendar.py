"""The promotion calendar: facts as published, unknown ends unknown, and what a span of days touches."""

import datetime as dt

import pandas as pd
import pytest

from kit import calendar
from kit.stats import phases

ALL = dt.date(2019, 1, 1), dt.date(2030, 1, 1)
PLATFORMS = ("tmall", "taobao", "jd", "pinduoduo", "douyin", "kuaishou", "xiaohongshu")


def days(start: str, end: str) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(start), dt.date.fromisoformat(end)


@pytest.mark.parametrize(
    ("platform", "event", "year", "phase", "start", "end", "start_time", "certainty"),
    [
        ("tmall", "double_11", 2022, "deposit", "2022-10-24", "2022-10-31", "20:00", "confirmed"),
        ("tmall", "double_11", 2022, "wave_1", "2022-10-31", "2022-11-03", "20:00", "confirmed"),
        ("tmall", "double_11", 2022, "wave_2", "2022-11-10", "2022-11-11", "20:00", "confirmed"),
        ("taobao", "double_11", 2023, "wave_3", "2023-11-10", "2023-11-11", "20:00", "one_source"),
        ("tmall", "double_11", 2024, "deposit", "2024-10-14", None, "20:00", "confirmed"),
        ("tmall", "double_11", 2024, "balance", "2024-10-21", None, "20:00", "unsure"),
        ("tmall", "618", 2024, "wave_2", "2024-05-31", "2024-06-20", "20:00", "confirmed"),
        ("douyin", "double_11", 2024, "main", "2024-10-18", "2024-11-11", None, "one_source"),
        ("tmall", "spring_festival_sale", 2023, "main", "2022-12-29", "2023-01-04", "20:00", "confirmed"),
    ],
)
def test_a_promotion_is_dated_as_published(platform, event, year, phase, start, end, start_time, certainty):
    table = calendar.promotions([platform], *ALL)
    row = table.query("platform == @platform and event == @event and year == @year and phase == @phase")
    assert len(row) == 1
    found = row.iloc[0]
    assert found["start"] == pd.Timestamp(start)
    assert (found["end"] == pd.Timestamp(end)) if end else pd.isna(found["end"])
    assert (found["start_time"] == start_time) if start_time else pd.isna(found["start_time"])
    assert found["certainty"] == certainty


def test_the_calendar_holds_every_published_row():
    assert len(calendar.promotions(PLATFORMS, *ALL)) == 199
    assert len(calendar.holidays(*ALL)) == 120


@pytest.mark.parametrize("span", [ALL, days("2024-10-01", "2024-12-31")], ids=["all", "a quarter"])
def test_the_phases_are_the_rows_of_the_table_and_make_the_same_spans(span):
    table, listed = calendar.promotions(PLATFORMS, *span), calendar.phases(PLATFORMS, *span)
    ends = [None if pd.isna(end) else end.date() for end in table["end"]]
    rows = zip(table["platform"], table["event"], table["kind"], table["start"].dt.date, ends, strict=True)
    assert [(p.platform, p.event, p.kind, p.start, p.end) for p in listed] == list(rows)
    assert phases.on_any_of(listed, PLATFORMS) == phases.on_any(table, PLATFORMS) != []


def test_no_phase_is_listed_twice_and_none_ends_before_it_starts():
    table = calendar.promotions(PLATFORMS, *ALL)
    assert not table.duplicated(["platform", "event", "year", "phase"]).any()
    assert (table["end"].isna() | (table["end"] >= table["start"])).all()


def test_every_row_has_names_in_both_languages_and_a_known_certainty():
    promotions, holidays = calendar.promotions(PLATFORMS, *ALL), calendar.holidays(*ALL)
    for table in (promotions, holidays):
        named = [c for c in table.columns if c.endswith(("_zh", "_en"))]
        assert not (table[named].isna() | (table[named] == "")).any(axis=None)
        assert set(table["certainty"]) <= {"confirmed", "one_source", "unsure"}
    assert set(promotions["kind"]) == {"preheat", "deposit", "balance", "sale", "whole"}
    assert set(holidays["kind"]) == {"off", "work", "lunar"}


def test_names_are_those_a_chart_prints():
    names = calendar.promotions(PLATFORMS, *ALL).drop_duplicates("event").set_index("event")
    assert names.loc["double_11", ["event_zh", "event_en"]].tolist() == ["双11", "Double 11"]
    assert names.loc["women_day", ["event_zh", "event_en"]].tolist() == ["38节", "8 March sale"]
    assert names.loc["spring_festival_sale", ["event_zh", "event_en"]].tolist() == [
        "年货节",
        "Spring Festival sale",
    ]


@pytest.mark.parametrize(
    ("span", "phases"),
    [
        (("2022-11-04", "2022-11-09"), []),
        (("2022-11-03", "2022-11-09"), ["balance", "wave_1"]),
        (("2022-11-04", "2022-11-10"), ["wave_2"]),
    ],
)
def test_a_phase_counts_when_one_of_its_days_lies_in_the_span(span, phases):
    assert calendar.promotions(["tmall"], *days(*span))["phase"].tolist() == phases


def test_a_phase_with_unknown_end_counts_only_by_its_start():
    assert calendar.promotions(["tmall"], *days("2024-10-14", "2024-10-14"))["phase"].tolist() == ["deposit"]
    assert calendar.promotions(["tmall"], *days("2024-10-15", "2024-10-20")).empty


def test_a_tmall_shop_sees_the_dates_found_under_taobao():
    span = days("2023-11-01", "2023-11-03")
    assert "taobao" in set(calendar.promotions(["tmall"], *span)["platform"])
    assert set(calendar.promotions(["jd"], *span)["platform"]) == {"jd"}


def test_a_holiday_is_off_worked_or_the_lunar_day():
    table = calendar.holidays(*days("2024-02-01", "2024-02-29"))
    assert table[["holiday", "kind", "start", "end"]].astype(str).to_numpy().tolist() == [
        ["spring_festival", "work", "2024-02-04", "2024-02-04"],
        ["spring_festival", "lunar", "2024-02-10", "2024-02-10"],
        ["spring_festival", "off", "2024-02-10", "2024-02-17"],
        ["spring_festival", "work", "2024-02-18", "2024-02-18"],
    ]


def test_a_caller_cannot_spoil_the_facts_for_the_next():
    table = calendar.promotions(PLATFORMS, *ALL)
    table["event"] = "spoiled"
    assert "spoiled" not in set(calendar.promotions(PLATFORMS, *ALL)["event"])
