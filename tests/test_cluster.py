"""Reports by a real Dask cluster on this machine: a scheduler and two workers, each a process of its own."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError

import pytest
from built import ROOT, project
from test_batch import SHOW, client, lines, notebook
from test_forks import alive

from kit import cluster, stale
from kit.cluster import Cluster, _event, done
from kit.errors import KitError
from kit.text import Words

pytest.importorskip("distributed", reason="Dask is not installed")
pytestmark = pytest.mark.build
HELD = f"""import time
from pathlib import Path
(here := Path("{{folder}}") / client).touch()
try:
    here.with_name("first").mkdir()
except FileExistsError:
    while not here.with_name("go on").exists():
        time.sleep(0.05)
{SHOW}"""
"""The first to come so far passes, the others wait until they may."""


def three(folder, market):
    """A project of three clients with a report each, whose last cell is ``market``."""
    found = project(folder)
    for path in (found.root / "notebooks").glob("*.ipynb"):
        path.unlink()
    shutil.rmtree(found.root / "data" / "demo")
    notebook(found.root / "notebooks" / "market.ipynb", "market", market)
    for slug in ("acme", "beta", "gamma"):
        client(found.root, slug, f"canary{slug}")
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "begun").mkdir()
    return three(folder, HELD.format(folder=(folder / "begun").as_posix()))


class Running:
    """A scheduler and workers, ended with the test."""

    def __init__(self, root):
        self.root, self.file, self.processes = root, root / f"scheduler-{time.monotonic_ns()}.json", []

    def start(self, *command, **environment):
        base = {k: v for k, v in os.environ.items() if not k.startswith("KIT_")}
        ours = {"KIT_ROOT": str(self.root), "PYTHONPATH": str(ROOT), "KIT_INSIDE": "1", **environment}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        one = subprocess.Popen([sys.executable, "-m", *command], env={**base, **ours}, cwd=self.root, **quiet)
        self.processes.append(one)
        return one

    def scheduler(self):
        options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
        self.start("distributed.cli.dask_scheduler", *options, "--scheduler-file", str(self.file))
        waited_for(self.told)
        return self.told()["address"]

    def told(self):
        """What the scheduler has written about itself, once all of it is there."""
        try:
            return json.loads(self.file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def worker(self, **environment):
        options = ["--scheduler-file", str(self.file), "--nthreads", "1", "--no-dashboard", "--no-nanny"]
        return self.start("distributed.cli.dask_worker", *options, **environment)

    def stop(self):
        for one in self.processes:
            if one.poll() is None:
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()


def waited_for(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def running(made):
    found = Running(made.root)
    yield found
    found.stop()


PATIENT = "from kit import cli, cluster\ncluster.PATIENCE = '{}'\ncli.main()"
"""`kit` that waits so long for a scheduler: one that is gone is not given up before."""


def build(made, address, patience=cluster.PATIENCE):
    """A build by a cluster, under way."""
    asked = ["reports", "--report", "market", "--scheduler", address, "--locale", "en"]
    return subprocess.Popen(
        [sys.executable, "-c", PATIENT.format(patience), *asked],
        env={**os.environ, "KIT_ROOT": str(made.root), "PYTHONPATH": str(ROOT), "KIT_INSIDE": "1"},
        cwd=made.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def counted(address, n):
    from distributed import Client

    with Client(address, set_as_default=False) as asked:
        asked.wait_for_workers(n, timeout=60)


def test_a_cluster_builds_what_this_machine_would_though_a_worker_is_killed_under_way(made, running):
    address = running.scheduler()
    first, _ = running.worker(), running.worker()
    counted(address, 2)
    building = build(made, address)
    output, notes = made.root / "output", made.root / "begun"
    built = "*/*/market.en.record.json"
    waited_for(lambda: list(output.glob(built)) and {"acme", "beta", "gamma"} <= {p.name for p in notes.iterdir()}, 120)
    os.killpg(first.pid, signal.SIGKILL)  # one of the two that wait is its
    (notes / "go on").touch()
    said, told = building.communicate(timeout=180)
    assert building.returncode == 0, said + told
    assert "Failed: 0" in said  # what the one that was killed had finished is unchanged for the other
    assert len(list(output.glob(built))) == 3
    by_cluster = {p.relative_to(output): p.read_bytes() for p in output.rglob("market.en.*")}
    again = made.kit("reports", "--report", "market", "--force", "--locale", "en")
    assert lines(again, "Built") == ["Built: 3. Set again: 0. Unchanged: 0. Failed: 0"]
    assert {p.relative_to(output): p.read_bytes() for p in output.rglob("market.en.*")} == by_cluster
    assert not list(output.glob(".cluster*"))


@contextlib.contextmanager
def begun(tmp_path):
    """A build whose first notebook runs and does not end: what runs it all, the build, and the notebook's process."""
    note = tmp_path / "begun"
    source = (
        f"import os, time\nfrom pathlib import Path\nPath({str(note)!r}).write_text(str(os.getpid()))\ntime.sleep(600)"
    )
    held = three(tmp_path / "held", source)
    running = Running(held.root)
    try:
        address = running.scheduler()
        running.worker()
        counted(address, 1)
        building = build(held, address, "4s")
        waited_for(lambda: note.is_file() and note.read_text())
        yield running, building, int(note.read_text())
    finally:
        running.stop()


def test_what_nobody_waits_for_any_more_is_ended(tmp_path):
    with begun(tmp_path) as (_, building, notebook):
        assert alive(notebook)
        building.kill()
        building.communicate()
        waited_for(lambda: not alive(notebook))


def test_without_its_scheduler_everything_left_has_failed_in_words(tmp_path):
    with begun(tmp_path) as (running, building, _):
        os.killpg(running.processes[0].pid, signal.SIGKILL)
        said, told = building.communicate(timeout=120)
    assert building.returncode == 1, said + told
    assert not [word for word in ("Traceback", "unforeseen", "distributed.client") if word in said + told], said + told
    assert "Built: 0. Set again: 0. Unchanged: 0. Failed: 3" in said and "scheduler is gone" in said


@pytest.mark.parametrize("error", [ValueError, CancelledError])
def test_a_client_that_gave_its_scheduler_up_is_no_surprise(monkeypatch, error):
    class Lost:
        def result(self):
            raise CancelledError

    def gone(*_, **__):
        raise error

    monkeypatch.setattr("distributed.wait", gone)
    made = Cluster("tcp://127.0.0.1:1", 1, 60.0)
    made._running = {"a": Lost(), "b": Lost()}
    assert [(e.key, e.kind, e.value.problems[0].id) for e in made.wait()] == [
        ("a", "failed", "e.cluster.gone"),
        ("b", "failed", "e.cluster.gone"),
    ]
    assert not made._running


def refused(address):
    with pytest.raises(KitError) as error, Cluster(address, 9, 60.0):
        pass
    return [p.id for p in error.value.problems]


def test_workers_with_another_kit_or_another_folder_are_refused_before_anything_is_begun(
    made, running, tmp_path, monkeypatch
):
    monkeypatch.setenv("KIT_ROOT", str(made.root))
    address = running.scheduler()
    elsewhere = project(tmp_path / "elsewhere")
    running.worker(KIT_ROOT=str(elsewhere.root))
    counted(address, 1)
    assert refused(address) == ["e.cluster.folder"]
    monkeypatch.setattr(stale, "tools", lambda: "another")
    assert refused(address) == ["e.cluster.kit", "e.cluster.folder"]


def test_two_builds_that_ask_workers_at_once_do_not_take_each_other_for_another_folder(made, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(made.root))
    one, other = Cluster("", 1, 60.0), Cluster("", 1, 60.0)

    class Workers:
        """Asked by one build, while another asks, too, and is done."""

        def run(self, seen, token):
            if self is one._client:
                other._check()
            return {"w": seen(token)}

    one._client, other._client = Workers(), Workers()
    one._check()
    assert not list((made.root / "output").glob(".cluster*"))


def test_without_a_scheduler_it_is_said_what_is_lacking(monkeypatch, made):
    monkeypatch.setenv("KIT_ROOT", str(made.root))
    monkeypatch.setattr("kit.cluster.PATIENCE", "1s")
    assert refused("tcp://127.0.0.1:9") == ["e.cluster.none"]


class Ended:
    """A task that came to an end as ``error``."""

    def __init__(self, error):
        self.error = error

    def result(self):
        raise self.error


def test_a_task_that_ends_its_workers_and_one_whose_scheduler_is_gone_have_failed():
    from concurrent.futures import CancelledError

    from distributed import KilledWorker

    for error, id, facts in (
        (KilledWorker("a", "tcp://w", allowed_failures=3), "e.cluster.lost", {"n": 4}),
        (CancelledError(), "e.cluster.gone", {}),
        (OSError(), "e.cluster.gone", {}),
        (None, "e.cluster.gone", {}),
    ):
        event = _event("a", Ended(error) if error else None)
        (told,) = event.value.problems
        assert (event.kind, told.id, dict(told.args)) == ("failed", id, facts)


def test_a_worker_that_joins_later_with_another_kit_does_nothing():
    with pytest.raises(KitError, match=r"e\.cluster\.kit"):
        done("another", 60.0, 0, print, ())


@pytest.mark.parametrize(
    ("id", "facts", "zh"),
    [
        ("package", {}, "没有安装Dask，用不了SCHEDULER。请先执行：.venv/bin/python -m pip install distributed"),
        ("none", {"address": "tcp://x"}, "tcp://x没有应答，或没有可用的机器。请核对SCHEDULER，先启动调度和各台机器"),
        ("kit", {"worker": "w1"}, "集群里的w1装的工具或依赖和本机不同，生成的报告会不一样。请更新到同一版本后重启"),
        ("folder", {"worker": "w1"}, "集群里的w1看到的不是同一个项目文件夹。请挂载共享文件夹，并用KIT_ROOT指明"),
        ("lost", {"n": 3}, "连续3台机器在做这份报告时中断，不再重试。请先在本机单独生成，看是不是内存不够"),
        ("gone", {}, "集群的调度中断了。请重新启动后再生成，已完成的不会重做"),
    ],
)
def test_what_is_wrong_with_a_cluster_is_said_with_what_to_do(id, facts, zh):
    from kit.errors import problem

    assert Words("zh").problem(problem(f"e.cluster.{id}", **facts)) == zh
    assert Words("en").has(f"e.cluster.{id}")
