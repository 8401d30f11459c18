"""The verdicts of each report: what its findings may conclude, in one place."""

from enum import StrEnum


class MarketVerdict(StrEnum):
    """Verdicts of the market report. What is unsound about the data has ``findings.Soundness`` instead."""

    GREW = "grew"
    FELL = "fell"
    LEVEL = "level"
    AHEAD = "ahead"
    BEHIND = "behind"
    IN_STEP = "in_step"
    UNDER_SUPPLIED = "under_supplied"
    OVER_SUPPLIED = "over_supplied"
    PRICE_LED = "price_led"
    """Money shares differ beyond chance, pieces do not: the gap comes from what a piece costs."""
    BALANCED = "balanced"
    """No band stands out beyond chance."""
    OPEN = "open"
    """The interval holds both directions."""
    WEAK = "weak"
    """There is an estimate, but its source carries no more than a direction."""
    RANKED = "ranked"
    ABOVE = "above"
    BELOW = "below"
    CUT = "cut"
    NONE = "none"
    """A minimum is not met: the number is withheld."""
