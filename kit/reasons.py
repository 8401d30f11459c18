"""What the command line tells of a build when asked: why it was made, and where its time went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.graph import PACK

if TYPE_CHECKING:
    from kit.stages import Stages
    from kit.stale import Plan
    from kit.text import Words


def explained(report: str, plan: Plan, words: Words) -> str:
    """Why a report was run, or in which languages it was rendered from its last run; or that nothing has changed."""
    if plan.run:
        key = "say.why.pack" if report == PACK else "say.why.run"
        return words.label(key, report=report, why=_reasons(plan.run, words))
    said = [words.label("say.why.page", locale=x, why=_reasons(why, words)) for x, why in plan.render.items()]
    if not said:
        return words.label("say.why.nothing", report=report)
    return words.label("say.why.render", report=report, why=words.listing(said))


def profiled(report: str, stages: Stages, whole: float, words: Words) -> str:
    """Seconds of a build by stage; what is left of the whole went into starting its process."""
    from kit.stages import NAMES

    parts = {"start": max(0.0, whole - sum(stages.values())), **{n: stages[n] for n in NAMES if n in stages}}
    said = [words.label(f"stage.{name}", seconds=f"{seconds:.2f}") for name, seconds in parts.items()]
    return words.label("say.profile", report=report, seconds=f"{whole:.2f}", parts=words.listing(said))


def _reasons(names: Sequence[str], words: Words) -> str:
    """What has changed, in words: ``table:orders`` is about a table, ``report:market`` about a report of the period,
    ``report:*/market`` about those of earlier ones."""
    made = []
    for name in names:
        kind, _, about = name.replace("report:*/", "earlier:").partition(":")
        facts = {"table": words.label(f"table.{about}")} if kind == "table" else {"report": about}
        made.append(words.label(f"stale.{kind}", **facts) if about else words.label(f"stale.{kind}"))
    return words.listing(made)
