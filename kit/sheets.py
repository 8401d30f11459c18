"""The consultant's sheets about findings: which rows are a report's, and which are nobody's.

A row names a finding by its key, whose first segment is the report. A key that was mistyped must not silently do
nothing: what the consultant believes hidden would go out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.errors import Problem, warning

SHEETS = ("edits", "actions")


def text(value: Any) -> str:
    """A cell as text; an empty cell of a data frame (None or NaN) as none."""
    return "" if value is None or value != value else str(value).strip()


def rows(store: Any, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet that name a finding, the key as our keys are written: small letters, no blanks."""
    return [{**row, "finding": key} for row in store.records(sheet) if (key := text(row.get("finding")).casefold())]


def of(store: Any, sheet: str, report: str) -> list[dict[str, Any]]:
    """The rows about one report's findings."""
    return [row for row in rows(store, sheet) if row["finding"].split(".")[0] == report]


def gone(store: Any, report: str, made: Iterable[str], reports: Iterable[str]) -> list[Problem]:
    """Warnings for rows about findings this report did not make, and about reports that do not exist."""
    made, reports = set(made), set(reports)
    told = []
    for sheet in SHEETS:
        for row in rows(store, sheet):
            about = row["finding"].split(".")[0]
            if row["finding"] not in made and (about == report or about not in reports):
                told.append(warning("e.sheet.gone", sheet=sheet, finding=row["finding"]))
    return told
