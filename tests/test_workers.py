"""Files read by several processes give what one process gives, whatever becomes of the workers."""

import io
import os
import pickle
import subprocess
import sys
import time
import zipfile

import pytest
from making import OVERVIEW, client, xlsx

from kit import store
from kit.exports import reader, workers
from kit.exports.folder import Source
from kit.exports.kept import Kept

ORDERS = "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间,买家会员名\n{n},9,9,2024-11-{n:02d} 10:00:00,2024-11-{n:02d} 10:01:00,甲\n"


def packed(name, text):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, text)
    return target.getvalue()


SOUND = {
    **{f"exports/{n}.csv": ORDERS.format(n=n) for n in range(1, 6)},
    "exports/概况.xlsx": xlsx({"概况": OVERVIEW, "说明": [["无"]]}),
    "exports/6.zip": packed("6.csv", ORDERS.format(n=6)),
}
FAULTY = {
    **SOUND,
    "exports/7.csv": ORDERS.format(n=7).replace(",9,9,", ",贵,9,"),
    "exports/8.csv": "x,y\n1,2\n",
    "exports/9.zip": b"PK\x03\x04 cut",
}


def patient(left):
    """Leaves all files to the workers, as long as they take them."""
    end = time.monotonic() + 60
    while left and time.monotonic() < end:
        time.sleep(0.01)
    yield from ()


@pytest.fixture
def two(monkeypatch):
    """A machine of two cores, on which any file is worth a worker; the workers that were started."""
    started = []
    original = subprocess.Popen

    def start(*given, **said):
        started.append(original(*given, **said))
        return started[-1]

    monkeypatch.setattr(workers, "WORTH", 1)
    monkeypatch.setattr(workers, "_cores", lambda: 2)
    monkeypatch.setattr(workers.subprocess, "Popen", start)
    return started


@pytest.fixture
def opened(monkeypatch):
    """The files that this process reads from their bytes."""
    seen = []
    original = reader.files.content
    monkeypatch.setattr(reader.files, "content", lambda path, shown: (seen.append(path.name), original(path, shown))[1])
    return seen


def made(folder):
    """Everything that a check leaves of a client, by name: its ledger and problems and its tables, byte for byte."""
    here = store.inspect(client(folder))
    return {path.name: path.read_bytes() for path in here.folder.iterdir()}


def alike(tmp_path, content):
    """Two folders of the same files, for the same buyers."""
    for name in ("one", "other"):
        client(tmp_path / name, {**content, ".secret": "0" * 64 + "\n"})
    return tmp_path / "one", tmp_path / "other"


@pytest.mark.parametrize("content", [SOUND, FAULTY], ids=["sound", "faulty"])
def test_workers_read_what_one_process_reads(tmp_path, monkeypatch, two, opened, capfd, content):
    one, other = alike(tmp_path, content)
    with monkeypatch.context() as alone:
        alone.setattr(workers, "_cores", lambda: 1)
        expected = made(one)
    assert (len(two), sorted(opened)) == (0, sorted(name.removeprefix("exports/") for name in content))
    opened.clear()
    monkeypatch.setattr(workers, "_taken", patient)
    assert made(other) == expected
    assert len(two) == 1 and set(opened) <= {"9.zip"}  # what cannot be opened is kept by nobody, so it is told here
    assert capfd.readouterr() == ("", "")


def test_this_process_reads_beside_its_workers(tmp_path, two, opened):
    made(alike(tmp_path, SOUND)[0])
    assert len(two) == 1 and opened


def ends_at_once():
    os._exit(9)


def ends_with_a_file():
    print(flush=True)
    pickle.load(sys.stdin.buffer), pickle.load(sys.stdin.buffer)
    os._exit(9)


def lies():
    """Says that files are done which it never read."""
    for _ in range(100):
        print(flush=True)
    sys.stdin.buffer.read()


@pytest.mark.parametrize("end", [ends_at_once, ends_with_a_file, lies])
def test_what_a_worker_leaves_undone_is_read_here(tmp_path, monkeypatch, two, opened, end):
    monkeypatch.setattr(workers, "ENTRY", f"{__name__}.{end.__name__}")
    one, other = alike(tmp_path, SOUND)
    found = made(one)
    assert len(opened) == len(SOUND)
    monkeypatch.setattr(workers, "_cores", lambda: 1)
    assert made(other) == found


def test_a_worker_that_cannot_be_started_is_done_without(tmp_path, monkeypatch, two, opened):
    def refused(**_):
        raise OSError("no more processes")

    monkeypatch.setattr(workers.subprocess, "Popen", refused)
    assert "orders.parquet" in made(alike(tmp_path, SOUND)[0])
    assert len(opened) == len(SOUND)


def begins():
    """Begins to write, and is never done."""
    _, kept = pickle.load(sys.stdin.buffer)
    kept.folder.mkdir(parents=True, exist_ok=True)
    (kept.folder / "writing-x").mkdir()
    print(flush=True)
    time.sleep(600)


def test_an_interrupted_check_leaves_no_process_and_nothing_half_written(tmp_path, monkeypatch, two):
    here = alike(tmp_path, SOUND)[0]

    def interrupted(*_):
        while not list((here / ".cache" / store.FILES).glob("writing-*")):
            time.sleep(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr(workers, "ENTRY", f"{__name__}.begins")
    monkeypatch.setattr(reader, "anew", interrupted)
    with pytest.raises(KeyboardInterrupt):
        made(here)
    assert [worker.poll() is None for worker in two] == [False]
    assert list((here / ".cache").rglob("writing-*")) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no file on this system that is never read to its end")
def test_a_worker_ends_with_whoever_hired_it_whatever_it_is_doing(tmp_path):
    here = client(tmp_path, {})
    os.mkfifo(tmp_path / "endless.csv")
    with subprocess.Popen(**workers.python(workers.ENTRY), stdin=subprocess.PIPE) as worker:
        for told in ((here, Kept(tmp_path / "kept")), Source(tmp_path / "endless.csv", "endless.csv", "endless.csv")):
            pickle.dump(told, worker.stdin)
        worker.stdin.flush()
        with (tmp_path / "endless.csv").open("wb"):  # opened as soon as it is being read
            worker.stdin.close()
            assert worker.wait(20) == 0


MB = 1_000_000


@pytest.mark.parametrize(
    ("sizes", "cores", "wanted"),
    [
        ([35 * MB / 50] * 50, 2, 1),
        ([35 * MB / 50] * 50, 16, 3),
        ([MB] * 3, 16, 0),
        ([35 * MB] * 2, 16, 1),
        ([35 * MB] * 50, 1, 0),
        ([100 * MB] * 50, 16, 1),
        ([200 * MB, *[MB] * 50], 16, 0),
        ([], 16, 0),
    ],
    ids=["two cores", "many cores", "little to read", "two files", "one core", "large files", "a huge one", "none"],
)
def test_there_are_as_many_workers_as_cores_files_and_memory_allow(monkeypatch, sizes, cores, wanted):
    monkeypatch.setattr(workers, "_cores", lambda: cores)
    assert workers._wanted(list(map(int, sizes))) == wanted


def test_an_archive_counts_as_what_is_packed_in_it_and_a_file_that_is_gone_as_nothing(tmp_path):
    for name in ("a.csv", "a.zip", "A.XLSX"):
        (tmp_path / name).write_bytes(b"x" * 10)
    assert [workers.size(tmp_path / n) for n in ("a.csv", "a.zip", "A.XLSX", "b.csv")] == [10, 100, 100, 0]


def test_a_worker_does_not_run_the_program_that_hired_it(tmp_path):
    """Multiprocessing would: a notebook or a script without a guard would read itself once more."""
    here = alike(tmp_path, SOUND)[0]
    tests = os.path.dirname(__file__)
    program = tmp_path / "program.py"
    program.write_text(
        f"import sys; sys.path[:0] = [{tests!r}, {os.path.dirname(tests)!r}]\n"
        "from pathlib import Path\nfrom making import client\nfrom kit import store\nfrom kit.exports import workers\n"
        "workers.WORTH, workers._cores = 1, lambda: 2\n"
        f"print(len(store.load(client(Path({str(here)!r}))).get('orders')))\n",
        encoding="utf-8",
    )
    ran = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=120)
    assert (ran.stdout.split(), ran.stderr) == (["6"], "")
