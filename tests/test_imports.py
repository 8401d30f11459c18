"""Who imports whom: the rule of the architecture, held on the import statements themselves."""

import ast
from pathlib import Path

import pytest

KIT = Path(__file__).parents[1] / "kit"
OURS = {
    "errors": {"text"},  # late, and only when somebody is shown an error
    "stats": {"errors", "stats"},
    "findings": {"errors", "numbers", "stats"},
    "analyses": {"errors", "stats", "findings", "analyses"},
    "text": {"errors", "catalogue", "dates", "faults", "numbers"},
    "catalogue": {"errors", "remembered"},
    "remembered": {"replacing"},
    "dates": {"errors"},
    "faults": set(),
    "numbers": {"errors"},
    "periods": {"errors"},
    "settings": set(),
    "contract": {"settings"},
    "recipients": {"settings"},
    "client": {"errors", "project", "periods", "settings", "contract", "recipients"},
    "tables": {"errors", "tables"},
    "replacing": set(),
    "exports": {"errors", "client", "settings", "tables", "project", "remembered", "replacing", "exports"},
}
ALONE = {
    "matplotlib": {"charts"},
    "seaborn": {"charts"},
    "IPython": {"display"},
    "papermill": {"execute"},
    "nbconvert": {"exporters"},
}
PURE = {"os", "pathlib", "io", "matplotlib", "IPython", "duckdb", "papermill", "nbconvert", "typst", "babel"}


def imports(path):
    """Every module a file imports, wherever the statement stands, but for those only a type checker reads."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typed = [n for n in ast.walk(tree) if isinstance(n, ast.If) and getattr(n.test, "id", "") == "TYPE_CHECKING"]
    skipped = {id(inner) for outer in typed for inner in ast.walk(outer)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" if node.module == "kit" else node.module for alias in node.names)


def module(path):
    """The top module of ``kit`` a file belongs to: ``analyses`` for ``kit/analyses/rivals.py``."""
    return path.relative_to(KIT).parts[0].removesuffix(".py")


FILES = sorted(KIT.rglob("*.py"))
PURE_FILES = [path for path in FILES if module(path) in ("analyses", "stats")]


@pytest.fixture(scope="module")
def imported():
    """Every module that each file of the kit imports."""
    return {path: sorted(set(imports(path))) for path in FILES}


def test_layers_import_downwards_only(imported):
    upwards = [
        f"{path.relative_to(KIT)} imports {name}"
        for path, names in imported.items()
        if (allowed := OURS.get(module(path))) is not None
        for name in names
        if name.startswith("kit.") and name.split(".")[1] not in allowed
    ]
    assert upwards == []


def test_heavy_libraries_have_one_home(imported):
    outside = [
        f"{path.relative_to(KIT)}: {name} belongs to {sorted(homes)}"
        for path, names in imported.items()
        for name in names
        if (homes := ALONE.get(name.split(".")[0])) and module(path) not in homes
    ]
    assert outside == []


def test_analyses_and_stats_are_pure(imported):
    impure = [f"{path.relative_to(KIT)}: {n}" for path in PURE_FILES for n in imported[path] if n.split(".")[0] in PURE]
    assert PURE_FILES and impure == []


def test_analyses_do_not_know_each_other(imported):
    shared = {"__init__", "verdicts"}
    questions = {p.stem for p in (KIT / "analyses").iterdir() if p.stem not in shared | {"__pycache__"}}
    known = [
        f"{path.relative_to(KIT)} imports {name}"
        for path in PURE_FILES
        for name in imported[path]
        if name.startswith("kit.analyses.")
        and name.split(".")[2] in questions - {path.relative_to(KIT).parts[1].removesuffix(".py")}
    ]
    assert questions and known == []
