"""Exhibits drawn while the notebook that makes them still runs: whoever runs it does nothing else but wait for it."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from kit import charts, store
from kit.client import Client
from kit.execute import Seen

if TYPE_CHECKING:
    from kit.drawings import Drawings


@contextlib.contextmanager
def drawing(client: Client, data: store.Store, kept: Mapping[str, Drawings]) -> Iterator[Seen]:
    """Takes the cells as they are run, in their order, and draws what they show on a thread of its own, for the
    languages of ``kept``; done when the last is drawn, or at once if the run fails.

    Nothing is said of what cannot be drawn: it is drawn once more when the pages are set, and is told then.
    """
    pieces: list[dict[str, Any]] = []
    with ThreadPoolExecutor(1) as thread:
        try:
            yield functools.partial(_asked, thread, pieces, client, data, kept)
        except BaseException:
            thread.shutdown(wait=False, cancel_futures=True)
            raise


def _asked(thread: ThreadPoolExecutor, *about: Any) -> None:
    thread.submit(_draw, *about)


def _draw(
    before: list[dict[str, Any]], client: Client, data: store.Store, kept: Mapping[str, Drawings], cell: Any
) -> None:
    """The exhibits of a cell. ``before``: what opens the report, as soon as some cell shows it."""
    from kit import outputs
    from kit.render import Rendering

    shown = outputs.of(cell)
    before += [piece for piece in shown if piece["is"] == "start"]
    if not any(_drawn(piece) for piece in shown):
        return
    for locale, drawings in kept.items():
        rendering = Rendering([*before, *shown], client, data, locale)
        for piece in rendering.pieces:
            if _drawn(piece) and rendering.shows(piece):
                drawings.ahead(piece, rendering.words, rendering.brand, rendering.wide)


def _drawn(piece: Mapping[str, Any]) -> bool:
    return piece["is"] == "exhibit" and piece["form"] in charts.FORMS
