"""What the findings and exhibits of the shares have in common: names, values for placeholders, keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kit.analyses.shares.category import Category
from kit.analyses.shares.field import Brand, Field
from kit.analyses.shares.stated import Stated
from kit.findings import Arg, Finding, Kind, Severity, Soundness, plain
from kit.stats.share_change import Split
from kit.stats.windows import Window

Name = str | Mapping[str, str]
"""A name as the client writes it: one text, or one in each language."""
Given = dict[str, Arg]
KEY = "market.shares"


@dataclass(frozen=True)
class Result:
    """What listings, the category's money and the platform's own statements say of shares; each may be empty.

    ``seen``: the days there are snapshots of, if any. ``top``: so many brands are shown one by one.
    """

    fields: tuple[Field, ...]
    categories: tuple[Category, ...]
    stated: tuple[Stated, ...]
    seen: tuple[dt.date, dt.date] | None
    own_brands: tuple[str, ...]
    category: Name
    name: Name | None
    top: int

    @property
    def brand(self) -> Arg:
        return Arg(self.name or (self.own_brands[0] if self.own_brands else None), "text")


@dataclass(frozen=True)
class Page:
    """One platform's field of tracked brands."""

    result: Result
    one: Field

    @property
    def key(self) -> str:
        return f"{KEY}.{self.one.platform}"

    @property
    def args(self) -> Given:
        one, now, then = self.one, self.one.pair.now, self.one.pair.then
        made = {
            "platform": Arg(f"platform.{one.platform}", "label"),
            "brand": self.result.brand,
            "n": Arg(len(one.brands), "count"),
        }
        made |= {"span": window(now)} if now else {}
        made |= {"kind": Arg(f"price.{one.price_kind}", "label")} if one.price_kind else {}
        made |= {"sales": Arg(f"sales.{one.sales_kind}", "label")} if one.sales_kind else {}
        return made | ({"base": window(then)} if then else {})

    def called(self, brand: Brand) -> Name:
        """A rival by its name in the listings, the own brand by the client's."""
        return self.result.name or brand.name if brand.own else brand.name

    def shown(self) -> tuple[Brand, ...]:
        """The first brands of the order, and the own one."""
        return tuple(b for n, b in enumerate(self.one.brands) if n < self.result.top or b.own)


def window(one: Window) -> Arg:
    """The days that a window holds; of an unknown beginning, the day of its snapshot."""
    if one.start is None:
        return Arg(plain(one.end), "date")
    return Arg({"start": plain(one.start), "end": plain(one.end)}, "dates")


def made(
    page: Page, name: str, sentence: str, args: Given, verdict: StrEnum, severity: Severity, **rest: Any
) -> Finding:
    """A finding of one platform's field; by default it stands with the chart of shares."""
    where = {"exhibit": f"{page.key}.chart", "method": "method.shares"}
    return Finding(f"{page.key}.{name}", sentence, page.args | args, verdict, severity, **(where | rest))


def limit(page: Page, name: str, sentence: str, args: Given) -> Finding:
    about = {"kind": Kind.DATA, "exhibit": None, "method": None}
    return made(page, name, sentence, args, Soundness.LIMITED, Severity.LOW, **about)


def adding(parts: Split) -> tuple[float, float, float]:
    """Total, market and share of a change, rounded so that the parts add up as they are shown.

    Amounts are shown to three or four figures; all three take the step of the largest.
    """
    total = parts.market + parts.share
    most = max(abs(v) for v in (total, parts.market, parts.share))
    step = next((s for least, s in STEPS if most >= least), 1.0)
    whole, share = round(total / step), round(parts.share / step)
    return whole * step, (whole - share) * step, share * step


STEPS = ((1e10, 1e8), (1e9, 1e7), (1e8, 1e6), (1e6, 1e4), (1e5, 1e3), (1e4, 1e2))
"""From which amount money is shown to which step (as ``kit.numbers`` has it)."""


def ends(low: float, high: float, unit: str) -> Given:
    """The ends of a range as signed placeholders."""
    return {"lo_s": Arg(low, unit), "hi_s": Arg(high, unit)}


def promoted(days: tuple[int, int]) -> Given:
    """Days of big promotions in the earlier and the later window."""
    return {"a": Arg(days[0], "count"), "b": Arg(days[1], "count")}


HIGH_MOVE, MEDIUM_MOVE = 0.10, 0.03
"""Relative change of a share from which it is of high or of medium severity."""
TIE = 1e-9


def severity(relative: float) -> Severity:
    """By how far a share moved, as a fraction of itself."""
    size = abs(relative) + TIE
    return Severity.HIGH if size >= HIGH_MOVE else Severity.MEDIUM if size >= MEDIUM_MOVE else Severity.LOW


def names(called: Sequence[Name]) -> Arg:
    return Arg([Arg(name, "text") for name in called], "text")
