"""A new client's folder: everything a consultant fills in, commented, and nothing overwritten."""

from __future__ import annotations

from pathlib import Path

from kit import project
from kit.client import SLUG
from kit.errors import WRONG_CALL, KitError, problem
from kit.text import Words

SHEETS = {
    "edits": ("finding", "action", "text_zh", "text_en", "by", "why"),
    "actions": ("id", "finding", "action_zh", "action_en", "side", "owner", "owner_en", "due", "status", "result"),
}
"""The sheets of inputs.xlsx that reports read now, with their columns."""


def new(slug: str, words: Words) -> list[str]:
    """Make ``data/<slug>/`` and return the paths made, relative to the project; refuses an existing client."""
    if not SLUG.fullmatch(slug):
        raise KitError(problem("e.client.slug", given=slug), WRONG_CALL)
    folder = project.data() / slug
    if folder.exists():
        raise KitError(problem("e.client.exists", client=slug), WRONG_CALL)
    source = project.templates() / "new"
    (folder / "exports" / "tmall").mkdir(parents=True)
    (folder / "notes").mkdir()
    toml = (source / f"client.{words.locale}.toml").read_text(encoding="utf-8").format(slug=slug)
    made = [folder / "client.toml", folder / "_brand.yml", folder / "inputs.xlsx"]
    made[0].write_text(toml, encoding="utf-8")
    made[1].write_bytes((source / "_brand.yml").read_bytes())
    _inputs(made[2], words)
    return [project.relative(p) for p in (*made, folder / "exports" / "tmall", folder / "notes")]


def _inputs(path: Path, words: Words) -> None:
    """An empty inputs.xlsx; each heading carries a comment in the consultant's language."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, columns in SHEETS.items():
        sheet = book.create_sheet(name)
        sheet.append(columns)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.comment = Comment(words.label(f"sheet.{name}.{cell.value}"), "kit")
            sheet.column_dimensions[cell.column_letter].width = 18
        sheet.freeze_panes = "A2"
    book.save(path)
