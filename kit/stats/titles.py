"""Selling points in listing titles: what a title claims, once brand, sizes and the words of the trade are out.

Titles are cut by the dictionary of ``rjieba``. Two neighbours that stand side by side in at least half of the places
of each are one term (美白淡斑, 早C晚A), again and again, so that a term may have any length. The share of places, and
not a score against chance, because in titles of ten words nearly every pair is more frequent than chance.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from kit.stats.stop_words import GOODS, STOP_WORDS

SIZE = re.compile(
    r"(?<![A-Za-z\d.])\d+(?:\.\d+)?\s*(?:(?:ml|mg|kg|cm|mm|oz|pcs|[glm])(?![A-Za-z])|[毫厘]?[克升米]|[片支瓶盒包粒件枚颗对抽贴袋条只套])?",
    re.IGNORECASE,
)
"""A number by itself or with its unit; one that a letter leads to (B5, SPF50) is part of a name."""
CUT = " | "
TOGETHER = 0.5
"""Part of the places of either word in which two neighbours stand side by side, to be one term."""
ROUNDS = 4
"""How often neighbours are joined: terms of up to sixteen words."""


@dataclass(frozen=True)
class Title:
    """What a title claims, and which kinds of goods it names: each term once, in its most frequent spelling."""

    claims: tuple[str, ...]
    kinds: tuple[str, ...]


def terms(
    titles: Sequence[str], brands: Iterable[str], *, category: str = "", stop: Collection[str] = (), least: int = 20
) -> list[Title]:
    """One ``Title`` for each of ``titles``.

    ``brands`` are taken out of the titles. Words that hold one of ``category`` name goods and are no claims. ``stop``
    are further words to leave out. Pairs are joined from ``least`` places on. Single characters are no terms.
    """
    names = sorted({plain(name) for name in brands if name.strip()}, key=len, reverse=True)
    named = re.compile("|".join(map(re.escape, names)), re.IGNORECASE) if names else None
    out = STOP_WORDS | {plain(word).casefold() for word in stop}
    about = [word.casefold() for word in _cut(plain(category)) if len(word) > 1]
    bare = [plain(title) if named is None else named.sub(CUT, plain(title)) for title in titles]
    rows = [_cut(SIZE.sub(CUT, title)) for title in bare]
    goods = [[word for word in row if _names_goods(word.casefold(), about)] for row in rows]
    gaps = out | {word.casefold() for row in goods for word in row}
    joined = _joined([[word if _claims(word, gaps) else "" for word in row] for row in rows], least)
    goods = [
        known + [word for word in row if word.casefold() in GOODS] for known, row in zip(goods, joined, strict=True)
    ]
    return [Title(*both) for both in zip(_once(joined, out | GOODS), _once(goods, out), strict=True)]


def _names_goods(key: str, category: Sequence[str]) -> bool:
    return key in GOODS or any(word in key for word in category)


def _claims(word: str, gaps: Collection[str]) -> bool:
    return word.isalnum() and not word.isdigit() and word.casefold() not in gaps


def _once(rows: list[list[str]], out: Collection[str]) -> list[tuple[str, ...]]:
    spelled = _spellings(rows)
    keys = [dict.fromkeys(word.casefold() for word in row) for row in rows]
    return [tuple(spelled[key] for key in row if len(key) > 1 and key not in out) for row in keys]


def plain(text: str) -> str:
    """One width of letters and digits, as they are typed either way."""
    return unicodedata.normalize("NFKC", text)


@cache
def cutter() -> Any:
    """What cuts a text into words; its dictionary is read once."""
    import rjieba

    return rjieba.Jieba()


def _cut(text: str) -> list[str]:
    # Without its model for unknown words: that guesses other words in every title, and joining finds them anyway.
    return list(cutter().cut(text, False))


def _joined(rows: list[list[str]], least: int) -> list[list[str]]:
    for _ in range(ROUNDS):
        pairs = _pairs(rows, least)
        if not pairs:
            break
        rows = [_merged(row, pairs) for row in rows]
    return rows


def _pairs(rows: list[list[str]], least: int) -> set[tuple[str, str]]:
    """Neighbours that stand together often enough; an empty word is a gap that nothing is joined over."""
    keys = [[word.casefold() for word in row] for row in rows]
    single = Counter(itertools.chain.from_iterable(keys))
    double = Counter(pair for row in keys for pair in itertools.pairwise(row))
    return {
        (a, b)
        for (a, b), count in double.items()
        if a and b and a != b and count >= max(least, TOGETHER * single[a], TOGETHER * single[b])
    }


def _merged(row: list[str], pairs: Collection[tuple[str, str]]) -> list[str]:
    made: list[str] = []
    for word in row:
        if made and (made[-1].casefold(), word.casefold()) in pairs:
            made[-1] += word
        else:
            made.append(word)
    return made


def _spellings(rows: list[list[str]]) -> dict[str, str]:
    """The most frequent spelling of each term by its key in small letters."""
    seen = Counter(itertools.chain.from_iterable(rows))
    return {word.casefold(): word for word, _ in sorted(seen.items(), key=lambda one: (one[1], one[0]))}
