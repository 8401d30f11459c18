"""From a run notebook to a worded document: the one way both HTML and PDF take.

``document`` turns the data in the outputs into blocks in one language; the templates only lay them out. No number
is computed here, and each sentence is made in one place.
"""

from __future__ import annotations

import datetime as dt
import functools
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any

from kit import blocks, charts, edits, html, markdown, notes, outputs, pdf, sheets, short, stale, wording
from kit.client import Client, Period
from kit.errors import KitError, problem
from kit.findings import ranked
from kit.short import Short
from kit.text import Words

ANSWERS = 6
"""How many findings open a report; the others stand with their exhibits."""
GETA = "〓"
"""Printed for a character of the data that our fonts lack; counted in the limits."""


class Rendering:
    """The pieces of a notebook in one language; ``store`` brings edits, actions and the ledger, ``drawings``
    (``kit.drawings``) what was drawn before. ``version`` and ``notice``: what its approvals say (``kit.corrections``);
    it is a draft until they are set."""

    def __init__(
        self, pieces: list[dict[str, Any]], client: Client, store: Any, locale: str, drawings: Any = None
    ) -> None:
        from kit.brand import load

        self.drawings = drawings
        self.client, self.store = client, store
        self.words = Words(locale, client.currency)
        self.brand = load(client.folder, client.up_color)
        self.glyphless: Counter[str] = Counter()
        self.pieces = [self.printable(piece) for piece in pieces]
        self.start = outputs.start(self.pieces)
        self.report = self.start["report"]
        self.short = Short.of(self.report, self.start["period"]["kind"])
        self.made = {p["key"]: p for p in self.pieces if p["is"] == "finding"}
        edited = edits.apply(self.made.values(), sheets.of(store, "edits", self.report))
        self.findings = {f["key"]: f for f in edited}
        hidden = {key for key, f in self.findings.items() if f.get("hidden")}
        self.pieces = [_without(piece, hidden) for piece in self.pieces]
        self.exhibits = self._numbered()
        self.sections = 0
        self.version = 0
        self.notice: list[dict[str, Any]] = []

    def shown(self) -> list[dict[str, Any]]:
        """Findings that may be seen, in the order they open the report."""
        return ranked([f for f in self.findings.values() if not f.get("hidden")])

    def openers(self) -> list[dict[str, Any]]:
        """Those of which the first open the report: a limit of the data stands among them only if it weighs."""
        return [f for f in self.shown() if f["kind"] != "data" or f["severity"] == "high"]

    @functools.cached_property
    def most(self) -> int:
        """How many findings open the report; the others stand with their exhibits."""
        return short.FINDINGS if self.short else ANSWERS

    @functools.cached_property
    def opening(self) -> set[str]:
        """The findings that open the report, if it has an answer at all."""
        has = any(p["is"] == "answer" for p in self.pieces)
        return {f["key"] for f in self.openers()[: self.most]} if has else set()

    def of(self, exhibit: dict[str, Any]) -> list[dict[str, Any]]:
        """The findings an exhibit shows, the message first; none when the consultant hid them all."""
        keys = [*exhibit["findings"], *(f["key"] for f in self.findings.values() if f["exhibit"] == exhibit["key"])]
        found = (self.findings[k] for k in dict.fromkeys(keys) if k in self.findings)
        return [f for f in found if not f.get("hidden")]

    def shows(self, piece: dict[str, Any]) -> bool:
        """Whether a piece stands on the page; the short form of a report leaves most out."""
        return self.short is None or self.short.shows(piece)

    @property
    def wide(self) -> float:
        """How wide exhibits are drawn, in mm."""
        return charts.SHORT if self.short else charts.PAGE

    def section(self, piece: dict[str, Any]) -> str:
        """The name of the section that a piece of prose opens."""
        return blocks.own_words(self, piece).partition("\n")[0].removeprefix("## ").strip()

    def cutoff(self) -> str:
        """Up to when the data reach, and where their sources are named."""
        listed = any(piece["is"] == "ledger" for piece in self.pieces)
        key = "page.short.cutoff" if self.short else "page.cutoff" if listed else "page.cutoff.reports"
        return self.words.label(key, date=self.words.value({"value": self.start["cutoff"], "unit": "date"}))

    def pages(self, report: str) -> Mapping[str, int]:
        """By the id of an exhibit its page in another report's PDF, as that was built last."""
        folder = stale.folder_of(self.client, Period.parse(self.start["period"]["text"]))
        return stale.pages(folder, report, self.words.locale)

    @functools.cached_property
    def notes(self) -> Mapping[str, Any]:
        """What the consultant wrote on this report, by language (``kit.notes``)."""
        return notes.of(self.client.folder, self.report)

    @functools.cached_property
    def places(self) -> dict[str, str]:
        """Below what each part of that stands."""
        return notes.places(self)

    @functools.cached_property
    def exhibited(self) -> set[str]:
        """The findings that stand with an exhibit."""
        return {f["key"] for p in self.pieces if p["is"] == "exhibit" for f in self.of(p)}

    def _numbered(self) -> dict[str, str]:
        """Exhibits in reading order with their labels; charts and tables count separately."""
        numbers: Counter[str] = Counter()
        labels = {}
        for exhibit in (p for p in self.pieces if p["is"] == "exhibit" and self.shows(p) and self.of(p)):
            kind = "table" if exhibit["form"] == "table" else "chart"
            numbers[kind] += 1
            labels[exhibit["key"]] = self.words.label(f"page.{kind}.label", n=numbers[kind])
        return labels

    def printable(self, value: Any) -> Any:
        """``value`` with every character the fonts lack replaced and counted; invisible format marks go. Itself, where
        there is nothing of either kind."""
        there = set[str]()
        _gather(value, there)
        marks = {c for c in there if unicodedata.category(c) == "Cf" or "\ufe00" <= c <= "\ufe0f"}
        lacking = pdf.missing_glyphs("".join(there - marks))
        return self._printed(value, marks, lacking) if marks or lacking else value

    def _printed(self, value: Any, marks: set[str], lacking: set[str]) -> Any:
        if isinstance(value, dict):
            return {k: self._printed(v, marks, lacking) for k, v in value.items()}
        if isinstance(value, list):
            return [self._printed(v, marks, lacking) for v in value]
        if not isinstance(value, str):
            return value
        text = "".join(c for c in value if c not in marks)
        self.glyphless.update(c for c in text if c in lacking)
        return "".join(GETA if c in lacking else c for c in text)

    @functools.cached_property
    def laid(self) -> list[list[dict[str, Any]]]:
        """The blocks of each piece, made once: page, PDF and previews take the same."""
        made = [blocks.of(self, piece) for piece in self.pieces]
        if self.short:
            made[-1] = [*made[-1], *self.short.closing(self)]
        self.parsed([block for some in made for block in some])
        self._explain(shown_sections([block for some in made for block in some]))
        return made

    def document(self) -> dict[str, Any]:
        """Meta, brand and blocks: what both templates lay out (see the templates for the block types); and the tables
        of the workbook, of which pages show parts."""
        made = _noticed(shown_sections([block for some in self.laid for block in some]), self.notice)
        document = {"meta": self.meta(), "brand": self.brand.plain(), "blocks": made}
        lacking = pdf.missing_glyphs("".join(_strings(document)))
        if lacking:
            raise KitError(problem("e.glyph", characters=" ".join(sorted(lacking))))
        return {**document, "tables": [piece["table"] for piece in self.booked()]}

    def booked(self) -> list[dict[str, Any]]:
        """The exhibits that may be seen, with all their rows, in the order of their labels."""
        return [p for p in self.pieces if p["is"] == "exhibit" and p["key"] in self.exhibits and self.of(p)]

    def parsed(self, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Blocks with their prose parsed, in one pandoc call for all of it."""
        prose = [b for b in made if b["type"] in ("prose", "note")]
        asts = markdown.parse([b.pop("text") for b in prose]) if prose else []
        for block, ast in zip(prose, asts, strict=True):
            block["ast"] = ast
        return made

    def _explain(self, made: list[dict[str, Any]]) -> None:
        """Where the document says a thing first that needs a word of explanation, say that word."""
        figures = [figure for block in made for figure in block.get("kpis", ())]
        slots: list[tuple[Any, Any]] = [(figure, "value") for figure in figures]
        for block in made:
            slots += [(f, k) for f in block.get("findings", ()) for k in ("headline", "evidence")]
            slots += [(block, "message")] if "message" in block else []
            slots += [(block["items"], n) for n, _ in enumerate(block.get("items", ())) if block["type"] == "list"]
        told = wording.first_uses(self.words, [holder[key] for holder, key in slots])
        for (holder, key), text in zip(slots, told, strict=True):
            if key == "value" and text != holder[key]:  # no room beside a large figure: its label says which money
                holder["label"] = self.words.label("page.unit", label=holder["label"], unit=self.client.currency)
            elif key != "value":
                holder[key] = text

    def _form(self) -> str:
        """What sort of report it is: its own name where it has one, else that of its period."""
        own = f"page.kind.{self.report}"
        return own if self.words.has(own) else f"page.kind.{self.start['period']['kind']}"

    def meta(self) -> dict[str, Any]:
        """Everything on the cover and in running header and footer."""
        words, client, locale = self.words, self.client, self.words.locale
        title, scope = blocks.title(self)
        period = words.value({"value": self.start["period"], "unit": "period"})
        date = client.report_date or dt.date.fromisoformat(self.start["cutoff"])
        name = client.name.in_(locale)
        confidential = client.confidentiality or None
        return {
            "locale": locale,
            "lang": {"zh": "zh-CN", "en": "en-GB"}[locale],
            "client": name,
            "report": self.report,
            "title": title,
            "kicker": words.label("page.kicker", period=period, kind=words.label(self._form())),
            "scope": scope,
            "agency": client.agency.in_(locale),
            "date": words.value({"value": date.isoformat(), "unit": "date"}),
            "draft": "" if self.version else words.label("page.draft"),
            "version": f"V{self.version}" if self.version else "",
            "iso_date": date.isoformat(),
            "cutoff": self.cutoff(),
            "short": self.short is not None,
            "confidential": confidential.in_(locale) if confidential else words.label("page.confidential", client=name),
            "header_left": words.label("page.header", client=name, title=title),
            "header_right": period,
            "footer_left": words.label("page.footer", agency=client.agency.in_(locale)),
            "labels": {k: words.label(f"page.{k}") for k in ("contents", "page_of", "at_page", "skip", "logo")},
        }


def _without(piece: dict[str, Any], hidden: set[str]) -> dict[str, Any]:
    """An exhibit whose rows are about findings, without the rows of those that are hidden."""
    about = piece["table"].get("about") if piece["is"] == "exhibit" else None
    if not about or not hidden & {*about}:
        return piece
    kept = [row for row, key in zip(piece["table"]["rows"], about, strict=True) if key not in hidden]
    about = [key for key in about if key not in hidden]
    return {**piece, "table": {**piece["table"], "rows": kept, "marks": {}, "about": about}}


def _noticed(made: list[dict[str, Any]], notice: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks with a notice after the answer, else before all of them."""
    place = next((n for n, block in enumerate(made, 1) if block["type"] == "answer"), 0)
    return [*made[:place], *notice, *made[place:]]


def shown_sections(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks without sections whose every exhibit the consultant hid, and without parts of the appendix that had
    nothing to show: heading and introduction go with them. What a consultant wrote stays."""
    sections: list[list[dict[str, Any]]] = [[]]
    for block in made:
        if block["type"] == "heading":
            sections.append([])
        sections[-1].append(block)
    kept = []
    for section in sections:
        kinds = {block["type"] for block in section}
        ours = not any(block.get("own") for block in section)
        bare = kinds <= {"heading", "prose"} and any(block.get("appendix") for block in section)
        if not (bare and ours) and ("hidden" not in kinds or kinds - {"heading", "prose", "hidden"}):
            kept += [block for block in section if block["type"] != "hidden"]
    return kept


def _gather(value: Any, there: set[str]) -> None:
    """Put the characters of all strings into ``there`` but for those of ASCII, which our fonts have."""
    if isinstance(value, str):
        if not value.isascii():
            there.update(value)
    elif isinstance(value, dict):
        for inner in value.values():
            _gather(inner, there)
    elif isinstance(value, list):
        for inner in value:
            _gather(inner, there)


def _strings(value: Any, key: str = "") -> list[str]:
    """Every string of a document that is printed; drawings and encoded pictures are not text of ours."""
    if key in ("svg", "svg_narrow", "data", "logo"):
        return []
    if isinstance(value, dict):
        return [s for k, v in value.items() for s in _strings(v, k)]
    if isinstance(value, list):
        return [s for v in value for s in _strings(v)]
    return [value.replace("\n", "")] if isinstance(value, str) else []


def warm() -> None:
    """Read what all pages take: words, fonts and the page's template."""
    for locale in ("zh", "en"):
        Words(locale)
    html.warm()
    pdf.warm()


def document(pieces: list[dict[str, Any]], client: Client, store: Any, locale: str) -> dict[str, Any]:
    """The worded document of a notebook's pieces in one language."""
    return Rendering(pieces, client, store, locale).document()
