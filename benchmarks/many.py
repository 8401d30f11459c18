"""A hundred small clients at once, three in trouble: a broken file, a notebook that hangs, a process that is killed.

``python benchmarks/many.py [CLIENTS]``. Each client's data carry a word of its own; afterwards every byte that was
written for a client is searched for the words of all the others. Prints times for building and, for those in no
trouble, for finding nothing to do; and what was left to do at the end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import nbformat.v4 as v4

ROOT = Path(__file__).resolve().parents[1]
CONFIG = """name = "{word}"
agency = "Agency"
[shops.tmall]
platform = "tmall"
name = "{word} shop"
[market]
category = "精华"
brand = ["{word}"]
"""
SHOW = 'report.show(rivals.show(rivals.analyse(report["listings"], report.market.brand, *report.days)))'
TROUBLE = {
    "hangs": "import time\ntime.sleep(9999)",
    "killed": "import os, signal\nos.kill(int(os.environ['JPY_PARENT_PID']), signal.SIGKILL)",
}
LIMIT = 120
"""Seconds after which the notebook that hangs is stopped."""


def notebook(path: Path, source: str) -> None:
    opening = (
        'from kit import display\nfrom kit.analyses import rivals\nreport = display.start("market", client, period)'
    )
    cells = [v4.new_code_cell('client = ""\nperiod = ""', metadata={"tags": ["parameters"]})]
    cells += [v4.new_markdown_cell("# 看市场\n\n一句话", metadata={"kit": {"locale": "zh"}})]
    cells += [v4.new_code_cell(text) for text in (f"{opening}\nreport", "report.answer()", source, "report.ledger()")]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(v4.new_notebook(cells=cells), path)


def client(root: Path, slug: str) -> str:
    """A client's folder; returns the word that only this client's data hold."""
    word, folder = f"canary{slug}", root / "data" / slug
    (folder / "exports").mkdir(parents=True)
    (folder / "client.toml").write_text(CONFIG.format(word=word), encoding="utf-8")
    price = "十元" if slug == "broken" else "{price}"
    rows = [
        f"2024-11-{day:02d},{word}{brand},{brand}{item},{word}精华,{price.format(price=10 + item)},{100 * day + item}\n"
        for day in (1, 8, 15, 22, 30)
        for brand in ("", "甲", "乙")
        for item in range(8)
    ]
    header = "采集日期,品牌,商品ID,商品标题,页面价,累计销量\n"
    (folder / "exports" / "a.csv").write_text(header + "".join(rows), encoding="utf-8")
    if slug in TROUBLE:
        notebook(folder / "notebooks" / "market.ipynb", TROUBLE[slug])
    return word


def reports(root: Path, slugs: list[str]) -> tuple[float, subprocess.CompletedProcess[str]]:
    ours = {"KIT_ROOT": str(root), "PYTHONPATH": str(ROOT), "KIT_INSIDE": "1", "KIT_REPORT_TIMEOUT": str(LIMIT)}
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    command = [sys.executable, "-m", "kit", "reports", "--locale", "en", "--clients", ",".join(slugs)]
    done = subprocess.run(command, env={**kept, **ours}, cwd=root, capture_output=True, text=True)
    return time.perf_counter() - start, done


def crossings(root: Path, words: dict[str, str]) -> list[str]:
    """Files written for one client that hold another's word."""
    found = []
    for slug in words:
        others = [f"{word}".encode() for other, word in words.items() if other != slug]
        for folder in (root / "output" / slug, root / "data" / slug / ".cache"):
            for path in (p for p in folder.rglob("*") if p.is_file()):
                content = path.read_bytes()
                found += [str(path) for word in others if word in content]
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    slugs = [*(f"c{n:03d}x" for n in range(count - 3)), "broken", "hangs", "killed"]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
        (root / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
        notebook(root / "notebooks" / "market.ipynb", SHOW)
        words = {slug: client(root, slug) for slug in slugs}
        for name, asked in {"first time": slugs, "once more, those in no trouble": slugs[: count - 3]}.items():
            taken, done = reports(root, asked)
            told = done.stdout[done.stdout.rfind("Built: ") :]
            print(f"{name}: {taken:.1f} s, exit {done.returncode}\n{told}{done.stderr}")
        print(f"files with another client's word: {crossings(root, words)}")


if __name__ == "__main__":
    main()
