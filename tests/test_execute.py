"""Running notebooks: whatever a notebook does, we know whether it ran, and say so in one line."""

import os

import nbformat
import nbformat.v4 as v4
import pytest

from kit import execute
from kit.errors import KitError
from kit.text import Words

PARAMETERS = v4.new_code_cell('client = ""\nperiod = ""', metadata={"tags": ["parameters"]})


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    return tmp_path


def write(project, *sources, parameters=PARAMETERS):
    cells = [parameters, v4.new_markdown_cell("## Price bands"), *(v4.new_code_cell(s) for s in sources)]
    path = project / "probe.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    return path


def run(project, *sources):
    path = write(project, *sources)
    execute.check(path)
    return execute.run(path, {"client": "acme", "period": "2024-11"}, project / "output" / "probe.failed.ipynb")


def told(project, *sources):
    with pytest.raises(KitError, match=r"e\.run\.") as error:
        run(project, *sources)
    assert error.value.exit_code == 1
    assert (project / "output" / "probe.failed.ipynb").is_file()
    [sentence] = [Words("en").problem(p) for p in error.value.problems]
    return sentence


@pytest.mark.parametrize(
    "source", ['client = ""', 'client = ""\nperiod = ""\nextra = 1', "client: str\nperiod = ''", "client =", ""]
)
def test_the_parameters_cell_assigns_client_and_period_and_nothing_else(project, source):
    cell = v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    with pytest.raises(KitError, match=r"e\.notebook\.parameters") as error:
        execute.check(write(project, "1", parameters=cell))
    sentence = (
        "probe.ipynb: the cell tagged parameters must assign client, period and nothing else. Correct it and try again"
    )
    assert [Words("en").problem(p) for p in error.value.problems] == [sentence]


def test_a_damaged_notebook_is_told(project):
    (project / "probe.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(KitError, match=r"e\.notebook\.damaged") as error:
        execute.check(project / "probe.ipynb")
    assert Words("zh").problem(error.value.problems[0]) == "probe.ipynb打不开，文件已损坏。请换回原来的版本"


def test_a_run_is_the_same_file_twice_and_knows_nothing_of_the_user(project, monkeypatch):
    profile = project / "profile" / "profile_default" / "startup"
    profile.mkdir(parents=True)
    (profile / "leak.py").write_text("leaked = 1", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(project / "profile"))
    monkeypatch.setenv("KIT_CLIENT", "other")
    source = "import os\n(client, period, 'leaked' in globals(), os.environ.get('KIT_CLIENT'), os.environ['OMP_NUM_THREADS'])"
    path = write(project, source)
    runs = [execute.run(path, {"client": "acme", "period": "2024-11"}, project / "failed") for _ in range(2)]
    (first, read), (second, _) = runs
    assert read == [], "it asked for no table"
    assert first.cells[-1].outputs[0].data["text/plain"] == "('acme', '2024-11', False, None, '1')"
    assert nbformat.writes(first) == nbformat.writes(second)
    assert os.environ["KIT_CLIENT"] == "other", "the caller's environment is put back"


def test_a_cell_that_raises_is_named_by_its_section(project):
    sentence = told(project, "raise ValueError('secret')")
    assert sentence == (
        "probe.ipynb failed in “Price bands” (ValueError); the last report is untouched. "
        "Open what ran to see where: output/probe.failed.ipynb"
    )


def test_a_cell_that_exits_is_no_success(project):
    sentence = told(project, "import sys; sys.exit(0)", "1")
    assert sentence.startswith("probe.ipynb stopped by itself in “Price bands” and the rest never ran")


def test_quit_ends_the_kernel_and_is_no_success(project):
    assert "the last report is untouched" in told(project, "quit()", "import time; time.sleep(5)", "1")


def test_a_kernel_that_dies_is_told(project):
    assert told(project, "import os; os._exit(1)", "1").startswith("probe.ipynb: the kernel died")


def test_a_kernel_that_hangs_is_stopped(project, monkeypatch):
    monkeypatch.setenv("KIT_CELL_TIMEOUT", "1")
    assert told(project, "import time; time.sleep(60)").startswith("probe.ipynb: a cell ran past the time limit")
