"""Shops of noise, in which nothing happens: what must not be called, for the tests and ``benchmarks/noise.py``."""

import numpy as np
import pandas as pd

from kit.tables import TABLES, frame


def shop(seed="scorecard", since="2022-11-01", until="2024-11-30", name="a", platform="jd"):
    """A shop of noise: weekday pattern, independent days, nothing that happens."""
    rng = np.random.default_rng(int.from_bytes(seed.encode()))
    days = pd.date_range(since, until)
    week = np.array([1.0, 0.95, 0.9, 1.0, 1.1, 1.3, 1.25])[days.day_of_week]
    visitors = np.round(2000 * week * rng.lognormal(0, 0.15, len(days)))
    buyers = np.round(visitors * 0.03 * rng.lognormal(0, 0.1, len(days)))
    paid = buyers * 200 * rng.lognormal(0, 0.08, len(days))
    given = {"visitors": visitors, "pay_buyers": buyers, "pay_amount": paid, "pay_orders": buyers + 2}
    given |= {"new_buyers": np.round(buyers * rng.uniform(0.5, 0.7, len(days))), "pageviews": visitors * 3}
    given |= {"cart_users": np.round(visitors * rng.uniform(0.06, 0.1, len(days))), "pay_units": buyers * 1.5}
    about = {"platform": [platform] * len(days), "shop": [name] * len(days), "date": days}
    return frame(TABLES["shop_daily"], about | given)


def everything(seed, since="2022-11-01", until="2024-11-30"):
    """A shop of noise in every table that has a history: refunds, advertising, service and sources by day."""
    daily = shop(seed, since, until)
    rng = np.random.default_rng(int.from_bytes(seed.encode()) + 1)
    days, paid = daily["date"], daily["pay_amount"]
    about = {"platform": ["jd"] * len(days), "shop": ["a"] * len(days), "date": list(days)}

    def noisy(level, spread=0.2):
        return level * rng.lognormal(0, spread, len(days))

    given = {"refund_amount": noisy(paid * 0.1), "avg_stay_seconds": noisy(60), "bounce_rate": noisy(0.4, 0.1)}
    words = {
        "tool": ["jingzhuntong"] * len(days),
        "breakdown": ["account"] * len(days),
        "window_days": [15.0] * len(days),
    }
    ads = frame(TABLES["ads_daily"], about | words | {"spend": noisy(paid * 0.08), "ad_gmv": noisy(paid * 0.3)})
    served = {"served_users": noisy(80), "first_response_seconds": noisy(30), "satisfaction_rate": noisy(0.9, 0.03)}
    scores = {name: noisy(4.8, 0.01) for name in ("dsr_description", "dsr_service", "dsr_logistics")}
    service = frame(TABLES["service_daily"], about | {"agent": [""] * len(days)} | served | scores)
    natural = noisy(0.6, 0.1).clip(max=0.95)
    kinds = zip(("淘内免费", "付费推广"), (natural, 1 - natural), strict=True)
    about |= {name: [""] * len(days) for name in ("carrier", "source_l2", "source_l3", "source_l4")}
    by_source = [
        frame(TABLES["traffic_source"], about | {"source_l1": [kind] * len(days), "pay_amount": paid * part})
        for kind, part in kinds
    ]
    return daily.assign(**given), {"ads_daily": ads, "service_daily": service, "traffic_source": pd.concat(by_source)}


def counted(seed, since="2022-11-01", until="2024-11-30"):
    """A shop of noise in what is counted once over a period, is a stock, or comes by the month: orders of buyers who
    come back or don't, items that sell or don't, stock at the end of each month, months of sources."""
    daily = shop(seed, since, until)
    rng = np.random.default_rng(int.from_bytes(seed.encode()) + 2)
    days, about = daily["date"], {"platform": "jd", "shop": "a"}
    bought = days.repeat(rng.poisson(12, len(days))).reset_index(drop=True)
    ids = [str(n) for n in range(len(bought))]
    buyers = rng.integers(0, 4000, len(bought)).astype(str)
    given = {"order_id": ids, "buyer_key": buyers, "paid_at": bought, "paid_amount": 100.0, "counted": True}
    orders = frame(TABLES["orders"], _filled(about | given))
    sold = {"order_id": ids, "line_id": "1", "kind": "sale", "created_at": bought, "paid_at": bought, "quantity": 1}
    lines = frame(TABLES["order_lines"], _filled(about | sold | {"merchant_sku": "A"}))
    seen = days.repeat(20).reset_index(drop=True)
    listed = {"date": seen, "item_id": [str(n % 20) for n in range(len(seen))]}
    items = frame(TABLES["item_daily"], _filled(about | listed | {"pay_amount": 9.0 * (rng.random(len(seen)) < 0.05)}))
    firsts = pd.date_range(since, until, freq="MS")
    ends, months = firsts + pd.offsets.MonthEnd(0), len(firsts)
    counts = {"warehouse": "w", "merchant_sku": "A", "date": ends, "stock_on_hand": 400 * rng.lognormal(0, 0.2, months)}
    paid = daily.set_index("date")["pay_amount"].resample("MS").sum().to_numpy()
    natural = (0.6 * rng.lognormal(0, 0.1, months)).clip(max=0.95)
    blank = {name: "" for name in ("carrier", "source_l2", "source_l3", "source_l4")}
    by_source = [
        frame(
            TABLES["traffic_source_period"],
            _filled(about | blank | {"source_l1": kind, "start": firsts, "end": ends, "pay_amount": paid * part}),
        )
        for kind, part in (("淘内免费", natural), ("付费推广", 1 - natural))
    ]
    made = {"orders": orders, "order_lines": lines, "item_daily": items}
    made |= {"inventory": frame(TABLES["inventory"], _filled(counts)), "traffic_source_period": pd.concat(by_source)}
    return daily, made


def _filled(given):
    """Every column as long as the longest."""
    size = max(len(own) for own in given.values() if not isinstance(own, str) and hasattr(own, "__len__"))
    plain = {name: own for name, own in given.items() if isinstance(own, str) or not hasattr(own, "__len__")}
    return given | {name: [own] * size for name, own in plain.items()}
