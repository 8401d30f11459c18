"""Who imports whom: the rule of the architecture, held on the import statements themselves."""

import ast
from pathlib import Path

import pytest

KIT = Path(__file__).parents[1] / "kit"
OURS = {
    "errors": {"text"},  # late, and only when somebody is shown an error
    "stats": {"errors", "stats"},
    "findings": {"errors", "stats"},
    "analyses": {"errors", "stats", "findings", "analyses"},
    "text": {"errors", "catalogue", "dates", "faults", "numbers"},
    "catalogue": {"errors"},
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
    "exports": {"errors", "client", "settings", "tables", "project", "replacing", "exports"},
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


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(KIT)))
def test_layers_import_downwards_only(path):
    allowed = OURS.get(module(path))
    used = {name.split(".")[1] for name in imports(path) if name.startswith("kit.")}
    assert allowed is None or used <= allowed, f"{module(path)} imports {sorted(used - allowed)}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(KIT)))
def test_heavy_libraries_have_one_home(path):
    for library, homes in ALONE.items():
        if any(name.split(".")[0] == library for name in imports(path)):
            assert module(path) in homes, f"{library} belongs to {sorted(homes)}"


PURE_FILES = sorted((KIT / "analyses").rglob("*.py")) + sorted((KIT / "stats").rglob("*.py"))


@pytest.mark.parametrize("path", PURE_FILES, ids=lambda p: str(p.relative_to(KIT)))
def test_analyses_are_pure_and_do_not_know_each_other(path):
    names = set(imports(path))
    assert not {n.split(".")[0] for n in names} & PURE
    shared = {"__init__", "verdicts"}
    questions = {p.stem for p in (KIT / "analyses").iterdir() if p.stem not in shared | {"__pycache__"}}
    own = path.relative_to(KIT).parts[1].removesuffix(".py")
    used = {n.split(".")[2] for n in names if n.startswith("kit.analyses.")}
    assert not (used & questions) - {own}
