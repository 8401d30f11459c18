"""What a series would have been without an event: a structural model of the days before, carried on through it.

Local level, weekdays and control series, as Brodersen et al. (2015) have them, by maximum likelihood:
``statsmodels.tsa.statespace.structural.UnobservedComponents``; and a drift: without it, a seventh of a lift of 20% was
seen in shops that grow by 0.15% a day and have no campaign. Drift, weekdays and controls are states without a
prior, so what is not known of them widens the range. Positive series are taken on logarithms: weekdays and
promotions multiply sales.

The model's own range leans on how much its level wanders, which a short past tells badly; fixed by hand it turns "no
effect" into "significant" and back. So the same model, its two variances fitted once, forecasts earlier windows of the
event's length, each from the days before it (placebos in time). Where those miss by more than the model says, its range
is stretched by as much, with the quantile of Student's t for as many windows. ``benchmarks/counterfactual.py`` counts
how often the range held a planted effect; ``tests/test_stats_counterfactual.py`` repeats a part of it. One drift for
all of the past is its weak point: growth that turned only in the last months of a long past is followed too slowly, and
the range then held in half of the shops. So ``recent`` reads the last months alone: where only the whole past leaves
out zero, the past has bent. A level that moved before the event is followed.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
RECENT = 112
"""Days before that tell where growth stands now."""
LEAST_STRETCHING = 4
"""Windows from which on they may widen a range; with fewer, Student's t has as many degrees of freedom as this."""
CLOSED = 0.1
"""Part of the days up to which those without a sale are left out; with more of them the series is taken as it is."""
PART_USABLE = 0.5
"""Part of a placebo window's days that must be usable."""
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
    the model's range (1 if not). ``fit``: correlation of the series with what the controls say of it before, weekdays
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
    drift: bool = True


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
    past = replace(_past(series, controls, usable, weekdays), drift=drift)
    start, end = min(first for first, _ in parts), max(last for _, last in parts)
    before = int(np.isfinite(past.values[:start]).sum())
    if before < 2 * (past.beside.shape[1] + 3):
        return None
    params = _fitted(past, start)
    placebos = tuple(_placebos(past, params, parts, start))
    stretch = max(1.0, float(np.sqrt(np.mean(np.square(placebos))))) if len(placebos) >= LEAST_STRETCHING else 1.0
    reach = _quantile(level, len(placebos)) * stretch
    ahead = _ahead(past, params, start, end + 1)
    observed = series[start : end + 1]
    totals = [_total(observed, ahead, (first - start, last - start), reach) for first, last in parts]
    first, last = (place - start for place in parts[0])
    running = tuple(_total(observed, ahead, (first, at), reach) for at in range(first, last + 1))
    return Counterfactual(
        tuple(totals), *_daily(ahead, reach), running, placebos, stretch,
        _correlation(past, controls, start), before, past.logs, level,
    )  # fmt: skip


def recent(
    series: Floats, parts: Sequence[Span], *, controls: Floats | None = None, usable: Flags | None = None
) -> Counterfactual | None:
    """As ``counterfactual`` from the last ``RECENT`` usable days before ``parts`` alone; None where the whole past is
    not twice as long."""
    start = min(first for first, _ in parts)
    known = np.flatnonzero(np.isfinite(series[:start]) if usable is None else (usable & np.isfinite(series))[:start])
    if len(known) < 2 * RECENT:
        return None
    cut = int(known[-RECENT])
    return counterfactual(
        series[cut:],
        [(first - cut, last - cut) for first, last in parts],
        controls=None if controls is None else controls[cut:],
        usable=None if usable is None else usable[cut:],
    )


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


def _model(past: Past, end: int) -> Any:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    beside = {"exog": past.beside[:end], "mle_regression": False} if past.beside.shape[1] else {}
    return UnobservedComponents(past.values[:end], level="lldtrend" if past.drift else "llevel", **beside)


def _fitted(past: Past, end: int) -> Floats:
    """Variances of noise and level by maximum likelihood, in units in which the optimiser works well."""
    scale = float(np.nanstd(past.values[:end])) or 1.0
    shifted = replace(past, values=(past.values - np.nanmean(past.values[:end])) / scale)
    with warnings.catch_warnings(record=True):  # an optimiser's doubts: a poor fit shows in the placebos
        warnings.simplefilter("always")
        return np.asarray(_model(shifted, end).fit(disp=False).params, float) * scale**2


@dataclass(frozen=True)
class Ahead:
    """Normal distribution of the days to come on the model's scale: ``mean`` (h,), ``cover`` (h, h)."""

    mean: Floats
    cover: Floats
    draws: Floats | None
    """(draws, h) amounts, where totals are sums of exponentials."""


def _ahead(past: Past, params: Floats, start: int, end: int) -> Ahead:
    """Days ``start`` to ``end`` as the days before ``start`` lead to expect them, noise of the days included."""
    found = _model(past, start).filter(params)
    state, doubt = found.predicted_state[:, -1], found.predicted_state_cov[:, :, -1]
    ahead = np.arange(end - start)
    trend = [np.ones(end - start), *([ahead] if past.drift else [])]
    design = np.column_stack([*trend, past.beside[start:end]])
    steps = np.minimum.outer(ahead, ahead)
    noise, level = params[0], params[1]
    cover = design @ doubt @ design.T + level * steps + noise * np.eye(end - start)
    mean = design @ state
    if not past.logs:
        return Ahead(mean, cover, None)
    normal = np.random.default_rng(SEED).standard_normal((DRAWS, end - start))
    return Ahead(mean, cover, np.exp(mean + normal @ _root(cover).T))


def _root(cover: Floats) -> Floats:
    """A square root of a covariance that rounding may have left with a negative eigenvalue."""
    values, vectors = np.linalg.eigh(cover)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0)), float)


def _total(observed: Floats, ahead: Ahead, part: Span, reach: float, days: Flags | None = None) -> Total:
    """The total over ``part`` (positions within ``ahead``), or over its ``days`` alone."""
    chosen = np.zeros(len(ahead.mean))
    chosen[part[0] : part[1] + 1] = 1 if days is None else days
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


def _placebos(past: Past, params: Floats, parts: Sequence[Span], start: int) -> Iterator[float]:
    """Scores of the first part's like in windows before ``start`` that do not overlap, the latest first."""
    offset, length = parts[0][0] - start, parts[0][1] - parts[0][0] + 1
    least = max(LEAST_DAYS, past.beside.shape[1] + 3)
    for origin in range(start - offset - length, least - 1, -length):
        window = past.values[origin + offset : origin + offset + length]
        days = np.isfinite(window)
        if days.mean() >= PART_USABLE and np.isfinite(past.values[:origin]).sum() >= least:
            ahead = _ahead(past, params, origin, origin + offset + length)
            seen = past.values[origin : origin + offset + length]
            amounts = np.exp(seen) if past.logs else seen
            yield _total(amounts, ahead, (offset, offset + length - 1), 1.0, days).score


def _quantile(level: float, windows: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(max(windows, LEAST_STRETCHING), (1 + level) / 2))


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
