"""Listing titles as sellers write them, and how much each selling point in them moves demand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.world import rng

# Need as it stands in a title, how many listings claim it, its true effect on the log of sales per listing.
NEEDS: dict[str, tuple[float, float]] = {
    "敏感肌": (0.24, 0.45),
    "早C晚A": (0.13, 0.50),
    "胶原蛋白": (0.15, 0.30),
    "补水保湿": (0.40, -0.30),
    "修护": (0.30, 0.0),
    "玻尿酸": (0.28, 0.0),
    "烟酰胺": (0.22, 0.0),
    "抗皱紧致": (0.28, 0.0),
    "美白淡斑": (0.18, 0.0),
    "神经酰胺": (0.12, 0.0),
    "视黄醇": (0.12, 0.0),
    "祛痘控油": (0.12, 0.0),
}
CELL = ("敏感肌", 2)
"""The planted white space: this need in this band (￥100–150) is rarely offered and much wanted."""
CELL_CLAIMED = 0.07
CELL_LIFT = 0.80

KINDS = ("精华液", "精华", "原液", "安瓶精华", "精华露", "次抛精华")
SIZES = ("30ml", "50ml", "20ml", "15ml×2", "1.5ml×30支", "100ml")
TAILS = ("", "官方正品", "男女可用", "学生", "孕妇可用", "收缩毛孔", "熬夜肌", "提亮肤色")


def draw_titles(brand: str, bands: np.ndarray) -> tuple[list[str], pd.DataFrame, np.ndarray]:
    """Titles, a 0/1 column per need, and the summed true effect, for listings of one brand in price bands ``bands``."""
    generator = rng("titles")
    # One stream for all brands, entered at a place that depends on the brand: order of brands does not matter.
    generator.bit_generator.advance(10_000 * (1 + sum(map(ord, brand)) % 997))
    count = len(bands)
    claimed = np.tile([share for share, _ in NEEDS.values()], (count, 1))
    column = list(NEEDS).index(CELL[0])
    claimed[bands == CELL[1], column] = CELL_CLAIMED
    has = generator.random(claimed.shape) < claimed
    lift = has @ np.array([effect for _, effect in NEEDS.values()])
    lift = lift + CELL_LIFT * (has[:, column] & (bands == CELL[1]))
    titles = [_title(generator, brand, [n for n, own in zip(NEEDS, row, strict=True) if own]) for row in has]
    return titles, pd.DataFrame(has.astype(int), columns=list(NEEDS)), lift


def _title(generator: np.random.Generator, brand: str, needs: list[str]) -> str:
    words = [needs[k] for k in generator.permutation(len(needs))]
    half = (len(words) + 1) // 2
    kind, size, tail = (options[generator.integers(len(options))] for options in (KINDS, SIZES, TAILS))
    return f"{brand}{''.join(words[:half])}{kind}{size}{''.join(words[half:])}{tail}"
