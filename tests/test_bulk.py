"""A large file read in blocks gives what it gives when it is read whole: tables, ledger, problems."""

import math
import random
import shutil

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import client, xlsx

from kit import store
from kit.errors import KitError
from kit.exports import block, bulk, many, many_laid, parquet
from kit.tables import TABLES

HEADER = "订单编号,买家会员名,总金额,买家应付邮费,买家实际支付金额,订单状态,收货人姓名,收货地址 ,订单创建时间,订单付款时间 ,宝贝总数量,店铺名称"
GUARD, ADDRESS = '="{id}"', "浙江省 杭州市 西湖区文三路1号"
STATES = ("交易成功", "交易关闭", "等待买家付款", "卖家已发货，等待买家确认")


def line(n, **other):
    day = f"2024-11-{1 + n % 28:02d} {n % 24:02d}:00:"
    cells = {
        "id": GUARD.format(id=2 * 10**18 + n),
        "buyer": f"t{n % 70}_买家",
        "list": f"{10 + n % 90}.50",
        "freight": "0.00",
        "paid": "0" if n % 4 == 2 else f"{10 + n % 90}.50",
        "state": STATES[n % 4],
        "name": "王伟",
        "address": ADDRESS if n % 2 else "新疆维吾尔自治区 乌鲁木齐市1号",
        "created": f"{day}01",
        "payment": "" if n % 4 == 2 else f"{day}31",
        "units": str(1 + n % 3),
        "shop": "店",
    }
    return ",".join((cells | other).values())


def text(lines, end="\r\n"):
    return end.join([HEADER, *lines, ""])


PLAIN = [line(n) for n in range(400)]
WITHIN = {
    "a blank line": "",
    "a line of blanks": "," * 11,
    "the header again": HEADER,
    "a total": "合计" + "," * 11,
    "a line twice": line(180),
    "thousands": line(900, list='"1,234.50"', paid='"1,234.50"'),
    "signs": line(900, list="¥1234.50", paid="￥12.50元"),
    "dashes and blanks": line(900, freight="-", units="", paid=" 12.5\t"),
    "an id with a tab": line(900, id="2000000000000000900\t"),
    "an id in quotes": line(900, id='"2000000000000000900"'),
    "an id of letters": line(900, id="A-900"),
    "an id behind a mark": line(900, id="'2000000000000000900"),
    "an id that ends in .0": line(900, id="2000900.0"),
    "a wide digit": line(900, units="３"),
    "other moments": line(900, created="2024/11/3 9:05", payment="2024-11-03T09:06:00"),
    "a day": line(900, created="2024-11-03"),
    "a masked buyer": line(900, buyer="t***1"),
    "a buyer of signs": line(900, buyer="a.b@c"),
    "a buyer that says nothing": line(900, buyer="null"),
    "a long province": line(900, address="内蒙古自治区 呼和浩特市"),
    "no province": line(900, address="文三路1号"),
    "a province behind its country": line(900, address="中国 浙江省"),
    "a cell too many": line(900) + ",",
    "a trailing blank cell left out": line(900, shop="").removesuffix(","),
    "a name of two lines": line(900, name='"王\r\n伟"'),
    "a quotation mark": line(900, name='王"伟'),
    "another order of one number": line(180, paid="99.00"),
    "an order that was paid before": line(900, created="2024-11-05 10:00:00", payment="2024-11-04 10:00:00"),
    "a refused amount": line(900, paid="贵"),
    "two refused amounts": line(900, paid="贵") + "\r\n" + line(901, paid="很贵"),
    "a blank number": line(900, id=""),
    "a number that lost digits": line(900, id="2E+18"),
    "a cell too few": line(900).rsplit(",", 3)[0],
    "a cell too many that says something": line(900) + ",1",
    "an unknown state": line(900, state="交易奇怪"),
    "more paid than asked": line(900, list="1.00", paid="9.00"),
    "a negative amount": line(900, paid="-3.00"),
    "a moment that is none": line(900, created="2024-02-30 10:00:00"),
    "a lone carriage return": line(900, name="王\r伟"),
}


def files(here):
    return {str(p.relative_to(here.folder)): p.read_bytes() for p in here.folder.rglob("*.parquet")}


def close(a, b):
    """Equal, sums but for the last digits: they are added up in another order."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(close(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(close, a, b))
    return math.isclose(a, b, rel_tol=1e-12) if isinstance(a, float) else a == b


@pytest.fixture
def small(monkeypatch):
    """Blocks of some eighty lines, for any file of more than one."""

    def set():
        for name, size in (("LEAST", 20_000), ("BLOCK", 12_000), ("TAIL", 3_000), ("HEAD", 9_000)):
            monkeypatch.setattr(bulk, name, size)

    return set


def both(tmp_path, content, small, monkeypatch, **settings):
    """The stores of one client read whole and in blocks, and how many blocks were read."""
    whole = client(tmp_path / "a", content, **settings)
    first = store.inspect(whole)
    shutil.copytree(tmp_path / "a", tmp_path / "b", ignore=shutil.ignore_patterns(".cache"))
    seen, original = [], block.read
    monkeypatch.setattr(block, "read", lambda *given: (seen.append(given[2]), original(*given))[1])
    small()
    return first, store.inspect(client(tmp_path / "b", **settings)), len(seen)


def in_order(name, frame):
    """In that of its keys: orders too many for a frame lie in the order of their files."""
    return frame.sort_values(list(TABLES[name].key), ignore_index=True)


def same(first, second):
    assert [(p.id, dict(p.args), p.warning) for p in second.problems] == [
        (p.id, dict(p.args), p.warning) for p in first.problems
    ]
    assert close(first.ledger, second.ledger)
    assert first.tables.keys() == second.tables.keys()
    for name in first.tables:
        pd.testing.assert_frame_equal(first.get(name), in_order(name, second.get(name)), rtol=0, atol=0)
    for fact in ("coverage", "excluded", "open", "meanings", "funnel"):
        assert close(getattr(first, fact), getattr(second, fact))


@pytest.mark.parametrize("codec", ["gb18030", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_plain_lines_give_in_blocks_what_they_give_whole(tmp_path, small, monkeypatch, codec, end):
    first, second, blocks = both(tmp_path, {"exports/a.csv": text(PLAIN, end).encode(codec)}, small, monkeypatch)
    same(first, second)
    assert (len(second.get("orders")), second.problems, blocks > 4) == (400, [], True)
    assert files(first) == files(second)


@pytest.mark.parametrize("odd", WITHIN.values(), ids=WITHIN)
def test_an_odd_line_gives_in_blocks_what_it_gives_whole(tmp_path, small, monkeypatch, odd):
    content = text([*PLAIN[:250], odd, *PLAIN[250:]]).encode("gb18030")
    first, second, blocks = both(tmp_path, {"exports/a.csv": content}, small, monkeypatch)
    same(first, second)
    assert blocks > 4


def test_a_unit_that_is_said_for_all_amounts_is_asked_about_whether_or_not_a_file_is_large(
    tmp_path, small, monkeypatch
):
    content = ("单位：万元\r\n" + text(PLAIN)).encode("gb18030")
    first, second, blocks = both(tmp_path, {"exports/a.csv": content}, small, monkeypatch)
    assert [p.id for p in first.problems] == [p.id for p in second.problems] == ["e.scale"]
    assert blocks == 0


def test_what_is_wrong_below_damage_is_told_in_its_own_row(tmp_path, small, monkeypatch):
    lines = [*PLAIN[:100], line(900, name="王\ue000"), *PLAIN[100:300], line(901, paid="贵"), *PLAIN[300:]]
    content = text(lines).encode("gb18030").replace("\ue000".encode("gb18030"), b"\xff")
    _, second, blocks = both(tmp_path, {"exports/a.csv": content}, small, monkeypatch)
    assert {(p.id, p.args["row"]) for p in second.problems} == {("e.encoding", 102), ("e.value", 303)}
    assert blocks > 4


def damaged(chance):
    """Lines, odd ones among them, of which bytes were changed, put in or taken out, and maybe the end is lost."""
    lines = PLAIN.copy()
    for _ in range(chance.randrange(4)):
        lines.insert(chance.randrange(len(lines)), chance.choice(list(WITHIN.values())))
    codec = chance.choice(["gb18030", "gb18030", "utf-8", "utf-8-sig"])
    made = bytearray(text(lines, chance.choice(["\r\n", "\n"])).encode(codec))
    for _ in range(chance.choice([0, 1, 1, 2, 4])):
        place, long = chance.randrange(len(made)), chance.choice([1, 2, 30, 200])
        put = ['"', ",", "\r", "\n", "合计,", '""', "，", "中", "\u3000", "\u200b", "𠮷"]
        new = chance.choice([b"", chance.randbytes(1), chance.choice(put).encode(codec, "replace")])
        made[place : place + chance.choice([0, 1, long])] = new
    return bytes(made[: -chance.randrange(1, 300)] if chance.random() < 0.15 else made)


TEXT = {"e.encoding", "e.nul", "e.quote", "e.cell"}
"""What is no text, or no table: read whole it is told alone, in blocks beside what is wrong in others."""


@pytest.mark.parametrize("seed", range(60))
def test_damage_gives_in_blocks_what_it_gives_whole(tmp_path, small, monkeypatch, seed):
    first, second, _ = both(tmp_path, {"exports/a.csv": damaged(random.Random(seed))}, small, monkeypatch)
    whole, blocks = ({(p.id, p.args.get("col")): p.warning for p in made.problems} for made in (first, second))
    if text_faults := TEXT.intersection(id for id, _ in whole):
        assert TEXT.intersection(id for id, _ in blocks), text_faults
        return
    assert whole == blocks and close(first.ledger, second.ledger)
    for key in whole:
        rows = [
            min(p.args.get("row", 0) for p in s.problems if (p.id, p.args.get("col")) == key) for s in (first, second)
        ]
        assert rows[0] == rows[1], key
    assert first.tables.keys() == second.tables.keys()
    for name in first.tables:
        pd.testing.assert_frame_equal(first.get(name), in_order(name, second.get(name)), rtol=0, atol=0)


ENDS = {
    "notes": "\r\n\r\n说明：以上为示例\r\n",
    "a total": "合计,,,,999,,,,,,,\r\n",
    "half a line": '="2000000000',
    "half a character": line(700, shop="").encode("gb18030") + b"\xb5",
    "no line end": line(700),
    "an open quotation mark": line(700, name='"王'),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_the_end_of_a_file_gives_in_blocks_what_it_gives_whole(tmp_path, small, monkeypatch, end):
    end = end if isinstance(end, bytes) else end.encode("gb18030")
    first, second, _ = both(tmp_path, {"exports/a.csv": text(PLAIN).encode("gb18030") + end}, small, monkeypatch)
    same(first, second)


def is_text(data, codec):
    try:
        return bool(data.decode(codec))
    except UnicodeDecodeError:
        return False


PAIRS = [bytes((a, b)) for a in range(256) for b in range(256)]


def test_a_pair_of_bytes_is_told_to_be_text_as_gbk_has_it_and_is_the_same_in_gb18030():
    found = [pair for pair in PAIRS if block._of_pairs(pair)]
    assert found == [pair for pair in PAIRS if is_text(pair, "gbk")]
    assert len(found) > 30_000 and all(pair.decode("gbk") == pair.decode("gb18030") for pair in found)


@given(
    st.lists(
        st.sampled_from(["a", "@", "~", "0", ",", "\n", "中", "丂", "凛", "堃", b"\x81", b"\xff", b"\x81\x30\x81\x30"])
    )
)
def test_bytes_are_told_to_be_text_as_gbk_has_it_wherever_its_characters_lie(parts):
    data = b"".join(part if isinstance(part, bytes) else part.encode("gbk") for part in parts)
    assert not data or block._of_pairs(data) == is_text(data, "gbk")


def lines_of(numbers, **other):
    return text([line(n, **other) for n in numbers]).encode("gb18030")


TITLES = ("面霜", "汇总装", "商品旅行装", "total soap", "Soap")
OTHERS = {
    "lines": "子订单编号,主订单编号,商品ID,标题,价格,购买数量,买家实际支付金额,订单状态\n"
    + "".join(
        f"{10**18 + n},{10**18 + n // 2},{n % 9},{TITLES[n % 5]},9.50,{n % 3},{n % 2 * 9.5},交易成功\n"
        for n in range(500)
    ),
    "lines without amounts": "子订单编号,主订单编号,商品ID,标题,价格,购买数量,订单状态\n"
    + "".join(f"{10**18 + n},{10**18 + n // 2},{n % 9},{TITLES[n % 5]},9.50,{n % 3},交易成功\n" for n in range(500)),
    "names first": "商品标题,订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间\n"
    + "".join(
        f"{TITLES[n % 5] if n % 90 else '合计'},{10**18 + n},9.50,9.50,2024-11-{1 + n % 28:02d} 10:00:00,2024-11-28 11:00:00\n"
        for n in range(1, 500)
    ),
    "everything in quotes": "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间\n"
    + "".join(
        f'"{10**18 + n}","9.50","9.50","2024-11-{1 + n % 28:02d} 10:00:00","2024-11-28 11:00:00"\n' for n in range(500)
    ),
    "apart by tabs": "订单编号\t总金额\t买家实际支付金额\t订单创建时间\t订单付款时间\n"
    + "".join(f"{10**18 + n}\t9.50\t9.9\t2024-11-{1 + n % 28:02d} 10:00:00\t2024-11-28 11:00:00\n" for n in range(500)),
}


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_other_files_give_in_blocks_what_they_give_whole(tmp_path, small, monkeypatch, content, codec):
    first, second, blocks = both(tmp_path, {"exports/a.csv": content.encode(codec)}, small, monkeypatch)
    same(first, second)
    assert (len(second.tables), blocks > 3) == (1, True)


LEFT_OUT = [["shop", "what", "id", "reason"], *[["", "order", str(2 * 10**18 + n), "刷单"] for n in (0, 2, 7, 999)]]
DAILY = "统计日期,访客数,支付买家数,支付金额\n" + "".join(
    f"2024-11-{day:02d},90,9,{400 + day}\n" for day in range(1, 31)
)
REFUNDS = "订单编号,退款编号,买家退款金额,退款状态,退款完结时间,订单付款时间\n" + "".join(
    f"{2 * 10**18 + n},{n + 1},{10 + n % 90},退款成功,2024-11-30 10:00:00,\n" for n in range(0, 400, 4)
)
MANY = {
    "plain": {"a.csv": lines_of(range(60))},
    "two files": {"a.csv": lines_of(range(300)), "b.csv": lines_of(range(300, 600))},
    "a large file and a small one": {"a.csv": lines_of(range(300)), "b.csv": lines_of(range(300, 320))},
    "a newer file of the same orders": {
        "a20241201_100000.csv": lines_of(range(300)),
        "b20241202_100000.csv": lines_of(range(200, 500), state="交易关闭"),
    },
    "files that clash": {"a.csv": lines_of(range(300)), "b.csv": lines_of(range(290, 500), paid="1.00")},
    "two shops": {"tmall/a.csv": lines_of(range(300), shop=""), "other/b.csv": lines_of(range(300, 600), shop="")},
    "one order in two shops": {
        "tmall/a.csv": lines_of(range(300), shop=""), "other/b.csv": lines_of(range(299, 600), shop=""),
    },
    "orders left out": {
        "a.csv": lines_of(range(60)),
        "../inputs.xlsx": xlsx({"exclusions": [*LEFT_OUT, ["tmall", "order", str(2 * 10**18 + 3), "测试"]]}),
    },
    "the platform's days": {"a.csv": lines_of(range(60)), "b.csv": DAILY},
    "refunds": {"a.csv": lines_of(range(60)), "b.csv": REFUNDS},
    "no status": {"a.csv": lines_of(range(60)).replace("订单状态".encode("gbk"), "状态？".encode("gbk"))},
    "an odd order": {"a.csv": text([*PLAIN, line(900, list="99999.00", paid="99999.00")]).encode("gb18030")},
    "a closed order that was paid": {"a.csv": lines_of(range(400), state="交易关闭")},
    "an order without a date": {"a.csv": text([*PLAIN, line(900, created="", payment="")]).encode("gb18030")},
    "presale": {
        "a.csv": lines_of(range(60)).replace("收货人姓名".encode("gbk"), "分阶段订单信息".encode("gbk")).replace(
            "王伟".encode("gbk"), "阶段1已付款 阶段2未付款".encode("gbk"))
    },
}  # fmt: skip


FRAMES = ("no status",)
"""What is put together as a frame all the same."""


@pytest.mark.parametrize("case", MANY)
def test_orders_too_many_for_a_frame_are_what_a_frame_would_have(tmp_path, small, monkeypatch, case):
    content = {f"exports/{name}".replace("exports/../", ""): data for name, data in MANY[case].items()}
    shops = dict.fromkeys(("tmall", "other") if any("/other/" in name for name in content) else ("tmall",), "tmall")
    first = store.inspect(client(tmp_path / "a", content, shops))
    shutil.copytree(tmp_path / "a", tmp_path / "b", ignore=shutil.ignore_patterns(".cache"))
    small()
    monkeypatch.setattr(many, "MOST", 0)
    got, original = [], many.combined
    monkeypatch.setattr(many, "combined", lambda *given: got.append(original(*given)) or got[-1])
    second = store.inspect(client(tmp_path / "b", None, shops))
    same(first, second)
    assert (got[0] is None) == (case in FRAMES)


def test_the_same_orders_too_many_for_a_frame_give_the_same_file(tmp_path, small, monkeypatch):
    small()
    monkeypatch.setattr(many, "MOST", 0)
    own = {"exports/a.csv": lines_of([*range(400), *range(90)]), "exports/b.csv": lines_of(range(400, 800))}
    content = own | {"inputs.xlsx": xlsx({"exclusions": LEFT_OUT})}
    here = client(tmp_path, content)
    first = files(store.load(here))
    shutil.rmtree(tmp_path / ".cache")
    assert files(store.load(here)) == first


def kept_texts(folder):
    """Everything that a cache says: the cells of its tables and its notes."""
    with parquet.connection() as con:
        for path in sorted(folder.rglob("*.parquet")):
            yield from (str(row) for row in con.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall())
    yield from (path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.json")))


def test_nothing_personal_is_kept_of_a_block(tmp_path, small, monkeypatch):
    odd = line(900, buyer="a.b@c", address="文三路1号", list="¥9999.50")
    content = text([*PLAIN[:250], odd, *PLAIN[250:]]).encode("gb18030")
    small()
    monkeypatch.setattr(many, "MOST", 0)
    here = store.load(client(tmp_path, {"exports/a.csv": content}))
    said = list(kept_texts(here.folder.parent))
    assert len(said) > 800  # of every order in its block and in the table
    assert not [word for word in ("王伟", "_买家", "a.b@c", "文三路", "西湖", "乌鲁木齐") for t in said if word in t]


def test_a_block_that_was_damaged_is_read_anew(tmp_path, small, monkeypatch):
    small()
    here = client(tmp_path, {"exports/a.csv": text(PLAIN).encode("gb18030")})
    before = store.load(here)
    seen, original = [], block.read
    monkeypatch.setattr(block, "read", lambda *given: (seen.append(given[2]), original(*given))[1])
    shutil.rmtree(before.folder)
    damaged = sorted((tmp_path / ".cache" / store.FILES).glob("*.1/0.parquet"))[0]
    damaged.write_bytes(damaged.read_bytes()[:-9])
    pd.testing.assert_frame_equal(store.load(here).get("orders"), before.get("orders"))
    assert [one.key.rsplit(".", 1)[1] for one in seen] == ["1"]


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_of_a_file_replaced_while_it_is_read_nothing_is_kept_as_the_former_ones(tmp_path, small, monkeypatch, moment):
    small()
    first, second = (text([line(n, units=units) for n in range(400)]).encode("gb18030") for units in "12")
    here, seen, original = client(tmp_path, {"exports/a.csv": first}), [], block.read

    def put(content):
        (tmp_path / "beside").write_bytes(content)
        (tmp_path / "beside").replace(tmp_path / "exports" / "a.csv")

    def read(*given):
        seen.append(given)
        if len(seen) == moment:
            put(second)
        return original(*given)

    monkeypatch.setattr(block, "read", read)
    with pytest.raises(KitError, match=r"e\.store\.changed"):
        store.load(here)
    put(first)
    assert set(store.load(here).get("orders")["quantity"]) == {1}


@pytest.mark.parametrize("case", ["plain", "orders left out"])
def test_where_a_file_cannot_lie_in_two_folders_it_is_copied(tmp_path, small, monkeypatch, case):
    def refused(*_):
        raise OSError("no links on this drive")

    small()
    monkeypatch.setattr(many, "MOST", 0)
    content = {f"exports/{name}".replace("exports/../", ""): data for name, data in MANY[case].items()}
    linked = store.load(client(tmp_path / "a", content))
    shutil.copytree(tmp_path / "a", tmp_path / "b", ignore=shutil.ignore_patterns(".cache"))
    monkeypatch.setattr(many_laid.os, "link", refused)
    copied = store.load(client(tmp_path / "b"))
    assert linked.tables == copied.tables
    pd.testing.assert_frame_equal(linked.get("orders"), copied.get("orders"))


@pytest.mark.parametrize("name", ["000001.parquet", parquet.QUERY, parquet.REPLACED])
def test_orders_in_several_files_of_which_one_was_damaged_are_put_together_anew(tmp_path, small, monkeypatch, name):
    small()
    monkeypatch.setattr(many, "MOST", 0)
    here = client(tmp_path, {"exports/a.csv": text(PLAIN).encode("gb18030")})
    before = store.load(here)
    expected = before.get("orders")
    damaged = before.folder / "orders" / name
    damaged.write_bytes(damaged.read_bytes()[:-9])
    pd.testing.assert_frame_equal(store.load(here).get("orders"), expected)


def test_orders_in_several_files_are_asked_as_any_table(tmp_path, small, monkeypatch):
    content = {"exports/a.csv": lines_of([*range(400), *range(90)]), ".secret": b"own"}
    whole = store.load(client(tmp_path / "a", content))
    small()
    monkeypatch.setattr(many, "MOST", 0)
    laid = store.load(client(tmp_path / "b", content))
    asked = "SELECT *, count(*) OVER () AS n FROM orders ORDER BY order_id"
    pd.testing.assert_frame_equal(laid.select(asked, "orders"), whole.select(asked, "orders"))
    assert laid.records("orders")[0].keys() == whole.records("orders")[0].keys()
    shutil.rmtree(laid.folder / "orders")
    for ask in (laid.get, laid.records, lambda name: laid.select(asked, name)):
        with pytest.raises(KitError, match=r"e\.store\.gone"):
            ask("orders")
