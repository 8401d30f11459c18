"""Our YAML files as plain values, read once."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def dictionaries() -> dict[str, Any]:
    """Each dictionary by its file's stem."""
    return said(FOLDER, "dictionaries")


def said(folder: Path, name: str) -> dict[str, Any]:
    """What the files of ``folder`` say, each by its stem, a date as its ISO text. YAML is slow to read, so it is kept
    beside the compiled modules as ``name``, under the same condition, by the hash of the files."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml"))}
    digest = hashlib.sha256(json.dumps(texts).encode()).hexdigest()
    path = folder / "__pycache__" / f"{name}.json"
    kept = _kept(path)
    if kept.get("digest") == digest and isinstance(kept.get("said"), dict):
        return dict(kept["said"])
    read = {file: load(file, text) for file, text in texts.items()}
    made = json.dumps({"digest": digest, "said": read}, ensure_ascii=False, default=str)
    if not sys.dont_write_bytecode:
        with contextlib.suppress(OSError):  # installed where nobody may write: read anew each time
            path.parent.mkdir(exist_ok=True)
            beside = path.with_name(f"{path.name}.{os.getpid()}")
            beside.write_text(made, encoding="utf-8")
            os.replace(beside, path)
    return dict(json.loads(made)["said"])


def _kept(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there, or not whole
        return {}
    return kept if isinstance(kept, dict) else {}


def load(file: str, text: str) -> Any:
    """One file. A fault in it is a ``ValueError`` that names it."""
    from ruamel.yaml import YAML, YAMLError

    try:
        return YAML(typ="safe").load(text)
    except YAMLError as error:  # a header given twice among them: the second would replace the first
        raise ValueError(f"{file}.yml: {error}") from error
