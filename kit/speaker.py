"""How the command line speaks: steps, warnings and problems in the reader's language, and never a traceback."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from kit.errors import FAILED, KitError, Problem, problem

if TYPE_CHECKING:
    from kit.text import Words


class Speaker:
    """Says things in the reader's language: spinner and colour on a terminal, plain lines in a log."""

    def __init__(self, locale: str = "") -> None:
        from rich.console import Console

        self.out, self.err = (
            Console(highlight=False, soft_wrap=True),
            Console(stderr=True, highlight=False, soft_wrap=True),
        )
        self.locale = "en" if locale.startswith("en") else "zh"
        self.status: Any = None

    @property
    def words(self) -> Words:
        from kit.text import Words

        return Words(self.locale)

    def say(self, key: str, **args: Any) -> None:
        """A step of the work: a line in a log, on a terminal the spinner's text."""
        text = self.words.label(key, **args)
        if self.status is not None:
            self.status.update(text)
        else:
            self.line(text)

    def line(self, text: str, style: str | None = None) -> None:
        self.out.print(text, style=style, markup=False)

    def problems(self, error: KitError) -> None:
        for fault in error.problems:
            self.err.print(self.words.problem(fault), style="yellow" if fault.warning else "red", markup=False)

    def warn(self, warnings: Sequence[Problem], told: set[str]) -> None:
        """Warnings, each once: the reports of a client share what is said of its data."""
        for fault in warnings:
            text = self.words.problem(fault)
            if text not in told:
                self.err.print(text, style="yellow", markup=False)
            told.add(text)

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """A spinner while something long runs, on a terminal only."""
        if not self.out.is_terminal:
            yield
            return
        with self.out.status("") as self.status:
            try:
                yield
            finally:
                self.status = None


class Told(click.Group):
    """Every ``KitError`` ends as its sentences and its exit code; a traceback never reaches a consultant."""

    def invoke(self, ctx: click.Context) -> Any:
        ctx.obj = Speaker(os.environ.get("KIT_LOCALE", ""))
        try:
            return super().invoke(ctx)
        except KitError as error:
            ctx.obj.problems(error)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            ctx.obj.problems(KitError(problem("e.interrupted")))
            ctx.exit(FAILED)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:
            from kit import project

            facts = {"error": type(error).__name__, "log": project.noted(error)}
            ctx.obj.problems(KitError(problem("e.unexpected", **facts)))
            ctx.exit(FAILED)
