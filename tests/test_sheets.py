"""Rows of the consultant's sheets: whose they are, and that none silently does nothing."""

import pytest

from kit import sheets
from kit.text import Words


class Store:
    def __init__(self, **tables):
        self.tables = tables

    def records(self, name):
        return self.tables.get(name, [])


def test_a_key_is_read_as_keys_are_written():
    store = Store(edits=[{"finding": " Market.Size ", "action": "pin"}, {"finding": None, "action": "pin"}])
    assert [row["finding"] for row in sheets.of(store, "edits", "market")] == ["market.size"]
    assert sheets.of(store, "edits", "review") == []
    assert sheets.of(store, "actions", "market") == []


@pytest.mark.parametrize("key", ["market.gone", "nodots", "markt.size"])
def test_a_row_about_nothing_there_is_is_told(key):
    store = Store(edits=[{"finding": "market.size"}], actions=[{"finding": key}])
    [said] = sheets.gone(store, "market", ["market.size"], ["market", "review"])
    assert said.warning
    sentence = f"Sheet actions: “{key}” did not occur this time, so the row had no effect. Check the key"
    assert Words("en").problem(said) == sentence


def test_a_row_about_another_report_is_that_reports_business():
    assert sheets.gone(Store(edits=[{"finding": "review.x"}]), "market", [], ["market", "review"]) == []
