"""A week or a day on one page: what such a short period can say, and how much of it has room.

A report is made in full whatever its period, and its JSON holds all of it. The page of a week or a day shows the key
figures, the findings that weigh most, and the exhibits of ``SHOWN``; which sections it leaves out it says in one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from kit import edits, page_table

FINDINGS = 4
"""Findings that open the page."""
ROWS = 5
"""Rows of a table, its total not among them."""
NOTES = 1
"""Lines below an exhibit: the first says what it is of."""
STANDING = ("review.data.*", "review.attainment", *(f"review.attainment.{n}" for n in ("sales", "open", "gaps.*")))
DAYS = ("review.days", "review.days.gap.*", "review.days.open.*")
SOLD = ("review.items", "review.items.top", "review.traffic.*.sources")
SHOWN: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("review", "week"): (*STANDING, *DAYS, "review.days.curve", *SOLD),
    ("review", "day"): (*STANDING, *DAYS, "review.days.hours", *SOLD),
}
"""By report and kind of period, the keys of exhibits, open questions and limits of the data that stand on the page."""
APPENDIX = ("limits", "ledger", "method", "glossary", "reproduce")

Piece = dict[str, Any]
Block = dict[str, Any]


class Short:
    """The short form of a report over a kind of period. ``keys`` are the patterns of ``SHOWN``."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys

    @classmethod
    def of(cls, report: str, kind: str) -> Short | None:
        """None where the report is shown whole."""
        keys = SHOWN.get((report, kind))
        return cls(keys) if keys else None

    def has(self, key: str) -> bool:
        return any(fnmatchcase(key, pattern) for pattern in self.keys)

    def shows(self, piece: Piece) -> bool:
        """Exhibits and questions by their key; of prose what a consultant wrote; no appendix."""
        if piece["is"] in ("exhibit", "missing"):
            return self.has(piece["key"])
        if piece["is"] == "prose":
            return bool(piece["own"])
        return piece["is"] not in (*APPENDIX, "heading", "finding", "since")

    def rows(self, table: Piece) -> Piece:
        """The table's first rows, and its last if that is its total."""
        every = table["rows"]
        total = len(every) - 1 if table["marks"].get(str(len(every) - 1)) == "total" else len(every)
        return page_table.chosen(table, [n for n in range(len(every)) if n < ROWS or n >= total])

    def left_out(self, pieces: Iterable[Piece]) -> list[Piece]:
        """The opening prose of the sections of which nothing is shown, in their order."""
        sections: list[tuple[Piece, list[Piece]]] = []
        for piece in pieces:
            if piece["is"] == "prose" and piece["text"].startswith("## "):
                sections.append((piece, []))
            elif sections and piece["is"] in ("exhibit", "missing", "answer"):
                sections[-1][1].append(piece)
        return [head for head, held in sections if not head["appendix"] and held and not any(map(self.shows, held))]

    def closing(self, r: Any) -> list[Block]:
        """What the page ends with: limits of what it shows, what it leaves out, and where the data end."""
        limits = [f for f in r.findings.values() if f["kind"] == "data" and self.has(f["key"])]
        items = [edits.headline(f, r.words) for f in limits]
        names = [r.section(piece) for piece in self.left_out(r.pieces)]
        if names:
            items.append(r.words.label("page.short.left", sections=names))
        return [{"type": "list", "items": [*items, r.cutoff()]}]
