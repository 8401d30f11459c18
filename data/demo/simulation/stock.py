"""Stock by item and day, worked back from what was sold: receipts twice a month, one of them too small."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.items import SLEEPING, STOCKED_OUT
from simulation.orders import OUT_FROM, OUT_TO
from simulation.world import DAYS, END, START, position

COVER_DAYS = 18
LEAD_DAYS = 15


def levels(sold: np.ndarray, items: pd.DataFrame) -> pd.DataFrame:
    """One row per day and item since ``START``: received, sold, on_hand (at the day's close).

    Deliveries come on the 1st and the 16th and leave about ``COVER_DAYS`` of stock when the next one comes. The
    item that runs out gets its November delivery eleven days short, and nothing until the morning after
    ``OUT_TO``. Two sleepers hold what was bought for them long ago.
    """
    start, count = position(START), len(DAYS) - position(START)
    arrivals = [d for d in range(count) if DAYS[start + d].day in (1, 16)]
    frames = []
    for k, item in items.iterrows():
        out = sold[start:, k]
        received = _receipts(out, arrivals)
        if item["code"] == STOCKED_OUT:
            received = _short(out, received)
        on_hand = np.cumsum(received - out)
        if item["code"] in SLEEPING:
            received[0] += 2_400
            on_hand = on_hand + 2_400
        frame = pd.DataFrame({"date": DAYS[start:], "item": k, "received": received, "sold": out, "on_hand": on_hand})
        frames.append(frame[frame["date"] >= item["launched"]])
    return pd.concat(frames, ignore_index=True)


def _receipts(out: np.ndarray, arrivals: list[int]) -> np.ndarray:
    """Deliveries that lift stock to what sells until the next one, and ``COVER_DAYS`` of it beyond."""
    received, stock = np.zeros(len(out), dtype=np.int64), 0
    for now, following in zip(arrivals, [*arrivals[1:], len(out)], strict=True):
        until = int(out[now:following].sum())
        reserve = int(out[now:following].mean() * COVER_DAYS)
        received[now] = max(until + reserve - stock, 0)
        stock += received[now] - until
    return received


def _short(out: np.ndarray, received: np.ndarray) -> np.ndarray:
    """The same deliveries, but stock is used up on the eve of the stock-out and refilled the day after it."""
    first, last = (position(d) - position(START) for d in (OUT_FROM, OUT_TO))
    result = received.copy()
    november = position(END.replace(day=1)) - position(START)
    before = int((received[:november] - out[:november]).sum())
    result[november:] = 0
    needed = int(out[november:first].sum())
    result[november] = max(needed - before, 0)
    # What stock was left over in October would otherwise last into the stock-out: it is trimmed at its source.
    surplus = max(before - needed, 0)
    for day in np.flatnonzero(received[:november])[::-1]:
        taken = min(surplus, int(result[day]))
        result[day] -= taken
        surplus -= taken
    result[last + 1] = int(out[last + 1 :].sum()) + 1_500
    return result
