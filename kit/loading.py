"""What a build's processes load, by what they are to do: named here so that it can be loaded once for all of them."""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import re
import sys
import threading
from collections.abc import Iterable, Sequence

from kit import project

REMEMBER = "kit.stale:remember"
"""Before anything else is loaded."""
READ = (REMEMBER, "kit.store", "kit.exports.reader", "kit.exports.workers", "duckdb", "lxml.etree")
"""To read a client's data."""
KERNEL = (
    *("ipykernel.kernelapp", "ipykernel.debugger", "IPython.core.debugger", "sqlite3"),
    *("kit.display", "filelock", "duckdb", "kit.exports.parquet"),
)
"""What a kernel loads before its first cell asks for anything."""
RUNNER = ("kit.report", "kit.execute", "papermill", "nbclient", "kit.kernels", "IPython.paths", "ipykernel.kernelspec")
"""To run a notebook in a kernel."""
PAGES = (
    *(REMEMBER, "kit.report", "kit.outputs", "kit.exports.parquet", "kit.drawings", "kit.stats.agreed"),
    *("kit.render", "kit.html", "kit.pdf", "kit.preview", "nbformat.v4", "typst", "openpyxl"),
    *("kit.machine", "kit.corrections", "kit.exhibit_book", "pypandoc"),
    *("brand_yml", "lxml.etree", "duckdb", "fontTools.ttLib", "babel.dates", "filelock"),
    "kit.render:warm",
)
"""To set a report's pages from a notebook that was run."""
DRAWN = ("kit.charts.svg", "kit.charts.canvas", "matplotlib.figure", "matplotlib.backends.backend_svg")
"""To draw what was not drawn before."""
PACK = (*PAGES, *DRAWN, "kit.deliver.pack", "kit.deliver.binding", "kit.deliver.slides", "kit.deliver.pictures", "pptx")
"""To make a pack of reports that were built."""
APART = (REMEMBER, "kit.execute:ahead", *RUNNER, *PAGES, *DRAWN)
"""To run a notebook and set its pages, where the kernel is a process that loads for itself what it needs."""
QUOTED = (REMEMBER, "kit.execute:ahead_to_quote", *RUNNER, *PAGES)
"""The same for a report that is made from others, and computes little."""
WORDS = "kit.stats.titles:cutter"
"""The dictionary that titles are cut by."""
LATE = re.compile(r"^ +(?:from|import) ((?:rjieba|scipy|statsmodels)[\w.]*)", re.MULTILINE)
"""Libraries are imported inside the functions of an analysis that need them."""


def to_run() -> list[Sequence[str]]:
    """All there is to load to have a notebook run and its pages set, in lots, in the order in which it is needed."""
    return [(REMEMBER, *RUNNER), (*PAGES, *DRAWN)]


def in_kernel(computes: bool = True) -> list[Sequence[str]]:
    """All that a kernel comes to need, likewise. ``computes``: it is not for a report made from others."""
    return [KERNEL, analyses()] if computes else [KERNEL]


@functools.cache
def analyses() -> list[str]:
    """All that notebooks compute with: our own modules, and the libraries that any of them may come to need."""
    ours, libraries = [], dict[str, None]()
    for path in (p for folder in ("stats", "analyses") for p in sorted((project.PACKAGE / folder).rglob("*.py"))):
        parts = path.relative_to(project.PACKAGE).with_suffix("").parts
        ours.append(".".join(("kit", *parts)).removesuffix(".__init__"))
        libraries |= dict.fromkeys(LATE.findall(path.read_text(encoding="utf-8")))
    return [*ours, *libraries, WORDS]


def ahead(modules: Iterable[str]) -> None:
    """Load modules while this process waits for another: they are there when they are needed, or soon after."""
    threading.Thread(target=_load_all, args=(modules,), daemon=True).start()


def _load_all(modules: Iterable[str]) -> None:
    for name in modules:
        load(name)


def load(name: str) -> None:
    """Load a module before it is needed, and after a colon call a function of it; who needs it is told there why it is
    not to be had."""
    module, _, function = name.partition(":")
    with contextlib.suppress(Exception):
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()


def lean() -> None:
    """Load faster: no collection, which would walk all that is loaded again and again; and without a package that only
    costs time.

    Below nbformat, jsonschema takes a second to compile a grammar of web addresses if it finds this package, and does
    without if it does not; nothing of ours is checked by it.
    """
    gc.disable()
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
