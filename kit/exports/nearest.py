"""Why no export matches: rows too fine, the nearest exports and what they lack, or nothing near at all."""

from __future__ import annotations

import difflib
from typing import Any

from kit.errors import Problem, problem
from kit.exports.candidates import Candidate, Hint, shown

NEAR = 0.5
"""The part of its required columns from which an export is named as a near one."""


def unmatched(found: list[Candidate], file: str, hint: Hint) -> Problem:
    """Why nothing matches: rows too fine, the nearest exports and what they lack, or nothing near at all."""
    near = close(found, hint)
    too_fine = [c for c in found if c.forbidding and not c.lacking]
    best = max(too_fine, key=lambda c: c.score, default=None)
    # The plain exports know what forbids another one as a column of their own: one more is no sign of them.
    if best and not any(len(c.at) > len(best.at) + c.export.generic and not c.forbidding for c in near):
        column = shown(best.header.cells[best.forbidding[0]])
        return problem("e.grain", file=file, export=best.export.name[hint.locale], col=column)
    if not near:
        return problem("e.unknown", file=file)
    best = max(near, key=_nearness)
    equal = [c for c in near if _nearness(c) == _nearness(best) and c.header.row == best.header.row]
    facts = lacks(best, file, hint)
    cols = facts["cols"]
    if len({c.export.id for c in equal}) > 1:
        names = list(dict.fromkeys(c.export.name[hint.locale] for c in equal))[:3]
        return problem("e.unknown.near", file=file, near=names, cols=cols)
    facts["export"] = best.export.name[hint.locale]
    renamed = _renamed(cols, [c for p, c in enumerate(best.header.cells) if p not in best.at and c.strip()])
    return problem("e.col.renamed", found=renamed, **facts) if renamed else problem("e.col", **facts)


def lacks(lacking: Candidate, file: str, hint: Hint) -> dict[str, Any]:
    """What is said of an export that lacks columns: which, and where it is downloaded."""
    cols = [lacking.export.header_of(name) for name in lacking.lacking]
    return {"file": file, "cols": cols, "menu": lacking.export.menu[hint.locale]}


def _share(candidate: Candidate) -> float:
    """The part of the required columns that is there."""
    return 1 - len(candidate.lacking) / len(candidate.export.required)


def close(found: list[Candidate], hint: Hint) -> list[Candidate]:
    """Those that only lack something."""
    return [c for c in found if c.lacking and _share(c) >= NEAR and hint.allows(c.export)]


def _nearness(candidate: Candidate) -> tuple[bool, int, bool, int, float]:
    """Nothing that forbids it; the least that is lacking; a platform's own export before the plain one; the most
    columns, and the most of what is required."""
    lacking = -len(candidate.lacking)
    return not candidate.forbidding, lacking, not candidate.export.generic, len(candidate.at), _share(candidate)


def _renamed(lacking: list[str], unused: list[str]) -> list[str]:
    """Headers of the file that may be a lacking column under another name."""
    names = [shown(u) for u in unused]
    return list(dict.fromkeys(n for col in lacking for n in difflib.get_close_matches(col, names, 1, 0.5)))
