"""Tables of rules that analyses go by: data that a consultant can read, and that a client can set otherwise."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

from kit.client import Client


@functools.cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))


def swot(client: Client) -> dict[str, Any]:
    """``rule`` and ``strategy``: the lines of ``swot.toml``, with the limits of the client's kind of business and its
    own; rules that it has switched off are left out."""
    table = _table("swot")
    own = client.swot.rules
    usual = table["categories"].get(client.swot.category or "", {})
    limits = usual | {name: said.least for name, said in own.items() if said.least is not None}
    kept = [rule for rule in table["rule"] if rule["id"] not in own or not own[rule["id"]].off]
    return {
        "rule": [{**rule, "least": limits.get(rule["id"], rule.get("least", 0))} for rule in kept],
        "strategy": table["strategy"],
    }
