"""What is slow to read of files of ours, kept beside the compiled modules, under the same condition."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kit.replacing import keep


def remembered(
    folder: Path, name: str, texts: Mapping[str, str], read: Callable[[str, str], Any], code: str
) -> dict[str, Any]:
    """What ``read`` makes of each text, given its name and itself, as JSON has it (a date as its ISO text); kept for
    ``folder`` as ``name``, by the hash of the texts and of ``code``, the file of the module that reads them."""
    digest = hashlib.sha256(Path(code).read_bytes() + json.dumps(texts).encode()).hexdigest()
    path = folder / "__pycache__" / f"{name}.json"
    kept = _kept(path)
    if kept.get("digest") == digest and isinstance(kept.get("said"), dict):
        return dict(kept["said"])
    said = {own: read(own, text) for own, text in texts.items()}
    made = json.dumps({"digest": digest, "said": said}, ensure_ascii=False, default=str)
    if not sys.dont_write_bytecode:
        keep(path, made)  # installed where nobody may write: read anew each time
    return dict(json.loads(made)["said"])


def _kept(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there, or not whole
        return {}
    return kept if isinstance(kept, dict) else {}
