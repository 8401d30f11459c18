"""What every analysis keeps to, whatever it is given, and a finding's sentence as it is read."""

import json

import pandas as pd

from kit.findings import Heading, payload, plain
from kit.text import Words


def said(finding, locale="zh"):
    """A finding's sentence, or that of a note."""
    return Words(locale).sentence(finding.sentence, finding.args)


def keyed(things, prefix):
    """Findings or exhibits by what follows in their keys."""
    return {thing.key.removeprefix(prefix): thing for thing in things}


def left_alone(given, make):
    """What ``make`` makes of tables by name, which are as they were afterwards."""
    copies = {name: table.copy(deep=True) for name, table in given.items()}
    made = make(**given)
    for name, copy in copies.items():
        pd.testing.assert_frame_equal(copy, given[name])
    return made


def whole(page):
    """Each key once, findings and exhibits name each other, all of it is JSON and worded in both languages."""
    keys = [f.key for f in page.findings]
    assert len(keys) == len(set(keys)) and all(e.findings and set(e.findings) <= set(keys) for e in page.exhibits)
    assert {f.exhibit for f in page.findings if f.exhibit} <= {e.key for e in page.exhibits}
    json.dumps([payload(t) for t in (*page.findings, *page.exhibits)], allow_nan=False)
    asides = [note for f in page.findings for note in (f.evidence, f.action) if note]
    notes = [n for e in page.exhibits for n in e.notes] + asides
    for words in (Words("zh"), Words("en")):
        assert all(words.sentence(n.sentence, n.args) for n in (*page.findings, *notes))
        assert all(words.label(c.label) for e in page.exhibits for c in e.table.columns)
        assert all(words.label(f"{f.method}.text") for f in page.findings if f.method)


def shows(page):
    """All of it is plain, every finding is worded in both languages with its values filled in, and stands in an
    exhibit."""
    for thing in (*page.findings, *page.exhibits, *page.missing):
        payload(thing)
    for finding in page.findings:
        for locale in ("zh", "en"):
            assert "{" not in Words(locale).sentence(finding.sentence, plain(finding.args))
    drawn = [x for x in page.exhibits if not isinstance(x, Heading)]
    assert {key for x in drawn for key in x.findings} == {f.key for f in page.findings}


def told(page):
    """Every number that a finding says stands in an exhibit, and every column can be written in both languages."""
    seen = {round(abs(n), 9) for e in page.exhibits for n in numbers(payload(e))}
    for finding in page.findings:
        counts = {name for name, arg in finding.args.items() if str(arg.unit).partition(".")[0] in ("count", "date")}
        said = {name: arg.value for name, arg in finding.args.items() if name not in counts}
        assert {round(abs(n), 9) for n in numbers(said)} <= seen, finding.key
    for words in (Words("zh"), Words("en")):
        for exhibit in page.exhibits:
            for n, column in enumerate(exhibit.table.columns):
                assert words.column([row[n] for row in exhibit.table.rows], column.unit)


def numbers(value):
    """Every number in plain data."""
    if isinstance(value, dict):
        return [n for v in value.values() for n in numbers(v)]
    if isinstance(value, list | tuple):
        return [n for v in value for n in numbers(v)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []
