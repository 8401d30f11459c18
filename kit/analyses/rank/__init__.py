"""The category rank that the platform itself states for the brand or its shops, with its source and days.

A rank is read, never worked out: places among tracked rivals are another thing, and the market report has them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import pandas as pd

from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Finding, Kpi, Missing, Severity, Shown, plain

__all__ = ["Rank", "Result", "analyse", "show"]

KEY = "review.rank"
KINDS = ("brand", "shop")
"""Whose rank is one in the category; an item's is among items. The brand's comes first."""
SCREENS = ("sycm_brand_index",)
"""Sources that have a name of their own in the catalogue; all others are called a sheet of rivals."""
MONTH = 27
"""Days between the ends of the shortest month."""
Days = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Rank:
    """``name`` as the ``source`` writes it; its ``place`` over ``days``, and the one over as many days before them.

    ``category`` is blank where the source states none.
    """

    name: str
    kind: str
    platform: str
    category: str
    source: str
    days: Days
    place: int
    before: tuple[Days, int] | None


@dataclass(frozen=True)
class Result:
    ranks: tuple[Rank, ...]


def analyse(
    rivals: pd.DataFrame | None,
    rivals_period: pd.DataFrame | None,
    own: Collection[str],
    start: dt.date,
    end: dt.date,
) -> Result:
    """The last rank stated from ``start`` to ``end`` of each of ``own`` (names of brand and shops) by category.

    ``rivals`` and ``rivals_period``: the canonical table by day and by longer spans, or None.
    """
    names = {name.strip().casefold() for name in own}
    rows = pd.concat([_stated(rivals, "date", "date"), _stated(rivals_period, "start", "end")], ignore_index=True)
    ours = rows[rows["rival"].str.strip().str.casefold().isin(names)].sort_values(["last", "first", "source"])
    groups = ours.groupby(["platform", "rival_kind", "rival", "category"], sort=True)
    made = [one for _, group in groups for one in _last(group, start, end)]
    return Result(tuple(sorted(made, key=lambda r: (KINDS.index(r.kind), r.place, r.platform, r.name, r.category))))


def _stated(rivals: pd.DataFrame | None, first: str, last: str) -> pd.DataFrame:
    """Rows that state a rank in the category, and their days."""
    columns = ["platform", "rival_kind", "rival", "category", "source", "value"]
    if rivals is None or rivals.empty:
        return pd.DataFrame(columns=[*columns, "first", "last"]).astype({"rival": "str"})
    whole = (rivals["metric"] == "rank") & rivals["rival_kind"].isin(KINDS) & (rivals["channel"].fillna("") == "")
    rows = rivals[whole]
    return rows[columns].assign(category=rows["category"].fillna(""), first=rows[first], last=rows[last])


def _last(rows: pd.DataFrame, start: dt.date, end: dt.date) -> Iterable[Rank]:
    """Of one name in one category: the last span inside the period, of several that end together the longest."""
    inside = rows[(rows["first"] >= pd.Timestamp(start)) & (rows["last"] <= pd.Timestamp(end))]
    if inside.empty:
        return
    row = inside[inside["last"] == inside["last"].max()].iloc[0]
    lengths = rows["last"] - rows["first"]
    # Months compare although their days differ; a day and a week don't.
    alike = (lengths - lengths[row.name]).abs() <= pd.Timedelta(days=3 if lengths[row.name].days >= MONTH else 0)
    before = rows[alike & (rows["last"] < row["first"]) & (rows["source"] == row["source"])]
    then = None if before.empty else (_days(before.iloc[-1]), int(before.iloc[-1]["value"]))
    name, kind, platform, category, source = (
        str(row[n]) for n in ("rival", "rival_kind", "platform", "category", "source")
    )
    yield Rank(name, kind, platform, category, source, _days(row), int(row["value"]), then)


def _days(row: pd.Series) -> Days:
    return row["first"].date(), row["last"].date()


def show(result: Result) -> Shown:
    """A finding a rank and the first as a key figure; without any, the export that states one."""
    if not result.ranks:
        return Shown(missing=(Missing(KEY, "question.review.rank", ("rivals",)),))
    found = tuple(_finding(n, one) for n, one in enumerate(result.ranks))
    return Shown(found, kpis=(_kpi(result.ranks[0]),))


def _finding(number: int, one: Rank) -> Finding:
    args = {"who": Arg(one.name, "text"), "platform": Arg(f"platform.{one.platform}", "label")}
    args |= {"category": Arg(one.category, "text") if one.category else Arg("rank.category", "label")}
    args |= {"rank": Arg(one.place, "rank"), "period": _period(one.days), "source": Arg(_screen(one), "label")}
    verdict = Verdict.UNJUDGED
    if one.before:
        days, place = one.before
        args |= {"gap": Arg(place - one.place, "rank"), "old": Arg(place, "rank"), "base": _period(days)}
        verdict = Verdict.ROSE if one.place < place else Verdict.FELL if one.place > place else Verdict.LEVEL
    return Finding(
        f"{KEY}.{number + 1}",
        "r.rank",
        args,
        verdict,
        Severity.MEDIUM if verdict in (Verdict.ROSE, Verdict.FELL) else Severity.LOW,
        value=one.place,
        unit="rank",
        baseline=one.before[1] if one.before else None,
    )


def _kpi(one: Rank) -> Kpi:
    platform = ("kpi.review.rank.of", Arg(f"platform.{one.platform}", "label"))
    return Kpi(KEY, "kpi.review.rank", Arg(one.place, "rank"), (platform, ("kpi.review.rank.at", _period(one.days))))


def _period(days: Days) -> Arg:
    return Arg({"start": plain(days[0]), "end": plain(days[1])}, "period")


def _screen(one: Rank) -> str:
    return f"rank.source.{one.source if one.source in SCREENS else 'sheet'}"
