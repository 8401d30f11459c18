"""Days flagged one by one, and the runs they make: promotion days, closed days, days without a sale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.stats import phases

Flags = NDArray[np.bool_]
Run = tuple[dt.date, dt.date]
"""First and last of some days in a row."""

OPEN_END = dt.timedelta(7)
"""How long a promotion of which only the start is known is taken to last."""


def promotions_of(promotions: pd.DataFrame, platform: str) -> list[Run]:
    """Promotions on the platform; one of which only the first day is known is taken to last ``OPEN_END``."""
    spans = phases.spans(promotions, platform)
    return [(s.start, s.end if s.end > s.start else s.start + OPEN_END) for s in spans]


def promotion_days(promotions: pd.DataFrame, platform: str, days: pd.DatetimeIndex) -> Flags:
    """Days of a promotion (``promotions_of``)."""
    return within(days, promotions_of(promotions, platform))


def within(days: pd.DatetimeIndex, spans: Iterable[Run]) -> Flags:
    """Which of ``days`` lie in one of ``spans``."""
    found = np.zeros(len(days), bool)
    for first, last in spans:
        found |= np.asarray((days >= pd.Timestamp(first)) & (days <= pd.Timestamp(last)))
    return found


def runs(days: Sequence[dt.date], flags: Flags) -> tuple[Run, ...]:
    """The flagged days as runs."""
    found: list[Run] = []
    for day, flag in zip(days, flags, strict=True):
        if flag and found and found[-1][1] + dt.timedelta(1) == day:
            found[-1] = found[-1][0], day
        elif flag:
            found.append((day, day))
    return tuple(found)
