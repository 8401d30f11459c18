"""The machine-readable report, ``<report>.json``: both languages' sentences beside unrounded numbers.

Its schema is ``report.schema.json``; other reports of the client are made from it.
"""

from __future__ import annotations

from typing import Any

from kit import blocks, edits, sheets, wording

Piece = dict[str, Any]


def report(pieces: list[dict[str, Any]], both: dict[str, Any]) -> dict[str, Any]:
    """The machine-readable report (``<report>.json``), both languages' sentences beside unrounded numbers.

    ``pieces`` as the notebook made them: the data of a table stay as they are, printable or not."""
    one = both["zh"]
    exhibits = [p for p in pieces if p["is"] == "exhibit"]  # as the data have them, printable or not
    # as they were made, with what the consultant did beside it: whoever approves sees both
    made = [{**finding, "edit": one.findings[key]["edit"]} for key, finding in one.made.items()]
    agreed: dict[str, list[dict[str, Any]]] = {}
    for row in sheets.of(one.store, "actions", one.report):
        agreed.setdefault(row["finding"], []).append(row)
    return {
        "schema": 1,
        "report": one.report,
        "client": one.client.slug,
        "period": {"start": one.start["period"]["start"], "end": one.start["period"]["end"]},
        "kpis": [_kpi(p, both) for p in pieces if p["is"] == "kpi"],
        "findings": [_finding(f, both, agreed) for f in made],
        "missing": [_missing(p, both) for p in pieces if p["is"] == "missing"],
        "exhibits": [
            {
                "key": p["key"],
                "form": p["form"],
                "label": {loc: r.exhibits[p["key"]] for loc, r in both.items()} if p["key"] in one.exhibits else None,
                "table": p["table"]["key"],
                "findings": p["findings"],
            }
            for p in exhibits
        ],
        "tables": {p["table"]["key"]: _table(p["table"], both) for p in exhibits},
        "ledger": one.store.ledger,
    }


KEPT = (
    "key",
    "value",
    "unit",
    "low",
    "high",
    "baseline",
    "p_value",
    "verdict",
    "severity",
    "method",
    "exhibit",
    "edit",
)


def _finding(finding: Piece, both: dict[str, Any], agreed: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """``agreed``: by finding the rows of the actions sheet about it, which stand in place of the proposal, as they do
    on the page: other reports and the messages must not ask for something else. Those still to be done are told."""
    text = {loc: r.words.sentence(finding["sentence"], finding["args"]) for loc, r in both.items()}
    proposes = finding["action"] and finding["key"] not in agreed
    asked = {loc: blocks.proposed(finding, r.words) for loc, r in both.items()} if proposes else None
    said = {"text": text, "action": asked, "side": finding["side"] if asked else None, "kind": finding["kind"]}
    said["agreed"] = [_agreed(row, both) for row in blocks.undone(agreed.get(finding["key"], ()))]
    return {**{k: finding[k] for k in KEPT}, **said, "shown": _shown(finding["key"], both)}


def _agreed(row: Piece, both: dict[str, Any]) -> Piece:
    """A row of the actions sheet, in both languages."""
    said = {loc: blocks.agreed(r, row) for loc, r in both.items()}
    owner = {loc: one["owner"] for loc, one in said.items()}
    who = {loc: " · ".join(filter(None, (one["owner"], one["due"]))) for loc, one in said.items()}
    return {
        "action": {loc: one["text"] for loc, one in said.items()},
        "side": blocks.side_of(row),
        "owner": owner if all(owner.values()) else None,
        "due": sheets.text(row.get("due"))[:10] or None,
        "who": who if all(who.values()) else None,
    }


def _shown(key: str, both: dict[str, Any]) -> dict[str, Any] | None:
    """What the pages make of a finding, after the consultant's edits; None where they hide it."""
    edited = {loc: r.findings[key] for loc, r in both.items()}
    one = next(iter(edited.values()))
    if one.get("hidden"):
        return None
    text = {loc: edits.headline(edited[loc], r.words) for loc, r in both.items()}
    return {"text": text, "severity": one["severity"], "pinned": bool(one.get("pinned"))}


def _kpi(piece: Piece, both: dict[str, Any]) -> dict[str, Any]:
    """A key figure; ``name``: its entry in the catalogue, so that another report can show it as well."""
    before = piece.get("before")
    return {
        "key": piece["key"],
        **_named(piece["label"], piece["value"], both),
        "changes": [_named(name, arg, both) for name, arg in piece["changes"]],
        "before": {"value": before[0], "period": {"start": before[1], "end": before[2]}} if before else None,
    }


def _named(name: str, arg: Piece, both: dict[str, Any]) -> dict[str, Any]:
    label = {loc: r.words.label(name) for loc, r in both.items()}
    return {"name": name, "label": label, "value": arg["value"], "unit": arg["unit"]}


def _missing(piece: Piece, both: dict[str, Any]) -> dict[str, Any]:
    """A question that the data do not answer, and what would bring the answer."""
    text = {loc: wording.missing_text(r, piece) for loc, r in both.items()}
    return {
        "key": piece["key"],
        "question": {loc: r.words.label(piece["question"]) for loc, r in both.items()},
        "text": text,
    }


def _table(data: Piece, both: dict[str, Any]) -> dict[str, Any]:
    columns = [
        {"name": c["name"], "unit": c["unit"], "label": {loc: r.words.label(c["label"]) for loc, r in both.items()}}
        for c in data["columns"]
    ]
    return {"columns": columns, "rows": data["rows"]}
