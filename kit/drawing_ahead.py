"""Exhibits drawn while the notebook that makes them still runs: whoever runs it does nothing else but wait for it."""

from __future__ import annotations

import contextlib
import functools
import itertools
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
    opened: dict[str, Any] = {}
    with ThreadPoolExecutor(1) as thread:
        try:
            yield functools.partial(_asked, thread, opened, client, data, kept)
        except BaseException:
            thread.shutdown(wait=False, cancel_futures=True)
            raise


def _asked(thread: ThreadPoolExecutor, *about: Any) -> None:
    thread.submit(_draw, *about)


def _draw(opened: dict[str, Any], client: Client, data: store.Store, kept: Mapping[str, Drawings], cell: Any) -> None:
    """The exhibits of a cell. ``opened``: what opens the report, once a cell shows it, and by language its rendering;
    what is drawn depends on nothing else of the report."""
    from kit import outputs
    from kit.render import Rendering

    shown = outputs.of(cell)
    opened.update((piece["is"], piece) for piece in shown if piece["is"] == "start")
    for exhibit, (locale, drawings) in itertools.product(filter(_drawn, shown), kept.items()):
        if locale not in opened:
            opened[locale] = Rendering([opened["start"]], client, data, locale)
        rendering = opened[locale]
        if rendering.shows(exhibit):
            drawings.ahead(rendering.printable(exhibit), rendering.words, rendering.brand, rendering.wide)


def _drawn(piece: Mapping[str, Any]) -> bool:
    return piece["is"] == "exhibit" and piece["form"] in charts.FORMS
