"""Client folders for tests: files by their path in the folder, given as bytes, text or rows."""

from __future__ import annotations

import io
import zipfile

import openpyxl

from kit.client import Client
from kit.exports.reader import read
from kit.text import Words


def client(folder, content=None, shops=None, /, **settings):
    """A client in ``folder`` with files by path; ``shops`` maps key to platform, by default one shop on Tmall."""
    for name, data in (content or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    shops = {key: {"key": key, "platform": p, "name": "店"} for key, p in (shops or {"tmall": "tmall"}).items()}
    facts = {"slug": "acme", "folder": folder, "name": "甲", "agency": "乙", "shops": shops}
    return Client.model_validate({**facts, **settings})


def reading(folder, content, shops=None, /, **settings):
    return read(client(folder, content, shops, **settings))


def ids(made):
    """The problems' ids, with the code that chooses the entry."""
    return [f"{p.id}.{p.args['code']}" if "code" in p.args else p.id for p in made.problems]


def said(made, locale="zh"):
    words = Words(locale)
    return [words.problem(p) for p in made.problems]


def listings(made):
    """The listings of a reading without a fault."""
    assert ids(made) == []
    return made.tables["listings"]


def rows(columns):
    """A sheet from its columns: the header, then a row per place in the lists."""
    return [list(columns), *map(list, zip(*columns.values(), strict=True))]


def csv(columns):
    """The same as comma-separated text."""
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows(columns))


def stated(frame, place=0):
    """What a record says: its columns that are neither missing nor blank, times as text."""
    import pandas as pd  # late: a test looks whether opening a cache imports it

    record = {k: v for k, v in frame.iloc[place].items() if k not in ("platform", "shop") and pd.notna(v) and v != ""}
    return {k: str(v) if isinstance(v, pd.Timestamp) else v for k, v in record.items()}


def xlsx(sheets, hidden=()):
    """A workbook: sheet name → rows."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


class _Named(zipfile.ZipInfo):
    """A member whose name is stored as given bytes and not marked as UTF-8, as Windows does with GBK."""

    def _encodeFilenameFlags(self):
        return self.comment, self.flag_bits & ~0x800


def zipped(members, **options):
    """An archive: name → bytes; a name may be bytes, too. ``options`` are set on every member."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name) if isinstance(name, str) else _Named("x")
            info.comment = b"" if isinstance(name, str) else name
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in options.items():
                setattr(info, key, value)
            archive.writestr(info, content)
    return target.getvalue()


COUNTER = """update_time,id,title,price,sale_count,comment_count,店名
2016/11/5,A1,甲霜,99,120,7,甲
2016/11/5,A2,乙霜,129.9,,,乙
2016/11/6,A1,甲霜,89,150,8,甲
"""
OVERVIEW = [
    ["生意参谋 交易概况"],
    ["统计周期：2024-11-01 ~ 2024-11-02"],
    ["说明：数据按支付时间统计"],
    [],
    ["统计日期", "访客数", "下单买家数", "下单金额", "支付买家数", "支付金额", "支付转化率"],
    ["2024-11-01", "1,391", "30", "34,895.00", "28", "31,396.00", "2.01%"],
    ["2024-11-02", "1,186", "20", "24,895.00", "18", "21,396.00", "1.52%"],
    ["总计", "2,577", "50", "59,790.00", "46", "52,792.00", "1.78%"],
]
COMPASS = "\ufeff日期,成交金额,成交订单数,成交人数,商品曝光人数,商品点击人数,退款金额\n2024-11-01,100.5,3,3,1000,50,0\n"
CRAWL = "采集日期,商品ID,商品标题,店铺名称,吊牌价,页面价,券后价,近30天销量,累计评价数,掌柜旺旺,客服电话\n"
