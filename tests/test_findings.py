"""Findings are plain data: JSON without NaN, in an order that opens a report."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from kit.findings import Arg, Exhibit, Finding, Kind, Severity, Soundness, Table, payload, plain, ranked


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64("nan"), None),
        (float("inf"), None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (pd.Timestamp("2024-11-30"), "2024-11-30"),
        (dt.date(2024, 11, 30), "2024-11-30"),
        ((1, [2.5, None]), [1, [2.5, None]]),
        ({1: Severity.HIGH}, {"1": "high"}),
    ],
)
def test_everything_becomes_json_types(value, expected):
    assert plain(value) == expected
    json.dumps(plain(value), allow_nan=False)


def test_what_is_not_plain_is_refused_by_its_type():
    with pytest.raises(TypeError, match="not plain data: set"):
        plain({1, 2}.__class__())


def finding(key, severity, **more):
    return Finding(key, "m.size", {"n": Arg(1, "count")}, Soundness.LIMITED, severity, Kind.STATE, **more)


def test_a_payload_says_what_it_is_and_keeps_every_field():
    made = payload(finding("market.size", Severity.HIGH, value=float("nan"), low=1.5))
    assert (made["is"], made["key"], made["value"], made["low"]) == ("finding", "market.size", None, 1.5)
    assert made["args"] == {"n": {"value": 1, "unit": "count"}}
    exhibit = payload(Exhibit("market.x", "table", Table("market.x.table", (), ((1,),), {0: "own"}), ("market.size",)))
    assert exhibit["table"]["marks"] == {"0": "own"}


def test_findings_open_a_report_pinned_first_then_the_weightiest_of_each_exhibit():
    severities = {"a": ("low", "x"), "b": ("high", "x"), "c": ("high", "x"), "d": ("info", "y"), "e": ("medium", "z")}
    made = [{"key": k, "severity": s, "exhibit": e} for k, (s, e) in severities.items()]
    assert [f["key"] for f in ranked(made)] == ["b", "e", "c", "a", "d"]
    made[0]["pinned"] = True
    assert next(f["key"] for f in ranked(made)) == "a"
