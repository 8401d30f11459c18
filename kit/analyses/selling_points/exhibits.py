"""The words as intervals: those that are called, and the most used of the others."""

from __future__ import annotations

from collections.abc import Iterable

from kit.analyses.selling_points.sentences import Platform, about
from kit.analyses.selling_points.words import Word
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table

ROWS = 12
"""Words shown, unless more of them are called."""
ZEROS = 0.1
"""Part of the listings with a counter of zero from which the differences are said to be understated."""
COLUMNS = (
    ("term", "text", "col.term"),
    ("lift", "growth", "col.lift"),
    ("lift_low", "growth", "col.lift_low"),
    ("lift_high", "growth", "col.lift_high"),
    ("listings", "count", "col.listings"),
)


def exhibit(one: Platform, findings: list[Finding]) -> Exhibit:
    """A dot and its interval a word, from the largest difference downwards; the words called stand out."""
    shown = sorted(_shown(one), key=lambda word: -word.lift)
    rows = tuple((word.term, word.lift, word.low, word.high, word.listings) for word in shown)
    options = {"highlight": [n for n, word in enumerate(shown) if word.called], "reference": 0}
    table = Table(f"{one.key}.table", tuple(Column(*column) for column in COLUMNS), rows)
    keys = tuple(finding.key for finding in findings)
    return Exhibit(f"{one.key}.chart", "intervals", table, keys, tuple(_notes(one)), options)


def _shown(one: Platform) -> list[Word]:
    others = [word for word in one.words if not word.called]
    return [*one.called, *others[: max(0, ROWS - len(one.called))]]


def _notes(one: Platform) -> Iterable[Note]:
    """Source, what was left out, and what is compared."""
    scope = one.scope
    given = about(scope)
    assert one.tested
    yield Note("note.market.source", given)
    for reason, left in (("sales", scope.unsold), ("price", scope.unpriced)):
        if left:
            yield Note(f"note.market.left.{reason}", given | {"n": Arg(left, "count")})
    tests = {"n": Arg(len(one.words), "count"), "rate": Arg(one.rate, "level"), "lvl": Arg(one.tested.level, "level+1")}
    yield Note("note.market.words", tests)
    if len(_shown(one)) < len(one.words):
        yield Note("note.market.words.shown")
    if scope.unsold_yet >= ZEROS:
        yield Note("note.market.zeros", {"share": Arg(scope.unsold_yet, "ratio")})
