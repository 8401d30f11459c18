"""How fast columns are read whole, against the same columns cell by cell in the same run.

    .venv/bin/python benchmarks/clean.py [rows]

Every column has as many literals as rows. Ratios, not seconds, are to be compared between machines.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

from kit.exports.clean import at_once, by_cell, column, reader

CHANCE = random.Random("clean")
HAN = [chr(code) for code in range(0x4E00, 0x9FA5)]


def moment() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1_700_000_000 + CHANCE.randrange(31_000_000)))


def resaved() -> str:
    at = time.gmtime(1_700_000_000 + CHANCE.randrange(31_000_000))
    return f"{at.tm_year}/{at.tm_mon}/{at.tm_mday} {at.tm_hour}:{at.tm_min:02}"


def title() -> str:
    return "".join(CHANCE.choices(HAN, k=20))


LITERALS: dict[str, tuple[str, Callable[[], str]]] = {
    "money": ("money", lambda: f"{CHANCE.uniform(0, 99999):.2f}"),
    "money 34,895.00": ("money", lambda: f"{CHANCE.uniform(0, 9999999):,.2f}"),
    "money ¥12.30": ("money", lambda: f"¥{CHANCE.uniform(0, 99999):.2f}"),
    "count": ("count", lambda: str(CHANCE.randrange(10**7))),
    "ratio 77.48%": ("ratio", lambda: f"{CHANCE.uniform(0, 100):.4f}%"),
    "id": ("id", lambda: str(CHANCE.randrange(10**18, 10**19))),
    'id ="…"': ("id", lambda: f'="{CHANCE.randrange(10**18, 10**19)}"'),
    "id with a tab": ("id", lambda: f"{CHANCE.randrange(10**18, 10**19)}\t"),
    "time": ("time", moment),
    "time 2020/2/21 0:00": ("time", resaved),
    "text": ("text", title),
    "text, 1 in 50 odd": ("text", lambda: title() + ("13812345678" if CHANCE.random() < 0.02 else "")),
}


def seconds(run: Callable[[], object]) -> float:
    """The best of three runs: a neighbour on the machine can only slow one down."""
    taken = []
    for _ in range(3):
        before = time.perf_counter()
        run()
        taken.append(time.perf_counter() - before)
    return min(taken)


def main(rows: int) -> None:
    print(f"{rows:,} rows, each another literal\n\n{'column':22}{'whole, s':>10}{'rows/s':>14}{'by cell ÷ whole':>24}")
    for name, (type, literal) in LITERALS.items():
        cells, read = [literal() for _ in range(rows)], reader(type)
        whole, single = seconds(lambda: at_once(cells, read)), seconds(lambda: by_cell(cells, read))  # noqa: B023
        print(f"{name:22}{whole:>10.3f}{rows / whole:>14,.0f}{single / whole:>23.1f}×")
    cells, read = [f"{CHANCE.randrange(90)}.5" for _ in range(rows)], reader("money")
    print(f"\na column of ninety literals: {seconds(lambda: column(cells, read)):.3f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
