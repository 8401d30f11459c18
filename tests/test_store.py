"""The store: read once, cached by what made it, whole or absent."""

import datetime as dt
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from making import COMPASS, COUNTER, OVERVIEW, client, xlsx

from kit import digests as hashing
from kit import store
from kit.errors import KitError
from kit.exports.folder import sources

MARKET = "月份,类目,成交金额(元)\n2016-10,精华,100\n2016-11,精华,120\n"


def digests(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def made(folder):
    return sorted(p.name for p in (folder / ".cache").iterdir() if p.is_dir() and p.name != store.FILES)


@pytest.fixture
def here(tmp_path):
    return client(tmp_path, {"exports/a.csv": COUNTER, "exports/m.csv": MARKET})


def test_a_table_comes_back_as_it_was_read(here):
    from kit.exports.reader import read

    pd.testing.assert_frame_equal(store.load(here).get("listings"), read(here).tables["listings"])


def test_what_is_done_to_a_table_stays_with_whoever_asked_for_it(here):
    data = store.load(here)
    spoiled = data.get("listings")
    spoiled["price_page"] = -1.0
    spoiled.loc[:, "brand"] = "spoiled"
    pd.testing.assert_frame_equal(data.get("listings"), store.load(here).get("listings"))


def test_what_was_asked_for_is_recorded_with_its_hash_or_its_absence(here):
    found = store.load(here)
    assert found.used == {}
    found.get("listings")
    assert found.get("shop_daily") is None
    parquet = (found.folder / "listings.parquet").read_bytes()
    assert found.used == {"listings": hashlib.sha256(parquet).hexdigest(), "shop_daily": "absent"}


def test_a_table_that_does_not_exist_is_a_slip_of_ours(here):
    with pytest.raises(KeyError, match="listing"):
        store.load(here).get("listing")


def test_the_span_covers_all_tables_and_a_month_counts_to_its_end(here):
    found = store.load(here)
    assert found.span() == (dt.date(2016, 10, 1), dt.date(2016, 11, 30))
    assert found.cutoff == dt.date(2016, 11, 30)


def test_an_empty_folder_is_no_fault_but_said(tmp_path):
    found = store.load(client(tmp_path))
    assert (found.span(), found.cutoff, found.ledger) == (None, None, [])
    assert [(p.id, p.warning) for p in found.problems] == [("e.nothing", True)]


def test_unchanged_data_are_not_read_again(here, monkeypatch):
    first = store.load(here)
    monkeypatch.setattr("kit.exports.reader.read", lambda *given: pytest.fail("read again"))
    again = store.load(here)
    assert again.ledger == first.ledger
    assert again.folder == first.folder


@pytest.mark.parametrize(
    "change",
    [
        lambda c: (c.folder / "exports" / "a.csv").write_text(COUNTER.replace("99", "98"), encoding="utf-8"),
        lambda c: (c.folder / "exports" / "m.csv").unlink(),
        lambda c: (c.folder / "edits.csv").write_text("finding,action\nmarket.size,hide\n", encoding="utf-8"),
    ],
    ids=["changed", "removed", "added"],
)
def test_changed_data_are_read_again(here, change):
    before = store.load(here).folder
    change(here)
    assert store.load(here).folder != before


def test_another_statement_about_a_file_is_read_again(here):
    before = store.load(here).folder
    stated = client(here.folder, files={"exports/a.csv": {"table": "listings"}})
    assert store.load(stated).folder != before


def test_the_same_inputs_give_the_same_bytes(here, tmp_path):
    first = digests(store.load(here).folder)
    twin = client(tmp_path / "twin", {"exports/a.csv": COUNTER, "exports/m.csv": MARKET})
    assert digests(store.load(twin).folder) == first


@pytest.mark.parametrize("name", ["ledger.json", "listings.parquet"])
@pytest.mark.parametrize(
    "harm", [lambda p: p.unlink(), lambda p: p.write_bytes(p.read_bytes()[:-9]), lambda p: p.write_text("{}")]
)
def test_a_damaged_cache_is_made_again(here, name, harm):
    first = store.load(here)
    before = digests(first.folder)
    harm(first.folder / name)
    assert digests(store.load(here).folder) == before


def test_faulty_data_tell_everything_and_give_no_table(tmp_path, monkeypatch):
    here = client(
        tmp_path,
        {
            "exports/a.csv": COUNTER.replace("99", "贵"),
            "exports/b.csv": "x,y\n",
            "edits.csv": "finding,action\nx,hide\n",
        },
    )
    with pytest.raises(KitError, match=r"e\.value.*e\.unknown") as caught:
        store.load(here)
    monkeypatch.setattr("kit.exports.reader.read", lambda *given: pytest.fail("read again"))
    again = store.inspect(here)
    assert again.problems == list(caught.value.problems)
    assert [p.name for p in again.folder.glob("*.parquet")] == []
    assert again.coverage == []


def test_warnings_are_kept_with_the_cache(tmp_path, monkeypatch):
    here = client(tmp_path, {"exports/a.csv": "日期,支付金额,下单买家数,支付买家数\n2024-11-01,1,1,5\n"})
    first = store.inspect(here).problems
    monkeypatch.setattr("kit.exports.reader.read", lambda *given: pytest.fail("read again"))
    assert [(p.id, dict(p.args)) for p in store.inspect(here).problems] == [(p.id, dict(p.args)) for p in first]
    assert [p.id for p in first] == ["e.warn.pay_over_order"]


def test_earlier_caches_are_kept_for_open_notebooks_and_no_more(here):
    for price in range(6):
        (here.folder / "exports" / "a.csv").write_text(COUNTER.replace("99", str(price)), encoding="utf-8")
        newest = store.load(here).folder.name
    assert len(made(here.folder)) == store.KEPT
    assert newest in made(here.folder)


def test_a_cache_removed_under_an_open_report_is_told(here):
    found = store.load(here)
    (found.folder / "listings.parquet").unlink()
    with pytest.raises(KitError, match=r"e\.store\.gone"):
        found.get("listings")


def test_files_that_change_while_they_are_read_are_told(here, monkeypatch):
    keys = iter(["one", "two"])
    monkeypatch.setattr(hashing, "key", lambda *given: next(keys))
    with pytest.raises(KitError, match=r"e\.store\.changed"):
        store.load(here)
    assert made(here.folder) == []


def test_a_library_that_fails_to_write_is_not_quoted(here, monkeypatch):
    def broken():
        import duckdb

        raise duckdb.Error("the whole row: 13812345678")

    monkeypatch.setattr("kit.exports.parquet.connection", broken)
    with pytest.raises(KitError, match=r"e\.store\.write") as caught:
        store.load(here)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__
    assert "138" not in str(caught.value)
    assert caught.value.problems[0].args == {"folder": str(here.folder / ".cache" / "files")}  # it was there before


def test_coverage_says_what_there_is_per_table_and_shop(tmp_path):
    files = {"exports/tm/a.xlsx": xlsx({"x": OVERVIEW}), "exports/dy/b.csv": COMPASS}
    here = client(tmp_path, files, {"tm": "tmall", "dy": "douyin"})
    assert [
        (c["table"], c["shop"], c["start"], c["end"], c["rows"], c["months"]) for c in store.load(here).coverage
    ] == [
        ("shop_daily", "dy", "2024-11-01", "2024-11-01", 1, {"2024-11": 1}),
        ("shop_daily", "tm", "2024-11-01", "2024-11-02", 2, {"2024-11": 2}),
    ]


def test_no_personal_data_reach_the_cache(tmp_path):
    text = "采集日期,商品ID,商品标题,店铺名称,页面价,掌柜旺旺\n2024-11-05,1,面霜 13812345678,甲,9,某某旺旺\n"
    here = client(tmp_path, {"exports/a.csv": text})
    frame = store.load(here).get("listings")
    everything = b"".join(p.read_bytes() for p in (tmp_path / ".cache").rglob("*") if p.is_file())
    everything += repr(frame.to_dict()).encode()
    assert b"13812345678" not in everything
    assert "某某旺旺".encode() not in everything


START = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from making import client
from kit import store
here = client(Path(sys.argv[1]))
"""


def another_process(here, code):
    tests = Path(__file__).parent
    command = [sys.executable, "-c", START + code, str(here.folder), str(tests)]
    environment = {**os.environ, "PYTHONPATH": str(tests.parent)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_two_processes_may_read_one_client(here):
    code = "s = store.load(here); print(len(s.get('listings')), s.folder.name)"
    running = [another_process(here, code) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert said[0] == said[1] and said[0].startswith("3 ")


def test_opening_a_cache_imports_neither_pandas_nor_duckdb(here):
    store.load(here)
    process = another_process(here, "store.inspect(here); print({'pandas', 'duckdb'} & set(sys.modules))")
    assert process.communicate(timeout=60)[0].strip() == "set()"


@pytest.mark.parametrize(("large", "loaded"), [(10, [("pandas", "duckdb")]), (10**9, [])])
def test_while_a_large_file_is_hashed_libraries_load(here, monkeypatch, large, loaded):
    asked = []
    monkeypatch.setattr(hashing, "LARGE", large)
    monkeypatch.setattr(hashing.loading, "ahead", asked.append)
    (source, *_), _ = sources(here)
    assert len(hashing.Digests(here.folder)(source)) == 64
    assert asked == loaded
