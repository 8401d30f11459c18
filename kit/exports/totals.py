"""What a file says of its own sums: its total rows compared with its rows, its main money column in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kit.errors import Problem, warning
from kit.exports import scale
from kit.exports.clean import Cleaned, reader
from kit.exports.figures import shift
from kit.exports.recognise import shown

if TYPE_CHECKING:
    import pandas as pd

    from kit.exports.pieces import Of

SLACK = 0.005
"""Rounding of a cell that a sum of rows may add per row, in the column's unit: half a fen."""


def money(of: Of, every: pd.DataFrame, kept: pd.DataFrame, frame: pd.DataFrame) -> None:
    """Put the main money column into the ledger's line as the file states it: over all records, and over those kept."""
    name = of.match.export.table.amount or ""
    places = of.match.places(name)
    if places:
        sums = {"read": float(every[name].sum()), "kept": float(kept[name].sum())}
        of.line["amount"] = {"column": name if of.sheet.numbers else _unscaled(of.match.headers[places[0]]), **sums}
    elif name in frame and frame[name].notna().any():  # worked out from what the file states
        of.line["amount"] = {"column": name, "read": float(frame[name].sum()), "kept": float(frame[name].sum())}


def _unscaled(header: str) -> str:
    """A header as it may be shown beside a sum in the currency's own unit: without its 万."""
    return shown(scale.bare(header) if shift(header) else header)


def gaps(of: Of, cells: Mapping[int, Cleaned]) -> list[Problem]:
    """A warning per total row and column that does not agree with the rows above it: some rows are not in the file.

    Only what adds is compared: a total of unique visitors or of rates is no sum.
    """
    import pandas as pd

    told: list[Problem] = []
    match, totals, table = of.match, of.sifted.totals, of.match.export.table
    # Several totals are each of a part; and sources overlap, so their rows have no sum.
    if len(totals) != 1 or "level" in table.columns:
        return []
    adding = {at: col for at, col in match.at.items() if not col.whole and table.field(col.to).adds}
    for number, row in totals:
        for at, col in adding.items():
            header = match.headers[at]
            cell = reader(col.type, header, dash_zero=col.dash_zero, part=col.part, context=of.context)(row[at])
            if cell.value is None:
                continue
            values = pd.Series(cells[at].values, dtype="float64")
            rows = float(values.sum())
            if abs(rows - cell.value) > SLACK * len(values) + 1e-6 * abs(rows):
                facts = {"total": f"{cell.value:,.2f}", "rows": f"{rows:,.2f}", "gap": f"{cell.value - rows:,.2f}"}
                told.append(warning("e.warn.total", file=of.name, row=number, col=shown(header), **facts))
    return told
