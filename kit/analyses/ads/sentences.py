"""The findings on advertising: the total, channels under their line, and channels that decay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.analyses.ads.channels import ENDS, Channel, Decay, Result
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Finding, Note, Severity, plain, slug
from kit.stats import kpis
from kit.stats.decline import LEVEL

KEY = "review.ads"
TABLE = f"{KEY}.table"
WHOLE = f"{KEY}.whole"
METHODS = {"line": "method.break_even", "decay": "method.decay"}
HEAVY = 0.1
"""Part of the period's spend from which a channel under its line is of high severity."""


def findings(result: Result) -> tuple[Finding, ...]:
    """The total, then the channels by what is wrong with them; or that none is under its line."""
    spend = sum(channel.now.spend for channel in result.channels)
    under = [_under(result, c, c.now.spend / spend) for c in result.channels if c.under]
    decays = [_decays(result, c) for c in result.channels if c.decay]
    return (*_total(result), *decays, *under, *([] if under else _none_under(result)))


def _total(result: Result) -> Iterable[Finding]:
    """Spend, spend ratio and whole-shop return of all shops, with the change of the ratio where both are known."""
    now, then = result.whole.get(kpis.TOTAL, ({}, None))
    spend, ratio, whole = (now.get(name) for name in ("spend", "spend_ratio", "whole_return"))
    if not spend or spend.value is None or not ratio or ratio.value is None or not whole:
        return
    args = {"period": period(result), "spend": Arg(spend.value, "money"), "ratio": Arg(ratio.value, "ratio")}
    args["whole"] = Arg(whole.value, "index")
    before = (then or {}).get("spend_ratio")
    facts: dict[str, Any] = {"value": ratio.value, "unit": "ratio", "exhibit": WHOLE}
    if before is None or before.value is None or result.base is None:
        yield Finding(f"{KEY}.total", "r.adtotal.only", args, Verdict.NORMAL, Severity.LOW, **facts)
        return
    args |= {"chg": Arg(ratio.value - before.value, "points"), "base": base(result)}
    way = Verdict.ROSE if ratio.value > before.value else Verdict.FELL if ratio.value < before.value else Verdict.LEVEL
    facts["baseline"] = before.value
    yield Finding(f"{KEY}.total", "r.adtotal", args, way, Severity.LOW, **facts)


def _under(result: Result, channel: Channel, part: float) -> Finding:
    """Of a channel that decays, too, that stands below it: one channel opens a report once."""
    known = channel.loss is not None
    args = called(result, channel) | {"roi": Arg(channel.now.roi, "index"), "be": Arg(channel.under, "index")}
    if known:
        args["loss"] = Arg(channel.loss, "money")
    return Finding(
        f"{key(channel)}.under",
        "r.adlow" if known else "r.adlow.floor",
        args,
        Verdict.BELOW,
        Severity.HIGH if part >= HEAVY else Severity.MEDIUM,
        value=channel.now.roi,
        unit="index",
        baseline=channel.under,
        exhibit=TABLE,
        method=METHODS["line"] if known else None,
        evidence=Note("r.addecay", _fell(result, channel, channel.decay)) if channel.decay else None,
        action=Note("r.adlowask", called(result, channel)),
    )


def _decays(result: Result, channel: Channel) -> Finding:
    decay = channel.decay
    assert decay
    return Finding(
        f"{key(channel)}.decay",
        "r.addecay",
        _fell(result, channel, decay),
        Verdict.DECAYS,
        Severity.MEDIUM,
        value=decay.slope.rate,
        unit="growth",
        low=decay.slope.low,
        high=decay.slope.high,
        level=LEVEL,
        p_value=decay.slope.p,
        n=decay.slope.weeks,
        exhibit=f"{key(channel)}.weeks",
        method=METHODS["decay"],
        evidence=Note("r.addecayev", interval(channel)),
        action=Note("r.addecayask", called(result, channel)),
    )


def _fell(result: Result, channel: Channel, decay: Decay) -> dict[str, Arg]:
    ends = {"from": Arg(decay.first, "index"), "to": Arg(decay.last, "index"), "k": Arg(ENDS, "count")}
    return called(result, channel) | {"chg": Arg(decay.slope.rate, "growth"), **ends}


def interval(channel: Channel) -> dict[str, Arg]:
    """The weekly change with its range, and over how many weeks it is told."""
    assert channel.decay
    one = channel.decay.slope
    args = {"chg_s": Arg(one.rate, "growth"), "lo_s": Arg(one.low, "growth"), "hi_s": Arg(one.high, "growth")}
    return args | {"lvl": Arg(one.level, "level"), "n": Arg(one.weeks, "count"), "k": Arg(ENDS, "count")}


def _none_under(result: Result) -> Iterable[Finding]:
    """Said only of channels that have a line."""
    lines = [(c, (c.break_even, c.floor)) for c in result.channels if c.now.roi is not None]
    lined = [c for c, both in lines if any(line is not None for line in both)]
    if lined:
        args = {"n": Arg(len(lined), "count")}
        yield Finding(f"{KEY}.above", "r.adabove", args, Verdict.ABOVE, Severity.LOW, n=len(lined), exhibit=TABLE)
    else:
        yield Finding(f"{KEY}.noline", "r.adnoline", {}, Verdict.NONE, Severity.INFO, exhibit=TABLE)


def called(result: Result, channel: Channel) -> dict[str, Arg]:
    """The channel and its shop."""
    return {"channel": name(channel), "shop": Arg(plain(shop(result, channel.shop)), "text")}


def name(channel: Channel) -> Arg:
    """The channel as a reader knows it: its scene, else its tool."""
    if channel.scene:
        return Arg(channel.scene, "text")
    return Arg(f"tool.{channel.tool}", "label") if channel.tool in kpis.TOOLS else Arg(channel.tool, "text")


def shop(result: Result, key: str) -> Any:
    return result.shops.get(key, key)


def key(channel: Channel) -> str:
    """Stable and plain: other characters by their code."""
    parts = (channel.shop, channel.tool, channel.scene)
    slugs = (slug(part) for part in parts if part)
    return ".".join((KEY, *slugs))


def period(result: Result) -> Arg:
    return Arg({"start": plain(result.days[0]), "end": plain(result.days[1])}, "period")


def base(result: Result) -> Arg:
    assert result.base
    return Arg({"start": plain(result.base.start), "end": plain(result.base.end)}, "period")
