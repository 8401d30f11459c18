"""What a running notebook shows is drawn before its pages are set (``kit.drawing_ahead``); no notebook runs here."""

import nbformat
import pytest
from built import ROOT
from making import client as made
from sample import LINE
from test_render import CSV, START

from kit import charts, drawing_ahead, store
from kit.brand import load
from kit.drawings import Drawings
from kit.outputs import MIME
from kit.text import Words

OPENS = {**START, "period": {"start": "2016-11-01", "end": "2016-11-30", "kind": "month", "text": "2016-11"}}
CHART = {**LINE, "is": "exhibit", "findings": [], "notes": []}
TABLE = {**CHART, "form": "table"}


def cell(*pieces):
    outputs = [nbformat.v4.new_output("display_data", {MIME: piece}) for piece in pieces]
    return nbformat.v4.new_code_cell("x", outputs=outputs)


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    (tmp_path / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
    (tmp_path / "client").mkdir()
    return made(tmp_path / "client", {"exports/a.csv": CSV})


@pytest.fixture
def drawn(monkeypatch):
    """The languages that something was drawn in."""
    found, draw = [], charts.drawn
    monkeypatch.setattr(charts, "drawn", lambda e, words, *more: found.append(words.locale) or draw(e, words, *more))
    return found


def drawings(tmp_path, *locales):
    return {locale: Drawings(tmp_path / f"{locale}.json", "tools") for locale in locales}


def test_an_exhibit_is_drawn_once_in_each_language_as_soon_as_its_cell_is_run(client, tmp_path, drawn):
    kept = drawings(tmp_path, "zh", "en")
    with drawing_ahead.drawing(client, store.load(client), kept) as seen:
        for one in (cell(OPENS), cell(TABLE), cell(CHART, CHART), cell()):
            seen(one)
    assert drawn == ["zh", "en"]
    picture = kept["en"].draw({**CHART, "message": "Up."}, Words("en"), load(client.folder, client.up_color))
    assert drawn == ["zh", "en"] and picture.svg.startswith("<svg") and picture.alt.startswith("Up.")


def test_what_was_drawn_for_nothing_is_not_kept(client, tmp_path, drawn):
    kept = drawings(tmp_path, "zh")
    with drawing_ahead.drawing(client, store.load(client), kept) as seen:
        seen(cell(OPENS, CHART))
    kept["zh"].keep()
    assert drawn == ["zh"] and not kept["zh"].file.exists()


def test_what_cannot_be_drawn_stops_nothing_and_is_told_by_whoever_draws_it_then(client, tmp_path, drawn):
    kept, broken = drawings(tmp_path, "zh"), {**CHART, "table": {**CHART["table"], "rows": [["x"]]}}
    with drawing_ahead.drawing(client, store.load(client), kept) as seen:
        for one in (cell(OPENS), cell({**broken, "key": "market.broken"}), cell(CHART)):
            seen(one)
    assert len(kept["zh"].made) == 1
    with pytest.raises(Exception, match=r".+"):
        kept["zh"].draw(broken, Words("zh"), load(client.folder, client.up_color))


def test_a_run_that_fails_is_told_at_once_and_what_waits_is_not_drawn(client, tmp_path, drawn):
    kept = drawings(tmp_path, "zh")
    many = [{**CHART, "key": f"market.{n}", "options": {**CHART["options"], "n": n}} for n in range(200)]
    with (
        pytest.raises(ValueError, match="stopped"),
        drawing_ahead.drawing(client, store.load(client), kept) as seen,
    ):
        seen(cell(OPENS))
        for one in many:
            seen(cell(one))
        raise ValueError("stopped")
    assert len(drawn) < len(many)
