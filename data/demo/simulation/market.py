"""The category on Tmall: its true money, the platform's index of it, and what an estimating vendor would say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.campaigns import TMALL, profile
from simulation.world import DAYS, START, level, noise, rng, years

GROWTH = 0.09
"""Logarithmic growth of the category a year."""
ORDINARY_DAY = 9_850_000.0
"""Money of an ordinary day at ``START``, in yuan."""
EVENT_STRENGTH = {campaign.key: 0.60 for campaign in TMALL} | {"double_11_2024": 0.52}
"""The category bends to promotions less than this shop does."""
VENDOR_BIAS, VENDOR_NOISE = -0.08, 0.012
"""The vendor reads so much too low on average, with so much noise from month to month."""
INDEX_POWER = 0.62


def daily() -> pd.Series:
    """The category's paid amount of every simulated day, in whole yuan."""
    shape = profile(TMALL, EVENT_STRENGTH)
    bend = (shape["spot"] + shape["balance"]).to_numpy()
    growth = np.exp(GROWTH * years())
    money = ORDINARY_DAY * growth * level() * bend * noise(rng("category"), 0.035, 0.6)[:, 0]
    return pd.Series(np.round(money), index=DAYS, name="money")


def monthly(money: pd.Series) -> pd.Series:
    """Whole months from ``START`` on, indexed by their first day."""
    return money[START:].resample("MS").sum()


def indices(money: pd.Series) -> pd.DataFrame:
    """What the platform's market screen exports for each month: indices, every one a transform of its truth.

    The transaction index is strictly increasing in the month's money and not proportional to it: twice the index
    is about three times the money.
    """
    month = monthly(money)
    wan = month / 10_000
    generator = rng("indices")
    wobble = np.exp(0.012 * generator.standard_normal((len(month), 5)))
    table = pd.DataFrame(index=month.index)
    table["transaction_index"] = np.round(5_200 * wan**INDEX_POWER)
    table["traffic_index"] = np.round(9_400 * wan**0.38 * wobble[:, 0])
    table["search_popularity"] = np.round(3_100 * wan**0.36 * wobble[:, 1])
    table["favorite_popularity"] = np.round(1_250 * wan**0.40 * wobble[:, 2])
    table["cart_popularity"] = np.round(1_480 * wan**0.47 * wobble[:, 3])
    table["pay_cvr_index"] = np.round(310 * wan**0.16 * wobble[:, 4])
    table["crowd_index"] = np.round(2_050 * wan**0.52 * wobble[:, 0])
    return table.astype(np.int64)


def vendor(money: pd.Series) -> pd.Series:
    """A vendor's estimate of each month, to the nearest ten thousand yuan."""
    month = monthly(money)
    error = (1 + VENDOR_BIAS) * np.exp(VENDOR_NOISE * rng("vendor").standard_normal(len(month)))
    return (month * np.round(error, 9) / 10_000).round() * 10_000
