"""What a report says otherwise than the version of it that was approved before: the correction notice on its pages.

It stands after the answer, is made from both versions as data, and is no part of what is approved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kit import approvals, project, since
from kit.client import Client
from kit.errors import KitError, problem
from kit.periods import Period

if TYPE_CHECKING:
    from kit.render import Rendering
    from kit.text import Words

Report = Mapping[str, Any]
Block = dict[str, Any]
MOST = 5
"""Findings of a sort that are spelt out, the others counted; figures, and conclusions that changed, are all told."""


def mark(r: Rendering, period: Period, report: Report) -> tuple[str, int]:
    """Put on a rendering what its approvals say: its version (else it is a draft), and what is corrected in it.

    ``report``: it as data. Gives back the hash of what it says, and the version, 0 for a draft.
    """
    said, locale = approvals.content(r.document()), r.words.locale
    stands = approvals.standing(r.client, period, r.report, locale, said)
    r.version = stands.version if stands else 0
    before = approvals.before(approvals.known(r.client, period), r.report, locale, said)
    if before:
        old = copy(r.client, period, before.version, r.report)
        r.notice = notice(before.version, list(lines(old, report, before.version, r.words)), r)
    return said, r.version


def copy(client: Client, period: Period, version: int, report: str) -> Report:
    """A report as data as it was approved. Raises ``KitError`` if the copy is gone."""
    path = approvals.copy(client, period, version, report)
    found = since.read(path)
    if found is None:
        raise KitError(problem("e.deliver.copy", file=project.relative(path)))
    return found


def notice(version: int, told: list[str], r: Rendering) -> list[Block]:
    """A heading and a list, marked so that they are no part of what is approved."""
    title = r.words.label("page.fix", version=version)
    heading = {"type": "heading", "level": 2, "text": title, "id": "corrections", "appendix": False}
    made: list[Block] = [heading, {"type": "list", "items": r.printable(told)}]
    return [{**block, "correction": True} for block in made]


def lines(old: Report, new: Report, version: int, words: Words) -> Iterator[str]:
    """Why there is another version, each figure, each finding, and whether a conclusion changed; a line each."""
    found = since.corrected(old, new, words.locale)
    figures = list(_figures(found, words))
    data = (figures or found.moved or found.turned) and _inputs(old) != _inputs(new)
    yield words.label("fix.why.data" if data else "fix.why.other", version=version)
    yield from figures
    yield from _both("turned", found.turned, words)
    yield from _first("moved", _both("moved", found.moved, words), words)
    yield from _first("reworded", _both("reworded", found.reworded, words), words)
    yield from _first("new", [words.label("fix.new", text=_said(f, words)) for f in found.new], words)
    yield from _first("gone", [words.label("fix.gone", text=_said(f, words)) for f in found.gone], words)
    if not (found.turned or found.new or found.gone):
        yield words.label("fix.same" if figures or found.moved else "fix.none")


def _figures(found: since.Corrected, words: Words) -> Iterator[str]:
    """Key figures that read otherwise; one that differs only behind what is shown is none."""
    for one in found.figures:
        old, new = (words.value({"value": value, "unit": one.unit}) for value in (one.old, one.new))
        if old != new:
            yield words.label("fix.figure", what=one.label[words.locale], old=old, new=new)


def _both(sort: str, found: Sequence[since.Moved], words: Words) -> list[str]:
    return [words.label(f"fix.{sort}", text=_said(moved.new, words), was=_said(moved.old, words)) for moved in found]


def _first(sort: str, told: list[str], words: Words) -> list[str]:
    more = len(told) - MOST
    return [*told[:MOST], words.label(f"fix.{sort}.more", n=more)] if more > 0 else told


def _said(finding: Report, words: Words) -> str:
    return str(finding["shown"]["text"][words.locale])


def _inputs(report: Report) -> set[tuple[str, str]]:
    """The files a report was made from, by name and hash."""
    return {(line["file"], line["sha256"]) for line in report["ledger"]}
