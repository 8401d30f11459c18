"""``output/<client>/index.html``: a client's reports by period with their status, findings, changes and files.

Made from the manifests, the approvals and the sizes of files; no report is opened. It works from the file system: links
are relative, there is no script, and nothing is fetched.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kit import committing, project
from kit.client import Client, Period
from kit.deliver import approval, parts
from kit.deliver.pack import PICTURES
from kit.errors import FAILED, KitError, problem
from kit.findings import ORDER, plain
from kit.graph import PACK
from kit.text import Words

FILE = "index.html"
LOCALES = ("zh", "en")
KINDS = {"html": "HTML", "pdf": "PDF", "xlsx": "Excel", "pptx": "PowerPoint"}
"""Files that a reader opens, by their ending, in the order in which they are linked."""
SHARE = "share"
"""A kind of delivery, and its folder."""
SORTS = ("new", "resolved", "changed", "restated")

Record = Mapping[str, Any]
State = dict[str, str]
"""``tone``, ``text`` and ``more``: what stands below it in small letters."""


@dataclass(frozen=True)
class Shown:
    """A period's folder: its records by ``<report>.<locale>``, and the reports whose last run failed."""

    period: Period
    folder: Path
    records: Mapping[str, Record]
    failed: frozenset[str]


def place(client: Client) -> Path:
    return project.output() / client.slug / FILE


def write(client: Client) -> None:
    """Write the page anew if its bytes change; without a period that was built there is none."""
    path = place(client)
    shown = periods(path.parent)
    made = page(client, shown).encode() if shown else None
    try:
        if made is None:
            path.unlink(missing_ok=True)
        elif not path.is_file() or path.read_bytes() != made:
            committing.replace(path, made)
    except OSError as error:
        raise KitError(problem("e.output.write", folder=project.relative(path.parent)), FAILED) from error


def periods(output: Path) -> list[Shown]:
    """The periods of which a client's folder of output holds any report, the latest first."""
    found = []
    for folder in output.iterdir() if output.is_dir() else ():
        try:
            period = Period.parse(folder.name)
        except KitError:  # a folder of somebody else
            continue
        shown = Shown(period, folder, manifest(folder), committing.failures(folder))
        if shown.records or shown.failed:
            found.append(shown)
    return sorted(found, key=lambda one: (one.period.end, one.period.start, one.period.text), reverse=True)


def manifest(folder: Path) -> dict[str, Record]:
    """The records of a period's folder by ``<report>.<locale>``; none where no manifest can be read."""
    try:
        said = json.loads((folder / "manifest.json").read_bytes())["reports"]
        return {str(name): record for name, record in said.items() if isinstance(record["files"], dict)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def page(client: Client, shown: Sequence[Shown]) -> str:
    """The page in the client's language, with the files of both languages; it looks as the latest of these do."""
    from kit import html

    words = Words(client.locale, client.currency)
    return html.index(_meta(client, words), _look(client, shown), [_period(client, one, words) for one in shown])


def _look(client: Client, shown: Sequence[Shown]) -> dict[str, Any]:
    """The brand as the latest record has it: reading the brand's own file takes longer than all else here."""
    from kit.brand import Brand

    records = (record for one in shown for record in one.records.values() if "look" in record)
    record = next(records, None)
    if record is None:
        return Brand(up_color=client.up_color).plain()
    name = record["reads"]["logo"]
    logo = client.folder / name
    content = base64.b64encode(logo.read_bytes()).decode() if name and logo.is_file() else None
    return {**record["look"], "logo": content}


def _meta(client: Client, words: Words) -> dict[str, Any]:
    name, given = client.name.in_(words.locale), client.confidentiality
    labels = {k: words.label(f"page.{k}") for k in ("skip", "logo")}
    labels |= {k: words.label(f"index.{k}") for k in ("report", "status", "findings")}
    return {
        "lang": {"zh": "zh-CN", "en": "en-GB"}[words.locale],
        "client": name,
        "agency": client.agency.in_(words.locale),
        "title": words.label("index.title"),
        "scope": words.label("index.scope"),
        "confidential": given.in_(words.locale) if given else words.label("page.confidential", client=name),
        "locales": [words.label(f"index.locale.{locale}") for locale in LOCALES],
        "labels": labels,
    }


def _period(client: Client, shown: Shown, words: Words) -> dict[str, Any]:
    """One period: its name, what was delivered of it, and a row a report; the pack stands first."""
    state = approval.state(client, shown.period)
    names = {name.rpartition(".")[0] for name in shown.records} | shown.failed
    ordered = [name for name in (PACK,) if name in names] + parts.ordered([*names - {PACK}])
    return {
        "id": f"p{shown.period.text}",
        "name": words.value({"value": plain(shown.period), "unit": "period"}),
        "told": [_delivered(one, shown.folder, words) for one in approval.deliveries(client, shown.period)],
        "rows": [_row(name, shown, state, words) for name in ordered],
    }


def _row(name: str, shown: Shown, state: Any, words: Words) -> dict[str, Any]:
    known = {loc: shown.records[f"{name}.{loc}"] for loc in LOCALES if f"{name}.{loc}" in shown.records}
    said = next(iter(known.values()), {}).get("said") or {}
    return {
        "title": title(name, words),
        "since": _since(said.get("since"), words),
        "states": list(_states(name, shown, known, state, words)),
        "counts": _counts(said.get("findings") or {}, words),
        "files": [_files(shown.folder, known[loc], loc, words) if loc in known else [] for loc in LOCALES],
    }


def title(report: str, words: Words) -> str:
    """What a report is called; a client's own by its name, the pack by its own."""
    if report == PACK:
        return words.label("index.pack")
    return words.value({"value": report, "unit": "report"})


# ---- what stands in a row ----------------------------------------------------------------------------------------


def _states(name: str, shown: Shown, known: Mapping[str, Record], state: Any, words: Words) -> Iterator[State]:
    """Why a report is not as it should be, else whether it is approved; once where both languages stand alike. The pack
    is not approved by itself: it is a draft as long as a report in it is one."""
    if name in shown.failed:
        more = words.label("index.failed.old") if known else ""
        yield {"tone": "failed", "text": words.label("index.failed"), "more": more}
    elif any(not (shown.folder / file).is_file() for record in known.values() for file in record["files"]):
        yield {"tone": "failed", "text": words.label("index.lost"), "more": words.label("index.lost.do")}
    elif name == PACK:
        held = [(one, locale) for locale in known for one in state.reports(locale) if one != PACK]
        if any(state.of(*one).kind != "approved" for one in held):
            yield {"tone": "draft", "text": words.label("index.draft"), "more": ""}
    else:
        told = {locale: _approved(state.of(name, locale), words) for locale in known}
        alike = len({tuple(one.values()) for one in told.values()}) == 1
        for locale, one in list(told.items())[: 1 if alike else None]:
            language = words.label(f"index.locale.{locale}")
            yield one if alike else {**one, "text": words.label("index.in", language=language, text=one["text"])}


def _approved(standing: Any, words: Words) -> State:
    if standing.kind == "draft":
        return {"tone": "draft", "text": words.label("index.draft"), "more": ""}
    who = {"by": standing.by, "at": standing.at, "version": f"V{standing.version}"}
    return {
        "tone": standing.kind,
        "text": words.label(f"index.{standing.kind}", **who),
        "more": words.label(f"index.by.{standing.kind}", **who),
    }


def _counts(findings: Mapping[str, int], words: Words) -> list[dict[str, str]]:
    """How many findings the pages show, those that weigh most first."""
    found = [(str(severity), findings[severity]) for severity in ORDER if findings.get(severity)]
    return [{"tone": tone, "text": f"{words.label(f'severity.{tone}')} {n}"} for tone, n in found]


def _since(said: Mapping[str, Any] | None, words: Words) -> str:
    if not said:
        return ""
    period = words.value({"value": said["before"], "unit": "period"})
    changes = [words.label(f"index.since.{sort}", n=said[sort]) for sort in SORTS if said[sort]]
    if not changes:
        return words.label("index.since.none", period=period)
    return words.label("index.since", period=period, changes=words.listing(changes))


def _files(folder: Path, record: Record, locale: str, words: Words) -> list[dict[str, str]]:
    """Links to a record's files of its language, then to its folder of pictures."""
    found = []
    for ending, kind in KINDS.items():
        for name in record["files"]:
            if name.endswith(f".{locale}.{ending}") and (folder / name).is_file():
                size = written((folder / name).stat().st_size)
                found.append({"href": quote(f"{folder.name}/{name}"), "name": kind, "size": size})
    pictures = [name for name in record["files"] if name.startswith(f"{PICTURES}/{locale}/")]
    if pictures:
        href = quote(f"{folder.name}/{PICTURES}/{locale}/")
        found.append({"href": href, "name": words.label("index.pictures", n=len(pictures)), "size": ""})
    return found


def written(size: int) -> str:
    """A file's size as file managers show it, in thousands of bytes."""
    return f"{size / 1e6:.1f} MB" if size >= 999_500 else f"{max(1, round(size / 1e3))} KB"


def _delivered(one: Any, folder: Path, words: Words) -> dict[str, str]:
    """That a version was made ready to leave; of what is shared the folder, as long as it is there."""
    there = one.kind == SHARE and (folder / SHARE).is_dir()
    text = words.label(f"index.delivered.{one.kind}", version=f"V{one.version}", at=one.at)
    return {"text": text, "href": quote(f"{folder.name}/{SHARE}/") if there else ""}
