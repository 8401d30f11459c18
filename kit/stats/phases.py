"""How a promotion's days fell over the months of two years: a month compared with itself a year ago is only as
good as the promotion days in both."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

NAMED_DAYS = {"women_day": (3, 8), "618": (6, 18), "99": (9, 9), "double_11": (11, 11), "double_12": (12, 12)}
"""Events that are named after a day run up to it at least, whatever of their phases is known."""
LUNAR = ("spring_festival_sale", "qixi")
"""They move with the lunar year; January and February are compared together anyway."""
SAME_RULES = {"tmall": "taobao", "taobao": "tmall"}
SHIFT = 3
"""Days more or fewer in some month from which a comparison of single months is called distorted."""


@dataclass(frozen=True)
class Phase:
    """One phase of an event on one platform; ``end`` is None where nobody published it."""

    platform: str
    event: str
    event_zh: str
    event_en: str
    year: int
    kind: str
    start: dt.date
    end: dt.date | None
    certainty: str


@dataclass(frozen=True)
class Span:
    """One event of one year, first to last known day; ``sure`` is how certain the calendar is of the first."""

    event: str
    zh: str
    en: str
    year: int
    start: dt.date
    end: dt.date
    sure: str

    def days(self) -> dict[int, int]:
        """Days of the event by month of the year."""
        every = (self.start + dt.timedelta(n) for n in range((self.end - self.start).days + 1))
        return dict(Counter(day.month for day in every))


@dataclass(frozen=True)
class Shift:
    """An event whose days fell differently over the months; ``months`` are those it touches in either year."""

    now: Span
    before: Span
    months: tuple[int, ...]


def spans(promotions: pd.DataFrame, platform: str) -> list[Span]:
    """Each event and year on ``platform``, earliest first; warm-up phases sell nothing yet and don't count.

    ``promotions`` has the columns of ``kit.calendar.promotions``. Rows of unsure certainty are used only where an
    event and year has no other. ``sure`` is the certainty of the start.
    """
    return spans_of(_phases(promotions), platform)


def spans_of(phases: Iterable[Phase], platform: str) -> list[Span]:
    """The same of phases that are no table."""
    ours = {platform, SAME_RULES.get(platform, platform)}
    selling: dict[tuple[str, int], list[Phase]] = {}
    for phase in phases:
        if phase.platform in ours and phase.kind != "preheat":
            selling.setdefault((phase.event, phase.year), []).append(phase)
    found = [_span(event, year, rows) for (event, year), rows in selling.items()]
    return sorted(found, key=lambda span: (span.start, span.event, span.year))


def on_any(promotions: pd.DataFrame, platforms: Iterable[str]) -> list[Span]:
    """The events on each of ``platforms``, one platform after the other: an event of two is there twice."""
    return on_any_of(_phases(promotions), platforms)


def on_any_of(phases: Sequence[Phase], platforms: Iterable[str]) -> list[Span]:
    """The same of phases that are no table."""
    return [span for platform in sorted({*platforms}) for span in spans_of(phases, platform)]


def _phases(promotions: pd.DataFrame) -> list[Phase]:
    if promotions.empty:
        return []
    rows = promotions[[field.name for field in fields(Phase)]].to_dict("records")
    dated = (
        {**row, "start": row["start"].date(), "end": row["end"].date() if row["end"] == row["end"] else None}
        for row in rows
    )
    return [Phase(**row) for row in dated]


def _span(event: str, year: int, rows: Sequence[Phase]) -> Span:
    """One event and year; ``rows`` are its selling phases."""
    used = [row for row in rows if row.certainty != "unsure"] or rows
    known = [row.start for row in used] + [row.end for row in used if row.end]
    if event in NAMED_DAYS:
        known.append(dt.date(year, *NAMED_DAYS[event]))
    first = min(used, key=lambda row: row.start)
    return Span(event, first.event_zh, first.event_en, year, min(known), max(known), first.certainty)


def shifted(events: list[Span], month: dt.date) -> Shift | None:
    """The event that makes ``month`` and the same month a year before unlike; None if there is none that is known.

    Of several, the one that moved most days.
    """
    known = {(span.event, span.year): span for span in events if span.event not in LUNAR}
    worst: tuple[int, Shift] | None = None
    for (event, year), now in known.items():
        before = known.get((event, year - 1))
        if before is None or year != month.year:
            continue
        a, b = now.days(), before.days()
        touched = tuple(sorted({*a, *b}))
        moved = max(abs(a.get(m, 0) - b.get(m, 0)) for m in touched)
        if month.month in touched and len(touched) > 1 and moved >= SHIFT and (not worst or moved > worst[0]):
            worst = moved, Shift(now, before, touched)
    return worst[1] if worst else None
