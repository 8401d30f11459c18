"""The scorecard's lines: a figure beside its goal, its earlier self, and what it usually is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.analyses.scorecard.refund_goal import RefundGoal
from kit.analyses.scorecard.usual import Untold, Usual, usual
from kit.stats import bases, kpis, phases
from kit.stats.kpis import Figure, Figures, Kpi, Tables

Name = str | Mapping[str, str]
GROUPS = [*dict.fromkeys(kpi.group for kpi in kpis.KPIS)]
EVERY = sorted(kpis.BY_NAME.values(), key=lambda kpi: GROUPS.index(kpi.group))
"""The figures group by group, the returns of tools after the others on efficiency."""


@dataclass(frozen=True)
class Line:
    """One figure of one shop. ``changes`` by comparison (``bases.Base.name``): of rates differences, else growths.
    ``untold``: why nothing says what is usual. ``benchmark``: what it is held against from outside the shop, None where
    nobody gave one."""

    kpi: Kpi
    figure: Figure
    goal: float | None
    changes: Mapping[str, float]
    usual: Usual | None
    untold: Untold | None = None
    benchmark: float | None = None

    @property
    def worse(self) -> bool:
        """It lies outside of what is usual, on the side where it should not be."""
        return self.usual is not None and self.usual.side * self.kpi.better < 0


@dataclass(frozen=True)
class Result:
    """``lines`` by shop (``kpis.TOTAL``: all of them), figures without a value left out; ``lacking`` are those that no
    shop has. ``until``: the last day that all shops' data reach, None without any. ``ordinary``: whether the period has
    enough days outside promotions to be held against earlier ones."""

    start: dt.date
    end: dt.date
    until: dt.date | None
    lines: dict[str, tuple[Line, ...]]
    names: Mapping[str, Name]
    compared: tuple[bases.Base, ...] = ()
    lacking: tuple[Kpi, ...] = ()
    ordinary: bool = True
    refund_goals: tuple[RefundGoal, ...] = ()

    def lacks(self, shop: str) -> tuple[Kpi, ...]:
        """Figures that another shop has and this one has not."""
        here = {line.kpi for line in self.lines[shop]}
        others = {line.kpi for lines in self.lines.values() for line in lines}
        return tuple(kpi for kpi in kpis.KPIS if kpi in others - here)


def read(
    tables: Tables,
    wanted: Mapping[tuple[str, str], float],
    events: Sequence[phases.Span],
    start: dt.date,
    until: dt.date,
    early: bool,
    benchmarks: Mapping[str, float],
) -> tuple[dict[str, tuple[Line, ...]], tuple[bases.Base, ...], dict[str, Figures]]:
    """Every shop's lines from ``start`` to ``until``, the comparisons in them, and the figures; ``wanted`` are the
    goals by shop and metric.

    ``early``: refunds of the period's payments are still coming in, so they compare with no earlier period's.
    """
    compared = bases.bases(start, until, events)
    whole = [base for base in compared if not base.without]
    spans = [(start, until), *((d.start, d.end) for base in whole for d in (base.now, base.then))]
    found = kpis.comparable(tables, spans)
    pairs = [(base, found[1 + 2 * n], found[2 + 2 * n]) for n, base in enumerate(whole)]
    for base, like in ((base, base.like) for base in compared if base.without):
        if like:
            now, then = kpis.history(tables, like)
            pairs.append((base, now, then))
    told = usual(tables, events, start, until)
    made = {}
    for shop, figures in found[0].items():
        there = [kpi for kpi in EVERY if figures[kpi.name].value is not None]
        goals = {kpi.name: _goal(wanted, shop, kpi, figures, (until - start).days + 1) for kpi in there}
        changed = {kpi.name: _changes(kpi, pairs, shop, early) for kpi in there}
        judged = [told.get((shop, kpi.name)) for kpi in there]
        made[shop] = tuple(
            Line(
                kpi, figures[kpi.name], goals[kpi.name], changed[kpi.name],
                one if isinstance(one, Usual) else None, one if isinstance(one, Untold) else None,
                benchmarks.get(kpi.name),
            )
            for kpi, one in zip(there, judged, strict=True)
        )  # fmt: skip
    return made, compared, found[0]


Pair = tuple[bases.Base, Mapping[str, Figures], Mapping[str, Figures]]
"""A comparison with the figures of its two spans, by shop."""


def _changes(kpi: Kpi, pairs: Sequence[Pair], shop: str, early: bool) -> dict[str, float]:
    made = {}
    for base, now, then in pairs:
        if shop in now and shop in then and not _apart(now[shop][kpi.name].by, base, early):
            days = [d.count for d in base.like or ()]
            change = kpis.change(kpi, now[shop][kpi.name], then[shop][kpi.name], (days[0], days[1]))
            if change is not None:
                made[base.name] = change
    return made


def _apart(by: str | None, base: bases.Base, early: bool) -> bool:
    """Refunds of payments that are still coming in compare with nothing earlier; those by their own date, on days
    between promotions, are not those days' own."""
    return (early and by == "paid") or (bool(base.without) and by == "refunded")


def _goal(wanted: Mapping[tuple[str, str], float], shop: str, kpi: Kpi, figures: Figures, days: int) -> float | None:
    """The goal of a figure: a tool's return has its shop's, or that of all shops; a refund rate's is that of the
    period's payments where that is known; visitors who were added over days are an average day here."""
    name = kpi.name
    if kpi in kpis.ROIS:
        return wanted.get((shop, "roas"), wanted.get((kpis.TOTAL, "roas")))
    if name == "refund_rate_paid" or (name == "refund_rate" and figures["refund_rate_paid"].value is not None):
        return wanted.get((shop, "refund_rate")) if name == "refund_rate_paid" else None
    goal = wanted.get((shop, name))
    daily = name == "visitors" and not figures[name].deduplicated
    return goal / days if goal is not None and daily else goal
