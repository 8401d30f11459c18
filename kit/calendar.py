"""Promotions and holidays as facts: what ``calendar.yml`` holds, as tables for a span of days.

An end that nobody published stays unknown (NaT); it is never filled in. What a reader of the tables does
about an unknown end is the reader's decision, and has to be said where it matters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.exports import loaded
from kit.stats.phases import Phase

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

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
    return _chosen(_table("promotions"), _promoted(platforms, start, end))


def phases(platforms: Iterable[str], start: dt.date, end: dt.date) -> list[Phase]:
    """The same without a table, for whoever has no need to load what makes one."""
    names = [field.name for field in fields(Phase)]
    rows = [_promotions()[n] for n in _promoted(platforms, start, end)]
    return [Phase(**{name: row[name] for name in names}) for row in rows]


def holidays(start: dt.date, end: dt.date) -> pd.DataFrame:
    """The holiday rows that touch the days ``start`` to ``end``, earliest first.

    ``kind`` is off (days off), work (a weekend day worked in exchange) or lunar (the festival's own day).
    """
    return _chosen(_table("holidays"), _touching(_holidays(), start, end))


def _promoted(platforms: Iterable[str], start: dt.date, end: dt.date) -> list[int]:
    wanted = {market for platform in platforms for market in SAME_MARKET.get(platform, (platform,))}
    return [n for n in _touching(_promotions(), start, end) if _promotions()[n]["platform"] in wanted]


def _touching(rows: Sequence[Row], start: dt.date, end: dt.date) -> list[int]:
    """The numbers of the rows that touch the days, earliest first, of those that begin together an unknown end last."""
    inside = [n for n, row in enumerate(rows) if row["start"] <= end and (row["end"] or row["start"]) >= start]
    return sorted(inside, key=lambda n: (rows[n]["start"], rows[n]["end"] or dt.date.max))


def _chosen(table: pd.DataFrame, numbers: list[int]) -> pd.DataFrame:
    return table.iloc[numbers].reset_index(drop=True)


@cache
def _table(name: str) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(_promotions() if name == "promotions" else _holidays())
    return table.assign(**{name: pd.to_datetime(table[name]).dt.as_unit("us") for name in ("start", "end")})


@cache
def _facts() -> dict[str, Any]:
    here = Path(__file__)
    return dict(loaded.said(here.parent, here.stem)[here.stem])


@cache
def _promotions() -> list[Row]:
    facts = _facts()
    events, phases = facts["events"], facts["phases"]
    return [
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
            **_dated(row),
            "start_time": row.get("start_time"),
            "certainty": row["certainty"],
        }
        for row in facts["promotions"]
    ]


@cache
def _holidays() -> list[Row]:
    facts = _facts()
    names = facts["holiday_names"]
    return [
        {
            "holiday": row["holiday"],
            "holiday_zh": names[row["holiday"]]["zh"],
            "holiday_en": names[row["holiday"]]["en"],
            "year": row["year"],
            "kind": row["kind"],
            **_dated(row),
            "certainty": row["certainty"],
        }
        for row in facts["holidays"]
    ]


def _dated(row: Row) -> dict[str, dt.date | None]:
    end = row.get("end")
    return {"start": dt.date.fromisoformat(row["start"]), "end": dt.date.fromisoformat(end) if end else None}
