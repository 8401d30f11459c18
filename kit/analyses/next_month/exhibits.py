"""The coming months as a fan at the end of the line, the shops with their goals, and what a goal would take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kit.analyses.next_month.ahead import Ahead, Result
from kit.analyses.next_month.sentences import KEY, about, month_range, naive, who
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table, plain
from kit.stats.forecast import ENDS, INNER, OUTER
from kit.stats.kpis import BY_NAME, TOTAL

SHOWN = 36
"""Known months before the coming ones on the line."""
PLACES = {1: "next.side.over", 0: "next.side.within", -1: "next.side.under"}


def exhibits(result: Result, found: Sequence[Finding]) -> Iterable[Exhibit]:
    led = result.led
    if led is None:
        return
    for name, make in (("line", _line), ("shops", _shops), ("takes", _takes)):
        said = tuple(f.key for f in found if f.exhibit == f"{KEY}.{name}")
        if said:
            yield make(result, led, said)


# ---- the fan ---------------------------------------------------------------------------------------------------


def _line(result: Result, led: Ahead, said: tuple[str, ...]) -> Exhibit:
    made = led.forecast
    assert made
    heads = (Column("month", "month", "col.month"), Column("value", "money", "col.pay_amount"))
    rows = tuple((plain(month), amount) for month, amount in led.known[-SHOWN:])
    ahead = [
        {"at": plain(at), "mid": one.mid, **{end: getattr(one, end) for end in ENDS}}
        for at, one in zip(led.coming, made.months, strict=True)
    ]
    options = {"forecast": ahead, "highlight": plain(led.aims[-1])}
    return Exhibit(f"{KEY}.line", "line", Table(f"{KEY}.known", heads, rows), said, tuple(_notes(result, led)), options)


def _notes(result: Result, led: Ahead) -> Iterable[Note]:
    counts = {"n": Arg(len(led.known), "count"), "span": month_range([month for month, _ in led.known])}
    yield Note("note.review.next.line", counts | {"who": who(result, led.shop)})
    assert led.forecast
    used = led.forecast.used
    back = {"n": Arg(used.origins, "count"), "model": Arg(f"model.{used.model}", "label")}
    yield Note("note.review.next.naive" if naive(led) else "note.review.next.model", back)
    yield ranges()


def ranges() -> Note:
    return Note("note.market.outlook.ranges", {"inner": Arg(INNER, "level"), "outer": Arg(OUTER, "level")})


# ---- the shops and their goals -----------------------------------------------------------------------------------

SHOPS = (
    ("shop", "text", "col.shop"),
    ("mid", "money", "col.fc_mid"),
    ("low80", "money", "col.fc_low80"),
    ("high80", "money", "col.fc_high80"),
    ("before", "money", "col.year_before"),
    ("change", "growth", "col.fc_change"),
    ("goal", "money", "col.goal"),
    ("place", "label", "col.next_place"),
)


def _shops(result: Result, led: Ahead, said: tuple[str, ...]) -> Exhibit:
    shown = sorted((one for one in result.ahead if one.forecast), key=lambda one: one.shop == TOTAL)
    rows = [_row(result, one) for one in shown]
    kept = [n for n in range(len(SHOPS)) if any(row[n] is not None for row in rows)]
    heads = tuple(Column(*SHOPS[n]) for n in kept)
    marks = {n: "total" for n, one in enumerate(shown) if one.shop == TOTAL}
    table = Table(f"{KEY}.shops", heads, tuple(tuple(row[n] for n in kept) for row in rows), marks)
    notes = [Note("note.review.next.shops", {"span": month_range(led.aims)})]
    notes += [Note("note.market.outlook.moved")] if any(one.moved for one in shown) else []
    return Exhibit(f"{KEY}.shops", "table", table, said, (*notes, ranges()))


def _row(result: Result, one: Ahead) -> list[Any]:
    expected = one.expected
    assert expected
    change = None if naive(one) else expected.mid / one.before - 1
    ends = [expected.mid, expected.low80, expected.high80, one.before, change]
    return [_name(result, one.shop), *ends, one.goal, PLACES[one.side] if one.goal else None]


def _name(result: Result, shop: str) -> Any:
    return who(result, shop).value if shop else {"zh": "合计", "en": "All shops"}


# ---- what a goal would take --------------------------------------------------------------------------------------

TAKES = (
    ("shop", "text", "col.shop"),
    ("metric", "label", "col.metric"),
    ("before", "figure", "col.year_before"),
    ("expected", "figure", "col.fc_mid"),
    ("needed", "figure", "col.next_needed"),
    ("reached", "count", "col.next_reached"),
    ("known", "count", "col.next_known"),
)


def _takes(result: Result, led: Ahead, said: tuple[str, ...]) -> Exhibit:
    rows = []
    for one in result.ahead:
        for take in one.takes:
            values = (Arg(v, BY_NAME[take.factor].unit) for v in (take.before, take.expected, take.needed))
            shop = plain(who(result, one.shop).value) if result.shops else None
            rows.append((shop, f"score.{take.factor}", *values, take.reached, take.known))
    first = 0 if result.shops else 1  # the only shop needs no name
    table = Table(f"{KEY}.takes", tuple(Column(*head) for head in TAKES[first:]), tuple(row[first:] for row in rows))
    notes = (Note("note.review.next.takes"), Note("note.review.next.reached"))
    return Exhibit(f"{KEY}.takes", "table", table, said, notes)


# ---- back-tests ------------------------------------------------------------------------------------------------

TRIED = ("origins", "mase", "naive", "mape", "held80", "held95")
UNITS = {"origins": "count", "mase": "index", "naive": "index"}


def accuracy_table(result: Result, led: Ahead) -> Exhibit:
    """A row a candidate, best first; the one that is used is marked."""
    made = led.forecast
    assert made
    heads = [Column("model", "label", "col.fc_model")]
    heads += [Column(name, UNITS.get(name, "ratio"), f"col.fc_{name}") for name in TRIED]
    rows = tuple((f"model.{t.model}", *(getattr(t, name) for name in TRIED)) for t in made.tried)
    used = next(n for n, t in enumerate(made.tried) if t.model == made.model)
    table = Table(f"{KEY}.tried", tuple(heads), rows, {used: "own"})
    notes = (Note("note.review.next.accuracy", about(result, led)), Note("note.market.outlook.accuracy"), ranges())
    return Exhibit(f"{KEY}.accuracy", "table", table, (f"{KEY}.accuracy",), notes)
