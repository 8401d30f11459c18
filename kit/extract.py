"""Babel's view of a notebook: every prose cell is one message, so translators get whole paragraphs.

``pybabel extract -F pyproject.toml -k "" -o notebooks.pot notebooks`` collects them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any


def notebook(file: IO[bytes], keywords: Any, comments: Any, options: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """The markdown cells of a notebook as Babel's extractors give them: line, function, message, comments."""
    for number, cell in enumerate(json.load(file)["cells"], 1):
        text = "".join(cell["source"]).strip()
        if cell["cell_type"] == "markdown" and text:
            yield number, "", text, []
