"""What else is known of a day: campaigns, creators and events that the consultant's sheets name, and presale phases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from kit.analyses.days.curve import Curve
from kit.findings import Arg, plain
from kit.stats.day_runs import Run, promotion_days

Name = str | Mapping[str, str]
OWN = ("platform", "brand", "category", "other")
"""Kinds of campaigns whose days are no ordinary days; a live show is told beside a day and judged with it."""
BALANCE = ("tmall", "taobao")
"""Platforms that count a presale order on the day its balance is paid, as documented; of others it is unknown."""
FESTIVAL, BEFORE = "spring_festival", 7
USUAL = 28
"""Ordinary days before a presale that say what its conversion is compared with."""


@dataclass(frozen=True)
class Mark:
    """Something that went on from ``start`` to ``end``; ``shop`` is blank for all. ``kind``: event kinds of the sheet,
    campaign or creator."""

    kind: str
    shop: str
    name: Name
    start: dt.date
    end: dt.date

    @property
    def named(self) -> Arg:
        """A creator's name alone would not say what went on."""
        return Arg(plain(self.name), "text.creator" if self.kind == "creator" else "text")

    def on(self, shop: str, day: dt.date) -> bool:
        return self.shop in ("", shop) and self.start <= day <= self.end


@dataclass(frozen=True)
class Presale:
    """A deposit phase inside the period: conversion over its days and over ordinary days before it, and deposits."""

    shop: str
    event: str
    span: Run
    cvr: float
    usual: float
    visitors: float
    usual_visitors: float
    deposits: float | None


def marks(
    campaigns: pd.DataFrame | None,
    events: pd.DataFrame | None,
    deals: pd.DataFrame | None,
    start: dt.date,
    end: dt.date,
) -> tuple[Mark, ...]:
    """Everything that the three sheets name in the period. What only began before it and has no end is left out."""
    found: list[Mark] = []
    if campaigns is not None:
        found += [_mark("campaign", r, str(r.campaign)) for r in campaigns.itertuples()]
    if deals is not None:
        found += [_mark("creator", r, str(r.creator)) for r in deals.itertuples()]
    if events is not None:
        known = events[events["text_zh"].notna() | events["text_en"].notna()]
        found += [_mark(str(r.kind), r, _both(r.text_zh, r.text_en)) for r in known.itertuples()]
    return tuple(sorted((m for m in found if m.end >= start and m.start <= end), key=lambda m: (m.start, str(m.name))))


def _mark(kind: str, row: object, name: Name) -> Mark:
    first, last = pd.Timestamp(row.start), row.end  # type: ignore[attr-defined]
    shop = row.shop  # type: ignore[attr-defined]
    return Mark(kind, "" if pd.isna(shop) else str(shop), name, first.date(), (first if pd.isna(last) else last).date())


def _both(zh: object, en: object) -> Name:
    zh, en = (en if pd.isna(zh) else zh), (zh if pd.isna(en) else en)
    return {"zh": str(zh), "en": str(en)}


def own_promotions(campaigns: pd.DataFrame | None, shops: Iterable[str]) -> dict[str, list[Run]]:
    """By shop, the days of campaigns that the client's sheet names."""
    if campaigns is None:
        return {}
    kept = campaigns[campaigns["kind"].isin(OWN) | campaigns["kind"].isna()]
    rows = [_mark("campaign", r, str(r.campaign)) for r in kept.itertuples()]
    return {shop: [(m.start, m.end) for m in rows if m.shop in ("", shop)] for shop in shops}


def festivals(holidays: pd.DataFrame | None) -> list[Run]:
    """The Spring Festival with the week before it, when parcels stop and sales with them."""
    if holidays is None:
        return []
    off = holidays[(holidays["kind"] == "off") & (holidays["holiday"] == FESTIVAL)]
    return [((row.start - pd.Timedelta(days=BEFORE)).date(), row.end.date()) for row in off.itertuples()]


# ---- presale --------------------------------------------------------------------------------------------


def presales(
    curves: Iterable[Curve],
    daily: pd.DataFrame | None,
    presale_daily: pd.DataFrame | None,
    promotions: pd.DataFrame,
    start: dt.date,
    end: dt.date,
) -> list[Presale]:
    """Deposit phases that the period holds, of shops whose platform counts a presale on the day of its balance."""
    found = []
    for curve in curves:
        if curve.platform in BALANCE and curve.source == "shop_daily" and daily is not None:
            rows = daily[daily["shop"] == curve.shop].drop_duplicates("date").set_index("date")
            for event, (first, last) in _deposits(promotions):
                made = _presale(
                    curve, event, (max(first, start), min(last, end)), first, rows, presale_daily, promotions
                )
                found += [made] if first <= end and last >= start and made else []
    return found


def _deposits(promotions: pd.DataFrame) -> Iterable[tuple[str, Run]]:
    """Deposit phases with their last day: as stated, else the day before the next phase of the event begins."""
    ours = promotions[promotions["platform"].isin(BALANCE)]
    for row in ours[(ours["kind"] == "deposit") & (ours["certainty"] != "unsure")].itertuples():
        same = ours[(ours["event"] == row.event) & (ours["year"] == row.year) & (ours["start"] > row.start)]
        later = same[same["kind"].isin(["balance", "sale"])]["start"]
        last = row.end if pd.notna(row.end) else later.min() - pd.Timedelta(days=1) if len(later) else None
        if last is not None:
            yield str(row.event), (row.start.date(), last.date())


def _presale(
    curve: Curve,
    event: str,
    span: Run,
    first: dt.date,
    rows: pd.DataFrame,
    presale_daily: pd.DataFrame | None,
    promotions: pd.DataFrame,
) -> Presale | None:
    """Conversion as Σ buyers ÷ Σ daily visitors in the phase and over the ordinary days before it."""
    during = rows[pd.Timestamp(span[0]) : pd.Timestamp(span[1])]
    ordinary = ~promotion_days(promotions, curve.platform, pd.DatetimeIndex(rows.index))
    before = rows[ordinary & (rows.index < pd.Timestamp(first))].tail(USUAL)
    (cvr, visitors), (usual, usual_visitors) = _cvr(during), _cvr(before)
    if cvr is None or usual is None:
        return None
    deposits = None
    if presale_daily is not None:
        ours = presale_daily[presale_daily["shop"] == curve.shop]
        dated = ours[ours["date"].between(pd.Timestamp(span[0]), pd.Timestamp(span[1]))]["deposit_orders"]
        deposits = float(dated.sum()) if dated.notna().any() else None
    return Presale(curve.shop, event, span, cvr, usual, visitors, usual_visitors, deposits)


def _cvr(rows: pd.DataFrame) -> tuple[float | None, float]:
    known = rows[rows["visitors"].notna() & rows["pay_buyers"].notna()]
    visitors = float(known["visitors"].sum())
    return (float(known["pay_buyers"].sum()) / visitors if visitors else None), visitors / max(len(known), 1)
