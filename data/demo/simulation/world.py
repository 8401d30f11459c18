"""The days, the seeds, and what moves every series alike: season, week, holidays, noise."""

from __future__ import annotations

import numpy as np
import pandas as pd

FIRST = pd.Timestamp("2021-10-01")
START = pd.Timestamp("2022-11-01")
END = pd.Timestamp("2024-11-30")
DAYS = pd.date_range(FIRST, END, name="date")

SEEDS = {
    "category": 1101,
    "vendor": 1132,
    "traffic": 1103,
    "sources": 1104,
    "conversion": 1105,
    "ads": 1106,
    "items": 1107,
    "buyers": 1108,
    "orders": 1109,
    "refunds": 1110,
    "stock": 1111,
    "rivals": 1112,
    "titles": 1113,
    "prices": 1114,
    "scrape": 1115,
    "live": 1116,
    "creators": 1117,
    "reviews": 1118,
    "service": 1119,
    "experiments": 1205,
    "shop_day": 1121,
    "item_ids": 1122,
    "ad_credit": 1123,
    "rival_weeks": 1124,
    "live_days": 1125,
    "shelf": 1126,
    "creator_rooms": 1127,
    "rotation": 1131,
    "indices": 1129,
    "unpaid": 1141,
    "book": 1142,
    "cases": 1143,
    "item_screen": 1144,
    "source_of_order": 1145,
    "promoted": 1146,
    "members": 1147,
    "douyin_orders": 1148,
    "creatives": 1149,
    "review_page": 1150,
    "desk_page": 1151,
}
"""One stream per subject: adding a draw to one leaves all the others as they were."""

MONTH_LEVEL = (0.93, 0.86, 1.03, 1.00, 1.02, 1.00, 0.93, 0.95, 1.02, 1.07, 1.10, 1.05)
WEEKDAY_LEVEL = (1.03, 1.02, 1.01, 1.01, 0.99, 0.95, 0.99)

LULLS = (
    ("2022-01-29", "2022-02-05", 0.55),
    ("2022-10-01", "2022-10-05", 0.93),
    ("2023-01-19", "2023-01-27", 0.55),
    ("2023-09-29", "2023-10-05", 0.93),
    ("2024-02-07", "2024-02-16", 0.57),
    ("2024-10-01", "2024-10-05", 0.93),
)
"""Days on which parcels or people rest: first day, last day, level."""


def rng(name: str) -> np.random.Generator:
    """The generator of one subject; the same numbers every time it is asked for."""
    return np.random.Generator(np.random.PCG64(SEEDS[name]))


def position(day: str | pd.Timestamp) -> int:
    """How many days after ``FIRST`` a day lies."""
    return int((pd.Timestamp(day) - FIRST).days)


def years() -> np.ndarray:
    """Years since ``START`` of every simulated day; negative before it."""
    return (DAYS - START).days.to_numpy() / 365.25


def level() -> np.ndarray:
    """The ordinary level of every day: month of the year, day of the week, holidays. About 1 on average."""
    middle = np.arange(-15.5, 396, 365.25 / 12)
    months = np.array((MONTH_LEVEL[-1], *MONTH_LEVEL, MONTH_LEVEL[0]))
    smooth = np.interp(DAYS.day_of_year.to_numpy(), middle[: len(months)], months)
    result = smooth * np.array(WEEKDAY_LEVEL)[DAYS.day_of_week.to_numpy()]
    for first, last, height in LULLS:
        result[position(first) : position(last) + 1] *= height
    return np.round(result, 9)


def noise(generator: np.random.Generator, spread: float, memory: float, columns: int = 1) -> np.ndarray:
    """Multiplicative day-to-day noise, days × columns: the exponential of a first-order autoregression.

    ``spread`` is the standard deviation of the logarithm, ``memory`` its correlation from day to day.
    """
    shocks = generator.standard_normal((len(DAYS), columns)) * (1 - memory**2) ** 0.5
    path = np.empty_like(shocks)
    path[0] = shocks[0]
    for day in range(1, len(DAYS)):
        path[day] = memory * path[day - 1] + shocks[day]
    return np.round(np.exp(spread * path), 9)


def largest_remainder(total: int, weights: np.ndarray) -> np.ndarray:
    """``total`` split into whole parts in proportion to ``weights``."""
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(np.int64)
    order = np.argsort(parts - np.round(exact, 9), kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    return parts
