"""The items of the four sides: from findings by rule, and what the consultant made of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

import pandas as pd

from kit.analyses.swot.matrix import Matrix, matrix
from kit.analyses.swot.strategies import Way, ways
from kit.errors import KitError, Problem, problem
from kit.findings import ORDER, Arg, Severity, slug

Piece = Mapping[str, Any]
SIDES = ("S", "W", "O", "T")
WAYS = ("SO", "ST", "WO", "WT")
PEST = ("P", "E", "S", "T")
PAIRS = (("zh", "en"), ("en", "zh"))
"""Each language, and the one whose words stand where it has none."""


@dataclass(frozen=True)
class Item:
    """One item. ``key`` without its report (``w.goal``); ``text`` in both languages.

    ``effect``: its size with a unit, ``low`` and ``high`` its range, both None where there is none; ``source``: report
    and label of the exhibit, ``exhibit`` its key; ``more``: further findings of the same rule. ``judged``: the
    consultant wrote or changed it, by whom and why. ``weight`` and ``rating`` (1–4) are the consultant's alone.
    """

    key: str
    side: str
    text: Mapping[str, str]
    severity: Severity = Severity.MEDIUM
    effect: Arg | None = None
    low: float | None = None
    high: float | None = None
    value: Arg | None = None
    baseline: float | None = None
    source: tuple[str, Mapping[str, str] | None] | None = None
    exhibit: str | None = None
    watch: str = ""
    more: int = 0
    judged: bool = False
    by: str = ""
    why: str = ""
    weight: float | None = None
    rating: float | None = None
    pest: str = ""


@dataclass(frozen=True)
class Result:
    """``items`` that stand, the weightiest of a side first; ``rejected`` ones with the reason; ``ways``: strategies;
    ``inside`` and ``outside``: the weighted matrices, None where nobody has weighed anything; ``read`` and ``absent``:
    the reports there were to go by."""

    items: tuple[Item, ...]
    rejected: tuple[Item, ...] = ()
    ways: tuple[Way, ...] = ()
    inside: Matrix | None = None
    outside: Matrix | None = None
    read: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    own_ways: Mapping[str, Sequence[Item]] = field(default_factory=dict)

    def of(self, side: str) -> list[Item]:
        return [item for item in self.items if item.side == side]


def analyse(reports: Mapping[str, Piece | None], rules: Mapping[str, Any], sheet: pd.DataFrame | None) -> Result:
    """``reports``: by name the JSON of each other report of the period, None where there is none. ``rules``: the lines
    of ``kit.rules.swot``. ``sheet``: the table ``swot_items``, or None.

    Raises ``KitError`` with every row of the sheet that may not stand: rejected without a reason, no text, no side, a
    rating outside 1 to 4.
    """
    found = [item for rule in rules["rule"] for item in by_rule(rule, reports)]
    rows = [] if sheet is None else [dict(row) for row in sheet.to_dict("records")]
    every = _merged({item.key: item for item in found}, rows)
    rejected = tuple(item for item in every if item.side == "")
    standing = sorted((item for item in every if item.side in SIDES), key=_order)
    own = {kind: [item for item in every if item.side == kind] for kind in WAYS}
    inside, outside = (matrix([i for i in standing if i.side in pair]) for pair in ("SW", "OT"))
    read = tuple(name for name, report in reports.items() if report is not None)
    absent = tuple(name for name, report in reports.items() if report is None)
    made = ways({item.key: item for item in standing}, rules["strategy"])
    return Result(tuple(standing), rejected, tuple(made), inside, outside, read, absent, own)


def _order(item: Item) -> tuple[Any, ...]:
    size = abs(item.effect.value) if item.effect and item.effect.unit in ("growth", "times") else 0.0
    return SIDES.index(item.side), ORDER[item.severity], -size, item.key


# ---- from findings ---------------------------------------------------------------------------------------------


def by_rule(rule: Piece, reports: Mapping[str, Piece | None]) -> list[Item]:
    """The items of a rule, at most one a side: the weightiest finding, with the number of others like it."""
    made: dict[str, list[Item]] = {}
    for finding, report in _fitting(rule, reports):
        item = _item(rule, finding, report)
        if item:
            made.setdefault(item.side, []).append(item)
    kept = []
    for items in made.values():
        first, *others = sorted(items, key=lambda i: (ORDER[i.severity], -abs(i.effect.value if i.effect else 0)))
        kept.append(replace(first, more=len(others)))
    return kept


def _fitting(rule: Piece, reports: Mapping[str, Piece | None]) -> list[tuple[Piece, Piece]]:
    """The findings of the first pattern that any finding fits, each with its report; hidden ones are not there."""
    for pattern in rule["finding"]:
        report = reports.get(pattern.partition(".")[0])
        shown = [f for f in (report or {}).get("findings", ()) if f["shown"] is not None]
        fitting = [f for f in shown if fnmatchcase(f["key"], pattern) and f["verdict"] in rule["verdicts"]]
        if report and fitting:
            return [(f, report) for f in fitting]
    return []


def _item(rule: Piece, finding: Piece, report: Piece) -> Item | None:
    """None where the finding has no number, or one too small to count."""
    effect = sized(rule, finding)
    side = rule["verdicts"][finding["verdict"]] or _side(rule, finding)
    if effect is None or not side or abs(_excess(rule, effect.value)) < rule["least"]:
        return None
    low, high = (_measured(rule, finding, finding[end]) if rule.get("range") else None for end in ("low", "high"))
    exhibits = {e["key"]: e for e in report["exhibits"]}
    exhibit = exhibits.get(finding["exhibit"] or "")
    return Item(
        key=f"{side.lower()}.{rule['id']}",
        side=side,
        text=finding["shown"]["text"],
        severity=Severity(finding["shown"]["severity"]),
        effect=effect,
        low=low,
        high=high,
        value=Arg(finding["value"], "points+1" if rule["measure"] == "lift" else finding["unit"]),
        baseline=None if rule["measure"] == "value" else finding["baseline"],
        source=(report["report"], exhibit["label"] if exhibit else None),
        exhibit=exhibit["key"] if exhibit else None,
        watch=rule["watch"],
    )


def sized(rule: Piece, finding: Piece) -> Arg | None:
    """How large a finding is in its rule's measure; None without the figures it takes."""
    size = _measured(rule, finding, finding["value"])
    if size is None:
        return None
    unit = {"relative": "growth", "lift": "growth", "times": "times"}.get(rule["measure"])
    own = finding["unit"] or "index"
    gap = "points" if own in ("rate", "ratio", "growth", "points") else own
    if unit == "times" and finding["baseline"] == 1:
        unit = own  # times one is the figure itself, and is written as its own report writes it
    return Arg(size, unit or (gap if rule["measure"] == "difference" else own))


def _measured(rule: Piece, finding: Piece, value: float | None) -> float | None:
    base, measure = finding["baseline"], rule["measure"]
    if value is None or (measure != "value" and base is None):
        return None
    if measure in ("relative", "times", "lift"):
        ratio = value / base if base else math.nan
        return None if math.isnan(ratio) else ratio - 1 if measure == "relative" else ratio
    return value - base if measure == "difference" else value


def _excess(rule: Piece, size: float) -> float:
    """A multiple below one is as large as its inverse: a third of the usual is three times too little."""
    return 1 / size if rule["measure"] == "times" and 0 < size < 1 else size


def _side(rule: Piece, finding: Piece) -> str:
    """Of a rule that goes by the direction of a figure."""
    value, base = finding["value"], 0.0 if rule["measure"] == "value" else finding["baseline"]
    if value is None or base is None or value == base:
        return ""
    rose = value > base
    return "S" if rose == (rule["better"] == "up") else "W"


# ---- the consultant's hand --------------------------------------------------------------------------------------


def _merged(made: dict[str, Item], rows: Iterable[Mapping[str, Any]]) -> list[Item]:
    """Computed items as the sheet leaves them, and the sheet's own. A rejected one has no side left."""
    problems: list[Problem] = []
    for row in rows:
        said = {name: None if value is None or value != value else value for name, value in row.items()}
        key = str(said["key"]).strip().casefold().removeprefix("swot.")
        own = f"{str(said.get('kind') or '').lower()}.{slug(key)}"  # a key that a computed item has is meant for it
        computed = made.get(key) or made.get(own)
        key = computed.key if computed else key
        faults = list(_faults(said, computed))
        problems += faults
        if not faults:
            item = _own(key, said, computed)
            made[key if computed else item.key] = item
    if problems:
        raise KitError(problems)
    return list(made.values())


def _faults(said: Mapping[str, Any], computed: Item | None) -> Iterable[Problem]:
    where = {"key": str(said["key"])}
    if said.get("decision") == "reject":
        if not said.get("why") or not said.get("by"):
            yield problem("e.swot.reason", **where)
        if computed is None:
            yield problem("e.swot.unknown", **where)
        return
    if computed is None and not said.get("kind"):
        yield problem("e.swot.kind", **where, allowed=", ".join((*SIDES, *WAYS)))
    if computed is None and not (said.get("text_zh") or said.get("text_en")):
        yield problem("e.swot.text", **where)
    rating = said.get("rating")
    if rating is not None and not 1 <= float(rating) <= 4:
        yield problem("e.swot.rating", **where, value=f"{float(rating):g}")


def _own(key: str, said: Mapping[str, Any], computed: Item | None) -> Item:
    by, why = (str(said.get(name) or "") for name in ("by", "why"))
    if said.get("decision") == "reject":
        assert computed is not None
        return replace(computed, side="", by=by, why=why, judged=True)
    texts = {loc: str(said.get(f"text_{loc}") or said.get(f"text_{other}") or "") for loc, other in PAIRS}
    figures = {name: None if said.get(name) is None else float(said[name]) for name in ("weight", "rating")}
    facts: dict[str, Any] = {**figures, "by": by, "why": why, "pest": str(said.get("pest") or "")}
    kind = str(said.get("kind") or (computed.side if computed else ""))
    if computed is None:
        return Item(key=f"{kind.lower()}.{slug(key)}", side=kind, text=texts, judged=True, **facts)
    changed = bool(texts["zh"]) or kind != computed.side
    return replace(computed, side=kind, text=texts if texts["zh"] else computed.text, judged=changed, **facts)
