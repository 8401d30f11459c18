"""One or two pages over all reports of a period: what matters most, what was agreed, what is to be decided.

Nothing is computed and nothing is said that no report says: each line is a finding of a report, in its own words, with
where it is shown.
"""

from kit.analyses.summary.page import actions, answer, asks, score, unseen
from kit.analyses.summary.pick import analyse

__all__ = ["actions", "analyse", "answer", "asks", "score", "unseen"]
