"""How long ``make check`` takes: 50 files with 200,000 rows, first time, one file more, unchanged; and the demo.

``python benchmarks/check.py [ROWS] [FILES]``. Beside each time stands its ratio to a plain ``pandas.read_csv`` of the
same files in the same run, since seconds differ from machine to machine and ratios much less. Behind it stand the
seconds of all cores together, which a busy machine changes little.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
CLIENT = """name = "基准"
agency = "基准"
[shops.tmall]
platform = "tmall"
name = "基准店"
"""
HEADER = (
    "订单编号,买家会员名,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货人姓名,收货地址 ,联系手机,"
    "订单创建时间,订单付款时间 ,宝贝标题 ,宝贝总数量,店铺名称,退款金额"
)
KEPT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Python keeps what it compiled, as it does for everybody who does not ask it not to."""
STATES = ("交易成功", "卖家已发货，等待买家确认", "交易关闭", "等待买家付款")


def orders(rows: int, start: int, generator: np.random.Generator) -> bytes:
    """An order report as 千牛 writes it: GBK, guarded ids, names and addresses that must not come through."""
    created = pd.Timestamp("2024-10-01") + pd.to_timedelta(np.sort(generator.integers(0, 61 * 86400, rows)), unit="s")
    paid = created + pd.to_timedelta(generator.integers(20, 900, rows), unit="s")
    amount = generator.integers(3900, 59900, rows) / 100
    state = generator.choice(len(STATES), rows, p=(0.7, 0.1, 0.1, 0.1))
    lines = [HEADER]
    for n in range(rows):
        id = 2_000_000_000_000_000_000 + start + n
        money, when = f"{amount[n]:.2f}", paid[n]
        paid_amount, paid_at = ("0", "") if state[n] == 3 else (money, str(when))
        who = f"测试,某省某市某路{n % 500}号,'1**********"
        bought = f"{created[n]},{paid_at},青禾面部精华{n % 40}号,1,基准店,0.00"
        lines.append(f'="{id}",买家{id % 90000},{money},0.00,{money},{paid_amount},{STATES[state[n]]},{who},{bought}')
    return "\r\n".join(lines).encode("gbk")


def check(root: Path, client: str = "bench") -> tuple[float, float]:
    """Seconds of ``python -m kit check`` from start to end, and those of all cores together."""
    start, busy = time.perf_counter(), cores()
    run = subprocess.run(
        [sys.executable, "-m", "kit", "check", client],
        env={**KEPT, "KIT_ROOT": str(root), "PYTHONPATH": str(ROOT), "KIT_INSIDE": "1"},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if run.returncode:
        sys.exit(run.stdout[-2000:] + run.stderr[-2000:])
    return time.perf_counter() - start, cores() - busy


def cores() -> float:
    """Seconds that processes started from here have kept a core busy; Windows counts none."""
    used = os.times()
    return used.children_user + used.children_system


def main(rows: int, files: int) -> None:
    generator = np.random.default_rng(2024)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        exports = root / "data" / "bench" / "exports" / "tmall"
        exports.mkdir(parents=True)
        (root / "data" / "bench" / "client.toml").write_text(CLIENT, encoding="utf-8")
        each = rows // files
        for n in range(files):
            (exports / f"ExportOrderList{n:03d}.csv").write_bytes(orders(each, n * each, generator))
        size = sum(p.stat().st_size for p in exports.iterdir()) / 1e6
        start = time.perf_counter()
        for path in exports.iterdir():
            pd.read_csv(path, encoding="gbk", dtype=str)
        plain = time.perf_counter() - start
        measured = {"pandas.read_csv alone": (plain, plain), "check, first time": check(root)}
        measured["check, unchanged"] = min(check(root) for _ in range(3))
        (exports / "ExportOrderListNew.csv").write_bytes(orders(each, rows, generator))
        measured["check, one file more"] = check(root)
        shutil.copytree(
            ROOT / "data" / "demo", root / "data" / "demo", ignore=shutil.ignore_patterns(".cache", ".secret")
        )
        measured["the demo, first time"] = check(root, "demo")
        print(f"{files} files, {rows:,} rows, {size:.0f} MB")
        for what, (seconds, busy) in measured.items():
            print(f"  {what:24} {seconds:6.2f} s  {seconds / plain:5.2f} ×  {busy:6.2f} s")


if __name__ == "__main__":
    main(*(int(a) for a in (sys.argv[1:] + ["200000", "50"][len(sys.argv) - 1 :])))
