"""The promotions as simulated, and how each bends demand day by day.

Starts are those of the promotion calendar where it has them. What it does not have is assumed here, and
``assumed`` says so: an assumption about a made-up shop, not a statement about the platform.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from simulation.world import DAYS, position

WAIT_DAYS, WAIT, DEPOSIT_WAIT, BETWEEN = 7, 0.90, 0.70, 0.86
DIP_DAYS, DIP = 16, 0.34
BALANCE_SPREAD = (0.56, 0.24, 0.12, 0.08)
DEPOSIT_PAID = 0.87
"""Share of deposits whose balance is paid."""


@dataclass(frozen=True)
class Wave:
    """A stretch of event prices. ``lift`` is the height of its best day over an ordinary day's orders;
    ``evening`` that its first day starts at 20:00."""

    start: str
    end: str
    lift: float
    evening: bool = True


@dataclass(frozen=True)
class Campaign:
    """A promotion: its waves, its presale (``deposits`` in ordinary days' orders) and what was assumed."""

    key: str
    name: str
    weight: float
    waves: tuple[Wave, ...]
    deposit: tuple[str, str] | None = None
    deposits: float = 0.0
    assumed: str = ""

    @property
    def first_sale(self) -> pd.Timestamp:
        return pd.Timestamp(self.waves[0].start)

    @property
    def last_sale(self) -> pd.Timestamp:
        return pd.Timestamp(self.waves[-1].end)

    @property
    def opening(self) -> pd.Timestamp:
        """The first day on which it changes what buyers may do: the presale's, else the first sale's."""
        return pd.Timestamp(self.deposit[0]) if self.deposit else self.first_sale


TMALL = (
    Campaign("double_11_2021", "双11 2021", 1.0, (
        Wave("2021-11-01", "2021-11-03", 6.2, False), Wave("2021-11-11", "2021-11-11", 12.5, False),
    ), ("2021-10-20", "2021-10-31"), 8.0),
    Campaign("double_12_2021", "双12 2021", 0.3, (Wave("2021-12-10", "2021-12-12", 2.4, False),)),
    Campaign("spring_2022", "年货节 2022", 0.3, (Wave("2022-01-09", "2022-01-15", 2.2),)),
    Campaign("march_2022", "38节 2022", 0.4, (
        Wave("2022-03-04", "2022-03-08", 3.4),
    ), ("2022-02-27", "2022-03-04"), 1.2),
    Campaign("618_2022", "618 2022", 0.7, (
        Wave("2022-05-31", "2022-06-03", 4.6), Wave("2022-06-15", "2022-06-20", 5.0),
    ), ("2022-05-26", "2022-05-31"), 4.5, "the end of the last wave"),
    Campaign("99_2022", "99大促 2022", 0.3, (
        Wave("2022-09-06", "2022-09-10", 2.4),
    ), ("2022-09-01", "2022-09-06"), 0.8),
    Campaign("double_11_2022", "双11 2022", 1.0, (
        Wave("2022-10-31", "2022-11-03", 6.4), Wave("2022-11-10", "2022-11-11", 13.0),
    ), ("2022-10-24", "2022-10-31"), 9.0),
    Campaign("double_12_2022", "双12 2022", 0.3, (Wave("2022-12-10", "2022-12-12", 2.2),)),
    Campaign("spring_2023", "年货节 2023", 0.3, (Wave("2022-12-29", "2023-01-04", 2.2),)),
    Campaign("march_2023", "38节 2023", 0.4, (Wave("2023-03-02", "2023-03-08", 3.2),), assumed="the whole window"),
    Campaign("618_2023", "618 2023", 0.7, (
        Wave("2023-05-31", "2023-06-03", 4.6), Wave("2023-06-15", "2023-06-20", 5.0),
    ), ("2023-05-26", "2023-05-31"), 4.5, "the whole window"),
    Campaign("99_2023", "99大促 2023", 0.3, (Wave("2023-09-06", "2023-09-10", 2.3),), assumed="the whole window"),
    Campaign("double_11_2023", "双11 2023", 1.0, (
        Wave("2023-10-31", "2023-11-03", 6.2), Wave("2023-11-04", "2023-11-08", 2.5, False),
        Wave("2023-11-10", "2023-11-11", 12.6),
    ), ("2023-10-24", "2023-10-31"), 8.0, "20:00 as the presale's hour, the end of deposits"),
    Campaign("year_end_2023", "年终好价节 2023", 0.3, (Wave("2023-12-09", "2023-12-12", 2.1),), assumed="its end"),
    Campaign("spring_2024", "年货节 2024", 0.3, (Wave("2024-01-15", "2024-01-21", 2.1),), assumed="the whole window"),
    Campaign("march_2024", "38节 2024", 0.4, (Wave("2024-03-01", "2024-03-08", 3.0),), assumed="the whole window"),
    Campaign("618_2024", "618 2024", 0.7, (
        Wave("2024-05-20", "2024-05-28", 2.5), Wave("2024-05-31", "2024-06-20", 3.9),
    )),
    Campaign("99_2024", "99大促 2024", 0.3, (Wave("2024-09-06", "2024-09-10", 2.2),), assumed="the whole window"),
    Campaign("double_11_2024", "双11 2024", 1.0, (
        Wave("2024-10-21", "2024-10-24", 3.4), Wave("2024-10-31", "2024-11-09", 5.5),
        Wave("2024-11-10", "2024-11-11", 14.6),
    ), ("2024-10-14", "2024-10-21"), 4.0, "the end of deposits and of the first wave, the whole second wave"),
)  # fmt: skip


def by_key(key: str) -> Campaign:
    return next(c for c in TMALL if c.key == key)


def profile(campaigns: Iterable[Campaign], strengths: Mapping[str, float] | None = None) -> pd.DataFrame:
    """What the campaigns do to every simulated day.

    ``spot`` multiplies an ordinary day's orders (below 1 while buyers wait and after they have stocked up);
    ``deposit`` and ``balance`` are presale deposits placed and balances paid, in ordinary days' orders;
    ``event`` is the share of the day's orders at event prices; ``phase`` names the day. ``strengths`` scales the
    campaigns by key (the category bends less than this shop); without it each counts in full.
    """
    table = pd.DataFrame({"spot": 1.0, "deposit": 0.0, "balance": 0.0, "event": 0.0, "phase": ""}, index=DAYS)
    for campaign in campaigns:
        strength = strengths[campaign.key] if strengths else 1.0
        _before(table, campaign, strength)
        for wave in campaign.waves:
            _wave(table, wave, strength)
        _after(table, campaign, strength)
    return table.round({"spot": 9, "deposit": 9, "balance": 9})


def _span(first: pd.Timestamp | str, last: pd.Timestamp | str) -> np.ndarray:
    """Positions of the days from first to last, those outside the simulation left out."""
    days = np.arange(position(first), position(last) + 1)
    return days[(days >= 0) & (days < len(DAYS))]


def _times(table: pd.DataFrame, where: np.ndarray, factor: np.ndarray | float, phase: str) -> None:
    table.iloc[where, table.columns.get_loc("spot")] *= factor
    table.iloc[where, table.columns.get_loc("phase")] = phase


def _before(table: pd.DataFrame, campaign: Campaign, strength: float) -> None:
    day = pd.Timedelta(days=1)
    weight = campaign.weight * strength
    _times(table, _span(campaign.opening - WAIT_DAYS * day, campaign.opening - day), 1 - (1 - WAIT) * weight, "wait")
    for earlier, later in pairwise(campaign.waves):
        gap = _span(pd.Timestamp(earlier.end) + day, pd.Timestamp(later.start) - day)
        _times(table, gap, 1 - (1 - BETWEEN) * weight, "between")
    if campaign.deposit:
        opened, closed = (pd.Timestamp(d) for d in campaign.deposit)
        waiting = _span(opened, min(closed, campaign.first_sale - day))
        _times(table, waiting, 1 - (1 - DEPOSIT_WAIT) * weight, "deposit")
        _presale(table, campaign, strength)


def _presale(table: pd.DataFrame, campaign: Campaign, strength: float) -> None:
    assert campaign.deposit is not None
    window = _span(*campaign.deposit)
    shares = np.full(len(window), 1.0)
    shares[0], shares[-1] = 2.5, 1.6
    placed = campaign.deposits * strength / DEPOSIT_PAID
    table.iloc[window, table.columns.get_loc("deposit")] += placed * shares / shares.sum()
    first = position(campaign.first_sale)
    for offset, share in enumerate(BALANCE_SPREAD):
        if 0 <= first + offset < len(DAYS):
            table.iloc[first + offset, table.columns.get_loc("balance")] += campaign.deposits * strength * share


def _wave(table: pd.DataFrame, wave: Wave, strength: float) -> None:
    days = _span(wave.start, wave.end)
    shape = np.maximum(0.34, 0.70 ** np.arange(len(days), dtype=float))
    if wave.evening:
        shape = np.concatenate([[0.58], shape[:-1]])
    if len(days) > 3:
        shape[-1] = 0.55
    _times(table, days, 1 + (wave.lift - 1) * strength * shape, "wave")
    share = np.ones(len(days))
    share[0] = 0.72 if wave.evening else 1.0
    table.iloc[days, table.columns.get_loc("event")] = share


def _after(table: pd.DataFrame, campaign: Campaign, strength: float) -> None:
    """The hangover: those who stocked up come back later. It ends where the next campaign opens."""
    last = campaign.last_sale
    later = [c.opening for c in TMALL if c.opening > last]
    until = min([last + pd.Timedelta(days=DIP_DAYS), *(o - pd.Timedelta(days=1) for o in later)])
    days = _span(last + pd.Timedelta(days=1), until)
    recovered = (np.arange(len(days)) + 1) / (DIP_DAYS + 1)
    _times(table, days, 1 - DIP * campaign.weight * min(strength, 1.0) * (1 - recovered), "dip")
