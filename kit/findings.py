"""The one place a claim is made: findings, exhibits and tables as plain data.

A finding carries numbers and the catalogue key of its sentence; its wording, colour and order are looked up
from it when it is shown. Everything here turns into JSON without NaN (``payload``), because a notebook cell's
output is data and one run serves every language, brand and format.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from kit.numbers import agreeing as agreeing

MIME = "application/vnd.kit.v1+json"


class Severity(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Kind(StrEnum):
    """What sort of claim it is; the chip beside a finding is this and its severity."""

    STATE = "state"
    OPPORTUNITY = "opportunity"
    THREAT = "threat"
    DATA = "data"


class Side(StrEnum):
    """Whose a proposal is: the agency does it, or the brand decides. The words of the ``actions`` sheet."""

    AGENCY = "agency"
    BRAND = "brand"


class Soundness(StrEnum):
    """Verdict of a finding about the data themselves."""

    LIMITED = "limited"
    BROKEN = "broken"


@dataclass(frozen=True)
class Arg:
    """A value for a placeholder and the unit that says how it is written (see ``kit.text``).

    Units: money, price, ratio, rate, growth, points, index, times, rank, count and count.<thing>, date, month,
    period, band, text (a name from data, shown as it is), label (a catalogue key), and a list of Args is written
    as an enumeration. Ratios, rates and growth are fractions; points are differences of fractions.
    """

    value: Any
    unit: str


Args = Mapping[str, Arg]


@dataclass(frozen=True)
class Note:
    """A catalogue sentence with its arguments: source lines, evidence, actions."""

    sentence: str
    args: Args = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """One claim. ``value``, ``low``, ``high`` and ``baseline`` are unrounded, in ``unit``.

    ``key`` is stable across periods (slugs joined by dots). ``sentence`` is the headline's catalogue key.
    ``level`` is the interval's level. ``side``: whose ``action`` is. ``pinned``: the consultant
    has put it first in its own report. ``unsound`` marks a claim that the data cannot be
    trusted: an edit may never hide it. ``source``: of a finding taken over from another report that report, and the
    exhibit that shows it there.
    """

    key: str
    sentence: str
    args: Args
    verdict: StrEnum
    severity: Severity
    kind: Kind = Kind.STATE
    value: float | None = None
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    baseline: float | None = None
    p_value: float | None = None
    n: int | None = None
    exhibit: str | None = None
    method: str | None = None
    evidence: Note | None = None
    action: Note | None = None
    side: Side = Side.AGENCY
    unsound: bool = False
    pinned: bool = False
    source: tuple[str, str | None] | None = None


@dataclass(frozen=True)
class Column:
    """A table column: machine name, unit of its cells, catalogue key of its heading.

    Units are those of ``Arg``; ``figure``: an ``Arg`` each; ``money.adding``: amounts that add up along a row.
    """

    name: str
    unit: str
    label: str


@dataclass(frozen=True)
class Table:
    """Rows of plain unrounded values. ``marks`` maps a row's position to ``own`` or ``total``; ``about``: for each row
    the key of the finding that it is about, so that it goes with a hidden one; empty where rows are of no finding."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    marks: Mapping[int, str] = field(default_factory=dict)
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exhibit:
    """A chart or table under a message.

    ``form`` names a chart form of ``kit.charts`` or ``table``. The message is the headline of the first of
    ``findings``. ``notes`` are the small lines below: source, period, definition, method. ``options`` belong to the
    form (promotion bands, the point to highlight …) and are plain JSON.
    """

    key: str
    form: str
    table: Table
    findings: tuple[str, ...]
    notes: tuple[Note, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Heading:
    """A heading below that of the section: what follows is about the thing that ``text`` names."""

    key: str
    text: Arg


@dataclass(frozen=True)
class Kpi:
    """A figure of the strip above the findings: label, value, and its changes (label and value each).

    ``before``: the same figure of the span just before (value, first and last day) as today's data have it, so that the
    report of that span can be told to be restated.
    """

    key: str
    label: str
    value: Arg
    changes: tuple[tuple[str, Arg], ...] = ()
    before: tuple[float, dt.date, dt.date] | None = None


@dataclass(frozen=True)
class Missing:
    """A question that cannot be answered: the catalogue key of the question and the exports that would answer it."""

    key: str
    question: str
    tables: tuple[str, ...]
    reason: Note | None = None


@dataclass(frozen=True)
class Shown:
    """What one analysis gives the page: every part may be empty, but not all of them.

    Headings stand among the exhibits that follow them.
    """

    findings: tuple[Finding, ...] = ()
    exhibits: tuple[Exhibit | Heading, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    missing: tuple[Missing, ...] = ()


def plain(value: Any) -> Any:
    """``value`` as JSON types: dataclasses to dicts, days to ISO text, numpy to Python, NaN and infinity to None."""
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if value is None or isinstance(value, (bool, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if hasattr(value, "item"):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value
    raise TypeError(f"not plain data: {type(value).__name__}")


def slug(name: str) -> str:
    """A name from data as a part of a key: stable and plain, other characters by their code.

    >>> slug("双11 2024")
    'u53cc11u202024'
    """
    kept = (c if c.isascii() and (c.isalnum() or c in "_-") else f"u{ord(c):x}" for c in name.casefold())
    return "".join(kept) or "u0"


def payload(thing: Finding | Exhibit | Heading | Kpi | Missing | Table) -> dict[str, Any]:
    """The JSON that a notebook output carries under ``MIME``: the fields and their ``kind`` of thing under ``is``."""
    return {"is": type(thing).__name__.lower(), **plain(thing)}


ORDER = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2, Severity.INFO: 3}


def ranked(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Finding payloads in the order they open a report.

    Pinned ones first. Then the weightiest of each exhibit, then the second of each, and so on, always by severity:
    a page of five price bands would hide what else there is to know. What is for information only comes last. Equals
    stay as the notebook made them.
    """
    by_severity = sorted(findings, key=lambda f: ORDER[Severity(f["severity"])])
    seen: Counter[str | None] = Counter()
    places = {}
    for finding in by_severity:
        places[finding["key"]] = seen[finding["exhibit"]]
        seen[finding["exhibit"]] += 1
    return sorted(
        by_severity,
        key=lambda f: (not f.get("pinned", False), f["severity"] == Severity.INFO, places[f["key"]]),
    )
