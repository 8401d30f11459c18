"""What can go wrong, as data: an id from the catalogue and its arguments.

Nothing here is worded. The command line and the notebook word a problem in their reader's language
(``kit.text.Words.problem``), so one fault reads the same wherever it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

WRONG_CALL = 2
"""Exit code: the command itself was wrong (unknown report, period that cannot be read)."""
INVALID = 3
"""Exit code: data or configuration is invalid."""
FAILED = 1
"""Exit code: a report failed while the rest may have been built."""


@dataclass(frozen=True)
class Problem:
    """One fault a consultant can act on.

    ``id`` is a catalogue key (``e.value``); ``args`` are its plain arguments (strings and numbers, never a
    value from a personal column). ``warning`` marks what is said but does not stop a build.
    """

    id: str
    args: Mapping[str, Any] = field(default_factory=dict, hash=False)  # a dictionary has none
    warning: bool = False


def problem(id: str, /, **args: Any) -> Problem:
    """A fault: ``problem("e.empty", file="exports/a.csv")``."""
    return Problem(id, args)


def warning(id: str, /, **args: Any) -> Problem:
    """Something to be said that does not stop a build."""
    return Problem(id, args, warning=True)


class KitError(Exception):
    """One or more problems, all found at once; ``exit_code`` is what ``python -m kit`` returns for it."""

    def __init__(self, problems: Problem | Iterable[Problem], exit_code: int = INVALID) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.exit_code = exit_code
        super().__init__(self.problems, exit_code)

    def __str__(self) -> str:
        return "; ".join(p.id + str(dict(p.args)) for p in self.problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.problems, self.exit_code))

    def _render_traceback_(self) -> list[str]:
        """IPython shows these lines in place of a traceback: the sentence is what helps."""
        from kit.text import words_here

        words = words_here()
        return [words.problem(p) for p in self.problems]
