"""What travels in a chat: the approved PDFs under names that people read, the summary as a long picture, and a text."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kit import approvals, committing, project
from kit.client import Client
from kit.deliver import index, leaving, message, parts, scan
from kit.deliver.leaving import Leaving
from kit.errors import FAILED, KitError, Problem, problem, warning
from kit.replacing import replace

FOLDER = "share"
MESSAGE = "message.txt"
SUMMARY = "summary"


@dataclass(frozen=True)
class Shared:
    """``files`` in their order, the ``message`` as well by itself; ``before``: when this version was made ready before,
    empty if it never was."""

    files: tuple[Path, ...]
    version: int
    message: str
    before: str
    told: tuple[Problem, ...]


def share(client: Client, period: str, locales: Sequence[str]) -> list[Shared]:
    """Write ``output/<client>/<period>/share/<locale>/`` anew, for each language.

    Raises ``KitError`` before anything is written: nothing is approved, or a file would hold what is not this client's.
    Raises it, too, if a folder cannot be written.
    """
    with committing.locked(client.slug):
        ready = [(made, *_files(made)) for made in (leaving.approved(client, period, loc) for loc in locales)]
        done = []
        for made, files, told in ready:
            folder = made.folder / FOLDER / made.locale
            put(folder, files)
            paths = tuple(folder / name for name in files)
            text = files[MESSAGE].decode().rstrip("\n")
            done.append(Shared(paths, made.version, text, delivered(made, "share"), tuple(told)))
        note([made for made, *_ in ready], "share")
    return done


def _files(made: Leaving) -> tuple[dict[str, bytes], list[Problem]]:
    """The files by name, and what is to be said of them."""
    picture = _picture(made)
    files = {**made.files, **picture, MESSAGE: (message.chat(made) + "\n").encode()}
    told = [warning("e.deliver.picture", client=made.client.slug, period=made.period.text)]
    return files, [*made.told, *(told if SUMMARY in made.versions and not picture else ()),
                   *scan.refuse(made.client, files)]  # fmt: skip


def _picture(made: Leaving) -> dict[str, bytes]:
    """The summary as one long picture, if there is one and it can still be set as it was approved: it is made anew, and
    what has changed since would stand in it."""
    from kit.deliver import pictures

    if SUMMARY not in made.versions:
        return {}
    r = parts.one(made.client, made.period, made.data, made.locale, SUMMARY)
    if r.version != made.versions[SUMMARY]:
        return {}
    title = made.words.value({"value": SUMMARY, "unit": "report"})
    return {leaving.file_name(made, title, made.versions[SUMMARY], "png"): pictures.page(r.document())}


def delivered(made: Leaving, kind: str) -> str:
    """When any of these reports was last made ready in this way, language and version; empty if none was."""
    known = [
        one
        for one in approvals.deliveries(made.client, made.period)
        if (one.kind, one.version) == (kind, made.version) and any(one.brought(n, made.locale) for n in made.versions)
    ]
    return known[-1].at if known else ""


def note(done: Sequence[Leaving], kind: str) -> None:
    """Note each version once, whatever the number of languages it was made ready in; the client's index says so."""
    for version in dict.fromkeys(made.version for made in done):
        ready = [made for made in done if made.version == version]
        names = dict.fromkeys(name for made in ready for name in made.versions)
        said = approvals.Delivery(kind, version, now(), tuple(names), tuple(made.locale for made in ready))
        approvals.append_delivery(done[0].client, done[0].period, said)
    index.write(done[0].client)


def now() -> str:
    return f"{dt.datetime.now():%Y-%m-%d %H:%M}"


def put(folder: Path, files: dict[str, bytes]) -> None:
    """Put a folder with these files in place of what it held: two versions side by side would be sent by mistake."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        committing.refuse_open(folder, [path.name for path in folder.iterdir()])
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            for name, content in files.items():
                (Path(beside) / name).write_bytes(content)
            for old in folder.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
                else:
                    old.unlink()
            for name in files:
                replace(Path(beside) / name, folder / name)
    except OSError as error:
        raise KitError(problem("e.deliver.write", folder=project.relative(folder)), FAILED) from error
