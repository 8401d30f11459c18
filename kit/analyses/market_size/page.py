"""What the findings and exhibits of one platform have in common: names, values for placeholders, keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kit.findings import Arg, Finding, Kind, Note, Severity, Soundness, plain
from kit.stats.category import Category, Compared, Renamed
from kit.stats.series import Change

Name = str | Mapping[str, str]
"""A name as the client writes it: one text, or one in each language."""
Given = dict[str, Arg]
LEVEL = 0.0005
"""A growth or gap under this is written as level."""


@dataclass(frozen=True)
class Result:
    """``platforms``, the one with most to say first. ``others``: the data's categories when none is the client's.
    ``asked``: the client's category, when the data have one only and it has another name.

    ``renamed``: by platform, where the data's category changes its name. ``own`` tells whether there is a daily
    table of the brand's shops at all.
    """

    platforms: tuple[Category, ...]
    start: dt.date
    end: dt.date
    category: Name
    brand: Name
    own: bool
    others: tuple[str, ...] = ()
    asked: Name | None = None
    renamed: Mapping[str, Renamed] = field(default_factory=dict)
    breaks: tuple[dt.date, ...] = ()


@dataclass(frozen=True)
class Page:
    """One platform of a result, and what its findings and exhibits have in common."""

    result: Result
    one: Category

    @property
    def key(self) -> str:
        return f"market.size.{self.one.platform}"

    @property
    def kind(self) -> str:
        return self.one.series.kind

    @property
    def first(self) -> Compared | None:
        """The comparison of the headline: with the year before, not with the period before or over several years."""
        return next((c for c in self.one.compared if c.market.name not in ("mom", "previous", "cagr")), None)

    @property
    def pair(self) -> tuple[Compared, ...]:
        """Two months of an estimate that only make sense side by side, the later first; else none."""
        yoy = tuple(c for c in self.one.compared if c.market.name == "yoy")
        return yoy[:2] if len(yoy) > 1 and len(self.one.span) == 1 and self.kind == "vendor_estimate" else ()

    @property
    def several(self) -> tuple[Compared, ...]:
        """The months of a longer period that don't add up, each against its own a year before; else none."""
        return self.one.compared if len(self.one.span) > 1 and self.kind in ("vendor_estimate", "index") else ()

    @property
    def against(self) -> bool:
        """Whether the platform's index moved the other way than the series."""
        first = self.first
        return bool(first and first.index and first.market.direction and first.index != first.market.direction)

    @property
    def args(self) -> Given:
        span = {"start": plain(self.result.start), "end": plain(self.result.end)}
        return {
            "platform": Arg(f"platform.{self.one.platform}", "label"),
            "category": Arg(self.result.category, "text"),
            "period": months(self.one.span) if self.one.span else Arg(span, "period"),
        }

    @property
    def event(self) -> Given:
        return {"event": Arg(f"event.{self.one.shift.now.event}", "label")} if self.one.shift else {}

    def ranked(self) -> Given:
        """The metric, its number of months, and the period's place among them from high to low."""
        values = [amount.value for _, amount in self.one.series.points]
        args = {"metric": Arg(f"metric.{self.one.series.metric}", "label"), "n": Arg(len(values), "count")}
        now = self.one.now
        return args | ({"rank": Arg(sum(v > now.value for v in values) + 1, "rank")} if now else {})


def months(span: Sequence[dt.date]) -> Arg:
    """Months as a value: the first and the last."""
    return Arg({"start": plain(span[0]), "end": plain(span[-1])}, "month-range")


def growth(market: Change) -> Given:
    """The change as its kind allows: a growth, its bounds, or a direction only."""
    if market.growth is not None:
        return {"chg": Arg(market.growth, "growth")}
    if market.low is not None:
        return {"lo_s": Arg(market.low, "growth"), "hi_s": Arg(market.high, "growth")}
    return {"dir": Arg(market.direction, "rank")}


def finding(
    page: Page, name: str, sentence: str, args: Given, verdict: StrEnum, severity: Severity, **rest: Any
) -> Finding:
    where = {"exhibit": f"{page.key}.{'line' if name == 'size' else 'growth'}", "method": "method.size"}
    return Finding(f"{page.key}.{name}", sentence, page.args | args, verdict, severity, **(where | rest))


def limit(page: Page, name: str, sentence: str, args: Given, evidence: Note | None = None) -> Finding:
    about = {"kind": Kind.DATA, "exhibit": None, "method": None, "evidence": evidence}
    return finding(page, name, sentence, args, Soundness.LIMITED, Severity.LOW, **about)
