"""What was agreed before the period ended: done, open or late, and what the figures say since.

The sheet ``actions`` is the consultant's; nothing is guessed about a row that it does not say. A figure that moved
after an action was done is set beside it and never credited to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from kit.analyses.actions.sentences import exhibit, findings
from kit.findings import Arg, Finding, Missing, Note, Shown, plain
from kit.stats.agreed import Action, Result, agreed

__all__ = ["Action", "Result", "analyse", "show"]


def analyse(
    actions: pd.DataFrame | None,
    start: dt.date,
    end: dt.date,
    as_of: dt.date | None = None,
    made: Iterable[Finding] = (),
) -> Result:
    """Actions raised by ``end``, as they stand on ``as_of`` (``end`` if not given).

    ``actions``: the canonical table, or None. ``made``: findings of this report; where an action names one that has a
    value and a baseline, both stand beside it. An undated row counts as raised when it was due by ``end``.
    """
    if actions is None or actions.empty:
        return Result((), 0, as_of or end, given=False)
    return agreed(actions, start, end, as_of or end, {finding.key: finding for finding in made})


def show(result: Result) -> Shown:
    """What is late first, then what is done; without a sheet, how to start one."""
    if not result.given:
        return Shown(missing=(_missing(),))
    if not result.actions:
        return Shown(missing=(_missing(Note("r.actions.none", {"date": Arg(plain(result.as_of), "date")})),))
    found = findings(result)
    return Shown(found, (exhibit(result, found),))


def _missing(reason: Note | None = None) -> Missing:
    return Missing("review.actions", "question.review.actions", ("actions",), reason)
