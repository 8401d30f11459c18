"""The tests of a client as sums: what an analysis of them takes. Rows stay in the database.

``found`` lists the tests of which there are data, ``read`` is what an analysis takes of one, ``overlap`` the units that
several of them share. A test whose units are stated is read from them, another from its days, another from its period.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.trials.facts import Health, health
from kit.trials.found import Trial, found
from kit.trials.made import COLUMNS, Pair, sums
from kit.trials.rows import opened, overlap
from kit.trials.trimmed import trimmed

if TYPE_CHECKING:
    import pandas as pd

    from kit.store import Store

__all__ = ["COLUMNS", "Health", "Tested", "Trial", "found", "overlap", "read"]

EXTREME = 0.999
"""The part of all units whose largest value extremes are set to."""


@dataclass(frozen=True)
class Tested:
    """A test with data: what it is, its sums (``kit.trials.made``), those without extremes (``kit.trials.trimmed``),
    and what its rows say of themselves."""

    trial: Trial
    sums: pd.DataFrame
    trimmed: pd.DataFrame
    health: Health


def read(store: Store, trial: Trial, pairs: Collection[Pair] = (), share: float = EXTREME) -> Tested:
    """Everything of one test, its rows compared with each other once. ``pairs``: further ratios wanted, of which those
    that the data bring are made. Raises ``KitError`` as ``Store.select``."""
    with opened(store, trial) as con:
        return Tested(trial, sums(con, trial, pairs), trimmed(con, trial, share), health(con, trial))
