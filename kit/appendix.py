"""The pages at the end: limits, ledger, method, glossary, and how to build the report again.

``r`` is the ``Rendering``; every string returned is worded and final.
"""

from __future__ import annotations

from typing import Any

from kit import edits, project, sheets, wording

Piece = dict[str, Any]
Block = dict[str, Any]


def limits(r: Any, piece: Piece) -> list[Block]:
    """What these data cannot say: data findings, unanswered questions, characters that could not be printed. Where
    there is none of these, what is taken from other reports still has theirs."""
    found = [f for f in r.findings.values() if f["kind"] == "data"]
    items = [r.words.join([edits.headline(f, r.words), wording.evidence(r, f)]) for f in found]
    items += [wording.missing_text(r, p) for p in r.pieces if p["is"] == "missing"]
    if r.glyphless:
        items.append(r.words.label("page.glyphs", n=sum(r.glyphless.values())))
    none = "sources" if any(f.get("source") for f in r.findings.values()) else "none"
    return [{"type": "list", "items": items or [r.words.label(f"page.limits.{none}")]}]


def ledger(r: Any, piece: Piece) -> list[Block]:
    """Every file of the report's tables with its rows: read, kept, dropped and why, flagged and why, and its money."""
    words = r.words
    heads = ("file", "table", "span", "rows_read", "rows_kept", "dropped", "flagged")
    columns = [
        {"label": words.label(f"ledger.{h}"), "align": "right" if h.startswith("rows") else "left"} for h in heads
    ]
    rows = []
    files = _files(r, piece)
    for entry in files:
        counts = [f"{entry[k]:,}" for k in ("rows_read", "rows_kept")]  # to the row: it is an account
        reasons = [_reasons(words, entry["dropped"]), _reasons(words, entry["flagged"], _money(words, entry))]
        name = words.label(f"table.{entry['table']}") if entry["table"] else "—"
        rows.append({"cells": [_file(r, entry), name, _span(entry), *counts, *reasons], "mark": None})
    others = len({e["file"] for e in _files(r, {})} - {e["file"] for e in files})
    notes = [words.label("page.ledger.others", n=others)] if others else []
    return [{"type": "table", "table": {"columns": columns, "rows": rows}, "notes": notes, "small": True}]


def _files(r: Any, piece: Piece) -> list[dict[str, Any]]:
    """The ledger's lines of the tables a report has read, and of the consultant's sheets that it shows; all of them for
    a piece that names no tables. Left out is what an operating system leaves in folders: nothing a client asks for."""
    lines = [entry for entry in r.store.ledger if entry["ignored"] != "system_file"]
    if "tables" not in piece:
        return lines
    wanted = {*piece["tables"], *sheets.SHEETS}
    files = {e["file"] for e in lines if wanted & {e["table"], *e["also"]}}
    return [e for e in lines if e["file"] in files and (e["table"] is None or wanted & {e["table"], *e["also"]})]


def _file(r: Any, entry: dict[str, Any]) -> str:
    """A file as the consultant knows it: below ``exports/``, and with its sheet if it has several."""
    name = entry["file"].removeprefix("exports/")
    return r.printable(f"{name} · {entry['sheet']}" if entry["sheet"] else name)


def _span(entry: dict[str, Any]) -> str:
    """First and last day, in two lines: what is to be said of the rows needs the room."""
    if not entry["start"]:
        return "—"
    return entry["start"] if entry["start"] == entry["end"] else f"{entry['start']}\u00a0–\n{entry['end']}"


def _reasons(words: Any, counts: dict[str, int], more: list[str] | None = None) -> str:
    said = [words.label(f"ledger.{k}", n=v) for k, v in counts.items() if v]
    return words.listing([*said, *(more or [])]) or "—"


def _money(words: Any, entry: dict[str, Any]) -> list[str]:
    """The main money column over the rows read and kept, and what newer files restate."""
    said = []
    if amount := entry["amount"]:
        said.append(wording.amount(words, amount))
    return said + [words.label("ledger.restated", n=noted["records"]) for noted in entry["restated"].values()]


def method(r: Any, piece: Piece) -> list[Block]:
    """Formula and source of every method that a shown finding names."""
    keys = dict.fromkeys(f["method"] for f in r.findings.values() if f["method"])
    if not keys:
        return [wording.callout("note", r.words.label("page.method.none"))]
    return [{"type": "terms", "items": [_term(r, key) for key in keys]}]


def glossary(r: Any, piece: Piece) -> list[Block]:
    return [{"type": "terms", "items": [_term(r, f"g.{slug}") for slug in piece["terms"]]}]


def _term(r: Any, key: str) -> dict[str, str]:
    return {"term": r.words.label(f"{key}.term"), "text": r.words.label(f"{key}.text")}


def reproduce(r: Any, piece: Piece) -> list[Block]:
    """How to build this very report again: version, command, and the files by their hashes."""
    words = r.words
    report = piece.get("report", r.report)  # none: all of them
    command = f"python -m kit report {r.client.slug}{f' --report {report}' if report else ''}"
    command += f" --period {r.start['period']['text']}"
    lines = [
        words.label("page.reproduce.version", version=project.VERSION),
        words.label("page.reproduce.command", command=command),
    ]
    columns = [{"label": words.label(f"ledger.{h}"), "align": "left"} for h in ("file", "sha256")]
    hashes = {e["file"].removeprefix("exports/"): e["sha256"][:16] for e in _files(r, piece)}
    rows = [{"cells": [r.printable(name), sha], "mark": None} for name, sha in hashes.items()]
    message = words.label("page.reproduce.files")
    files = {
        "type": "table",
        "message": message,
        "table": {"columns": columns, "rows": rows},
        "notes": [],
        "small": True,
    }
    return [{"type": "list", "items": lines}, files]
