"""What is said when reports are handed over: three figures, the findings, two decisions, as the reports have them.

Nothing is worded anew: figures and sentences are those of the report as data, after the consultant's edits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kit.deliver.leaving import Leaving, Report
from kit.findings import ORDER, Severity, Side
from kit.text import Words

LONGEST = 300
"""Characters of the text that goes with the files in a chat, line breaks among them."""
ONE_LINE = {"zh": 45, "en": 100}
"""Characters of a finding that fits a subject."""
FIRST = ("attained", "gsv", "spend_ratio", "pay_amount")
"""Figures that are told first, by the last part of their keys."""
FIGURES, DECISIONS, FINDINGS = 3, 2, 6


def figures(report: Report, words: Words, changes: bool = True) -> list[str]:
    """The three figures that are told, each with its first change."""
    place = {name: n for n, name in enumerate(FIRST)}
    known = [kpi for kpi in report["kpis"] if kpi["value"] is not None]
    chosen = sorted(known, key=lambda kpi: place.get(kpi["key"].rpartition(".")[2], len(place)))[:FIGURES]
    return [_figure(kpi, words, changes) for kpi in chosen]


def _figure(kpi: Report, words: Words, changes: bool) -> str:
    said = {"label": kpi["label"][words.locale], "value": words.value({"value": kpi["value"], "unit": kpi["unit"]})}
    change = next((c for c in kpi["changes"] if c["value"] is not None), None) if changes else None
    if change is None:
        return words.label("w.figure", **said)
    arg = {"value": change["value"], "unit": change["unit"]}
    changed = words.value(arg, sign=change["unit"] in ("growth", "points"))
    told = words.label("page.kpi.change", label=change["label"][words.locale], value=changed)
    return words.label("w.figure.change", **said, change=told)


def findings(report: Report, words: Words) -> list[str]:
    """The findings that open the report: those pinned, then by weight; no mere information and no limits of data."""
    shown = [f for f in report["findings"] if f["shown"] and f["shown"]["severity"] != "info" and f["kind"] != "data"]
    shown.sort(key=lambda f: (not f["shown"]["pinned"], ORDER[Severity(f["shown"]["severity"])]))
    return [f["shown"]["text"][words.locale] for f in shown[:FINDINGS]]


def decisions(report: Report, words: Words) -> list[str]:
    """What is asked of the brand, each once: what was agreed, then what is proposed, in the report's order."""
    shown = [f for f in report["findings"] if f["shown"]]
    asked = [*(row for f in shown for row in f.get("agreed", ())), *(f for f in shown if f["action"])]
    return list(dict.fromkeys(one["action"][words.locale] for one in asked if one["side"] == Side.BRAND))


def title(made: Leaving, words: Words) -> str:
    """What the files are together: the one report's title, else that of its kind of period."""
    if len(made.versions) == 1:
        return words.value({"value": next(iter(made.versions)), "unit": "report"})
    return words.label(f"page.kind.{made.period.kind}")


def when(made: Leaving, words: Words) -> str:
    return words.value({"value": made.leading()["period"] | {"kind": made.period.kind}, "unit": "period"})


def facts(made: Leaving, words: Words) -> dict[str, str]:
    """What every opening names."""
    named = {"brand": made.client.name.in_(words.locale), "period": when(made, words)}
    return {**named, "report": title(made, words), "version": f"V{made.version}"}


def headline(report: Report, words: Words) -> str:
    """The first finding if it fits one line, else the first figure: a finding further down would be chosen for its
    length. Empty if neither is there or fits."""
    first = [*findings(report, words)[:1], *figures(report, words)[:1]]
    return next((text for text in first if len(text) <= ONE_LINE[words.locale]), "")


def subject(made: Leaving, words: Words) -> str:
    said, first = facts(made, words), headline(made.leading(), words)
    return words.label("w.subject", **said, headline=first) if first else words.label("w.subject.bare", **said)


def chat(made: Leaving) -> str:
    """The text that goes with the files in a chat: opening, three figures, two decisions; at most ``LONGEST``
    characters. What does not fit is left out whole: changes of figures first, then decisions, told by their number."""
    return next(text for text in _forms(made, made.words) if len(text) <= LONGEST)


def _forms(made: Leaving, words: Words) -> Iterator[str]:
    """The text, ever shorter."""
    report = made.leading()
    opening = words.label("w.done.again" if made.version > 1 else "w.done", **facts(made, words))
    asked = decisions(report, words)
    for changes, spelt in ((True, DECISIONS), (False, DECISIONS), (True, 1), (False, 1), (False, 0)):
        told = figures(report, words, changes)
        yield _lines(opening, _told(told, words), _asked(asked, spelt, words))
    yield _lines(opening, _asked(asked, 0, words))
    yield words.label("w.done.short", version=f"V{made.version}")


def _lines(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def _told(told: Sequence[str], words: Words) -> str:
    if not told:
        return ""
    key = "w.three" if len(told) == FIGURES else "w.figures"
    return words.label(key, figures=("；" if words.locale == "zh" else "; ").join(told))


def _asked(asked: Sequence[str], spelt: int, words: Words) -> str:
    """The decisions, as many as are spelt out; the others are counted."""
    told, more = asked[:spelt], len(asked) - len(asked[:spelt])
    if not asked:
        return words.label("d.none")
    if not told:
        return words.label("w.asked", n=more)
    named = {f"d{n}": text for n, text in enumerate(told, 1)}
    if len(told) == 1:
        return words.label("w.first", n=more, **named) if more else words.label("w.one", **named)
    return words.label("w.two.more", n=more, **named) if more else words.label("w.two", **named)


def corrected(made: Leaving, words: Words) -> list[str]:
    """What a later version corrects, as its pages say it: each line once, whichever report says it."""
    from kit import approvals, corrections

    told: list[str] = []
    known = approvals.known(made.client, made.period)
    for name, version in made.versions.items():
        stood = [one for one in approvals.versions(known, name, made.locale) if one.version < version]
        if version == made.version > 1 and stood:
            old: Any = corrections.copy(made.client, made.period, stood[-1].version, name)
            told += corrections.lines(old, made.machine[name], stood[-1].version, words)
    return list(dict.fromkeys(told))
