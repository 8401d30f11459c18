"""A client's tables read once for its kernels: found there, by nobody else, and only as they were written."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from making import COUNTER, client
from test_execute import project, run  # noqa: F401  (a fixture)
from test_forks import BOTH, alive, alone, asked, serving, wait_for  # noqa: F401  (a fixture among them)

from kit import execute, forks, going, pool, report, store

pytestmark = pytest.mark.skipif(not forks.possible(), reason="processes are forked on Linux only")

# ---- what is done in a forked process: found by name there, so it stands at the top of a module ------------------


def held():
    """Whose tables this process was begun with, by what they say, and who forked it."""
    return [sorted({str(brand) for frame in store._held.values() for brand in frame["brand"]}), os.getppid()]


def loaded():
    return [name for name in ("slow",) if name in sys.modules]


def queried():
    """The rows of what is held, and of a query in this process."""
    from kit.exports import parquet

    [frame] = store._held.values()
    with parquet.connection() as con:
        return [len(frame), con.execute("SELECT count(*) FROM frame").fetchone()[0]]


# ---- rules -------------------------------------------------------------------------------------------------------


def data(folder, slug):
    """The store of a client whose every row names it."""
    rows = COUNTER.replace("甲\n", f"{slug}\n").replace("乙\n", f"{slug}\n")
    return store.load(client(folder / slug, {"exports/a.csv": rows}))


def hold(server, found, apart):
    return server.hold(found.folder.parents[1].name, found.folder, {"listings": found.tables["listings"]}, apart)


@pytest.fixture
def server(alone, tmp_path):  # noqa: F811
    with serving(tmp_path / "left", "kit.forks") as started:
        yield started


def test_no_client_is_forked_from_what_held_anothers_tables(server, tmp_path):
    for slug in ("acme", "beta"):
        hold(server, data(tmp_path, slug), apart=True)
    wait_for(lambda: all(asked(held, of=slug)[1] != server.process.pid for slug in ("acme", "beta")))
    assert [asked(held, of=slug)[0] for slug in ("acme", "beta", "gamma", "")] == [["acme"], ["beta"], [], []]


def test_where_there_is_no_other_client_no_further_server_is_needed(server, tmp_path):
    hold(server, data(tmp_path, "acme"), apart=False)
    wait_for(lambda: asked(held, of="acme") == [["acme"], server.process.pid])
    hold(server, data(tmp_path, "beta"), apart=False)
    assert asked(held, of="beta")[0] == ["acme"], "of a second one nothing is read there"


def test_of_a_client_nothing_is_forked_before_the_first_modules_are_there(alone, tmp_path, monkeypatch):  # noqa: F811
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(2)")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, sys.path)]))
    found = data(tmp_path, "acme")
    with serving(tmp_path / "left") as server:
        hold(server, found, apart=False)
        server.load(["kit.forks", "slow"])
        assert asked(loaded, of="acme") == ["slow"]


def test_a_process_that_finds_tables_read_can_query_as_any_other(server, tmp_path):
    hold(server, data(tmp_path, "acme"), apart=False)
    wait_for(lambda: asked(held, of="acme")[0] == ["acme"])
    assert asked(queried, of="acme") == [3, 3]


def test_when_a_client_is_done_its_server_ends_and_others_stay(server, tmp_path):
    done, _ = [hold(server, data(tmp_path, slug), apart=True) for slug in ("acme", "beta")]
    wait_for(lambda: all(asked(held, of=slug)[1] != server.process.pid for slug in ("acme", "beta")))
    acme, beta = (asked(held, of=slug)[1] for slug in ("acme", "beta"))
    done()
    wait_for(lambda: not alive(acme))
    assert alive(beta) and asked(held, of="acme") == [[], server.process.pid]
    server.stop()
    assert not alive(beta)


def test_one_that_was_killed_is_done_without(server, tmp_path):
    hold(server, data(tmp_path, "acme"), apart=True)
    wait_for(lambda: asked(held, of="acme")[1] != server.process.pid)
    os.kill(asked(held, of="acme")[1], 9)
    wait_for(lambda: asked(held, of="acme") == [[], server.process.pid])


SCRIPT = """
import sys, time
from pathlib import Path
from kit import forks
import test_forks, test_held
server = forks.Server({}, Path(sys.argv[2]))
server.start()
server.load(["kit.forks"])
test_held.hold(server, test_held.data(Path(sys.argv[2]).parent, "acme"), apart=True)
test_forks.wait_for(lambda: test_forks.asked(test_held.held, of="acme")[1] != server.process.pid)
children = [forks.fork(test_forks.hang, sys.argv[1] + of, path=sys.path, of=of) for of in ("", "acme")]
time.sleep(600)
"""


def test_when_whoever_began_it_is_killed_nothing_is_left(alone, tmp_path):  # noqa: F811
    folder = tmp_path / "left"
    folder.mkdir()
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}
    ours = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path / "told"), str(folder)], env=environment)
    notes = [tmp_path / "told", tmp_path / "toldacme"]
    wait_for(lambda: all(note.exists() and note.read_text(encoding="utf-8").count(" ") == 2 for note in notes))
    running = [int(number) for note in notes for number in note.read_text(encoding="utf-8").split()]
    assert len(set(running)) == 6 and all(map(alive, running))
    ours.kill()
    ours.wait(20)
    wait_for(lambda: not any(map(alive, running)) and not folder.exists())


@pytest.fixture
def found(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_held", {})
    return data(tmp_path, "acme")


def kept(found, digest=""):
    """Hold the table, and whether it is."""
    store.hold(str(found.folder), "listings", digest or found.tables["listings"])
    return bool(store._held)


def test_what_is_held_is_given_as_if_it_were_read_and_noted_the_same(found, tmp_path, monkeypatch):
    monkeypatch.setenv(store.READS, str(tmp_path / "reads"))
    read = found.get("listings")
    assert kept(found)
    shutil.move(found.folder / "listings.parquet", tmp_path)
    again = store.Store(found.folder, {**vars(found), "problems": []})
    given = again.get("listings")
    assert given.equals(read) and list(given.dtypes) == list(read.dtypes)
    given.loc[:, "brand"] = "spoiled"
    assert again.get("listings").equals(read)
    assert again.used == found.used
    assert len(set((tmp_path / "reads").read_text(encoding="utf-8").splitlines())) == 1


def test_only_what_was_written_is_held(found):
    assert not kept(found, "another's hash")
    path = found.folder / "listings.parquet"
    path.write_bytes(path.read_bytes() + b"x")
    assert not kept(found)


def test_another_hash_or_folder_is_read(found, tmp_path):
    assert kept(found)
    other = data(tmp_path, "beta")
    assert set(other.get("listings")["brand"]) == {"beta"}
    changed = store.Store(found.folder, {**vars(found), "problems": [], "tables": {"listings": "new"}})
    (found.folder / "listings.parquet").write_bytes((other.folder / "listings.parquet").read_bytes())
    assert set(changed.get("listings")["brand"]) == {"beta"}


@pytest.mark.parametrize(
    ("large", "free", "is_held"), [(2**20, 2**30, True), (2**10, 2**30, False), (2**20, 2**13, False)]
)
def test_what_takes_too_much_memory_is_not_held(found, monkeypatch, large, free, is_held):
    monkeypatch.setattr(store, "LARGE", large)
    monkeypatch.setattr(store, "_available", lambda: free)
    assert kept(found) == is_held


def test_what_several_notebooks_read_is_held_until_the_client_is_done(monkeypatch, tmp_path):
    reads = {"market": ["listings", "shop_daily"], "review": ["shop_daily", "orders"], "campaign": ["orders"]}
    monkeypatch.setattr(report, "reads", lambda client, name: reads.get(name, []))
    monkeypatch.setattr(report, "due", lambda client, name, *_: SimpleNamespace(run=name != "campaign"))
    calls = []

    def asked_to(*said):
        calls.append(said)
        return lambda: calls.append("done")

    one = going.Going(going.Order("no_such_client"), contextlib.ExitStack())
    found = SimpleNamespace(folder=tmp_path, tables={"shop_daily": "a", "orders": "b", "listings": "c"})
    vars(one).update(client=SimpleNamespace(slug="acme", locale="zh"), data=found, period="", making={"review"})
    one.waiting = ["market", "campaign", "summary"]
    one.period = object()
    for _ in range(2):
        one.hold(SimpleNamespace(hold=asked_to), apart=True)
    assert calls == [("acme", tmp_path, {"shop_daily": "a"}, True)]
    one.lock.close()
    assert calls[1:] == ["done"]


def test_a_pool_has_the_server_of_kernels_hold_them(alone, tmp_path):  # noqa: F811
    with pool.Pool(1, 60) as begun:
        begun.load(["kit.forks"], kernels=[["kit.forks"]])
        found = data(tmp_path, "acme")
        begun.hold("acme", found.folder, found.tables, apart=False)
        wait_for(lambda: asked(held, of="acme", at=BOTH)[0] == ["acme"])
        assert asked(held, of="acme")[0] == []


@pytest.mark.skipif(not execute._provisioner(), reason="not an environment installed since its entry points name it")
def test_a_kernel_finds_the_tables_of_its_client(server, project, tmp_path):  # noqa: F811
    hold(server, data(tmp_path, "acme"), apart=True)
    wait_for(lambda: asked(held, of="acme")[1] != server.process.pid)
    nb, _ = run(project, "from kit import store", "[name for _, name, _ in store._held]")
    assert nb.cells[-1].outputs[-1].data["text/plain"] == "['listings']"
