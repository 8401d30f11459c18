"""The consultant's edits: hide, pin, lower or reword a finding, with a reason, never its numbers.

Edits are rows of the ``edits`` sheet. They apply when findings are shown; the JSON keeps the finding as it was made
together with its edits, so whoever approves sees both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kit.errors import KitError, Problem, problem
from kit.findings import ORDER, Severity
from kit.sheets import text
from kit.text import Words, faults

ACTIONS = ("hide", "pin", "lower", "reword")
LOWER = {rank: severity for severity, rank in ORDER.items()}


def apply(findings: Iterable[dict[str, Any]], edits: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Finding payloads with ``edit`` set (a list, or None) and what it asks: ``hidden``, ``pinned``, ``severity`` …

    Raises ``KitError`` with every edit that may not stand: an unknown action, no reason, a rewording that types a
    number, has a placeholder the finding lacks or breaks the wording rules, hiding a claim that the data are unsound.
    """
    edited = {f["key"]: {**f, "edit": None} for f in findings}
    problems: list[Problem] = []
    for row in edits:
        edit = {k: text(row.get(k)) for k in ("finding", "action", "text_zh", "text_en", "by", "why")}
        found = edited.get(edit["finding"])
        faulty = list(_faults(edit, found))
        problems += faulty
        if found and not faulty:
            edited[edit["finding"]] = _applied(found, edit)
    if problems:
        raise KitError(problems)
    return list(edited.values())


def _applied(found: dict[str, Any], edit: dict[str, str]) -> dict[str, Any]:
    changed = {**found, "edit": [*(found["edit"] or ()), edit]}
    if edit["action"] == "hide":
        changed["hidden"] = True
    elif edit["action"] == "pin":
        changed["pinned"] = True
    elif edit["action"] == "lower":
        changed["severity"] = str(LOWER[min(ORDER[Severity(found["severity"])] + 1, max(LOWER))])
    else:
        changed["rewording"] = {"zh": edit["text_zh"], "en": edit["text_en"]}
    return changed


def _faults(edit: dict[str, str], found: dict[str, Any] | None) -> Iterable[Problem]:
    where = {"finding": edit["finding"]}
    if edit["action"] not in ACTIONS:
        yield problem("e.edit.action", **where, value=edit["action"], allowed=", ".join(ACTIONS))
    if not edit["why"] or not edit["by"]:
        yield problem("e.edit.reason", **where)
    if found is None:
        return
    if edit["action"] == "hide" and (found["unsound"] or found["kind"] == "data"):
        yield problem("e.edit.unsound", **where)
    if edit["action"] == "reword":
        yield from _reworded(edit, found)


def _reworded(edit: dict[str, str], found: dict[str, Any]) -> Iterable[Problem]:
    if not edit["text_zh"] and not edit["text_en"]:
        yield problem("e.edit.empty", finding=edit["finding"])
    for locale in ("zh", "en"):
        wording = edit[f"text_{locale}"]
        names = set(re.findall(r"{(\w+)}", wording))
        # Any other brace would be printed as it stands: {demand with its end forgotten, {demand:.1f}.
        strange = sorted(names - set(found["args"])) + re.findall(r"[{}]", re.sub(r"{\w+}", "", wording))[:1]
        if strange:
            known = ", ".join(sorted(found["args"]))
            yield problem("e.edit.placeholder", finding=edit["finding"], value=", ".join(strange), allowed=known)
        for reason in faults(wording, locale) if wording else ():
            id = "e.edit.digits" if reason == "digits" else f"e.edit.style.{reason}"
            yield problem(id, finding=edit["finding"], locale=locale)


def headline(finding: dict[str, Any], words: Words) -> str:
    """The sentence to print: the consultant's rewording in this language if there is one, else the kit's own."""
    rewording = finding.get("rewording", {}).get(words.locale)
    args = finding["args"]
    return words.fill(rewording, args) if rewording else words.sentence(finding["sentence"], args)
