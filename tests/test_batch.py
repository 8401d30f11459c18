"""Many clients at once, really built: what fails takes nothing with it, and the end says what is to be done."""

import contextlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import nbformat
import nbformat.v4 as v4
import pytest
from built import project

from kit import batch, committing, durations, going, graph, loading, report, stale
from kit.deliver import pack, parts
from kit.errors import KitError
from kit.pool import Pool

pytestmark = pytest.mark.build

CONFIG = """name = "{name}"
agency = "Agency"
[shops.tmall]
platform = "tmall"
name = "{name} shop"
[market]
category = "精华"
brand = ["{name}"]
"""
LISTINGS = "采集日期,品牌,商品ID,商品标题,页面价,累计销量\n"
SHOW = 'report.show(rivals.show(rivals.analyse(report["listings"], report.market.brand, *report.days)))'
AFTER = 'found = report.other("market")\nassert found["client"] == report.client.slug'


def notebook(path, report, *sources):
    opening = f'from kit import display\nfrom kit.analyses import rivals\nreport = display.start("{report}", client, period)\nreport'
    cells = [v4.new_code_cell('client = ""\nperiod = ""', metadata={"tags": ["parameters"]})]
    cells += [v4.new_markdown_cell("# 看市场\n\n一句话", metadata={"kit": {"locale": "zh"}})]
    cells += [v4.new_code_cell(source) for source in (opening, *sources)]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(v4.new_notebook(cells=cells), path)


def client(root, slug, canary="", market=SHOW):
    folder = root / "data" / slug
    (folder / "exports").mkdir(parents=True)
    (folder / "client.toml").write_text(CONFIG.format(name=slug + canary), encoding="utf-8")
    rows = [f"2024-11-{d},{slug}{canary},{n},{canary}精华,{10 + n},{100 * d}\n" for d in (5, 30) for n in (1, 2, 3)]
    (folder / "exports" / "a.csv").write_text(LISTINGS + "".join(rows), encoding="utf-8")
    if market != SHOW:
        notebook(folder / "notebooks" / "market.ipynb", "market", market)
    return folder


def begun(folder):
    """A project of a market and a summary, and as yet of no client."""
    made = project(folder)
    for path in (made.root / "notebooks").glob("*.ipynb"):
        path.unlink()
    notebook(made.root / "notebooks" / "market.ipynb", "market", SHOW)
    notebook(made.root / "notebooks" / "summary.ipynb", "summary", AFTER, SHOW)
    return made


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Six clients: three in order, one with a broken file, one whose notebook hangs, one whose kernel is killed."""
    made = begun(tmp_path_factory.mktemp("many"))
    for slug in ("acme", "beta", "gamma"):
        client(made.root, slug, f"canary{slug}")
    broken = client(made.root, "broken")
    (broken / "exports" / "a.csv").write_text(LISTINGS + "2024-11-05,broken,1,精华,十元,5\n", encoding="utf-8")
    client(made.root, "hangs", market="import time\ntime.sleep(600)")
    client(made.root, "killed", market="import os, signal\nos.kill(int(os.environ['JPY_PARENT_PID']), signal.SIGKILL)")
    return made


CLIENTS = "acme,beta,gamma,broken,hangs,killed"


@pytest.fixture(scope="module")
def under_way(many):
    """All of them being built, which is mostly waiting for the one that hangs: there is time for another test."""
    limits = {"KIT_REPORT_TIMEOUT": "30", "KIT_LOCALE": "en"}
    with ThreadPoolExecutor(1) as beside:
        yield beside.submit(many.kit, "reports", "--clients", CLIENTS, **limits)


@pytest.fixture(scope="module")
def told(under_way):
    return under_way.result()


def lines(result, start):
    return [line for line in result.stdout.splitlines() if line.startswith(start)]


@pytest.mark.usefixtures("under_way")
def test_kernels_and_processes_forked_waiting_or_started_the_ordinary_way_make_the_same_bytes(tmp_path):
    one = begun(tmp_path)
    client(one.root, "acme")

    def made(**environment):
        asked = ("--report", "market,summary", "--force", "--locale", "en", "--workers", "1")
        result = one.kit("report", "acme", *asked, **environment)
        assert result.returncode == 0, result.stdout + result.stderr
        return {p.name: p.read_bytes() for p in (one.root / "output" / "acme").rglob("*") if p.is_file()}

    expected = made(KIT_FORKS="kit-nobody")  # a server that is gone: nothing waits
    assert made(KIT_FORKS="no") == expected
    assert made() == expected


def test_all_that_can_be_built_is_built(many, told):
    assert told.returncode == 1
    for slug in ("acme", "beta", "gamma"):
        (folder,) = (many.root / "output" / slug).glob("2024*")
        assert {"market.en.pdf", "summary.en.pdf", "pack.en.pdf", "manifest.json"} <= {p.name for p in folder.iterdir()}
        reports = set(json.loads((folder / "manifest.json").read_bytes())["reports"])
        assert reports == {"market.en", "summary.en", "pack.en"}
    assert [re.sub(r"\d+\.\d", "n", line) for line in lines(told, "acme")] == [
        "acme  market: built (n s)",
        "acme  summary: built (n s)",
        "acme  pack: built (n s)",
    ]


def test_the_end_says_what_is_to_be_done_for_the_rest(told):
    said = told.stdout[told.stdout.index("Built: 9.") :]
    assert said.startswith("Built: 9. Set again: 0. Unchanged: 0. Failed: 9\n")
    assert "broken  market, summary and pack: data/broken/exports/a.csv" in said
    assert "hangs  market: It ran past the time limit (30 seconds)" in said
    assert "killed  market: Its process was ended from outside" in said
    for slug in ("hangs", "killed"):
        assert f"{slug}  summary: summary was not built, since it is made from market, which failed" in said
        assert f"{slug}  pack: pack was not built, since it is made from market, summary, which failed" in said
    assert "Traceback" not in told.stdout + told.stderr


def index(many, slug):
    return (many.root / "output" / slug / "index.html").read_text(encoding="utf-8")


def test_each_client_has_an_index_of_what_was_built_and_what_failed(many, told):
    assert index(many, "acme").count('.en.html"') == 2 and "上次生成失败" not in index(many, "acme")
    for slug in ("hangs", "killed"):
        assert index(many, slug).count("上次生成失败") == 1  # its market; the summary was not begun
    assert not (many.root / "output" / "broken" / "index.html").exists()


def test_no_client_is_in_anothers_files(many, told):
    for slug in ("acme", "beta", "gamma"):
        others = [f"canary{other}".encode() for other in ("acme", "beta", "gamma") if other != slug]
        for path in [*(many.root / "output" / slug).rglob("*"), *(many.root / "data" / slug / ".cache").rglob("*")]:
            if path.is_file():
                assert not [canary for canary in others if canary in path.read_bytes()], path


def test_faulty_data_are_named_once_however_often_they_are_seen(many, told):
    again = many.kit("reports", "--clients", "broken", KIT_LOCALE="en")
    assert again.returncode == 1
    said = again.stdout[again.stdout.index("Built: 0.") :]
    assert said.count("data/broken/exports/a.csv") == 1 and "—" not in said


def nobody():
    """A client on its way of which nothing is known."""
    one = going.Going(going.Order("nobody", locales=("zh",)), contextlib.ExitStack())
    one.failed, one.outcomes = {}, []
    return one


@pytest.mark.parametrize(
    ("known", "stale", "loads"),
    [
        (False, [], [loading.APART, loading.APART, loading.QUOTED, loading.PACK]),
        (True, ["market"], [loading.APART, loading.PAGES, loading.QUOTED, loading.PACK]),
        (True, [], [loading.PAGES, loading.PAGES, loading.QUOTED, loading.PACK]),
    ],
    ids=["before the data are read", "one to be run", "one that waits for what is set again"],
)
def test_what_is_to_come_loads_what_it_will_need(monkeypatch, known, stale, loads):
    monkeypatch.setattr(report, "due", lambda client, name, *_: SimpleNamespace(run=[n for n in stale if n == name]))
    one = nobody()
    here = object() if known else None
    vars(one).update(client=object(), data=here, period=here, waiting=["market", "review", "summary", "pack"])
    assert list(one.coming()) == loads


def test_the_next_build_goes_on_from_there(many, told):
    slept = many.root / "data" / "hangs" / "notebooks" / "market.ipynb"
    slept.unlink()
    before = (many.root / "output" / "acme" / "index.html").stat()
    result = many.kit("reports", "--clients", "acme,hangs", KIT_LOCALE="en")
    assert result.returncode == 0, result.stdout + result.stderr
    assert lines(result, "acme") == ["acme  market: unchanged", "acme  summary: unchanged", "acme  pack: unchanged"]
    assert lines(result, "Built") == ["Built: 3. Set again: 0. Unchanged: 3. Failed: 0"]
    after = (many.root / "output" / "acme" / "index.html").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert "上次生成失败" not in index(many, "hangs")


def test_a_report_is_stale_when_one_it_is_made_from_says_something_else(many, told):
    path = many.root / "data" / "beta" / "exports" / "a.csv"
    path.write_text(path.read_text(encoding="utf-8") + "2024-11-30,rival,9,精华,99,50\n", encoding="utf-8")
    result = many.kit("report", "beta", "--report", "summary", "--locale", "en", "--explain")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "market: run again, since table competitor listings changed" in result.stdout
    assert "summary: run again, since table competitor listings changed and report market changed" in result.stdout


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        (["market"], ["market"]),
        (["summary"], ["market", "review", "risk", "swot", "summary"]),
        (["swot", "market"], ["market", "review", "swot"]),
        (["pack"], ["market", "review", "risk", "swot", "summary", "pack"]),
    ],
)
def test_what_is_asked_for_brings_what_it_is_made_from(asked, order):
    assert graph.wanted(asked, ["market", "review", "risk", "summary", "swot", "pack"]) == order


@pytest.mark.parametrize(
    ("client", "name", "seconds"),
    [("a", "review", 20.0), ("c", "review", 30.0), ("a", "market", float("inf")), ("a", going.READ, float("inf"))],
    ids=["its own last time", "else another client's longest", "never built", "data are read first"],
)
def test_the_longest_is_begun_first(client, name, seconds):
    assert durations.expected({"review": {"a": 20.0, "b": 30.0}}, client, name) == seconds


def test_of_reports_that_were_never_built_the_one_with_the_longer_notebook_is_begun_first(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "notebook", lambda client, name: tmp_path / f"{name}.ipynb")
    for name, size in (("abtest", 10), ("market", 20), ("review", 30)):
        (tmp_path / f"{name}.ipynb").write_bytes(b"x" * size)
    one = nobody()
    one.client = object()
    assert sorted(["abtest", "market", "review"], key=one.length) == ["abtest", "market", "review"]
    assert one.length(going.READ) == one.length(graph.PACK) == 0


def test_what_has_nothing_to_do_begins_no_process_whatever_it_is_made_from(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "has_subject", lambda *_: True)
    monkeypatch.setattr(report, "unchanged", lambda *_: report.Built(()))
    monkeypatch.setattr(stale, "folder_of", lambda *_: tmp_path)
    monkeypatch.setattr(parts, "there", lambda *_: ["market"])
    monkeypatch.setattr(pack, "unchanged", lambda *_: report.Built(()))
    one = nobody()
    vars(one).update(client=object(), data=object(), period=object(), waiting=["market", "swot", "summary", "pack"])
    assert [outcome.report for outcome in one.settled()] == ["market", "swot", "summary", "pack"]
    assert one.ready() == []


def test_a_folder_that_cannot_be_written_fails_what_was_built_in_it_and_stops_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "unchanged", lambda *_: report.Built(()))
    monkeypatch.setattr(stale, "folder_of", lambda *_: tmp_path)
    one = nobody()
    vars(one).update(client=object(), data=object(), period=object(), making={"market"}, waiting=["review", "summary"])
    (tmp_path / ".manifest.json").mkdir()  # nothing can be written there
    one.ended("market", "done", report.Built(()), 1.0)
    (tmp_path / "review.failed.json").mkdir()  # nor be removed
    told = {outcome.report: [p.id for p in outcome.error.problems] for outcome in one.settled()}
    assert told == {"market": ["e.output.write"], "review": ["e.output.write"], "summary": ["e.report.before"]}


def test_a_client_is_locked_as_long_as_anything_of_it_is_being_made(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    client(tmp_path, "acme")
    notebook(tmp_path / "notebooks" / "market.ipynb", "market", SHOW)

    class Interrupted(Pool):
        def start(self, *_):
            raise KeyboardInterrupt

        def __exit__(self, *said):
            with pytest.raises(KitError, match=r"e\.output\.locked"), committing.locked("acme"):
                pass
            super().__exit__(*said)

    monkeypatch.setattr(batch, "Pool", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(batch.build([batch.Order("acme")], 1, print))
    with committing.locked("acme"):
        pass


def test_a_report_is_looked_at_once_however_much_is_heard_of_others(monkeypatch):
    looked = []
    monkeypatch.setattr(report, "unchanged", lambda client, name, *_: looked.append(name))
    monkeypatch.setattr(report, "has_subject", lambda *_: True)
    one = nobody()
    one.client = one.data = one.period = object()
    one.waiting = ["market", "review", "summary"]
    for _ in range(3):
        one.settled()
    assert looked == ["market", "review"]
    one.waiting = ["summary"]
    one.settled()
    assert looked == ["market", "review", "summary"]
