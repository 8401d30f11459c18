"""What a creator's deal cost in all, what its sessions sold after returns, and whether the guarantee was kept."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pandas as pd

from kit.stats.arrivals import End, ends
from kit.stats.bases import Days
from kit.stats.live_rooms import called
from kit.stats.margin import Margin, margin

FEES = ("slot_fee", "agency_fee", "boosting", "samples")
BreakEven = Callable[[str, float], float | None]
"""Of a shop, and the share of its sales that came back: the net return that pays for itself."""
NONE = pd.DataFrame({"shop": pd.Series(dtype=str)})


@dataclass(frozen=True)
class Costs:
    """All that a deal costs. ``commission`` is on sales after returns."""

    slot_fee: float
    commission: float
    agency_fee: float
    boosting: float
    samples: float

    @property
    def total(self) -> float:
        return self.slot_fee + self.commission + self.agency_fee + self.boosting + self.samples


@dataclass(frozen=True)
class Outcome:
    """Sales after returns, what they cost, and their ratio."""

    gsv: float
    costs: Costs

    @property
    def net(self) -> float | None:
        return self.gsv / self.costs.total if self.costs.total > 0 else None


@dataclass(frozen=True)
class Deal:
    """A creator's deal, from ``start`` to ``end``. ``paid``, ``refunded``: those of its sessions, None without any.

    ``now``: as refunded so far. ``low``, ``mid``, ``high``: in the end, by what refunds come to; None where that is
    not told. ``early``: refunds of its sessions are still coming in. ``break_even``: the net return that pays for it.
    """

    shop: str
    creator: str
    start: dt.date
    end: dt.date
    sessions: int
    paid: float | None
    refunded: float | None
    guarantee: float | None
    early: bool
    now: Outcome | None
    mid: Outcome | None
    low: Outcome | None
    high: Outcome | None
    break_even: float | None

    @property
    def short(self) -> float | None:
        """What lacks of the guaranteed sales: nothing or less where they are reached."""
        return self.guarantee - self.paid if self.guarantee is not None and self.paid is not None else None

    @property
    def stage(self) -> str:
        """How far its refunds are told, as the end of a sentence's key: ``.settled``; ``.untold`` while they come in
        and nothing says what to; ``.in`` where no more are expected, though more may come; blank with a range."""
        if not self.early:
            return ".settled"
        if not (self.low and self.mid and self.high):
            return ".untold"
        return ".in" if self.mid == self.high else ""

    @property
    def outlook(self) -> dict[str, float | None]:
        """Net returns that it may come to in the end, where its stage tells some: lowest, highest, middle."""
        if self.stage in (".settled", ".untold") or not (self.low and self.mid and self.high):
            return {}
        return {"lo": self.low.net} | ({} if self.stage else {"hi": self.high.net, "mid": self.mid.net})

    @property
    def side(self) -> int:
        """1 when the whole range of its net return lies above break-even, −1 below, 0 where that is not told. Refunds
        to come only lower it: what is below by now stays there."""
        high, low = self.high or self.now, self.low or (None if self.early else self.now)
        if self.break_even is None or not high or high.net is None:
            return 0
        above = low is not None and low.net is not None and low.net > self.break_even
        return int(above) - int(high.net < self.break_even)


def placed(deals: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """``deals`` with a shop each: one that names none belongs where its creator's room is, else to the first shop."""
    home = dict(zip(sessions["room"].map(called)[::-1], sessions["shop"][::-1], strict=True))
    guess = deals["creator"].fillna("").map(called).map(home).fillna(min(sessions["shop"]))
    return deals.assign(shop=deals["shop"].where(deals["shop"] != "", guess))


def ended(deals: pd.DataFrame, days: Days) -> Iterable[tuple[dt.date, dt.date, pd.DataFrame]]:
    """First and last day and rows of each deal that ended in ``days``. Deals of one creator that overlap are one:
    nobody can say which of them a session was held for."""
    known = deals[deals["creator"].notna() & deals["start"].notna()]
    known = known.assign(last=known["end"].fillna(known["start"]), who=known["creator"].map(called))
    for _, own in known.sort_values(["start", "id"], kind="stable").groupby("who", sort=False):
        apart = (own["start"] > own["last"].cummax().shift()).cumsum()
        for _, rows in own.groupby(apart):
            first, last = rows["start"].min().date(), rows["last"].max().date()
            if days.start <= last <= days.end:
                yield first, last, rows


def read(
    shop: str, rows: pd.DataFrame, deals: pd.DataFrame, days: Days, open_days: int, even: BreakEven
) -> tuple[Deal, ...]:
    """The deals of one shop that ended in ``days``; ``rows``: all of its sessions, with ``kind``, ``age``, ``paid``."""
    if deals.empty:
        return ()
    told = {"paid": rows["paid"], "refunded": rows["refund_amount"], "cases": rows["refund_orders"]}
    known = ends(rows[["kind", "day", "age"]].assign(**told), open_days)
    final = pd.Series(known, index=rows.index, dtype=object)
    made = [_deal(shop, rows, final, *one, open_days, even) for one in ended(deals, days)]
    return tuple(sorted(made, key=lambda deal: (deal.start, deal.creator)))


def _deal(
    shop: str,
    rows: pd.DataFrame,
    final: pd.Series,
    first: dt.date,
    last: dt.date,
    terms: pd.DataFrame,
    open_days: int,
    even: BreakEven,
) -> Deal:
    on = rows["day"].between(pd.Timestamp(first), pd.Timestamp(last))
    held = rows[on & (rows["room"].map(called) == terms["who"].iloc[0])]
    paid, back = (
        float(held[n].sum()) if len(held) and held[n].notna().all() else None for n in ("paid", "refund_amount")
    )
    creator = str(terms["creator"].iloc[0])
    guarantee = float(terms["guarantee"].sum()) if terms["guarantee"].notna().any() else None
    still = bool((held["age"] < open_days).any())
    facts = (shop, creator, first, last, len(held), paid, back, guarantee, still)
    if not paid or back is None:
        return Deal(*facts, None, None, None, None, None)
    now = outcome(held, terms, paid, back)
    found = [final[n] for n in held.index]
    line = even(shop, back / paid)
    if any(end is None for end in found):
        return Deal(*facts, now, None, None, None, line)
    low, mid, high = (outcome(held, terms, paid, _returned(held, found, name)) for name in ("high", "share", "low"))
    return Deal(*facts, now, mid, low, high, even(shop, (paid - mid.gsv) / paid))


def _returned(held: pd.DataFrame, found: list[End], name: str) -> float:
    """Refunds in the end; ends of sessions add up to ends of the sum, because they err together."""
    return float(sum(getattr(end, name) * paid for end, paid in zip(found, held["paid"], strict=True)))


def outcome(held: pd.DataFrame, terms: pd.DataFrame, paid: float, back: float) -> Outcome:
    """A fee left blank was not agreed. Boosting left blank is what the sessions spent. Commission is on sales after
    returns: at the agreed rate, else that part of what the platform estimates."""
    gsv = paid - back
    fees = {name: float(terms[name].sum()) for name in FEES}
    if terms["boosting"].isna().all():
        fees["boosting"] = float(held["spend"].sum())
    rate = terms["commission_rate"].dropna()
    commission = gsv * float(rate.mean()) if len(rate) else float(held["commission"].sum()) * gsv / paid
    return Outcome(gsv, Costs(fees["slot_fee"], commission, fees["agency_fee"], fees["boosting"], fees["samples"]))


def even(lines: pd.DataFrame | None, costs: pd.DataFrame | None, days: Days) -> BreakEven:
    """Break-even of a net return: what is kept ÷ what stays of it, from the goods that the shop sold in ``days``."""

    @functools.cache
    def whole(shop: str) -> Margin | None:
        if lines is None or costs is None:
            return None
        return margin(lines[lines["shop"] == shop], costs, days.start, days.end, 0.0)

    def line(shop: str, returned: float) -> float | None:
        known = whole(shop)
        stays = replace(known, returned=returned).value if known else 0.0
        return (1 - returned) / stays if stays > 0 else None

    return line
