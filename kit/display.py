"""What notebook cells return: data for the exporters beside a preview for the eye.

Each output carries one payload under our MIME type. The HTML beside it is made by the same code as the report, in
the client's language, so a notebook in JupyterLab looks like what will be sent.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from IPython.display import DisplayHandle, display

from kit import calendar, graph, since, stale, store
from kit.client import Client, Market, Period
from kit.errors import KitError, problem
from kit.findings import MIME, Arg, Finding, Kind, Severity, Shown, Soundness, payload, plain
from kit.outputs import BATCH

if TYPE_CHECKING:
    from kit.render import Rendering
    from kit.trials import Tested

AHEAD = 184
"""Days after the period whose promotions and holidays a forecast may use."""


class Report:
    """An open report: its client, period and tables. ``report["listings"]`` is a data frame or None."""

    def __init__(self, report: str, client: Client, period: Period, data: store.Store) -> None:
        self.report, self.client, self.period, self.store = report, client, period, data
        facts = {"report": report, "client": client.slug, "locale": client.locale, "cutoff": plain(data.cutoff)}
        self.said: list[dict[str, Any]] = [{"is": "start", **facts, "period": plain(period)}]
        self.said += [payload(finding) for finding in span_findings(report, period, data)]
        self.slot: DisplayHandle | None = None

    def __getitem__(self, table: str) -> pd.DataFrame | None:
        return self.store.get(table)

    @functools.cached_property
    def tables(self) -> Mapping[str, pd.DataFrame | None]:
        """The tables from which the figures of ``kit.stats.kpis`` are made; one that no file brought is None. What was
        added up of them is kept."""
        from kit.stats import kpi_parts

        return kpi_parts.Books({name: self[name] for name in kpi_parts.USED})

    @property
    def names(self) -> dict[str, Mapping[str, str]]:
        """Each shop's name in both languages."""
        return {key: shop.name.both for key, shop in self.client.shops.items()}

    @property
    def cutoff(self) -> dt.date | None:
        """The last day that the data reach."""
        return self.store.cutoff

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """First and last day of the period."""
        return self.period.start, self.period.end

    @property
    def market(self) -> Market:
        """The client's category and brand; ``KitError`` when client.toml has no ``[market]``."""
        if self.client.market is None:
            raise KitError(problem("e.config.required", file=f"data/{self.client.slug}/client.toml", key="market"))
        return self.client.market

    def trials(self, pairs: Sequence[tuple[str, str]]) -> tuple[list[Tested], pd.DataFrame]:
        """The client's tests as sums, with the ratios ``pairs`` that they bring; the units that two of them share."""
        from kit import trials

        found = [t for t in trials.found(self.store) if self._meets(t.start, t.end)]
        return [trials.read(self.store, t, pairs) for t in found], trials.overlap(self.store, found)

    def _meets(self, start: dt.date | None, end: dt.date | None) -> bool:
        """Whether days meet the period; what states none does."""
        return (start is None or start <= self.period.end) and (end is None or end >= self.period.start)

    def other(self, report: str) -> dict[str, Any] | None:
        """The JSON of another report of this client and period as it was built last; None if there is none.

        Which reports are built before this one says ``kit.graph``.
        """
        path = self._folder / f"{report}.json"
        store.note(self.client.slug, f"report:{report}", stale.read_digest(self._folder, report))
        return since.read(path)

    def earlier(self) -> list[dict[str, Any]]:
        """The JSON of this report for each period of the client that ended before this one does, in their order."""
        name = f"*/{self.report}"
        store.note(self.client.slug, f"report:{name}", stale.read_digest(self._folder, name))
        return [made for path in stale.earlier(self._folder, self.report) if (made := since.read(path))]

    @property
    def _folder(self) -> Path:
        return stale.folder_of(self.client, self.period)

    def others(self) -> dict[str, dict[str, Any] | None]:
        """By name the JSON of each report that this one is made from (``kit.graph``); None where there is none."""
        from kit.report import names

        return {name: self.other(name) for name in graph.before(self.report, names(self.client))}

    @property
    def rules(self) -> dict[str, Any]:
        """The rules of this report that are a table (``kit.rules``), as the client has them."""
        from kit import rules

        return rules.swot(self.client)

    def thresholds(self, *names: str) -> dict[str, Any]:
        """The client's thresholds of those names, ready to be passed on."""
        return {name: getattr(self.client.thresholds, name) for name in names}

    @property
    def promotions(self) -> pd.DataFrame:
        """Promotions on the client's platforms by phase: as far back as the data go, and half a year ahead."""
        return calendar.promotions(self.client.platforms(), *self._years)

    @property
    def holidays(self) -> pd.DataFrame:
        """Public holidays, from a year before the data to half a year ahead."""
        first, last = self._years
        return calendar.holidays(first - dt.timedelta(days=366), last)

    @property
    def _years(self) -> tuple[dt.date, dt.date]:
        first, _ = self.store.span() or (self.period.start, self.period.end)
        return first, self.period.end + dt.timedelta(days=AHEAD)

    def _ipython_display_(self) -> None:
        rendering = self._rendering()
        for piece in self.said:
            display(self._bundle(piece, rendering), raw=True)

    def answer(self) -> None:
        """The slot that opens the report: key figures, ranked findings, actions; filled as findings arrive. Then, what
        the report of the period before said, for what has changed since."""
        self.said.append({"is": "answer"})
        self.slot = display(self._bundle(self.said[-1]), raw=True, display_id="kit-answer")
        # the summary lists some of what there is: what it leaves out has not gone
        chosen = graph.stage(self.report) == len(graph.LATER)
        before = None if chosen else since.last(self.earlier(), self.period)
        if before:
            self._put({"is": "since", **before})

    def show(self, shown: Shown) -> None:
        """Findings, exhibits, key figures and unanswered questions of one analysis."""
        things: list[Any] = [*shown.findings, *shown.kpis, *shown.exhibits, *shown.missing]
        pieces = [payload(thing) for thing in things]
        self.said += pieces
        rendering = self._rendering()
        for piece in pieces:
            display(self._bundle(piece, rendering), raw=True)
        if self.slot:
            self.slot.update(self._bundle({"is": "answer"}, rendering), raw=True)

    def notes(self) -> None:
        """The consultant's own view, from ``notes/<report>.<locale>.md``."""
        self._put({"is": "notes"})

    def limits(self) -> None:
        """What these data cannot say."""
        self._put({"is": "limits"})

    def ledger(self) -> None:
        """Every file of the tables read so far, with its rows read, kept and dropped."""
        self._put({"is": "ledger", "tables": sorted(self.store.used)})

    def method(self) -> None:
        """Formula and source of every method used."""
        self._put({"is": "method"})

    def glossary(self, *terms: str) -> None:
        """Terms by their slugs in the glossary catalogue, e.g. ``price_band``."""
        self._put({"is": "glossary", "terms": list(terms)})

    def reproduce(self) -> None:
        """How to build this report again."""
        self._put({"is": "reproduce", "tables": dict(self.store.used)})

    def _put(self, piece: dict[str, Any]) -> None:
        self.said.append(piece)
        display(self._bundle(piece), raw=True)

    def _bundle(self, piece: dict[str, Any], rendering: Rendering | None = None) -> dict[str, Any]:
        made = {MIME: piece, "text/plain": f"[{piece['is']}]"}
        rendering = rendering or self._rendering()
        if rendering is None:
            return made
        from kit import preview

        return {**made, "text/html": preview.of(rendering, piece)}

    def _rendering(self) -> Rendering | None:
        """What has been said so far, for previews; a build makes its pages later, and looks at none."""
        if os.environ.get(BATCH):
            return None
        from kit.render import Rendering

        return Rendering(self.said, self.client, self.store, self.client.locale)


def start(report: str, client: str = "", period: str = "") -> Report:
    """Open a report. An empty client is ``KIT_CLIENT``, else demo; an empty period the last whole month of the data.

    Raises ``KitError``: no such client, faulty data, or a period without data.
    """
    found = Client.load(client or os.environ.get("KIT_CLIENT") or "demo")
    data = store.load(found)
    asked = period or os.environ.get("KIT_PERIOD", "")
    return Report(report, found, Period.choose(asked, data.span(), data.months()), data)


def span_findings(report: str, period: Period, data: store.Store) -> list[Finding]:
    """What must be said of the period itself: no whole month in the data, or data that end inside it."""
    span = data.span()
    about = {"period": Arg(plain(period), "period")}
    made = []
    if span and period.kind == "span" and Period.default(*span, data.months()) == period:
        made.append(_limit(f"{report}.data.nomonth", "q.span", about))
    elif data.cutoff and data.cutoff < period.end:
        left = (period.end - data.cutoff).days
        args = {"date": Arg(plain(data.cutoff), "date"), "n": Arg(left, "count"), **about}
        made.append(_limit(f"{report}.data.partial", "q.part", args))
    return made


def _limit(key: str, sentence: str, args: dict[str, Arg]) -> Finding:
    return Finding(key, sentence, args, Soundness.LIMITED, Severity.LOW, Kind.DATA, unsound=True)
