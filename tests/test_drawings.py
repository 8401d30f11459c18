"""A drawing is taken from the last build only where everything that it is made from is as it was."""

import copy
import dataclasses

import pytest
from sample import BRAND, DOTS, LINE

from kit import charts
from kit.drawings import Drawings
from kit.text import Words

ZH = Words("zh")


@pytest.fixture
def kept(tmp_path):
    """The file of a build that drew one exhibit."""
    one = Drawings(tmp_path / "x" / "drawings.json", "tools")
    one.draw(LINE, ZH, BRAND)
    one.keep()
    return one.file


@pytest.fixture
def drawn(monkeypatch):
    """The keys of the exhibits that are drawn from here on."""
    made, draw = [], charts.drawn
    monkeypatch.setattr(charts, "drawn", lambda e, *more: made.append(e["key"]) or draw(e, *more))
    return made


def test_what_was_drawn_before_is_the_same_picture_and_is_not_drawn_again(kept, drawn):
    again = Drawings(kept, "tools").draw(LINE, ZH, BRAND)
    assert drawn == []
    assert again == charts.draw(LINE, ZH, BRAND)


def test_another_message_is_told_without_drawing(kept, drawn):
    told = Drawings(kept, "tools").draw({**LINE, "message": "份额上升。"}, ZH, BRAND)
    assert told.alt.startswith("份额上升") and drawn == []


def _cell(exhibit):
    changed = copy.deepcopy(exhibit)
    changed["table"]["rows"][-1][-1] += 1e7
    return changed


@pytest.mark.parametrize(
    "changed",
    [
        {"exhibit": _cell(LINE)},
        {"exhibit": {**LINE, "options": {}}},
        {"words": Words("en")},
        {"words": Words("zh", "GBP")},
        {"brand": dataclasses.replace(BRAND, primary="#004d40")},
        {"brand": dataclasses.replace(BRAND, up_color="green" if BRAND.up_color == "red" else "red")},
        {"page": charts.SHORT},
    ],
    ids=["a cell", "an option", "the language", "the currency", "a colour", "the colour of a rise", "the width"],
)
def test_a_change_of_what_it_is_made_from_draws_it_anew(kept, drawn, changed):
    given = {"exhibit": LINE, "words": ZH, "brand": BRAND, "page": charts.PAGE} | changed
    assert Drawings(kept, "tools").draw(*given.values()) == charts.draw(*given.values())
    assert drawn == [LINE["key"], LINE["key"]]


def test_another_kit_draws_anew(kept, drawn):
    Drawings(kept, "other").draw(LINE, ZH, BRAND)
    Drawings(kept, "tools", anew=True).draw(LINE, ZH, BRAND)
    assert drawn == [LINE["key"]] * 2


@pytest.mark.parametrize("damage", [lambda t: t[:-9], lambda t: t.replace("<path", "<poth", 1), lambda t: "[]"])
def test_a_damaged_file_draws_anew(kept, drawn, damage):
    before = kept.read_text(encoding="utf-8")
    kept.write_text(damage(before), encoding="utf-8")
    assert kept.read_text(encoding="utf-8") != before
    Drawings(kept, "tools").draw(LINE, ZH, BRAND)
    assert drawn == [LINE["key"]]


def test_those_of_the_last_build_alone_stay(kept):
    later = Drawings(kept, "tools")
    later.draw(DOTS, ZH, BRAND)
    later.keep()
    assert len(Drawings(kept, "tools").known) == 1
    assert [p.name for p in kept.parent.iterdir()] == [kept.name]


def test_a_build_that_draws_nothing_leaves_them(kept):
    before = kept.stat().st_mtime_ns
    Drawings(kept, "tools").keep()
    assert kept.stat().st_mtime_ns == before
