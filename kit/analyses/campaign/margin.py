"""What a campaign earned: its prices against the days before, and what stays of sales after returns, goods, fees, ads.

Money is that of the order lines paid on the campaign days. Returned goods are taken to be sold again, gifts and parcels
to be lost (``kit.stats.margin``). Refunds that are still to come are expected from the shop's own past
(``kit.stats.refund_lag``), with their range.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from kit.analyses.campaign import sections
from kit.analyses.campaign.margin_page import exhibits, findings, strip
from kit.analyses.campaign.ordinary import reached
from kit.analyses.campaign.subjects import Campaign
from kit.findings import Missing, Shown
from kit.stats import kpi_parts, kpis, live_rooms
from kit.stats.bases import Days
from kit.stats.creator_deals import Deal
from kit.stats.from_lines import counted
from kit.stats.kpi_days import Dates, Tables, reach
from kit.stats.live_sales import live_sales
from kit.stats.margin import Margin, margin
from kit.stats.refund_cases import cases

if TYPE_CHECKING:
    from kit.analyses.campaign import Result as Campaigns

__all__ = ["Result", "analyse", "show"]

AGREES = 0.05
"""How far the lines may sum to something else than the shop's paid amount and still be all that it sold."""
OPEN_DAYS = 30


@dataclass(frozen=True)
class Returns:
    """Part of the payments that goes back: ``seen`` so far, ``share`` in the end with its range.

    ``by``: cases, paid (what the orders state) or refunded (refunds by their own date). ``early``: more is coming;
    ``told``: how much is known, or nothing is coming any more.
    """

    seen: float
    share: float
    low: float
    high: float
    by: str
    early: bool

    @property
    def told(self) -> bool:
        return not self.early or self.by == "cases"


@dataclass(frozen=True)
class Price:
    """``paid``: what the items that were sold on the days of ``base``, too, brought in the campaign; ``usual``: what as
    many of them would have brought at the prices of those days."""

    base: Days
    paid: float
    usual: float

    @property
    def cut(self) -> float:
        return 1 - self.paid / self.usual


@dataclass(frozen=True)
class Account:
    """One shop's campaign days in money. ``listed``: at the prices asked, before discounts; None where lines do not
    state them. ``own_off`` and ``others_off``: discounts that the shop and that others (platform, creator, payment
    service) paid for; None where no line says whose. ``spend``: None without ad reports. ``creators``: slot fees,
    commissions, agency fees and samples of deals that ended in it, boosting where no ad report has it.

    ``before``: the margin of ordinary days just before and ``price`` the change since; None where lines begin later.
    """

    paid: float
    listed: float | None
    own_off: float | None
    others_off: float | None
    margin: Margin
    returns: Returns
    spend: float | None
    creators: float
    before: Margin | None
    price: Price | None

    @property
    def income(self) -> float:
        """What buyers paid, and what others paid of the price for them."""
        return self.paid + (self.others_off or 0.0)

    def steps(self, share: float | None = None) -> dict[str, float]:
        """From income to what is left, with ``share`` of it returned (as expected where None)."""
        back = self.returns.share if share is None else share
        one = self.margin
        lost = {"returned": back * self.income, "goods": (1 - back) * one.goods * self.paid}
        lost |= {"fees": (1 - back) * one.fees * self.paid, "parcels": (one.gifts + one.parcels) * self.paid}
        return lost | {"spend": self.spend or 0.0, "creators": self.creators}

    def left(self, share: float | None = None) -> float:
        return self.income - sum(self.steps(share).values())


@dataclass(frozen=True)
class Earned:
    """One campaign: an account a shop. ``lacks``: the tables without which there is none."""

    campaign: Campaign
    accounts: tuple[Account, ...]
    lacks: tuple[str, ...] = ()

    def sum(self, of: Callable[[Account], float | None]) -> float | None:
        """Over the shops; None where one of them does not have it."""
        found = [of(one) for one in self.accounts]
        return None if not found or any(v is None for v in found) else float(sum(v for v in found if v is not None))

    @property
    def left(self) -> tuple[float, float, float]:
        """The contribution: expected, and with as many and as few returns as are likely. Shops err together."""
        ends = (lambda a: a.returns.share, lambda a: a.returns.high, lambda a: a.returns.low)
        found = [sum(one.left(end(one)) for one in self.accounts) for end in ends]
        return found[0], found[1], found[2]

    @property
    def usual(self) -> tuple[float, float] | None:
        """The cut against the days before, and the one at which nothing would have been left, all else as it was."""
        usual = self.sum(lambda a: a.price.usual if a.price else None)
        paid = self.sum(lambda a: a.price.paid if a.price else None)
        whole = self.sum(lambda a: a.paid)
        if not usual or not paid or not whole:
            return None
        kept = sum((1 - a.returns.share) * (1 - a.margin.fees) * a.paid for a in self.accounts) / whole
        cut = 1 - paid / usual
        # A part of the price is given away, and with it its returns and fees; the rest of the money stays as it is.
        return cut, 1 - (1 - cut) * (1 - self.left[0] / whole / kept)


@dataclass(frozen=True)
class Result:
    campaigns: tuple[Earned, ...]


def analyse(
    found: Campaigns,
    tables: Tables,
    costs: pd.DataFrame | None,
    cutoff: dt.date,
    *,
    live_sessions: pd.DataFrame | None = None,
    live_daily: pd.DataFrame | None = None,
    creator_deals: pd.DataFrame | None = None,
    refund_open_days: int = OPEN_DAYS,
) -> Result:
    """An account of each of ``found``'s campaigns. ``tables``: those of ``kit.stats.kpi_parts.USED``; ``costs``: the
    canonical sheet; ``cutoff``: the last day of the data. Refunds are open for ``refund_open_days``. Sessions and the
    sheet of deals are for what creators cost."""
    rows = live_rooms.sessions(live_sessions, live_daily)
    made = []
    for review in found.reviews:
        event, open_days = review.campaign.event, refund_open_days
        days = Days(event.start, event.end)
        rooms = live_sales(rows, creator_deals, days, None, cutoff, open_days) if rows is not None else ()
        deals = {room.shop: room.deals for room in rooms}
        made.append(_campaign(review.campaign, tables, costs, deals, cutoff, open_days))
    return Result(tuple(made))


def show(result: Result) -> Shown:
    """Contribution, margin and prices of each campaign; what is missing for them."""
    parts: list[sections.Part] = []
    for one in result.campaigns:
        said = findings(one) if one.accounts else ()
        parts.append((one.campaign, said, exhibits(one, said) if one.accounts else (), _missing(one)))
    return sections.together("margin", parts, (strip(one) for one in result.campaigns if one.accounts))


def _missing(one: Earned) -> Iterable[Missing]:
    if not one.accounts:
        yield Missing(f"campaign.{one.campaign.key}.margin", "question.campaign.margin", one.lacks)


def _campaign(
    campaign: Campaign,
    tables: Tables,
    costs: pd.DataFrame | None,
    deals: Mapping[str, Sequence[Deal]],
    cutoff: dt.date,
    open_days: int,
) -> Earned:
    lines = tables.get("order_lines")
    lacks = tuple(name for name, one in (("order_lines", lines), ("costs", costs)) if one is None or one.empty)
    if lacks or lines is None or costs is None:
        return Earned(campaign, (), lacks)
    shops = [campaign.shop] if campaign.shop else list(kpi_parts.shops(tables))
    figures = kpis.figures(tables, campaign.event.start, campaign.event.end)
    facts = (tables, costs, deals, figures, cutoff, open_days)
    found = [_account(shop, campaign.event, *facts) for shop in shops]
    lacking = sorted({one for one in found if isinstance(one, str)})
    return Earned(campaign, () if lacking else tuple(o for o in found if isinstance(o, Account)), tuple(lacking))


def _account(
    shop: str,
    event: Days,
    tables: Tables,
    costs: pd.DataFrame,
    deals: Mapping[str, Sequence[Deal]],
    figures: Mapping[str, kpis.Figures],
    cutoff: dt.date,
    open_days: int,
) -> Account | str:
    """Of one shop, or the table that it lacks."""
    lines = tables["order_lines"]
    assert lines is not None
    own = counted(lines[lines["shop"] == shop])
    days = Dates(event.start, event.end)
    if own["paid_at"].isna().all() or not reach(own["paid_at"], days).value:
        return "order_lines"
    sold = days.of(own, "paid_at")
    paid, known = float(sold["paid_amount"].sum()), figures.get(shop, {})
    whole = known.get("pay_amount")
    if paid <= 0 or (whole and whole.value and abs(paid / whole.value - 1) > AGREES):
        return "order_lines"
    returns = _returns(shop, event, tables, known, cutoff, open_days)
    if returns is None:
        return "refunds"
    used = lines[lines["shop"] == shop]
    stays = margin(used, costs, event.start, event.end, returns.share)
    if stays is None:
        return "costs"
    base = reached(event, own["paid_at"])
    before = margin(used, costs, base.start, base.end, returns.share) if base else None
    price = _price(sold, Dates(base.start, base.end).of(own, "paid_at"), base) if base else None
    spend = known["spend"].value if "spend" in known else None
    theirs = _off(sold, "platform_discount", "creator_discount", "payment_discount")
    facts = (paid, _listed(sold), _off(sold, "shop_discount"), theirs, stays, returns)
    return Account(*facts, spend, _creators(deals.get(shop, ()), spend is not None), before, price)


def _creators(deals: Sequence[Deal], advertised: bool) -> float:
    """Boosting is in the ad reports, where there are any. Deals whose sessions nobody knows have no cost yet."""
    known = [(deal.mid or deal.now).costs for deal in deals if deal.now]
    return sum(one.total - (one.boosting if advertised else 0.0) for one in known)


# ---- prices ----------------------------------------------------------------------------------------------------


def _listed(sold: pd.DataFrame) -> float | None:
    asked = sold["unit_price"] * sold["quantity"]
    return float(asked.sum()) if len(asked) and asked.notna().all() else None


def _off(sold: pd.DataFrame, *columns: str) -> float | None:
    """Discounts of these kinds, whatever their sign in the file; None where a line states none of them."""
    stated = sold[list(columns)]
    return float(stated.abs().sum().sum()) if stated.notna().any(axis=1).all() else None


def _price(now: pd.DataFrame, before: pd.DataFrame, base: Days) -> Price | None:
    """Over the items sold on both days, each weighted by what it sold in the campaign."""
    a, b = _by_item(now), _by_item(before)
    both = a.join(b, how="inner", suffixes=("_now", "_then"))
    both = both[(both["quantity_then"] > 0) & (both["paid_amount_then"] > 0)]
    usual = float((both["quantity_now"] * both["paid_amount_then"] / both["quantity_then"]).sum())
    return Price(base, float(both["paid_amount_now"].sum()), usual) if usual > 0 else None


def _by_item(lines: pd.DataFrame) -> pd.DataFrame:
    coded = lines.assign(code=lines["merchant_sku"].fillna(lines["item_id"]))
    return coded[coded["code"].notna()].groupby("code")[["paid_amount", "quantity"]].sum()


# ---- returns ---------------------------------------------------------------------------------------------------


def _returns(
    shop: str, event: Days, tables: Tables, figures: kpis.Figures, cutoff: dt.date, open_days: int
) -> Returns | None:
    """From refund cases, with what is still to come; else as orders or daily figures state them so far."""
    told = cases(tables.get("refunds"), tables.get("shop_daily"), shop)
    found = told.of(event.start, event.end, open_days) if told else None
    if found and found.share is not None and found.final is not None:
        return Returns(found.share, found.final.share, found.final.low, found.final.high, "cases", found.open)
    early = (cutoff - event.end).days < open_days
    for name, by in (("refund_rate_paid", "paid"), ("refund_rate", "refunded")):
        rate: Any = figures.get(name)
        if rate and rate.value is not None:
            return Returns(rate.value, rate.value, rate.value, rate.value, by, early)
    return None
