"""What may be said of a campaign's increment: one table, read from top to bottom; every word follows from it.

===============================================  ==============
the first of these that holds                    verdict
===============================================  ==============
fewer than 28 usable days before, or fewer than
three times the campaign's; no model             ``TOO_LITTLE``
fewer than ten placebo windows                   ``TOO_LITTLE``
any ``REASONS`` to doubt the estimate            ``WEAK``
the whole range above zero                       ``ADDED``
the whole range below zero                       ``TOOK``
zero within the range                            ``NOT_SHOWN``
===============================================  ==============

Reasons, the weightiest first: ``moved`` the control itself jumps at the event · ``disagree`` the methods do not agree ·
``placebos`` more than a tenth of ordinary windows show as large a change · ``turned`` the shop and its controls parted
before · ``shut`` the shop was closed on days around it · ``bent`` the windows just before it missed to one side ·
``fit`` the control does not track the shop · ``platform`` the whole category is on promotion and no control outside it
is given · ``shared`` another campaign of the shop has some of its days.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.stats.counterfactual import LEAST_WINDOWS, Counterfactual, enough

REASONS = ("moved", "disagree", "placebos", "turned", "shut", "bent", "fit", "platform", "shared")
LARGER = 0.1
"""Share of placebo windows with as large an effect above which the event's is nothing unusual."""
LEAST_FIT = 0.5
"""Correlation with the controls under which they say nothing of the shop."""


@dataclass(frozen=True)
class Evidence:
    """``alone``: a platform's event, and no control given; ``shared``: another campaign on its days; ``shut``: days
    around it on which the shop was closed. The others (``moved``, ``turned``, ``agree``) are None where nobody
    looked."""

    alone: bool
    moved: bool | None = None
    turned: bool | None = None
    agree: bool | None = None
    shared: bool = False
    shut: bool = False


def decide(found: Counterfactual | None, days: int, evidence: Evidence) -> tuple[Verdict, tuple[str, ...]]:
    """Verdict on an event of ``days``, and why: reasons to doubt, or ``days`` or ``windows`` of which there are few."""
    if found is None or not enough(found.before, days):
        return Verdict.TOO_LITTLE, ("days",)
    if len(found.placebos) < LEAST_WINDOWS:
        return Verdict.TOO_LITTLE, ("windows",)
    reasons = doubts(found, evidence)
    if reasons:
        return Verdict.WEAK, reasons
    first = found.parts[0]
    return Verdict.ADDED if first.low > 0 else Verdict.TOOK if first.high < 0 else Verdict.NOT_SHOWN, ()


def doubts(found: Counterfactual, evidence: Evidence) -> tuple[str, ...]:
    """The reasons that hold, in their order."""
    holds = {
        "moved": bool(evidence.moved),
        "disagree": evidence.agree is False,
        "placebos": found.larger is not None and found.larger > LARGER,
        "turned": bool(evidence.turned),
        "shut": evidence.shut,
        "bent": found.bent,
        "fit": found.fit is not None and found.fit < LEAST_FIT,
        "platform": evidence.alone,
        "shared": evidence.shared,
    }
    return tuple(reason for reason in REASONS if holds[reason])
