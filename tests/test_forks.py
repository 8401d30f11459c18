"""Forked processes: each as if it were the first, gone with whoever asked for it, and done without where need be."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from kit import forks

pytestmark = pytest.mark.skipif(not forks.possible(), reason="processes are forked on Linux only")

# ---- what is done in a forked process: found by name there, so it stands at the top of a module ------------------


def tell(what, answer):
    with open(answer, "w", encoding="utf-8") as file:
        json.dump(what(), file)


def plant():
    """Change all that a process can change of itself."""
    import matplotlib as mpl
    import numpy as np

    sys.modules["planted"] = sys
    forks.planted = 1
    os.environ["PLANTED"] = "1"
    os.chdir("/")
    os.umask(0o77)
    mpl.rcParams["font.size"] = 99
    np.random.seed(0), random.seed(0)
    tempfile.tempdir = "/planted"
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return surroundings()


def surroundings():
    import matplotlib as mpl

    return {
        "modules": "planted" in sys.modules,
        "names": hasattr(forks, "planted"),
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "mask": os.umask(0o22),
        "settings": mpl.rcParams["font.size"],
        "temporary": tempfile.gettempdir(),
        "signals": [signal.getsignal(n) == signal.SIG_DFL for n in (signal.SIGTERM, signal.SIGCHLD)],
        "group": os.getpgrp() == os.getpid(),
        "input": sys.stdin.read(),
    }


def dice():
    import numpy as np

    return [np.random.rand(), random.random()]


def secret():
    return [hash("kit"), sys.flags.hash_randomization]


def limit():
    import resource

    return resource.getrlimit(resource.RLIMIT_AS)


def hang(told):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(told).write_text(f"{os.getpid()} {child.pid} {os.getppid()}", encoding="utf-8")
    time.sleep(600)


BOTH = (forks.KERNELS, forks.ADDRESS)


def known():
    return [name for name in BOTH if name in os.environ] + [os.getppid()]


# ---- rules -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def serving(folder, *modules, at=forks.ADDRESS):
    server = forks.Server({}, folder, at)
    server.start()
    server.load(modules)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("left"), "numpy", "matplotlib") as started:
        yield started


@pytest.fixture
def alone(monkeypatch):
    """No server is known here."""
    for name in BOTH:
        monkeypatch.delenv(name, raising=False)


def asked(what, **surroundings):
    """What ``what`` gives in a forked process."""
    read, write = os.pipe()
    child = forks.fork(tell, what, descriptors=[write], path=sys.path, **surroundings)
    os.close(write)
    with open(read, encoding="utf-8") as answer:
        found = json.load(answer)
    assert child.wait(20) == forks.ENDED
    child.close()
    return found


def test_nothing_passes_from_one_to_the_next(server, tmp_path):
    given = {"environment": {"A": "1", "TMPDIR": str(tmp_path)}, "folder": str(tmp_path)}
    before = asked(surroundings, **given)
    assert before == {
        "modules": False,
        "names": False,
        "environment": given["environment"],
        "folder": str(tmp_path),
        "mask": before["mask"],
        "settings": 10.0,
        "temporary": str(tmp_path),
        "signals": [True, True],
        "group": True,
        "input": "",
    }
    assert asked(plant, **given) != before
    assert asked(surroundings, **given) == before


def test_each_throws_its_own_dice(server):
    thrown = [asked(dice) for _ in range(2)] + [dice()]
    assert len({value for both in thrown for value in both}) == 6


def test_all_have_the_hashes_of_a_kernel_started_the_ordinary_way(server):
    command = [sys.executable, "-c", "import sys; print([hash('kit'), sys.flags.hash_randomization])"]
    plain = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": "0"}, capture_output=True, check=True)
    assert asked(secret) == json.loads(plain.stdout)


def test_the_limit_of_memory_of_whoever_asks_holds(server):
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (2**40, before[1]))
    try:
        assert asked(limit) == [2**40, before[1]]
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def test_one_that_is_let_go_of_ends_with_all_that_it_started(server, tmp_path):
    child = forks.fork(hang, str(tmp_path / "told"), path=sys.path)
    running = told(tmp_path)[:2]
    assert child.poll() is None
    child.close()
    wait_for(lambda: not any(map(alive, running)))


def test_a_signal_reaches_all_that_it_started(server, tmp_path):
    child = forks.fork(hang, str(tmp_path / "told"), path=sys.path)
    running = told(tmp_path)[:2]
    child.terminate()
    assert child.wait(20) == forks.ENDED
    wait_for(lambda: not any(map(alive, running)))
    child.kill()  # it is no more: nobody is hit


SCRIPT = """
import sys, tempfile, time
from pathlib import Path
from kit import forks
import test_forks
server = forks.Server({}, Path(sys.argv[2]))
server.start()
server.load(["kit.forks"])
child = forks.fork(test_forks.hang, sys.argv[1], path=sys.path)
time.sleep(600)
"""


def test_when_whoever_began_it_is_killed_nothing_is_left(alone, tmp_path):
    folder = tmp_path / "left"
    folder.mkdir()
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}
    ours = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path / "told"), str(folder)], env=environment)
    running = told(tmp_path)
    assert all(map(alive, running))
    ours.kill()
    ours.wait(20)
    wait_for(lambda: not any(map(alive, running)) and not folder.exists())


def test_a_server_that_is_killed_takes_nothing_with_it_and_is_done_without(alone, tmp_path):
    with serving(tmp_path, "kit.forks") as server:
        child = forks.fork(hang, str(tmp_path / "told"), path=sys.path)
        running = told(tmp_path)[:2]
        server.process.kill()
        server.process.wait(20)
        assert child.poll() is None and all(map(alive, running))
        assert forks.fork(hang, "", path=sys.path) is None
        child.close()
    wait_for(lambda: not any(map(alive, running)))


def test_of_two_servers_the_first_that_is_there_is_asked(alone, tmp_path):
    with serving(tmp_path, "kit.forks") as one, serving(tmp_path, "kit.forks", at=forks.KERNELS) as two:
        assert asked(known, at=BOTH) == [*BOTH, two.process.pid]
        assert asked(known, at=BOTH, environment={**os.environ, "A": "1"}) == [two.process.pid], "who has its own"
        assert asked(known) == [*BOTH, one.process.pid]
        two.process.kill()
        two.process.wait(20)
        assert asked(known, at=BOTH) == [*BOTH, one.process.pid]
    assert not any(map(forks.known, BOTH))


def test_a_server_with_a_second_thread_forks_nothing(alone, tmp_path, monkeypatch):
    (tmp_path / "threaded.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, sys.path)]))
    with serving(tmp_path, "threaded"):
        assert forks.fork(hang, "", path=sys.path) is None


def test_a_module_that_is_not_to_be_had_hinders_nobody(alone, tmp_path):
    with serving(tmp_path, "no_such_module", "kit.forks"):
        assert asked(secret)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can be somebody else")
def test_another_user_is_not_answered(server):
    name = os.environ[forks.ADDRESS]
    pid = os.fork()
    if pid == 0:
        os.setuid(65534)
        try:
            forks._ask(name, b"x", [0])
        except OSError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_whoever_wants_none_gets_none(tmp_path, monkeypatch):
    monkeypatch.setenv(forks.ADDRESS, "no")
    with serving(tmp_path, "kit.forks") as server:
        assert server.process is None
        assert forks.fork(hang, "") is None


def told(folder, name="told"):
    """The numbers that a process has written down of itself and its like."""
    wait_for(lambda: (folder / name).exists() and (folder / name).read_text(encoding="utf-8"))
    return [int(number) for number in (folder / name).read_text(encoding="utf-8").split()]


def wait_for(true, seconds=60):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def alive(process):
    """Whether a process is there; one that has ended and waits for its parent to notice is not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
