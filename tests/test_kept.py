"""What was read from a file is kept: adding one reads one, and what is damaged is read anew."""

import os
import shutil

import pandas as pd
import pytest
from making import client

from kit import digests, store
from kit.exports import kept, reader

ORDERS = "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间,买家会员名\n{n},9,9,2024-11-{n:02d} 10:00:00,2024-11-{n:02d} 10:01:00,甲\n"


def files(*numbers):
    return {f"exports/{n}.csv": ORDERS.format(n=n) for n in numbers}


@pytest.fixture
def opened(monkeypatch):
    """The files that are read from their bytes."""
    seen = []
    original = reader.files.content
    monkeypatch.setattr(reader.files, "content", lambda path, shown: (seen.append(path.name), original(path, shown))[1])
    return seen


def orders(found):
    return found.get("orders")["order_id"].tolist()


def test_adding_a_file_reads_one_file(tmp_path, opened):
    store.load(client(tmp_path, files(1, 2)))
    assert opened == ["1.csv", "2.csv"]
    found = store.load(client(tmp_path, files(3)))
    assert (opened, orders(found)) == (["1.csv", "2.csv", "3.csv"], ["1", "2", "3"])


def test_a_removed_file_is_gone_and_forgotten(tmp_path, opened):
    here = client(tmp_path, files(1, 2))
    store.load(here)
    (tmp_path / "exports" / "1.csv").unlink()
    assert orders(store.load(here)) == ["2"]
    assert len(list((tmp_path / ".cache" / store.FILES).iterdir())) == 1


def test_what_was_kept_gives_what_reading_gave(tmp_path):
    here = client(tmp_path, files(1, 2))
    first = store.load(here)
    before, told = first.get("orders"), (first.ledger, first.problems)
    for folder in (tmp_path / ".cache").iterdir():
        if folder.is_dir() and folder.name != store.FILES:
            shutil.rmtree(folder)
    again = store.load(here)
    pd.testing.assert_frame_equal(again.get("orders"), before)
    assert (again.ledger, again.problems) == told


@pytest.mark.parametrize("name", ["0.parquet", kept.NOTE])
@pytest.mark.parametrize(
    "harm", [lambda p: p.unlink(), lambda p: p.write_bytes(p.read_bytes()[:-9])], ids=["gone", "cut"]
)
def test_a_damaged_file_of_the_cache_is_read_anew(tmp_path, opened, name, harm):
    store.load(client(tmp_path, files(1)))
    (folder,) = (tmp_path / ".cache" / store.FILES).iterdir()
    harm(folder / name)
    assert orders(store.load(client(tmp_path, files(2)))) == ["1", "2"]
    assert sorted(opened) == ["1.csv", "1.csv", "2.csv"]


@pytest.mark.parametrize(
    "settings",
    [{"timezone": "Asia/Tokyo"}, {"exports": {"na": ["x"]}}, {"files": {"exports/1.csv": {"table": "orders"}}}],
    ids=["time zone", "literals", "the file itself"],
)
def test_settings_that_decide_how_a_file_is_read_read_it_anew(tmp_path, opened, settings):
    store.load(client(tmp_path, files(1)))
    store.load(client(tmp_path, {}, None, **settings))
    assert opened == ["1.csv", "1.csv"]


def test_what_decides_only_how_files_are_put_together_reads_none(tmp_path, opened):
    store.load(client(tmp_path, files(1)))
    first = store.load(client(tmp_path, {}, None, exports={"prefer": ["exports/1.csv"]}))
    assert (opened, orders(first)) == (["1.csv"], ["1"])


def test_a_faulty_file_is_told_again_without_being_read(tmp_path, opened):
    here = client(tmp_path, {"exports/1.csv": ORDERS.format(n=1).replace(",9,9,", ",贵,9,")})
    first = [(p.id, dict(p.args)) for p in store.inspect(here).problems]
    again = store.inspect(client(tmp_path, files(2)))
    assert [(p.id, dict(p.args)) for p in again.problems] == first
    assert opened == ["1.csv", "2.csv"]


def test_another_secret_makes_other_keys(tmp_path, opened):
    here = client(tmp_path, files(1))
    first = store.load(here).get("orders")["buyer_key"].tolist()
    assert store.load(here).get("orders")["buyer_key"].tolist() == first
    (tmp_path / ".secret").unlink()
    assert store.load(here).get("orders")["buyer_key"].tolist() != first
    assert opened == ["1.csv", "1.csv"]


# ---- hashes ---------------------------------------------------------------------------------------------------


def test_a_file_is_hashed_once_as_long_as_nothing_about_it_changes(tmp_path, monkeypatch):
    here = client(tmp_path, files(1))
    monkeypatch.setattr(digests, "SETTLED", -1)
    store.load(here)
    hashed = []
    original = digests.hash_file
    monkeypatch.setattr(digests, "hash_file", lambda path: (hashed.append(path.suffix), original(path))[1])
    store.load(here)
    assert ".csv" not in hashed


def test_a_file_that_changed_a_moment_ago_is_not_taken_for_known(tmp_path):
    here = client(tmp_path, files(1))
    store.load(here)
    assert not (tmp_path / ".cache" / digests.MEMO).exists()


def test_a_change_that_keeps_size_and_time_is_seen_by_its_inode_or_waits(tmp_path, monkeypatch):
    here = client(tmp_path, files(1))
    path = tmp_path / "exports" / "1.csv"
    monkeypatch.setattr(digests, "SETTLED", -1)
    store.load(here)
    stat = path.stat()
    twin = path.with_name("twin")
    twin.write_text(path.read_text(encoding="utf-8").replace("9,9", "8,8"), encoding="utf-8")
    os.utime(twin, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    os.replace(twin, path)
    assert store.load(here).get("orders")["paid_amount"].tolist() == [8]


@pytest.mark.parametrize("text", ["", "[]", '{"exports/1.csv": 5}', '{"exports/1.csv": [1, 2, 3, "x"]}'])
def test_a_damaged_memo_of_hashes_is_only_slower(tmp_path, text):
    here = client(tmp_path, files(1))
    store.load(here)
    (tmp_path / ".cache" / digests.MEMO).write_text(text, encoding="utf-8")
    assert orders(store.load(here)) == ["1"]


# ---- queries --------------------------------------------------------------------------------------------------


def test_a_query_gives_aggregates_and_records_what_it_read(tmp_path):
    found = store.load(client(tmp_path, files(1, 2, 2, 3)))
    made = found.select("SELECT count(*) AS n, sum(paid_amount) AS paid FROM orders", "orders")
    assert made.to_dict("records") == [{"n": 3, "paid": 27}]
    assert list(found.used) == ["orders"] and found.used["orders"] != "absent"


def test_a_table_that_no_file_brought_is_an_empty_view(tmp_path):
    found = store.load(client(tmp_path, files(1)))
    assert found.select("SELECT count(*) AS n FROM refunds", "refunds")["n"].tolist() == [0]
    assert found.used == {"refunds": "absent"}


def test_a_folder_with_a_quotation_mark_can_be_queried(tmp_path):
    found = store.load(client(tmp_path / "a'b", files(1)))
    assert found.select("SELECT order_id FROM orders", "orders")["order_id"].tolist() == ["1"]


def test_a_query_of_a_cache_that_is_gone_says_so(tmp_path):
    from kit.errors import KitError

    found = store.load(client(tmp_path, files(1)))
    shutil.rmtree(found.folder)
    with pytest.raises(KitError, match=r"e\.store\.gone"):
        found.select("SELECT 1 FROM orders", "orders")


def test_nothing_is_left_beside_the_cache(tmp_path):
    store.load(client(tmp_path, files(1)))
    assert sorted(p.name for p in tmp_path.iterdir()) == [".cache", ".secret", "exports"]
    assert {p.name for p in (tmp_path / ".cache").iterdir() if not p.is_dir()} <= {"lock", digests.MEMO}
