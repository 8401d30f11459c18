"""Approvals: who approved what of a client's period, by the hash of what each report says, and what was delivered.

``data/<client>/approvals/<period>.json`` lists them, oldest first; ``<period>/V<n>/<report>.json`` beside it is the
report as data as it was approved. An approval names all that stands approved from then on: what was approved before and
was not built this time stands as it did. The version counts up when anything approved before says something else; a
report in a language bears the version in which what it says was approved first. What is approved by nobody is a draft.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kit import committing
from kit.client import Client, Period
from kit.errors import KitError, problem

FOLDER = "approvals"
MARKS = ("draft", "version")
"""What of a document's ``meta`` says whether it is approved: no part of what is approved."""

Contents = Mapping[str, Mapping[str, str]]
"""By report and language the hash of what it says (``content``)."""


@dataclass(frozen=True)
class Approval:
    """``by`` whom, ``at`` which minute (local time), and all that stands approved since."""

    version: int
    by: str
    at: str
    contents: Contents

    def of(self, report: str, locale: str) -> str | None:
        """The hash of what stands approved of a report in a language."""
        return self.contents.get(report, {}).get(locale)


@dataclass(frozen=True)
class Delivery:
    """What left for the client: ``kind`` is ``mail`` or ``share``; ``at`` as in ``Approval``. ``reports`` and
    ``locales``: which; all if empty, as in files of older versions."""

    kind: str
    version: int
    at: str
    reports: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()

    def brought(self, report: str, locale: str) -> bool:
        return (not self.reports or report in self.reports) and (not self.locales or locale in self.locales)


def content(document: Mapping[str, Any]) -> str:
    """The hash of what a worded document says and shows, workbook and pages, but for marks and correction notice."""
    meta = {name: said for name, said in document["meta"].items() if name not in MARKS}
    blocks = [block for block in document["blocks"] if not block.get("correction")]
    return _hash([meta, document["brand"], blocks, document["tables"]])


def known(client: Client, period: Period) -> tuple[Approval, ...]:
    """All approvals of a period, oldest first. Raises ``KitError`` if the file is not as it was written."""
    return _read(client, period)[0]


def deliveries(client: Client, period: Period) -> tuple[Delivery, ...]:
    """All deliveries of a period, oldest first. Errors as ``known``."""
    return _read(client, period)[1]


def standing(client: Client, period: Period, report: str, locale: str, content: str) -> Approval | None:
    """The approval that first covered what stands approved, if that is exactly ``content``; else None: a draft."""
    stands = versions(known(client, period), report, locale)[-1:]
    return stands[0] if stands and stands[0].of(report, locale) == content else None


def versions(approvals: tuple[Approval, ...], report: str, locale: str) -> list[Approval]:
    """Of a report in a language, for each content that was approved the approval that did so first."""
    found: list[Approval] = []
    for one in approvals:
        said = one.of(report, locale)
        if said is not None and (not found or found[-1].of(report, locale) != said):
            found.append(one)
    return found


def before(approvals: tuple[Approval, ...], report: str, locale: str, content: str) -> Approval | None:
    """The last approval of something else than ``content``: what this is to be corrected against."""
    others = [one for one in versions(approvals, report, locale) if one.of(report, locale) != content]
    return others[-1] if others else None


def matters(client: Client, period: Period, report: str) -> str:
    """The hash of all approvals that a report's pages depend on; one hash for none."""
    approvals = known(client, period)
    return _hash({loc: [(one.version, one.of(report, loc)) for one in versions(approvals, report, loc)]
                  for loc in ("zh", "en")})  # fmt: skip


def copy(client: Client, period: Period, version: int, report: str) -> Path:
    """Where a report as data lies as it was approved."""
    return _file(client, period).with_suffix("") / f"V{version}" / f"{report}.json"


def add(
    client: Client, period: Period, by: str, at: str, contents: Contents, machine: Mapping[str, bytes]
) -> Approval | None:
    """Approve ``contents``; None if all of it stands approved already. ``machine``: each report as data.

    The client's lock is held by whoever calls.
    """
    approvals, delivered = _read(client, period)
    stood = approvals[-1] if approvals else Approval(0, "", "", {})
    merged = dict(stood.contents)
    merged |= {name: {**stood.contents.get(name, {}), **said} for name, said in contents.items()}
    if merged == stood.contents:
        return None
    changed = any(merged[name][loc] != said for name, by_loc in stood.contents.items() for loc, said in by_loc.items())
    made = Approval(max(stood.version + changed, 1), by, at, merged)
    for name, said in machine.items():
        if made.version != stood.version or name not in stood.contents:
            path = copy(client, period, made.version, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            committing.replace(path, said)
    _write(client, period, (*approvals, made), delivered)
    return made


def append_delivery(client: Client, period: Period, made: Delivery) -> None:
    """Note that a version was made ready to leave. The client's lock is held by whoever calls."""
    approvals, delivered = _read(client, period)
    _write(client, period, approvals, (*delivered, made))


def _file(client: Client, period: Period) -> Path:
    return client.folder / FOLDER / f"{period.text}.json"


def _read(client: Client, period: Period) -> tuple[tuple[Approval, ...], tuple[Delivery, ...]]:
    path = _file(client, period)
    try:
        said = json.loads(path.read_bytes())
        return tuple(map(_approval, said["approvals"])), tuple(map(_delivery, said["deliveries"]))
    except FileNotFoundError:
        return (), ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KitError(problem("e.deliver.approvals", file=_shown(client, period))) from error


def _approval(said: Mapping[str, Any]) -> Approval:
    contents = {name: {locale: str(sha) for locale, sha in by.items()} for name, by in said["contents"].items()}
    return Approval(**{**said, "version": int(said["version"]), "contents": contents})


def _delivery(said: Mapping[str, Any]) -> Delivery:
    lists: dict[str, Any] = {name: tuple(said.get(name, ())) for name in ("reports", "locales")}
    return Delivery(**{**said, **lists})


def _write(client: Client, period: Period, approvals: tuple[Approval, ...], delivered: tuple[Delivery, ...]) -> None:
    path = _file(client, period)
    said = {"schema": 1, "approvals": [asdict(a) for a in approvals], "deliveries": [asdict(d) for d in delivered]}
    try:
        path.parent.mkdir(exist_ok=True)
        committing.replace(path, committing.as_json(said))
    except OSError as error:
        raise KitError(problem("e.deliver.approvals.write", file=_shown(client, period))) from error


def _shown(client: Client, period: Period) -> str:
    return f"data/{client.slug}/{FOLDER}/{period.text}.json"


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
