"""Real files that nobody here wrote, read as they are; what is read is compared with a second reading by pandas."""

import csv
import datetime as dt
import gzip
import io
import json
import lzma
import re
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from making import ids, reading, said

from kit import calendar
from kit.analyses import days, drivers
from kit.exports import files
from kit.exports.clean import HIDDEN, Context, column, reader
from kit.exports.dictionary import exports
from kit.exports.recognise import Match, familiar
from kit.exports.rows import sift
from kit.stats import from_lines
from kit.text import Words

DATA = Path(__file__).parents[2] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the real data sets in ../shared/{DATA.name}")

OTHER = {"other": "other"}


def rows_of(path, sheet=0):
    """The rows of a sheet of a real file, as text."""
    data = (DATA / path).read_bytes()
    data = gzip.decompress(data) if path.endswith(".gz") else data
    return files.sheets(data, path, familiar)[sheet].rows


def text(rows):
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    return target.getvalue()


def facts(line, *names):
    return {name: line[name] for name in names}


def shown(made):
    """All that is said of a reading: its ledger, its messages in both languages."""
    return json.dumps([made.ledger, said(made), said(made, "en")], ensure_ascii=False)


def cells(made):
    """Every cell of every table, as text."""
    return "".join(frame.to_csv(index=False) for frame in made.tables.values())


# ---- a Tmall shop's orders of a month, as exported and as saved again by Excel -----------------------------------

TMALL = ("tmall_order_report.csv", "tmall_order_report_excel_saved.csv")


@pytest.fixture(scope="module")
def tmall(tmp_path_factory):
    contents = [(DATA / "tmall_order_report" / name).read_bytes() for name in TMALL]
    return [reading(tmp_path_factory.mktemp("tmall"), {"exports/tmall/orders.csv": data}) for data in contents]


@pytest.fixture(scope="module")
def orders(tmall):
    return tmall[0].tables["orders"]


@pytest.fixture(scope="module")
def report():
    return pd.read_csv(DATA / "tmall_order_report" / TMALL[0]).rename(columns=str.strip)


def test_a_file_that_excel_saved_again_gives_the_same_orders(tmall):
    """But for the seconds, which Excel did not save."""
    first, again = (made.tables["orders"] for made in tmall)
    times = ["created_at", "paid_at"]
    pd.testing.assert_frame_equal(first.assign(**{t: first[t].dt.floor("min") for t in times}), again)
    assert first["created_at"].dt.second.any()


def test_every_order_is_accounted_for(tmall):
    for made in tmall:
        (line,) = made.ledger
        assert facts(line, "export", "rows_read", "rows_kept", "dropped", "start", "end") == {
            "export": "qianniu_orders",
            "rows_read": 28010,
            "rows_kept": 28010,
            "dropped": {},
            "start": "2020-02-01",
            "end": "2020-02-29",
        }


def test_payments_stated_after_refunds_are_known_as_such(tmall, orders, report):
    (line,) = tmall[0].ledger
    stated = round(report["买家实际支付金额"].sum(), 2)
    assert stated == 1_902_487.15
    assert line["flagged"]["paid_after_refund"] == (report["退款金额"] > 0).sum() == 5646
    assert line["amount"] == {
        "column": "买家实际支付金额",
        "read": pytest.approx(stated),
        "kept": pytest.approx(stated),
    }
    paid, refunds = orders["paid_amount"].sum(), orders["refund_amount"].sum()
    assert (round(paid, 2), round(refunds, 2), round(paid - refunds, 2)) == (2_474_823.07, 572_335.92, stated)


def test_an_order_counts_if_it_was_paid(orders, report):
    assert orders["counted"].sum() == report["订单付款时间"].notna().sum() == 24_087
    assert orders["status"].value_counts().to_dict() == {"paid": 24_087, "unpaid": 3_923}


def test_orders_by_day_and_hour_are_those_of_a_second_reading(orders, report):
    created = pd.to_datetime(report["订单创建时间"])
    days = orders["created_at"].dt.normalize().value_counts()
    assert days.to_dict() == created.dt.normalize().value_counts().to_dict()
    month = pd.date_range("2020-02-01", "2020-02-29")
    assert [d.day for d in month.difference(days.index)] == [8, 16]
    assert orders["created_at"].dt.hour.value_counts().head(3).to_dict() == {21: 2204, 22: 2126, 20: 1990}


def test_the_odd_order_is_named_and_stays(orders):
    (odd,) = orders[orders["list_amount"] == 188_320].to_dict("records")
    assert (odd["suspicious"], odd["status"], odd["counted"]) == ("amount", "unpaid", False)


def test_of_an_address_the_province_is_kept(orders, report):
    """By one name, whichever of them the file writes: 上海, 广东省, 内蒙古自治区."""
    begins = report["收货地址"].str[:2].replace({"黑龙": "黑龙江", "内蒙": "内蒙古"})
    counts = orders["province"].value_counts()
    assert len(counts) == 31
    assert counts.to_dict() == begins.value_counts().to_dict()


# ---- an online shop's 541,909 order lines, with cancellations and what is no goods --------------------------------

RETAIL = "order_id,item_id,title,quantity,created_at,unit_price,CustomerID,Country"
NOT_GOODS = (
    "POST", "D", "M", "m", "DOT", "C2", "BANK CHARGES", "PADS", "CRUK", "AMAZONFEE", "S", "B",
    *(f"gift_0001_{n}0" for n in range(1, 6)),
)  # fmt: skip


@pytest.fixture(scope="module")
def lines():
    """The file's own lines, without its header."""
    whole = lzma.decompress((DATA / "online_retail_uk" / "online_retail.csv.xz").read_bytes()).decode()
    return whole.splitlines()[1:]


@pytest.fixture(scope="module")
def retail():
    path = DATA / "online_retail_uk" / "online_retail.csv.xz"
    return pd.read_csv(path, dtype={"InvoiceNo": str, "StockCode": str}, keep_default_na=False)


def sold(folder, lines, numbers=None):
    """The lines as a plain sheet, with ids of their own if there are any."""
    pairs = lines if numbers is None else [f"{n},{line}" for n, line in zip(numbers, lines, strict=True)]
    header = RETAIL if numbers is None else f"line_id,{RETAIL}"
    content = {"exports/other/lines.csv": "\n".join([header, *pairs, ""])}
    return reading(folder, content, OTHER, currency="GBP", exports={"not_goods": NOT_GOODS})


@pytest.fixture(scope="module")
def half_a_million(lines, tmp_path_factory):
    return sold(tmp_path_factory.mktemp("retail"), lines, range(len(lines)))


def test_half_a_million_lines_are_accounted_for(half_a_million):
    assert ids(half_a_million) == []
    (line,) = half_a_million.ledger
    assert facts(line, "export", "rows_read", "rows_kept", "dropped", "start", "end", "ignored_columns") == {
        "export": "generic_order_lines",
        "rows_read": 541_909,
        "rows_kept": 541_909,
        "dropped": {},
        "start": "2010-12-01",
        "end": "2011-12-09",
        "ignored_columns": ["CustomerID", "Country"],
    }


def test_what_was_sold_net_of_returns_is_that_of_a_second_reading(half_a_million, retail):
    frame = half_a_million.tables["order_lines"]
    net = (retail["Quantity"] * retail["UnitPrice"]).sum()
    assert frame["line_amount"].sum() == pytest.approx(net, abs=0.001)
    assert round(net, 2) == 9_747_747.93
    assert frame["quantity"].sum() == retail["Quantity"].sum() == 5_176_450
    uniques = frame[["order_id", "item_id"]].nunique().to_dict()
    assert uniques == {"order_id": 25_900, "item_id": retail["StockCode"].nunique()}


def test_lines_are_told_apart_by_kind(half_a_million, retail):
    frame = half_a_million.tables["order_lines"]
    service = retail["StockCode"].isin(NOT_GOODS)
    negative = (retail["Quantity"] < 0) | (retail["UnitPrice"] < 0)
    expected = {
        "service": int(service.sum()),
        "return": int((negative & ~service).sum()),
        "gift": int(((retail["UnitPrice"] == 0) & ~negative & ~service).sum()),
    }
    kinds = frame["kind"].value_counts().to_dict()
    assert kinds == {**expected, "sale": len(retail) - sum(expected.values())}
    (line,) = half_a_million.ledger
    assert line["flagged"] == {**expected, "amount_from_price": 541_909}
    cancelled = frame["order_id"].str.startswith("C")
    assert cancelled.sum() == 9_288
    assert set(frame.loc[cancelled, "kind"]) == {"return", "service"}


def test_a_british_shop_s_lines_give_its_months_with_saturdays_at_rest_and_december_left_incomplete(half_a_million):
    lines = half_a_million.tables["order_lines"]
    orders, back = from_lines.orders(lines), from_lines.refunds(lines)
    goods = lines[lines["kind"].isin(["sale", "return"])]
    assert orders["paid_amount"].sum() - back["refund_amount"].sum() == pytest.approx(goods["line_amount"].sum())

    december = dt.date(2011, 12, 1), dt.date(2011, 12, 31)
    none = calendar.promotions([], *december)
    page = days.show(days.analyse(None, none, *december, {}, orders=orders))
    keys = {f.key.removeprefix("review.days."): f for f in page.findings}
    assert "open.other" in keys and "stopped.other" not in keys
    tree = drivers.show(drivers.analyse({"orders": orders}, none, *december, {})).findings[0]
    told = Words("en", "GBP").sentence(tree.sentence, tree.args)
    assert told.startswith("Paid sales for 1–9 Dec 2011 ") and "£" in told and "on 1–9 Nov 2011" in told


def test_lines_that_repeat_with_the_same_id_are_counted_as_duplicates(tmp_path, lines):
    times = Counter(lines)
    repeated = [line for line in lines if times[line] > 1]
    number = {line: n for n, line in enumerate(dict.fromkeys(repeated))}
    made = sold(tmp_path, repeated, [number[line] for line in repeated])
    (line,) = made.ledger
    assert facts(line, "rows_read", "rows_kept", "dropped") == {
        "rows_read": len(repeated),
        "rows_kept": len(number),
        "dropped": {"duplicate": 5268},
    }


def test_a_sheet_of_lines_without_ids_is_refused(tmp_path, lines):
    """Whether two lines that look alike are one sale or two cannot be known from it."""
    made = sold(tmp_path, lines[:1000])
    assert (ids(made), made.tables) == (["e.col"], {})


def test_two_lines_of_one_id_that_differ_are_a_fault(tmp_path, lines, retail):
    made = sold(tmp_path, lines[:1000], retail["StockCode"][:1000])
    assert set(ids(made)) == {"e.clash.more.sheet"}


# ---- a workbook of the old kind, with a sheet of lines and two of other things ------------------------------------

SUPERSTORE = "superstore_cn/示例 - 超市.xls"


@pytest.fixture(scope="module")
def superstore(tmp_path_factory):
    data = (DATA / SUPERSTORE).read_bytes()
    return reading(tmp_path_factory.mktemp("superstore"), {"exports/other/示例 - 超市.xls": data}, OTHER)


def test_figures_of_an_old_workbook_are_read_to_the_last_digit():
    header, *rows = rows_of(SUPERSTORE)
    assert len(rows) == 10_000
    sums = {}
    for name, type in (("利润", "money"), ("销售额", "money"), ("数量", "count"), ("折扣", "ratio")):
        read = column([row[header.index(name)] for row in rows], reader(type, name))
        assert read.flags == {}
        sums[name] = read.data.sum()
        if name == "利润":
            assert (read.data < 0).mean() == pytest.approx(0.205, abs=0.001)
    raw = pd.read_excel(DATA / SUPERSTORE, sheet_name="订单", engine="calamine")
    assert sums == pytest.approx(raw[list(sums)].sum().to_dict(), abs=1e-6)
    assert (round(sums["利润"], 3), round(sums["销售额"], 3)) == (2_156_559.517, 16_117_548.237)


def test_its_lines_are_read_and_its_other_sheets_named(superstore):
    assert ids(superstore) == []
    assert [facts(line, "sheet", "table", "rows_kept", "ignored") for line in superstore.ledger] == [
        {"sheet": "订单", "table": "order_lines", "rows_kept": 10_000, "ignored": None},
        {"sheet": "退货", "table": None, "rows_kept": 0, "ignored": "other_sheet"},
        {"sheet": "销售人员", "table": None, "rows_kept": 0, "ignored": "other_sheet"},
    ]
    frame = superstore.tables["order_lines"]
    assert (frame["order_id"].nunique(), frame["quantity"].sum()) == (2773, 37_675)
    by_year = frame.groupby(frame["created_at"].dt.year)["line_amount"].sum().round(3)
    assert by_year.to_dict() == {2014: 2939663.335, 2015: 3443376.335, 2016: 4246042.780, 2017: 5488465.787}


def test_no_customer_of_it_is_kept_or_shown(superstore):
    header, *rows = rows_of(SUPERSTORE)
    names = {row[header.index("客户名称")] for row in rows}
    assert superstore.ledger[0]["dropped_columns"] == ["客户名称"]
    assert len(names) > 700
    said_of_it, kept = shown(superstore), cells(superstore)
    assert not {name for name in names if name in said_of_it}
    accounts = {row[header.index("客户 ID")] for row in rows}
    assert not {account for account in accounts if account in kept}


# ---- money and days as text: Walmart's weeks ---------------------------------------------------------------------

WALMART = "walmart_weekly/Walmart_Store_sales.csv"


def test_dollars_with_blanks_around_them_are_read_where_the_client_counts_in_dollars():
    header, *rows = rows_of(WALMART)
    at = header.index(" Weekly_Sales ")
    sales = [row[at] for row in rows]
    assert sales[0] == " $1,493,660 "
    read = column(sales, reader("money", header[at], context=Context(currency="USD")))
    assert (read.flags, read.data.sum()) == ({}, 6_737_219_008)
    by_store = pd.Series(read.data).groupby([row[0] for row in rows]).sum().nlargest(3)
    assert by_store.to_dict() == {"20": 301_397_795, "4": 299_543_953, "14": 288_999_911}
    assert len(column(sales, reader("money", header[at])).flags["unreadable"]) == 6_435


def test_a_day_with_its_weekday_and_month_in_english_is_read():
    header, *rows = rows_of(WALMART)
    read = column([row[header.index("Date")] for row in rows], reader("date", "Date"))
    weeks = pd.date_range("2010-02-05", "2012-10-26", freq="7D")
    assert read.flags == {}
    assert np.array_equal(np.unique(read.data), weeks.to_numpy().astype("datetime64[D]"))


# ---- events by the second, and a last line that was cut off --------------------------------------------------------

EVENTS = "taobao_userbehavior_sample/UserBehavior.csv"
WINDOW = pd.date_range("2017-11-25", "2017-12-03")


def test_a_last_line_that_was_cut_off_is_counted_and_no_other_is_lost():
    (sheet,) = files.sheets((DATA / EVENTS).read_bytes(), EVENTS, familiar)
    assert (len(sheet.rows), sheet.rows[-1], sheet.open_end) == (84_476, ["100370", "1968385", "1875258", "pv"], True)
    headless = Match(exports()[0], -1, ("user", "item", "category", "behaviour", "time"), {}, (), (), {}, ())
    sifted = sift(sheet, headless, typed=False)
    assert (sifted.dropped, sifted.faulty, len(sifted.rows)) == ({"truncated": 1}, {}, 84_475)
    assert Counter(row[3] for row in sheet.rows) == {"pv": 75_873, "cart": 4_497, "fav": 2_356, "buy": 1_750}


def test_seconds_since_1970_are_of_the_day_that_it_was_at_the_shop():
    stamps = [row[4] for row in rows_of(EVENTS)[:-1]]
    read = column(stamps, reader("time"))
    expected = pd.to_datetime(pd.Series(stamps, dtype="int64") + 8 * 3600, unit="s")
    assert read.flags == {}
    assert np.array_equal(read.data, expected.to_numpy().astype("datetime64[us]"))
    days = pd.Series(read.data).dt.normalize()
    inside = days.isin(WINDOW)
    assert (inside.sum(), (~inside).sum()) == (84_440, 35)
    assert days[inside].value_counts().sort_index().tolist() == [8697, 8788, 8335, 8867, 8785, 8616, 9455, 11520, 11377]
    assert sorted({str(day.date()) for day in days[~inside]})[0] == "2017-09-11"
    in_london = column(stamps[:2000], reader("time", context=Context("UTC"))).data
    assert np.array_equal(in_london, read.data[:2000] - np.timedelta64(8, "h"))


def test_seconds_under_a_chinese_header_are_moments_too():
    name = "userbehavior_cn_columns/UserBehavior_cn.csv.gz"
    header, *rows = rows_of(name)
    read = column([row[header.index("时间戳")] for row in rows], reader("time", "时间戳"))
    expected = pd.to_datetime(pd.read_csv(DATA / name)["时间戳"] + 8 * 3600, unit="s")
    assert (len(rows), read.flags) == (40_000, {})
    assert np.array_equal(read.data, expected.to_numpy().astype("datetime64[us]"))


@pytest.mark.parametrize("name", [EVENTS, WALMART, "userbehavior_cn_columns/UserBehavior_cn.csv.gz"])
def test_a_file_of_no_export_is_named_and_not_read(tmp_path, name):
    data = (DATA / name).read_bytes()
    data = gzip.decompress(data) if name.endswith(".gz") else data
    made = reading(tmp_path, {"exports/other/x.csv": data}, OTHER)
    assert [p.args["file"] for p in made.problems] == ["data/acme/exports/other/x.csv"]
    assert ids(made)[0] in ("e.unknown", "e.unknown.near", "e.col", "e.col.renamed")
    assert (made.tables, made.ledger) == ({}, [])


# ---- stock and receipts of menswear ------------------------------------------------------------------------------

STOCK, RECEIPTS = "menswear_stock_receipts/库存数据.xlsx", "menswear_stock_receipts/零售小票.xlsx"
SKU = "商品代码、颜色、尺码"


@pytest.fixture(scope="module")
def menswear():
    return {name: rows_of(name) for name in (STOCK, RECEIPTS)}


def quantities(name, letter):
    """The figures of a column as they lie in the workbook."""
    with zipfile.ZipFile(DATA / name) as book:
        xml = book.read("xl/worksheets/sheet1.xml")
    return [int(v) for v in re.findall(rb'<c r="%s[0-9]+"[^>]*><v>([0-9]+)</v>' % letter, xml)[1:]]


@pytest.mark.parametrize(("name", "letter", "mean"), [(STOCK, b"H", 49.96), (RECEIPTS, b"G", 2.505)])
def test_every_row_of_a_large_workbook_is_read(menswear, name, letter, mean):
    header, *rows = menswear[name]
    read = column([row[header.index("数量")] for row in rows], reader("count", "数量"))
    assert (len(rows), read.flags) == (58_170, {})
    assert read.data.tolist() == quantities(name, letter)
    assert read.data.mean() == pytest.approx(mean, abs=0.005)
    assert SKU in header
    assert Counter(row[header.index("商品名称")] for row in rows).most_common(1) == [("短袖翻领T恤", 5157)]


def test_many_rows_of_one_sku_in_one_warehouse_are_never_taken_for_one(tmp_path, menswear):
    """Until they are added up, nobody knows how many pieces there are."""
    header, *rows = menswear[STOCK]
    names = [{SKU: "商家编码", "数量": "实际库存"}.get(name, name) for name in header]
    made = reading(tmp_path, {"exports/erp/库存_2018-08-08.csv": text([names, *rows[:20_000]])}, {"erp": "erp"})
    assert set(ids(made)) == {"e.clash.sheet"}
    frame = pd.DataFrame(rows, columns=names).astype({"实际库存": int})
    whole = frame.groupby(["仓库名称", "商家编码", "商品名称"], as_index=False)["实际库存"].sum()
    summed = [list(whole), *whole.astype(str).to_numpy().tolist()]
    made = reading(tmp_path, {"exports/erp/库存_2018-08-08.csv": text(summed)}, {"erp": "erp"})
    assert ids(made) == []
    assert made.tables["inventory"]["stock_on_hand"].sum() == frame["实际库存"].sum()


def test_addresses_of_receipts_go_nowhere(tmp_path, menswear):
    header, *rows = menswear[RECEIPTS][:3001]
    places = {row[header.index("收货地址")] for row in rows}
    assert len(places) > 1000
    names = ["行 ID", *({"单据编号": "订单号", "商品代码": "商品编号"}.get(name, name) for name in header[1:])]
    for known, head in ((True, names), (False, header)):
        made = reading(tmp_path, {"exports/other/零售小票.csv": text([head, *rows])}, OTHER)
        assert [line["dropped_columns"] for line in made.ledger] == [["收货地址"]] * known
        assert [line["rows_kept"] for line in made.ledger] == [3000] * known
        written = shown(made) + cells(made)
        assert not {place for place in places if place in written}
        assert ids(made) == ["e.warn.no_amount"] if known else made.tables == {}


# ---- 62,774 reviews ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reviews(tmp_path_factory):
    """What was read, and the texts as they stand in the file."""
    raw = pd.read_csv(DATA / "reviews_10_categories" / "online_shopping_10_cats.csv.gz", keep_default_na=False)
    labels = raw["label"].map({1: "好评", 0: "差评"})
    sheet = pd.DataFrame({"评价编号": raw.index, "商品名称": raw["cat"], "评价类型": labels, "评价内容": raw["review"]})
    content = {"exports/other/评价.csv": sheet.to_csv(index=False)}
    made = reading(tmp_path_factory.mktemp("reviews"), content, OTHER)
    assert ids(made) == []
    frame = made.tables["reviews"]
    return made.ledger[0], frame.assign(row=frame["review_id"].astype(int)).sort_values("row"), raw


def visible(text):
    """A text without the marks that nobody sees, of which some of these reviews have one."""
    return re.sub("[\x00-\x1f\x7f\ufeff]", "", text).strip()


def test_no_review_is_lost(reviews):
    line, frame, raw = reviews
    assert facts(line, "rows_read", "rows_kept", "dropped") == {"rows_read": 62774, "rows_kept": 62774, "dropped": {}}
    assert frame["title"].value_counts().to_dict() == raw["cat"].value_counts().to_dict()
    assert frame["sentiment"].value_counts().to_dict() == {"positive": 31_728, "negative": 31_046}
    assert frame["review_text"].isna().sum() == 1


def test_a_review_without_personal_data_is_kept_to_the_letter(reviews):
    line, frame, raw = reviews
    assert raw["review"].str.contains("\ufeff").sum() == 20
    kept, own = (texts.fillna("").map(visible).tolist() for texts in (frame["review_text"], raw["review"]))
    changed = [after for after, before in zip(kept, own, strict=True) if after != before]
    assert all(HIDDEN in after for after in changed)
    assert len(changed) == line["flagged"]["scrubbed"]
    assert 30 <= len(changed) <= 60


def test_what_reviewers_say_of_where_they_are_reached_is_gone(reviews):
    _, frame, raw = reviews
    personal = re.compile(
        r"[\w.]+@\w+\.(?:com|cn)|(?i:qq)\s?[:：号是]?\s{0,2}[1-9][0-9]{5,10}(?![0-9])|\b0\d{2,3}-\d{7,8}"
    )
    assert raw["review"].str.contains(personal).sum() >= 25
    assert not frame["review_text"].fillna("").str.contains(personal).any()
