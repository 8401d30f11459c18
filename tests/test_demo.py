"""The demo client: committed files are what the generator makes, look like downloads, and carry what TRUTH.md says."""

import csv
import datetime as dt
import io
import re
import sys
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from kit import brand, calendar
from kit.client import Client

DEMO = Path(__file__).parents[1] / "data" / "demo"
EXPORTS = DEMO / "exports"
sys.path.insert(0, str(DEMO))  # the generator is a script of its own, no part of the package

import generate  # noqa: E402
from simulation.campaigns import TMALL  # noqa: E402
from simulation.everything import simulate  # noqa: E402
from simulation.shop import ordinary_value  # noqa: E402
from simulation.world import DAYS, position  # noqa: E402
from writers import service  # noqa: E402


@pytest.fixture(scope="module")
def world():
    return simulate()


@pytest.fixture(scope="module")
def truth():
    """TRUTH.md as a dictionary: key → value, numbers as numbers."""
    rows = re.findall(r"^\| (\S+) \| (.+?) \| .+? \| .+ \|$", (DEMO / "TRUTH.md").read_text(encoding="utf-8"), re.M)
    number = re.compile(r"-?\d+(\.\d+)?")
    return {key: float(value) if number.fullmatch(value) else value for key, value in rows if key != "key"}


def sheet(pattern: str, encoding: str) -> list[list[str]]:
    (path,) = EXPORTS.glob(pattern)
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding))))


def records(pattern: str, encoding: str, header: int = 0) -> list[dict[str, str]]:
    rows = sheet(pattern, encoding)
    return [dict(zip(rows[header], row, strict=True)) for row in rows[header + 1 :]]


# ---- the files ---------------------------------------------------------------------------------------------


def test_committed_files_equal_a_fresh_generation(world, monkeypatch):
    """Byte for byte; what is compressed, member for member, since the bytes in between depend on the zlib at work. So
    here it is compressed as fast as can be."""
    write = zipfile.ZipFile.writestr
    monkeypatch.setattr(zipfile.ZipFile, "writestr", lambda *given, compresslevel: write(*given, compresslevel=1))
    made = dict(generate.files(world))
    kept = {p.relative_to(DEMO).as_posix() for p in EXPORTS.rglob("*") if p.is_file()} | {"inputs.xlsx", "TRUTH.md"}
    assert set(made) == kept
    assert [name for name, content in made.items() if unpacked((DEMO / name).read_bytes()) != unpacked(content)] == []


def unpacked(data: bytes) -> object:
    """The bytes of a file; of an archive with compressed members these, with their names, dates and flags."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        members = [
            (m.orig_filename, m.date_time, m.flag_bits, m.create_system, packed.read(m)) for m in packed.filelist
        ]
        return members if any(m.compress_type for m in packed.filelist) else data


def test_two_generations_of_an_archive_are_the_same_bytes(world):
    first, second = (dict(service.reviews(world)) for _ in range(2))
    assert first == second


def test_the_demo_stays_small():
    parts = [p for p in DEMO.rglob("*") if p.is_file() and not {"__pycache__", ".cache"} & set(p.parts)]
    assert sum(p.stat().st_size for p in parts) < 9_000_000


def test_listings_are_gbk_with_crlf_and_ids_as_formulas():
    body = next(EXPORTS.glob("tmall/竞品监控*2024-11.csv")).read_bytes()
    assert body.count(b"\n") == body.count(b"\r\n")
    first = body.decode("gbk").splitlines()[1]
    assert re.match(r'2024/11/4,="\d{12}",', first)


def test_listings_hold_repeats_blanks_and_one_total():
    files = [sheet(f"tmall/竞品监控*2024-{month}.csv", "gbk") for month in ("09", "10", "11")]
    assert [len(rows) - len({tuple(r) for r in rows}) for rows in files] == [14, 14, 14]
    assert [sum(r[0] == "合计" for r in rows) for rows in files] == [0, 0, 1]
    assert files[2][-1][0] == "合计"
    assert all(any(r[7] == "" for r in rows) for rows in files)


def test_listings_are_weekly_and_end_with_the_month():
    dates = {r["采集日期"] for month in ("09", "10", "11") for r in records(f"tmall/竞品监控*2024-{month}.csv", "gbk")}
    assert len(dates - {"合计"}) == 14
    assert {"2024/9/2", "2024/11/4", "2024/11/25", "2024/11/30"} <= dates


def test_every_phone_and_name_of_a_person_is_visibly_fake():
    for month in ("09", "10", "11"):
        for row in records(f"tmall/竞品监控*2024-{month}.csv", "gbk"):
            if row["采集日期"] != "合计":
                assert re.fullmatch(r"000-0000-\d{4}", row["客服电话"])
                assert re.search(r":小[一二三四五六七八]$", row["掌柜旺旺"])


def test_the_hostile_title_is_a_rivals_best_seller():
    title = """**<script>#read("/etc/passwd")$x$=cmd|'/c calc'!A1 @a 敏感肌"""
    last = [r for r in records("tmall/竞品监控*2024-11.csv", "gbk") if r["采集日期"] == "2024/11/30"]
    (found,) = {r["店铺名称"] for r in last if r["商品标题"] == title}
    best = max((r for r in last if r["店铺名称"] == found), key=lambda r: int(r["近30天销量"] or 0))
    assert best["商品标题"] == title


def test_the_trade_files_have_four_rows_above_and_overlap_in_identical_days():
    spans = ("2022-11-01_2023-01-07", "2023-01-01_2024-01-07", "2024-01-01_2024-11-30")
    files = [sheet(f"tmall/*交易概况_{span}.csv", "gbk") for span in spans]
    assert {rows[4][0] for rows in files} == {"统计日期"}
    by_day = [{r[0]: r for r in rows[5:]} for rows in files]
    for earlier, later in pairwise(by_day):
        both = earlier.keys() & later.keys()
        assert len(both) == 7
        assert all(earlier[day] == later[day] for day in both)
    assert len(set().union(*by_day)) == 761


def test_numbers_of_the_trade_file_are_text_with_separators_and_percent():
    day = next(r for r in records("tmall/*交易概况_2024-*.csv", "gbk", 4) if r["统计日期"] == "2024-11-11")
    assert re.fullmatch(r"\d{1,3}(,\d{3})+\.\d{2}", day["支付金额"])
    assert re.fullmatch(r"\d+\.\d{2}%", day["支付转化率"])


def test_the_index_workbook_has_25_months_of_text_below_four_lines():
    (path,) = EXPORTS.glob("tmall/*市场大盘*.xlsx")
    rows = [[c for c in row if c is not None] for row in load_workbook(path).active.iter_rows(values_only=True)]
    assert [len(row) for row in rows[:5]] == [1, 1, 1, 1, 9]
    assert len(rows) == 30
    assert re.fullmatch(r"\d,\d{3},\d{3}", rows[5][2])


def test_douyin_days_are_utf8_with_a_mark():
    body = next(EXPORTS.glob("douyin/*核心数据*.csv")).read_bytes()
    assert body.startswith(b"\xef\xbb\xbf")
    assert len(body.decode("utf-8-sig").splitlines()) == 762


def test_inputs_begin_with_edits_and_actions():
    book = load_workbook(DEMO / "inputs.xlsx")
    assert book.sheetnames[:2] == ["edits", "actions"]
    assert [c.value for c in book["edits"][1]] == ["finding", "action", "text_zh", "text_en", "by", "why"]
    raised = {row[0].value: row[1].value for row in book["actions"]}
    assert [day for day in raised.values() if day != "raised"] == ["2024-11-05"] * 4 + ["2024-12-05"] * 3


# ---- what is written by hand -------------------------------------------------------------------------------


def test_client_and_brand_are_accepted():
    client = Client.load("demo")
    assert client.platforms() == ("tmall", "douyin")
    assert set(client.attribution) == {"wanxiangtai", "pinxiaobao", "qianchuan"}
    assert client.report_date == dt.date(2024, 12, 5)
    assert brand.load(client.folder, client.up_color).logo


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_consultants_notes_type_no_number(locale):
    text = (DEMO / "notes" / f"market.{locale}.md").read_text(encoding="utf-8")
    assert not re.search(r"\d", re.sub("双11|Double 11", "", text))


# ---- the simulation ----------------------------------------------------------------------------------------


def test_promotions_begin_on_the_calendars_days():
    known = calendar.promotions(["tmall"], dt.date(2021, 10, 1), dt.date(2024, 11, 30))
    sales = set(known[known["kind"].isin(["sale", "balance", "whole"])]["start"])
    deposits = set(known[known["kind"] == "deposit"]["start"])
    told = [c for c in TMALL if "whole window" not in c.assumed]
    assert [c.name for c in told if c.first_sale not in sales] == []
    assert [c.name for c in told if c.deposit and c.opening not in deposits] == []


def test_lines_add_up_to_their_orders(world):
    lines = world.orders.lines.groupby("order")["amount"].sum()
    paid = world.orders.orders.set_index("order")["amount"]
    assert (lines == paid).all()
    assert (paid > 0).all()


def test_no_order_at_event_prices_before_the_sale_opens_at_20(world):
    orders = world.orders.orders
    opening = orders[(orders["day"] == position("2024-10-21")) & orders["event"]]
    assert len(opening) > 1000
    assert (opening["second"] >= 20 * 3600).all()


def test_days_count_each_buyer_once_and_add_up(world):
    day = world.shop.loc["2024-11-11"]
    orders = world.orders.orders[world.orders.orders["date"] == "2024-11-11"]
    assert day["pay_buyers"] == orders["buyer"].nunique() < len(orders)
    assert day["new_buyers"] + day["returning_buyers"] == day["pay_buyers"]
    assert round(day["pay_amount"] * 100) == orders["amount"].sum()


def test_without_events_the_expected_shop_is_the_shop(world):
    """The increments compare the shop with its expectation: on days without event prices the two must agree."""
    expected = world.demand.orders.to_numpy() * ordinary_value(world.catalogue)
    lost = np.bincount(world.orders.lost["day"], world.orders.lost["gross"], len(DAYS)) / 100
    quiet = ((world.demand.event == 0) & (world.demand.balances == 0)).to_numpy()
    ratio = (world.shop["pay_amount"].to_numpy() + lost)[quiet].sum() / expected[quiet].sum()
    assert abs(ratio - 1) < 0.003


def test_conversion_collapses_before_and_explodes_on_the_day_balances_are_paid(world):
    rate = world.shop["pay_buyers"] / world.shop["visitors"]
    ordinary = rate["2024-09-16":"2024-09-29"].mean()
    assert rate["2024-10-15":"2024-10-20"].max() < 0.9 * ordinary
    assert rate["2024-10-21"] > 2 * ordinary


def test_the_item_is_gone_exactly_while_it_is_out_of_stock(world):
    stock = world.stock[world.stock["item"] == 0].set_index("date")
    assert (world.stock["on_hand"] >= 0).all()
    empty = stock.index[stock["on_hand"] == 0]
    assert [f"{empty[0]:%m-%d}", f"{empty[-1]:%m-%d}", len(empty)] == ["11-11", "11-19", 9]
    assert stock["sold"]["2024-11-12":"2024-11-19"].sum() == 0
    assert stock["sold"]["2024-11-20"] > 0


def test_own_counters_are_the_units_that_orders_hold(world):
    seen = world.snapshots[(world.snapshots["brand"] == "青禾") & (world.snapshots["date"] == "2024-11-30")]
    lines = world.orders.lines[world.orders.lines["date"].between("2024-11-01", "2024-11-30")]
    assert seen["sales"].sum() == lines["quantity"].sum()


def test_the_index_orders_months_as_money_does_but_not_in_proportion(world):
    money = world.category["2022-11-01":].resample("MS").sum().to_numpy()
    rows = list(load_workbook(next(EXPORTS.glob("tmall/*市场大盘*.xlsx"))).active.iter_rows(5, values_only=True))
    index = np.array([float(row[2].replace(",", "")) for row in rows[1:]])
    assert (np.argsort(index) == np.argsort(money)).all()
    assert index[-1] / index[2] < 0.8 * money[-1] / money[2]


def test_only_some_dropped_visitors_make_the_broken_test_win(world):
    sizes = world.units.groupby(["experiment", "variant"]).size().unstack()
    share = (sizes["B"] / sizes.sum(axis=1)).round(3)
    assert share["coupon_popup"] < 0.485
    assert share.drop("coupon_popup").between(0.497, 0.503).all()


# ---- the story that reports must tell ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [
        ("shop.tmall.2024-11", 8_000_000, 9_000_000),
        ("shop.tmall.yoy", -0.08, -0.04),
        ("shop.douyin.2024-11", 2_300_000, 2_700_000),
        ("market.2024-11", 600_000_000, 700_000_000),
        ("market.yoy", 0.07, 0.12),
        ("share.lost", -0.004, -0.001),
        ("rank.own", 8, 10),
        ("bands.100-150.index", 1.5, 2.6),
        ("bands.100-150.pieces", 1.5, 3.0),
        ("bands.150-200.index", 1.5, 2.6),
        ("bands.150-200.pieces", 1.5, 3.0),
        ("bands.50-100.index", 0.2, 0.6),
        ("bands.50-100.pieces", 0.4, 0.8),
        ("campaign.double_11_2024.after", -500_000, -150_000),
        ("ads.roi.after", 0.8, 1.3),
    ],
)
def test_the_planted_story(truth, key, low, high):
    assert low <= truth[key] <= high


def test_the_price_war_shows_in_the_listings_on_its_day():
    prices: dict[str, dict[str, float]] = {}
    for month in ("10", "11"):
        for row in records(f"tmall/竞品监控*2024-{month}.csv", "gbk"):
            if row["店铺名称"] == "露倾":
                prices.setdefault(row["商品ID"], {})[row["采集日期"]] = float(row["页面价"])
    moves = [p["2024/11/4"] / p["2024/10/28"] - 1 for p in prices.values() if {"2024/11/4", "2024/10/28"} <= p.keys()]
    cuts = sorted(m for m in moves if m < -0.1)
    assert len(cuts) == 9
    assert cuts[0] > -0.19 and cuts[-1] < -0.17


def test_the_trade_file_adds_up_to_the_stated_truth(truth):
    days = records("tmall/*交易概况_2024-*.csv", "gbk", 4)
    paid = sum(float(d["支付金额"].replace(",", "")) for d in days if d["统计日期"].startswith("2024-11"))
    assert round(paid) == truth["shop.tmall.2024-11"]
