"""The bands as dots with intervals; without enough sales to compare, a table of what is on offer."""

from __future__ import annotations

from collections.abc import Iterable

from kit.analyses.price_bands.sentences import CLEAR, Platform, band_arg, platform_arg, verdict
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table, plain
from kit.stats import bootstrap
from kit.stats.bands import Band


def exhibit(one: Platform, findings: list[Finding]) -> Exhibit:
    """A dot a share; without enough sales to compare, only what is on offer."""
    first = findings[0]
    same = [n for n, b in enumerate(one.bands) if first.verdict in CLEAR and verdict(b) == first.verdict]
    form = "dot_range" if one.enough else "table"
    options = {"highlight": same, "reference": 1} if one.enough else {}
    keys = tuple(f.key for f in findings)
    return Exhibit(f"{one.key}.chart", form, _table(one), keys, tuple(_notes(one)), options)


SUPPLY = (("listings", "count", "listings"), ("supply", "ratio", "supply"))
BOTH = (
    ("demand", "ratio", "demand"),
    ("supply", "ratio", "supply"),
    ("index", "index", "index.value"),
    ("index_low", "index", "index.low"),
    ("index_high", "index", "index.high"),
    ("listings", "count", "listings"),
    ("brands", "count", "brands"),
    ("pieces", "ratio", "pieces"),
    ("pieces_index", "index", "pieces_index.value"),
    ("pieces_low", "index", "pieces_index.low"),
    ("pieces_high", "index", "pieces_index.high"),
)
"""Columns after the band itself, in the order that the chart form asks for: name, unit, where a band has it."""


def _table(one: Platform) -> Table:
    columns = BOTH if one.enough else SUPPLY
    heads = tuple(Column(name, unit, f"col.{name}") for name, unit, _ in (("band", "band", ""), *columns))
    rows = tuple((band_arg(band).value, *(_cell(band, path) for _, _, path in columns)) for band in one.bands)
    return Table(f"{one.key}.table", heads, rows)


def _cell(band: Band, path: str) -> float | None:
    """The number at ``path``; None where the band was not judged."""
    whole, _, part = path.partition(".")
    found = getattr(band, whole)
    return getattr(found, part) if part and found else found


def _notes(one: Platform) -> Iterable[Note]:
    """Source, what was left out, and how bands and intervals are meant."""
    about = {
        "platform": platform_arg(one),
        "date": Arg(plain(one.date), "date"),
        "n": Arg(one.listings, "count"),
    }
    kind = {"kind": Arg(f"price.{one.price_kind}", "label")}
    edges = Note("note.market.edges.configured" if one.configured else "note.market.edges.natural")
    if not one.sales_kind:
        yield from (Note("note.market.source.nosales", about | kind), edges)
        return
    yield Note("note.market.source", about | kind | {"sales": Arg(f"sales.{one.sales_kind}", "label")})
    for reason, left in (("sales", one.unsold), ("price", one.unpriced)):
        if left:
            yield Note(f"note.market.blank.{reason}", {"n": Arg(left, "count")} | kind)
    yield edges
    if one.enough:
        yield Note("note.market.bands", {"lvl": Arg(bootstrap.LEVEL, "level"), "b": Arg(one.resamples, "count")})
        yield Note(f"note.market.counter.{one.sales_kind}")
