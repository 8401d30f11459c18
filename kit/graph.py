"""Which reports wait for which: base reports first, then what is drawn from them. The one place that says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

PACK = "pack"
"""What is made of all reports together (``kit.deliver.pack``); it has no notebook."""
RESERVED = (PACK, "redline", "manifest")
"""What lies beside the reports under a name of its own: no report can be called so."""
LATER: tuple[tuple[str, ...], ...] = (("swot", "risk"), ("summary",))
"""Reports made from the findings of others, stage by stage; every other report is a base report."""


def stage(report: str) -> int:
    """0 for a base report; a report waits for all of the stages before its own, and the pack for all reports."""
    if report == PACK:
        return len(LATER) + 1
    return next((n for n, names in enumerate(LATER, 1) if report in names), 0)


def before(report: str, known: Iterable[str]) -> list[str]:
    """The reports of ``known`` that ``report`` is made from."""
    return [name for name in known if stage(name) < stage(report)]


def reports(names: Iterable[str]) -> list[str]:
    """Those that are reports: all but the pack."""
    return [name for name in names if name != PACK]


def wanted(asked: Sequence[str], known: Sequence[str]) -> list[str]:
    """The reports asked for and those that they are made from, in the order in which they can be built."""
    needed = {*asked, *(name for report in asked for name in before(report, known))}
    return sorted(needed, key=lambda name: (stage(name), name))
