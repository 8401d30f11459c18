"""The dictionaries' files as plain values, read from YAML once."""

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
    """Each dictionary by its file's stem. YAML is slow to read, so what it said is kept beside the compiled modules,
    under the same condition, by the hash of the files."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yml"))}
    digest = hashlib.sha256(json.dumps(texts).encode()).hexdigest()
    path = FOLDER / "__pycache__" / "dictionaries.json"
    kept = _kept(path)
    if kept.get("digest") == digest and isinstance(kept.get("said"), dict):
        return dict(kept["said"])
    said = {file: load(file, text) for file, text in texts.items()}
    if not sys.dont_write_bytecode:
        with contextlib.suppress(OSError):  # installed where nobody may write: read anew each time
            path.parent.mkdir(exist_ok=True)
            beside = path.with_name(f"{path.name}.{os.getpid()}")
            beside.write_text(json.dumps({"digest": digest, "said": said}, ensure_ascii=False), encoding="utf-8")
            os.replace(beside, path)
    return said


def _kept(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there, or not whole
        return {}
    return kept if isinstance(kept, dict) else {}


def load(file: str, text: str) -> Any:
    """One dictionary. A fault in it is a ``ValueError`` that names the file."""
    from ruamel.yaml import YAML, YAMLError

    try:
        return YAML(typ="safe").load(text)
    except YAMLError as error:  # a header given twice among them: the second would replace the first
        raise ValueError(f"{file}.yml: {error}") from error
