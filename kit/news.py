"""What has changed since the last report, as the page says it: one line of counts, then each change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit import edits, since, stale
from kit.periods import Period

Piece = dict[str, Any]
Block = dict[str, Any]
MOST = 4
"""Changes of a sort that are spelt out; the others are counted."""


def blocks(r: Any, piece: Piece) -> list[Block]:
    """A heading and a list; without any change one line that says so. ``piece``: the report before (``since.last``)."""
    found = since.compared(piece, {"findings": [_finding(r, f) for f in r.findings.values()], "kpis": _kpis(r)})
    title = r.words.label("page.since", period=r.words.value({"value": piece["before"], "unit": "period"}))
    heading = {"type": "heading", "level": 2, "text": title, "id": "since", "appendix": False}
    return [heading, {"type": "list", "items": [*lines(found, r.words)] or [r.words.label("x.since.none")]}]


def _finding(r: Any, finding: Piece) -> Piece:
    shown = None
    if not finding.get("hidden"):
        shown = {"text": {r.words.locale: edits.headline(finding, r.words)}, "severity": finding["severity"]}
    return {**finding, "shown": shown}


def _kpis(r: Any) -> list[Piece]:
    made = []
    for piece in (p for p in r.pieces if p["is"] == "kpi"):
        before = piece["before"]
        told = {"value": before[0], "period": {"start": before[1], "end": before[2]}} if before else None
        label = {r.words.locale: r.words.label(piece["label"])}
        made.append({"key": piece["key"], "label": label, "value": piece["value"]["value"], "before": told,
                     "unit": piece["value"]["unit"]})  # fmt: skip
    return made


def of_folder(folder: Path, words: Any) -> Iterator[str]:
    """The changes of every report built in a period's folder, each under its name; nothing of an empty folder."""
    for title, told in of_reports(folder, words):
        yield title
        yield from (f"  {line}" for line in told)


def of_reports(folder: Path, words: Any) -> Iterator[tuple[str, list[str]]]:
    """Every report built in a period's folder by its title, with its changes or that there are none."""
    for path in sorted(folder.glob("*.json")):
        report = since.read(path)
        if report is None:
            continue
        earlier = [made for one in stale.earlier(folder, path.stem) if (made := since.read(one))]
        before = since.last(earlier, Period.parse(folder.name))
        told = lines(since.compared(before, report), words) if before else [words.label("x.since.first")]
        title = words.label(f"report.{path.stem}") if words.has(f"report.{path.stem}") else path.stem
        yield title, told or [words.label("x.since.none")]


def lines(found: since.Since, words: Any) -> list[str]:
    """New, resolved, changed, restated: each change a line, at most ``MOST`` of a sort and how many more there are."""
    sorts = {
        "new": [{"text": _said(f, words)} for f in found.new],
        "resolved": [{"text": _said(f, words)} for f in found.resolved],
        "changed": [{"text": _said(m.new, words), "was": _said(m.old, words)} for m in found.changed],
        "restated": [_restated(one, words) for one in found.restated],
    }
    made = []
    for sort, items in sorts.items():
        made += [words.label(f"x.since.{sort}", **item) for item in items[:MOST]]
        if len(items) > MOST:
            made.append(words.label(f"x.since.{sort}.more", n=len(items) - MOST))
    return made


def _said(finding: Any, words: Any) -> str:
    return str(finding["shown"]["text"][words.locale])


def _restated(one: Any, words: Any) -> dict[str, str]:
    old, new = (words.value({"value": value, "unit": one.unit}) for value in (one.old, one.new))
    return {"what": one.label[words.locale], "old": old, "new": new}
