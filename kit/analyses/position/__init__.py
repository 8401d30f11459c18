"""Position: relative size against growth, brand by brand, on the brands that listings track.

After the growth-share matrix (Boston Consulting Group, 1970), with growth by brand instead of by business: across, a
brand's estimated sales ÷ those of the largest other brand (the cut is 1, on a log axis); up, its growth between two
windows (the cut is the growth of all tracked brands). A brand is called faster or slower only beyond its interval.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kit.analyses.position.field import Field, Point, read
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Missing, Note, Severity, Shown, Table, plain
from kit.stats import bootstrap
from kit.stats.windows import Window

__all__ = ["Result", "analyse", "show"]

SEED = 20161111
CUT = 1.0
"""Relative size from which a brand counts as large: as large as the largest other."""
SIDES = {1: Verdict.AHEAD, -1: Verdict.BEHIND, 0: Verdict.OPEN}
PACE = {1: "faster", -1: "slower", 0: "open"}

Name = str | Mapping[str, str]
"""A name as the client writes it: one text, or one in each language."""


@dataclass(frozen=True)
class Result:
    """``fields``: a platform each; none without a snapshot in the period: ``seen`` says which days there are."""

    fields: tuple[Field, ...]
    seen: tuple[dt.date, dt.date] | None
    own_brands: tuple[str, ...]
    name: Name | None


def analyse(
    listings: pd.DataFrame | None,
    own_brands: Sequence[str],
    start: dt.date,
    end: dt.date,
    *,
    price_kind: str = "page",
    top: int = 15,
    name: Name | None = None,
    seed: int = SEED,
    resamples: int = bootstrap.RESAMPLES,
) -> Result:
    """The ``top`` brands and the own one, from the last window up to ``end`` and an earlier one.

    ``listings``: the canonical table, or None. ``own_brands`` and ``name`` as in ``kit.analyses.rivals``.
    """
    own = tuple(own_brands)
    if listings is None or listings.empty:
        return Result((), None, own, name)
    fields = read(listings, own, start, end, price_kind, top, seed, resamples)
    return Result(tuple(fields), (listings["date"].min().date(), listings["date"].max().date()), own, name)


def show(result: Result) -> Shown:
    """One finding and one map a platform; in words why there is no map where there is none."""
    if not result.fields:
        reason = None
        if result.seen:
            span = Arg({"start": plain(result.seen[0]), "end": plain(result.seen[1])}, "period")
            reason = Note("m.nosnapshot", {"span": span, "question": Arg("question.position", "label")})
        return Shown(missing=(Missing("market.position", "question.position", ("listings",), reason),))
    found = [(one, _finding(result, one)) for one in result.fields if one.points]
    missing = tuple(_missing(result, one) for one in result.fields if not one.points)
    return Shown(tuple(said for _, said in found), tuple(_map(result, *pair) for pair in found), missing=missing)


def _missing(result: Result, one: Field) -> Missing:
    """Why a platform has no map."""
    reason = Note(f"m.noposition.{one.pair.lacks or 'thin'}", _args(result, one))
    return Missing(f"market.position.{one.platform}", "question.position", ("listings",), reason)


def _args(result: Result, one: Field) -> dict[str, Arg]:
    """Platform, brand, windows, counter and kind of price, as far as there are any."""
    made = {
        "platform": Arg(f"platform.{one.platform}", "label"),
        "brand": Arg(result.name or (result.own_brands[0] if result.own_brands else None), "text"),
        "n": Arg(one.brands, "count"),
    }
    made |= {"kind": Arg(f"price.{one.price_kind}", "label")} if one.price_kind else {}
    made |= {"sales": Arg(f"sales.{one.sales_kind}", "label")} if one.sales_kind else {}
    for key, window in (("span", one.pair.now), ("base", one.pair.then)):
        made |= {key: _window(window)} if window and window.start else {}
    return made | ({"mkt_s": Arg(one.growth, "growth")} if one.growth is not None else {})


def _window(one: Window) -> Arg:
    return Arg({"start": plain(one.start), "end": plain(one.end)}, "dates")


def _finding(result: Result, one: Field) -> Finding:
    """The own place; without one that can be judged, how many brands grew faster and slower than all together."""
    args, own, key = _args(result, one), one.own, f"market.position.{one.platform}"
    where: dict[str, Any] = {"exhibit": f"{key}.map", "method": "method.position"}
    if own is None or own.side is None:
        counts = {name: Arg(sum(p.side == side for p in one.points), "count") for name, side in (("k", 1), ("m", -1))}
        return Finding(f"{key}.field", "m.position.field.clear", args | counts, Verdict.RANKED, Severity.INFO, **where)
    large = own.relative >= CUT
    other = next(name for name in one.largest if name != own.name)
    args |= {"rival": Arg(other, "text"), "rel": Arg(own.relative, "times" if large else "ratio")}
    args |= {"own_s": Arg(own.growth, "growth")}
    if own.ends:
        where |= {"low": own.ends[0], "high": own.ends[1], "level": bootstrap.LEVEL}
    sentence = f"m.position.{'large' if large else 'small'}.{PACE[own.side]}"
    figures: dict[str, Any] = {"value": own.growth, "unit": "growth", "baseline": one.growth, "n": one.brands}
    evidence = _evidence(own)
    return Finding(f"{key}.own", sentence, args, SIDES[own.side], Severity.LOW, **where, **figures, evidence=evidence)


def _evidence(own: Point) -> Note | None:
    if own.ends is None:
        return None
    ends = {"lo_s": Arg(own.ends[0], "growth"), "hi_s": Arg(own.ends[1], "growth")}
    return Note("m.positionev", ends | {"lvl": Arg(bootstrap.LEVEL, "level")})


COLUMNS = (
    ("brand", "text"),
    ("relative", "index"),
    ("brand_growth", "growth"),
    ("growth_low", "growth"),
    ("growth_high", "growth"),
    ("sold", "money"),
)


def _map(result: Result, one: Field, said: Finding) -> Exhibit:
    key = f"market.position.{one.platform}.map"
    rows = tuple(
        (result.name or p.name if p.own else p.name, p.relative, p.growth, *(p.ends or (None, None)), p.sales)
        for p in one.points
    )
    own = [n for n, p in enumerate(one.points) if p.own]
    heads = tuple(Column(name, unit, f"col.{name}") for name, unit in COLUMNS)
    table = Table(f"{key}.rows", heads, rows, {n: "own" for n in own})
    options = {"highlight": own, "cuts": [CUT, one.growth]}
    return Exhibit(key, "bubble", table, (said.key,), tuple(_notes(result, one)), options)


def _notes(result: Result, one: Field) -> list[Note]:
    """Source and windows, the cuts, what is not drawn."""
    args = _args(result, one)
    level = {"lvl": Arg(bootstrap.LEVEL, "level"), "k": Arg(one.resamples, "count")}
    made = [Note("note.market.position", args), Note("note.market.position.cuts", args | level)]
    if one.off:
        names = Arg([Arg(name, "text") for name in one.off], "text")
        made.append(Note("note.market.position.off", args | {"names": names}))
    return made
