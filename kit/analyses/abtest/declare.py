"""What was declared before a test began: its plan, and its metrics with the role that each of them has.

A metric is a sum over a count of units (conversion: buyers over visitors), a mean per unit (revenue per visitor) or a
ratio of two sums (order value: sales over orders). One of them decides; guardrails may not get worse than their margin;
the other named ones are secondary and are held to a false discovery rate; further columns of the data are diagnostic.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from kit.findings import slug

ALPHA, POWER = 0.05, 0.8
"""What a plan that doesn't say so is held to."""
ROLES = ("decision", "guardrail", "secondary", "diagnostic")
PRICE = re.compile(r"价格|定价|售价|改价|标价|降价|涨价|\bpric(?:e|es|ing)\b", re.IGNORECASE)
"""Words of a test's name or hypothesis by which buyers see different prices."""


@dataclass(frozen=True)
class Known:
    """A metric by its name in the field: columns that may be its numerator and its denominator (``""``: the units), the
    unit its values are written in, and the direction that is better."""

    tops: tuple[str, ...]
    bottoms: tuple[str, ...]
    unit: str
    better: int


UNITS = ("", "visitors", "users", "exposures")
SALES = ("revenue", "gmv", "pay_amount", "paid_amount")
BUYERS = ("bought", "buyers", "pay_buyers")
KNOWN = {
    "pay_cvr": Known(BUYERS, UNITS, "rate", 1),
    "cart_rate": Known(("carted", "add_to_carts", "carts"), UNITS, "rate", 1),
    "ctr": Known(("clicked", "clicks"), ("exposures", "impressions", "visitors", ""), "rate", 1),
    "value_per_visitor": Known(SALES, UNITS, "price", 1),
    "order_value": Known(SALES, ("orders",), "price", 1),
    "revenue_per_buyer": Known(SALES, BUYERS, "price", 1),
    "orders_per_visitor": Known(("orders",), UNITS, "rate", 1),
    "refund_rate": Known(("refunds", "refund_amount", "refunded"), (*SALES, "orders", "buyers"), "rate", -1),
}
"""Metrics that a plan may name; any column of the data, or ``one/another``, may be named as well."""

CALLED = {
    "支付转化率": "pay_cvr", "转化率": "pay_cvr", "conversion rate": "pay_cvr", "加购率": "cart_rate",
    "add-to-cart rate": "cart_rate", "点击率": "ctr", "click-through rate": "ctr", "uv价值": "value_per_visitor",
    "支付金额": "value_per_visitor", "value per visitor": "value_per_visitor", "笔单价": "order_value",
    "order value": "order_value", "客单价": "revenue_per_buyer", "revenue per buyer": "revenue_per_buyer",
    "人均订单数": "orders_per_visitor", "订单数": "orders_per_visitor", "orders per visitor": "orders_per_visitor",
    "退款率": "refund_rate", "refund rate": "refund_rate",
}  # fmt: skip
"""The same metrics as people call them, as the report does among others."""

Pair = tuple[str, str]
"""Numerator and denominator as the frame of sums has them."""


@dataclass(frozen=True)
class Metric:
    """``better`` is 1 where more is better, −1 where less is, 0 where nobody said; ``margin`` is relative."""

    name: str
    pair: Pair
    role: str
    unit: str
    better: int
    margin: float | None = None


@dataclass(frozen=True)
class Plan:
    """A test as it was declared. ``mde`` (relative) is also the least difference that matters in practice.

    ``allocation`` is blank where neither the plan nor the data say it; ``split`` is empty where none was declared.
    ``declared`` is False for a test of which there are data and no plan. ``looks``: how often a fixed test was read
    before its end.
    """

    name: str
    key: str
    hypothesis: str
    unit: str
    primary: str
    better: int
    guardrails: Mapping[str, float | None]
    control: str
    split: str
    allocation: str
    sequential: bool = False
    alpha: float = ALPHA
    power: float = POWER
    mde: float | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    decision_cost: float | None = None
    looks: int = 0
    declared: bool = True
    shop: str = ""
    stated: str = ""

    @property
    def prices(self) -> bool:
        """Whether the test is about what buyers pay."""
        return bool(PRICE.search(f"{self.name} {self.hypothesis} {self.primary}"))


def plan(row: Mapping[str, Any]) -> Plan:
    """A row of the sheet ``experiments``; what it leaves blank has its default."""
    name, margin = _text(row, "experiment"), _number(row, "margin")
    primary = _called(_text(row, "primary_metric"))
    less = _text(row, "direction") == "decrease"
    known = KNOWN.get(primary)
    return Plan(
        name,
        slug(_text(row, "key") or name),
        _text(row, "hypothesis"),
        _text(row, "unit"),
        primary,
        -1 if less else 1 if _text(row, "direction") else known.better if known else 1,
        dict(_guardrails(_text(row, "guardrail_metrics"), margin)),
        _text(row, "control"),
        _text(row, "planned_split"),
        _text(row, "allocation"),
        _text(row, "analysis") == "sequential",
        _number(row, "alpha") or ALPHA,
        _number(row, "power") or POWER,
        _number(row, "mde"),
        _day(row, "planned_start"),
        _day(row, "planned_end"),
        _number(row, "decision_cost"),
        int(_number(row, "looks") or 0),
        shop=_text(row, "shop"),
        stated=_text(row, "key"),
    )


def undeclared(name: str) -> Plan:
    """A test of which there are only data: nothing decides."""
    return Plan(name, slug(name), "", "", "", 0, {}, "", "", "", declared=False)


def pairs(plans: Iterable[Plan]) -> tuple[Pair, ...]:
    """Every ratio that a plan may ask for, so that its sums are made where the data bring both parts."""
    named = [name for plan in plans for name in (plan.primary, *plan.guardrails) if "/" in name]
    stated = [(top.strip(), bottom.strip()) for top, _, bottom in (name.partition("/") for name in named)]
    known = [(a, b) for k in KNOWN.values() for a in k.tops for b in k.bottoms if b]
    return tuple(dict.fromkeys([*stated, *known]))


def metrics(plan: Plan, pairs: Sequence[Pair], binary: frozenset[str] = frozenset()) -> tuple[Metric, ...]:
    """The metrics of a test that its data bring, the deciding one first, guardrails next; ``binary``: those that are 0
    or 1 for every unit, whose mean is a rate."""
    found: dict[Pair, Metric] = {}
    named = [(plan.primary, "decision"), *((name, "guardrail") for name in plan.guardrails)]
    for name, role in [*named, *((name, "secondary") for name in KNOWN)]:
        pair = match(name, pairs)
        if name and pair and pair not in found:
            found[pair] = _metric(plan, name, pair, role, _unit(pair, binary))
    taken = {top for top, _ in found}
    for pair in pairs:
        if pair not in found and pair[0] and pair[1] == "" and pair[0] not in taken:
            found[pair] = Metric(pair[0], pair, "diagnostic", _unit(pair, binary), 0)
    return tuple(sorted(found.values(), key=lambda metric: ROLES.index(metric.role)))


def match(name: str, pairs: Sequence[Pair]) -> Pair | None:
    """The sums that a metric's name stands for; None where the data don't bring them."""
    top, _, bottom = name.partition("/")
    known = KNOWN.get(name)
    wanted: Iterable[Pair] = [(top.strip(), bottom.strip())]
    if known:
        wanted = [*wanted, *((a, b) for b in known.bottoms for a in known.tops)]
    return next((pair for pair in wanted if pair in pairs), None)


def _unit(pair: Pair, binary: frozenset[str]) -> str:
    """In what a metric without a name in the field is written."""
    return "rate" if pair[1] == "" and pair[0] in binary else "index"


def _metric(plan: Plan, name: str, pair: Pair, role: str, unit: str) -> Metric:
    """Named as the field has it where the plan names a column that is one of its metrics."""
    called = name if name in KNOWN else next((n for n, k in KNOWN.items() if _is(k, pair)), name)
    known = KNOWN.get(called)
    better = plan.better if role == "decision" else known.better if known else 0
    margin = plan.guardrails.get(name) if role == "guardrail" else None
    return Metric(called, pair, role, known.unit if known else unit, better, margin)


def _is(known: Known, pair: Pair) -> bool:
    return pair[0] in known.tops and pair[1] in known.bottoms


def _guardrails(text: str, margin: float | None) -> Iterable[tuple[str, float | None]]:
    """``refund_rate; pay_cvr:2%``: each guardrail with its own margin, else the plan's."""
    for part in filter(None, (p.strip() for p in re.split(r"[;；,，、\n]", text))):
        name, _, own = (p.strip() for p in part.replace("：", ":").partition(":"))
        yield _called(name), _share(own) if own else margin


def _called(name: str) -> str:
    """A metric's name in the field, for one in words; any other name as it stands."""
    return CALLED.get(name.casefold(), name)


def shares(plan: Plan, variants: Sequence[str]) -> dict[str, float]:
    """The planned share of each variant; empty where none was declared, or for other variants than there are.

    ``A:0.5,B:0.5`` names them; ``50:50`` counts them, the control first.
    """
    text = plan.split.replace("：", ":").replace("，", ",").replace(";", ",").replace("；", ",")
    named = dict(p.rsplit(":", 1) for p in text.split(",") if ":" in p) if "," in text else {}
    known = {k.strip(): _share(v) for k, v in named.items()}
    if not known:
        control = control_of(plan, variants)
        parts = [_share(p) for p in re.split(r"[:/]", text) if p.strip()]
        order = [*([control] if control else []), *(v for v in variants if v != control)]
        known = dict(zip(order, parts, strict=True)) if len(parts) == len(order) else {}
    whole = sum(share for share in known.values() if share)
    if set(known) != set(variants) or not whole or any(not share for share in known.values()):
        return {}
    return {variant: (share or 0.0) / whole for variant, share in known.items()}


def control_of(plan: Plan, variants: Sequence[str]) -> str | None:
    """The control among the variants: as declared, else the one called so; None where it cannot be told."""
    lower = {v.casefold(): v for v in variants}
    wanted = [plan.control] if plan.control else ["a", "control", "对照", "对照组", "原版"]
    return next((lower[w.casefold()] for w in wanted if w.casefold() in lower), None)


def keys(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Each name's part of a key, no two alike: the first has its slug, another that slugs alike its checksum as well.

    ``taken``: parts that mean something else. The names' order should be one that lasts.
    """
    made: dict[str, str] = {}
    used = {*taken}
    for name in dict.fromkeys(names):
        own = slug(name)
        made[name] = own if own not in used else f"{own}-{crc32(name.encode()):08x}"
        used.add(made[name])
    return made


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def _number(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    if value is None or isinstance(value, str) or value != value:
        return None
    return float(value)


def _share(text: str) -> float | None:
    """A share as written: 0.5, 50 or 50%; None for anything else. Percentages are parts of a whole either way."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(%?)\s*", text)
    return float(found[1]) / (100 if found[2] else 1) if found else None


def _day(row: Mapping[str, Any], name: str) -> dt.date | None:
    value = row.get(name)
    if value is None or value != value:
        return None
    return dt.date.fromisoformat(str(value)[:10])
