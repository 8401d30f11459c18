"""From what is known of a variant to its verdict: one table, read from the top, the first row that holds decides.

============================================== ================ ==========================
what holds                                     verdict          reason
============================================== ================ ==========================
an arm has no value                            none             the code that withholds it
one version after the other (before–after)     weak
the ad tool chose while it ran, or nobody says described        tool, unsaid
a gate fails                                   fix              the gate
its plan isn't over; a sequential test decides run              week, guardrail,
over a week as soon as a guardrail fails, it                    guardrail_missing,
is clearly worse or loses revenue, or clearly                   faded
better with nothing in the way
no test, neither arm has anything, or both     none             the code, zero, few
together have too few successes
a guardrail is past its margin                 dont_ship        guardrail
clear, but a fixed test was read early         undecided        looks
the whole range lies within the practical      same
margin
clear and worse                                dont_ship        worse
clear and better, a guardrail isn't cleared,   undecided        guardrail,
or the data lack it                                             guardrail_missing
clear and better, but recorded revenue is      undecided        loses, faded
clearly less, or the effect changed over the
days and its second half isn't better
clear and better, by rotation                  recommend
clear and better                               ship
not clear, and it could have seen the          undecided        adequate, unplanned
planned difference (or none was planned)
not clear, and too small to see it             underpowered
============================================== ================ ==========================

Of several variants that would be shipped, or recommended, the one with the largest estimate is; the others become
undecided (second), since they were not held against each other.

Clear: the test's interval leaves no effect out. The margin is the plan's ``mde``, and the range is the test's own
interval, so that no verdict contradicts another number. A guardrail is judged by the same interval: past its margin, if
all of it is; cleared, if none of it is. Where
nobody said which way is worse, it is cleared if all of it is within the margin both ways.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kit.analyses.abtest.declare import Plan
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.stats.experiment.comparison import Comparison

WEEK = 7
"""Days under which a sequential test goes on, however clear: they would be read as weekdays are."""
HELD = {"open": "guardrail", "missing": "guardrail_missing"}
"""States of a guardrail in which a gain is not acted on, and the reason."""
FEWEST = 10
"""Successes of both arms together under which a test of shares is not relied on."""


@dataclass(frozen=True)
class Facts:
    """What the table looks at. ``failed``: the first gate that fails, blank if none; ``early``: the plan is not over.

    ``guard``: the worst of ``guarded`` over the guardrails, or missing where the data lack one; blank without any.
    ``adequate``: whether the test could see the planned difference; None where none was planned. ``successes``: of both
    arms, of a metric that counts them. ``days``: that the data state, None where they state none. ``against``: what
    speaks against acting on a gain beside the guardrails, loses or faded; blank if nothing does.
    """

    plan: Plan
    comparison: Comparison | None
    successes: int | None = None
    failed: str = ""
    early: bool = False
    guard: str = ""
    adequate: bool | None = None
    days: int | None = None
    against: str = ""

    @property
    def outcome(self) -> str:
        """better, worse or unclear, by the direction that the plan declares."""
        found = self.comparison
        if found is None or not found.differs or found.difference is None:
            return "unclear"
        return "better" if found.difference * self.plan.better > 0 else "worse"

    @property
    def inside(self) -> bool:
        """Whether all of the lift's interval lies within the practical margin."""
        found, most = self.comparison, self.plan.mde
        if found is None or most is None or found.lift_low is None or found.lift_high is None:
            return False
        return -most <= found.lift_low and found.lift_high <= most

    @property
    def clear(self) -> bool:
        return self.outcome != "unclear"

    @property
    def held(self) -> str:
        """Why a gain is not acted on; blank if nothing is in its way."""
        return HELD.get(self.guard, self.against) if self.outcome == "better" else ""

    @property
    def waits(self) -> str:
        """Why a sequential test that is clear goes on all the same; blank if it may end: what it loses already, it
        would go on losing."""
        if self.days is not None and self.days < WEEK:
            return "week"
        return "" if self.guard == "failed" or self.held == "loses" else self.held

    @property
    def goes_on(self) -> bool:
        """Whether the plan is not over, and a test that may end before it has no reason to."""
        told = self.clear or self.guard == "failed"
        return self.early and not (self.plan.sequential and told and not self.waits)


@dataclass(frozen=True)
class Row:
    """A row of the table; ``reason`` is a code that chooses the sentence."""

    verdict: Verdict
    holds: Callable[[Facts], bool]
    reason: Callable[[Facts], str]


def _bare(found: Comparison | None) -> bool:
    return found is None or found.control is None or found.variant is None


def _untested(found: Comparison | None) -> bool:
    return found is None or found.p is None or (found.control == 0 and found.variant == 0)


def _is(reason: str = "") -> Callable[[Facts], str]:
    return lambda facts: reason


TABLE: tuple[Row, ...] = (
    Row(Verdict.NONE, lambda f: _bare(f.comparison), lambda f: withheld(f.comparison)),
    Row(Verdict.WEAK, lambda f: f.plan.allocation == "before-after", _is()),
    Row(Verdict.DESCRIBED, lambda f: f.plan.allocation == "platform-optimised", _is("tool")),
    Row(Verdict.DESCRIBED, lambda f: not f.plan.allocation or not f.plan.better, _is("unsaid")),
    Row(Verdict.FIX, lambda f: f.failed != "", lambda f: f.failed),
    Row(Verdict.RUN, lambda f: f.goes_on, lambda f: f.waits if f.plan.sequential and f.clear else ""),
    Row(Verdict.NONE, lambda f: _untested(f.comparison), lambda f: withheld(f.comparison)),
    Row(Verdict.NONE, lambda f: f.successes is not None and f.successes < FEWEST, _is("few_successes")),
    Row(Verdict.DONT_SHIP, lambda f: f.guard == "failed", _is("guardrail")),
    Row(Verdict.UNDECIDED, lambda f: f.clear and f.plan.looks > 0 and not f.plan.sequential, _is("looks")),
    Row(Verdict.SAME, lambda f: f.inside, _is()),
    Row(Verdict.DONT_SHIP, lambda f: f.outcome == "worse", _is("worse")),
    Row(Verdict.UNDECIDED, lambda f: f.held != "", lambda f: f.held),
    Row(Verdict.RECOMMEND, lambda f: f.outcome == "better" and f.plan.allocation == "rotation", _is()),
    Row(Verdict.SHIP, lambda f: f.outcome == "better", _is()),
    Row(Verdict.UNDECIDED, lambda f: f.adequate is not False, _is("adequate")),
    Row(Verdict.UNDERPOWERED, lambda f: True, _is()),
)


@dataclass(frozen=True)
class Decision:
    verdict: Verdict
    reason: str = ""


def decide(facts: Facts) -> Decision:
    """The verdict of the first row that holds."""
    row = next(row for row in TABLE if row.holds(facts))
    return Decision(row.verdict, row.reason(facts))


def withheld(found: Comparison | None) -> str:
    """Why there is no test: the first code of those that the comparison gives, or that both values are zero."""
    if found and found.p is not None and found.control == 0 and found.variant == 0:
        return "zero"
    return found.withheld[0] if found and found.withheld else "no_data"


def guarded(found: Comparison, better: int, margin: float | None) -> str:
    """kept, open, failed or unset: where a guardrail's interval lies against its margin.

    Without an agreed margin only what is clearly worse counts: failed, else unset. Without a lift, the margin is taken
    of the control's value. Of which nobody said which way is worse has to stay within its margin both ways.
    """
    low, high = _against(found)
    if low is None or high is None:
        return "open" if margin is not None else "unset"
    if better == 0:
        return "unset" if margin is None else "kept" if -margin <= low and high <= margin else "open"
    worst, least = (low, high) if better > 0 else (-high, -low)
    if least < -(margin or 0.0):
        return "failed"
    return "unset" if margin is None else "kept" if worst >= -margin else "open"


def _against(found: Comparison) -> tuple[float | None, float | None]:
    """The interval as a part of the control's value."""
    if found.lift_low is not None and found.lift_high is not None:
        return found.lift_low, found.lift_high
    if found.low is None or found.high is None or not found.control or found.control <= 0:
        return None, None
    return found.low / found.control, found.high / found.control
