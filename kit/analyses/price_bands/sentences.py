"""What the bands' numbers amount to: verdicts and findings of one platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, Side
from kit.stats import bootstrap
from kit.stats.bands import Band, Index

Given = dict[str, Arg]
CLEAR = (Verdict.UNDER_SUPPLIED, Verdict.OVER_SUPPLIED, Verdict.PRICE_LED)
KINDS = {Verdict.UNDER_SUPPLIED: Kind.OPPORTUNITY, Verdict.OVER_SUPPLIED: Kind.THREAT}
HIGH_GAP, MEDIUM_GAP = 0.10, 0.03
"""Gap between a band's two shares from which its finding is of high or of medium severity."""
TIE = 1e-9
"""An index within this of balance is balance: brands that are all alike leave an interval of no width."""


@dataclass(frozen=True)
class Platform:
    """One platform's bands at its last snapshot, and how they were made.

    ``unpriced`` and ``unsold`` listings state no price of the kind or no sales: they are left out on both sides.
    ``bands`` is empty where prices make no two bands.
    """

    platform: str
    date: dt.date
    price_kind: str | None
    sales_kind: str | None
    listings: int
    unpriced: int
    unsold: int
    used: int
    brands: int
    bands: tuple[Band, ...]
    configured: bool
    min_listings: int
    resamples: int

    @property
    def enough(self) -> bool:
        return self.used >= self.min_listings

    @property
    def key(self) -> str:
        return f"market.bands.{self.platform}"


@dataclass(frozen=True)
class Result:
    """``platforms`` is empty when there is no snapshot in the period; ``seen`` then says what there is, if anything."""

    platforms: tuple[Platform, ...]
    seen: tuple[dt.date, dt.date] | None


def verdict(band: Band) -> Verdict:
    """By the joint intervals of both indices: a clear claim needs money and pieces on one side of balance."""
    money, pieces = _side(band.index), _side(band.pieces_index)
    if money is None:
        return Verdict.NONE
    if money == 0:
        return Verdict.OPEN
    if money != pieces:
        return Verdict.PRICE_LED
    return Verdict.UNDER_SUPPLIED if money > 0 else Verdict.OVER_SUPPLIED


def _side(index: Index | None) -> int | None:
    return None if index is None else int(index.low > 1 + TIE) - int(index.high < 1 - TIE)


def findings(one: Platform) -> list[Finding]:
    """What stands out first, then what is open or too small; one finding when nothing can be judged."""
    if one.enough and one.bands:
        return [*_clear(one), *_rest(one)]
    used, least = Arg(one.used, "count"), Arg(one.min_listings, "count")
    if one.price_kind is None:
        sentence = "m.noprice"
    else:
        sentence = "m.nosales" if not one.used else "m.bandfew" if not one.enough else "m.bandone"
    return [_withheld(one, "few", sentence, {"n": used, "min": least, "platform": platform_arg(one)})]


def _withheld(one: Platform, name: str, sentence: str, args: Given) -> Finding:
    exhibit = f"{one.key}.chart" if one.bands else None
    return Finding(f"{one.key}.{name}", sentence, args, Verdict.NONE, Severity.INFO, n=one.used, exhibit=exhibit)


def _clear(one: Platform) -> Iterable[Finding]:
    """The bands that stand out, those short of offers first; when there is none, that is the finding."""
    clear = sorted(
        (b for b in one.bands if verdict(b) in CLEAR),
        key=lambda b: (CLEAR.index(verdict(b)), -abs(b.demand - b.supply)),
    )
    args = {"n": Arg(one.used, "count"), "k": Arg(one.brands, "count")}
    if all(verdict(b) == Verdict.NONE for b in one.bands):
        yield _withheld(one, "few", "m.bandsmall", args)
    elif not clear:
        yield Finding(
            f"{one.key}.none",
            "m.bandnone",
            args,
            Verdict.BALANCED,
            Severity.LOW,
            n=one.used,
            exhibit=f"{one.key}.chart",
            method="method.bands",
        )
    for band in clear:
        yield _band(one, band)


def _band(one: Platform, band: Band) -> Finding:
    reached, index, pieces = verdict(band), band.index, band.pieces_index
    assert index and pieces  # a clear band has both: they are judged together
    gap = band.demand - band.supply
    led = reached == Verdict.PRICE_LED
    size = Severity.HIGH if abs(gap) >= HIGH_GAP else Severity.MEDIUM if abs(gap) >= MEDIUM_GAP else Severity.LOW
    shares = {"demand": band.demand, "supply": band.supply, "pieces": band.pieces}
    return Finding(
        f"{one.key}.{band.slug}",
        f"m.band.{'price.' if led else ''}{'under' if gap > 0 else 'over'}",
        {"band": band_arg(band)} | {k: Arg(v, "ratio") for k, v in shares.items() if led or k != "pieces"},
        reached,
        Severity.LOW if led else size,
        KINDS.get(reached, Kind.STATE),
        value=index.value,
        unit="index",
        low=index.low,
        high=index.high,
        level=bootstrap.LEVEL,
        baseline=1.0,
        n=one.used,
        exhibit=f"{one.key}.chart",
        method="method.bands",
        evidence=Note("m.bandev.price" if led else "m.bandev", _range(pieces if led else index) | _sample(one)),
        action=Note("m.bandtry", {"band": band_arg(band)}) if reached == Verdict.UNDER_SUPPLIED else None,
        side=Side.BRAND,
    )


def _rest(one: Platform) -> Iterable[Finding]:
    """One finding for all bands that may go either way, and one for all that are too small to judge."""
    for name, reached in (("open", Verdict.OPEN), ("small", Verdict.NONE)):
        bands = [b for b in one.bands if verdict(b) == reached]
        if not bands or all(verdict(b) == Verdict.NONE for b in one.bands):
            continue
        args = {"bands": Arg([band_arg(b) for b in bands], "band"), "n": Arg(len(bands), "count")}
        sentence, index = f"m.bands.{name}", bands[0].index
        if len(bands) == 1 and index:
            args, sentence = {"band": band_arg(bands[0])} | _range(index), "m.bandopen"
        yield Finding(
            f"{one.key}.{name}",
            sentence,
            args,
            reached,
            Severity.INFO,
            exhibit=f"{one.key}.chart",
            method="method.bands",
        )


def band_arg(band: Band) -> Arg:
    """The band as a value; round edges are integers, so that they are written without decimals."""
    edges = {"low": band.low, "high": band.high}
    return Arg({k: int(v) if v is not None and v == int(v) else v for k, v in edges.items()}, "band")


def _range(index: Index) -> Given:
    return {"idx": Arg(index.value, "index"), "lo": Arg(index.low, "index"), "hi": Arg(index.high, "index")}


def _sample(one: Platform) -> Given:
    return {"lvl": Arg(bootstrap.LEVEL, "level"), "n": Arg(one.used, "count"), "k": Arg(one.brands, "count")}


def platform_arg(one: Platform) -> Arg:
    return Arg(f"platform.{one.platform}", "label")
