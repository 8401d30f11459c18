"""Processes that do one thing each: what they say is heard, and nothing of them is left behind."""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from kit import forks
from kit.errors import KitError, problem
from kit.pool import Pool
from kit.project import ONE_THREAD
from kit.text import Words

# ---- what is done in a process: found by name there, so it stands at the top of a module -------------------------


def double(say, number):
    say("say.reading", client="acme")
    return 2 * number


def refuse(say):
    raise KitError([problem("e.client", given="x", known="demo")], 2)


def slip(say):
    raise ValueError(f"{138 * 10**8}")


def die(say):
    os.kill(os.getpid(), signal.SIGKILL)


def hang(say, told=None):
    if told:
        (Path(tempfile.gettempdir()) / "left").write_text("x", encoding="utf-8")
        Path(told).write_text(f"{os.getpid()} {tempfile.gettempdir()}", encoding="utf-8")
    time.sleep(600)


def grow(say):
    return len(bytearray(3 * 2**30))


def surroundings(say):
    return {name: os.environ.get(name) for name in (*ONE_THREAD, "TMPDIR")}


def who(say):
    return os.getpid()


def found(say):
    """What a process can change of itself: as it finds it."""
    import matplotlib as mpl

    kept = {name: value for name, value in os.environ.items() if name != "TMPDIR"}
    files = os.listdir(tempfile.gettempdir())
    return ["planted" in sys.modules, hasattr(forks, "planted"), kept, os.getcwd(), files, mpl.rcParams["font.size"]]


def plant(say):
    """Change all of it."""
    before = found(say)
    sys.modules["planted"] = sys
    forks.planted = 1
    os.environ["PLANTED"] = "1"
    (Path(tempfile.gettempdir()) / "planted").write_text("x", encoding="utf-8")
    os.chdir("/")
    sys.modules["matplotlib"].rcParams["font.size"] = 99
    return before, found(say)


# ---- rules -------------------------------------------------------------------------------------------------------


LOADED = ["no_such_module", "matplotlib"]
way = None
"""How processes are begun just now."""


def run(*jobs, workers=2, seconds=60, memory=0):
    """Every event of ``jobs`` (a key, what is done, its arguments), in order."""
    heard, waiting = [], list(jobs)
    with Pool(workers, seconds, memory) as pool:
        pool.load(["kit.pool"])
        if way == "waiting":
            pool.ahead([LOADED] * len(jobs))
        while waiting or pool.busy:
            while waiting and pool.free:
                pool.start(*waiting.pop(0))
            heard += pool.wait()
    return heard


FORKED = pytest.param("forked", marks=pytest.mark.skipif(not forks.possible(), reason="not on this system"))


@pytest.fixture(autouse=True, params=["spawned", "waiting", FORKED])
def begun(request, tmp_path, monkeypatch):
    """Processes are begun in three ways, and do the same."""
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    monkeypatch.setattr(sys.modules[__name__], "way", request.param)
    if request.param != "forked":
        monkeypatch.setenv(forks.ADDRESS, "no")
    else:
        monkeypatch.delenv(forks.ADDRESS, raising=False)


def test_each_answer_is_heard_under_its_key_after_the_steps():
    heard = run(("a", double, 2), ("b", double, 3), ("c", double, 4))
    assert sorted((e.key, e.value) for e in heard if e.kind == "done") == [("a", 4), ("b", 6), ("c", 8)]
    assert [e.kind for e in heard if e.key == "c"] == ["said", "done"]
    assert heard[0].value == ("say.reading", {"client": "acme"})


def test_what_is_refused_comes_back_with_its_problems_and_exit_code():
    [event] = run(("a", refuse))
    assert (event.kind, event.value.exit_code) == ("failed", 2)
    assert Words("en").problem(event.value.problems[0]) == "There is no client “x”. Clients: demo"


def test_a_slip_of_ours_is_told_without_its_text(tmp_path):
    [event] = run(("a", slip))
    said = Words("zh").problem(event.value.problems[0])
    log = (tmp_path / "output" / "error.log").read_text(encoding="utf-8")
    assert "ValueError" in said
    assert "def" not in said
    assert str(138 * 10**8) not in said + log


def test_a_killed_process_fails_its_own_job_only():
    heard = {e.key: e for e in run(("a", die), ("b", double, 3)) if e.kind != "said"}
    assert heard["b"].value == 6
    assert Words("en").problem(heard["a"].value.problems[0]).startswith("Its process was ended from outside")
    assert heard["a"].value.exit_code == 1


def test_a_hanging_process_is_stopped_at_its_time_and_leaves_nothing(tmp_path):
    [event] = run(("a", hang, str(tmp_path / "told")), seconds=4)
    assert Words("zh").problem(event.value.problems[0]).startswith("运行超过时限（4秒），已停止")
    process, folder = (tmp_path / "told").read_text(encoding="utf-8").split()
    assert not alive(int(process))
    assert not Path(folder).exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no limit of address space on this system")
def test_a_process_that_takes_too_much_memory_is_told():
    [event] = run(("a", grow), memory=2048)
    assert Words("en").problem(event.value.problems[0]).startswith("It needed more memory than it may take")


def test_a_process_has_one_numeric_thread_and_a_folder_of_its_own():
    found = run(("a", surroundings), ("b", surroundings))
    places = [e.value["TMPDIR"] for e in found]
    assert all(e.value[name] == "1" for e in found for name in ONE_THREAD)
    assert len(set(places)) == 2
    assert not any(Path(place).exists() for place in places)


def test_nothing_passes_from_one_to_the_next():
    planted, left = (e.value for e in run(("a", plant), ("b", found), workers=1))
    assert planted[0] == left
    assert not [one for one, other in zip(*planted, strict=True) if one == other]


alone = pytest.mark.parametrize("begun", ["waiting"], indirect=True)


@alone
def test_one_waits_for_each_job_to_come_but_no_more_than_can_be_done_at_a_time():
    with Pool(2, 60) as pool:
        counts = []
        for coming in (5, 2, 1, 0):
            pool.ahead([[]] * coming)
            counts.append(len(multiprocessing.active_children()))
        assert counts == [2, 2, 1, 0]
        pool.ahead([[]])
    assert multiprocessing.active_children() == []


@alone
def test_the_one_that_waits_does_the_next_job_and_no_other():
    with Pool(1, 60) as pool:
        pool.ahead([[]])
        [waiting] = (process.pid for process in multiprocessing.active_children())
        done = []
        for key in "ab":
            pool.start(key, who)
            while pool.busy:
                done += [event.value for event in pool.wait()]
    assert done[0] == waiting != done[1]


@alone
def test_one_that_ended_while_it_waited_is_replaced():
    with Pool(1, 60) as pool:
        pool.ahead([[]])
        [waiting] = multiprocessing.active_children()
        waiting.kill()
        waiting.join()
        pool.start("a", double, 3)
        heard = []
        while pool.busy:
            heard += pool.wait()
    assert heard[-1].value == 6


@pytest.mark.skipif(not forks.possible(), reason="not on this system")
def test_servers_are_begun_as_they_are_needed_and_end_with_the_pool(monkeypatch):
    monkeypatch.delenv(forks.ADDRESS, raising=False)
    with Pool(1, 60) as pool:
        begun = []
        for kernels in ([], [["kit.pool"]], [["kit.pool"]]):
            pool.load(["kit.pool"], kernels=kernels)
            begun.append([forks.known(at) for at in (forks.ADDRESS, forks.KERNELS)])
        servers = [one.process.pid for one in (pool._jobs, pool._kernels)]
    assert begun == [[True, False], [True, True], [True, True]]
    assert not any(map(forks.known, (forks.ADDRESS, forks.KERNELS))) and not any(map(alive, servers))
    monkeypatch.setenv(forks.ADDRESS, "no")
    with Pool(1, 60) as pool:
        pool.load(["kit.pool"], kernels=[["kit.pool"]])
        assert not forks.known(forks.KERNELS)


SCRIPT = """
import multiprocessing, signal, sys
from kit.pool import Pool
import test_pool
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background ignores it
    with Pool(1, 600) as pool:
        pool.load(["kit.pool"])
        pool.start("a", test_pool.hang, sys.argv[1])
        pool.ahead([["kit.pool"]])
        with open(sys.argv[1] + ".all", "w", encoding="utf-8") as file:
            print(*(child.pid for child in multiprocessing.active_children()), file=file)
        while True:
            list(pool.wait())
"""


@pytest.mark.skipif(os.name == "nt", reason="signals as here are not Windows'")
@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGKILL]])
def test_when_we_are_ended_so_are_they(tmp_path, signals):
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}
    command = [sys.executable, str(tmp_path / "script.py"), str(tmp_path / "told")]
    ours = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    wait_for(lambda: (tmp_path / "told").exists() and (tmp_path / "told").read_text(encoding="utf-8"))
    process, folder = (tmp_path / "told").read_text(encoding="utf-8").split()
    wait_for(lambda: (tmp_path / "told.all").exists() and "\n" in (tmp_path / "told.all").read_text(encoding="utf-8"))
    running = {int(process), *map(int, (tmp_path / "told.all").read_text(encoding="utf-8").split())}
    assert len(running) == (1 if way == "forked" else 2)
    for number in signals:
        ours.send_signal(number)
    ours.wait(20)
    wait_for(lambda: not any(map(alive, running)))
    wait_for(lambda: not Path(folder).parent.exists())


def wait_for(true, seconds=60):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
