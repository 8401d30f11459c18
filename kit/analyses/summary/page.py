"""The summary's findings, key figures and tables, each taken from the report that has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.analyses.summary.pick import Picked, Piece, Result
from kit.analyses.verdicts import SummaryVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kind, Kpi, Missing, Note, Severity, Shown, Side, Table

KEY = "summary"
STRIP = 4
REVIEW = "review"
SCORE = f"{REVIEW}.scorecard."
ALL = "all"
"""The scorecard of all shops together."""
GAPS = 4
"""Questions without an answer that have room here; the reports have all of theirs."""
SCORED = ("metric", "value", "previous", "year", "joined", "shifted", "usual", "trend", "verdict")
"""Columns of the review's scorecard that have room here."""
LINES = (
    "visitors", "pay_cvr", "revenue_per_buyer", "pay_amount", "gsv", "new_share", "spend_ratio", "refund_rate",
)  # fmt: skip


def answer(result: Result) -> Shown:
    """The findings that weigh most, over all reports, and the key figures of the review, else of the first report."""
    if not result.picked:
        return Shown(missing=(Missing(KEY, "question.summary", (), Note("x.nothing")),))
    made = tuple(_finding(one) for one in result.picked)
    return Shown((*made, _rule(result)), kpis=tuple(_strip(result)))


def _finding(one: Picked) -> Finding:
    found, shown = one.finding, one.finding["shown"]
    where = {"report": Arg(one.report, "report")}
    if one.label:
        where["exhibit"] = Arg(dict(one.label), "text")
    facts: dict[str, Any] = {name: found[name] for name in ("value", "unit", "low", "high", "baseline")}
    facts |= {"evidence": Note("x.where.at" if one.label else "x.where", where), "pinned": shown["pinned"]}
    facts |= {"source": one.source}
    text = {"text": Arg(shown["text"], "text")}
    kind, severity = Kind(found["kind"]), Severity(shown["severity"])
    return Finding(f"{KEY}.{found['key']}", "x.said", text, Verdict.SAID, severity, kind, **facts)


def _rule(result: Result) -> Finding:
    """How the lines above were chosen."""
    args = {"n": Arg(result.known, "count"), "k": Arg(len(result.reports), "count")}
    facts: dict[str, Any] = {"method": "method.summary"}
    return Finding(f"{KEY}.rule", "x.rule", args, Verdict.SAID, Severity.INFO, Kind.DATA, **facts)


def _strip(result: Result) -> Iterable[Kpi]:
    first = next((r for r in (result.reports.get(REVIEW), *result.reports.values()) if r and r["kpis"]), None)
    for kpi in (first or {"kpis": []})["kpis"][:STRIP]:
        changes = tuple((change["name"], Arg(change["value"], change["unit"])) for change in kpi["changes"])
        yield Kpi(f"{KEY}.{kpi['key']}", kpi["name"], Arg(kpi["value"], kpi["unit"]), changes)


def asks(result: Result) -> Shown:
    """What is to be decided and done, of all reports: by whom, and where it is shown what it rests on."""
    asked = result.asked
    made = tuple(_ask(one, sum(o.finding is one.finding for o in asked[:n])) for n, one in enumerate(asked))
    if not made:
        return _without("asks", "x.asks.none")
    args = {"n": Arg(len(made), "count")}
    lead = Finding(f"{KEY}.asks", "x.asks", args, Verdict.SAID, Severity.INFO, exhibit=f"{KEY}.asks")
    columns = tuple(Column(name, unit, f"col.summary.{name}") for name, unit in ASKS)
    rows, about = tuple(_asked(one) for one in result.asked), tuple(f.key for f in made)
    table = Table(f"{KEY}.asks", columns, rows, about=about)
    keys = (lead.key, *(f.key for f in made))
    return Shown((lead, *made), (Exhibit(f"{KEY}.asks", "table", table, keys, options={"alone": True}),))


ASKS = (("side", "figure"), ("ask", "text"), ("report", "report"), ("at", "text"))


def _asked(one: Picked) -> tuple[Any, ...]:
    """Whose it is: of what was agreed the owner with the day, else the side that it is up to."""
    who = one.agreed and one.agreed["who"]
    return (
        Arg(who, "text") if who else Arg(f"x.side.{one.ask['side']}", "label"),
        one.ask["action"],
        one.report,
        dict(one.label) if one.label else None,
    )


def _ask(one: Picked, before: int) -> Finding:
    """For the box on the first page: what is asked alone; what it rests on stands in the table. ``before``: how many
    things are asked about the same finding before."""
    text = {"text": Arg(one.ask["action"], "text")}
    args = dict(text)
    if one.agreed:
        args |= {"agreed_owner": Arg(one.agreed["owner"], "text"), "agreed_due": Arg(one.agreed["due"], "date")}
    facts: dict[str, Any] = {"action": Note("x.ask", args), "side": Side(one.ask["side"]), "source": one.source}
    key = f"{KEY}.ask.{one.finding['key']}" + (f".{before + 1}" if before else "")
    return Finding(key, "x.said", text, Verdict.SAID, Severity.INFO, exhibit=f"{KEY}.asks", **facts)


# ---- tables of the review ----------------------------------------------------------------------------------------


def actions(result: Result) -> Shown:
    """What was agreed, as the review has it."""
    said = _said(result, f"{REVIEW}.actions.summary")
    table = _table(result, f"{REVIEW}.actions.table")
    if said is None or table is None:
        return Shown(missing=(Missing(f"{KEY}.actions", "question.review.actions", ("actions",)),))
    lead = _led("actions", said)
    heads = [(c["name"], c["unit"]) for c in table["columns"]]
    columns = tuple(Column(name, unit, f"col.action.{name}") for name, unit in heads)
    rows = tuple(map(tuple, table["rows"]))
    return Shown((lead,), (Exhibit(f"{KEY}.actions", "table", Table(f"{KEY}.actions", columns, rows), (lead.key,)),))


def score(result: Result) -> Shown:
    """The review's main figures with their change and small trend: of all shops together, else of the only one."""
    tables = (result.reports.get(REVIEW) or {"tables": {}})["tables"]
    names = [name.removeprefix(SCORE).removesuffix(".lines") for name in tables if name.startswith(SCORE)]
    shops = [name for name in names if "." not in name]
    shop = ALL if ALL in shops else next(iter(shops), None)
    said = _said(result, f"{SCORE}{shop}")
    rows = _lines(tables[f"{SCORE}{shop}.lines"]) if shop else []
    if said is None or not rows:
        return _without("score", "x.score.none")
    lead = _led("score", said)
    return Shown((lead,), (_scored(lead.key, tables[f"{SCORE}{shop}.lines"], rows),))


def _without(part: str, reason: str) -> Shown:
    """A section with nothing to show says so."""
    return Shown(missing=(Missing(f"{KEY}.{part}", f"question.summary.{part}", (), Note(reason)),))


def _lines(table: Piece) -> list[list[Any]]:
    at = {column["name"]: n for n, column in enumerate(table["columns"])}
    wanted = [at[name] for name in SCORED if name in at]
    lines = {str(row[at["metric"]]).rpartition(".")[2]: row for row in table["rows"]}
    return [[lines[name][n] for n in wanted] for name in LINES if name in lines]


def _scored(key: str, table: Piece, rows: list[list[Any]]) -> Exhibit:
    units = {column["name"]: column["unit"] for column in table["columns"]}
    columns = tuple(Column(name, units[name], f"col.summary.{name}") for name in SCORED if name in units)
    return Exhibit(key, "table", Table(key, columns, tuple(map(tuple, rows))), (key,), (Note("note.summary.score"),))


def _said(result: Result, key: str) -> Piece | None:
    report = result.reports.get(REVIEW)
    return next((f for f in report["findings"] if f["key"] == key and f["shown"]), None) if report else None


def _table(result: Result, key: str) -> Piece | None:
    report = result.reports.get(REVIEW)
    return report["tables"].get(key) if report else None


def _led(name: str, said: Piece) -> Finding:
    """A finding of the review as the message of its table here; it opens no page a second time."""
    text = {"text": Arg(said["shown"]["text"], "text")}
    return Finding(f"{KEY}.{name}", "x.said", text, Verdict.SAID, Severity.INFO, exhibit=f"{KEY}.{name}")


def unseen(result: Result) -> Shown:
    """Questions that the reports could not answer, each with what would bring the answer, and reports without a
    subject."""
    gaps = {gap["key"]: gap for report in result.reports.values() for gap in report["missing"]}
    columns = (Column("question", "text", "col.summary.question"), Column("bring", "text", "col.summary.bring"))
    rows = tuple((gap["question"], gap["text"]) for gap in [*gaps.values()][:GAPS])
    more = (Note("note.summary.more", {"n": Arg(len(gaps) - GAPS, "count")}),) if len(gaps) > GAPS else ()
    made = []
    if rows:
        args = {"n": Arg(len(gaps), "count")}
        facts: dict[str, Any] = {"exhibit": f"{KEY}.unseen"}
        made.append(Finding(f"{KEY}.unseen", "x.unseen.n", args, Verdict.SAID, Severity.INFO, **facts))
    if result.absent:
        args = {"reports": Arg([Arg(name, "report") for name in result.absent], "report")}
        made.append(Finding(f"{KEY}.absent", "x.absent", args, Verdict.SAID, Severity.LOW, Kind.DATA))
    if not made:
        return _without("unseen", "x.unseen.none")
    table = Table(f"{KEY}.unseen", columns, rows)
    return Shown(tuple(made), (Exhibit(f"{KEY}.unseen", "table", table, (f"{KEY}.unseen",), more),) if rows else ())
