"""The list of what to download, in words: two lines an export, most urgent first, and what the platform has deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from kit.client import Client, Period
from kit.downloads import Download
from kit.exports.dictionary import Export
from kit.store import Store
from kit.wanted import days

STOP = {"zh": "；", "en": "; "}
"""Between clauses that may hold commas themselves."""
RUNS = 4
"""Runs of days that a line names; all are counted."""


def lines(
    client: Client, store: Store, words: Any, found: Sequence[Download], period: Period, today: dt.date
) -> Iterator[str]:
    """``found`` in the language of ``words``; what is complete is not in it, and one line says that nothing is."""
    parted = [one.split(today) for one in found]
    left = sorted((one for one, _ in parted if one.spans), key=lambda one: _urgency(one, today))
    told = any(not one.new for one in left)  # of a new client everything is new
    first = [replace(one, new=one.new and told) for one in left if one.days or one.due]
    facts = {"period": period.text, "date": today.isoformat()}
    none = "download.none" if period.start < today else "download.early"
    yield words.label("download.title" if first else none, **facts)
    heads = aligned([_head(one, today, words) for one in first])
    for one, head in zip(first, heads, strict=True):
        yield f"  {head}"
        yield f"      {STOP[words.locale].join(_how(one, client, store, words))}"
    beside = [_beside(one, client, store, words) for one in left if not (one.days or one.due)]
    gone = [_gone(one, words) for _, one in parted if one.spans]
    for key, rows in (("download.beside", beside), ("download.gone", gone)):
        if rows:
            yield words.label(key)
            yield from (f"  {line}" for line in aligned(rows))


def _urgency(one: Download, today: dt.date) -> tuple[Any, ...]:
    """What is deleted soonest comes first; then what is in use before what never came, the period before what it is
    compared with."""
    return one.due is None, one.due or today, one.new, not one.days, one.platform, one.shop, one.exports[0].id


def _head(one: Download, today: dt.date, words: Any) -> list[str]:
    due = words.label("download.due", date=one.due.isoformat(), n=(one.due - today).days) if one.due else ""
    about, beside = _days(one, words)
    return [*_which(one, words), about or beside, due]


def _which(one: Download, words: Any) -> list[str]:
    """Platform, shop and export, in words."""
    shop = [words.label(f"platform.{one.platform}"), one.shop] if one.shop else [words.label("download.any"), ""]
    return [*shop, _names(one.exports, words)]


def _names(exports: Sequence[Export], words: Any) -> str:
    name = exports[0].name[words.locale]
    return str(words.label("download.names", name=name, n=len(exports) - 1)) if len(exports) > 1 else name


def _days(one: Download, words: Any) -> tuple[str, str]:
    """The runs of days of the period, and those it is only compared with; blank where there are none."""
    about = [span for span in one.spans if days(*span) & one.days]
    beside = [span for span in one.spans if span not in about]
    return _runs(about, words), words.label("download.compared", days=_runs(beside, words)) if beside else ""


def _runs(found: Sequence[tuple[dt.date, dt.date]], words: Any) -> str:
    named = words.listing([str(a) if a == b else f"{a}..{b}" for a, b in found[:RUNS]])
    return str(words.label("download.runs", days=named, n=len(found))) if len(found) > RUNS else str(named)


def _how(one: Download, client: Client, store: Store, words: Any) -> list[str]:
    """Where to find it and what to set there; for which reports; what else there is."""
    export, (about, beside) = one.exports[0], _days(one, words)
    said = [export.menu[words.locale]]
    if by := [word for word in export.by if all(word in e.by for e in one.exports)]:
        said.append(words.listing(words.label(f"by.{word}") for word in by))
    said += _window(one, client, store, words)
    if export.file_days and one.files > 1:
        said.append(words.label("download.files", days=export.file_days, n=one.files))
    if about and beside:
        said.append(beside)
    if one.reports:
        said.append(words.label("download.for", reports=words.listing(report_name(r, words) for r in one.reports)))
    if one.new:
        said.append(words.label("download.new"))
    if one.others:
        said.append(words.label("download.others", exports=words.listing(e.name[words.locale] for e in one.others)))
    return said


def _window(one: Download, client: Client, store: Store, words: Any) -> list[str]:
    """The attribution window to choose: as client.toml says, else the only one that is offered or was ever read."""
    export = one.exports[0]
    if (tool := str(export.set.get("tool", ""))) in client.attribution:
        return [words.label("download.window", n=client.attribution[tool])]
    read = [m["windows"].get(tool, []) for m in store.meanings if m["shop"] == one.shop]
    for known in (export.windows, *read):
        if len(known) == 1:
            return [words.label("download.window", n=known[0])]
    offered = words.listing(map(str, export.windows))
    return [words.label("download.windows", tool=tool, days=offered)] if export.windows else []


def _beside(one: Download, client: Client, store: Store, words: Any) -> list[str]:
    how = _how(replace(one, reports=(), new=False, others=()), client, store, words)
    return [*_which(one, words), _runs(one.spans, words), STOP[words.locale].join(how)]


def _gone(one: Download, words: Any) -> list[str]:
    since = min(one.days | one.compared) + dt.timedelta(one.kept_days or 0)
    return [*_which(one, words), _runs(one.spans, words), words.label("download.deleted", date=since.isoformat())]


def report_name(report: str, words: Any) -> str:
    """A report's title; of a client's own notebook, its file's name."""
    return str(words.label(f"report.{report}")) if words.has(f"report.{report}") else report


def aligned(rows: Sequence[Sequence[str]], right: int | None = None) -> list[str]:
    """Cells in columns, those from ``right`` on set right; Chinese characters take two places of a terminal."""
    from rich.cells import cell_len

    most = max(map(len, rows), default=0)
    widths = [max((cell_len(r[n]) for r in rows if n < len(r) - (right is None)), default=0) for n in range(most)]

    def cell(n: int, text: str) -> str:
        blanks = " " * (widths[n] - cell_len(text))
        return blanks + text if right is not None and n >= right else text + blanks

    return ["  ".join(cell(n, text) for n, text in enumerate(row)).rstrip() for row in rows]
