"""One function per kind of piece: from what a cell said to the blocks a template lays out.

``r`` is the ``Rendering`` (words, findings, labels, client); every string returned is worded and final.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from kit import appendix, charts, edits, news, notes, outline, page_table, quadrants, sheets, short, wording
from kit.findings import Side

DECISIONS = 3
"""How many decisions a report asks of the brand on its own account; a consultant's rows are all shown."""

Piece = dict[str, Any]
Block = dict[str, Any]


def of(r: Any, piece: Piece) -> list[Block]:
    """The blocks of one piece; data that is shown elsewhere (findings, key figures) makes none of its own."""
    make = MAKERS.get(piece["is"])
    made = make(r, piece) if make and r.shows(piece) else []
    return [*made, *notes.below(r, piece, made)]


def own_words(r: Any, piece: Piece) -> str:
    """Prose in this language: our English cells through the catalogue, a consultant's own as written. What was copied
    for a client stays as it was copied; so it does in the other language once the catalogue has it no longer."""
    text, copied = piece["text"].strip(), piece.get("copied") or {}
    if piece["own"]:
        return text
    if r.words.locale in copied:
        return str(copied[r.words.locale])
    return str(next(iter(copied.values()))) if copied and not r.words.translates(text) else r.words.translate(text)


def title(r: Any) -> tuple[str, str]:
    """The report's title and scope line, from the notebook's first heading."""
    for piece in r.pieces:
        if piece["is"] == "prose" and piece["text"].startswith("# "):
            head, _, line = own_words(r, piece).partition("\n")
            market = r.client.market
            scope = line.strip()
            if market:
                scope = r.words.label("page.scope", category=market.category.in_(r.words.locale), scope=scope)
            by_kind = f"report.{r.report}.{r.start['period']['kind']}"
            ours = not piece["own"] and r.words.has(by_kind)
            return r.words.label(by_kind) if ours else head[2:].strip(), scope
    known = f"report.{r.report}"
    return r.words.label(known) if r.words.has(known) else r.report, ""


def prose(r: Any, piece: Piece) -> list[Block]:
    text = own_words(r, piece)
    if text.startswith("# "):
        return []  # the title cell is the cover
    made: list[Block] = []
    if text.startswith("## "):
        head, _, text = text.partition("\n")
        made.append(heading(r, head[3:].strip(), piece["appendix"]))
    return made + ([{"type": "prose", "text": text.strip(), "own": piece["own"]}] if text.strip() else [])


def heading(r: Any, text: str, appendix: bool = False) -> Block:
    r.sections += 1
    return {"type": "heading", "level": 1, "text": text, "id": f"section-{r.sections}", "appendix": appendix}


def subheading(r: Any, piece: Piece) -> list[Block]:
    """A heading that an analysis makes from a name of the data; it stands in no table of contents."""
    return [{**heading(r, r.words.value(piece["text"])), "level": 2}]


def view(r: Any, piece: Piece) -> list[Block]:
    """The consultant's own view, as far as it is about no exhibit or finding (``kit.notes``)."""
    body = notes.general(r)
    return [heading(r, r.words.label("page.notes")), *body] if body else []


# ---- findings ------------------------------------------------------------------------------------------


def answer(r: Any, piece: Piece) -> list[Block]:
    """Key figures, the first findings, what is to be done; a limit of the data stands here only if it weighs."""
    shown, most = r.openers(), r.most
    first = [
        {
            "n": n,
            "headline": edits.headline(f, r.words),
            "chip": wording.chip(r, f),
            "evidence": wording.evidence(r, f),
            "at": wording.place(r, f),
        }
        for n, f in enumerate(shown[:most], 1)
    ]
    more = max(0, len(shown) - most)
    if not shown:
        return [block for p in r.pieces if p["is"] == "missing" for block in missing(r, p)]
    block = {
        "type": "answer",
        "kpis": [kpi(r, p) for p in r.pieces if p["is"] == "kpi"][:4],
        "findings": first,
        "findings_more": r.words.label("page.short.more" if r.short else "page.more", n=more) if more else "",
        "asks": asks(r, shown[:most] if r.short else shown, most),
    }
    return [block]


def kpi(r: Any, piece: Piece) -> dict[str, Any]:
    changes = []
    for label, arg in piece["changes"]:
        signed = arg["unit"] in ("growth", "points") and arg["value"] is not None
        text = r.words.label("page.kpi.change", label=r.words.label(label), value=r.words.value(arg, sign=signed))
        changes.append({"text": text, "tone": r.words.direction(arg) if signed else "flat"})
    return {"label": r.words.label(piece["label"]), "value": r.words.value(piece["value"]), "changes": changes}


def asks(r: Any, shown: list[Piece], most: int) -> list[dict[str, Any]]:
    """What is still to be done, what the brand decides apart from the agency's steps: open rows of the actions sheet,
    then proposals. Of the agency's those of the first ``most`` findings, which stand on the page above; a decision
    says itself what it is about, so those of all findings, as many as ``DECISIONS`` leaves room for."""
    sheet: dict[str, list[dict[str, Any]]] = {}
    for row in sheets.of(r.store, "actions", r.report):
        sheet.setdefault(row["finding"], []).append(row)
    rows = [row for f in shown for row in sheet.get(f["key"], ())]
    made = []
    for side in (Side.BRAND, Side.AGENCY):
        items = [agreed(r, row) for row in undone(rows) if side_of(row) == side]
        seen = shown if side == Side.BRAND else shown[:most]
        own = [f for f in seen if f["action"] and f["side"] == side and f["key"] not in sheet]
        own = own[: max(0, DECISIONS - len(items))] if side == Side.BRAND else own
        items += [_proposal(r, f) for f in own]
        if items:
            made.append({"side": str(side), "title": r.words.label(f"page.asks.{side}"), "items": items})
    return made


def undone(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of rows of the actions sheet those still to be done."""
    from kit.stats.agreed import DONE

    return [row for row in rows if sheets.text(row.get("status")).casefold() not in DONE]


def side_of(row: dict[str, Any]) -> str:
    """A row that does not say whose it is is the agency's, who keeps the sheet."""
    return sheets.text(row.get("side")) or str(Side.AGENCY)


def _proposal(r: Any, finding: Piece) -> dict[str, str]:
    """What the data propose; what another report has from the actions sheet names its owner and its day."""
    args = finding["action"]["args"]
    named = {name: args.get(f"agreed_{name}") for name in ("owner", "due")}
    said = {name: r.words.value(arg) if arg and arg["value"] else "" for name, arg in named.items()}
    return {"text": proposed(finding, r.words), **said}


def proposed(finding: Piece, words: Any) -> str:
    return str(words.sentence(finding["action"]["sentence"], finding["action"]["args"]))


def agreed(r: Any, row: dict[str, Any]) -> dict[str, str]:
    """A row of the actions sheet, as it is printed."""
    text = sheets.text(row.get(f"action_{r.words.locale}")) or r.words.label("page.action.language")
    owner = (r.words.locale == "en" and sheets.text(row.get("owner_en"))) or sheets.text(row.get("owner"))
    due = sheets.text(row.get("due"))[:10]
    due = r.words.value({"value": due, "unit": "date"}) if due else ""
    return {"text": r.printable(text), "owner": r.printable(owner), "due": due}


# ---- exhibits ------------------------------------------------------------------------------------------


def exhibit(r: Any, piece: Piece) -> list[Block]:
    """The exhibit under its message, then what else it shows; nothing when every finding of it is hidden."""
    found = r.of(piece)
    if not found:
        return [{"type": "hidden"}]
    block: Block = {
        "type": "exhibit",
        "key": piece["key"],
        "id": outline.anchor(piece["key"]),
        "label": r.exhibits[piece["key"]],
        "message": edits.headline(found[0], r.words),
        "kind": {"table": "table", "quadrants": "grid"}.get(piece["form"], "chart"),
        "notes": [
            r.words.sentence(n["sentence"], n["args"]) for n in piece["notes"][: short.NOTES if r.short else None]
        ],
    }
    if block["kind"] == "table":
        kept = r.short.rows(piece["table"]) if r.short else page_table.on_page(piece)
        block["table"] = table(r, kept)
        if r.short and kept["rows"] != piece["table"]["rows"]:
            block["notes"].append(r.words.label("page.short.rows", n=short.ROWS))
    elif block["kind"] == "grid":
        return [block | {"cells": quadrants.cells(r, piece)}]
    else:
        picture = (r.drawings or charts).draw({**piece, "message": block["message"]}, r.words, r.brand, r.wide)
        block |= {"svg": picture.svg, "svg_narrow": picture.narrow, "alt": picture.alt}
    alone = r.short or piece["options"].get("alone")  # its table says what each of its findings would
    more = [] if alone else [f for f in found[1:] if f["kind"] != "data"]
    items = [r.words.join([edits.headline(f, r.words), wording.evidence(r, f, here=piece["key"])]) for f in more]
    return [block] + ([{"type": "list", "items": items}] if items else [])


def alone(r: Any, piece: Piece) -> list[Block]:
    """A finding that no exhibit shows stands where it was made, a limit of the data with the others of its kind, and
    one that opens the report nowhere else."""
    f = r.findings.get(piece["key"])
    if f is None or f.get("hidden") or f["kind"] == "data" or f["key"] in r.exhibited | r.opening:
        return []
    return [{"type": "list", "items": [r.words.join([edits.headline(f, r.words), wording.evidence(r, f)])]}]


def table(r: Any, data: Piece) -> dict[str, Any]:
    """A table in words: each column in one form, its unit in the heading."""
    columns, cells = [], []
    for n, (column, (texts, unit)) in enumerate(zip(data["columns"], _worded(r, data), strict=True)):
        label = r.words.label(column["label"])
        label = r.words.label("page.unit", label=label, unit=unit) if unit else label
        columns.append({"label": label, "align": _align(column["unit"], [row[n] for row in data["rows"]])})
        cells.append(texts)
    marks = [data["marks"].get(str(n)) for n in range(len(data["rows"]))]
    rows = [{"cells": list(c), "mark": m} for *c, m in zip(*cells, marks, strict=True)]
    about = data.get("about", ())
    for row, key in zip(rows, about if len(about) == len(rows) else (), strict=False):
        if key in r.findings and r.findings[key].get("source"):
            row["at"] = wording.place(r, r.findings[key])
    return {"columns": columns, "rows": rows}


def _align(unit: str, cells: list[Any]) -> str:
    """Words to the left, figures to the right; of cells with a unit each, what all of those there are say."""
    units = {cell["unit"].partition(".")[0] for cell in cells if cell} if unit == "figure" else {unit}
    return "left" if units and units <= {*LEFT} else "right"


def _worded(r: Any, data: Piece) -> list[tuple[list[str], str]]:
    """Each column's cells and its unit; amounts that add up along a row (``ADDING``) have one form together."""
    units, size = [column["unit"] for column in data["columns"]], len(data["rows"])
    values = [[_short(row[n]) for row in data["rows"]] for n in range(len(units))]
    adding = [n for n, unit in enumerate(units) if unit == ADDING]
    texts, scale = r.words.column([value for n in adding for value in values[n]], ADDING)
    shared = {n: (texts[place * size : (place + 1) * size], scale) for place, n in enumerate(adding)}
    return [shared[n] if n in shared else r.words.column(values[n], unit) for n, unit in enumerate(units)]


def _short(value: Any) -> Any:
    """A title as long as a page would push everything else off it."""
    return f"{value[:LONGEST]}…" if isinstance(value, str) and len(value) > LONGEST else value


LONGEST = 120
ADDING = "money.adding"
LEFT = ("text", "label", "report", "code", "band", "month", "month-range", "date", "day", "dates", "period")


def missing(r: Any, piece: Piece) -> list[Block]:
    """A question without data: what is lacking stands where the answer would stand."""
    return [wording.callout("missing", wording.missing_text(r, piece))]


def figure(r: Any, piece: Piece) -> list[Block]:
    media = piece["media"]
    content = base64.b64encode(piece["content"]).decode()
    return [{"type": "figure", "media": media, "data": content, "alt": piece["alt"], "caption": piece["alt"]}]


MAKERS = {
    "prose": prose,
    "notes": view,
    "answer": answer,
    "since": news.blocks,
    "heading": subheading,
    "finding": alone,
    "exhibit": exhibit,
    "missing": missing,
    "figure": figure,
    "limits": appendix.limits,
    "ledger": appendix.ledger,
    "method": appendix.method,
    "glossary": appendix.glossary,
    "reproduce": appendix.reproduce,
}
"""Adding a kind of output is one function and one line here."""
