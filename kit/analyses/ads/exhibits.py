"""The channels as a table, the shops' totals as another, and a line of weekly returns for each channel that decays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from kit.analyses.ads.channels import Channel, Result
from kit.analyses.ads.sentences import TABLE, WHOLE, base, called, interval, key, name, period, shop
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table, plain
from kit.stats import kpis
from kit.stats.kpis import Figures

CHANNELS = (
    ("channel", "text"), ("shop", "text"), ("spend", "money"), ("clicks", "count"), ("cpc", "price"),
    ("ad_gmv", "money"), ("window", "count.days"), ("roi", "index"), ("roi_before", "index"),
    ("break_even", "index"), ("floor", "index"), ("loss", "money"),
)  # fmt: skip
ALWAYS = ("channel", "spend", "roi")
"""Columns that stay when every channel lacks them."""
WEEK = dt.timedelta(7)
TOTALS = ("spend", "spend_ratio", "whole_return")


def exhibits(result: Result, found: Sequence[Finding]) -> Iterable[Exhibit]:
    keys = {exhibit: tuple(f.key for f in found if f.exhibit == exhibit) for exhibit in {f.exhibit for f in found}}
    if WHOLE in keys:
        yield _whole(result, keys[WHOLE])
    for channel in result.channels:
        if channel.decay:
            yield _weeks(result, channel, keys[f"{key(channel)}.weeks"])
    yield _table(result, keys[TABLE])


def _table(result: Result, findings: tuple[str, ...]) -> Exhibit:
    """A row a channel, shop by shop and the largest first; a column that none of them fills is left out."""
    shops = list(dict.fromkeys(channel.shop for channel in result.channels))
    ordered = sorted(result.channels, key=lambda channel: shops.index(channel.shop))
    rows = [_row(result, channel) for channel in ordered]
    kept = [n for n, (name, _) in enumerate(CHANNELS) if name in ALWAYS or any(row[n] is not None for row in rows)]
    heads = tuple(Column(CHANNELS[n][0], CHANNELS[n][1], f"col.ad.{CHANNELS[n][0]}") for n in kept)
    marks = {n: "own" for n, channel in enumerate(ordered) if channel.under}
    table = Table(TABLE, heads, tuple(tuple(row[n] for n in kept) for row in rows), marks)
    return Exhibit(TABLE, "table", table, findings, tuple(_notes(result)), {"group": "shop"})


def _row(result: Result, channel: Channel) -> list[Any]:
    now, before = channel.now, channel.before
    money = [now.spend, now.clicks, now.cpc, now.ad_gmv, channel.window]
    roi = [now.roi, before.roi if before else None, channel.break_even, channel.floor, channel.loss]
    return [[name(channel)], plain(shop(result, channel.shop)), *money, *roi]


def _notes(result: Result) -> Iterable[Note]:
    """What a return is, that windows differ, where break-even comes from, and which shop has none."""
    yield Note("note.review.ads", {"period": period(result)})
    if len({(c.tool, c.window) for c in result.channels}) > 1:
        yield Note("note.review.ads.windows")
    if any(c.window is None for c in result.channels):
        yield Note("note.review.ads.nowindow")
    if result.silent:
        yield Note("note.review.ads.silent", {"names": Arg(list(result.silent), "text")})
    for seller, stays in sorted({c.shop: c.margin for c in result.channels}.items()):
        about = {"shop": Arg(plain(shop(result, seller)), "text")}
        if stays and stays.break_even:
            parts = {"be": Arg(stays.break_even, "index"), "margin": Arg(stays.value, "ratio")}
            parts |= {"back": Arg(stays.returned, "ratio"), "covered": Arg(stays.covered, "ratio")}
            yield Note("note.review.ads.break_even", about | parts)
        else:
            yield Note("note.review.ads.no_margin", about)


def _weeks(result: Result, channel: Channel, findings: tuple[str, ...]) -> Exhibit:
    assert channel.decay
    heads = (Column("date", "date", "col.ad.week"), Column("roi", "index", "col.ad.roi"))
    known, last = dict(channel.decay.weeks), channel.decay.weeks[-1][0]
    count = (last - channel.decay.weeks[0][0]).days // 7
    # A week that is left out breaks the line.
    rows = tuple((plain(week), known.get(week)) for n in range(count, -1, -1) for week in [last - n * WEEK])
    weeks = f"{key(channel)}.weeks"
    ends = {"from": Arg(channel.decay.first, "index"), "to": Arg(channel.decay.last, "index")}
    note = Note("note.review.ads.weeks", interval(channel) | ends | called(result, channel))
    return Exhibit(weeks, "line", Table(weeks, heads, rows), findings, (note,), {"highlight": rows[-1][0]})


def _whole(result: Result, findings: tuple[str, ...]) -> Exhibit:
    """A row a shop with spend, and all of them; the ratio of the period before beside it."""
    heads = [Column("shop", "text", "col.ad.shop")]
    heads += [Column(n, u, f"col.ad.{n}") for n, u in zip(TOTALS, ("money", "ratio", "index"), strict=True)]
    heads += [Column("ratio_before", "ratio", "col.ad.ratio_before"), Column("change", "points", "col.ad.change")]
    shops = [name for name, (now, _) in result.whole.items() if name == kpis.TOTAL or now["spend"].value]
    shops = shops if len(shops) > 2 else [kpis.TOTAL]
    rows = tuple(_totals(result, name) for name in shops)
    notes = [Note("note.review.ads.whole", {"period": period(result)})]
    notes += [Note("note.review.ads.before", {"base": base(result)})] if result.base else []
    return Exhibit(WHOLE, "table", Table(WHOLE, tuple(heads), rows, {len(rows) - 1: "total"}), findings, tuple(notes))


def _totals(result: Result, name: str) -> tuple[Any, ...]:
    now, then = result.whole[name]
    label = Arg("scope.all_shops", "label") if name == kpis.TOTAL else Arg(plain(shop(result, name)), "text")
    values = [now[kpi].value for kpi in TOTALS]
    ratio, before = now["spend_ratio"].value, _ratio(then)
    change = ratio - before if ratio is not None and before is not None else None
    return ([label], *values, before, change)


def _ratio(figures: Figures | None) -> float | None:
    return figures["spend_ratio"].value if figures else None
