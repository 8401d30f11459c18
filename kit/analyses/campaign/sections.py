"""A section of the page: its findings and exhibits campaign by campaign, with a heading each where they are several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol

from kit.analyses.campaign.subjects import Campaign
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Exhibit, Finding, Heading, Kpi, Missing, Shown, plain
from kit.stats.bases import Days

SAME = 0.0005
"""Difference of two shares that is called none."""
Part = tuple[Campaign, Sequence[Finding], Iterable[Exhibit], Iterable[Missing]]


class About(Protocol):
    """Whatever was found out about one campaign."""

    @property
    def campaign(self) -> Campaign: ...


def key(one: About) -> str:
    """What the keys of its findings and exhibits begin with."""
    return f"campaign.{one.campaign.key}"


def name(one: About) -> dict[str, Arg]:
    return {"campaign": Arg(one.campaign.name, "text")}


def span(days: Days) -> Arg:
    return Arg({"start": plain(days.start), "end": plain(days.end)}, "period")


def day(date: dt.date) -> Arg:
    return Arg(plain(date), "date")


def arg(value: float | None, unit: str) -> Arg | None:
    """A cell that brings its own unit; empty where nothing is known."""
    return None if value is None else Arg(value, unit)


def told(found: Iterable[Finding], place: str) -> tuple[str, ...]:
    """Keys of the findings that the exhibit at ``place`` carries."""
    return tuple(f.key for f in found if f.exhibit == place)


def way(change: float, same: float = 0.0) -> Verdict:
    """Which way it went; one of less than ``same`` is called none."""
    return Verdict.LEVEL if abs(change) < same or change == 0 else Verdict.ROSE if change > 0 else Verdict.FELL


def together(section: str, parts: Sequence[Part], figures: Iterable[Kpi] = ()) -> Shown:
    """``section`` makes the headings' keys; a campaign without an exhibit has none. What several campaigns lack alike
    stands once. ``figures``, which do not say whose they are, are those of a single campaign."""
    found: list[Finding] = []
    shown: list[Exhibit | Heading] = []
    lacking: list[Missing] = []
    for one, said, exhibits, missing in parts:
        drawn = list(exhibits)
        if drawn and len(parts) > 1:
            shown.append(Heading(f"campaign.{one.key}.{section}.heading", Arg(one.name, "text")))
        shown += drawn
        found += said
        lacking += [m for m in missing if not any(_alike(m, other) for other in lacking)]
    return Shown(tuple(found), tuple(shown), tuple(figures) if len(parts) == 1 else (), tuple(lacking))


def _alike(one: Missing, other: Missing) -> bool:
    return (one.question, one.tables, one.reason) == (other.question, other.tables, other.reason)
