"""Notebooks are prose and names: short cells, no figures typed, every word translated, nothing run in git."""

import ast
import io
import re
from pathlib import Path

import nbformat
import pytest
from built import ROOT

from kit import execute, extract
from kit.text import Words

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FORBIDDEN = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try, ast.Lambda)


@pytest.fixture(params=NOTEBOOKS, ids=lambda p: p.stem)
def notebook(request):
    return nbformat.read(request.param, 4)


def cells(notebook, kind):
    return [c for c in notebook.cells if c.cell_type == kind]


def test_there_are_notebooks():
    assert [p.stem for p in NOTEBOOKS] == ["abtest", "campaign", "market", "review", "summary", "swot"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_the_parameters_are_client_and_period(path):
    assert execute.check(path).cells


def test_a_code_cell_has_at_most_five_lines_and_no_logic(notebook):
    for cell in cells(notebook, "code"):
        assert len([line for line in cell.source.splitlines() if line.strip()]) <= 5, cell.id
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert not [n for n in nodes if isinstance(n, FORBIDDEN)], cell.id
        assert "print" not in {n.id for n in nodes if isinstance(n, ast.Name)}, cell.id


def test_no_figure_is_typed_in_prose(notebook):
    for cell in cells(notebook, "markdown"):
        assert not re.search(r"\d", cell.source), cell.source


def test_every_cell_of_prose_is_translated(notebook):
    for cell in cells(notebook, "markdown"):
        translated = Words("zh").translate(cell.source.strip())
        assert re.search("[\u4e00-\u9fff]", translated)
        assert translated.count("#") == cell.source.count("#"), "a heading stays a heading"


def test_nothing_is_run_in_git_and_ids_are_names(notebook):
    for cell in cells(notebook, "code"):
        assert not cell.outputs
        assert cell.execution_count is None
    assert len({c.id for c in notebook.cells}) == len(notebook.cells)
    assert all(re.fullmatch(r"[a-z-]+", c.id) for c in notebook.cells)


def test_babel_gets_every_cell_of_prose_as_one_message():
    path = Path(NOTEBOOKS[0])
    messages = [message for _, _, message, _ in extract.notebook(io.BytesIO(path.read_bytes()), {}, [], {})]
    assert messages == [c.source.strip() for c in nbformat.read(path, 4).cells if c.cell_type == "markdown"]
