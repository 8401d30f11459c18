"""What stays of a unit of sales after returns, goods, platform fees and parcels: from order lines and unit costs.

Money that comes back takes its goods and fees along; the parcel is paid for all the same, and so is the gift in it.
Break-even of an advertisement is 1 ÷ this margin: where a sale's margin pays for the spend that it is credited with.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

COVERED = 0.9
"""Part of the sales whose goods must have a cost; below it there is no margin."""


@dataclass(frozen=True)
class Margin:
    """Fractions of what was paid: ``goods`` and ``fees`` of what is kept, ``gifts`` and ``parcels`` of all of it.

    ``returned``: the part of the money that goes back. ``covered``: the part of the sales with a known cost.
    """

    goods: float
    fees: float
    gifts: float
    parcels: float
    returned: float
    covered: float

    @property
    def value(self) -> float:
        return (1 - self.returned) * (1 - self.goods - self.fees) - self.gifts - self.parcels

    @property
    def break_even(self) -> float | None:
        """The return that pays for its spend; None where nothing stays of a sale."""
        return 1 / self.value if self.value > 0 else None


def margin(lines: pd.DataFrame, costs: pd.DataFrame, start: dt.date, end: dt.date, returned: float) -> Margin | None:
    """The margin of what one shop sold from ``start`` to ``end``.

    ``lines``: canonical order lines of the shop; ``costs``: the canonical sheet, each row valid until the next of its
    code. None without sales, or where less than ``COVERED`` of them has a cost.
    """
    after, before = lines["paid_at"] >= pd.Timestamp(start), lines["paid_at"] < pd.Timestamp(end) + pd.Timedelta(days=1)
    ours = lines["kind"].isin(["sale", "gift"]) & lines["excluded"].isna()
    used = _costed(lines[after & before & ours], costs)
    sold, gifts = used[used["kind"] == "sale"], used[used["kind"] == "gift"]
    known = sold[sold["unit_cost"].notna()]
    total, priced = float(sold["paid_amount"].sum()), float(known["paid_amount"].sum())
    if total <= 0 or priced < COVERED * total:
        return None
    shipping = known["packaging"].fillna(0) + known["logistics"].fillna(0)
    given = gifts["unit_cost"] + gifts["packaging"].fillna(0) + gifts["logistics"].fillna(0)
    return Margin(
        goods=float((known["unit_cost"] * known["quantity"]).sum()) / priced,
        fees=float((known["fee_rate"].fillna(0) * known["paid_amount"]).sum()) / priced,
        gifts=float((given * gifts["quantity"]).sum()) / total,
        parcels=float((shipping * known["quantity"]).sum()) / priced,
        returned=returned,
        covered=priced / total,
    )


def _costed(lines: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """Each line with the cost that was valid when it was paid; missing where its code has none yet."""
    names = ["unit_cost", "packaging", "logistics", "fee_rate"]
    coded = lines[lines["merchant_sku"].notna()].sort_values("paid_at", kind="stable")
    priced = costs[["merchant_sku", "valid_from", *names]].sort_values("valid_from", kind="stable")
    at = {"left_on": "paid_at", "right_on": "valid_from", "by": "merchant_sku"}
    found = pd.merge_asof(coded, priced, **at)
    return pd.concat([found, lines[lines["merchant_sku"].isna()].assign(**dict.fromkeys(names, float("nan")))])
