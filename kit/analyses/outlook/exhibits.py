"""The coming months as a fan at the end of the line and as a table; the candidates' back-tests as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kit.analyses.outlook.sentences import Page, month_range
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table, plain
from kit.stats.forecast import INNER, OUTER, Range

SHOWN = 36
"""Known months before the coming ones on the line."""
ENDS = ("mid", "low80", "high80", "low95", "high95")


def exhibits(page: Page, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """The line under the next month's message, the table under that of all of them."""
    if page.one.forecast is None:
        return
    yield Exhibit(
        f"{page.key}.line",
        "line",
        _known(page),
        (found[0].key,),
        (Note(f"note.market.outlook.{page.one.series.kind}", page.args | _counts(page)), _ranges()),
        {"forecast": _forecast(page), "highlight": plain(page.one.coming[0])},
    )
    notes = [Note("note.market.outlook.sums")] if page.one.sums else []
    notes += [Note("note.market.outlook.moved")] if any(page.one.moved) else []
    yield Exhibit(f"{page.key}.months", "table", _months(page), (found[1].key,), (*notes, _ranges()))


def _counts(page: Page) -> dict[str, Arg]:
    span = [month for month, _ in page.one.known]
    return {"n": Arg(len(span), "count"), "span": month_range(span)}


def _ranges() -> Note:
    return Note("note.market.outlook.ranges", {"inner": Arg(INNER, "level"), "outer": Arg(OUTER, "level")})


def _known(page: Page) -> Table:
    kind = page.one.series.kind
    heads = (Column("month", "month", "col.month"), Column("value", "money", f"col.series.{kind}"))
    rows = tuple((plain(month), amount.value) for month, amount in page.one.known[-SHOWN:])
    return Table(f"{page.key}.known", heads, rows)


def _forecast(page: Page) -> list[dict[str, object]]:
    made = page.one.forecast
    assert made
    return [{"at": plain(at), **_ends(one)} for at, one in zip(page.one.coming, made.months, strict=True)]


def _ends(one: Range) -> dict[str, float]:
    return {end: getattr(one, end) for end in ENDS}


def _months(page: Page) -> Table:
    """A row a month, and one for all of them where they add up; the year before and the change on it."""
    one, made = page.one, page.one.forecast
    assert made
    heads = [Column("month", "month-range", "col.month"), *(Column(end, "money", f"col.fc_{end}") for end in ENDS)]
    heads += [Column("before", "money", "col.year_before"), Column("change", "growth", "col.fc_change")]
    parts = [([at], month, before) for at, month, before in zip(one.coming, made.months, one.before, strict=True)]
    if one.sums:
        parts.append((list(one.coming), made.total, sum(one.before)))
    rows = tuple(
        (month_range(span).value, *_ends(month).values(), before, month.mid / before - 1)
        for span, month, before in parts
    )
    return Table(f"{page.key}.coming", tuple(heads), rows, {len(one.coming): "total"} if one.sums else {})


COLUMNS = (
    ("model", "label"),
    ("origins", "count"),
    ("mase", "index"),
    ("naive", "index"),
    ("mape", "ratio"),
    ("held80", "ratio"),
    ("held95", "ratio"),
)


def accuracy_table(page: Page) -> Exhibit:
    """A row a candidate, best first; the one that is used is marked."""
    made = page.one.forecast
    assert made
    heads = tuple(Column(name, unit, f"col.fc_{name}") for name, unit in COLUMNS)
    rows = tuple((f"model.{t.model}", t.origins, t.mase, t.naive, t.mape, t.held80, t.held95) for t in made.tried)
    used = next(n for n, t in enumerate(made.tried) if t.model == made.model)
    table = Table(f"{page.key}.tried", heads, rows, {used: "own"})
    notes = (Note("note.market.outlook.accuracy"), _ranges())
    return Exhibit(f"{page.key}.accuracy", "table", table, (f"{page.key}.accuracy",), notes)
