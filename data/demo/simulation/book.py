"""The Tmall shop's order book as its back office shows it after the last day: who, when, and how each order stands.

Paid orders, orders never paid, and presale deposits whose balance was never paid. Order and line numbers run through
each day in the order in which orders were placed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulation.orders import HOURS, Orders
from simulation.world import END, position, rng

BOOK_FROM = "2024-04-15"
"""Reviews and refunds of the exported months reach back so far; unpaid orders begin later."""
PRESALE = ("2024-10-14", "2024-10-24")
"""Deposits of Double 11 2024 and their balances; deposits close when the sale opens at 20:00 on their last day."""
DEPOSIT = 2_000
CONFIRMED = (7, 15)
"""Buyers confirm receipt so many days after payment, or the platform does it for them."""
GIFT = -1
"""Stands for the gift in a line's ``item``."""
GIFT_FROM, GIFT_TO, GIFT_AMOUNT = "2024-10-31", "2024-11-11", 30_000
"""Event orders of so many fen come with a gift in these days."""


@dataclass(frozen=True)
class Book:
    """``orders``: kind (spot, presale, unpaid, lapsed), buyer, created, paid, completed (times; NaT), shipped (the day
    on which it is shipped or will be), serial (of the day of creation), status (unpaid, paid, shipped, completed,
    closed), gross, amount, refund (fen; a refund counts once it succeeded), units (gifts included), kinds, new, event.

    ``lines``: row (of ``orders``), number (from 1), item (or ``GIFT``), quantity, gross, amount, refund (fen as it will
    be in the end), refunded (its day, NaT), in_sale (refunded before the order was completed), status.

    ``row``: where a paid order of ``Orders`` stands.
    """

    orders: pd.DataFrame
    lines: pd.DataFrame
    row: pd.Series


def order_numbers(heads: pd.DataFrame) -> list[str]:
    """Nineteen digits each, more than a spreadsheet's number holds; ``heads`` has created and serial."""
    days = heads["created"].to_numpy().astype("datetime64[D]").astype(str)
    return [f"4{d[2:4]}{d[5:7]}{d[8:]}771206{s:06d}" for d, s in zip(days, heads["serial"], strict=True)]


def line_numbers(orders: list[str], lines: pd.DataFrame) -> list[str]:
    """Of the lines of ``orders``, by their number and how many their order has: a single one has its order's."""
    counted = zip(orders, lines["number"], lines["count"], strict=True)
    return [o if c == 1 else f"{o[:7]}771207{o[14:]}{n}" for o, n, c in counted]


def book(orders: Orders, unpaid: tuple[pd.DataFrame, pd.DataFrame], presale: pd.DataFrame) -> Book:
    """Everything placed since ``BOOK_FROM``, as it stands at the end of the last day."""
    generator = rng("book")
    heads, lines = _together(orders, unpaid)
    heads, lines = _with_lapsed(generator, heads, lines, presale)
    heads = _times(generator, heads)
    order = np.lexsort([heads["order"], heads["created"].to_numpy()])
    heads = heads.iloc[order].reset_index(drop=True)
    heads["serial"] = heads.groupby(heads["created"].dt.normalize()).cumcount() + 1
    rows = pd.Series(heads.index, index=pd.MultiIndex.from_frame(heads[["paid_kind", "order"]]))
    lines["row"] = rows.loc[pd.MultiIndex.from_frame(lines[["paid_kind", "order"]])].to_numpy()
    lines = _with_gifts(heads, lines.sort_values("row", kind="stable"))
    lines = _standing(heads, lines)
    heads = _summed(heads, lines)
    kept = [
        "kind", "buyer", "created", "paid", "shipped", "completed", "serial", "status", "gross", "amount", "refund",
        "units", "kinds", "new", "event",
    ]  # fmt: skip
    told = ["row", "number", "item", "quantity", "gross", "amount", "refund", "refunded", "in_sale", "status"]
    return Book(heads[kept], lines[told].reset_index(drop=True), rows[True])


def _together(orders: Orders, unpaid: tuple[pd.DataFrame, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Paid and unpaid orders in one frame; buyers numbered by their first order, those who never paid after them."""
    every = orders.orders.sort_values(["day", "second"], kind="stable")
    number = pd.Series(pd.factorize(every["buyer"])[0] + 1, index=every["order"].to_numpy())
    paid = orders.orders[orders.orders["day"] >= position(BOOK_FROM)]
    early = position(PRESALE[0])
    paid = paid.assign(
        kind=np.where(paid["balance"] & (paid["day"] >= early), "presale", "spot"),
        paid_kind=True,
        buyer=number.loc[paid["order"].to_numpy()].to_numpy(),
    )
    lines = orders.lines[orders.lines["day"] >= position(BOOK_FROM)].assign(paid_kind=True)
    heads, parts = unpaid
    heads = heads.assign(kind="unpaid", paid_kind=False, new=False, buyer=len(number) + 1 + heads["order"])
    parts = parts.assign(paid_kind=False, refund=0, refunded=pd.NaT)
    columns = ["order", "kind", "paid_kind", "day", "date", "second", "buyer", "event", "new"]
    wanted = ["order", "paid_kind", "item", "quantity", "gross", "amount", "refund", "refunded"]
    return (
        pd.concat([paid[columns], heads[columns]], ignore_index=True),
        pd.concat([lines[wanted], parts[wanted]], ignore_index=True),
    )


def _with_lapsed(
    generator: np.random.Generator, heads: pd.DataFrame, lines: pd.DataFrame, presale: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each presale order gets the moment of its deposit; deposits left over are orders whose balance was never paid,
    like one of the others in everything else."""
    deposited = _deposits(generator, presale.loc[PRESALE[0] : PRESALE[1], "deposit_buyers"])
    kept = heads[heads["kind"] == "presale"]
    heads.loc[kept.index, "deposited"] = deposited[: len(kept)]
    over = deposited[len(kept) :]
    like = kept["order"].to_numpy()[generator.integers(0, len(kept), len(over))]
    first = int(heads.loc[~heads["paid_kind"], "order"].max()) + 1
    fresh = pd.DataFrame({"order": first + np.arange(len(over)), "like": like})
    more = fresh[["order"]].assign(
        kind="lapsed", paid_kind=False, deposited=over, event=True, new=False,
        buyer=int(heads["buyer"].max()) + 1 + np.arange(len(over)),
    )  # fmt: skip
    copies = fresh.merge(lines[lines["paid_kind"]].rename(columns={"order": "like"}), on="like", validate="m:m").assign(
        paid_kind=False, refund=0, refunded=pd.NaT
    )
    return pd.concat([heads, more], ignore_index=True), pd.concat([lines, copies[lines.columns]], ignore_index=True)


def _deposits(generator: np.random.Generator, placed: pd.Series) -> np.ndarray:
    """The moment of every deposit, shuffled: from 20:00 on the first day, until 20:00 on the last day that has any."""
    days = generator.permutation(np.repeat(placed.index.to_numpy(), placed.to_numpy()))
    hours = np.arange(24)
    open_ = {days.min(): hours >= 20, days.max(): hours < 20}
    ladder = {day: np.cumsum(HOURS * open_.get(day, True)) for day in placed.index[placed > 0].to_numpy()}
    draw = generator.random(len(days)) * 0.999999 + 1e-9
    hour = [np.searchsorted(ladder[day], u * ladder[day][-1]) for day, u in zip(days, draw, strict=True)]
    second = np.array(hour) * 3600 + generator.integers(0, 3600, len(days))
    return days + second.astype("timedelta64[s]")


def _times(generator: np.random.Generator, heads: pd.DataFrame) -> pd.DataFrame:
    """When each was placed, paid and completed. An order is placed in the same hour in which it is paid."""
    waited = generator.integers(4, 95, len(heads))
    second = heads["second"].fillna(0).to_numpy().astype(np.int64)
    start = np.maximum(second - waited, second // 3600 * 3600)
    moment = pd.to_datetime(heads["date"]) + pd.to_timedelta(second, unit="s")
    created = pd.to_datetime(heads["date"]) + pd.to_timedelta(start, unit="s")
    heads["created"] = heads["deposited"].where(heads["deposited"].notna(), created)
    heads["paid"] = moment.where(heads["paid_kind"])
    days = generator.integers(*CONFIRMED, len(heads))
    heads["ships"] = (second > 57_600) + (generator.integers(0, 100, len(heads)) < 55).astype(np.int64)
    heads["completed"] = heads["paid"] + pd.to_timedelta(days, unit="D")
    return heads


def _with_gifts(heads: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """The lines with a gift behind those of large event orders."""
    amount = lines.groupby("row")["amount"].sum().reindex(heads.index)
    day = heads["paid"].dt.normalize()
    given = heads["event"].astype(bool) & day.between(GIFT_FROM, GIFT_TO) & (amount >= GIFT_AMOUNT)
    rows = heads.index[given]
    gifts = pd.DataFrame({"row": rows, "item": GIFT, "quantity": 1, "gross": 0, "amount": 0, "refund": 0})
    lines = pd.concat([lines, gifts.assign(refunded=pd.NaT)], ignore_index=True).sort_values("row", kind="stable")
    return lines.assign(number=lines.groupby("row").cumcount() + 1).reset_index(drop=True)


def _standing(heads: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """How each order and line stands after the last day: what was sent back before it was completed is closed."""
    completed = heads["completed"].dt.normalize()
    lines["refunded"] = pd.to_datetime(lines["refunded"])
    lines["in_sale"] = lines["refunded"] < completed.loc[lines["row"]].to_numpy()
    gone = lines["in_sale"] & (lines["refunded"] <= END)
    all_gone = np.bincount(lines["row"], (lines["amount"] > 0) & ~gone, len(heads)) == 0
    shipped = heads["paid"].dt.normalize() + pd.to_timedelta(heads["ships"], unit="D")
    late = END + pd.Timedelta(days=1)
    fresh = (heads["kind"] == "unpaid") & (heads["created"] >= END)
    never = heads["paid"].isna()
    heads["status"] = np.select(
        [fresh, never | all_gone, heads["completed"] < late, shipped <= END],
        ["unpaid", "closed", "completed", "shipped"], "paid",
    )  # fmt: skip
    heads["completed"] = heads["completed"].where(heads["status"] == "completed")
    heads["shipped"] = shipped
    lines["status"] = heads["status"].loc[lines["row"]].to_numpy()
    lines["status"] = lines["status"].where(~gone, "closed")
    return lines


def _summed(heads: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    by_row = lines.assign(back=lines["refund"].where(lines["refunded"] <= END, 0)).groupby("row")
    sums = by_row[["gross", "amount", "back", "quantity"]].sum()
    return heads.assign(
        gross=sums["gross"], amount=sums["amount"], refund=sums["back"].astype(np.int64), units=sums["quantity"],
        kinds=by_row["item"].nunique(),
    )  # fmt: skip
