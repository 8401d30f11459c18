"""Strengths, weaknesses, opportunities and threats: from the findings of the other reports, and from the consultant.

A rule (``kit/rules/swot.toml``) says which findings count, on which side, and from which size on. Without a number
there is no item. What a consultant writes into the sheet ``swot_items`` is merged by key, is marked as a judgement, and
wins over what was computed; strategies come from items that stand together (Weihrich 1982).
"""

from kit.analyses.swot.exhibits import matrices, picture, ways
from kit.analyses.swot.items import analyse

__all__ = ["analyse", "matrices", "picture", "ways"]
