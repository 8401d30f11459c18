"""The source mix of a shop's sales: what came by natural traffic, by content, and by paid promotion.

A visitor who comes by two sources counts in both, so the mix is one of paid amounts, and only where the sources of the
first level add up to what the shop took. Their names are the platforms' own; what names neither promotion nor content
is natural: nobody paid for it and nobody showed the goods.
"""

from __future__ import annotations

import pandas as pd

from kit.stats.kpi_days import ABSENT, GAPS, Dates, Part, Tables, rows_of

PAID = "付费|推广|广告|paid|promot|advert"
CONTENT = "内容|直播|短视频|达人|content|live|video|creator"
AGREES = 0.02
"""How far the first level may sum to something else than the shop's paid amount and still be parts of it."""
NAMES = ("natural_amount", "content_amount", "promoted_amount", "source_amount")


def mix(tables: Tables, days: Dates, paid: Part, periods: bool) -> dict[str, Part]:
    """Paid amount by kind of source (``tables`` hold one shop's rows) and of all of them; a row of exactly the period
    wins where ``periods``."""
    rows, lacks = first_level(tables, days, periods)
    amounts = None if rows is None else rows["pay_amount"]
    total = 0.0 if amounts is None or not amounts.notna().any() else float(amounts.sum())
    if rows is None or not total or not paid.value or abs(total / paid.value - 1) > AGREES:
        return dict.fromkeys(NAMES, Part(None, lacks))
    promoted = rows["source_l1"].str.contains(PAID, case=False)
    content = rows["source_l1"].str.contains(CONTENT, case=False) & ~promoted
    parts = (float(rows.loc[kind, "pay_amount"].sum()) for kind in (~promoted & ~content, content, promoted))
    return dict(zip(NAMES, map(Part, (*parts, total)), strict=True))


def first_level(tables: Tables, days: Dates, periods: bool) -> tuple[pd.DataFrame | None, str]:
    """The platform's own rows of the first level (``tables`` hold one shop's); where none are, the reason."""
    period, daily = rows_of(tables, "traffic_source_period"), rows_of(tables, "traffic_source")
    if period is not None and periods and not days.without:
        start, end = pd.Timestamp(days.start), pd.Timestamp(days.end)
        exact = period[(period["start"] == start) & (period["end"] == end)]
        if len(exact):
            return _whole_shop(exact), ABSENT
    stated = None if daily is None else days.of(daily)
    if stated is None or stated.empty:
        return None, ABSENT
    return (_whole_shop(stated), ABSENT) if stated["date"].nunique() == days.count else (None, GAPS)


def _whole_shop(rows: pd.DataFrame) -> pd.DataFrame:
    """Over all carriers where the platform states these, else carrier by carrier."""
    whole = rows[rows["carrier"] == ""]
    used = whole if len(whole) else rows
    return used[(used["source_l1"] != "") & (used[["source_l2", "source_l3", "source_l4"]] == "").all(axis=1)]
