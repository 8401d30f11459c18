"""The canonical tables: what every export is read into, and what an analysis may rely on."""

from __future__ import annotations

from kit.tables.ads import ACCOUNT_DAILY, ADS_DAILY, CONTENT, LIVE_DAILY, LIVE_SESSIONS
from kit.tables.inputs import SHEETS
from kit.tables.market import LISTINGS, MARKET_DAILY, MARKET_MONTHLY, RIVALS, SEARCH_TERMS
from kit.tables.sales import ORDER_LINES, ORDERS, PRESALE_DAILY, REFUNDS
from kit.tables.schema import DTYPES, Field, Rule, Table, checks, frame
from kit.tables.settlement import SETTLEMENT
from kit.tables.shop import (
    CATEGORY_DAILY,
    INVENTORY,
    ITEM_DAILY,
    ITEM_SOURCES,
    REVIEWS,
    SERVICE_DAILY,
    SHOP_DAILY,
    TRAFFIC_SOURCE,
)
from kit.tables.trials import EXPERIMENT_DAILY, EXPERIMENT_SUMMARY, EXPERIMENT_UNITS

__all__ = ["DTYPES", "FROM_FOLDER", "INPUTS", "PLATFORM_TABLES", "TABLES", "Field", "Rule", "Table", "checks", "frame"]

READ = (
    ORDERS, ORDER_LINES, REFUNDS, PRESALE_DAILY, SHOP_DAILY, ITEM_DAILY, CATEGORY_DAILY, TRAFFIC_SOURCE, ITEM_SOURCES,
    ADS_DAILY, LIVE_SESSIONS, LIVE_DAILY, ACCOUNT_DAILY, CONTENT, SERVICE_DAILY, REVIEWS, INVENTORY, SETTLEMENT,
    LISTINGS, MARKET_MONTHLY, MARKET_DAILY, SEARCH_TERMS, RIVALS,
    EXPERIMENT_DAILY, EXPERIMENT_UNITS, EXPERIMENT_SUMMARY,
)  # fmt: skip
"""What platforms export, by day or by whatever the export is about."""
PERIODS = tuple(t.periods for t in READ if t.periods)
"""Their twins, for rows that cover several days."""

TABLES = {t.name: t for t in (*READ, *PERIODS, *SHEETS)}
FROM_FOLDER = ("platform", "shop", "source")
"""Columns that no plain sheet states: they follow from where a file lies and which export it is."""
INPUTS = tuple(t.name for t in SHEETS)
"""Tables a consultant fills in: they lie in the client's folder itself and belong to no shop."""
PLATFORM_TABLES = tuple(t.name for t in READ)
"""Tables that an export can be declared to bring; the twins fill by themselves."""
