"""Texts, identifiers, keyed accounts, words of a list and flags."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kit.exports.literals import (
    NULL,
    UNREADABLE,
    Cell,
    Read,
    ascii_forms,
    bare,
    identifier,
    said_nothing,
    unguarded,
    visible,
)
from kit.exports.personal import scrub

PLATFORM_NAMES = {
    "天猫": "tmall",
    "淘宝": "taobao",
    "京东": "jd",
    "拼多多": "pinduoduo",
    "抖音": "douyin",
    "快手": "kuaishou",
    "小红书": "xiaohongshu",
    "微信": "wechat",
    "视频号": "wechat",
    "有赞": "youzan",
    "其他": "other",
}
FLAGS = {
    **dict.fromkeys(("是", "有", "需要", "对", "真", "√", "✓", "✔", "y", "yes", "t", "true", "1", "1.0"), True),
    **dict.fromkeys(("否", "无", "没有", "不是", "不需要", "无需", "错", "假", "×", "✗", "✘"), False),
    **dict.fromkeys(("n", "no", "f", "false", "0", "0.0"), False),
}
"""Literal, in lower case → whether the thing is so."""

_LAST_STAGE = re.compile("阶段[2二]|第[2二]阶段|(?:(?<!定金)(?:已付|未付|待付))?尾款")
_PAID = re.compile("已(?:付|支付)|(?<!未)(?:付清|(?:付款|支付)成功)")
_DUE = re.compile("未(?:付|支付)|(?:待|等待|等待买家)(?:付|支付)")
_BREAK = re.compile(r"\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def texts(na: frozenset[str]) -> Read:
    """A text on one line, its control characters and personal data taken out."""

    def read(raw: str) -> Cell:
        plain = visible(_CONTROL.sub("", _BREAK.sub(" ", unguarded(raw.strip())))).strip()
        said = said_nothing(ascii_forms(plain), na)
        if said is not None:
            return said
        clean = scrub(plain)
        return Cell(clean, "scrubbed" if clean != plain else None) if clean else NULL

    return read


def ids(na: frozenset[str]) -> Read:
    """An identifier, every digit of it."""

    def read(raw: str) -> Cell:
        cell = identifier(raw)
        return cell if cell.value is None else said_nothing(ascii_forms(cell.value), na) or cell

    return read


def keys(na: frozenset[str], seal: Callable[[str], str] | None) -> Read:
    """A buyer's account, sealed; one that the platform masks in part is no key, as others look the same."""
    account = ids(na)

    def read(raw: str) -> Cell:
        cell = account(raw)
        if cell.value is None:
            return cell
        if "*" in ascii_forms(cell.value):
            return Cell(None, "masked")
        return Cell(seal(cell.value)) if seal else NULL

    return read


def stages(na: frozenset[str]) -> Read:
    """How far an order in stages is paid: ``deposit``, ``balance``, ``staged`` where nothing is, or its text does not
    say it or could mean either, ``none`` for an order without stages.

    What is said from the naming of the second stage on decides, unless the first is unpaid, too. No platform documents
    this text; that an order has these three states is from the platform's interface (``step_trade_status``).
    """

    def read(raw: str) -> Cell:
        text = ascii_forms(raw)
        said = said_nothing(text, na)
        if said is not None:
            return said if said.flag else Cell("none")
        found = _LAST_STAGE.search(text)
        if not found or _DUE.search(text[: found.start()]):
            return Cell("staged")
        paid, due = (bool(p.search(text, found.start())) for p in (_PAID, _DUE))
        return Cell(("balance" if paid else "deposit") if paid != due else "staged")

    return read


def listed(words: Mapping[str, object], na: frozenset[str]) -> Read:
    """A word of a list, by any of its names."""
    known = {**words, **{str(word): word for word in words.values()}}

    def read(raw: str) -> Cell:
        literal = bare(raw)
        if literal in known and literal not in na:
            return Cell(known[literal])
        return said_nothing(literal, na) or UNREADABLE

    return read


def flags(words: Mapping[str, object], na: frozenset[str]) -> Read:
    """Whether it is so; ``words`` adds what a platform calls the two (literal → true or false)."""
    known = FLAGS | {literal.lower(): str(so).lower() == "true" for literal, so in words.items()}

    def read(raw: str) -> Cell:
        literal = bare(raw)
        if literal not in na and (so := known.get(literal.lower())) is not None:
            return Cell(so)
        return said_nothing(literal, na) or UNREADABLE

    return read
