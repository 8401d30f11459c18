"""From live sessions to rooms of a kind: whose they are, what they sold, and how many went from step to step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from kit.stats.bases import Days

OWN, CREATOR, ANY = "own", "creator", "any"
"""Whose room it is; ``ANY`` where neither deals nor commissions tell."""
STEPS = ("impression_users", "viewers", "item_impression_users", "item_click_users", "pay_buyers")
"""Exposure, enter, product exposure, product click, pay: people of a session."""
LEVEL = 0.95
MONEY = ("live_gmv", "user_paid_amount", "refund_amount", "spend")


@dataclass(frozen=True)
class Sums:
    """Sessions of one kind in a span. Money; None where some session does not state it. ``paid``: what users paid."""

    sessions: int
    gmv: float | None
    paid: float | None
    refunded: float | None
    spend: float | None

    @property
    def basis(self) -> float | None:
        """What sales are counted from: what users paid, else what the platform counts for the room."""
        return self.paid if self.paid is not None else self.gmv

    @property
    def gsv(self) -> float | None:
        return self.basis - self.refunded if self.basis is not None and self.refunded is not None else None

    @property
    def refund_rate(self) -> float | None:
        return self.refunded / self.basis if self.basis and self.refunded is not None else None


@dataclass(frozen=True)
class Step:
    """A step of the funnel: people of an average session, and the rate from the step before (None for the first): Σ ÷
    Σ over sessions, with its Wilson interval, and that of the period before."""

    name: str
    people: float
    rate: float | None
    low: float | None
    high: float | None
    before: float | None


@dataclass(frozen=True)
class Rooms:
    """One shop's rooms of one kind."""

    kind: str
    now: Sums
    funnel: tuple[Step, ...]


def sessions(live_sessions: pd.DataFrame | None, live_daily: pd.DataFrame | None) -> pd.DataFrame | None:
    """A row a session, or a room's day where no file has sessions, with its ``day``; None without any."""
    if live_sessions is not None and not live_sessions.empty:
        return live_sessions.assign(day=live_sessions["started_at"].dt.normalize()).reset_index(drop=True)
    if live_daily is None or live_daily.empty:
        return None
    return live_daily.assign(day=live_daily["date"].dt.normalize()).reset_index(drop=True)


def kinds(rows: pd.DataFrame, deals: pd.DataFrame | None) -> pd.Series:
    """Whose room each session ran in: a creator's where a deal names it or commission was paid, else the shop's own."""
    named = set() if deals is None else {called(name) for name in deals["creator"].dropna()}
    theirs = rows["room"].map(called).isin(named) | (rows["commission"] > 0)
    if deals is None and rows["commission"].isna().all():
        return pd.Series(ANY, index=rows.index)
    return theirs.map({True: CREATOR, False: OWN})


def called(name: str) -> str:
    """A room's or creator's name as it is compared."""
    return "".join(str(name).split()).casefold()


def within(rows: pd.DataFrame, days: Days) -> pd.DataFrame:
    return rows[rows["day"].between(pd.Timestamp(days.start), pd.Timestamp(days.end))]


def sums(rows: pd.DataFrame) -> Sums:
    money = [float(rows[n].sum()) if len(rows) and rows[n].notna().all() else None for n in MONEY]
    return Sums(len(rows), *money)


def rooms(now: pd.DataFrame, before: pd.DataFrame) -> tuple[Rooms, ...]:
    """Own rooms first; ``before``: the sessions of the period before."""
    there = [kind for kind in (OWN, CREATOR, ANY) if (now["kind"] == kind).any()]
    chosen = ((kind, now[now["kind"] == kind], before[before["kind"] == kind]) for kind in there)
    return tuple(Rooms(kind, sums(own), tuple(funnel(own, earlier))) for kind, own, earlier in chosen)


def funnel(rows: pd.DataFrame, before: pd.DataFrame) -> Iterable[Step]:
    """The steps that every session states. A session's people are unique, a period's are not: they are averaged, and
    rates are of sums."""
    last = None
    for name in STEPS:
        if not rows[name].notna().all() or not rows[name].sum() > 0:
            continue
        known = (None, None, None) if last is None else rate(rows, name, last)
        then = None if last is None or before.empty else rate(before, name, last)[0]
        yield Step(name, float(rows[name].mean()), *known, then)
        last = name


def rate(rows: pd.DataFrame, step: str, last: str) -> tuple[float | None, float | None, float | None]:
    """Σ of a step ÷ Σ of the one before, and its Wilson interval; None where a session states one of them alone."""
    from statsmodels.stats.proportion import proportion_confint

    if rows[[step, last]].isna().any(axis=None):
        return None, None, None
    went, came = float(rows[step].sum()), float(rows[last].sum())
    if not came > 0 or went > came:
        return (went / came if came > 0 else None), None, None
    low, high = proportion_confint(went, came, 1 - LEVEL, "wilson")
    return went / came, float(low), float(high)
