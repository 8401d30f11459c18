"""Kernels forked for a report: real ones, fresh for each, and no notebook can tell them from those started slowly."""

import ast
import json
import tomllib
from pathlib import Path

import pytest
from test_execute import project, run, told, write  # noqa: F401  (a fixture among them)
from test_forks import alive, wait_for

from kit import execute, forks, kernels, loading

ROOT = Path(__file__).parents[1]
forked = pytest.mark.skipif(
    not (forks.possible() and execute._provisioner()),
    reason="kernels are forked on Linux, and in an environment installed since its entry points name our provisioner",
)
FORKED = "import sys\n'kit.forked' in sys.modules"
SURROUNDINGS = """
import gc, os, signal, sys, threading, matplotlib, numpy
hidden = ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "KIT_READS", "JPY_SESSION_NAME")
{
    **{k: v for k, v in os.environ.items() if k not in hidden},
    "folder": (os.getcwd(), sys.path),
    "Python": (hash("kit"), sys.flags.utf8_mode, __name__, os.path.basename(sys.argv[0]), sys.argv[1], gc.isenabled()),
    "group": os.getpid() == os.getpgrp() == os.getsid(0),
    "parent": os.getppid() == int(os.environ["JPY_PARENT_PID"]) or "forked",
    "threads": sorted(t.name for t in threading.enumerate() if not t.name.startswith("Thread-")),
    "interrupts": signal.getsignal(signal.SIGINT) == signal.default_int_handler,
    "drawing": (matplotlib.get_backend(), dict(matplotlib.rcParams) == dict(matplotlib.rcParamsDefault)),
    "history": str(get_ipython().history_manager.hist_file),
}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(forks.ADDRESS, raising=False)
        patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("t")))
        begun = forks.Server(
            {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}, tmp_path_factory.mktemp("left")
        )
        begun.start()
        begun.load([*loading.RUN, "matplotlib"])
        yield begun
        begun.stop()


def shown(project, *sources):  # noqa: F811
    """What the last cell of a notebook shows."""
    nb, _ = run(project, *sources)
    return nb.cells[-1].outputs[-1].data["text/plain"]


def test_the_provisioner_is_declared_by_the_name_it_is_asked_for():
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    module, _, name = named["jupyter_client.kernel_provisioners"][execute.FORKED].partition(":")
    assert (module, getattr(kernels, name)) == (kernels.__name__, kernels.Provisioner)


@forked
def test_a_kernel_is_forked_and_knows_nothing_of_the_one_before(project, server):  # noqa: F811
    plant = "import sys, matplotlib\nplanted = 1\nsys.modules['planted'] = sys\nmatplotlib.rcParams['font.size'] = 99"
    assert shown(project, plant, FORKED) == "True"
    assert shown(project, "import sys, matplotlib\n'planted' in {*globals(), *sys.modules}") == "False"
    assert shown(project, "import matplotlib\nmatplotlib.rcParams['font.size']") == "10.0"


@forked
def test_a_notebook_finds_what_it_finds_in_a_kernel_started_the_ordinary_way(project, server, monkeypatch):  # noqa: F811
    forked = ast.literal_eval(shown(project, FORKED, SURROUNDINGS.strip()))
    monkeypatch.delenv(forks.ADDRESS)
    found = ast.literal_eval(shown(project, FORKED, SURROUNDINGS.strip()))
    assert found["parent"] is True
    assert forked == {**found, "parent": "forked"}


@forked
def test_a_forked_kernel_that_dies_or_hangs_is_told_and_gone(project, server, monkeypatch):  # noqa: F811
    note = f"import os, time\nopen({str(project / 'told')!r}, 'w').write(str(os.getpid()))"
    assert told(project, note, "os._exit(1)").startswith("probe.ipynb: the kernel died")
    monkeypatch.setenv("KIT_CELL_TIMEOUT", "1")
    assert told(project, note, "time.sleep(60)").startswith("probe.ipynb: a cell ran past the time limit")
    wait_for(lambda: not alive(int((project / "told").read_text(encoding="utf-8"))))


@forked
def test_a_cell_that_is_interrupted_leaves_the_kernel_to_the_next(project, server):  # noqa: F811
    source = "import os, signal, time\ntry:\n    os.killpg(0, signal.SIGINT)\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    pass"
    assert shown(project, source, FORKED) == "True"


@forked
def test_without_its_server_a_kernel_is_started_the_ordinary_way(project, server, monkeypatch):  # noqa: F811
    monkeypatch.setenv(forks.ADDRESS, "kit-nobody")
    assert shown(project, FORKED) == "False"


@forked
def test_nothing_lies_about_after_a_run(project, server):  # noqa: F811
    private = json.loads(shown(project, "import json, os\nos.path.dirname(os.environ['IPYTHONDIR'])").replace("'", '"'))
    assert Path(private).name.startswith("kit-")
    assert not Path(private).exists()
