"""Money that follows other money with a delay, as refunds follow payments: how much of it is still to come.

One row is a day of payments; a delay is whole days. Arrays in, plain numbers out.

- **Delay.** The share of refund money that is in at each age, from payment days of every age: the reverse-hazard
  product limit for right-truncated delays (Kalbfleisch & Lawless 1991; Lawless 1994), which on money is the chain
  ladder of claims reserving (Mack 1993). Multipliers of the weekdays of refund, shrunk towards 1 and fitted by
  iterative proportional fitting, correct it for the weekday it is: on a Sunday some refunds wait for Monday.
- **Projection.** Still to come of a payment day = paid × its refund share × the part of the delay ahead of it
  (Bornhuetter & Ferguson 1972). The share is that of the days around it (generalised Cape Cod, Gluck 1997, with the
  half-life that predicts days best from their neighbours), moved towards the day's own refunds by Bühlmann & Straub's
  (1970) credibility: hardly for yesterday, nearly all the way for a big promotion day three weeks ago.
- **Interval.** Payment days are resampled for the error of delay and share; each draw makes the days' true shares
  (gamma) and the refunds to come (compound Poisson with the over-dispersion found: England & Verrall 2002).

In 500 simulated months each of 32 kinds (gamma or two-peaked delays of mean 8 days; one or two months before; shares
of 5 to 30 %; 13 to 2,000 orders a day; shares that differ by day or drift; promotion days or a promotion month with
1.6 times the share; weekends with half the refunds or none), read 1, 5 and 15 days after the month's end, the interval
held the true end in 93 to 98 %, and the expectation was off by less than 1 % of the end on average.
``tests/test_stats_refund_lag.py`` repeats a part. The central 95 % of the draws held it in 90 to 95 %, and a curve
without weekdays in 45 % where half of a weekend's refunds wait and the month is read on a Sunday.

Learnt from the past, it cannot know a delay that changes: where a promotion month's refunds took 10 days instead of 8,
it was 4 to 7 % of the end too low in the first five days and 1 to 2 % after fifteen, and mostly missed the truth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

CENTRAL = 0.97
"""Part of the draws that makes the 95 % interval: variances are plugged in and a drifting share is not drawn."""
DRAWS = 2000
HALF_LIVES = (7.0, 14.0, 28.0, 56.0, 1e9)
"""Days at which a neighbour says half as much of a day's refund share; the last is: all days alike."""
WEEKDAY_SPREAD = 0.3
"""How far weekdays' multipliers are thought to differ before the refunds are seen (standard deviation)."""
ENOUGH = 0.3
"""Part of its refunds that a day must have shown to count in how much days differ."""
MOST_REFUNDS = 1e12
"""Refunds to come that are drawn at most: beyond, numbers overflow and nothing changes."""
LEAST_SPREAD = 0.02
"""Payment days' shares differ by this fraction of the share at least, whatever few days show."""


def completion(cells: Floats, age: Ints, weight: Floats | None = None) -> Floats:
    """Fraction of the final amount that is in after each delay: (draws, delays), the last column 1.

    ``cells`` (rows, delays) are amounts by delay, of which a row has seen those up to its ``age``. ``weight`` (draws,
    rows) says how often each row counts; once if None.
    """
    weight = np.ones((1, len(cells))) if weight is None else weight
    seen = np.arange(cells.shape[1]) <= age[:, None]
    new, so_far = weight @ (cells * seen), weight @ (np.cumsum(cells * seen, 1) * seen)
    kept = 1 - np.divide(new, so_far, out=np.zeros_like(new), where=so_far > 0)
    done = np.ones_like(kept)
    done[:, :-1] = np.cumprod(kept[:, :0:-1], 1)[:, ::-1]
    return done


def ahead(
    day: Ints, age: Ints, paid: Floats, cells: Floats, wanted: Flags, *, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float, float]:
    """Money still to come of the ``wanted`` days: expected, and the ends of its 95 % prediction interval.

    ``day`` numbers the days (rows) from any Monday or other day, ``age`` is how many have passed since, ``paid`` what
    was paid (above 0). ``cells`` (rows, delays) is what came back after so many days, nothing where that lies ahead;
    after the last delay nothing more comes. Some rows must be as old as that, with something that came back.
    """
    rng = np.random.default_rng(seed)
    number, so_far = len(day), cells.sum(1)
    weight = np.vstack([np.ones(number), rng.multinomial(number, np.full(number, 1 / number), draws)])  # first: as is
    rest, scale = _rest(day, age, cells, weight)
    seen = paid * (1 - rest)  # what of the paid amount has shown its refunds
    share = (weight @ so_far) / (weight * seen).sum(1)
    spread, near = _neighbours(day, so_far, seen[0], 1 - rest[0], scale)
    # A day's share has variance `spread` around its neighbours' and its refunds so far `scale` × their amount.
    trust = weight / (seen + (scale * share / spread)[:, None])
    pick = wanted & (age < cells.shape[1] - 1)
    local = ((trust * so_far) @ near[:, pick]) / ((trust * seen) @ near[:, pick])
    local = np.maximum(local, 1e-3 * share[:, None])
    shape = local**2 / spread + so_far[pick] / scale
    rate = local / spread + seen[:, pick] / scale
    mean = paid[pick] * rest[:, pick] / rate
    expected = float((mean * shape)[0].sum())
    sums = (mean * rng.gamma(shape))[1:].sum(1)
    # Refunds that are exponential, of mean scale / 2, have the over-dispersion `scale`; there may be none at all.
    each = np.maximum(scale / 2, sums / MOST_REFUNDS)
    counts = rng.poisson(sums / each)
    drawn = np.where(counts > 0, rng.gamma(np.maximum(counts, 1)), 0) * each
    low, high = np.quantile(drawn, [(1 - CENTRAL) / 2, (1 + CENTRAL) / 2])
    return expected, float(low), float(high)


def _rest(day: Ints, age: Ints, cells: Floats, weight: Floats) -> tuple[Floats, float]:
    """Part of each row's money that is ahead, in each draw (draws, rows), and the over-dispersion of what comes."""
    last = cells.shape[1] - 1
    mature, seen = age >= last, np.arange(last + 1) <= age[:, None]
    curve = completion(cells, age, weight)
    flow = _flow(day, seen, cells, curve[0], _dispersion(cells[mature], np.diff(curve[0], prepend=0.0)))
    rest = 1 - curve[:, np.minimum(age, last)]
    # Draws move the curve that is the same on all weekdays; what the weekdays change is carried over to each.
    change = np.divide((flow * ~seen).sum(1), rest[0], out=np.ones(len(day)), where=rest[0] > 0)
    return np.clip(rest * change, 0, 1), _dispersion(cells[mature], flow[mature])


def _dispersion(cells: Floats, part: Floats) -> float:
    """Variance ÷ mean of mature days' refunds by delay, given their sum: about the usual amount of one refund.

    ``part`` is what is expected of the sum at each delay, by day or for all.
    """
    expected = cells.sum(1, keepdims=True) * part
    found, usual = ((cells - expected) ** 2).sum(), (expected * (1 - part)).sum()
    least = 1e-6 * cells.sum() / len(cells)  # days that are all alike, as made-up ones are
    return float(max(found / usual, least)) if usual > 0 else float(least)


def _flow(day: Ints, seen: Flags, cells: Floats, curve: Floats, scale: float, rounds: int = 10) -> Floats:
    """Part of each day's refunds that comes after each delay, when that depends on delay and on weekday."""
    weekday = (day[:, None] + np.arange(cells.shape[1])) % 7
    part, factor, sure = np.diff(curve, prepend=0.0), np.ones(7), scale / WEEKDAY_SPREAD**2
    found = np.bincount(weekday[seen], cells[seen], minlength=7)
    for _ in range(rounds):
        pattern = factor[weekday] * seen
        reach = pattern @ part
        total = np.divide(cells.sum(1), reach, out=np.zeros(len(day)), where=reach > 0)
        due = total @ pattern
        part = np.divide(cells.sum(0), due, out=np.zeros_like(due), where=due > 0)
        part, total = part / part.sum(), total * part.sum()
        expected = np.bincount(weekday[seen], (total[:, None] * part)[seen], minlength=7)
        factor = (found + sure) / (expected + sure)
    flow = part * factor[weekday]
    return np.asarray(flow / flow.sum(1, keepdims=True))


def _neighbours(day: Ints, so_far: Floats, seen: Floats, done: Floats, scale: float) -> tuple[float, Floats]:
    """Variance of a day's true refund share around what its neighbours say, and how much these say: (days, days).

    The half-life is that with which the neighbours alone come nearest to the days of which enough is ``done``.
    """
    share = so_far.sum() / seen.sum()
    own = np.divide(so_far, seen, out=np.zeros_like(seen), where=seen > 0)
    noise = scale * share / np.maximum(seen, 1e-9 * seen.max())
    distance = np.abs(day[:, None] - day)
    spread, half = (0.3 * share) ** 2, HALF_LIVES[-1]
    for _ in range(2):  # the trust in a day depends on the spread, which depends on the trust
        trust = 1 / (1 + noise / spread)
        counted = trust * (done > ENOUGH)
        tries = []
        for life in HALF_LIVES:
            near = 0.5 ** (distance / life) * (distance > 0)
            error = (own - near @ (trust * own) / (near @ trust)) ** 2
            tries.append((float(counted @ error), float(counted @ (error - noise) / counted.sum()), life))
        _, found, half = min(tries)
        spread = max(found, (LEAST_SPREAD * share) ** 2)
    return spread, 0.5 ** (distance / half)
