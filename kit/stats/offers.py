"""One snapshot's listings as offers that can be compared within brands: sales, price and what titles claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.stats import breaks, snapshots, titles
from kit.stats.lift import Floats, Whole, independent, log_sales, within

Claimed = NDArray[np.bool_]


@dataclass(frozen=True)
class Scope:
    """Which listings of a platform's last snapshot are compared, and how many are not.

    ``unpriced`` and ``unsold`` state no price of the kind or no sales. ``brands`` and ``unsold_yet`` (a counter of
    zero, as a fraction) are those of the ``used``.
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
    unsold_yet: float


@dataclass(frozen=True, eq=False)
class Offers:
    """One row a listing; ``claims`` is (rows, ``words``), ``kinds`` has a column for each kind of goods in titles.

    ``brand`` numbers brands from 0, and a listing that names none is one by itself. ``pieces``, ``money`` and ``price``
    are logarithms; ``bands`` has a column for each price band with listings.
    """

    brand: Whole
    pieces: Floats
    money: Floats
    price: Floats
    bands: Claimed
    words: tuple[str, ...]
    claims: Claimed
    kinds: Claimed

    @property
    def controls(self) -> Floats:
        """Log price, all bands but the first, kinds of goods: as much of each as a brand differs by within itself."""
        columns = np.column_stack([self.price, self.bands[:, 1:], self.kinds]).astype(float)
        return np.asarray(columns[:, independent(within(columns, self.brand))])

    def told_apart(self, columns: Floats, held: Floats) -> list[int]:
        """Which of ``columns`` do not add up from ``held`` and those before them, every brand within itself."""
        found = independent(within(np.column_stack([held, columns]), self.brand))
        return [n - held.shape[1] for n in found if n >= held.shape[1]]

    def enough(self, word: int, least: int, least_brands: int) -> bool:
        """Whether ``least`` listings claim a word and as many do not, in ``least_brands`` brands that have both."""
        inside = self.claims[:, word]
        return least <= int(inside.sum()) <= len(inside) - least and self.contrasts(inside) >= least_brands

    def among(self, least: int, least_brands: int, most: int) -> Offers:
        """The same offers with the first ``most`` words that have ``enough``."""
        kept = [n for n in range(len(self.words)) if self.enough(n, least, least_brands)][:most]
        return replace(self, words=tuple(self.words[n] for n in kept), claims=self.claims[:, kept])

    def contrasts(self, chosen: Claimed) -> int:
        """Brands with listings both among ``chosen`` and beside them: only these compare the two."""
        inside = np.bincount(self.brand, chosen)
        return int(((inside > 0) & (inside < np.bincount(self.brand))).sum())


def scopes(listings: pd.DataFrame, start: dt.date, end: dt.date, price_kind: str) -> list[tuple[Scope, pd.DataFrame]]:
    """Each platform's last snapshot from ``start`` to ``end`` and its listings that state price and sales."""
    made = []
    for series, _ in snapshots.by_platform(listings, start, end, price_kind):
        rows = series.at(series.dates[-1])
        priced = rows[rows["price"].notna()]
        used = priced[priced["sales"].notna()]
        scope = Scope(
            series.platform,
            series.dates[-1],
            series.price_kind,
            series.sales_kind,
            listings=len(rows),
            unpriced=len(rows) - len(priced),
            unsold=len(priced) - len(used),
            used=len(used),
            brands=int(used["brand"].nunique()),
            unsold_yet=float((used["sales"] <= 0).mean()) if len(used) else 0.0,
        )
        made.append((scope, used))
    return made


def cuts(rows: pd.DataFrame, edges: Sequence[float] | None) -> list[float]:
    """Where one price band ends and the next begins: as configured, else natural breaks of the prices."""
    if edges is not None:
        return sorted({float(edge) for edge in edges if edge > 0})
    return breaks.natural_breaks(rows["price"].to_numpy(float))


def read(
    rows: pd.DataFrame,
    edges: Sequence[float],
    *,
    category: str = "",
    needs: Sequence[str] = (),
    stop: Collection[str] = (),
    least: int = 20,
) -> Offers:
    """``rows`` have brand, title, price and sales, neither price nor sales NaN; bands begin at ``edges``.

    A need of ``needs`` is claimed where it stands in a title. Without them words come from the titles
    (``kit.stats.titles``): those that ``least`` listings claim, most frequent first.
    """
    names, price = rows["brand"].dropna().unique(), np.log(rows["price"].to_numpy(float))
    texts = rows["title"].astype(object).where(rows["title"].notna(), "").map(str).tolist()
    found = titles.terms(texts, names, category=category, stop=stop, least=least)
    words, claims = _stated(texts, needs) if needs else _counted([t.claims for t in found], least)
    _, kinds = _counted([t.kinds for t in found], least)
    band = np.searchsorted(np.array(edges, float), rows["price"].to_numpy(float), side="right")
    pieces = log_sales(rows["sales"].to_numpy(float))
    bands = np.arange(len(edges) + 1) == band[:, None]
    return Offers(_brands(rows), pieces, pieces + price, price, bands, words, claims, kinds)


def _brands(rows: pd.DataFrame) -> Whole:
    number, names = pd.factorize(rows["brand"])
    nameless = number < 0
    return np.asarray(np.where(nameless, len(names) + np.cumsum(nameless) - 1, number))


def _stated(texts: Sequence[str], needs: Sequence[str]) -> tuple[tuple[str, ...], Claimed]:
    """Each need once, and which row has which."""
    unique: dict[str, str] = {}
    for need in needs:
        unique.setdefault(titles.plain(need).casefold(), need)
    written = [titles.plain(text).casefold() for text in texts]
    return tuple(unique.values()), np.array([[need in text for need in unique] for text in written], bool)


def _counted(claimed: Sequence[Sequence[str]], least: int) -> tuple[tuple[str, ...], Claimed]:
    """The words of ``least`` rows or more, most frequent first, and which row has which."""
    counts: dict[str, int] = {}
    for row in claimed:
        for word in row:
            counts[word] = counts.get(word, 0) + 1
    words = sorted((w for w, n in counts.items() if n >= least), key=lambda w: (-counts[w], w))
    held = np.array([[word in row for word in words] for row in claimed], bool)
    return tuple(words), held.reshape(len(claimed), len(words))
