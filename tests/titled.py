"""Made-up listings whose titles claim things, for tests of words and of gaps."""

import numpy as np
import pandas as pd

WORDS = ("敏感肌", "玻尿酸", "烟酰胺", "抗皱紧致", "美白淡斑", "胶原蛋白", "神经酰胺", "视黄醇")
EDGES = (0, 50, 100, 150, 200)


def market(seed, count=450, brands=15, *, worth=(), unlike=0.0, bands=0.0, cell=0.0, rare=1.0, spread=0.7, words=WORDS):
    """One snapshot in which a listing sells alike whatever it claims, unless told otherwise.

    ``worth``: log effects of the first words. ``unlike``: log sd of what each brand's words are worth to it alone.
    ``bands``: log sd of what price bands sell. ``cell``: log effect of the first word from 100 to 150, where it is
    ``rare`` times as frequent as elsewhere.
    """
    rng = np.random.default_rng(seed)
    brand = rng.permutation(np.arange(count) % brands)
    price = np.exp(rng.normal(4.7, 0.5, count) + rng.normal(0, 0.2, brands)[brand]).round(1)
    band = np.searchsorted(EDGES[1:], price, side="right")
    chance = np.tile(rng.uniform(0.15, 0.4, len(words)), (count, 1))
    chance[band == 2, 0] *= rare
    has = rng.random(chance.shape) < chance
    effects = rng.normal(0, unlike, (brands, len(words)))[brand] + np.pad(worth, (0, len(words) - len(worth)))
    log = 6 + rng.normal(0, 0.8, brands)[brand] - np.log(price / 100) + (effects * has).sum(1)
    log = log + rng.normal(0, bands, len(EDGES))[band] + cell * (has[:, 0] & (band == 2))
    names = [f"品牌{chr(0x7532 + b)}" for b in brand]
    titles = [
        f"{name}{''.join(w for w, own in zip(words, row, strict=True) if own)}精华液30ml"
        for name, row in zip(names, has, strict=True)
    ]
    about = {"platform": "tmall", "shop": "tmall", "date": pd.Timestamp("2024-11-30"), "sales_kind": "rolling_30d"}
    sales = np.exp(log + rng.normal(0, spread, count)).round()
    ids = [str(n) for n in range(count)]
    table = {"brand": names, "item_id": ids, "title": titles, "price_page": price, "sales": sales, "comments": 1.0}
    return pd.DataFrame(table).assign(**about)
