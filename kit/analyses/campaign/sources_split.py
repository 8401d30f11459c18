"""What a campaign sold more or less than the days it compares with, over channels and over items, nothing left.

The days are those of the bridge (the earlier campaign, dates, or the same weekdays before), whole against whole; where
an export does not reach them, the ordinary days just before, a day against a day. A channel's sales are visitors ×
conversion × revenue per buyer, or orders × order value where no export of traffic has the days and orders state the
channel they came by; an item's are pieces × price. ``kit.stats.bridge.groups`` keeps the mix apart from the rates, and
what is new or gone apart from both. It is arithmetic: no part is what a channel or an item added by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.analyses.campaign import ordinary
from kit.analyses.campaign.sources_items import dated
from kit.analyses.campaign.subjects import Campaign
from kit.stats import bridge, kpi_parts, kpi_sources, kpis
from kit.stats.bases import Days
from kit.stats.kpi_days import Dates, Tables, reach

Floats = NDArray[np.float64]

CHANNELS, WAYS, ITEMS = "channels", "ways", "items"
"""Sources of traffic, channels that orders state, items."""
RATES = {CHANNELS: ("conversion", "value"), WAYS: ("order_value",), ITEMS: ("price",)}
"""What the size of a part (visitors, orders, pieces) is multiplied with."""
AGREES = 0.05
"""How far the parts may sum to something else than the shop's paid amount and still be a split of it."""


@dataclass(frozen=True)
class Ends:
    """Two spans, a row a part: ``size``, ``amount``, of channels ``buyers``. ``once``: people count once in each."""

    before: pd.DataFrame
    now: pd.DataFrame
    once: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)

    def all(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return self.before, self.now


@dataclass(frozen=True)
class Part:
    """A channel or an item. ``effects``: what its size and each of its rates did to it; none of one that is new or
    gone."""

    name: str
    before: float
    now: float
    effects: tuple[float, ...]

    @property
    def change(self) -> float:
        return self.now - self.before


@dataclass(frozen=True)
class Split:
    """``by``: channels, ways or items. ``base``: the days compared with; ``usual``: these are days just before, and
    money is that of an average day. ``steps`` lead from ``before`` to ``now``; ``parts`` by what they changed, most
    first."""

    by: str
    base: Days
    usual: bool
    before: float
    now: float
    steps: Mapping[str, float]
    parts: tuple[Part, ...]

    @property
    def change(self) -> float:
        return self.now - self.before

    def share(self, part: Part) -> float | None:
        """Of the change; None where shares of it would say nothing: the whole hardly moved, or fell."""
        return part.change / self.change if self.change > 0 else None


def splits(campaign: Campaign, then: Days, tables: Tables) -> tuple[Split, ...]:
    """By channel against the days compared with and against the days just before, and by item against the first of
    these that an export of items reaches; nothing where no export has the campaign and them."""
    close = ordinary.before(campaign.event)
    found = [
        _split(CHANNELS, _channels(campaign, base, tables, periods=not usual), campaign, base, tables, usual)
        for base, usual in ((then, False), (close, True))
    ]
    by_channel = found if any(found) else _by_way(campaign, then, tables)
    return tuple(one for one in (*by_channel, _by_item(campaign, then, tables)) if one)


def _by_way(campaign: Campaign, then: Days, tables: Tables) -> list[Split | None]:
    orders = ordinary.of_shop(tables.get("orders"), campaign.shop)
    if orders is None or orders["channel"].isna().all():
        return []
    bases = ((then, False), (ordinary.reached(campaign.event, orders["paid_at"]), True))
    known = [(base, usual, _ways(orders, base, campaign.event)) for base, usual in bases if base]
    return [_split(WAYS, ends, campaign, base, tables, usual) for base, usual, ends in known]


def _by_item(campaign: Campaign, then: Days, tables: Tables) -> Split | None:
    lines, daily = (ordinary.of_shop(tables.get(name), campaign.shop) for name in ("order_lines", "item_daily"))
    known = list(dated(lines, daily))
    close = [(ordinary.reached(campaign.event, table["date"]), table, True) for table in known]
    for base, table, usual in [*((then, table, False) for table in known), *close]:
        if base and (found := _split(ITEMS, _items(table, base, campaign.event), campaign, base, tables, usual)):
            return found
    return None


def _split(by: str, ends: Ends | None, campaign: Campaign, base: Days, tables: Tables, usual: bool) -> Split | None:
    """None where the parts are not all that was paid, at either end."""
    if ends is None:
        return None
    spans, sums = (base, campaign.event), [float(one["amount"].sum()) for one in ends.all()]
    paid = [_paid(tables, campaign.shop, span, total) for span, total in zip(spans, sums, strict=True)]
    if any(p <= 0 or abs(s / p - 1) > AGREES for p, s in zip(paid, sums, strict=True)):
        return None
    return _made(by, ends, base, usual, paid, [float(span.count) for span in spans])


def _paid(tables: Tables, shop: str, span: Days, total: float) -> float:
    """What the shop took as its other figures say; ``total`` where none does."""
    every = kpis.figures(tables, span.start, span.end, names=("pay_amount",))
    found = every.get(shop or kpis.TOTAL, {}).get("pay_amount")
    return total if found is None or found.value is None else found.value


def _made(by: str, ends: Ends, base: Days, usual: bool, paid: Sequence[float], days: Sequence[float]) -> Split:
    """What no part states is a step of its own. The number of days is one where sizes are those of a day."""
    per, lengths = (days, (1.0, 1.0)) if usual else ((1.0, 1.0), (1.0, 1.0) if ends.once else days)
    names = sorted({*ends.before.index, *ends.now.index})
    both = [one.reindex(names, fill_value=0.0) / n for one, n in zip(ends.all(), per, strict=True)]
    sizes = np.array([one["size"] / n for one, n in zip(both, lengths, strict=True)])
    found = bridge.groups(sizes, np.array([_rates(one) for one in both]), lengths)
    before, now = (p / n for p, n in zip(paid, per, strict=True))
    steps = dict(zip(("days", "size", "mix", *RATES[by]), map(float, found.effects.sum(0)), strict=True))
    steps |= {"new": float(found.new.sum()), "gone": float(found.gone.sum())}
    steps["rest"] = now - before - sum(steps.values())
    amounts = zip(names, *(map(float, one["amount"]) for one in both), found.effects, strict=True)
    parts = (Part(ends.titles.get(n, n), a, b, _own(effects) if a and b else ()) for n, a, b, effects in amounts)
    return Split(by, base, usual, before, now, steps, tuple(sorted(parts, key=lambda p: (-abs(p.change), p.name))))


def _own(effects: Floats) -> tuple[float, ...]:
    """Of one part: its size is that of all times its share of them, on so many days."""
    return float(effects[:3].sum()), *map(float, effects[3:])


def _rates(one: pd.DataFrame) -> Floats:
    """Conversion and revenue per buyer, or the price; missing where it would divide by nothing."""
    steps = [one["size"], one["buyers"], one["amount"]] if "buyers" in one else [one["size"], one["amount"]]
    pairs = zip(steps[1:], steps[:-1], strict=True)
    return np.array([over.to_numpy(float) / under.where(under > 0).to_numpy(float) for over, under in pairs]).T


# ---- channels --------------------------------------------------------------------------------------------------


def _channels(campaign: Campaign, base: Days, tables: Tables, periods: bool) -> Ends | None:
    """Sources of the first level, shop by shop; of several shops each source is named with its own. ``periods``: rows
    of exactly these days count, too."""
    shops = [campaign.shop] if campaign.shop else list(kpi_parts.shops(tables))
    found = [_sources(tables, shop, (base, campaign.event), periods, len(shops) > 1) for shop in shops]
    known = [one for one in found if one]
    if not known or len(known) < len(found) or len({one.once for one in known}) > 1:
        return None
    return Ends(pd.concat([one.before for one in known]), pd.concat([one.now for one in known]), known[0].once)


def _sources(tables: Tables, shop: str, spans: tuple[Days, Days], periods: bool, several: bool) -> Ends | None:
    """Both from rows of exactly these days, or both from days: people counted once are not held against sums."""
    names = ("traffic_source", "traffic_source_period")
    own = {n: t[t["shop"] == shop] for n in names if (t := tables.get(n)) is not None}
    for exact in (True, False) if periods else (False,):
        rows = [kpi_sources.first_level(own, Dates(s.start, s.end), exact)[0] for s in spans]
        known = [one for one in rows if one is not None and ("date" not in one) == exact]
        if len(known) == len(rows):
            before, now = (_summed(one, f"{shop}·" if several else "") for one in known)
            return Ends(before, now, exact) if len(before) and len(now) else None
    return None


def _summed(rows: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Sources with visitors; nothing where one of them does not state all three."""
    sums = rows.groupby(prefix + rows["source_l1"])[["visitors", "pay_buyers", "pay_amount"]].sum(min_count=1)
    made = sums.set_axis(["size", "buyers", "amount"], axis=1)
    return made[made["size"] > 0] if made.notna().all(axis=None) else made.iloc[:0]


# ---- items -----------------------------------------------------------------------------------------------------


def _items(table: pd.DataFrame, base: Days, event: Days) -> Ends | None:
    """Pieces and money of each item, where the table reaches both spans."""
    if not all(reach(table["date"], Dates(s.start, s.end)).value for s in (base, event)):
        return None
    known = table[table["code"].notna() & table["date"].notna()]
    before, now = (_sold(known, span) for span in (base, event))
    named = known[known["title"].notna()].sort_values("date", kind="stable").groupby("code")["title"].last()
    return Ends(before, now, titles=named.to_dict()) if len(before) and len(now) else None


def _sold(known: pd.DataFrame, span: Days) -> pd.DataFrame:
    rows = known[known["date"].between(pd.Timestamp(span.start), pd.Timestamp(span.end))]
    sums = rows.groupby("code")[["units", "amount"]].sum().rename(columns={"units": "size"})
    return sums[sums["size"] > 0]


# ---- channels of orders ----------------------------------------------------------------------------------------


def _ways(orders: pd.DataFrame, base: Days, event: Days) -> Ends | None:
    """Paid orders and their money by the channel they state, where they reach both spans and state several."""
    dates = [Dates(span.start, span.end) for span in (base, event)]
    if not all(reach(orders["paid_at"], days).value for days in dates):
        return None
    paid = orders[orders["counted"].fillna(False).astype(bool) & orders["channel"].notna()]
    before, now = (_orders(days.of(paid, "paid_at")) for days in dates)
    several = len({*before.index, *now.index}) > 1
    return Ends(before, now) if several and len(before) and len(now) else None


def _orders(paid: pd.DataFrame) -> pd.DataFrame:
    """Of several shops each channel is named with its own."""
    prefix = paid["shop"] + "·" if paid["shop"].nunique() > 1 else ""
    named = paid.assign(channel=prefix + paid["channel"])
    return named.groupby("channel").agg(size=("order_id", "nunique"), amount=("paid_amount", "sum")).astype(float)
