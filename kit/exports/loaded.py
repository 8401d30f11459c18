"""Our YAML files as plain values, read once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kit.remembered import remembered

FOLDER = Path(__file__).parent


def dictionaries() -> dict[str, Any]:
    """Each dictionary by its file's stem."""
    return said(FOLDER, "dictionaries")


def said(folder: Path, name: str) -> dict[str, Any]:
    """What the files of ``folder`` say, each by its stem, a date as its ISO text; YAML is slow to read."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml"))}
    return remembered(folder, name, texts, load, __file__)


def load(file: str, text: str) -> Any:
    """One file. A fault in it is a ``ValueError`` that names it."""
    from ruamel.yaml import YAML, YAMLError

    try:
        return YAML(typ="safe").load(text)
    except YAMLError as error:  # a header given twice among them: the second would replace the first
        raise ValueError(f"{file}.yml: {error}") from error
