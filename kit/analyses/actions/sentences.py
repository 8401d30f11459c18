"""The findings on what was agreed, and the table of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kind, Note, Severity, Side, Table, plain
from kit.stats.agreed import Action, Result

KEY = "review.actions"
TABLE = f"{KEY}.table"
LONG = 14
"""Days late from which it is of high severity."""


def findings(result: Result) -> tuple[Finding, ...]:
    """How many of what, then each that is late, then each that is done and has something to show."""
    return (_summary(result), *map(_late, result.of("late")), *_done(result))


def _summary(result: Result) -> Finding:
    late, done = len(result.of("late")), len(result.of("done"))
    counts = {"n": len(result.actions), "done": done, "late": late, "open": len(result.of("open"))}
    verdict = Verdict.BEHIND if late else Verdict.IN_STEP
    args = {name: Arg(count, "count") for name, count in counts.items()}
    return Finding(f"{KEY}.summary", "r.actions", args, verdict, Severity.LOW, n=len(result.actions), exhibit=TABLE)


def _late(action: Action) -> Finding:
    args, dated = {"action": Arg(action.text, "text")}, action.due and action.days
    if dated:
        args |= {"due": Arg(plain(action.due), "date"), "n": Arg(action.days, "count")}
    severity = Severity.HIGH if (action.days or 0) >= LONG else Severity.MEDIUM
    facts: dict[str, Any] = {"kind": Kind.THREAT, "side": Side(action.side or Side.AGENCY), "exhibit": TABLE}
    ask = Note("r.lateask", {"owner": Arg(action.owner, "text"), "action": args["action"]}) if action.owner else None
    sentence = "r.late" if dated else "r.lateundated"
    return Finding(_key(action), sentence, args, Verdict.BEHIND, severity, action=ask, **facts)


def _done(result: Result) -> Iterable[Finding]:
    for action in result.of("done"):
        args, figure = {"action": Arg(action.text, "text")}, action.figure
        if figure and figure.unit:
            ends = {"from": Arg(figure.baseline, figure.unit), "to": Arg(figure.value, figure.unit)}
            yield _made(action, "r.donefigure", args | ends, Note(figure.sentence, figure.args))
        elif action.result:
            yield _made(action, "r.doneresult", args | {"result": Arg(action.result, "text")})


def _made(action: Action, sentence: str, args: dict[str, Arg], says: Note | None = None) -> Finding:
    """``says``: the finding that the action names, in its own words, so that its figure has a name."""
    return Finding(_key(action), sentence, args, Verdict.SETTLED, Severity.LOW, exhibit=TABLE, evidence=says)


def _key(action: Action) -> str:
    """Stable and plain: a hyphen as an underscore, other characters by their code."""
    plainly = (c if c.isascii() and c.isalnum() else "_" if c in "-_" else f"u{ord(c):x}" for c in action.id.casefold())
    return f"{KEY}." + "".join(plainly)


COLUMNS = (("action", "text"), ("owner", "text"), ("due", "date"), ("state", "label"), ("days_late", "count"))


def exhibit(result: Result, found: Iterable[Finding]) -> Exhibit:
    """A row an action; its result as typed, and the figure it was about, each as wide as it is needed."""
    heads = [Column(name, unit, f"col.action.{name}") for name, unit in COLUMNS]
    rows = [_row(action) for action in result.actions]
    if any(action.result for action in result.actions):
        heads.append(Column("result", "text", "col.action.result"))
        rows = [[*row, action.result] for row, action in zip(rows, result.actions, strict=True)]
    notes = [Note("note.review.actions", {"date": Arg(plain(result.as_of), "date")}), *_figures(result)]
    if result.undated:
        notes.append(Note("note.review.actions.undated", {"n": Arg(result.undated, "count")}))
    table = Table(TABLE, tuple(heads), tuple(map(tuple, rows)))
    return Exhibit(TABLE, "table", table, tuple(f.key for f in found), tuple(notes))


def _row(action: Action) -> list[Any]:
    due = plain(action.due) if action.due else None
    return [plain(action.text), plain(action.owner), due, f"action.{action.state}", action.days]


def _figures(result: Result) -> Iterable[Note]:
    """The figures that stand beside actions: each in its own unit, so no column of the table."""
    for action in result.actions:
        if action.figure and action.figure.unit:
            ends = {"from": Arg(action.figure.baseline, action.figure.unit)}
            ends |= {"to": Arg(action.figure.value, action.figure.unit)}
            yield Note("note.review.actions.figure", {"action": Arg(action.text, "text")} | ends)
