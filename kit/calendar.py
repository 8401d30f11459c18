"""Promotions and holidays as facts: what ``calendar.yml`` holds, as tables for a span of days.

An end that nobody published stays unknown (NaT); it is never filled in. What a reader of the tables does
about an unknown end is the reader's decision, and has to be said where it matters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from kit.exports import loaded

SAME_MARKET = {"tmall": ("tmall", "taobao"), "taobao": ("taobao", "tmall")}
"""Tmall and Taobao run one event with one set of dates, but often only one of the two rules was found."""


def promotions(platforms: Iterable[str], start: dt.date, end: dt.date) -> pd.DataFrame:
    """The promotion phases of ``platforms`` that touch the days ``start`` to ``end``, earliest first.

    One row per platform, event, year and phase, with the names of event and phase in zh and en. ``event``
    and ``phase`` are stable slugs; ``kind`` is preheat, deposit, balance, sale or whole; ``start`` and
    ``end`` are datetime64, both included, ``end`` NaT where it is unknown; ``start_time`` is Beijing time
    ("20:00") or missing; ``certainty`` is confirmed, one_source or unsure. A shop on Tmall gets Taobao's
    rows, too, and the other way round. A phase with an unknown end counts where its start lies in the span.

    >>> promotions(["tmall"], dt.date(2022, 11, 11), dt.date(2022, 11, 11))["phase"].tolist()
    ['wave_2']
    """
    wanted = {market for platform in platforms for market in SAME_MARKET.get(platform, (platform,))}
    table = _promotions()
    return _touching(table[table["platform"].isin(wanted)], start, end)


def holidays(start: dt.date, end: dt.date) -> pd.DataFrame:
    """The holiday rows that touch the days ``start`` to ``end``, earliest first.

    ``kind`` is off (days off), work (a weekend day worked in exchange) or lunar (the festival's own day).
    """
    return _touching(_holidays(), start, end)


def _touching(table: pd.DataFrame, start: dt.date, end: dt.date) -> pd.DataFrame:
    last = table["end"].fillna(table["start"])
    inside = (table["start"] <= pd.Timestamp(end)) & (last >= pd.Timestamp(start))
    return table[inside].sort_values(["start", "end"], kind="stable").reset_index(drop=True)


@cache
def _facts() -> dict[str, Any]:
    here = Path(__file__)
    return dict(loaded.said(here.parent, here.stem)[here.stem])


@cache
def _promotions() -> pd.DataFrame:
    facts = _facts()
    events, phases = facts["events"], facts["phases"]
    table = pd.DataFrame(
        {
            "platform": row["platform"],
            "event": row["event"],
            "event_zh": events[row["event"]]["zh"],
            "event_en": events[row["event"]]["en"],
            "year": row["year"],
            "phase": row["phase"],
            "phase_zh": phases[row["phase"]]["zh"],
            "phase_en": phases[row["phase"]]["en"],
            "kind": phases[row["phase"]]["kind"],
            "start": row["start"],
            "end": row.get("end"),
            "start_time": row.get("start_time"),
            "certainty": row["certainty"],
        }
        for row in facts["promotions"]
    )
    return _dated(table)


@cache
def _holidays() -> pd.DataFrame:
    facts = _facts()
    names = facts["holiday_names"]
    table = pd.DataFrame(
        {
            "holiday": row["holiday"],
            "holiday_zh": names[row["holiday"]]["zh"],
            "holiday_en": names[row["holiday"]]["en"],
            "year": row["year"],
            "kind": row["kind"],
            "start": row["start"],
            "end": row["end"],
            "certainty": row["certainty"],
        }
        for row in facts["holidays"]
    )
    return _dated(table)


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**{name: pd.to_datetime(table[name]) for name in ("start", "end")})
