"""Two downloads that overlap: the newer one of the same export is right, and the ledger says what it restates."""

import pytest
from making import ids, reading, said

DAY = "统计日期,访客数,支付买家数,支付金额\n2024-11-01,100,{buyers},{amount}\n2024-11-02,90,7,70\n"
MADE = "导出时间：{}\n"


def shop(made):
    return made.tables["shop_daily"].set_index("date")["pay_amount"].tolist()


def restated(made):
    return {line["file"]: line["restated"] for line in made.ledger if line["restated"]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("概况_20241203_101500.csv", ""), ("概况_20241210_101500.csv", "")),
        (("a.csv", MADE.format("2024-12-03 10:15:00")), ("b.csv", MADE.format("2024-12-10 09:00:00"))),
        (("z.csv", MADE.format("2024年12月3日")), ("a.csv", MADE.format("2024-12-10"))),
    ],
    ids=["file name", "preamble", "days alone"],
)
def test_the_newer_download_is_right(tmp_path, old, new):
    files = {
        f"exports/{old[0]}": old[1] + DAY.format(buyers=10, amount=1000),
        f"exports/{new[0]}": new[1] + DAY.format(buyers=9, amount=950),
    }
    made = reading(tmp_path, files)
    assert ids(made) == []
    assert shop(made) == [950, 70]
    noted = {"records": 1, "columns": ["pay_buyers", "pay_amount"], "from": 1000, "to": 950}
    assert restated(made) == {f"exports/{old[0]}": {f"exports/{new[0]}": noted}}
    assert {line["file"]: line["dropped"] for line in made.ledger} == {
        f"exports/{old[0]}": {"overlap": 2},
        f"exports/{new[0]}": {},
    }


def test_without_a_moment_the_later_last_day_is_newer(tmp_path):
    longer = DAY.format(buyers=9, amount=950) + "2024-11-03,80,6,60\n"
    made = reading(tmp_path, {"exports/a.csv": longer, "exports/b.csv": DAY.format(buyers=10, amount=1000)})
    assert (ids(made), shop(made)) == ([], [950, 70, 60])


def test_what_client_toml_says_of_the_download_stands_first(tmp_path):
    files = {
        "exports/概况_20241210_101500.csv": DAY.format(buyers=10, amount=1000),
        "exports/b.csv": DAY.format(buyers=9, amount=950),
    }
    made = reading(tmp_path, files, files={"exports/b.csv": {"downloaded": "2025-01-05"}})
    assert (ids(made), shop(made)) == ([], [950, 70])


def test_downloads_that_nothing_tells_apart_are_settled_by_prefer(tmp_path):
    files = {"exports/a.csv": DAY.format(buyers=10, amount=1000), "exports/b.csv": DAY.format(buyers=9, amount=950)}
    assert ids(reading(tmp_path, files)) == ["e.clash.files", "e.clash.files"]
    made = reading(tmp_path, files, exports={"prefer": ["exports/a.csv"]})
    assert (ids(made), shop(made)) == ([], [1000, 70])


def test_two_exports_that_disagree_are_never_settled_by_age(tmp_path):
    plain = "日期,访客数,支付金额\n2024-11-01,100,950\n2024-11-02,90,70\n2024-11-03,1,1\n"
    files = {"exports/概况_20241203_101500.csv": DAY.format(buyers=10, amount=1000), "exports/own.csv": plain}
    made = reading(tmp_path, files)
    assert ids(made) == ["e.clash.files"]
    assert "给出950和1000" in said(made)[0]
    made = reading(tmp_path, files, exports={"prefer": ["exports/own.csv"]})
    assert (ids(made), shop(made)) == ([], [950, 70, 1])


def test_equal_values_are_no_restatement(tmp_path):
    files = {
        "exports/概况_20241203_101500.csv": DAY.format(buyers=9, amount=950),
        "exports/概况_20241210_101500.csv": DAY.format(buyers=9, amount=950),
    }
    made = reading(tmp_path, files)
    assert (ids(made), restated(made)) == ([], {})


def test_the_result_does_not_depend_on_the_names(tmp_path):
    one, other = DAY.format(buyers=10, amount=1000), DAY.format(buyers=9, amount=950)
    early, late = MADE.format("2024-12-03 10:15:00"), MADE.format("2024-12-10 09:00:00")
    for n, (a, b) in enumerate([(early + one, late + other), (late + other, early + one)]):
        made = reading(tmp_path / str(n), {"exports/a.csv": a, "exports/b.csv": b})
        assert shop(made) == [950, 70]
