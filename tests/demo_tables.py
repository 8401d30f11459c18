"""The demo's exports as records: what a spreadsheet shows of them, as text, money in whole fen."""

from __future__ import annotations

import csv
import functools
import io
import sys
import zipfile
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

DEMO = Path(__file__).parents[1] / "data" / "demo"
EXPORTS = DEMO / "exports"
sys.path.insert(0, str(DEMO))  # the generator is a script of its own, no part of the package

import truth_files  # noqa: E402
from simulation.everything import Simulation, simulate  # noqa: E402

MONTHS = ("2024-10", "2024-11")
GIFT = "QHZP01"


def simulated() -> Simulation:
    """What happened in the demo, the same object for every test."""
    return simulate()


@functools.cache
def truths() -> dict[str, float | int | str]:
    """The truths of the export files: key → value."""
    return {t.key: t.value for rows in truth_files.truths(simulate()).values() for t in rows}


def one(pattern: str) -> Path:
    (path,) = EXPORTS.glob(pattern)
    return path


def content(path: Path) -> bytes:
    """The bytes of a text file, zipped or not."""
    if path.suffix != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        (member,) = packed.infolist()
        return packed.read(member)


@functools.cache
def table(pattern: str, encoding: str = "", above: int = 0, sheet: int = 0) -> pd.DataFrame:
    """The records of every file of a pattern, under their headers without what surrounds these."""
    frames = [_records(path, encoding, above, sheet) for path in sorted(EXPORTS.glob(pattern))]
    assert frames, pattern
    return pd.concat(frames, ignore_index=True).apply(_bare)


def _bare(column: pd.Series) -> pd.Series:
    """Cells without blanks around them or what makes text of an id; each once, as most columns hold few."""
    return column.map({cell: cell.strip().removeprefix('="').removesuffix('"') for cell in column.unique()})


def _records(path: Path, encoding: str, above: int, sheet: int) -> pd.DataFrame:
    if path.suffix == ".xlsx":
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(sheet).to_python()[above:]
        frame = pd.DataFrame([[str(v) for v in row] for row in rows[1:]], columns=rows[0], dtype="str")
    else:
        lines = list(csv.reader(io.StringIO(content(path).decode(encoding))))[above:]
        frame = pd.DataFrame(lines[1:], columns=lines[0], dtype="str")
    return frame.rename(columns=str.strip)


def fen(column: pd.Series) -> pd.Series:
    """Money as whole fen; a dash or nothing is none."""
    text = column.str.replace(",", "").str.removesuffix("元").replace({"": "0", "-": "0"})
    return (text.astype(float) * 100).round().astype("int64")


def whole(column: pd.Series) -> pd.Series:
    return column.str.replace(",", "").astype(float).astype("int64")


def days_of(*months: str) -> list[str]:
    return [f"{d:%Y-%m-%d}" for m in months for d in pd.period_range(f"{m}-01", periods=pd.Period(m).days_in_month)]


@functools.cache
def orders() -> pd.DataFrame:
    frame = table("tmall/ExportOrderList*.zip", "gbk")
    return frame.assign(
        paid=fen(frame["买家实际支付金额"]),
        payable=fen(frame["买家应付货款"]),
        back=fen(frame["退款金额"]),
        day=frame["订单付款时间"].str[:10],
        placed=frame["订单创建时间"].str[:10],
    )


@functools.cache
def lines() -> pd.DataFrame:
    frame = table("tmall/宝贝报表*.zip", "gbk")
    return frame.assign(
        paid=fen(frame["买家实际支付金额"]),
        payable=fen(frame["买家应付货款"]),
        back=fen(frame["退款金额"]),
        day=frame["订单付款时间"].str[:10],
        placed=frame["订单创建时间"].str[:10],
        units=whole(frame["购买数量"]),
        gift=frame["商家编码"] == GIFT,
    )


@functools.cache
def trade() -> pd.DataFrame:
    """The Tmall shop's days of the last year."""
    return table("tmall/*交易概况_2024-*.csv", "gbk", 4).set_index("统计日期")


@functools.cache
def items() -> pd.DataFrame:
    return table("tmall/*商品_全部*.xlsx", above=4)


@functools.cache
def refunds() -> pd.DataFrame:
    frame = table("tmall/退款管理*.xlsx")
    return frame.assign(
        back=fen(frame["买家退款金额"]), paid=fen(frame["买家实际支付金额"]), ended=frame["退款完结时间"].str[:10]
    )


@functools.cache
def douyin_orders() -> pd.DataFrame:
    frame = table("douyin/订单管理*.zip", "utf-8-sig")
    return frame.assign(paid=fen(frame["订单应付金额"]), day=frame["支付完成时间"].str[:10], aid=fen(frame["平台优惠"]))
