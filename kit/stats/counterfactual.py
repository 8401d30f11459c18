"""What a series would have been without an event: a structural model of the days before, carried on through it.

Level, growth, weekdays and control series, as Brodersen et al. (2015) have them, averaged over how fast level and
growth wander (``kit.stats.local_trend``). Positive series are taken on logarithms: weekdays and promotions multiply
sales.

A model's own range leans on what it takes for granted. So the same model forecasts earlier windows of the event's
length, each from the days before it (placebos in time), and the range is stretched, or narrowed, until it is as wide as
those windows missed by: root mean square of their scores, the latest counting most, with the quantile of Student's t
for as many windows. Totals over other days have windows of their own where ten or more fit. Windows that a move of the
level falls on are no ordinary ones; a level that moved before the event is followed.

``benchmarks/counterfactual.py`` counts how often the range held a planted effect, and the tests repeat a part of it.
Its weak point is growth that turned in the last weeks: it is followed with a lag, so the middle of the range is off.
Where the windows just before the event missed to one side, taken together, the past has bent (``bent``); a turn so
slight that the days' noise hides it is not seen, and is what the range is wide for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.stats.local_trend import LocalTrend, faded, fitted

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Span = tuple[int, int]
"""Positions of the first and the last day, both in it."""

LEVEL = 0.95
WEEK = 7
LEAST_DAYS = 28
LEAST_TIMES = 3
"""Days before that an answer needs, and how many times as long as the event they are."""
LEAST_WINDOWS = 10
"""Placebo windows under which they are too few to tell."""
MODEL_WINDOWS = 2
"""As many windows the model's own word counts for beside them."""
LEAST_STRETCH, LEAST_FREEDOM = 0.5, 4
"""How far windows may narrow a range, and the least degrees of freedom of Student's t."""
CLOSED = 0.1
"""Part of the days up to which those without a sale are left out; with more of them the series is taken as it is."""
PART_USABLE = 0.5
"""Part of a placebo window's days that must be usable."""
LATEST = 42
"""Days just before the event whose windows tell together whether the past has bent."""
DRAWS = 4000
SEED = 20151115


@dataclass(frozen=True)
class Total:
    """An amount over some days: ``effect`` = ``observed`` − ``expected``, ``low`` and ``high`` the ends of its range.

    ``score``: the effect in standard errors of the model alone, on the scale that it was fitted on.
    """

    observed: float
    expected: float
    low: float
    high: float
    score: float

    @property
    def effect(self) -> float:
        return self.observed - self.expected


@dataclass(frozen=True)
class Counterfactual:
    """``parts``: totals of the spans asked for. ``placebos``: the score of the first part's like in every window.

    ``expected``, ``low``, ``high``: day by day from the first day without the event being certain to the last;
    ``running`` the totals from the first part's start to each of its days. ``stretch``: by how much placebos widened
    the model's range (narrowed it, under 1). ``breaks``: positions in the series from which on its level is another.
    ``bent``: the windows of the last ``LATEST`` days missed to one side beyond chance.
    ``fit``: correlation of the series with what the controls say of it before, weekdays
    taken out; None without controls. ``before``: usable days before.
    """

    parts: tuple[Total, ...]
    expected: Floats
    low: Floats
    high: Floats
    running: tuple[Total, ...]
    placebos: tuple[float, ...]
    stretch: float
    fit: float | None
    before: int
    logs: bool
    level: float = LEVEL
    breaks: tuple[int, ...] = ()
    bent: bool = False

    @property
    def larger(self) -> float | None:
        """Share of the placebos that score at least as high as the event, either way; None without any."""
        scores = [abs(score) >= abs(self.parts[0].score) for score in self.placebos]
        return sum(scores) / len(scores) if scores else None


@dataclass(frozen=True)
class Past:
    """A series ready for the model: ``values`` (n,), NaN where not usable; ``beside`` (n, weekdays and controls)."""

    values: Floats
    beside: Floats
    logs: bool


def counterfactual(
    series: Floats,
    parts: Sequence[Span],
    *,
    controls: Floats | None = None,
    usable: Flags | None = None,
    weekdays: bool = True,
    drift: bool = True,
    level: float = LEVEL,
) -> Counterfactual | None:
    """Totals over ``parts`` against what the days before the earliest of them lead to expect.

    ``series`` (n,) by consecutive days; ``controls`` (n, k) not moved by the event; ``usable`` (n,): days before that
    are like ordinary ones (no other event, no gap); a few days of nothing sold are not, either. None with fewer than
    two usable days a coefficient.
    """
    past = _past(series, controls, usable, weekdays)
    start, end = min(first for first, _ in parts), max(last for _, last in parts)
    before = int(np.isfinite(past.values[:start]).sum())
    if before < 2 * (past.beside.shape[1] + 3):
        return None
    trend = fitted(past.values, past.beside, start, end + 1, drift=drift)
    windows = [tuple(_placebos(past, trend, part, start)) for part in parts]
    placebos = tuple(score for _, score in windows[0])
    stretch, reach = _stretch(windows[0], start, level)
    reaches = [_stretch(own, start, level)[1] if len(own) >= LEAST_WINDOWS else reach for own in windows]
    ahead = _ahead(trend, start, start, end, past.logs)
    observed = series[start : end + 1]
    spans = [(first - start, last - start) for first, last in parts]
    totals = [_total(observed, ahead, span, own) for span, own in zip(spans, reaches, strict=True)]
    first, last = spans[0]
    running = tuple(_total(observed, ahead, (first, at), reach) for at in range(first, last + 1))
    return Counterfactual(
        tuple(totals), *_daily(ahead, reach), running, placebos, stretch,
        _correlation(past, controls, start), before, past.logs, level, trend.breaks,
        _bent(windows[0], start, level),
    )  # fmt: skip


def side(total: Total) -> int:
    """1 or −1 where the whole range lies on one side of zero, else 0."""
    return 1 if total.low > 0 else -1 if total.high < 0 else 0


def enough(before: int, event: int) -> bool:
    """Whether ``before`` usable days can speak of an event of ``event`` days."""
    return before >= max(LEAST_DAYS, LEAST_TIMES * event)


def _past(series: Floats, controls: Floats | None, usable: Flags | None, weekdays: bool) -> Past:
    known = np.isfinite(series) if usable is None else usable & np.isfinite(series)
    shut = known & (series <= 0)
    if shut.sum() <= CLOSED * known.sum():  # a few days without a sale are closed days, no low ones
        known = known & ~shut
    logs = bool((series[known] > 0).all() and (controls is None or (controls > 0).all()))
    values = np.where(known, series, np.nan).astype(float)
    beside = [np.eye(WEEK)[np.arange(len(series)) % WEEK][:, 1:]] if weekdays else []
    beside += [np.log(controls) if logs else controls] if controls is not None else []
    table = np.column_stack(beside) if beside else np.empty((len(series), 0))
    return Past(np.log(values) if logs else values, table, logs)


@dataclass(frozen=True)
class Ahead:
    """Normal distribution of the days to come on the model's scale: ``mean`` (h,), ``cover`` (h, h)."""

    mean: Floats
    cover: Floats
    draws: Floats | None
    """(draws, h) amounts, where totals are sums of exponentials."""


def _ahead(trend: LocalTrend, origin: int, first: int, last: int, logs: bool) -> Ahead:
    """Days ``first`` to ``last`` as the days before ``origin`` lead to expect them, noise of the days included."""
    mean, cover = trend.ahead(origin, first, last)
    if not logs:
        return Ahead(mean, cover, None)
    normal = np.random.default_rng(SEED).standard_normal((DRAWS, len(mean)))
    return Ahead(mean, cover, np.exp(mean + normal @ _root(cover).T))


def _root(cover: Floats) -> Floats:
    """A square root of a covariance that rounding may have left with a negative eigenvalue."""
    values, vectors = np.linalg.eigh(cover)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0)), float)


def _total(observed: Floats, ahead: Ahead, part: Span, reach: float) -> Total:
    """The total over ``part``: positions within ``ahead``."""
    chosen = np.zeros(len(ahead.mean))
    chosen[part[0] : part[1] + 1] = 1
    seen = float(observed[chosen > 0].sum())
    if ahead.draws is None:
        mid, error = float(chosen @ ahead.mean), float(np.sqrt(chosen @ ahead.cover @ chosen))
        return Total(seen, mid, seen - mid - reach * error, seen - mid + reach * error, (seen - mid) / error)
    sums = np.log(ahead.draws @ chosen)
    mid, error = float(sums.mean()), float(sums.std(ddof=1))
    low, high = (float(seen - np.exp(mid + side * reach * error)) for side in (1, -1))
    return Total(seen, float(np.exp(mid)), low, high, (np.log(seen) - mid) / error if seen > 0 else -np.inf)


def _daily(ahead: Ahead, reach: float) -> tuple[Floats, Floats, Floats]:
    error = np.sqrt(np.maximum(np.diag(ahead.cover), 0))
    ends = (ahead.mean, ahead.mean - reach * error, ahead.mean + reach * error)
    return ends if ahead.draws is None else (np.exp(ends[0]), np.exp(ends[1]), np.exp(ends[2]))


def _placebos(past: Past, trend: LocalTrend, part: Span, start: int) -> Iterator[tuple[int, float]]:
    """First days and scores of the part's like in windows before ``start`` that do not overlap, the latest first;
    those that a break of the level falls on are left out."""
    offset, length = part[0] - start, part[1] - part[0] + 1
    least = max(LEAST_DAYS, past.beside.shape[1] + 3)
    for origin in range(start - offset - length, least - 1, -length):
        first, last = origin + offset, origin + offset + length - 1
        seen = past.values[first : last + 1]
        seen = seen[np.isfinite(seen)]
        enough_seen = len(seen) >= PART_USABLE * length and trend.known(origin) >= least
        if enough_seen and trend.steady(origin, last):
            ahead = _ahead(trend, origin, first, last, past.logs)
            yield first, _total(np.exp(seen) if past.logs else seen, ahead, (0, len(seen) - 1), 1.0).score


def _bent(windows: Sequence[tuple[int, float]], start: int, level: float) -> bool:
    """Whether those of the last ``LATEST`` days add up to more than chance does, by the measure of those before."""
    latest = [score for first, score in windows if first >= start - LATEST]
    reach = _stretch(windows[len(latest) :], start, level)[1]
    return bool(latest) and abs(float(np.sum(latest))) > reach * np.sqrt(len(latest))


def _stretch(windows: Sequence[tuple[int, float]], start: int, level: float) -> tuple[float, float]:
    """Root mean square of the scores, fading with their age, the model's own word for it (1) counting as some windows
    more; and that times the quantile of Student's t for as many as they are worth."""
    ages = faded(np.array([start - first for first, _ in windows]))
    count = float(ages.sum() ** 2 / (ages**2).sum()) if len(windows) else 0.0
    mean = float(ages @ np.square([score for _, score in windows]) / ages.sum()) if len(windows) else 1.0
    stretch = max(LEAST_STRETCH, float(np.sqrt((MODEL_WINDOWS + count * mean) / (MODEL_WINDOWS + count))))
    return stretch, stretch * _quantile(level, count)


def _quantile(level: float, windows: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(max(windows + MODEL_WINDOWS, LEAST_FREEDOM), (1 + level) / 2))


def _correlation(past: Past, controls: Floats | None, start: int) -> float | None:
    """Of the series with its regression on the controls, the weekdays taken out of both."""
    if controls is None:
        return None
    known = np.isfinite(past.values[:start])
    table, width = past.beside[:start][known], controls.shape[1]
    weekdays = np.column_stack([np.ones(known.sum()), table[:, :-width]])
    both = np.column_stack([past.values[:start][known], table[:, -width:]])
    left = both - weekdays @ np.linalg.lstsq(weekdays, both, rcond=None)[0]
    said = left[:, 1:] @ np.linalg.lstsq(left[:, 1:], left[:, 0], rcond=None)[0]
    spread = float(np.std(said) * np.std(left[:, 0]))
    return float(np.mean(said * left[:, 0]) / spread) if spread else 0.0
