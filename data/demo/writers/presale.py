"""Presale days of Double 11 as a consultant keeps them from the campaign screen: a plain sheet."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from formats import csv_bytes, rows, yuan
from simulation.book import DEPOSIT, PRESALE
from simulation.everything import Simulation

HEADER = ("日期", "活动", "定金人数", "定金订单数", "定金金额", "尾款人数", "尾款订单数", "尾款金额", "定金膨胀金额")


def days(world: Simulation) -> pd.DataFrame:
    """Deposits by the day they were paid, balances by theirs, as the order book has them: buyers, orders, money in fen.

    A deposit counts twice towards the price; the shop bears the second half.
    """
    heads = world.book.orders[world.book.orders["kind"].isin(["presale", "lapsed"])]
    placed = heads.groupby(heads["created"].dt.normalize())
    settled = heads[heads["kind"] == "presale"]
    paid = settled.groupby(settled["paid"].dt.normalize())
    table = pd.DataFrame(
        {
            "deposit_buyers": placed["buyer"].nunique(), "deposits": placed.size(),
            "balance_buyers": paid["buyer"].nunique(), "balances": paid.size(), "amount": paid["amount"].sum(),
        },
        index=pd.date_range(*PRESALE),
    ).fillna(0).astype("int64")  # fmt: skip
    return table.assign(deposit_amount=table["deposits"] * DEPOSIT, inflation=table["balances"] * DEPOSIT)


def presale(world: Simulation) -> Iterator[tuple[str, bytes]]:
    table = days(world)
    given = {
        "日期": [f"{d:%Y-%m-%d}" for d in table.index],
        "活动": "双11 2024",
        "定金人数": [str(v) for v in table["deposit_buyers"]],
        "定金订单数": [str(v) for v in table["deposits"]],
        "定金金额": [yuan(v) for v in table["deposit_amount"]],
        "尾款人数": [str(v) for v in table["balance_buyers"]],
        "尾款订单数": [str(v) for v in table["balances"]],
        "尾款金额": [yuan(a - DEPOSIT * n) for a, n in zip(table["amount"], table["balances"], strict=True)],
        "定金膨胀金额": [yuan(v) for v in table["inflation"]],
    }
    yield "tmall/预售日数据_双11_2024.csv", csv_bytes(rows(HEADER, len(table), given), "utf-8-sig")
