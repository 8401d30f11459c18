"""Drawings that stay from one build to the next: the same data drawn by the same code are the same drawing.

Those of the last build of a report, period and language lie in one file beside the client's periods, each under the
hash of all that it is made from: the payload but for its words around the drawing, language, currency, brand, width,
and the hash of kit itself (``kit.stale.tools``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit import charts, project, stale
from kit.brand import Brand
from kit.replacing import keep

AROUND = ("message", "notes", "findings")
"""What of a payload stands around its drawing."""


def of(client: str, report: str, period: str, anew: bool = False) -> dict[str, Drawings]:
    """Those of a report by language; ``anew``: none of the last build is taken."""
    folder, tools = project.output() / client / ".drawings", stale.tools()
    return {locale: Drawings(folder / f"{period}.{report}.{locale}.json", tools, anew) for locale in ("zh", "en")}


class Drawings:
    """``file``: where they lie; ``tools``: the hash of the code, words, fonts and libraries that draw; ``anew``: what
    lies there is not taken."""

    def __init__(self, file: Path, tools: str, anew: bool = False) -> None:
        self.file, self.tools = file, tools
        self.known = {} if anew else _read(file)
        self.made: dict[str, list[str]] = {}
        self.used: dict[str, list[str]] = {}

    def draw(self, exhibit: Mapping[str, Any], words: Any, brand: Brand, page: float = charts.PAGE) -> charts.Picture:
        """As ``charts.draw``."""
        key = self.ahead(exhibit, words, brand, page)
        self.used[key] = self.known[key] if key in self.known else self.made[key]
        return charts.picture(exhibit, charts.Drawing(*self.used[key]), words)

    def ahead(self, exhibit: Mapping[str, Any], words: Any, brand: Brand, page: float = charts.PAGE) -> str:
        """Have it drawn for whoever asks for it with ``draw``; its hash."""
        data = {name: value for name, value in exhibit.items() if name not in AROUND}
        key = _hash([self.tools, data, words.locale, words.currency, brand.plain(), page])
        if key not in self.known and key not in self.made:
            self.made[key] = list(charts.drawn(exhibit, words, brand, page))
        return key

    def keep(self) -> None:
        """For the next build, those of this one alone; nobody misses them if they cannot be written."""
        if not self.used or self.used == self.known:
            return
        keep(self.file, json.dumps({"hash": _hash(self.used), "drawings": self.used}, ensure_ascii=False))


def _read(file: Path) -> dict[str, list[str]]:
    """What a file holds; nothing if it is not there or not as it was written."""
    try:
        content = json.loads(file.read_bytes())
        found: dict[str, list[str]] = content["drawings"]
        return found if content["hash"] == _hash(found) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
