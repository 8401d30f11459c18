"""One client of a build of many: what is still to come, what is being made, what is settled.

Its data are read once, before its reports; its lock is held from then to its last report, and its manifest is written
by the process that asked for the build. What fails takes with it only what is made from it.
"""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit import committing, graph, loading, report, stale, store
from kit.client import Client, Period
from kit.errors import FAILED, KitError, problem
from kit.pool import Pool, Say
from kit.report import Built

if TYPE_CHECKING:
    from kit.cluster import Cluster

READ = ""
"""The job that reads a client's data; every other is named by its report."""


@dataclass(frozen=True)
class Order:
    """What is asked for of a client: no report means all of them, no language the client's own."""

    client: str
    reports: tuple[str, ...] = ()
    period: str = ""
    locales: tuple[str, ...] = ()
    force: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a report: what was built of it, or why nothing was: it failed, or has nothing to be about."""

    client: str
    report: str
    built: Built | None = None
    error: KitError | None = None
    seconds: float = 0.0

    @property
    def status(self) -> str:
        if self.built is None:
            return "failed" if self.error else "skipped"
        return "run" if self.built.plan.run else "set" if self.built.plan.render else "unchanged"


class Going:
    """One client on its way: what is still to come, what is being made, what is settled."""

    touched = False
    """Whether anything was built, failed or was withdrawn: the client's index says so."""
    held = False
    """Whether it was seen to that its tables are read once."""

    def __init__(self, order: Order, locks: ExitStack) -> None:
        self.order = order
        self.client: Client | None = None
        self.lock = locks.enter_context(ExitStack())
        self.data: store.Store | None = None
        self.period: Period | None = None
        self.waiting: list[str] = []
        self.making: set[str] = set()
        self.failed: dict[str, KitError] = {}
        self.lacking: set[str] = set()
        self.outcomes: list[Outcome] = []
        self.looked: set[str] = set()
        """Reports of which it is known whether to make them: all is there that they are made from."""
        self.runs: dict[str, bool] = {}
        """Of these, whether a notebook is run."""
        try:
            self._open()
        except KitError as error:
            self._refuse(list(self.waiting) or list(order.reports) or [READ], error)

    def _open(self) -> None:
        self.client = Client.load(self.order.client)
        if misnamed := report.misnamed(self.client):
            raise KitError(misnamed)
        known = [*report.names(self.client), graph.PACK]
        asked = list(self.order.reports) or known
        for name in (n for n in asked if n not in known):
            self._refuse([name], KitError(report.unknown(name, known), 2))
        self.waiting = graph.wanted([n for n in asked if n in known], known)
        for name in graph.reports(self.waiting):
            if lacking := report.needs(self.client, name):
                self.lacking.add(name)  # not for this client: what is made from the others does without
                self._refuse([name], KitError(lacking))
        self.waiting = self.waiting if graph.reports(self.waiting) else []
        if self.waiting:
            self.lock.enter_context(committing.locked(self.client.slug))
            self.lock.callback(self._list)
            self._take(store.cached(self.client))

    def _list(self) -> None:
        """Bring the client's index up to date, before the lock is given back."""
        from kit.deliver import index

        assert self.client
        try:
            if self.touched or not index.place(self.client).is_file():
                index.write(self.client)
        except KitError as error:
            self.outcomes.append(Outcome(self.order.client, index.FILE, error=error))

    def _take(self, data: store.Store | None) -> None:
        """The client's tables, if they are there as the files are now; which period it is about."""
        if data is not None and self.client is not None:
            store.refuse(data)
            self.data = data
            self.period = Period.choose(self.order.period, data.span(), data.months())

    def _refuse(self, names: Sequence[str], error: KitError) -> None:
        """Settle these reports, and with them those that are made from them."""
        for name in names:
            self.failed[name] = error
            self.waiting = [n for n in self.waiting if n != name]
            self.outcomes.append(Outcome(self.order.client, name, error=error))

    def settled(self) -> list[Outcome]:
        """Outcomes that were not told yet, those of reports with nothing to do among them."""
        settled = self.data is not None
        while settled:  # one with nothing to do frees those made from it, which may have nothing to do, either
            free = [n for n in self.waiting if n not in self.looked and self._free(n)]
            for name in free:
                self.looked.add(name)
                try:
                    self._look(name)
                except KitError as error:  # what is left of a report without a subject is open in a viewer
                    self._refuse([name], error)
            settled = any(name not in self.waiting for name in free)
        if not self.waiting and not self.making:
            self.lock.close()
        told, self.outcomes = self.outcomes, []
        return told

    def _look(self, name: str) -> None:
        """Settle a report that failed before it was begun, or that has nothing to do or to be about."""
        assert self.client and self.data and self.period
        lost = [n for n in graph.before(name, self.failed) if n != READ and n not in self.lacking]
        if lost:
            self._refuse([name], KitError(problem("e.report.before", report=name, failed=", ".join(lost)), FAILED))
            return
        built = self._unchanged(name)  # asked first: what is as it was built had a subject, and still has
        if built is None and self._subject(name):
            return
        folder = stale.folder_of(self.client, self.period)
        settle = committing.forget_failure if built else committing.withdraw
        with committing.written(folder):
            self.touched |= settle(folder, name)
        self.waiting.remove(name)
        self.outcomes.append(Outcome(self.order.client, name, built))

    def _subject(self, name: str) -> bool:
        """Whether there is anything for it to be about: for the pack, a report."""
        assert self.client and self.data and self.period
        if name == graph.PACK:
            from kit.deliver import parts

            folder = stale.folder_of(self.client, self.period)
            return any(parts.there(self.client, folder, locale) for locale in self._locales())
        return report.has_subject(self.client, name, self.data, self.period)

    def _unchanged(self, name: str) -> Built | None:
        assert self.client and self.data and self.period
        if name == graph.PACK:
            from kit.deliver import pack

            return pack.unchanged(self.client, self.period, self._locales(), self.order.force)
        return report.unchanged(self.client, name, self.period, self.data, self._locales(), self.order.force)

    def _locales(self) -> tuple[str, ...]:
        assert self.client
        return self.order.locales or (self.client.locale,)

    def length(self, job: str) -> int:
        """Of its notebook: of reports that nobody has built yet, a longer one is likely to take longer."""
        if job in (READ, graph.PACK) or self.client is None:
            return 0
        return report.notebook(self.client, job).stat().st_size

    def _free(self, name: str) -> bool:
        """Whether nothing that a report is made from is still to come."""
        return not graph.before(name, {*self.waiting, *self.making} - {name, READ})

    def ready(self) -> list[str]:
        """What can be begun: the reading of the data, then every report that waits for nothing."""
        if not self.waiting or READ in self.making:
            return []
        return [READ] if self.data is None else [n for n in self.waiting if self._free(n)]

    def begin(self, job: str, pool: Pool | Cluster, together: bool) -> None:
        """``together``: several are begun at once; each loading for itself what one can load for all takes longer."""
        self.making.add(job)
        if job == READ:
            pool.load(loading.READ, *loading.to_run(), kernels=loading.in_kernel())
            pool.start((self, job), _read, self.order.client)
            return
        assert self.period
        ours, kernels = (loading.to_run(), loading.in_kernel()) if self._runs(job) else ([_to_set(job)], [])
        if together:
            ours, kernels = _in_one(ours), _in_one(kernels)
        pool.load(*ours, kernels=kernels)
        self.waiting.remove(job)
        pool.start((self, job), _build, self.order.client, job, self.period.text, self._locales(), self.order.force)

    def hold(self, pool: Pool | Cluster, apart: bool) -> None:
        """Have the tables that several of its notebooks read be read once. ``apart``: it is not the only client."""
        if self.held or self.client is None or self.data is None:
            return
        self.held = True
        runs = [name for name in (*self.making, *self.waiting) if self._runs(name)]
        asked = Counter(table for name in runs for table in report.reads(self.client, name))
        tables = {name: digest for name, digest in self.data.tables.items() if asked[name] > 1}
        if tables:
            self.lock.callback(pool.hold(self.client.slug, self.data.folder, tables, apart))

    def coming(self) -> Iterator[Sequence[str]]:
        """What the jobs that are still to come will load, each in a process of its own."""
        for name in self.waiting:
            run = loading.QUOTED if graph.stage(name) else loading.APART
            yield run if self._runs(name) else _to_set(name)

    def _runs(self, name: str) -> bool:
        """Whether a notebook is run for it; taken for granted until all is there that it is made from."""
        if name == graph.PACK or self.client is None:
            return False
        if self.data is None or self.period is None or not self._free(name):
            return True
        if name not in self.runs:
            asked = (self.client, name, self.period, self.data, self._locales(), self.order.force)
            self.runs[name] = bool(report.due(*asked).run)
        return self.runs[name]

    def ended(self, job: str, kind: str, value: Any, seconds: float) -> None:
        self.making.remove(job)
        self.touched |= job != READ
        if kind == "failed":
            self._note(job, value)
            self._refuse(list(self.waiting) if job == READ else [job], value)
        elif job == READ:
            try:
                self._take(store.load(self._known()))
            except KitError as error:
                self._refuse(list(self.waiting), error)
        else:
            assert self.period
            folder = stale.folder_of(self._known(), self.period)
            try:
                with committing.written(folder):
                    committing.forget_failure(folder, job)
                    committing.write_manifest(folder)
            except KitError as error:
                self._refuse([job], error)
                return
            self.outcomes.append(Outcome(self.order.client, job, value, seconds=seconds))

    def _note(self, job: str, error: KitError) -> None:
        """Note that a report failed, for whoever asks later; that it cannot be noted is no further failure."""
        if job != READ and self.period:
            with contextlib.suppress(OSError):
                committing.note_failure(stale.folder_of(self._known(), self.period), job, error)

    def _known(self) -> Client:
        assert self.client
        return self.client


def _in_one(lots: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    return [[*itertools.chain.from_iterable(lots)]] if lots else []


def _to_set(name: str) -> Sequence[str]:
    """What is loaded to make a report from what was run before, or from other reports."""
    return loading.PACK if name == graph.PACK else loading.PAGES


def _read(say: Say, client: str) -> None:
    """Read a client's data into its cache; what is wrong with them is told from there."""
    say("say.reading", client=client)
    store.inspect(Client.load(client))


def _build(say: Say, client: str, name: str, period: str, locales: tuple[str, ...], force: bool) -> Built:
    if name == graph.PACK:
        from kit.deliver import pack

        return pack.build(Client.load(client), Period.parse(period), locales, say, force)
    return report.build(Client.load(client), name, period, locales, say, force)
