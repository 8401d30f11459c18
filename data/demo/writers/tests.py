"""The shop's tests as a consultant gets them: a row per visitor from the testing tool, the rotation by day."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from formats import csv_bytes, rows, zipped
from simulation.everything import Simulation
from simulation.experiments import EXPERIMENTS

UNIT_HEADER = ("测试", "版本", "访客ID", "首次曝光时间", "是否加购", "是否支付", "支付金额", "实验前支付金额", "人群")
DAY_HEADER = ("测试", "版本", "日期", "访客数", "点击次数")
SEGMENTS = {"new": "新客", "returning": "老客"}


def units(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """A file per randomised test, version by version and day by day; a test goes by its name.

    Visitors are numbered in that order and what they paid before is in whole yuan: random digits don't compress.
    """
    for test in EXPERIMENTS:
        if test.allocation == "randomised":
            table = world.units[world.units["experiment"] == test.key].sort_values(["variant", "date"], kind="stable")
            given = {
                "测试": test.name,
                "版本": list(table["variant"]),
                "访客ID": [f"{test.key[:2]}{n:07d}" for n in range(len(table))],
                "首次曝光时间": [f"{d:%Y-%m-%d}" for d in table["date"]],
                "是否加购": [str(v) for v in table["carted"]],
                "是否支付": [str(v) for v in table["bought"]],
                "支付金额": _money(table["revenue"], 2),
                "实验前支付金额": _money(table["pre_revenue"], 0),
                "人群": [SEGMENTS[s] for s in table["segment"]],
            }
            name = f"测试明细_{test.name}_{test.start}_{test.end}"
            content = csv_bytes(rows(UNIT_HEADER, len(table), given), "utf-8-sig")
            yield f"tmall/{name}.zip", zipped(f"{name}.csv", content, flagged=True)


def _money(amounts: pd.Series, digits: int) -> list[str]:
    return [f"{a:.{digits}f}" if a else "0" for a in amounts]


def rotation(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """What alternates by day has no visitors of its own: a row per day."""
    for test in EXPERIMENTS:
        if test.allocation == "rotation":
            table = world.tests[world.tests["experiment"] == test.key]
            given = {
                "测试": test.name,
                "版本": list(table["variant"]),
                "日期": [f"{d:%Y-%m-%d}" for d in table["date"]],
                "访客数": [f"{v:.0f}" for v in table["visitors"]],
                "点击次数": [f"{v:.0f}" for v in table["clicks"]],
            }
            content = csv_bytes(rows(DAY_HEADER, len(table), given), "utf-8-sig")
            yield f"tmall/测试每日_{test.name}_{test.start}_{test.end}.csv", content
