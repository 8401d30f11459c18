"""The real file of Double 11 2016, read as it is: 22 brands, ten daily snapshots, GBK."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from making import client

from kit import store

FOLDER = Path(__file__).parents[1].parent / "shared" / "data" / "double11_beauty_2016"
NAME = "双十一淘宝美妆数据.csv"

pytestmark = pytest.mark.skipif(not (FOLDER / NAME).is_file(), reason=f"needs the real data set {FOLDER.name}")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("double11")
    return store.load(client(folder, {f"exports/{NAME}": (FOLDER / NAME).read_bytes()}))


@pytest.fixture(scope="module")
def listings(found):
    return found.get("listings")


def test_every_row_is_accounted_for(found):
    (line,) = found.ledger
    facts = {
        k: line[k] for k in ("export", "encoding", "rows_read", "rows_kept", "dropped", "flagged", "ignored_columns")
    }
    assert facts == {
        "export": "listings_counter",
        "encoding": "gb18030",
        "rows_read": 27598,
        "rows_kept": 27512,
        "dropped": {"duplicate": 86},
        "flagged": {"blank_sales": 2354},
        "ignored_columns": [],
    }
    assert found.problems == []


def test_its_span_holds_no_whole_month(found):
    assert found.span() == (dt.date(2016, 11, 5), dt.date(2016, 11, 14))


def test_rows_by_brand(listings):
    counts = listings["brand"].value_counts()
    assert len(counts) == 22
    assert counts.head(3).to_dict() == {"悦诗风吟": 3021, "佰草集": 2264, "欧莱雅": 1942}


def test_rows_by_day_are_those_of_a_second_reading(listings):
    raw = pd.read_csv(FOLDER / NAME, encoding="gb18030", dtype=str).drop_duplicates()
    days = raw.groupby(pd.to_datetime(raw["update_time"], format="%Y/%m/%d")).size()
    assert listings.groupby("date").size().to_dict() == days.to_dict()


def test_sales_are_a_counter_of_which_nothing_was_lost(listings):
    assert set(listings["sales_kind"]) == {"counter"}
    sums = listings.groupby("brand")["sales"].sum().nlargest(2)
    assert sums.to_dict() == {"相宜本草": 65_462_947, "美宝莲": 39_358_088}


def test_the_price_is_the_page_price_and_no_other(listings):
    assert listings["price_page"].notna().all()
    assert listings[["price_list", "price_coupon", "price_final", "price_live"]].isna().all(axis=None)


def test_an_item_stands_once_in_a_snapshot(listings):
    assert not listings.duplicated(["date", "item_id"]).any()
