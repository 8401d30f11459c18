"""How many scorecard lines are called in months in which nothing happens, by figure.

    .venv/bin/python benchmarks/noise.py [SHOPS]

SHOPS (200) made-up shops of two years, independent noise in every table that has a history. Limits from 24 periods
call 1.0 % of such points (``kit.stats.control_limits``); ``tests/test_scorecard.py`` holds a few shops to 5 %.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]


def main(shops: int) -> None:
    from noise import everything

    from kit import calendar
    from kit.analyses import scorecard

    month = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
    sides: dict[str, list[int]] = defaultdict(list)
    for n in range(shops):
        daily, tables = everything(f"benchmark {n}")
        made = scorecard.analyse(
            {"shop_daily": daily, **tables}, None, calendar.promotions([], *month), *month, dt.date(2025, 6, 30)
        )
        for line in made.lines["a"]:
            if line.usual:
                sides[line.kpi.name].append(line.usual.side)
    for name, own in sorted(sides.items()):
        print(f"{name:20} {sum(map(abs, own)) / len(own):6.1%} of {len(own)}")
    every = [side for own in sides.values() for side in own]
    print(f"{'all':20} {sum(map(abs, every)) / len(every):6.1%} of {len(every)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
