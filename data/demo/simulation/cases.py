"""Refund cases of the Tmall shop: applied for, agreed to, refunded; some still open at the end, some withdrawn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.book import GIFT, Book
from simulation.feedback import BURST_BOUGHT, BURST_FROM
from simulation.items import LEAKING
from simulation.world import END, rng

CASES_FROM = "2024-09-01"
"""First day of application that is told: what was paid in September and later is told whole."""
WITHDRAWN = 0.004
"""Share of lines for which a refund was asked and the request taken back."""
EARLY = ("多拍/拍错/不想要", "未按约定时间发货", "地址/电话信息填写错误")
LATE = ("7天无理由退换货", "商品成分描述不符", "过敏/不适", "效果不好/不喜欢")
LEAKED = "包装/商品破损/漏液"


def cases(book: Book, catalogue: pd.DataFrame) -> pd.DataFrame:
    """One row per case applied for from ``CASES_FROM`` to the last day, in the order of application.

    Columns: row and line (positions in the book's frames), item, applied and closed (times; closed is NaT while open),
    refund (fen, what is asked for), paid (fen, the line's payment), state (success, open, closed), in_sale, returned,
    reason, serial (of the day of application).
    """
    generator = rng("cases")
    lines = book.lines[book.lines["item"] != GIFT]
    paid = book.orders["paid"].loc[lines["row"]].to_numpy()
    draw = generator.random(len(lines))
    back = lines["refunded"].notna().to_numpy()
    asked = back | (~np.isnan(paid) & (draw < WITHDRAWN))
    frame = lines[asked].reset_index(names="line").assign(paid_at=paid[asked], back=back[asked])
    frame = _moments(generator, frame)
    told = (frame["applied"] >= CASES_FROM) & (frame["applied"] < END + pd.Timedelta(days=1))
    frame = frame[told].sort_values(["applied", "line"], kind="stable").reset_index(drop=True)
    frame["serial"] = frame.groupby(frame["applied"].dt.normalize()).cumcount() + 1
    done = frame["closed"] < END + pd.Timedelta(days=1)
    frame["state"] = np.select([~done, frame["back"]], ["open", "success"], "closed")
    frame["closed"] = frame["closed"].where(done)
    frame["refund"], frame["paid"] = frame["amount"], frame["amount"]
    early = (frame["applied"] - frame["paid_at"]) < pd.Timedelta(days=2)
    frame["returned"] = ~early & (generator.random(len(frame)) < 0.8)
    frame["reason"] = _reasons(generator, frame, early.to_numpy(), catalogue)
    columns = ["row", "line", "item", "applied", "closed", "refund", "paid", "state", "in_sale", "returned", "reason"]
    return frame[[*columns, "serial"]]


def _moments(generator: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """A refund is asked for some days before it is made, at the earliest on the day after payment."""
    count = len(frame)
    day = frame["paid_at"].dt.normalize()
    withdrawn = day + pd.to_timedelta(generator.integers(3, 12, count), unit="D")
    closed = frame["refunded"].where(frame["back"], withdrawn)
    lag = (closed - day).dt.days.to_numpy()
    before = np.minimum(generator.integers(0, 6, count), lag - 1)
    asked = generator.integers(8 * 3600, 15 * 3600, count)
    made = np.where(before > 0, generator.integers(9 * 3600, 21 * 3600, count), asked + 3600)
    return frame.assign(
        applied=closed - pd.to_timedelta(before, unit="D") + pd.to_timedelta(asked, unit="s"),
        closed=closed + pd.to_timedelta(made, unit="s"),
    )


def _reasons(
    generator: np.random.Generator, frame: pd.DataFrame, early: np.ndarray, catalogue: pd.DataFrame
) -> np.ndarray:
    draw = generator.integers(0, 1_000, len(frame))
    plain = np.where(early, np.array(EARLY)[draw % len(EARLY)], np.array(LATE)[draw % len(LATE)])
    leaking = (catalogue["code"].to_numpy() == LEAKING)[frame["item"]]
    batch = frame["paid_at"].dt.normalize().between(*BURST_BOUGHT) & (frame["applied"] >= BURST_FROM)
    return np.where(leaking & batch, LEAKED, plain)
