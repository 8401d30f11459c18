"""Prose, in the one dialect of both outputs: parsed by pandoc, walked here to HTML and in Typst to paper.

Only what is listed is markup; anything else that is typed (``@小红书``, ``$``, ``<b>``, ``#话题``) is text.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from kit.errors import KitError, problem

Node = dict[str, Any]

# Strict markdown has no citations, mathematics, raw TeX or attributes, and these are what a text needs beyond it.
DIALECT = (
    "markdown_strict-raw_html+pipe_tables+backtick_code_blocks+strikeout+space_in_atx_header+fancy_lists+startnum"
    "+intraword_underscores+lists_without_preceding_blankline+all_symbols_escapable+east_asian_line_breaks"
)
BLOCKS = {"Para", "Plain", "Header", "BulletList", "OrderedList", "BlockQuote", "Table", "ColWidth", "CodeBlock"}
MARKS = {"Strong", "Emph", "Strikeout", "Superscript", "Subscript"}
INLINES = {"Str", "Space", "SoftBreak", "LineBreak", "Code", "Link", "Quoted"} | MARKS
TAGS = {"Strong": "strong", "Emph": "em", "Strikeout": "s", "Superscript": "sup", "Subscript": "sub"}
SCHEMES = ("https://", "http://", "mailto:")
"""What a link may lead to; any other link is printed as its text."""


def parse(texts: Sequence[str]) -> list[list[Node]]:
    """The blocks of each text, all parsed in one run of pandoc, none seeing another's definitions.

    Raises ``KitError`` naming what can't be shown (an image).
    """
    if not texts:
        return []
    import pypandoc

    # A text can't contain the hash of itself and its neighbours, so this paragraph marks an end and nothing else.
    mark = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        end = Path(folder) / "end.md"
        end.write_text(mark, encoding="utf-8")
        files = []
        for number, text in enumerate(texts):
            file = Path(folder) / f"{number}.md"
            file.write_text(_visible(text), encoding="utf-8")
            files += [str(file), str(end)]
        out = pypandoc.convert_file(files, "json", DIALECT, ["--file-scope"], sort_files=False)
    parts: list[list[Node]] = [[]]
    for block in json.loads(out)["blocks"]:
        if block == {"t": "Para", "c": [{"t": "Str", "c": mark}]}:
            parts.append([])
        else:
            parts[-1].append(block)
    parts.pop()
    if unknown := sorted({kind for part in parts for kind in _kinds(part)} - BLOCKS - INLINES):
        raise KitError([problem("e.prose", kind=kind, code=kind.lower()) for kind in unknown])
    for part in parts:
        _level(part)
    return parts


def _visible(text: str) -> str:
    """``text`` without control and direction marks, which are not printed and which PDF/UA refuses."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf"))


def _level(blocks: Sequence[Node]) -> None:
    """Headings from level one on, none skipped: PDF/UA refuses a text that begins with ``##``."""
    above: list[int] = []
    for content in _headings(blocks):
        above = [*(level for level in above if level < content[0]), content[0]]
        content[0] = len(above)


def _headings(value: Any) -> Iterator[list[Any]]:
    """The contents of all headings at or below ``value``, in the order of reading."""
    if isinstance(value, list):
        for item in value:
            yield from _headings(item)
    elif isinstance(value, dict) and value.get("t") == "Header":
        yield value["c"]
    elif isinstance(value, dict) and "c" in value:
        yield from _headings(value["c"])


def _kinds(value: Any) -> Iterator[str]:
    """The kinds of all nodes at or below ``value``, but for those that only describe a list or a table."""
    if isinstance(value, list):
        for item in value:
            yield from _kinds(item)
    elif isinstance(value, dict) and "c" in value:
        yield value["t"]
        yield from _kinds(value["c"])


def to_html(blocks: Sequence[Node]) -> Markup:
    """The blocks as HTML, every text escaped; headings begin at level three, below those of the report."""
    return Markup("").join(map(_block, blocks))


def _block(node: Node) -> Markup:
    kind: str = node["t"]
    content: Any = node.get("c")
    if kind in ("Para", "Plain"):
        return Markup("<p>{}</p>").format(_inlines(content)) if kind == "Para" else _inlines(content)
    if kind == "Header":
        tag = Markup(f"h{min(6, content[0] + 2)}")
        return Markup("<{0}>{1}</{0}>").format(tag, _inlines(content[2]))
    if kind == "BulletList":
        return Markup("<ul>{}</ul>").format(_items(content))
    if kind == "OrderedList":
        return Markup('<ol start="{}">{}</ol>').format(content[0][0], _items(content[1]))
    if kind == "BlockQuote":
        return Markup("<blockquote>{}</blockquote>").format(to_html(content))
    if kind == "CodeBlock":
        return Markup("<pre><code>{}</code></pre>").format(content[1])
    if kind == "HorizontalRule":
        return Markup("<hr>")
    return _table(content)


def _items(items: Sequence[Sequence[Node]]) -> Markup:
    return Markup("").join(Markup("<li>{}</li>").format(to_html(item)) for item in items)


def _table(content: list[Any]) -> Markup:
    """A pipe table: one row of headings, rows of cells, one alignment a column."""
    _, _, columns, (_, heads), bodies, _ = content
    sides = [side["t"].removeprefix("Align").lower() for side, _ in columns]
    rows = [row for body in bodies for row in body[3]]
    head, body = (Markup("").join(_row(row, sides, tag) for row in part) for part, tag in ((heads, "th"), (rows, "td")))
    table = Markup("<table><thead>{}</thead><tbody>{}</tbody></table>").format(head, body)
    return Markup('<div class="scroll" tabindex="0">{}</div>').format(table)


def _row(row: list[Any], sides: Sequence[str], tag: str) -> Markup:
    cells = []
    for side, cell in zip(sides, row[1], strict=True):
        name = Markup(' class="right"') if side == "right" else ""
        scope = Markup(' scope="col"') if tag == "th" else ""
        cells.append(Markup("<{0}{1}{2}>{3}</{0}>").format(Markup(tag), scope, name, to_html(cell[4])))
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def _inlines(nodes: Sequence[Node]) -> Markup:
    return Markup("").join(map(_inline, nodes))


def _inline(node: Node) -> Markup:
    kind: str = node["t"]
    content: Any = node.get("c")
    if kind == "Str":
        return escape(content)
    if kind in ("Space", "SoftBreak"):
        return Markup(" ")
    if kind == "LineBreak":
        return Markup("<br>")
    if kind == "Code":
        return Markup("<code>{}</code>").format(content[1])
    if kind == "Quoted":
        marks = "‘’" if content[0]["t"] == "SingleQuote" else "“”"
        return escape(marks[0]) + _inlines(content[1]) + escape(marks[1])
    if kind == "Link":
        target = content[2][0]
        if not target.startswith(SCHEMES):
            return _inlines(content[1])
        return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(target, _inlines(content[1]))
    return Markup("<{0}>{1}</{0}>").format(Markup(TAGS[kind]), _inlines(content))
