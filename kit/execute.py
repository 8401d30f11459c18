"""Running a notebook: one fresh kernel, nothing of the user's profile, and a status we decide ourselves."""

from __future__ import annotations

import ast
import contextlib
import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat

from kit import forks, project
from kit.errors import FAILED, KitError, problem
from kit.outputs import BATCH
from kit.store import READS

Seen = Callable[[Any], None]
PARAMETERS = ("client", "period")
TIMEOUT = 600
"""Seconds one cell may take before the run is given up; ``KIT_CELL_TIMEOUT`` overrides it."""

SHORT = 40
"""Characters that the folder of temporary files may take, so that a kernel's socket can lie in it."""
FORKED = "kit-forked"
"""Our provisioner of kernels (``kit.kernels``) among the entry points."""


def check(path: Path) -> Any:
    """The notebook, its parameters cell verified; raises ``KitError``.

    Papermill only logs a parameter that the notebook doesn't have and then runs with the default, which here would be
    another client: so the cell must assign exactly ``client`` and ``period``.
    """
    shown = project.relative(path)
    try:
        nb = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises a dozen kinds for a damaged file; each means the same to the reader
        raise KitError(problem("e.notebook.damaged", file=shown)) from error
    cells = [c for c in nb.cells if "parameters" in c.metadata.get("tags", [])]
    if len(cells) != 1:
        raise KitError(problem("e.notebook.parameters", file=shown, allowed=", ".join(PARAMETERS)))
    with contextlib.suppress(SyntaxError):
        assigned = [
            target.id
            for node in ast.parse(cells[0].source).body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
        if sorted(assigned) == sorted(PARAMETERS):
            return nb
    raise KitError(problem("e.notebook.parameters", file=shown, allowed=", ".join(PARAMETERS)))


def run(
    path: Path, parameters: dict[str, str], failed: Path, locale: str = "zh", seen: Seen | None = None
) -> tuple[Any, list[list[str]]]:
    """The run notebook, normalised, and what it read of the store (``kit.store.READS``).

    On any failure ``failed`` holds what ran and ``KitError`` says which section.

    ``locale`` is the language in which our own errors inside the kernel are worded; ``seen`` takes each cell of code as
    soon as it is run.

    Papermill's own statuses lie after a dead kernel or ``sys.exit``, so every code cell must have been executed.
    """
    from kit import kernels

    ahead()
    try:
        return _run(path, parameters, failed, locale, seen)
    finally:
        kernels.dismiss()


def ahead() -> None:
    """Start what the kernel of the next run will be, before all else that a run needs is loaded."""
    from kit import kernels

    if _provisioner():
        kernels.ahead(computes=True)


def ahead_to_quote() -> None:
    """The same for a report that is made from others."""
    from kit import kernels

    if _provisioner():
        kernels.ahead(computes=False)


def _run(
    path: Path, parameters: dict[str, str], failed: Path, locale: str, seen: Seen | None
) -> tuple[Any, list[list[str]]]:
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    for name in ("papermill", "traitlets"):  # what they log would stand on the console beside our sentence
        logging.getLogger(name).addHandler(logging.NullHandler())
    shown = project.relative(path)
    # a socket's path may hold about a hundred characters, which macOS's own temporary folder nearly fills
    short = "/tmp" if os.name == "posix" and len(tempfile.gettempdir()) > SHORT else None
    with (
        tempfile.TemporaryDirectory(prefix="kit-", dir=short) as private,
        _environment(Path(private), parameters, locale),
    ):
        target = Path(private) / "run.ipynb"
        ipc = {} if os.name == "nt" else {"transport": "ipc", "ip": os.path.join(private, "kernel")}
        manager = Config({"KernelManager": {"client_factory": "kit.kernels.Client", **ipc}})
        try:
            nb = papermill.execute_notebook(
                str(path).replace("{", "{{").replace("}", "}}"),
                str(target),
                parameters=parameters,
                kernel_name="python3",
                language="python",
                cwd=str(path.parent),
                progress_bar=False,
                log_output=False,
                request_save_on_cell_execute=False,
                execution_timeout=int(os.environ.get("KIT_CELL_TIMEOUT", TIMEOUT)),
                iopub_timeout=60,
                start_timeout=120,
                shutdown_kernel="immediate",  # all is answered; tidying up its memory first would take a while
                extra_arguments=["--IPKernelApp.log_level=50", "--HistoryManager.hist_file=:memory:"],
                config=manager,
                on_cell_executed=seen and (lambda cell, **_: seen(cell)),
            )
        except PapermillExecutionError as error:
            raise _stopped(target, failed, shown, error) from error
        except CellTimeoutError as error:
            _keep(target, failed)
            raise KitError(problem("e.run.timeout", file=shown, log=project.relative(failed)), FAILED) from error
        except (DeadKernelError, RuntimeError) as error:
            _keep(target, failed)
            raise KitError(problem("e.run.dead", file=shown, log=project.relative(failed)), FAILED) from error
        unrun = [c for c in nb.cells if c.cell_type == "code" and c.source.strip() and not c.execution_count]
        if unrun:
            _keep(target, failed)
            where = section(nb, nb.cells.index(unrun[0]))
            raise KitError(problem("e.run.exit", file=shown, section=where, log=project.relative(failed)), FAILED)
        reads = Path(private) / "reads"
        read = reads.read_text(encoding="utf-8").splitlines() if reads.is_file() else []
    return normalised(nb), [json.loads(line) for line in read]


def _stopped(target: Path, failed: Path, shown: str, error: Any) -> KitError:
    """A cell raised: our own problems are passed on as they are, anything else is named by its section."""
    _keep(target, failed)
    nb = nbformat.read(failed, as_version=4)
    at = next((i for i, c in enumerate(nb.cells) if _raised(c)), 0)
    if error.ename == "SystemExit":
        return KitError(
            problem("e.run.exit", file=shown, section=section(nb, at), log=project.relative(failed)), FAILED
        )
    if error.ename == "KitError":  # its traceback is the sentences themselves
        said = " ".join(error.traceback)
        return KitError(
            problem("e.run.refused", section=section(nb, at), said=said, log=project.relative(failed)), FAILED
        )
    facts = {"file": shown, "section": section(nb, at), "error": error.ename, "log": project.relative(failed)}
    return KitError(problem("e.run.raised", **facts), FAILED)


def _raised(cell: Any) -> bool:
    return cell.cell_type == "code" and any(o.output_type == "error" for o in cell.get("outputs", []))


def _keep(target: Path, failed: Path) -> None:
    """Keep what ran for the consultant to open; papermill may have died before it wrote anything."""
    failed.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file():
        failed.write_bytes(target.read_bytes())
    else:
        nbformat.write(nbformat.v4.new_notebook(), failed)


def section(nb: Any, index: int) -> str:
    """The heading above a cell."""
    for cell in reversed(nb.cells[: index + 1]):
        if cell.cell_type == "markdown" and cell.source.startswith("#") and not cell.metadata.get("tags"):
            return str(cell.source.splitlines()[0].lstrip("# "))
    return "—"


@contextlib.contextmanager
def _environment(private: Path, parameters: dict[str, str], locale: str) -> Iterator[None]:
    """The kernel's environment: an empty IPython profile, one numeric thread, nothing of Jupyter's from outside."""
    ours = {
        "IPYTHONDIR": str(private / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(private / "run"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # a consultant's own figure is an output
        "KIT_ROOT": str(project.root()),
        "KIT_LOCALE": locale,
        BATCH: "1",
        READS: str(private / "reads"),
        forks.CLIENT: parameters.get("client", ""),
        **_provisioner(),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        **project.ONE_THREAD,
    }
    dropped = {k for k in os.environ if k.startswith(("JUPYTER_", "KIT_CLIENT", "KIT_PERIOD", "PYTHONSTARTUP"))}
    before = {k: os.environ.get(k) for k in {*ours, *dropped}}
    for name in dropped:
        del os.environ[name]
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _provisioner() -> dict[str, str]:
    """How kernels are to be started: forked from the build's server, if this environment knows of it."""
    known = metadata.entry_points(group="jupyter_client.kernel_provisioners", name=FORKED)
    return {"JUPYTER_DEFAULT_PROVISIONER_NAME": FORKED} if known else {}


def normalised(nb: Any) -> Any:
    """The notebook without what differs from run to run (times, random ids, the author's kernel name), and as it will
    be read back from its file: pages set from the one or from the other are the same bytes.
    """
    nb.metadata = nbformat.from_dict(
        {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    for number, cell in enumerate(nb.cells):
        tags = cell.metadata.get("tags", [])
        if "injected-parameters" in tags:
            cell.id = f"injected-{number}"
        kept = {k: v for k, v in cell.metadata.items() if k in ("tags", "kit", "alt")}
        cell.metadata = nbformat.from_dict(kept)
        for output in cell.get("outputs", []):
            output.pop("transient", None)
    return nbformat.reads(nbformat.writes(nb), as_version=4)
