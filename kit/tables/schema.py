"""What a canonical table is: its columns, key, rules, and what follows from them.

Column types are the names of the cleaners in ``kit.exports.clean``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

DTYPES = {
    "text": "str",
    "id": "str",
    "key": "str",
    "province": "str",
    "word": "str",
    "platform": "str",
    "flag": "boolean",
    "date": "datetime64[us]",
    "month": "datetime64[us]",
    "time": "datetime64[us]",
    "count": "float64",
    "people": "float64",
    "money": "float64",
    "price": "float64",
    "ratio": "float64",
    "number": "float64",
    "duration": "float64",
    "interval": "float64",
    "measure": "float64",
}
"""Column type → pandas dtype. A number that is not stated is NaN, a text, word or flag missing, a date NaT.

``people`` are unique visitors, buyers and the like: they never add up. ``money`` and ``count`` do; ``price``,
``ratio``, ``number`` (scores and platform indices) and ``duration`` (seconds, averages) don't. ``measure`` is a figure
of which its file alone knows what it is; what is so or not is 1 or 0. ``key`` is a keyed hash; ``province`` is all that
is read of an address.
"""
ADDITIVE = ("count", "money")
NOT_NEGATIVE = ("count", "people", "money", "price", "ratio", "number", "duration", "interval", "measure")


@dataclass(frozen=True)
class Field:
    """A column. ``key``: part of the table's key, never blank unless ``fill`` says what a blank means there.

    ``required``: not in the key, never blank either. ``words``: the only values allowed. ``flag``: the ledger's reason
    under which blanks are counted. ``most``: the largest possible value (1 for rates that are shares of people).
    ``signed``: it may be negative. ``made``: no file states it, kit works it out. ``subsidy``: whether money includes
    the platform's own share of a price; None where that is no question, or each shop's (``paid_includes_subsidy``).
    """

    name: str
    type: str
    key: bool = False
    required: bool = False
    words: tuple[str, ...] = ()
    flag: str | None = None
    most: float | None = None
    fill: str | None = None
    signed: bool = False
    made: bool = False
    subsidy: bool | None = None

    @property
    def blank(self) -> bool:
        """Whether a row may leave it blank."""
        return not (self.key or self.required) or self.fill is not None

    @property
    def adds(self) -> bool:
        """Whether its values may be summed over rows."""
        return self.type in ADDITIVE


@dataclass(frozen=True)
class Rule:
    """A statement about whole rows: ``test`` takes the frame and returns True where a row is sound.

    ``name`` is the catalogue key of what is said when it is not. A rule is a warning where the figures can be right
    and still look like this; it is an error where a number would be wrong.
    """

    name: str
    test: Callable[[Any], Any]
    warning: bool = False


@dataclass(frozen=True)
class Table:
    """A canonical table. ``amount``: its main money column, whose sum the ledger shows. ``spans``: whether its rows
    may cover several days, in which case they lie in the twin ``periods`` and never among the days. ``further``: types
    of the further columns of a file that it keeps, under the names that the file gives them; by default none."""

    name: str
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    amount: str | None = None
    spans: bool = False
    further: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields if f.key)

    @property
    def time(self) -> str | None:
        """The column that dates its rows: of the key if it has one there, else the first of its dates."""
        dated = [f for f in self.fields if f.type in ("date", "month", "time")]
        return next((f.name for f in sorted(dated, key=lambda f: not f.key)), None)

    @functools.cached_property
    def _by_name(self) -> dict[str, Field]:
        return {f.name: f for f in self.fields}

    def field(self, name: str) -> Field:
        return self._by_name[name]

    def widened(self, frame: Any) -> Table:
        """The table with the further columns that a frame of it has."""
        known = set(self.columns)
        more = [c for c in frame if c not in known and not c.startswith("_")] if self.further else []
        types = ["measure" if frame[c].dtype.kind == "f" else "text" for c in more]
        fields = (Field(c, type, signed=True) for c, type in zip(more, types, strict=True))
        return replace(self, fields=(*self.fields, *fields)) if more else self

    @functools.cached_property
    def periods(self) -> Table | None:
        """Its twin for rows that cover several days: ``start`` and ``end`` in place of the day. Period uniques are not
        sums of days, so the two are never mixed."""
        if not self.spans:
            return None
        ends = (Field("start", "date", key=True), Field("end", "date", key=True))
        at = next(n for n, f in enumerate(self.fields) if f.name == self.time)
        fields = (*self.fields[:at], *ends, *self.fields[at + 1 :])
        return replace(self, name=f"{self.name.removesuffix('_daily')}_period", fields=fields, spans=False)


def at_most(small: str, *large: str) -> Callable[[Any], Any]:
    """Rows where ``small`` does not exceed the sum of ``large``; a row that lacks one of them is sound.

    A fen of rounding a cell is no fault.
    """
    return lambda frame: ~(frame[small] > sum(frame[name] for name in large) + 0.01 * (len(large) > 1) + 1e-9)


def ranged(name: str) -> tuple[Field, ...]:
    """A figure that a platform shows as a range for others and exactly for oneself: the middle, the two ends."""
    return (
        Field(name, "interval"),
        Field(f"{name}_low", "number", made=True),
        Field(f"{name}_high", "number", made=True),
    )


def frame(table: Table, columns: dict[str, list[Any]]) -> Any:
    """A pandas frame of ``table``: its columns in their order with their dtypes; a column not given is missing."""
    import pandas as pd

    rows = len(next(iter(columns.values()), []))
    return pd.DataFrame(
        {f.name: pd.Series(columns.get(f.name, [None] * rows), dtype=DTYPES[f.type]) for f in table.fields}
    )


def checks(table: Table, frame: Any) -> Iterator[tuple[str, str, Any, bool]]:
    """Everything a table demands of its rows: rule, column (blank for a rule of the whole row), whether each row is
    sound, and whether it is a warning only. Blanks and types are the reader's affair."""
    for field in table.fields:
        values = frame[field.name]
        if field.type in NOT_NEGATIVE and not field.signed and field.fill is None:
            yield "e.rule.negative", field.name, ~(values < 0), False
        if field.most is not None:
            yield "e.rule.above", field.name, ~(values > field.most), False
        if field.words:
            yield "e.rule.word", field.name, values.isna() | values.isin([*field.words, field.fill]), False
    for rule in table.rules:
        yield rule.name, "", rule.test(frame), rule.warning
