"""What a notebook shows beside its data: each output as it will stand on the page, in the client's language.

In JupyterLab a cell makes its own preview. A build leaves that out of the kernel and writes all of them into the run
notebook from the document that the pages are made of, so that a change of wording needs no run.
"""

from __future__ import annotations

from typing import Any

from kit import blocks, html, outputs, wording
from kit.findings import MIME
from kit.render import Rendering


def of(r: Rendering, piece: dict[str, Any]) -> str:
    """The preview of one piece of an unfinished notebook."""
    return _html(r, piece, r.parsed(blocks.of(r, piece)))


def put(nb: Any, r: Rendering) -> None:
    """Every output's preview into the run notebook, in place. ``r``: the rendering of its pieces."""
    shown: dict[int, list[str]] = {}
    for (output, _), piece, made in zip(outputs.walk(nb), r.pieces, r.laid, strict=True):
        if output is not None and MIME in output.data:
            shown.setdefault(id(output), []).append(_html(r, piece, made))
            output.data["text/html"] = "\n".join(shown[id(output)])


def _html(r: Rendering, piece: dict[str, Any], made: list[dict[str, Any]]) -> str:
    shown = [opened(r)] if piece["is"] == "start" else [b for b in made if b["type"] != "hidden"]
    return html.fragment(shown, r.brand.plain(), r.words.locale)


def opened(r: Rendering) -> dict[str, Any]:
    """The first line of a notebook: whose report this is and of when, before anything else is read."""
    period = r.words.value({"value": r.start["period"], "unit": "period"})
    names = {"client": r.client.name.in_(r.words.locale), "title": blocks.title(r)[0]}
    return wording.callout("note", r.words.label("say.opened", period=period, **names))
