"""How many scorecard lines are called in months in which nothing happens.

    .venv/bin/python benchmarks/noise.py [SHOPS]

SHOPS (60) made-up shops, independent noise in every table that has a history, no promotion in their sales. Their days
outside the real promotions of JD, Tmall and Douyin are held against each other as the scorecard does it, in each month
of 2024: months of few such days, and shops with few earlier months, are where noise would be called too often.
``tests/test_scorecard.py`` holds a few of them to 5 %.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

SINCE = ("2021-12-01", "2023-01-01", "2023-04-01")
"""First days of the shops' data: the last has nine months behind it in January 2024."""
PLATFORMS = ("jd", "tmall", "douyin")


def main(shops: int) -> None:
    sides: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n in range(shops):
        for month, line in judged(f"benchmark {n}", SINCE[n % 3], PLATFORMS[n // 3 % 3]):
            points = line.usual.limits.n // 4 * 4
            for what in (("points", f"{points:02}+"), ("month", f"{month:%m}"), ("figure", line.kpi.name), ("all", "")):
                sides[what].append(abs(line.usual.side))
    for (kind, name), own in sorted(sides.items()):
        print(f"{kind:8} {name:20} {sum(own) / len(own):6.1%} of {len(own)}")


def judged(seed: str, since: str, platform: str) -> Iterator[tuple[dt.date, Any]]:
    """Every line of one shop that is judged in a month of 2024, with the month's first day."""
    from noise import counted, everything

    from kit import calendar
    from kit.analyses import scorecard
    from kit.stats import kpis, months

    daily, tables = everything(seed, since, "2024-12-31")
    once = counted(seed, since, "2024-12-31")[1]
    kept = kpis.books({"shop_daily": daily, **once, **tables})
    promotions = calendar.promotions([platform], dt.date(2021, 1, 1), dt.date(2025, 1, 31))
    promotions = promotions.assign(platform="jd")  # the shop's own, whoever runs them
    for month in (dt.date(2024, n, 1) for n in range(1, 13)):
        last = months.later(month, 1) - dt.timedelta(1)
        made = scorecard.analyse(kept, None, promotions, month, last, dt.date(2025, 6, 30))
        yield from ((month, line) for line in made.lines["a"] if line.usual)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
