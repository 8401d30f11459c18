"""One page for the partner who approves: what moved, what was edited and why, what is unsound, missing, or new.

Made of what is built, in the terminal and as a page of its own that is never sent. Everything in it is worded once, as
blocks (see ``kit.render``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kit import approvals, checking, committing, corrections, news, project, report, stale, store
from kit.client import Client, Period
from kit.deliver import approval, approving, editors, index, parts
from kit.errors import FAILED, KitError, Problem, problem
from kit.store import Store
from kit.text import Words

SIGNED = ("growth", "points")
"""Units of what is a change; anything else beside a figure is what it is compared with."""

NONE = "—"

Block = dict[str, Any]
Report = Mapping[str, Any]


def make(client: Client, period: str, words: Words) -> tuple[list[Block], Path]:
    """The page's blocks, and the file that holds them, written anew. Raises ``KitError`` if nothing is built."""
    with committing.locked(client.slug):
        data = store.load(client)
        chosen = Period.choose(period, data.span(), data.months())
        folder = stale.folder_of(client, chosen)
        reports = {name: json.loads((folder / f"{name}.json").read_bytes()) for name in built(client, folder)}
        if not reports:
            raise KitError(problem("e.deliver.nothing", client=client.slug, period=chosen.text), FAILED)
        made = list(blocks(client, chosen, data, reports, words))
        path = folder / f"redline.{words.locale}.html"
        try:
            committing.replace(path, _page(client, chosen, data, made, words).encode())
        except OSError as error:
            raise KitError(problem("e.output.write", folder=project.relative(folder)), FAILED) from error
    return made, path


def built(client: Client, folder: Path) -> list[str]:
    """The reports of a period's folder with a record in any language."""
    names = parts.ordered(report.names(client))
    return [
        n
        for n in names
        if (folder / f"{n}.json").is_file() and any(stale.recorded(folder, n, x) for x in index.LOCALES)
    ]


def blocks(client: Client, period: Period, data: Store, reports: Mapping[str, Report], words: Words) -> Iterator[Block]:
    """Every section under its heading; one with nothing to say says so."""
    folder = stale.folder_of(client, period)
    faults = [words.problem(fault) for fault in approving.against(client, period, data)]
    told = [Problem(**said) for name in reports for said in _told(folder, name)]
    warnings = [words.problem(p) for p in (*data.problems, *checking.needs(client, words), *told)]
    for key, made in (
        ("stops", [_list(faults)]),
        ("kpis", [_kpis(reports, words)]),
        ("edits", [_edits(client, data, reports, words)]),
        ("warnings", [_list(warnings)]),
        ("missing", [_list([*checking.lacking(client, data, words), *_questions(reports, words)])]),
        ("version", list(_versions(client, period, reports, words))),
        ("since", list(_since(folder, words))),
    ):
        yield _heading(words.label(f"redline.{key}"), f"redline-{key}")
        yield from [block for block in made if block] or [_list([words.label(f"redline.{key}.none")])]


def lines(made: Sequence[Block]) -> Iterator[str]:
    """The blocks as lines for a terminal."""
    for block in made:
        if block["type"] == "heading":
            yield block["text"] if block["level"] == 1 else f"  {block['text']}"
        elif block["type"] == "table":
            heads = [column["label"] for column in block["table"]["columns"]]
            yield from (
                f"  {line}" for line in checking.aligned([heads, *(r["cells"] for r in block["table"]["rows"])])
            )
        else:
            yield from (f"    {item}" for item in block["items"])


# ---- sections ----------------------------------------------------------------------------------------------------


def _kpis(reports: Mapping[str, Report], words: Words) -> Block:
    """Key figures with the value of the span before and their changes; those that did not move are left out, and the
    summary's that another report has."""
    rows: dict[tuple[str, str], list[str]] = {}
    for name, said in sorted(reports.items(), key=lambda one: one[0] == "summary"):
        for kpi in said["kpis"]:
            now, before = _value(kpi["value"], kpi["unit"], words), ""
            if kpi["before"]:
                before = _value(kpi["before"]["value"], kpi["unit"], words)
            moved = [c for c in kpi["changes"] if c["unit"] in SIGNED and c["value"]]
            changes = [f"{c['label'][words.locale]} {_value(c['value'], c['unit'], words, sign=True)}" for c in moved]
            label = kpi["label"][words.locale]
            if changes or (before and now != before):
                row = [index.title(name, words), label, now, before or NONE, words.join(changes)]
                rows.setdefault((label, now), row)
    return _table(("report", "kpi", "now", "before", "change"), list(rows.values()), words, right=(2, 3))


def _value(value: Any, unit: str, words: Words, sign: bool = False) -> str:
    return str(words.value({"value": value, "unit": unit}, sign=sign))


def _edits(client: Client, data: Store, reports: Mapping[str, Report], words: Words) -> Block:
    """What was done by hand, by whom and why: to findings, a rewording beside what kit would say; then all else."""
    rows = []
    for name, said in reports.items():
        for finding in said["findings"]:
            for edit in finding["edit"] or ():
                rows.append([index.title(name, words), words.label(f"redline.{edit['action']}"),
                             _edited(finding, edit, words), edit["by"], edit["why"]])  # fmt: skip
    rows += _works(client, data, reports, words)
    return _table(("report", "action", "finding", "by", "why"), rows, words)


def _works(client: Client, data: Store, reports: Mapping[str, Report], words: Words) -> Iterator[list[str]]:
    """Notes, notebooks, SWOT items and exclusions; what one person did of a sort for one reason is one row."""
    found: dict[tuple[str, ...], list[str]] = {}
    for one in editors.works(client, data, list(reports), words.locale):
        apart = "" if one.kind == "exclude" else one.what
        found.setdefault((one.report, one.kind, one.by, one.why, apart), []).append(one.what)
    for (name, kind, by, why, _), what in found.items():
        told = words.label("redline.excluded", what=what[0], n=len(what)) if what[1:] else what[0]
        title = index.title(name, words) if name else NONE
        yield [title, words.label(f"redline.{kind}"), told, by or NONE, why or NONE]


def _edited(finding: Report, edit: Report, words: Words) -> str:
    text = str(finding["text"][words.locale])
    if edit["action"] == "reword" and finding["shown"]:
        return str(words.label("redline.reworded", text=finding["shown"]["text"][words.locale], was=text))
    return text


def _questions(reports: Mapping[str, Report], words: Words) -> list[str]:
    """What the data do not answer, each once."""
    return list(dict.fromkeys(one["text"][words.locale] for said in reports.values() for one in said["missing"]))


def _versions(client: Client, period: Period, reports: Mapping[str, Report], words: Words) -> Iterator[Block]:
    """How each report stands, and what it says otherwise than the version before."""
    state, approved = approval.state(client, period), approvals.known(client, period)
    if not approved:
        return
    for name, said in reports.items():
        stands = state.of(name, words.locale)
        facts = {"version": f"V{stands.version}", "by": stands.by, "at": stands.at}
        told = [words.label(f"redline.{stands.kind}", **facts)]
        record = stale.recorded(stale.folder_of(client, period), name, words.locale) or {}
        content = record.get("contents", {}).get(words.locale, "")
        before = approvals.before(approved, name, words.locale, content) if content else None
        if before:
            old = corrections.copy(client, period, before.version, name)
            told += corrections.lines(old, said, before.version, words)
        yield _heading(index.title(name, words), f"version-{name}", 2)
        yield _list(told)


def _since(folder: Path, words: Words) -> Iterator[Block]:
    """What each report says otherwise than that of the period before."""
    for n, (title, told) in enumerate(news.of_reports(folder, words)):
        yield _heading(title, f"since-{n}", 2)
        yield _list(told)


def _told(folder: Path, name: str) -> list[dict[str, Any]]:
    """What was to be said of a report when it was built."""
    records = (stale.recorded(folder, name, locale) for locale in index.LOCALES)
    return next((record["told"] for record in records if record), [])


# ---- blocks ------------------------------------------------------------------------------------------------------


def _heading(text: str, id: str, level: int = 1) -> Block:
    return {"type": "heading", "level": level, "text": text, "id": id, "appendix": False}


def _list(items: Sequence[str]) -> Block:
    return {"type": "list", "items": list(dict.fromkeys(items))} if items else {}


def _table(heads: Sequence[str], rows: list[list[str]], words: Words, right: tuple[int, ...] = ()) -> Block:
    if not rows:
        return {}
    columns = [{"label": words.label(f"redline.col.{head}"), "align": "right" if n in right else "left"}
               for n, head in enumerate(heads)]  # fmt: skip
    table = {"columns": columns, "rows": [{"cells": row, "mark": None} for row in rows]}
    return {"type": "table", "table": table, "notes": [], "small": False}


def _page(client: Client, period: Period, data: Store, made: list[Block], words: Words) -> str:
    """The page in the client's look, with a banner that it is not for the client."""
    from kit import brand, html
    from kit.findings import plain

    name, agency, title = client.name.in_(words.locale), client.agency.in_(words.locale), words.label("redline.title")
    of = words.value({"value": plain(period), "unit": "period"})
    cutoff = data.cutoff.isoformat() if data.cutoff else None
    meta = {
        "lang": {"zh": "zh-CN", "en": "en-GB"}[words.locale],
        "client": name,
        "title": title,
        "kicker": of,
        "scope": "",
        "agency": agency,
        "date": "",
        "version": "",
        "draft": words.label("redline.internal"),
        "cutoff": words.label("page.cutoff", date=words.value({"value": cutoff, "unit": "date"})),
        "short": True,
        "confidential": words.label("redline.internal"),
        "header_left": words.label("page.header", client=name, title=title),
        "header_right": of,
        "footer_left": words.label("page.footer", agency=agency),
        "labels": {key: words.label(f"page.{key}") for key in ("contents", "skip", "logo")},
    }
    look = brand.load(client.folder, client.up_color).plain()
    return html.page({"meta": meta, "brand": look, "blocks": made})
