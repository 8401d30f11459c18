"""A client's own copy of a shared notebook: the same report until somebody changes it, and never overwritten."""

import json
import os
import subprocess

import nbformat
import nbformat.v4 as v4
import pytest
from click.testing import CliRunner
from test_stale import CELLS, RUNS, build, project_in

from kit import batch, catalogue, cli, notebooks, outputs, report
from kit.client import Client
from kit.errors import KitError
from kit.exporters import ClientHTML
from kit.text import Words

PROSE = catalogue.prose(catalogue.FOLDER, "zh")
TITLE, SECTION = (next(text for text in PROSE if text.startswith(start)) for start in ("# Market and", "## Rivals\n"))


@pytest.fixture
def root(tmp_path, monkeypatch):
    project_in(tmp_path, monkeypatch)
    shared(tmp_path, SECTION)
    return tmp_path


def shared(root, section):
    """The shared notebook: a title, a section with its prose, and what ``test_stale`` runs."""
    code = [v4.new_code_cell(source) for source in (*CELLS[1:], "report.method()")]
    cells = [v4.new_code_cell(CELLS[0], metadata={"tags": ["parameters"]}), v4.new_markdown_cell(TITLE)]
    cells += [*code[:2], v4.new_markdown_cell(section, metadata={"tags": ["x"]}), *code[2:]]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    nb = v4.new_notebook(cells=cells, metadata={"kit": {"tables": ["listings"]}})
    nbformat.write(nb, root / "notebooks" / "market.ipynb")


def own(root):
    return root / "data" / "acme" / "notebooks" / "market.ipynb"


def copy():
    return notebooks.edit(Client.load("acme"), "market")


def page(made, locale="zh"):
    return next(path for path in made.files if path.name == f"market.{locale}.html").read_text(encoding="utf-8")


def change(root, change):
    nb = nbformat.read(own(root), 4)
    change(nb)
    nbformat.write(nb, own(root))


def prose(nb):
    return [cell for cell in nb.cells if cell.cell_type == "markdown"]


def test_a_copy_is_in_the_clients_language_and_keeps_everything_else(root):
    path, made = copy()
    assert (path, made) == (own(root), True)
    ours, theirs = nbformat.read(root / "notebooks" / "market.ipynb", 4), nbformat.read(path, 4)
    nbformat.validate(theirs)
    assert [cell.source for cell in prose(theirs)] == [PROSE[TITLE][0], PROSE[SECTION][0]]
    code = [
        [(c.id, c.source, c.metadata.get("tags")) for c in nb.cells if c.cell_type == "code"] for nb in (ours, theirs)
    ]
    assert code[0] == code[1]
    assert [cell.metadata.get("tags") for cell in prose(theirs)] == [None, ["x"]]
    assert theirs.metadata.kit.tables == ["listings"]


def test_a_copy_that_nobody_changed_builds_the_same_pages_in_both_languages(root):
    before = {locale: page(build("zh", "en"), locale) for locale in ("zh", "en")}
    copy()
    runs = len(RUNS)
    made = build("zh", "en")
    assert len(RUNS) == runs + 1  # it is used
    assert {locale: page(made, locale) for locale in ("zh", "en")} == before
    assert "竞品" in before["zh"] and "Rivals" in before["en"]


def test_what_was_changed_is_printed_as_written_and_the_rest_stays_ours(root):
    copy()
    change(root, lambda nb: prose(nb)[1].update(source="## 我们的看法\n\n跟价要慎重。"))
    zh, en = (page(build("zh", "en"), locale) for locale in ("zh", "en"))
    assert "我们的看法" in zh and "我们的看法" in en
    assert "<h1>Market and competitors</h1>" in en and "<h1>市场与竞品分析</h1>" in zh


def test_a_cell_that_was_added_is_the_consultants(root):
    copy()
    change(root, lambda nb: nb.cells.insert(4, v4.new_markdown_cell("## 补充\n\n另行说明。")))
    assert "另行说明" in page(build("zh"))


def test_a_notebook_copied_by_hand_is_still_translated(root):
    own(root).parent.mkdir()
    own(root).write_bytes((root / "notebooks" / "market.ipynb").read_bytes())
    made = build("zh")
    assert "竞品" in page(made)
    assert not [w for w in made.warnings if w.id == "e.copy.moved"]


def test_a_copy_is_never_written_over(root):
    copy()
    own(root).write_text("mine", encoding="utf-8")
    assert copy() == (own(root), False)
    assert own(root).read_text(encoding="utf-8") == "mine"


def test_when_the_shared_notebook_has_moved_on_each_build_says_so(root):
    copy()
    assert not [w for w in build("zh").warnings if w.id == "e.copy.moved"]
    shared(root, next(text for text in PROSE if text.startswith("## Position\n")))
    for _ in range(2):  # the second time nothing is built
        (told,) = [w for w in build("zh").warnings if w.id == "e.copy.moved"]
    assert told.warning
    assert dict(told.args) == {"file": "data/acme/notebooks/market.ipynb", "shared": "notebooks/market.ipynb"}
    assert Words("zh").problem(told).startswith("提醒：公用的notebooks/market.ipynb在复制之后有更新")


def test_a_text_that_the_catalogue_has_no_longer_stays_as_it_was_copied(root, monkeypatch):
    copy()
    nb = nbformat.read(own(root), 4)
    section = prose(nb)[1]
    section.metadata["kit"]["copied"]["text"] = "## Gone from the catalogue"
    assert outputs.read(nb)[1]["text"] == "## Gone from the catalogue"
    nbformat.write(nb, own(root))
    assert "竞品" in page(build("zh"))


def test_a_client_in_english_gets_an_english_copy_that_is_set_in_chinese_as_well(root):
    path = root / "data" / "acme" / "client.toml"
    path.write_text('locale = "en"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    copy()
    assert [cell.source for cell in prose(nbformat.read(own(root), 4))] == [TITLE, SECTION]
    assert PROSE[SECTION][0].partition("\n")[0].removeprefix("## ") in page(build("zh", "en"))


def test_an_export_from_jupyterlab_takes_added_cells_as_the_consultants(root):
    copy()
    made = build("zh")
    nb = nbformat.read(next(p for p in made.files if p.suffix == ".ipynb"), 4)
    nb.cells.insert(4, v4.new_markdown_cell("## 补充\n\n另行说明。"))
    nb.metadata["kit"] = dict(nbformat.read(own(root), 4).metadata["kit"])
    assert "另行说明" in ClientHTML().from_notebook_node(nb)[0]


# ---- the command ---------------------------------------------------------------------------------------


def edit(monkeypatch, *arguments):
    """What is said, and the command and environment with which JupyterLab is started."""
    calls = []
    monkeypatch.setattr(os, "execve", lambda program, command, environment: calls.append((command, environment)))
    monkeypatch.setattr(subprocess, "call", lambda *_, **__: 0)
    result = CliRunner().invoke(cli.main, ["edit", *arguments])
    return result, calls


def test_edit_opens_the_copy_in_jupyterlab(root, monkeypatch):
    result, [(command, environment)] = edit(monkeypatch, "acme", "--report", "market", "--no-browser")
    assert result.output.splitlines()[0] == "已复制为data/acme/notebooks/market.ipynb，从现在起用它生成这份报告"
    opened = {f"--ServerApp.root_dir={root}", "--LabApp.default_url=/lab/tree/data/acme/notebooks/market.ipynb"}
    assert opened | {"--no-browser"} <= set(command)
    assert environment["KIT_CLIENT"] == "acme"
    shared(root, TITLE.replace("# ", "## "))
    result, again = edit(monkeypatch, "acme", "--report", "market")
    first, second, *_ = result.output.splitlines()
    assert (first, second[:20]) == (
        "data/acme/notebooks/market.ipynb已经有了，没有改动",
        "提醒：公用的notebooks/market"[:20],
    )
    assert len(again) == 1


@pytest.mark.parametrize(("arguments", "said"), [
    (["acme"], "没有写明报告。请加上REPORT=…，例如REPORT=swot。现有报告：market"),
    (["acme", "--report", "markt"], "没有报告“markt”。是否指“market”？现有报告：market"),
])  # fmt: skip
def test_edit_without_a_report_that_there_is_starts_nothing(root, monkeypatch, arguments, said):
    result, calls = edit(monkeypatch, *arguments)
    assert (result.exit_code, result.output.strip(), calls) == (2, said, [])
    assert not own(root).exists()


def test_a_shared_notebook_that_cannot_be_read_is_not_copied(root):
    (root / "notebooks" / "market.ipynb").write_text(json.dumps({"cells": [{}]}), encoding="utf-8")
    with pytest.raises(KitError, match=r"e\.notebook\.damaged"):
        copy()
    assert not own(root).exists()


def test_a_folder_that_cannot_be_written_is_told(root):
    (root / "data" / "acme" / "notebooks").write_text("a file", encoding="utf-8")
    with pytest.raises(KitError, match=r"e\.copy\.write") as error:
        copy()
    assert [Words(locale).problem(error.value.problems[0]) for locale in ("zh", "en")] == [
        "data/acme/notebooks/market.ipynb写不进去。请检查文件夹权限和磁盘空间",
        "data/acme/notebooks/market.ipynb cannot be written. Check the folder's permissions and the disk's space",
    ]


@pytest.mark.parametrize("name", ["pack", "Pack", "redline", "manifest"])
def test_a_notebook_whose_files_would_be_taken_for_something_else_is_refused_by_its_name(root, name):
    client = Client.load("acme")
    own(root).parent.mkdir()
    (own(root).parent / f"{name}.ipynb").write_text("{}", encoding="utf-8")
    assert report.names(client) == ["market"]
    (outcome,) = batch.build([batch.Order("acme")], 1, lambda *_: None)
    assert [(p.id, p.args["file"]) for p in outcome.error.problems] == [
        ("e.notebook.name", f"data/acme/notebooks/{name}.ipynb")
    ]
    result = CliRunner().invoke(cli.main, ["check", "acme"])
    said = f"data/acme/notebooks/{name}.ipynb不能叫“{name}”，这个名字另有用处。请改名，如my_{name}.ipynb"
    assert (result.exit_code, said in result.output) == (3, True)
    assert Words("en").problem(outcome.error.problems[0]) == (
        f"data/acme/notebooks/{name}.ipynb cannot be called “{name}”, which is the name of something else. "
        f"Rename it, for example to my_{name}.ipynb"
    )
