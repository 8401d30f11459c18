"""How much of a fresh month's refunds is still to come: learnt from how long the shop's refunds took before.

Money in (one currency), fractions of the paid amount out; a delay is whole days from payment to refund.

A payment day's refunds count as all in after ``horizon`` days; how many of them are in before, and what a young day
still has to expect, is told by ``kit.stats.delays`` from the days before and since.

Learnt from the shop's own past, it cannot know a delay that changes: a holiday week in which nobody refunds, or parcels
that arrive late after a promotion.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.stats import delays
from kit.stats.delays import Flags, Floats, Ints

Dates = NDArray[np.datetime64]

HORIZON = 45
"""Days after which a payment day's refunds count as all in."""
OPEN_DAYS = 30
HISTORY = 180
"""Days before ``as_of`` from which delays and shares are learnt: a shop of a year ago refunded otherwise."""
LEAST_DAYS = 10
LEAST_REFUNDS = 50
"""Payment days past the horizon, and refunds of theirs, without which the delay is not learnt."""
SEED = int.from_bytes(b"refund_lag")


class Verdict(StrEnum):
    SETTLED = "settled"
    OPEN = "open"
    TOO_LITTLE = "too_little"


class Reason(StrEnum):
    """Why a projection is withheld."""

    NOTHING_PAID = "nothing_paid"
    REFUNDS_CUT = "refunds_cut"  # the refunds known begin after the period's first sale
    NO_REFUNDS = "no_refunds"
    FEW_DAYS = "few_days"
    FEW_REFUNDS = "few_refunds"


class Why(StrEnum):
    """Why a row is left out."""

    PAID_NOT_POSITIVE = "paid_not_positive"
    PAID_NO_DAY = "paid_no_day"
    PAID_LATER = "paid_later"  # after as_of
    REFUND_NOT_POSITIVE = "refund_not_positive"
    NO_PAID_DAY = "no_paid_day"
    NO_REFUND_DAY = "no_refund_day"
    BEFORE_PAYMENT = "before_payment"
    AFTER_AS_OF = "after_as_of"
    NO_SALES = "no_sales"  # of a day without any paid amount


@dataclass(frozen=True)
class Left:
    """Rows left out for one reason, and their money; the first reason that holds is the row's."""

    why: Why
    rows: int
    amount: float


@dataclass(frozen=True)
class Development:
    """How refunds come in. ``arrived[d]`` is the fraction of a payment day's refund money that is in after ``d`` days,
    over all weekdays; ``share`` is refunds ÷ paid of the ``mature`` days, those past the horizon. With a ``reason``
    against learning they are empty and None.

    ``days`` and ``refunds`` are the payment days and refund rows learnt from, ``late`` the money refunded after more
    than ``horizon`` days: part of no delay, yet of every amount refunded so far. ``left``: what is left out, payments
    before refunds.
    """

    as_of: dt.date
    horizon: int
    arrived: tuple[float, ...]
    share: float | None
    days: int
    mature: int
    refunds: int
    late: float
    left: tuple[Left, ...]
    reason: Reason | None


@dataclass(frozen=True)
class Final:
    """What is expected in the end: ``to_come`` is money, ``share`` a fraction of the paid amount with its 95 %
    prediction interval, ``arrived`` the fraction of these refunds that is in (None if there are to be none)."""

    to_come: float
    share: float
    low: float
    high: float
    arrived: float | None


@dataclass(frozen=True)
class Open:
    """Refunds of what was paid from ``start`` to ``end`` (or to the day it is), by date of payment.

    ``paid``, ``refunded`` and ``young`` (paid on days younger than the open days) are money, ``share`` is refunded so
    far ÷ paid. None: ``share`` where nothing was paid or refunds are cut, ``final`` there and where the delay is not
    learnt. ``reason`` says why the verdict is too little.
    """

    start: dt.date
    end: dt.date
    paid: float
    refunded: float
    young: float
    share: float | None
    final: Final | None
    verdict: Verdict
    reason: Reason | None
    development: Development

    @property
    def open(self) -> bool:
        """Something was paid on a day younger than the open days, whether or not the rest can be projected."""
        return self.young > 0


def development(
    paid: pd.DataFrame,
    refunds: pd.DataFrame,
    as_of: dt.date,
    horizon: int = HORIZON,
    *,
    history: int = HISTORY,
    since: dt.date | None = None,
) -> Development:
    """How the refunds of ``paid`` (columns day, amount) came in, from ``refunds`` (paid_day, refund_day, amount).

    Rows may be orders or days' sums; days are dates or timestamps without time zone. ``as_of`` is the last day whose
    refunds are complete, ``since`` the first (that of the earliest refund if None): payments before are not learnt
    from. Raises ValueError where ``horizon`` is not between 1 and ``history``.
    """
    return _develop(_book(paid, refunds, as_of, horizon, history, since))


def period(
    paid: pd.DataFrame,
    refunds: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    open_days: int = OPEN_DAYS,
    *,
    horizon: int = HORIZON,
    history: int = HISTORY,
    since: dt.date | None = None,
    draws: int = delays.DRAWS,
    seed: int = SEED,
) -> Open:
    """Refunds of the payments from ``start`` to ``end``: so far, in the end, and whether they are still open.

    Give all payments and refunds there are, not the period's alone: delays are learnt from the months before and the
    days since. The rest as for ``development``; ``open_days`` is 1 to ``horizon``. One seed, one interval.
    """
    if not 1 <= open_days <= horizon:
        raise ValueError(f"open_days is {open_days}: it must lie between 1 and the horizon, {horizon}")
    book = _book(paid, refunds, as_of, horizon, history, since)
    learnt = _develop(book)
    inside = (book.day >= np.datetime64(start, "D")) & (book.day <= np.datetime64(end, "D"))
    money, back = float(book.paid[inside].sum()), float((book.cells.sum(1) + book.late)[inside].sum())
    young = float(book.paid[inside & (book.age < open_days)].sum())
    why, share, final = learnt.reason, None, None
    if not inside.any():
        why = Reason.NOTHING_PAID
    elif since is not None and book.day[inside][0] < np.datetime64(since, "D"):
        why = Reason.REFUNDS_CUT
    else:
        share = back / money
        if book.age[inside][-1] >= horizon:
            final = _final(money, back, 0.0, 0.0, 0.0)
        elif why is None:
            used, number = book.learn, book.day.astype(np.int64)
            known = delays.ahead(
                number[used], book.age[used], book.paid[used], book.cells[used], inside[used], draws=draws, seed=seed
            )
            final = _final(money, back, *known)
    withheld = share is None or (young > 0 and final is None)
    verdict = Verdict.TOO_LITTLE if withheld else Verdict.OPEN if young > 0 else Verdict.SETTLED
    return Open(start, end, money, back, young, share, final, verdict, why if withheld else None, learnt)


def _final(money: float, back: float, expected: float, low: float, high: float) -> Final:
    """Amounts to come as shares: an interval holds its expected value, and nobody refunds more than was paid."""
    most = max(1.0, back / money)
    ends = min(low, expected), expected, max(high, expected)
    low, share, high = (min((back + come) / money, most) for come in ends)
    total = back + expected
    return Final(expected, share, low, high, back / total if total > 0 else None)


@dataclass(frozen=True, eq=False)
class _Book:
    """Payment days with sales, ascending. ``cells`` (days, horizon + 1) are refunds by delay, nothing where the delay
    lies ahead; ``rows`` counts them; ``late`` is what came after the horizon; ``learn`` marks days to learn from."""

    as_of: dt.date
    horizon: int
    day: Dates
    age: Ints
    paid: Floats
    cells: Floats
    rows: Ints
    late: Floats
    learn: Flags
    left: tuple[Left, ...]


def _book(
    paid: pd.DataFrame, refunds: pd.DataFrame, as_of: dt.date, horizon: int, history: int, since: dt.date | None
) -> _Book:
    if not 1 <= horizon < history:
        raise ValueError(f"horizon is {horizon}: it must be at least 1 and less than the history, {history}")
    now = np.datetime64(as_of, "D")
    when, money = _days(paid["day"]), _money(paid["amount"])
    faults = {Why.PAID_NOT_POSITIVE: ~(money > 0), Why.PAID_NO_DAY: np.isnat(when), Why.PAID_LATER: when > now}
    kept, left = _sift(money, faults)
    day, place = np.unique(when[kept], return_inverse=True)
    sold, back, amount = _days(refunds["paid_day"]), _days(refunds["refund_day"]), _money(refunds["amount"])
    faults = {
        Why.REFUND_NOT_POSITIVE: ~(amount > 0),
        Why.NO_PAID_DAY: np.isnat(sold),
        Why.NO_REFUND_DAY: np.isnat(back),
        Why.BEFORE_PAYMENT: back < sold,
        Why.AFTER_AS_OF: back > now,
        Why.NO_SALES: ~np.isin(sold, day),
    }
    known, lost = _sift(amount, faults)
    row, delay = np.searchsorted(day, sold[known]), (back - sold)[known].astype(np.int64)
    cells, sums = np.zeros((len(day), horizon + 2)), np.zeros(len(day))
    np.add.at(cells, (row, np.minimum(delay, horizon + 1)), amount[known])
    np.add.at(sums, place, money[kept])
    rows, age = np.bincount(row[delay <= horizon], minlength=len(day)), (now - day).astype(np.int64)
    first = np.append(back[known], now).min() if since is None else np.datetime64(since, "D")
    learn = (day >= first) & (age < history)
    return _Book(as_of, horizon, day, age, sums, cells[:, :-1], rows, cells[:, -1], learn, (*left, *lost))


def _sift(amount: Floats, faults: dict[Why, Flags]) -> tuple[Flags, list[Left]]:
    """Which rows have no fault, and those that have one by the first of theirs."""
    kept, left = np.ones(len(amount), bool), []
    for why, faulty in faults.items():
        if (out := kept & faulty).any():
            left.append(Left(why, int(out.sum()), float(np.nansum(amount[out]))))
        kept &= ~faulty
    return kept, left


def _days(days: pd.Series) -> Dates:
    return pd.to_datetime(days).to_numpy().astype("datetime64[D]")


def _money(amounts: pd.Series) -> Floats:
    money = pd.to_numeric(amounts).to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(money), money, np.nan)


def _develop(book: _Book) -> Development:
    mature = book.learn & (book.age >= book.horizon)
    reason, curve, share = None, [], None
    if not (book.rows.any() or book.late.any()):
        reason = Reason.NO_REFUNDS
    elif mature.sum() < LEAST_DAYS:
        reason = Reason.FEW_DAYS
    elif book.rows[mature].sum() < LEAST_REFUNDS:
        reason = Reason.FEW_REFUNDS
    else:
        curve = delays.completion(book.cells[book.learn], book.age[book.learn])[0].tolist()
        share = float(book.cells[mature].sum() / book.paid[mature].sum())
    counts = int(book.learn.sum()), int(mature.sum()), int(book.rows[book.learn].sum())
    return Development(
        book.as_of, book.horizon, tuple(curve), share, *counts, float(book.late.sum()), book.left, reason
    )
