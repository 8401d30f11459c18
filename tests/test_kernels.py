"""Kernels forked or waiting for a report: fresh for each; no notebook can tell them from those started slowly."""

import ast
import json
import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import psutil
import pytest
from jupyter_client.manager import start_new_kernel
from test_execute import project, run, told, write  # noqa: F401  (a fixture among them)
from test_forks import alive, wait_for

from kit import execute, forks, kernels, loading

ROOT = Path(__file__).parents[1]
forked = pytest.mark.skipif(
    not (forks.possible() and execute._provisioner()),
    reason="kernels are forked on Linux, and in an environment installed since its entry points name our provisioner",
)
named = pytest.mark.skipif(
    not execute._provisioner(), reason="not an environment installed since its entry points name it"
)
NOBODY = "kit-nobody"
"""A server that is gone: kernels are started the ordinary way."""
LOADED = "import sys\n'kit.forked' in sys.modules"
"""Whether it was there before its notebook was."""
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
        for name in kernels.SERVERS:
            patch.delenv(name, raising=False)
        patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("t")))
        begun = forks.Server(
            {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}, tmp_path_factory.mktemp("left"), forks.KERNELS
        )
        begun.start()
        begun.load([*loading.KERNEL, "matplotlib"])
        yield begun
        begun.stop()


def named_as(monkeypatch, value):
    for name in kernels.SERVERS:
        monkeypatch.setenv(name, value)


def shown(project, *sources):  # noqa: F811
    """What the last cell of a notebook shows."""
    nb, _ = run(project, *sources)
    return nb.cells[-1].outputs[-1].data["text/plain"]


def test_the_provisioner_is_declared_by_the_name_it_is_asked_for():
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    module, _, name = named["jupyter_client.kernel_provisioners"][execute.FORKED].partition(":")
    assert (module, getattr(kernels, name)) == (kernels.__name__, kernels.Provisioner)


FORKED_ONLY = pytest.param("forked", marks=forked)
WAITED_ONLY = pytest.param("waiting", marks=named)


@pytest.fixture(params=[FORKED_ONLY, WAITED_ONLY])
def way(request, monkeypatch):
    """Kernels are forked from a server that has loaded, or are a process that has loaded and waits."""
    if request.param == "forked":
        request.getfixturevalue("server")
    else:
        named_as(monkeypatch, "no")
    return request.param


def ready(way):
    """The next kernel, where it is a process that waits, has loaded all that it will: it does nothing any more."""
    if way == "waiting":
        kernels.ahead()
        process, worked = psutil.Process(kernels._waiting[0].pid), [0.0]
        while worked[-1] < 0.5 or worked[-1] > worked[-2]:
            time.sleep(0.5)
            worked.append(process.cpu_times().user)


def test_a_kernel_knows_nothing_of_the_one_before(project, way):  # noqa: F811
    plant = "import os, sys, matplotlib\nplanted = 1\nsys.modules['planted'] = sys\nos.environ['PLANTED'] = '1'"
    plant += "\nmatplotlib.rcParams['font.size'] = 99"
    assert shown(project, plant, LOADED) == "True"
    assert (
        shown(project, "import os, sys\n'planted' in {*globals(), *sys.modules} or 'PLANTED' in os.environ") == "False"
    )
    assert shown(project, "import matplotlib\nmatplotlib.rcParams['font.size']") == "10.0"


def test_a_notebook_finds_what_it_finds_in_a_kernel_started_the_ordinary_way(project, way, monkeypatch):  # noqa: F811
    ready(way)
    found = ast.literal_eval(shown(project, LOADED, SURROUNDINGS.strip()))
    named_as(monkeypatch, NOBODY)
    ordinary = ast.literal_eval(shown(project, LOADED, SURROUNDINGS.strip()))
    assert ordinary["parent"] is True
    for one in (found, ordinary):
        for name in kernels.SERVERS:
            one.pop(name, None)
    assert found == {**ordinary, "parent": "forked" if way == "forked" else True}


def test_a_kernel_that_dies_or_hangs_is_told_and_gone(project, way, monkeypatch):  # noqa: F811
    note = f"import os, time\nopen({str(project / 'told')!r}, 'w').write(str(os.getpid()))"
    assert told(project, note, "os._exit(1)").startswith("probe.ipynb: the kernel died")
    monkeypatch.setenv("KIT_CELL_TIMEOUT", "1")
    assert told(project, note, "time.sleep(60)").startswith("probe.ipynb: a cell ran past the time limit")
    wait_for(lambda: not alive(int((project / "told").read_text(encoding="utf-8"))))


@pytest.mark.skipif(os.name == "nt", reason="signals as here are not Windows'")
def test_a_cell_that_is_interrupted_leaves_the_kernel_to_the_next(project, way):  # noqa: F811
    source = "import os, signal, time\ntry:\n    os.killpg(0, signal.SIGINT)\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    pass"
    assert shown(project, source, LOADED) == "True"


def test_a_kernel_is_interrupted_by_whoever_manages_it(tmp_path, way, monkeypatch):
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", execute.FORKED)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    ready(way)
    manager, client = start_new_kernel(extra_arguments=["--HistoryManager.hist_file=:memory:"])
    try:
        client.execute("import time; time.sleep(60)")
        wait_for(lambda: client.get_iopub_msg(timeout=30)["msg_type"] == "execute_input")
        manager.interrupt_kernel()
        assert client.get_shell_msg(timeout=30)["content"]["ename"] == "KeyboardInterrupt"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert not kernels._waiting


@named
def test_without_its_server_a_kernel_is_started_the_ordinary_way(project, monkeypatch):  # noqa: F811
    named_as(monkeypatch, NOBODY)
    assert shown(project, LOADED) == "False"


@named
def test_one_that_ended_while_it_waited_is_done_without(project, monkeypatch):  # noqa: F811
    named_as(monkeypatch, "no")
    kernels.ahead()
    kernels._waiting[0].kill()
    kernels._waiting[0].wait()
    assert shown(project, LOADED) == "False"


@named
def test_one_that_nobody_came_to_need_is_ended(project, monkeypatch):  # noqa: F811
    named_as(monkeypatch, "no")
    kernels.ahead()
    [process] = kernels._waiting
    with pytest.raises(FileNotFoundError):
        execute.run(project / "none.ipynb", {}, project / "failed")
    assert process.poll() is not None and not kernels._waiting


SCRIPT = """
import sys, time
from kit import kernels
kernels.ahead()
print(kernels._waiting[0].pid, flush=True)
time.sleep(600)
"""


@named
def test_when_whoever_started_it_is_killed_it_ends():
    environment = {**os.environ, **dict.fromkeys(kernels.SERVERS, "no"), "PYTHONPATH": str(ROOT)}
    ours = subprocess.Popen([sys.executable, "-c", SCRIPT], env=environment, stdout=subprocess.PIPE, text=True)
    waiting = int(ours.stdout.readline())
    assert psutil.pid_exists(waiting)
    ours.kill()
    ours.communicate()
    wait_for(lambda: not alive(waiting))


def test_nothing_lies_about_after_a_run(project, way):  # noqa: F811
    private = json.loads(shown(project, "import json, os\nos.path.dirname(os.environ['IPYTHONDIR'])").replace("'", '"'))
    assert Path(private).name.startswith("kit-")
    assert not Path(private).exists()
