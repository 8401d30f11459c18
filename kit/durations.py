"""How long each report took last, so that the longest is begun first."""

from __future__ import annotations

import json

from kit import project, replacing

FILE = ".times.json"
"""In the output folder."""
Times = dict[str, dict[str, float]]
"""Seconds by report and client."""


def expected(times: Times, client: str, name: str) -> float:
    """How long a report will take: what it took this client last, else the longest that it took another; without any,
    and for the reading of data, as long as can be: nothing waits for what is not begun."""
    known = times.get(name, {})
    return known.get(client, max(known.values(), default=float("inf")))


def known() -> Times:
    """What was kept; nothing where it cannot be read."""
    try:
        kept = json.loads((project.output() / FILE).read_bytes())
        return {str(name): {str(k): float(v) for k, v in by.items()} for name, by in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def keep(times: Times) -> None:
    """For the next build; nobody misses it if it cannot be written."""
    replacing.keep(project.output() / FILE, json.dumps(times, indent=1, sort_keys=True))
