"""The client's folder: which files lie in it, and to which shop each belongs. Nothing is opened here."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kit import project
from kit.client import Client, Shop
from kit.errors import Problem, problem, warning
from kit.exports.archive import SYSTEM
from kit.tables import INPUTS

INPUT_NAMES = ("inputs.xlsx", *(f"{name}.csv" for name in INPUTS))
"""The consultant's own tables, in the client's folder itself."""
GUIDES = ("说明", "Read me")
"""The sheet of inputs.xlsx that explains the others, in either language: it holds no data."""


@dataclass(frozen=True)
class Source:
    """A file to read. ``name``: its path in the client's folder, by which client.toml and the ledger name it.

    ``shown``: the name with the client's folder before it, for errors. ``shop``: None for the consultant's own
    tables. ``system``: left behind by an operating system; named in the ledger, not read.
    """

    path: Path
    name: str
    shown: str
    shop: Shop | None = None
    system: bool = False


def marked(stat: os.stat_result) -> list[int]:
    """By what a file is taken for the one that it was."""
    return [stat.st_size, stat.st_mtime_ns, stat.st_ino]


def sources(client: Client) -> tuple[list[Source], list[Problem]]:
    """Every file of the client in the order of the names, and what is wrong with where they lie."""
    problems: list[Problem] = []
    found = [_source(client, client.folder / n) for n in INPUT_NAMES if (client.folder / n).is_file()]
    problems += _beside(client)
    astray: dict[str, Source] = {}
    for source in _walk(client, problems):
        shop = None if source.system else _shop(client, source)
        if source.system or shop:
            found.append(replace(source, shop=shop))
        else:
            astray.setdefault("/".join(source.name.split("/")[:2]), source)
    problems += [_astray(client, source) for source in astray.values()]
    whole = client.folder.resolve()
    outside = [s for s in found if not s.path.resolve().is_relative_to(whole)]
    problems += [problem("e.outside", file=s.shown) for s in outside]
    problems += _stated_but_absent(client, [s.name for s in found])
    return sorted((s for s in found if s not in outside), key=lambda s: s.name), problems


def _walk(client: Client, problems: list[Problem]) -> Iterator[Source]:
    """The files under exports/; links to folders are refused, folders that cannot be opened reported."""

    def unreadable(error: OSError) -> None:
        problems.append(unopened(Path(error.filename), _source(client, Path(error.filename)).shown))

    exports = client.folder / "exports"
    for folder, folders, files in os.walk(exports, onerror=unreadable if exports.is_dir() else None):
        paths = {name: _source(client, Path(folder, name)) for name in sorted([*folders, *files])}
        folders[:] = sorted(n for n in folders if not SYSTEM.fullmatch(n))
        problems += [problem("e.link", file=paths[n].shown) for n in folders if paths[n].path.is_symlink()]
        for name, source in paths.items():
            if not name.isprintable():
                shown = "".join(c if c.isprintable() else "?" for c in source.shown)
                problems.append(problem("e.name", file=shown))
                continue
            if SYSTEM.fullmatch(name):
                yield replace(source, system=True)
            elif name in files and (source.path.is_file() or source.path.is_symlink()):
                yield source
            elif name in files:  # a pipe or a device: opening it could wait for ever
                problems.append(unopened(source.path, source.shown))


def _source(client: Client, path: Path) -> Source:
    name = path.relative_to(client.folder).as_posix()
    return Source(path, name, f"data/{client.slug}/{name}")


def unopened(path: Path, shown: str) -> Problem:
    """Why a file or folder that is there cannot be opened: its path is too long for the system, or what else it be."""
    if len(str(path)) > project.LONGEST_PATH:
        return problem("e.open", code="long", file=shown, n=len(str(path)), most=project.LONGEST_PATH)
    return problem("e.open", file=shown)


def _shop(client: Client, source: Source) -> Shop | None:
    """The shop whose folder it lies in; with a single shop exports/ itself is its folder."""
    parts = source.name.split("/")[1:]
    return client.shop_of(parts[0] if len(parts) > 1 else "")


def _astray(client: Client, source: Source) -> Problem:
    """Why a file belongs to no shop, said once for a folder."""
    parts = source.name.split("/")[1:]
    shops = ", ".join(client.shops)
    if len(parts) == 1:
        return problem("e.shop.none", file=source.shown, shops=shops)
    facts = {"folder": f"data/{client.slug}/exports/{parts[0]}", "shops": shops}
    near = difflib.get_close_matches(parts[0].lower(), client.shops, 1, 0.6)
    return problem("e.shop.folder.near", near=near[0], **facts) if near else problem("e.shop.folder", **facts)


def _beside(client: Client) -> list[Problem]:
    """Tables in the client's folder itself that nothing reads: mistyped names, exports put one folder too high."""
    told = []
    for path in sorted(client.folder.iterdir()) if client.folder.is_dir() else []:
        table = path.suffix.lower() in (".csv", ".xls", ".xlsx", ".zip") and not path.name.startswith((".", "~$"))
        if table and path.is_file() and not _read_as_input(path):
            told.append(warning("e.beside", file=_source(client, path).shown, inputs=INPUT_NAMES[0]))
    return told


def _read_as_input(path: Path) -> bool:
    """Whether it is one of ``INPUT_NAMES``: by another case, too, where the system knows no difference."""
    name = path.name.lower()
    return name in INPUT_NAMES and (path.name == name or _same(path, path.with_name(name)))


def _same(path: Path, other: Path) -> bool:
    return other.is_file() and path.samefile(other)


def _stated_but_absent(client: Client, names: list[str]) -> list[Problem]:
    """Statements of client.toml about files that are not there: a misspelt name would silently do nothing."""

    def absent(stated: Iterable[str]) -> list[str]:
        return [n for n in stated if not any(n == name or n.startswith(f"{name}/") for name in names)]

    config = f"data/{client.slug}/client.toml"
    told = [problem("e.stated", file=n, config=config) for n in absent(client.files)]
    return told + [problem("e.prefer", file=n, config=config) for n in absent(client.exports.prefer)]
