"""The consultant may hide, pin, lower and reword, with a reason; never the numbers, never a data warning."""

import pytest

from kit import edits
from kit.errors import KitError
from kit.text import Words


def finding(**more):
    args = {"value": {"value": 0.152, "unit": "ratio"}}
    base = {
        "key": "market.size",
        "sentence": "x",
        "args": args,
        "severity": "medium",
        "unsound": False,
        "kind": "state",
    }
    return {**base, **more}


def edit(action, **more):
    return {"finding": "market.size", "action": action, "by": "李", "why": "不宜外传", **more}


def test_each_edit_does_its_one_thing_and_stays_on_record():
    for action, field, value in [("hide", "hidden", True), ("pin", "pinned", True), ("lower", "severity", "low")]:
        [made] = edits.apply([finding()], [edit(action)])
        assert made[field] == value
        assert [(e["action"], e["why"]) for e in made["edit"]] == [(action, "不宜外传")]
    [untouched] = edits.apply([finding()], [])
    assert untouched["edit"] is None


def test_several_edits_of_one_finding_all_stand_on_record():
    [made] = edits.apply([finding()], [edit("lower"), edit("reword", text_zh="份额{value}")])
    assert (made["severity"], made["rewording"]["zh"]) == ("low", "份额{value}")
    assert [e["action"] for e in made["edit"]] == ["lower", "reword"]


def test_the_lowest_severity_stays():
    assert edits.apply([finding(severity="info")], [edit("lower")])[0]["severity"] == "info"


def test_a_rewording_keeps_the_numbers_by_placeholder():
    [made] = edits.apply([finding()], [edit("reword", text_zh="份额回落到{value}")])
    assert edits.headline(made, Words("zh")) == "份额回落到15.2%"


def test_a_language_without_rewording_keeps_the_kits_sentence():
    [made] = edits.apply(
        [finding(sentence="g.flat", args={k: {"value": "x", "unit": "text"} for k in ("metric", "value", "base")})],
        [edit("reword", text_zh="持平")],
    )
    assert edits.headline(made, Words("en")) == "x was x, level with x"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            edit("delete"),
            "Sheet edits, “market.size”: “delete” cannot be used as action. Allowed: hide, pin, lower, reword",
        ),
        (edit("hide", why=""), "Sheet edits, “market.size”: who made the edit or why is missing. Fill in by and why"),
        (edit("reword"), "Sheet edits, “market.size”: no new sentence is given. Fill in text_zh or text_en"),
        (
            edit("reword", text_en="A share of {share}"),
            "Sheet edits, “market.size”: the new sentence uses placeholders that do not exist: share. Allowed: value",
        ),
        (
            edit("reword", text_en="A share of {value"),
            "Sheet edits, “market.size”: the new sentence uses placeholders that do not exist: {. Allowed: value",
        ),
        (
            edit("reword", text_en="A share of {value.x}"),
            "Sheet edits, “market.size”: the new sentence uses placeholders that do not exist: {. Allowed: value",
        ),
        (
            edit("reword", text_en="A share of 15%"),
            "Sheet edits, “market.size” (en): a number is typed. Use a placeholder in braces for it",
        ),
    ],
)
def test_an_edit_that_may_not_stand_is_told(row, said):
    with pytest.raises(KitError, match=r"e\.edit\.") as error:
        edits.apply([finding()], [row])
    assert [Words("en").problem(p) for p in error.value.problems] == [said]


def test_a_forbidden_word_in_a_rewording_is_refused():
    with pytest.raises(KitError, match=r"e\.edit\.style\.superlative") as error:
        edits.apply([finding()], [edit("reword", text_zh="销量{value}，全网第一")])
    said = "“market.size”的改写（zh）用了极限词。请写名次，并注明指标、范围和来源"
    assert [Words("zh").problem(p) for p in error.value.problems] == [said]


def test_a_limit_of_the_data_cannot_be_hidden():
    with pytest.raises(KitError, match=r"e\.edit\.unsound"):
        edits.apply([finding(kind="data")], [edit("hide")])


def test_a_claim_that_the_data_are_unsound_cannot_be_hidden():
    with pytest.raises(KitError, match=r"e\.edit\.unsound") as error:
        edits.apply([finding(unsound=True)], [edit("hide")])
    assert "cannot be hidden" in Words("en").problem(error.value.problems[0])


def test_all_faulty_edits_are_told_at_once():
    with pytest.raises(KitError, match=r"e\.edit\.action") as error:
        edits.apply([finding()], [edit("delete"), edit("reword")])
    assert len(error.value.problems) == 2
