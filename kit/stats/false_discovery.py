"""Many claims tested at once: which stand so that few of those made are false, and their intervals.

Benjamini and Hochberg's step-up (1995) keeps the expected share of false claims among those made at or under a rate;
with Benjamini and Yekutieli's factor (2001) it does so however the tests depend on each other. Intervals at ``level``
(Benjamini and Yekutieli 2005) miss in no larger a share, and one excludes no effect exactly where its claim stands.
The check is Benjamini and Hochberg's table of fifteen tests: at 5 % their step-up claims the first four.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Claims:
    """``made`` says of each test whether its claim stands; ``level`` is that of the intervals, a fraction."""

    made: tuple[bool, ...]
    level: float


def claims(p_values: Sequence[float], rate: float, *, independent: bool = False) -> Claims:
    """Which of ``p_values`` (two-sided) stand at false discovery ``rate``.

    ``independent``: without the factor, for tests that do not depend on each other, or only in one direction.

    >>> claims([0.01, 0.9, 0.04], 0.05, independent=True)
    Claims(made=(True, False, False), level=0.9833333333333333)
    """
    tests = len(p_values)
    if not tests:
        return Claims((), 1 - rate)
    each = rate / tests / (1 if independent else sum(1 / n for n in range(1, tests + 1)))
    standing = max((n for n, p in enumerate(sorted(p_values), 1) if p <= each * n), default=0)
    line = each * max(standing, 1)
    return Claims(tuple(standing > 0 and p <= line for p in p_values), 1 - line)
