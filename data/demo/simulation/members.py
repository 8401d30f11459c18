"""The Tmall shop's members by month: who joined with the first order, and what they bought."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.buyers import BASE
from simulation.orders import Orders
from simulation.world import START, rng

JOINED = 0.34
"""Share of buyers who join, on the day of their first order."""


def monthly(orders: Orders) -> pd.DataFrame:
    """One row per month since ``START``: members (at its end), new_members, active_members (who looked in),
    member_buyers, member_pay_amount (yuan)."""
    generator = rng("members")
    bought = orders.orders
    joined = generator.random(int(bought["buyer"].max()) + 1) < JOINED
    theirs = bought[joined[bought["buyer"]]]
    theirs = theirs.assign(month=theirs["date"].dt.to_period("M"))
    by_month = theirs.groupby("month")
    table = pd.DataFrame({"member_buyers": by_month["buyer"].nunique(), "pay": by_month["amount"].sum()})
    first = theirs[theirs["buyer"] >= BASE].groupby("buyer")["month"].min().value_counts()
    table["new_members"] = first.reindex(table.index, fill_value=0)
    table["members"] = int(joined[:BASE].sum()) + table["new_members"].cumsum()
    table["active_members"] = np.rint(table["member_buyers"] * generator.uniform(5.0, 6.5, len(table)))
    table["active_members"] = table[["active_members", "members"]].min(axis=1).astype(np.int64)
    table["member_pay_amount"] = table["pay"] / 100
    columns = ["members", "new_members", "active_members", "member_buyers", "member_pay_amount"]
    return table.loc[START.to_period("M") :, columns]
