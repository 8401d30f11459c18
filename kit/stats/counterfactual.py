"""What a series would have been without an event: a structural model of the days before, carried on through it.

Level, growth, weekdays and control series, as Brodersen et al. (2015) have them, averaged over how fast level and
growth wander (``kit.stats.local_trend``). Positive series are taken on logarithms: weekdays and promotions multiply
sales.

A model's own range leans on what it takes for granted. So the same model forecasts earlier windows of the event's
length, each from the days before it (placebos in time), and the range is stretched, or narrowed, until it is as wide as
those windows missed by: root mean square of their scores, the latest counting most, with the quantile of Student's t
for as many windows. A window is forecast from what was known before it and nothing else: a model that had seen it, if
only to learn how fast growth wanders, misses it by too little. All but a move of the level, which would be no ordinary
miss: it is taken out as the whole past has it, and a level that moved before the event is followed. Totals over other
days have windows of their own where five or more fit.

``benchmarks/counterfactual.py`` counts how often the range held a planted effect, and the tests repeat a part of it.
Its weak point is growth that turned in the last weeks: it is followed with a lag, so the middle of the range is off.
Where the windows just before the event missed to one side, taken together, the past has bent (``bent``). A turn so
slight that the days' noise hides it is not seen, and is what the range is wide for: 46 days of 12 % noise tell growth
of 0.2 % a day from that of the four months before with an error of 0.14 %, from that of a year before with one of
0.08 %, even if the day on which it turned were known.
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
OWN_WINDOWS = 5
"""Windows of its own from which on a total over other days has its range from them."""
MODEL_WINDOWS = 1
"""As many windows the model's own word counts for beside them: it has growth that never stands still, so it is more
than most shops miss by, and no more of it is needed than keeps the range of few windows from closing."""
LEAST_STRETCH, LEAST_FREEDOM = 0.5, 4
"""How far windows may narrow a range, and the least degrees of freedom of Student's t."""
CLOSED = 0.1
"""Part of the days up to which those without a sale are left out; with more of them the series is taken as it is."""
PART_USABLE = 0.5
"""Part of a placebo window's days that must be usable."""
LATEST = 42
"""Days just before the event whose windows tell together whether the past has bent."""
UNKNOWN = 100.0
"""Variance of a logarithm from which on nothing is known of an amount: what it is the exponential of stays finite."""


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
    reaches = [_stretch(own, start, level)[1] if len(own) >= OWN_WINDOWS else reach for own in windows]
    ahead = _ahead(trend, start, start, end, past.logs)
    observed = series[start : end + 1]
    spans = [(first - start, last - start) for first, last in parts]
    totals = [_total(observed, ahead, span, own) for span, own in zip(spans, reaches, strict=True)]
    first, last = spans[0]
    running = tuple(_total(observed, ahead, (first, at), reach) for at in range(first, last + 1))
    return Counterfactual(
        tuple(totals), *_daily(ahead, reach), running, placebos, stretch,
        _correlation(past, controls, start), before, past.logs, level, tuple(sorted(trend.breaks)),
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
    """Normal distribution of the days to come on the model's scale: ``mean`` (h,), ``cover`` (h, h); ``logs``: amounts
    are exponentials of it."""

    mean: Floats
    cover: Floats
    logs: bool

    def total(self, part: Span) -> tuple[float, float]:
        """Mean and standard error of the total over ``part``, on the model's scale: of sums of lognormal amounts the
        normal distribution of the logarithm that has their mean and variance (Fenton 1960)."""
        chosen = slice(part[0], part[1] + 1)
        mean, cover = self.mean[chosen], self.cover[chosen, chosen]
        if not self.logs:
            return float(mean.sum()), float(np.sqrt(cover.sum()))
        cover = np.clip(cover, -UNKNOWN, UNKNOWN)
        each = mean + np.diag(cover) / 2
        middle = float(np.logaddexp.reduce(each))
        shares = np.exp(each - middle)
        spread = float(np.log1p(shares @ np.expm1(cover) @ shares))
        return middle - spread / 2, float(np.sqrt(spread))


def _ahead(trend: LocalTrend, origin: int, first: int, last: int, logs: bool) -> Ahead:
    """Days ``first`` to ``last`` as the days before ``origin`` lead to expect them, noise of the days included."""
    return Ahead(*trend.ahead(origin, first, last), logs)


def _total(observed: Floats, ahead: Ahead, part: Span, reach: float) -> Total:
    """The total over ``part``: positions within ``ahead``."""
    seen = float(observed[part[0] : part[1] + 1].sum())
    mid, error = ahead.total(part)
    if not ahead.logs:
        return Total(seen, mid, seen - mid - reach * error, seen - mid + reach * error, (seen - mid) / error)
    low, high = (float(seen - np.exp(mid + side * reach * error)) for side in (1, -1))
    return Total(seen, float(np.exp(mid)), low, high, (np.log(seen) - mid) / error if seen > 0 else -np.inf)


def _daily(ahead: Ahead, reach: float) -> tuple[Floats, Floats, Floats]:
    error = np.sqrt(np.maximum(np.diag(ahead.cover), 0))
    ends = (ahead.mean, ahead.mean - reach * error, ahead.mean + reach * error)
    return ends if not ahead.logs else (np.exp(ends[0]), np.exp(ends[1]), np.exp(ends[2]))


def _placebos(past: Past, trend: LocalTrend, part: Span, start: int) -> Iterator[tuple[int, float]]:
    """First days and scores of the part's like in windows before ``start`` that do not overlap, the latest first."""
    offset, length = part[0] - start, part[1] - part[0] + 1
    least = max(LEAST_DAYS, past.beside.shape[1] + 3)
    for origin in range(start - offset - length, least - 1, -length):
        first, last = origin + offset, origin + offset + length - 1
        seen = past.values[first : last + 1]
        seen = seen[np.isfinite(seen)]
        if len(seen) >= PART_USABLE * length and trend.known(origin) >= least:
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
