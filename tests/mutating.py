"""Exports as platforms write them, and what happens to files: what the tests and ``benchmarks/fuzz.py`` feed the reader.

``case`` makes one file from a source of chance. Some of what happens to it is harmless: the tables must come out as if
nothing had happened. Of the rest, only that nothing escapes, gets lost or leaks.
"""

import csv
import functools
import html
import io
import json
import random
import re
import tempfile
import time
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import test_exports_alimama
import test_exports_douyin
import test_exports_erp
import test_exports_jd
import test_exports_kuaishou
import test_exports_pinduoduo
import test_exports_tmall
import test_exports_wechat
import test_exports_xiaohongshu
import test_exports_youzan
import test_unread
from making import client, xlsx, zipped
from making import rows as by_columns

from kit import store
from kit.errors import KitError
from kit.exports import files, reader, recognised
from kit.exports.dictionary import normal
from kit.exports.folder import sources
from kit.exports.recognise import Match, familiar
from kit.exports.sheet import blank
from kit.text import Words

LONGEST = 20.0
"""Seconds after which a file of a few rows counts as a hang, on the slowest of machines."""
HOSTILE = [
    *r"""
    - -- ∞ inf NaN None null #N/A #DIV/0! =1/0 ="12" '5 `7 ٣ ½ １２ -0 +5 5- 1e999 1E+12 1e-400 1,39 1,234 1.2.3 100万 ¥5 5元
    75~100万 <10 2000+ 30-40 0.5% 120% -1 99999999999999999999 6.92E+12 12345678901234567.0 2024-02-30 2024-13-01 9999-12-31
    0000-00-00 1970-01-01 20991231 20240101 45929.5 99999 24:00 00:52 2分30秒 任意时间 总计 合计： 示例 汇总 # ~ | / " 是 否
    13812345678 110101199003071234 a@b.cn 〔已隐去〕 {} %s \\ \\N ../../x <b> &amp; =cmd|' 2024-11-01~2024-11-30
    """.split(),  # noqa: SIM905
    *(
        "",
        " ",
        "\t",
        "\u3000",
        "\ufeff",
        "\u202e1",
        "\x1b[31m",
        "\x7f",
        "\x85",
        "\x1e",
        "a\nb",
        "a\r\nb",
        "\r",
        '"a',
        'a""b',
    ),
    *(
        "9" * 70,
        "x" * 5_000,
        "号" * 3_000,
        "收货人：" * 500,
        "\U0001f600",
        "e\u0301",
        "2024-11-01 24:00:00",
        "统计日期",
    ),
]
"""What may stand in a cell, and does."""
ENCODINGS = ("gb18030", "utf-8", "utf-8-sig", "utf-16")
LINE_ENDS = ("\n", "\r\n", "\r")


@dataclass
class Sample:
    """An export as it is: the rows of its sheet, and where in them the header is."""

    platform: str
    rows: list[list[str]]
    head: int = 0
    name: str = "报表_2024-11-01_2024-11-01"


def _samples():
    tmall, rows = test_exports_tmall, test_exports_tmall.rows
    notes = [["生意参谋 商品_全部"], ["说明：数据按支付时间统计"], [], ["单位：元"]]
    ads = test_exports_alimama.WANXIANGTAI
    return {
        "orders": Sample("tmall", rows(tmall.ORDERS)),
        "lines": Sample("tmall", rows(tmall.LINES)),
        "refunds": Sample("tmall", rows(tmall.REFUNDS)),
        "reviews": Sample("tmall", rows(tmall.REVIEWS)),
        "service": Sample("tmall", rows(tmall.SERVICE)),
        "items": Sample("tmall", [*notes, *rows(tmall.ITEMS)], 4),
        "sources": Sample("tmall", [*notes, *rows(tmall.SOURCES)], 4),
        "rivals": Sample("tmall", rows(tmall.COMPARED.format("竞店"))),
        "wanxiangtai": Sample("tmall", rows(ads + test_exports_alimama.ITEM), name="商品报表_2024-11-01_15天转化"),
        "doudian": Sample("douyin", test_exports_douyin.rows(test_exports_douyin.ORDERS)),
        "jd": Sample("jd", test_exports_jd.rows(test_exports_jd.ORDERS)),
        "pinduoduo": Sample("pinduoduo", test_exports_pinduoduo.rows(test_exports_pinduoduo.ORDERS)),
        "kuaishou": Sample("kuaishou", by_columns(test_exports_kuaishou.ORDERS)),
        "wechat": Sample("wechat", by_columns(test_exports_wechat.ORDERS)),
        "youzan": Sample("youzan", by_columns(test_exports_youzan.ORDERS)),
        "qianfan": Sample("xiaohongshu", by_columns(test_exports_xiaohongshu.ORDERS)),
        "accounts": Sample("douyin", by_columns(test_exports_douyin.ACCOUNTS)),
        "item_sources": Sample("tmall", rows(tmall.ITEM_SOURCES), name="流量来源_988297980428_2024-11-01_2024-11-30"),
        "unread": Sample("tmall", by_columns(test_unread.DUE)),
        "stock": Sample("erp", test_exports_erp.rows(test_exports_erp.WANGDIANTONG)),
    }


@functools.cache
def samples():
    return _samples()


@dataclass
class Case:
    """A file: its ``name`` in the client's folder and its bytes. ``steps``: what happened to it. ``harmless``: its
    tables must be those of the sample. ``moved``: cells may stand in another column than their own."""

    sample: str
    name: str = ""
    content: bytes = b""
    steps: list[str] = field(default_factory=list)
    harmless: bool = True
    moved: bool = False
    canaries: tuple[str, ...] = ()


# ---- what happens to rows -----------------------------------------------------------------------------------------

PERSONAL = re.compile(
    "会员名|姓名|(?<!达人)(?<!主播)(?<!账号)昵称|旺旺$|收货人(?!省|城)|收件人|(?:详细|收货|客户)地址(?!-[省市])|手机|电话|留言|备注$"
    "|[帐账]号$|卖家真实姓名"
)


def planted(rows, head):
    """The rows with a canary in each personal cell, and the canaries. A masked account keeps its stars."""
    columns = [at for at, name in enumerate(rows[head]) if PERSONAL.search(name)]
    birds: dict[tuple[str, int], str] = {}
    made = [list(row) for row in rows]
    for number, row in enumerate(made[head + 1 :]):
        for at in columns:
            if at < len(row) and row[at] not in ("", "汇总") and "*" not in row[at]:
                rare = chr(0x9F00 + at) + chr(0x9E00 + number)
                says = {
                    "手机|电话": f"1381{at:03d}{number:04d}",
                    "[帐账]号|会员|旺旺|昵称": f"tb_kanari{at:02d}{number:02d}",
                }
                bird = next((b for p, b in says.items() if re.search(p, rows[head][at])), f"王{rare}")
                bird = birds.setdefault((row[at], at), bird)
                row[at] = f"浙江省{bird}路8号" if "地址" in rows[head][at] else bird
    return made, tuple(birds.values())


def _widened(rows):
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def _row_edits(chance, rows, head):
    """Harmless, in the order in which they may follow each other: name → rows."""
    body = rows[head + 1 :]
    width = len(rows[head])
    order = chance.sample(range(width), width)
    at = chance.randrange(width + 1)
    return {
        "columns shuffled": lambda: [[(r + [""] * width)[p] for p in order] if len(r) == width else r for r in rows],
        "unknown column": lambda: [
            [*r[:at], f"列{n}", *r[at:]] if n >= head and any(r) else r for n, r in enumerate(rows)
        ],
        "rows shuffled": lambda: [*rows[: head + 1], *chance.sample(body, len(body))],
        "blank rows": lambda: [*rows[: head + 1], *(x for r in body for x in (r, [""] * width)), [""] * width],
        "blank columns on the left": lambda: [["", "", *r] for r in rows],
        "blank columns on the right": lambda: [[*r, "", ""] for r in rows],
        "header spelt otherwise": lambda: [
            [f" {c}\t".replace("(", "（").replace(")", "）") if n == head and c else c for c in r]
            for n, r in enumerate(rows)
        ],
        "header again": lambda: [*rows[: head + 2], rows[head], *rows[head + 2 :]],
        "row again": lambda: [*rows, body[chance.randrange(len(body))]],
        "notes above": lambda: [["见帮助"]] * chance.randrange(1, 20) + [[""]] + rows,
        "notes below": lambda: [*rows, [""], ["以上数据仅供参考"]],
    }


def _row_faults(chance, rows, head):
    """Not harmless: name → rows. Those that begin with ``moved`` put cells into other columns."""
    rows = _widened(rows)
    at, of = chance.randrange(len(rows[0])), chance.randrange(len(rows))
    other = chance.choice(sorted(samples()))
    beside = _widened(samples()[other].rows)

    def replaced():
        made = [list(r) for r in rows]
        for _ in range(chance.randrange(1, 4)):
            row = chance.choice(made)
            row[chance.randrange(len(row))] = chance.choice(HOSTILE)
        return made

    def side_by_side():
        longest = max(len(rows), len(beside))
        left, right = ([*r, *[[""] * len(r[0])] * (longest - len(r))] for r in (rows, beside))
        return [[*a, "", *b] for a, b in zip(left, right, strict=True)]

    return {
        "column lacking": lambda: [r[:at] + r[at + 1 :] for r in rows],
        "column twice": lambda: [[*r, r[at]] for r in rows],
        "row lacking": lambda: rows[:of] + rows[of + 1 :] or [[""]],
        "hostile cells": replaced,
        "column of nothing but": lambda: [[*r[:at], chance.choice(HOSTILE), *r[at + 1 :]] for r in rows],
        "another table below": lambda: [*rows, [""], *beside],
        "moved: another table beside": side_by_side,
        "moved: a cell lacking": lambda: [r[:at] + r[at + 1 :] if n == of else r for n, r in enumerate(rows)],
        "moved: a cell too many": lambda: [[*r[:at], "x", *r[at:]] if n == of else r for n, r in enumerate(rows)],
        "moved: rows reversed": lambda: [r[::-1] if chance.random() < 0.5 else r for r in rows],
    }


# ---- how they are written -----------------------------------------------------------------------------------------


def _csv(chance, rows, steps):
    encoding, ends = chance.choice(ENCODINGS), chance.choice((*LINE_ENDS, "mixed"))
    separator = chance.choice(",,,,\t;")
    quoting = chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    steps.append(f"csv {encoding} {ends!r} {separator!r}")
    target = io.StringIO()
    csv.writer(target, delimiter=separator, quoting=quoting, lineterminator="\n").writerows(rows)
    text = target.getvalue()
    if chance.random() < 0.2:
        text = text.removesuffix("\n")
    mixed = random.Random(len(text))
    text = re.sub("\n", lambda _: mixed.choice(LINE_ENDS) if ends == "mixed" else ends, text)
    return text.encode(encoding, "replace")


def _xlsx(chance, rows, steps):
    steps.append("xlsx")
    return xlsx({"Sheet1": [[_writable(c) for c in row] for row in rows]})


def _writable(cell):
    """What openpyxl takes for text: no control characters, and no equals sign in front, which would make a formula."""
    plain = "".join(c for c in cell if c in "\t\n" or unicodedata.category(c) != "Cc")
    return plain.removeprefix("=").strip('"') if plain.startswith("=") else plain


def _html(chance, rows, steps):
    encoding = chance.choice(("utf-8", "gb18030"))
    steps.append(f"html {encoding}")
    lines = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    page = "<html><body><table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table></body></html>"
    return page.encode(encoding, "replace")


WRITERS = {"csv": _csv, "xlsx": _xlsx, "xls": _html}


# ---- what happens to bytes ----------------------------------------------------------------------------------------


def _flip(chance, content, at):
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def _insert(chance, content, at):
    put = chance.choice(
        [b'"', b",", b"\n", b"\r", b"\t", b";", b"\0", b"\xff", b"\x80", b"\xef\xbb\xbf", b"<", b"'", b"=", b"9" * 40]
    )
    return content[:at] + put * chance.randrange(1, 3) + content[at:]


BYTE_FAULTS = {
    "flipped": _flip,
    "inserted": _insert,
    "deleted": lambda chance, content, at: content[:at] + content[at + chance.randrange(1, 40) :],
    "repeated": lambda chance, content, at: content[:at] + content[max(0, at - chance.randrange(200)) :],
    "cut": lambda chance, content, at: content[:at],
}


def _in_member(chance, content, steps):
    """A fault inside a workbook's XML, whose checksum is right again."""
    packed = zipfile.ZipFile(io.BytesIO(content))
    name = chance.choice(sorted(n for n in packed.namelist() if n.endswith((".xml", ".rels"))))
    members = {n: packed.read(n) for n in packed.namelist()}
    for _ in range(chance.randrange(1, 4)):
        members[name] = _fault(chance, members[name], steps)
    return zipped(members)


def _fault(chance, content, steps):
    kind = chance.choice(sorted(BYTE_FAULTS))
    at = chance.randrange(max(len(content), 1))
    steps.append(f"{kind} at {at}")
    return BYTE_FAULTS[kind](chance, content, at) if content else content


# ---- a file -------------------------------------------------------------------------------------------------------


def case(chance):
    """A file of chance: an export, what happened to its rows, how it was written, what happened to its bytes."""
    made = Case(chance.choice(sorted(samples())))
    sample = samples()[made.sample]
    rows, made.canaries = planted(sample.rows, sample.head)
    head = sample.head
    names = list(_row_edits(chance, rows, head))
    for step in sorted(chance.sample(names, chance.randrange(4)), key=names.index):
        before = len(rows)
        rows = _row_edits(chance, rows, head)[step]()
        head += len(rows) - before if step == "notes above" else 0
        made.steps.append(step)
    if chance.random() < 0.6:
        faults = _row_faults(chance, rows, head)
        step = chance.choice(sorted(faults))
        rows = faults[step]()
        made.steps.append(step)
        made.harmless, made.moved = False, step.startswith("moved")
    ending = chance.choice(sorted(WRITERS))
    made.content = WRITERS[ending](chance, rows, made.steps)
    if chance.random() < 0.4:
        made.harmless, made.moved = False, True
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            made.content = _fault(chance, made.content, made.steps)
    elif ending == "xlsx" and chance.random() < 0.5:
        made.harmless, made.moved = False, True
        made.content = _in_member(chance, made.content, made.steps)
    shop = "erp" if sample.platform == "erp" else "s"
    made.name = f"exports/{shop}/{sample.name}.{ending}"
    if chance.random() < 0.1:
        inner = chance.choice((f"{sample.name}.{ending}", f"导出/{sample.name}.{ending}".encode("gbk")))
        made.content, made.name = zipped({inner: made.content}), f"exports/{shop}/{sample.name}.zip"
        made.steps.append("zip")
    return made


def plain(name):
    """A sample to which nothing has happened."""
    sample = samples()[name]
    rows, canaries = planted(sample.rows, sample.head)
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    shop = "erp" if sample.platform == "erp" else "s"
    return Case(name, f"exports/{shop}/{sample.name}.csv", target.getvalue().encode(), canaries=canaries)


@functools.cache
def _expected(name):
    """The tables of a sample to which nothing has happened."""
    with tempfile.TemporaryDirectory() as folder:
        return _read(plain(name), Path(folder))[1].tables


def _read(made, folder):
    """The client, what was read, and the seconds that it took."""
    platform = samples()[made.sample].platform
    here = client(folder, {made.name: made.content}, {"s": "tmall" if platform == "erp" else platform})
    (here.folder / ".secret").write_bytes(b"one for all")
    start = time.perf_counter()
    found = reader.read(here)
    return here, found, time.perf_counter() - start


def broken(made, folder, stored=False):
    """Read a file in a new client folder and say which promises are broken: one line each. ``stored``: through the
    store, too, which must give what was read, the second time from its cache."""
    here, found, took = _read(made, folder)
    told = [f"took {took:.1f} s"] if took > LONGEST else []
    faults = [p for p in found.problems if not p.warning]
    told += [] if found.ledger or found.problems else ["neither read nor refused"]
    told += [
        f"rows of {e['file']}" for e in found.ledger if e["rows_read"] != e["rows_kept"] + sum(e["dropped"].values())
    ]
    told += [] if faults else _unaccounted(here, made, found)
    told += _sentences(found)
    told += _leaks(made, found)
    if made.harmless:
        told += [f"harmless, yet {p.id}" for p in faults] or _different(_expected(made.sample), found.tables)
    if stored:
        told += [line for _ in range(2) for line in _stored(here, found)]
    return told


def _stored(here, found):
    kept = store.inspect(here)
    faulty = any(not p.warning for p in found.problems)
    told = [] if json.dumps(kept.ledger) == json.dumps(found.ledger) else ["another ledger in the store"]
    told += [] if [p.id for p in kept.problems] == [p.id for p in found.problems] else ["other problems in the store"]
    return told + ([] if faulty else _different(found.tables, {name: kept.get(name) for name in found.tables}))


def _unaccounted(here, made, found):
    """Rows below a header that the ledger does not count, and records that are not in the tables."""
    told = []
    [source] = sources(here)[0]
    parts = []
    for shown, content in files.unpacked(made.content, source.shown):
        name = source.name + shown.removeprefix(source.shown)
        parts += recognised.recognised(here, source, name, shown, files.sheets(content, shown, familiar))
    for (sheet, match), line in zip(parts, found.ledger, strict=True):
        first = match.row + 1 if isinstance(match, Match) else 0
        there = sum(not blank(row) for row in sheet.rows[first:])
        if line["rows_read"] - line["dropped"].get("blank_row", 0) != there:
            told.append(f"{there} rows, of which the ledger knows {line['rows_read']}: {line['dropped']}")
    whole = {m.export.table.name for _, m in parts if isinstance(m, Match) and not any(c.metric for c in m.at.values())}
    for table in whole & set(found.tables):
        kept = sum(line["rows_kept"] for line in found.ledger if line["table"] == table)
        if kept != len(found.tables[table]):
            told.append(f"{kept} rows kept, {len(found.tables[table])} records of {table}")
    return told


def _sentences(found):
    """Messages that are not one line of readable text."""
    told = []
    for words in (Words("zh"), Words("en")):
        for fault in found.problems:
            sentence = words.problem(fault)
            if len(sentence) > 2_000 or any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in sentence):
                told.append(f"{fault.id} says {sentence[:300]!r}")
    return told


def _leaks(made, found):
    if not _known_to_be_personal(made):
        return []
    said = json.dumps([found.ledger, [dict(p.args) for p in found.problems]], ensure_ascii=False)
    told = [f"{bird} in the ledger or a message" for bird in made.canaries if bird in said]
    # A name that a fault has moved into a column of texts cannot be told from a text.
    if not made.moved:
        kept = "".join(frame.to_csv() for frame in found.tables.values())
        told += [f"{bird} in a table" for bird in made.canaries if bird in kept]
    return told


def _known_to_be_personal(made):
    """Whether the file still says of each personal column what it is; of one without a name nobody can know."""
    sample = samples()[made.sample]
    wanted = {normal(name) for name in sample.rows[sample.head] if PERSONAL.search(name)}
    try:
        parts = [files.sheets(content, "", familiar) for _, content in files.unpacked(made.content, "")]
    except KitError:
        return True  # then no cell was read, and none may be told
    return wanted <= {
        normal(c) for sheets in parts for sheet in sheets for row in sheet.rows for c in row if len(c) < 40
    }


def _different(expected, found):
    if set(expected) != set(found):
        return [f"tables {sorted(found)}, not {sorted(expected)}"]
    told = []
    for name, frame in expected.items():
        try:
            pd.testing.assert_frame_equal(found[name], frame)
        except AssertionError as error:
            told.append(f"{name} differs: {str(error)[:300]}")
    return told
