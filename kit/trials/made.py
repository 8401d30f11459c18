"""The frame of sums: what a test's comparison needs, whole, by day and by segment.

A row is one variant's sums of one metric ``x`` (``metric``), alone (``denominator`` blank) or with a second figure
``y`` of the same units: the bottom of a ratio, or what ``x`` was before the test (``pre_x``, its mean where blank).
``units`` are those that state all that the row adds up; ``total`` Σx, ``squares`` Σx², ``other`` Σy, ``other_squares``
Σy², ``cross`` Σxy, without ``y`` NaN. Third powers, ``cubes`` Σx³, ``squares_other`` Σx²y, ``other_squares_cross`` Σxy²
and ``other_cubes`` Σy³, are those of units, of the whole and of segments; elsewhere NaN. ``date`` is a day (of
exposure), NaT for the whole; ``segment`` and ``segment_value`` are blank for the whole, the value alone where a unit
does not state it. The metric ``""`` counts units.

Of a test that states days, the units are its days: ``x`` and ``y`` are a day's sums (buyers and visitors), so that
``total`` and ``other`` are counts of the whole. Nothing stands alone there: a day's sum is nobody's mean. Of a test of
which there are summaries every metric stands alone, and a day is what its last moment adds to the day before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import permutations
from typing import TYPE_CHECKING, Any

from kit.trials.found import DAYS, PERIOD, SUMMARY, UNITS, Trial, quoted
from kit.trials.summary import sums as summary_sums

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "experiment", "variant", "metric", "denominator", "date", "segment", "segment_value", "units", "total", "squares",
    "other", "other_squares", "cross", "cubes", "squares_other", "other_squares_cross", "other_cubes",
)  # fmt: skip
SUMS, THIRDS = COLUMNS[7:], COLUMNS[13:]
AT_ONCE = 4
"""Segments that one scan crosses with each other, to add up to each of them."""
Pair = tuple[str, str]


def sums(con: Any, trial: Trial, pairs: Collection[Pair] = ()) -> pd.DataFrame:
    """The frame, from a connection that ``kit.trials.rows`` opened, with ``COLUMNS``: each metric alone, with what it
    was before where that is stated, and the ``pairs`` asked for; of days each metric with each other. Pairs of what the
    data lack are left out."""
    import pandas as pd

    if trial.table != UNITS:
        return _typed(_of_summary(con, trial) if trial.table == SUMMARY else _of_days(con, trial))
    wanted, made = list(_wanted(trial, pairs)), []
    for n in range(0, max(1, len(trial.segments)), AT_ONCE):
        segments = trial.segments[n : n + AT_ONCE]
        crossed = _scanned(con, trial, wanted, segments)
        made += [_long(crossed, trial, wanted)] if n == 0 else []
        made += [_long(crossed, trial, wanted, segment=name) for name in segments]
    if trial.start:
        made.append(_long(_scanned(con, trial, wanted, ("date",)), trial, wanted, dated=True))
    return _typed(pd.concat(made, ignore_index=True))


def _wanted(trial: Trial, pairs: Iterable[Pair]) -> Iterator[Pair]:
    yield "", ""
    yield from ((metric, "") for metric in trial.metrics)
    yield from ((metric, f"pre_{metric}") for metric in trial.metrics if f"pre_{metric}" in trial.before)
    yield from (p for p in dict.fromkeys(pairs) if {*p} <= {*trial.metrics} and p[0] != p[1])


def _scanned(con: Any, trial: Trial, wanted: Sequence[Pair], by: Sequence[str]) -> pd.DataFrame:
    """Every sum by variant and by what ``by`` names, crossed; the columns of the pair ``n`` are ``units.n`` and so on.

    Where no row is blank, sums that several pairs share are worked out once.
    """
    asked: dict[str, str] = {}
    named = []
    for n, name, sql in _sums(trial, wanted, thirds="date" not in by):
        column = asked.setdefault(sql, quoted(f".{len(asked)}"))
        named.append(f"{column} AS {quoted(f'{name}.{n}')}")
    day = "exposed_at::DATE AS date"
    keys = ["variant", *(day if k == "date" else f"coalesce({quoted(k)}, '') AS {quoted(k)}" for k in by)]
    once = [*keys, *(f"{sql} AS {column}" for sql, column in asked.items())]
    own = [*map(quoted, ("variant", *by)), *named]
    inner = f"SELECT {', '.join(once)} FROM units GROUP BY ALL"
    return con.execute(f"SELECT {', '.join(own)} FROM ({inner}) ORDER BY ALL").df()


def _sums(trial: Trial, wanted: Sequence[Pair], thirds: bool) -> Iterator[tuple[int, str, str]]:
    """Number of the pair, name of the sum, SQL."""
    for n, (x, y) in enumerate(wanted):
        blank = [quoted(c) for c in (x, y) if c in trial.blank and c not in trial.before]
        only = f" FILTER ({' AND '.join(f'{c} IS NOT NULL' for c in blank)})" if blank else ""
        yield n, "units", f"count(*){only}"
        for name, sql in _powers(trial, x, y).items():
            if (x and thirds) or name not in THIRDS:
                yield n, name, f"sum({sql}){only}"


def _powers(trial: Trial, x: str, y: str) -> dict[str, str]:
    """What the sums of a pair add up; powers of 0 and 1 are what they are powers of."""
    a, b = quoted(x) if x else "1.0", _filled(trial, y)
    aa = a if x in trial.binary else f"{a} * {a}"
    bb = b if y in trial.binary else f"{b} * {b}"
    aaa, bbb = (one if one in (a, b) else f"{one} * {of}" for one, of in ((aa, a), (bb, b)))
    made = {"total": a, "squares": aa, "cubes": aaa}
    if not y:
        return made
    made |= {"other": b, "other_squares": bb, "cross": f"{a} * {b}"}
    return made | {"squares_other": f"{aa} * {b}", "other_squares_cross": f"{a} * {bb}", "other_cubes": bbb}


def _filled(trial: Trial, name: str) -> str:
    """A figure from before with the mean where a unit has none: that moves no unit, and leaves none out."""
    return f"coalesce({quoted(name)}, {trial.before[name]!r}::DOUBLE)" if name in trial.before else quoted(name)


def _long(
    crossed: pd.DataFrame, trial: Trial, wanted: Sequence[Pair], *, segment: str = "", dated: bool = False
) -> pd.DataFrame:
    """A row per pair, of one segment or of the whole, by day or not."""
    import numpy as np
    import pandas as pd

    keys = ["variant", *([segment] if segment else []), *(["date"] if dated else [])]
    added = crossed.groupby(keys, sort=True)[[c for c in crossed if "." in c]].sum(min_count=1)
    added = added.reset_index()
    unknown = np.full(len(added), np.nan)
    powers = {s: np.concatenate([added.get(f"{s}.{n}", unknown) for n in range(len(wanted))]) for s in SUMS}
    made = pd.DataFrame(powers).assign(experiment=trial.name, segment=segment)
    made["metric"], made["denominator"] = (
        np.repeat(np.array(side, object), len(added)) for side in zip(*wanted, strict=True)
    )
    made["variant"] = np.tile(added["variant"].to_numpy(object), len(wanted))
    made["segment_value"] = np.tile(added[segment].to_numpy(object), len(wanted)) if segment else ""
    made["date"] = np.tile(pd.to_datetime(added["date"]).to_numpy(), len(wanted)) if dated else pd.NaT
    return made[made["units"] > 0]


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    types = dict.fromkeys(COLUMNS, "str") | dict.fromkeys(SUMS, "float64") | {"date": "datetime64[us]"}
    return frame[list(COLUMNS)].astype(types | {"units": "int64"})


def _of_summary(con: Any, trial: Trial) -> pd.DataFrame:
    alone = {"denominator": "", "segment": "", "segment_value": ""} | dict.fromkeys(COLUMNS[10:], float("nan"))
    return summary_sums(con, trial).assign(experiment=trial.name, **alone)


def _of_days(con: Any, trial: Trial) -> pd.DataFrame:
    """Each pair of figures by day and over all days; a day that lacks one of the two is no unit of the pair."""
    import pandas as pd

    rows = con.execute("SELECT * FROM own ORDER BY ALL").df()
    day = rows["date"] if trial.table == DAYS else pd.NaT
    rows = rows.assign(date=day).groupby(["variant", "date"], dropna=False)[list(trial.metrics)].sum(min_count=1)
    rows = rows.reset_index()
    parts = [_day_pair(rows, trial, *pair) for pair in [("", ""), *permutations(trial.metrics, 2)]]
    days = pd.concat(parts, ignore_index=True)
    whole = days.groupby(["variant", "metric", "denominator"], sort=False)[list(SUMS)].sum(min_count=1).reset_index()
    whole = whole.assign(date=pd.NaT)
    made = pd.concat([whole, days] if trial.table != PERIOD else [whole], ignore_index=True)
    return made.assign(experiment=trial.name, segment="", segment_value="")


def _day_pair(rows: pd.DataFrame, trial: Trial, metric: str, denominator: str) -> pd.DataFrame:
    stated = rows.dropna(subset=[metric, denominator]) if metric else rows
    nan = float("nan")
    x, y = (stated[metric], stated[denominator]) if metric else (1.0, nan)
    own = {"total": x, "squares": x * x, "other": y, "other_squares": y * y, "cross": x * y}
    own |= dict.fromkeys(THIRDS, nan)
    return stated[["variant", "date"]].assign(metric=metric, denominator=denominator, units=1, **own)
