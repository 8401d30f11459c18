"""Agreed actions, as the consultant's sheet holds them: those of a period, each with its state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

DONE = ("done", "完成", "已完成")
LATE = ("late", "逾期")
STATES = ("late", "open", "done")
"""In the order in which they are shown."""


@dataclass(frozen=True)
class Action:
    """One row. ``text`` and ``owner`` by language; ``days`` late (None where no date says it); ``result`` as typed;
    ``side`` as the sheet says, blank where it does not.

    ``figure``: the finding that the action names, where the report makes it with a value and a baseline, else None.
    """

    id: str
    text: Mapping[str, str]
    owner: Mapping[str, str] | None
    due: dt.date | None
    state: str
    days: int | None
    result: str | None
    figure: Any
    side: str


@dataclass(frozen=True)
class Result:
    """``undated`` rows say neither when they were raised nor a day by which they were due: they are left out.

    ``given``: whether there is a sheet at all.
    """

    actions: tuple[Action, ...]
    undated: int
    as_of: dt.date
    given: bool = True

    def of(self, state: str) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.state == state)


def agreed(rows: pd.DataFrame, start: dt.date, end: dt.date, as_of: dt.date, made: Mapping[str, Any]) -> Result:
    """Every action raised by ``end`` that is not done, and those done that this period had to do."""
    import pandas as pd  # a page that lists open actions needs none of it

    known = rows["raised"].fillna(rows["due"])
    raised = rows[known <= pd.Timestamp(end)]
    actions = [_action(row, as_of, made) for row in raised.to_dict("records")]
    due = raised["due"].fillna(raised["raised"]) >= pd.Timestamp(start)
    kept = [a for a, ours in zip(actions, due, strict=True) if a.state != "done" or ours]
    kept.sort(key=lambda a: (STATES.index(a.state), a.due or dt.date.max, a.id))
    return Result(tuple(kept), int(known.isna().sum()), as_of)


def _action(row: Mapping[Any, Any], as_of: dt.date, made: Mapping[str, Any]) -> Action:
    due = None if row["due"] != row["due"] else row["due"].date()  # NaT is unlike itself
    state, days = _state(_text(row["status"]) or "", due, as_of)
    text = _both(row["action_zh"], row["action_en"]) or {"zh": row["id"], "en": row["id"]}
    named = made.get(_text(row["finding"]) or "")
    figure = named if named and named.value is not None and named.baseline is not None and named.unit else None
    owner, said, side = _both(row["owner"], row["owner_en"]), _text(row["result"]), _text(row["side"]) or ""
    return Action(row["id"], text, owner, due, state, days, said, figure, side)


def _state(status: str, due: dt.date | None, as_of: dt.date) -> tuple[str, int | None]:
    """Late is what is past its day, or what the sheet calls so; a row that says nothing known is open."""
    if status.casefold() in DONE:
        return "done", None
    days = (as_of - due).days if due and due < as_of else None
    return ("late", days) if days or status.casefold() in LATE else ("open", None)


def _text(value: Any) -> str | None:
    return None if value is None or value != value or not str(value).strip() else str(value).strip()


def _both(zh: Any, en: Any) -> dict[str, str] | None:
    """A text by language, the other language's where one is blank."""
    first, second = _text(zh), _text(en)
    return {"zh": first or second or "", "en": second or first or ""} if first or second else None
