"""Items of a campaign against the days before: which carried it, which the campaign did not lift, which it took from.

Units a day of the two spans are compared as over-dispersed Poisson counts (McCullagh & Nelder 1989, ch. 6; spread by
Pearson's statistic over items and days, so that a day on which everything sells more adds nothing to it). An item that
sold fewer a day while the shop sold more is called cannibalised only beyond chance, with few false calls among those
made (Benjamini & Hochberg). That its buyers took a campaign item instead is likely, and not shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analyses.campaign.ordinary import reached
from kit.stats.bases import Days
from kit.stats.false_discovery import claims
from kit.stats.from_lines import counted
from kit.stats.kpi_days import Dates, reach
from kit.stats.lost_sales import dispersion

LEAST_UNITS = 20.0
"""Units in both spans together below which nothing is said of an item."""
MOST = 0.5
"""Part of the increase that the heroes bring together."""
HERO, DUD, FELL, PLAIN = "hero", "dud", "cannibalised", ""


@dataclass(frozen=True)
class Item:
    """``amount`` and ``units`` of the campaign; a day of it and of the days before: ``now`` and ``before`` (units),
    ``added`` (money). ``share``: of what the shop sold more a day. ``field``: hero, dud, cannibalised or blank."""

    code: str
    title: str
    amount: float
    units: float
    now: float
    before: float
    added: float
    share: float | None
    field: str


@dataclass(frozen=True)
class Items:
    """``items`` by what they added; ``before``: the days that they are held against; ``added``: by the shop a day.
    ``spread``: by how much counts vary more than Poisson ones."""

    items: tuple[Item, ...]
    before: Days
    added: float
    spread: float = 1.0

    def of(self, field: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.field == field)


def items(lines: pd.DataFrame | None, daily: pd.DataFrame | None, event: Days, rate: float) -> Items | None:
    """From order lines, else the item report; None where neither has the campaign and a week before it."""
    for table in dated(lines, daily):
        base = _base(table["date"], event)
        if base is not None:
            return _items(table, event, base, rate)
    return None


def dated(lines: pd.DataFrame | None, daily: pd.DataFrame | None) -> Iterable[pd.DataFrame]:
    """Sales of items with their ``date``, ``code``, ``title``, ``amount``, ``units``: by order lines, by the report."""
    for table in (_ordered(lines), _reported(daily)):
        if table is not None:
            yield table


def _ordered(lines: pd.DataFrame | None) -> pd.DataFrame | None:
    if lines is None or lines["paid_at"].isna().all():
        return None
    used = counted(lines)
    code = used["merchant_sku"].fillna(used["item_id"])
    sums = {"amount": used["paid_amount"].fillna(used["line_amount"]), "units": used["quantity"]}
    return used[["title"]].assign(date=used["paid_at"].dt.normalize(), code=code, **sums)


def _reported(daily: pd.DataFrame | None) -> pd.DataFrame | None:
    if daily is None:
        return None
    code = daily["article_no"].fillna(daily["item_id"])
    return daily[["title", "date"]].assign(code=code, amount=daily["pay_amount"], units=daily["pay_units"])


def _base(dates: pd.Series, event: Days) -> Days | None:
    """The days before, where the campaign itself is covered."""
    return reached(event, dates) if reach(dates, Dates(event.start, event.end)).value else None


def _items(table: pd.DataFrame, event: Days, base: Days, rate: float) -> Items | None:
    known = table[table["code"].notna() & table["date"].notna()]
    spans = [known[known["date"].between(pd.Timestamp(s.start), pd.Timestamp(s.end))] for s in (event, base)]
    now, then = (rows.groupby("code")[["amount", "units"]].sum() for rows in spans)
    if now.empty or then.empty:
        return None
    both = now.join(then, how="outer", suffixes=("", "_then")).fillna(0.0)
    both = both.assign(now=both["units"] / event.count, before=both["units_then"] / base.count)
    both = both.assign(added=both["amount"] / event.count - both["amount_then"] / base.count)
    spread = max(_spread(rows) for rows in spans)
    fields = _fields(both, event, base, spread, rate)
    titles = known.sort_values("date", kind="stable").groupby("code")["title"].last()
    whole = float(both["added"].sum())
    made = tuple(_made(both, titles, fields, whole))
    return Items(made, base, whole, spread)


def _made(both: pd.DataFrame, titles: pd.Series, fields: dict[str, str], whole: float) -> Iterable[Item]:
    for row in both.sort_values("added", ascending=False, kind="stable").itertuples():
        title, share = titles.get(row.Index), row.added / whole if whole > 0 else None
        named = str(title) if isinstance(title, str) and title else str(row.Index)
        sums = float(row.amount), float(row.units)
        a_day = float(row.now), float(row.before), float(row.added)
        yield Item(str(row.Index), named, *sums, *a_day, share, fields.get(str(row.Index), PLAIN))


def _spread(rows: pd.DataFrame) -> float:
    table = rows.pivot_table(index="date", columns="code", values="units", aggfunc="sum").fillna(0.0)
    return max(1.0, dispersion(table.to_numpy(float)))


def _fields(both: pd.DataFrame, event: Days, base: Days, spread: float, rate: float) -> dict[str, str]:
    """Heroes first; of the others, what fell and what did not rise, beyond chance. None of these in a shop that sold
    no more than before."""
    if both["added"].sum() <= 0:
        return {}
    added = both["added"].sort_values(ascending=False, kind="stable")
    running = added.cumsum() / added.sum()
    heroes = {
        str(code) for code, before in zip(added.index, running - added / added.sum(), strict=True) if before < MOST
    }
    held = both[(both["units"] + both["units_then"] >= LEAST_UNITS) & (both["units_then"] > 0)]
    scores = _scores(held, event.count, base.count, spread)
    found = dict.fromkeys(heroes, HERO)
    fell = _beyond(scores, rate)
    for code, score in scores.items():
        if code not in heroes and score < Z:
            found[code] = FELL if code in fell else DUD
    return found


Z = 1.96
"""Standard errors that a rise has to reach; below it an item did not rise."""


def _scores(held: pd.DataFrame, days: int, days_before: int, spread: float) -> dict[str, float]:
    """log of units a day over those before ÷ its standard error; a half is added to each count (Haldane 1956)."""
    now, then = held["units"].to_numpy(float) + 0.5, held["units_then"].to_numpy(float) + 0.5
    ratio = np.log((now / days) / (then / days_before))
    found = ratio / np.sqrt(spread * (1 / now + 1 / then))
    return dict(zip(map(str, held.index), map(float, found), strict=True))


def _beyond(scores: dict[str, float], rate: float) -> set[str]:
    """Which fell beyond chance."""
    from scipy.stats import norm

    p = [2 * float(norm.sf(abs(score))) for score in scores.values()]
    made = claims(p, rate, independent=True).made
    return {code for (code, score), stands in zip(scores.items(), made, strict=True) if stands and score < 0}
