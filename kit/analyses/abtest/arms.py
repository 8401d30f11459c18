"""The sums of one experiment, by metric and variant: of the whole, of each day, of each segment.

What analyses get is a frame of sums (``experiment, variant, metric, denominator, date, segment, segment_value, units,
total, squares, other, other_squares, cross``, and those of third powers, ``THIRDS``, where they were made); a blank
denominator is a figure per unit, a blank date or segment is the whole, a blank metric counts units. Of a test that
states days, the units are its days, and how many visitors it had is the total of that column. Here the frame becomes
what the statistics take.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from kit.analyses.abtest.declare import Pair
from kit.stats.experiment.sums import Pairs

Arms = Mapping[str, Pairs]
"""The sums of one metric by variant."""
SUMS = ["total", "squares", "other", "other_squares", "cross"]
THIRDS = ["cubes", "squares_other", "other_squares_cross", "other_cubes"]
UNITS: Pair = ("", "")


@dataclass(frozen=True)
class Sums:
    """``whole``, ``days`` and ``segments`` (by segment and its value) have the arms of every metric.

    ``binary``: metrics that are 0 or 1 for every unit. ``people`` and ``daily``: counts of what was split over the
    variants, of the whole and by day. ``early`` and ``late``: days before and after the plan's that were left out.
    """

    by_unit: bool
    binary: frozenset[str]
    variants: tuple[str, ...]
    whole: Mapping[Pair, Arms]
    days: Mapping[Pair, Mapping[dt.date, Arms]]
    segments: Mapping[Pair, Mapping[tuple[str, str], Arms]]
    people: Mapping[str, int]
    daily: Mapping[dt.date, Mapping[str, int]]
    early: int = 0
    late: int = 0

    def within(self, first: dt.date | None, last: dt.date | None) -> Sums:
        """Of these days alone, both included; of segments only how many units they hold, which state no days.

        The same where that leaves nothing out, or nothing over.
        """
        kept = [at for at in self.dates if (first is None or at >= first) and (last is None or at <= last)]
        if not kept or len(kept) == len(self.daily):
            return self
        days = {pair: {at: own[at] for at in kept if at in own} for pair, own in self.days.items()}
        whole = {pair: added(own.values()) for pair, own in days.items() if own}
        units = {UNITS: self.segments.get(UNITS, {})}
        daily = {at: self.daily[at] for at in kept}
        people = {v: sum(arms.get(v, 0) for arms in daily.values()) for v in self.people}
        early, late = (kept[0] - self.dates[0]).days, (self.dates[-1] - kept[-1]).days
        return replace(self, days=days, whole=whole, segments=units, people=people, daily=daily, early=early, late=late)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(self.whole)

    @property
    def dates(self) -> list[dt.date]:
        """The days that the rows state, in order."""
        return sorted(self.daily)

    @property
    def size(self) -> int:
        """Units of all arms."""
        return sum(self.people.values())

    def on(self, day: dt.date) -> int:
        return sum(self.daily.get(day, {}).values())


def added(days: Iterable[Arms]) -> Arms:
    """The sums of every arm over days."""
    made: dict[str, Pairs] = {}
    for arms in days:
        for variant, arm in arms.items():
            made[variant] = made[variant] + arm if variant in made else arm
    return made


def read(frame: pd.DataFrame, by_unit: bool, binary: frozenset[str], counted: Sequence[str]) -> Sums:
    """The sums of one experiment; ``counted``: columns of a file of days that count its units, the first there is."""
    whole: dict[Pair, dict[str, Pairs]] = {}
    days: dict[Pair, dict[dt.date, dict[str, Pairs]]] = {}
    segments: dict[Pair, dict[tuple[str, str], dict[str, Pairs]]] = {}
    for pair, day, segment, variant, arm in _rows(frame):
        if segment[0]:
            segments.setdefault(pair, {}).setdefault(segment, {})[variant] = arm
        elif day is not None:
            days.setdefault(pair, {}).setdefault(day, {})[variant] = arm
        else:
            whole.setdefault(pair, {})[variant] = arm
    base = _base(whole, by_unit, counted)
    people = _counts(whole.get(base, {}), by_unit)
    daily = {at: _counts(arms, by_unit) for at, arms in days.get(base, {}).items()}
    variants = tuple(sorted(map(str, frame["variant"].unique())))
    return Sums(by_unit, binary, variants, whole, days, segments, people, daily)


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Pair, dt.date | None, tuple[str, str], str, Pairs]]:
    """Each row as what it is about and its sums; a sum that a metric does not have is 0."""
    ordered = frame.sort_values(["metric", "denominator", "date", "segment", "segment_value"], kind="stable")
    days = [None if day is pd.NaT else day.date() for day in ordered["date"]]
    names = [ordered[name].astype(str).tolist() for name in ("metric", "denominator", "segment", "segment_value")]
    about = zip(*names, ordered["variant"].astype(str).tolist(), days, _pairs(ordered), strict=True)
    for metric, denominator, segment, value, variant, day, own in about:
        yield (metric, denominator), day, (segment, value), variant, own


def _pairs(rows: pd.DataFrame) -> Iterator[Pairs]:
    """Third powers are known where those of the metric are."""
    sums = rows[SUMS].fillna(0.0).to_numpy(float).tolist()
    thirds = rows.reindex(columns=THIRDS)
    cubes = thirds.fillna(0.0).to_numpy(float).tolist()
    known = thirds["cubes"].notna()
    for units, (x, xx, y, yy, xy), third, (a, b, c, d) in zip(rows["units"], sums, known, cubes, strict=True):
        yield Pairs(int(units), x, xx, y, yy, xy, (a, b, c, d) if third else None)


def _base(whole: Mapping[Pair, Arms], by_unit: bool, counted: Sequence[str]) -> Pair:
    """The pair that counts units: that of units, else the metric that most of them state; of days, a column."""
    if not by_unit:
        return next((pair for name in counted for pair in whole if pair[0] == name), UNITS)
    if UNITS in whole or not whole:
        return UNITS
    return max(whole, key=lambda pair: sum(arm.units for arm in whole[pair].values()))


def _counts(arms: Arms, by_unit: bool) -> dict[str, int]:
    return {variant: arm.units if by_unit else round(arm.total) for variant, arm in arms.items()}
