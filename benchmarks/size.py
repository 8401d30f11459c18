"""How reading very large files goes: seconds, rows a second, memory, and how pandas does the same in the same run.

    .venv/bin/python benchmarks/size.py [ROWS …] [--files N] [--folder FOLDER] [--alone]

For every number of rows an order report as 千牛 writes it is made (GBK, guarded ids; names, addresses and telephones
that must not come through), then read by ``python -m kit check``, first time and unchanged; then daily sales, what RFM
needs of every buyer, and cohorts are asked of it; and pandas cleans the same file: types, ids as text, nothing
personal, each order once, sums. ``--files`` spreads the rows over so many files; ``--alone`` leaves pandas out.
Memory is that of the process and all its children at its highest, asked for four times a second. Ratios, not seconds,
are to be compared between machines.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
from check import CLIENT, HEADER, KEPT, ROOT, STATES

SURNAMES, NAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡", "伟芳娜敏静丽强磊军洋艳勇杰娟涛"
PLACES = (
    "浙江省 杭州市 西湖区 文三路", "广东省 深圳市 南山区 科技园南路", "江苏省 南京市 鼓楼区 中山北路",
    "四川省 成都市 武侯区 人民南路", "上海 上海市 浦东新区 张杨路", "山东省 青岛市 市南区 香港中路",
)  # fmt: skip
BLOCK = 100_000
"""Rows that are made at once."""
DAYS = 1826
"""Five years."""
FIRST_ID = 2_000_000_000_000_000_000
EVERY = 0.25
"""Seconds after which memory is asked for again: more often, it would take a core from what is measured."""
SQL = {
    "daily sales": "SELECT paid_at::DATE AS day, sum(paid_amount) AS paid, count(*) AS orders"
    " FROM orders WHERE counted GROUP BY day ORDER BY day",
    "what RFM needs": "SELECT buyer_key, max(paid_at) AS last, count(*) AS orders, sum(paid_amount) AS paid"
    " FROM orders WHERE counted GROUP BY buyer_key",
    "cohorts": "WITH b AS (SELECT buyer_key, bit_or(1::HUGEINT << date_diff('month', DATE '2020-01-01', paid_at)::INT)"
    " AS months FROM orders WHERE counted GROUP BY buyer_key),"
    " g AS (SELECT months, count(*) AS n FROM b GROUP BY months), m AS (SELECT unnest(range(60)) AS month),"
    " s AS (SELECT months, month, n FROM g, m WHERE months >> month::INT & 1),"
    " f AS (SELECT months, min(month) AS since FROM s GROUP BY months)"
    " SELECT since, month - since AS later, sum(n)::BIGINT AS buyers FROM s JOIN f USING (months)"
    " GROUP BY ALL ORDER BY ALL",
}

Measured = tuple[float, float, float, str]

# ---- the files ------------------------------------------------------------------------------------------------------


def orders(first: int, rows: int, days: range, generator: np.random.Generator) -> Iterator[bytes]:
    """The lines of ``rows`` orders placed over ``days``, block by block; about one in a thousand stands there twice."""
    pace = len(days) * 86_400 / rows
    for start in range(0, rows, BLOCK):
        yield _block(first + start, days[0] * 86_400 + start * pace, min(BLOCK, rows - start), pace, generator)


def _block(first: int, since: float, n: int, pace: float, generator: np.random.Generator) -> bytes:
    placed = np.datetime64("2020-01-01") + (since + np.sort(generator.random(n)) * n * pace).astype("timedelta64[s]")
    paid = np.datetime_as_string(placed + generator.integers(20, 900, n).astype("timedelta64[s]"))
    when = np.datetime_as_string(placed)
    money = [f"{fen / 100:.2f}" for fen in generator.integers(3900, 59900, n).tolist()]
    state = generator.choice(len(STATES), n, p=(0.7, 0.1, 0.1, 0.1)).tolist()
    buyer = (generator.pareto(1.2, n) * 40_000).astype(np.int64).tolist()
    other = generator.integers(0, 10**8, n).tolist()
    lines = []
    for i in range(n):
        x, price, at = other[i], money[i], f"{when[i][:10]} {when[i][11:19]}"
        spent, then = ("0.00", "") if state[i] == 3 else (price, f"{paid[i][:10]} {paid[i][11:19]}")
        who = f"{SURNAMES[x % 15]}{NAMES[x // 15 % 15]},{PLACES[x % 6]}{x % 997}号,'1{30 + x % 70}{x:08d}"
        line = f'="{FIRST_ID + first + i}",t{buyer[i]:x}_买家,{price},0.00,{price},{spent},{STATES[state[i]]},{who}'
        lines.append(f"{line},{at},{then},青禾面部精华{x % 40}号,{1 + x % 3},基准店,0.00\r\n")
        if x % 1000 == 0:
            lines.append(lines[-1])
    return "".join(lines).encode("gbk")


def write(root: Path, rows: int, files: int) -> list[Path]:
    """A client with so many orders; its files."""
    folder = root / "data" / "bench" / "exports"
    folder.mkdir(parents=True)
    (root / "data" / "bench" / "client.toml").write_text(CLIENT, encoding="utf-8")
    generator, made, each = np.random.default_rng(2024), [], rows // files
    for n in range(files):
        made.append(folder / f"ExportOrderList{n:03d}.csv")
        with made[-1].open("wb") as file:
            file.write(f"{HEADER}\r\n".encode("gbk"))
            file.writelines(orders(n * each, each, range(DAYS * n // files, DAYS * (n + 1) // files), generator))
            file.flush()
            os.fsync(file.fileno())  # or the system would still be writing them while they are read
    return made


# ---- what is measured -----------------------------------------------------------------------------------------------


def measured(command: list[str], root: Path) -> Measured:
    """Seconds, seconds of all cores, highest memory in GB of a process and its children, and what it said."""
    start, before = time.perf_counter(), os.times()
    env = {**KEPT, "KIT_ROOT": str(root), "PYTHONPATH": str(ROOT), "KIT_INSIDE": "1"}
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
    watch = _Watch(process.pid)
    said, _ = process.communicate()
    seconds, after = time.perf_counter() - start, os.times()
    watch.join()
    if process.returncode:
        sys.exit(said[-3000:])
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, busy, watch.highest / 1e9, said


class _Watch(threading.Thread):
    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.process, self.highest = psutil.Process(pid), 0
        self.start()

    def run(self) -> None:
        while True:
            try:
                every = [self.process, *self.process.children(recursive=True)]
                self.highest = max(self.highest, sum(map(_held, every)))
            except psutil.NoSuchProcess:
                return
            if self.process.status() == psutil.STATUS_ZOMBIE:
                return
            time.sleep(EVERY)


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def queries() -> None:
    """In a process of its own: the seconds of each query over the client's tables, as JSON."""
    from kit.client import Client
    from kit.store import load as tables

    store, taken = tables(Client.load("bench")), {}
    orders, paid = store.select(
        "SELECT count(*), round(sum(paid_amount) FILTER (counted), 2) FROM orders", "orders"
    ).iloc[0]
    print(json.dumps({"orders": int(orders), "paid": paid}))
    for name, sql in SQL.items():
        start = time.perf_counter()
        rows = len(store.select(sql, "orders"))
        taken[name] = [time.perf_counter() - start, rows]
    print(json.dumps(taken))


def contender(paths: list[str]) -> None:
    """The same with pandas, in a process of its own; its sums, as JSON."""
    import pandas as pd

    wanted = [c for c in HEADER.split(",") if c not in ("收货人姓名", "联系手机", "宝贝标题 ", "店铺名称")]
    made = pd.concat([pd.read_csv(p, encoding="gbk", dtype=str, usecols=wanted) for p in paths], ignore_index=True)
    made.columns = made.columns.str.strip()
    made["订单编号"] = made["订单编号"].str.removeprefix('="').str.removesuffix('"')
    for column in ("买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额", "宝贝总数量", "退款金额"):
        made[column] = pd.to_numeric(made[column])
    for column in ("订单创建时间", "订单付款时间"):
        made[column] = pd.to_datetime(made[column], format="%Y-%m-%d %H:%M:%S")
    words = dict(zip(STATES, ("completed", "shipped", "closed", "unpaid"), strict=True))
    made["订单状态"] = made["订单状态"].map(words)
    made["收货地址"] = made["收货地址"].str.split(" ", n=1).str[0].str.removesuffix("省")
    sealed = {who: hmac.digest(b"key", who.encode(), hashlib.sha256).hex()[:16] for who in made["买家会员名"].unique()}
    made["买家会员名"] = made["买家会员名"].map(sealed)
    made = made.drop_duplicates("订单编号").sort_values("订单编号", ignore_index=True)
    paid, refund = made["买家实际支付金额"], made["退款金额"]
    closed = made["订单状态"].eq("closed") & (paid > 0) & refund.isna() & made["订单付款时间"].notna()
    made["退款金额"] = refund = refund.mask(closed, paid)
    sold = made["订单付款时间"].notna() | made["订单状态"].isin(["shipped", "completed"])
    made["counted"] = sold = sold & made["订单状态"].ne("unpaid")
    usual = paid[sold & (paid > 0)].median()
    made["suspicious"] = paid.where(paid > 0, made["总金额"]) > 20 * usual
    broken = (refund > paid) | (paid > made["总金额"] + made["买家应付邮费"])
    broken |= made["订单付款时间"] < made["订单创建时间"]
    told = {"orders": len(made), "paid": round(float(paid[sold].sum()), 2), "broken": int(broken.sum())}
    print(json.dumps(told))


def main(rows: int, files: int, folder: str | None, alone: bool) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        root = Path(name)
        paths = write(root, rows, files)
        size = sum(p.stat().st_size for p in paths)
        print(f"\n{rows:,} orders, {files} file(s), {size / 1e6:,.0f} MB, load {os.getloadavg()[0]:.1f}", flush=True)
        kit = [sys.executable, "-m", "kit", "check", "bench"]
        first = _told("check, first time", measured(kit, root), rows)[:2]
        _told("check, unchanged", measured(kit, root), rows)
        asked = measured([sys.executable, __file__, "--queries"], root)
        for what, (seconds, found) in json.loads(asked[3].splitlines()[-1]).items():
            print(f"  {what:20} {seconds:8.2f} s  {found:>10,} rows", flush=True)
        print(f"  {asked[3].splitlines()[0]}", flush=True)
        if not alone:
            command = [sys.executable, __file__, "--contender", *map(str, paths)]
            pandas = measured(command, root)
            _told("pandas", pandas, rows)
            wall, busy = (theirs / own for theirs, own in zip(pandas[:2], first, strict=True))
            print(f"  pandas ÷ check      {wall:8.2f} ×, of all cores {busy:.2f} ×   {pandas[3].strip()}", flush=True)


def _told(what: str, found: Measured, rows: int) -> Measured:
    seconds, busy, memory, _ = found
    line = (
        f"  {what:20} {seconds:8.2f} s  {rows / seconds:>10,.0f} rows/s  {memory:6.2f} GB  {busy:8.2f} s of all cores"
    )
    print(line, flush=True)
    return found


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[500_000])
    parser.add_argument("--files", type=int, default=1)
    parser.add_argument("--folder")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--queries", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--contender", nargs="+", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    given = asked()
    if given.queries:
        sys.path.insert(0, str(ROOT))
        queries()
    elif given.contender:
        contender(given.contender)
    else:
        for number in given.rows:
            main(number, given.files, given.folder, given.alone)
