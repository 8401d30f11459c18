"""Checks of a test against its plan: whole weeks, size, the days it was to run, guardrails, looks, open refunds."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from kit.analyses.abtest.declare import Plan, match
from kit.analyses.abtest.effects import Effect, Reader
from kit.analyses.abtest.next_test import ENOUGH, Size
from kit.findings import Arg, plain

ROUNDING = 1e-9
WEEK, OPEN = 7, 30
"""Days of a week; days after which refunds are nearly all in."""


@dataclass(frozen=True)
class Check:
    """``code`` names it; ``seen`` and ``limit`` are shown beside each other; ``args`` belong to its sentence."""

    code: str
    light: str
    seen: Arg | None = None
    limit: Arg | None = None
    args: tuple[tuple[str, Arg], ...] = ()


def week(reader: Reader, early: bool) -> Check | None:
    """Less than a week mixes weekdays with the result; a broken last week weighs some of them more. What is still
    running may still fill its week."""
    days = len(reader.sums.dates)
    if not days:
        return Check("week", "none")
    light = "fail" if days < WEEK and not early else "warn" if days % WEEK else "ok"
    return Check("week", light, Arg(days, "count.days"), Arg(WEEK, "count.days"), (("n", Arg(days, "count")),))


def size(size: Size | None, early: bool) -> Check | None:
    if size is None or size.done is None:
        return None
    return Check("size", "ok" if early or size.adequate else "warn", Arg(size.done, "ratio"), Arg(ENOUGH, "ratio"))


def stopped(reader: Reader, cutoff: dt.date | None, early: bool) -> Check | None:
    """Data that end before the plan does (of a plan that is not over: before the data of the client do) are a day of
    reading that nobody planned; a sequential test may be read on any."""
    plan, dates = reader.plan, reader.sums.dates
    if plan.end is None or not dates:
        return None
    last, first = dates[-1], plan.start or dates[0]
    days = max(0, ((cutoff if early and cutoff else plan.end) - last).days)
    most = math.floor((1 - ENOUGH) * ((plan.end - first).days + 1) + ROUNDING)
    light = "ok" if not days else "fail" if days > most and not early and not plan.sequential else "warn"
    args = (("n", Arg(days, "count")), ("date", Arg(plain(last), "date")))
    return Check("stopped", light, Arg(days, "count.days"), Arg(most, "count.days"), args)


def no_end(plan: Plan) -> Check | None:
    """Without a day on which a test is to be read, it can be read on the one that suits."""
    if not plan.declared or plan.sequential or plan.end is not None:
        return None
    return Check("no_end", "warn", Arg("ab.seen.no_end", "label"), Arg("ab.seen.stated", "label"))


def before_start(reader: Reader) -> Check | None:
    """Days before the plan began are trials of the set-up, or another test, and are left out."""
    plan, dates = reader.plan, reader.sums.dates
    if plan.start is None or not dates or plan.allocation == "before-after":
        return None
    days = max(reader.sums.early, (plan.start - dates[0]).days, 0)
    return Check("before_start", "warn" if days else "ok", Arg(days, "count.days"), Arg(0, "count.days"))


def guards(reader: Reader, found: Sequence[Effect]) -> Check | None:
    """Guardrails of the plan that the data don't bring for every variant."""
    if not reader.plan.guardrails:
        return None
    variants = {effect.variant for effect in found}
    gone = {n for v in variants for n in lacking_guards(reader, [e for e in found if e.variant == v])}
    return Check("guards", "warn" if gone else "ok", Arg(len(gone), "count"), Arg(0, "count"))


def lacking_guards(reader: Reader, own: Sequence[Effect]) -> tuple[str, ...]:
    """Guardrails of the plan by name of which the data bring nothing for a variant, whose effects are ``own``."""
    known = {effect.metric.pair for effect in own}
    return tuple(name for name in reader.plan.guardrails if match(name, reader.sums.pairs) not in known)


def past(reader: Reader) -> Check | None:
    """A test that is read once is read at its end: days after it, which are left out, belong to another plan."""
    plan, dates = reader.plan, reader.sums.dates
    if plan.sequential or plan.end is None or not dates:
        return None
    days = max(reader.sums.late, (dates[-1] - plan.end).days, 0)
    return Check("past", "warn" if days else "ok", Arg(days, "count.days"), Arg(0, "count.days"))


def looks(plan: Plan) -> Check | None:
    if plan.sequential or not plan.declared:
        return None
    return Check("looks", "warn" if plan.looks else "ok", Arg(plan.looks, "count"), Arg(0, "count"))


def refunds(reader: Reader, found: Sequence[Effect], cutoff: dt.date | None) -> Check | None:
    """Revenue of a fresh test still goes down."""
    money = any(effect.metric.unit == "price" for effect in found)
    if not money or cutoff is None or not reader.sums.dates:
        return None
    days = (cutoff - reader.sums.dates[-1]).days
    return Check("refunds", "warn" if days < OPEN else "ok", Arg(days, "count.days"), Arg(OPEN, "count.days"))
