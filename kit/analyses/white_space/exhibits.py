"""The cells as a heat map, and the leading ones with their ranges as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kit.analyses.white_space.cells import Cell
from kit.analyses.white_space.sentences import Platform, about, band_arg
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table

MAP = (
    ("need", "text", "need"),
    ("band", "band", ""),
    ("ratio", "times", "money.value"),
    ("listings", "count", "listings"),
)
LEADING = (
    ("band", "band", ""),
    ("need", "text", "need"),
    ("listings", "count", "listings"),
    ("expected", "count", "expected"),
    ("demand", "ratio", "demand"),
    ("money_ratio", "times", "money.value"),
    ("ratio_low", "times", "money.low"),
    ("ratio_high", "times", "money.high"),
    ("pieces_ratio", "times", "pieces.value"),
    ("beside", "times", "beside.value"),
    ("beside_low", "times", "beside.low"),
    ("beside_high", "times", "beside.high"),
    ("surplus", "times", "surplus.value"),
)
"""Name, unit, and where a cell has it; the band is worded."""


def exhibits(one: Platform, findings: list[Finding]) -> Iterable[Exhibit]:
    """The map where anything is measured; the leading cells where any is above balance."""
    if not one.measured:
        return
    shown = list(one.cells)
    options = {"highlight": [n for n, cell in enumerate(shown) if cell.called], "reference": 1}
    yield _exhibit(one, "map", "heat_map", shown, MAP, findings, tuple(_notes(one)), options)
    if one.leading:
        assert one.judged
        note = Note("note.market.whitelead", {"lvl": Arg(one.judged.level, "level+1")})
        yield _exhibit(one, "table", "table", one.leading, LEADING, findings, (note,), {})


def _exhibit(
    one: Platform,
    name: str,
    form: str,
    cells: Sequence[Cell],
    columns: Sequence[tuple[str, str, str]],
    findings: Sequence[Finding],
    notes: tuple[Note, ...],
    options: dict[str, Any],
) -> Exhibit:
    key = f"{one.key}.{name}"
    heads = tuple(Column(column, unit, f"col.{column}") for column, unit, _ in columns)
    rows = tuple(tuple(_value(cell, path) for _, _, path in columns) for cell in cells)
    keys = tuple(finding.key for finding in findings if finding.exhibit == key)
    return Exhibit(key, form, Table(f"{key}.rows", heads, rows), keys, notes, options)


def _value(cell: Cell, path: str) -> Any:
    """What stands at ``path``; None where it was not measured."""
    if not path:
        return band_arg(cell).value
    whole, _, part = path.partition(".")
    found = getattr(cell, whole)
    return getattr(found, part) if part and found else found


def _notes(one: Platform) -> Iterable[Note]:
    """Source, what was left out, what is compared, and which cells have no number."""
    scope = one.scope
    given = about(scope)
    yield Note("note.market.source", given)
    for reason, left in (("sales", scope.unsold), ("price", scope.unpriced)):
        if left:
            yield Note(f"note.market.left.{reason}", given | {"n": Arg(left, "count")})
    yield Note("note.market.edges.configured" if one.configured else "note.market.edges.natural")
    yield Note("note.market.needs.named" if one.named else "note.market.needs.found")
    least = {"n": Arg(one.min_cell_listings, "count"), "k": Arg(one.min_word_brands, "count")}
    yield Note("note.market.cells", least)
    yield Note(f"note.market.counter.{scope.sales_kind}")
