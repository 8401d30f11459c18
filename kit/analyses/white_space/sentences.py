"""What the cells' numbers amount to: verdicts and findings of one platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.analyses.white_space.cells import Cell, Judged, Ratio
from kit.findings import Arg, Finding, Kind, Note, Severity, Side, plain, slug
from kit.stats.offers import Scope

Given = dict[str, Arg]
LEADING = 3
"""Cells whose figures are given, unless more are called."""
HIGH_GAP, MEDIUM_GAP = 0.10, 0.03
"""Share of sales less share of listings from which a gap is of high or of medium severity."""


@dataclass(frozen=True)
class Platform:
    """One platform's cells at its last snapshot; ``judged`` is None with fewer than ``min_listings`` to compare."""

    scope: Scope
    judged: Judged | None
    configured: bool
    named: bool
    min_listings: int
    min_cell_listings: int
    min_word_brands: int

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.judged.cells if self.judged else ()

    @property
    def measured(self) -> bool:
        return any(cell.money for cell in self.cells)

    @property
    def called(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.leading if cell.called)

    @property
    def leading(self) -> tuple[Cell, ...]:
        """The tested cells that evidence puts first: those called, and others above balance up to ``LEADING``."""
        found = [(cell.p_value, cell) for cell in self.cells if cell.p_value is not None and cell.p_value < 1]
        found.sort(key=lambda one: one[0])
        return tuple(cell for n, (_, cell) in enumerate(found) if cell.called or n < LEADING)

    @property
    def key(self) -> str:
        return f"market.white.{self.scope.platform}"


@dataclass(frozen=True)
class Result:
    """``platforms`` is empty when there is no snapshot in the period; ``seen`` then says what there is, if anything."""

    platforms: tuple[Platform, ...]
    seen: tuple[dt.date, dt.date] | None


def findings(one: Platform) -> list[Finding]:
    """The gaps, or that there is none; the cells that come first; one finding when nothing can be judged."""
    if not one.measured:
        return [_withheld(one)]
    return [*(_gap(one, cell) for cell in one.called), *_rest(one)]


def _withheld(one: Platform) -> Finding:
    scope = one.scope
    args = {"n": Arg(scope.used, "count"), "min": Arg(one.min_listings, "count")}
    if scope.price_kind is None or scope.sales_kind is None:
        sentence = "m.white.noprice" if scope.price_kind is None else "m.white.nosales"
    else:
        sentence = "m.white.few" if one.judged is None else "m.white.noneeds" if not one.cells else "m.white.small"
    return Finding(f"{one.key}.few", sentence, args, Verdict.NONE, Severity.INFO, n=scope.used)


def _gap(one: Platform, cell: Cell) -> Finding:
    assert one.judged and cell.money  # a cell that is called has been measured
    gap = cell.demand - cell.supply
    place = {"band": band_arg(cell), "need": Arg(cell.need, "text")}
    return Finding(
        f"{one.key}.{named(cell)}",
        "m.white",
        place | {"n": Arg(cell.listings, "count"), "x": Arg(cell.money.value, "times")},
        Verdict.GAP,
        Severity.HIGH if gap >= HIGH_GAP else Severity.MEDIUM if gap >= MEDIUM_GAP else Severity.LOW,
        Kind.OPPORTUNITY,
        value=cell.money.value,
        unit="times",
        low=cell.money.low,
        high=cell.money.high,
        level=one.judged.level,
        baseline=1.0,
        p_value=cell.p_value,
        n=cell.listings,
        exhibit=f"{one.key}.map",
        method="method.white",
        evidence=_evidence(one.judged.level, cell),
        action=Note("m.whitetry", place),
        side=Side.BRAND,
    )


def _evidence(level: float, cell: Cell) -> Note:
    """The ranges; and whether the gap goes beyond what band and need bring by themselves."""
    assert cell.money and cell.beside
    args = _range(cell.money, "") | _range(cell.beside, "y") | {"lvl": Arg(level, "level+1")}
    if cell.surplus is None:
        return Note("m.whiteev", args)
    reached = "own" if cell.surplus.low > 1 else "open"
    return Note(f"m.whiteev.{reached}", args | _range(cell.surplus, "z"))


def _range(ratio: Ratio, name: str) -> Given:
    value = {name: Arg(ratio.value, "times")} if name else {}
    return value | {f"{name}lo": Arg(ratio.low, "times"), f"{name}hi": Arg(ratio.high, "times")}


def _rest(one: Platform) -> Iterable[Finding]:
    """That no gap stands out, what the leading cells amount to, and what is too thin or not on sale at all."""
    assert one.judged
    where: dict[str, Any] = {"exhibit": f"{one.key}.map", "method": "method.white"}
    if not one.called:
        args = {"n": Arg(one.judged.tests, "count"), "listings": Arg(one.scope.used, "count")}
        args["brands"] = Arg(one.scope.brands, "count")
        yield Finding(f"{one.key}.none", "m.nowhite", args, Verdict.BALANCED, Severity.LOW, n=one.scope.used, **where)
    if one.leading:
        args = {"m": Arg(len(one.leading), "count"), "k": Arg(len(one.called), "count")}
        table: dict[str, Any] = {"exhibit": f"{one.key}.table", "method": "method.white"}
        yield Finding(f"{one.key}.leading", "m.whitelead", args, Verdict.RANKED, Severity.INFO, **table)
    thin = [cell for cell in one.cells if cell.money is None]
    if thin:
        args = {"n": Arg(len(thin), "count"), "m": Arg(sum(not cell.listings for cell in thin), "count")}
        yield Finding(f"{one.key}.thin", "m.whitethin", args, Verdict.NONE, Severity.INFO, **where)


def named(cell: Cell) -> str:
    """Names a cell in keys: its band as in ``kit.stats.bands`` and its need, characters beyond ASCII by their code."""
    low, high = (None if v is None else f"{v:.10g}".replace(".", "p") for v in (cell.low, cell.high))
    band = f"below_{high}" if low is None else f"from_{low}" if high is None else f"{low}_{high}"
    return f"{band}.{slug(cell.need)}"


def band_arg(cell: Cell) -> Arg:
    """The band as a value; round edges are integers, so that they are written without decimals."""
    edges = {"low": cell.low, "high": cell.high}
    return Arg({k: int(v) if v is not None and v == int(v) else v for k, v in edges.items()}, "band")


def about(scope: Scope) -> Given:
    """Where the listings come from."""
    made = {
        "platform": Arg(f"platform.{scope.platform}", "label"),
        "date": Arg(plain(scope.date), "date"),
        "n": Arg(scope.listings, "count"),
    }
    made |= {"kind": Arg(f"price.{scope.price_kind}", "label")} if scope.price_kind else {}
    return made | ({"sales": Arg(f"sales.{scope.sales_kind}", "label")} if scope.sales_kind else {})
