"""What is seen of many builds: a table that moves on a terminal, a line each in a log, and what is left to do."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kit.batch import Outcome
from kit.errors import KitError


class Board:
    """The reports under way and those done; ``screen`` is the live table, None in a log."""

    def __init__(self, out: Any, words: Any, screen: Any) -> None:
        self.out, self.words, self.screen = out, words, screen
        self.rows: dict[tuple[str, str], str] = {}
        self.began = time.monotonic()

    def step(self, client: str, report: str, key: str, args: dict[str, Any]) -> None:
        """A step of the work: on the screen only, a log has the outcomes."""
        self.rows[client, report] = self.words.label(key, **args)
        self._show()

    def watch(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        for outcome in outcomes:
            self.rows.pop((outcome.client, ""), None)
            self.rows.pop((outcome.client, outcome.report), None)
            self.out.print(line(outcome, self.words), markup=False)
            self._show()
            yield outcome

    def _show(self) -> None:
        if self.screen is not None:
            self.screen.update(self._table())

    def _table(self) -> Any:
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        for (client, report), text in self.rows.items():
            table.add_row(client, report, text)
        return table


@contextlib.contextmanager
def shown(out: Any, words: Any) -> Iterator[Board]:
    """A board for these builds: on a terminal what is under way stands below the lines of what is done."""
    if not out.is_terminal:
        yield Board(out, words, None)
        return
    from rich.live import Live

    with Live(console=out, transient=True) as screen:
        yield Board(out, words, screen)


def line(outcome: Outcome, words: Any) -> str:
    """One report's outcome: client, report, what was done, and how long it took."""
    about = {"client": outcome.client, "report": outcome.report or "—", "seconds": f"{outcome.seconds:.1f}"}
    return str(words.label(f"say.outcome.{outcome.status}", **about))


def summary(outcomes: Sequence[Outcome], words: Any) -> Iterator[str]:
    """How many were built, rendered, unchanged and failed; then, for each that failed, what to do."""
    count = {status: sum(o.status == status for o in outcomes) for status in ("run", "set", "unchanged", "failed")}
    yield words.label("say.outcomes", **count)
    if skipped := sum(o.status == "skipped" for o in outcomes):
        yield words.label("say.outcomes.skipped", n=skipped)
    failed = [(o.client, o.report or "—", o.error) for o in outcomes if o.error is not None]
    for (client, _), alike in itertools.groupby(failed, key=lambda one: (one[0], id(one[2]))):
        _, reports, errors = zip(*alike, strict=True)
        yield from _todo(client, reports, errors[0], words)


def _todo(client: str, reports: Sequence[str], error: KitError, words: Any) -> Iterator[str]:
    """The first fault in full, once for all reports that it stops, and how many more there are: ``make check`` or
    ``make report`` tells them all."""
    first, *more = [p for p in error.problems if not p.warning]
    yield words.label("say.todo", client=client, report=words.listing(reports), said=words.problem(first))
    if more:
        yield words.label("say.todo.more", n=len(more), client=client)
