"""Figures as people and platforms write them: numbers, money, counts, rates, ranges and durations.

A factory per column type takes what the header says of the unit and gives the reader of a bare literal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from math import isfinite

from kit.exports.literals import UNREADABLE, Cell, Read, ascii_forms

SCALES = {"千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
_SCALE = "万亿|千万|百万|[千万亿]"
_NUMBER = re.compile(
    r"([-+]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)?(\.[0-9]*)?(?:[eE](-?[0-9]{1,3}))?" rf"(?:\s*({_SCALE}))?"
)
_LETTERS = {"w": "万", "W": "万", "k": "千", "K": "千"}
"""How creators' platforms and chats write 万 and 千."""
_THING = "人次|[件人单笔次个条款位名户家场篇张盒瓶支套箱双包台袋片份]"
_HEADER_SHIFT = re.compile(rf"[(\[【](?:单位[:：]?)?(?:(%|‰)|({_SCALE})(?:元|{_THING})?)[)\]】]|/(?:(%)|({_SCALE})元)$")


def shift(header: str) -> int:
    """The power of ten by which a header's unit (``(%)``, ``(万元)``, ``（千人）``, ``/万元``) scales the cells."""
    found = _HEADER_SHIFT.search(ascii_forms(header))
    if not found:
        return 0
    part, scale = found[1] or found[3], found[2] or found[4]
    return SCALES[scale] if scale else {"%": -2, "‰": -3}[part]


def _decimal(text: str, by: int = 0) -> Decimal | None:
    """The number a literal states, times ten to the power ``by`` unless the cell has its own 万; None if it is none.

    ``1,39`` is none (thousands come in threes), nor is ``1.2E+08``: that is how Excel shows a number whose digits it
    cut off. Programs write ``1.23456789E8`` and ``9.1E-05``, with all of them.
    """
    found = _NUMBER.fullmatch(text)
    if not found or not (found[2] or (found[3] and found[3] != ".")):
        return None
    plain = Decimal(found[1] + (found[2] or "0").replace(",", "") + (found[3] or ""))
    return plain.scaleb(int(found[4] or 0) + (SCALES[found[5]] if found[5] else by))


def _cell(number: Decimal | None) -> Cell:
    return Cell(value) if number is not None and isfinite(value := float(number)) else UNREADABLE


def _lettered(text: str) -> str:
    return text[:-1] + _LETTERS[text[-1]] if text[-1:] in _LETTERS else text


# ---------------------------------------------------------------------------------------------------- one number

_LABEL = re.compile(r"[^0-9:]{0,20}[^\W\d_][^0-9:]{0,20}:\s*")
_TIMES = re.compile(r"(?:分|倍)$")
_HEADER_WORD = re.compile(r"[(\[【]([^()\[\]【】]{1,6})[)\]】]")


def number(header: str) -> Read:
    """A plain number, a label before it or a unit behind it that doesn't scale it (``目标投产比:3.95``, ``4.8分``).

    A unit that the header names too may stand in the cell: ``7天`` under ``供货周期(天)``.
    """
    by, words = shift(header), tuple(_HEADER_WORD.findall(ascii_forms(header)))

    def read(text: str) -> Cell:
        label = _LABEL.match(text)
        text = text[label.end() :] if label else text
        own = next((w for w in words if text.endswith(w)), "")
        bare = text.removesuffix(own).rstrip() if own and own not in SCALES and own != "%" else _TIMES.sub("", text)
        return _cell(_decimal(bare, by))

    return read


CURRENCIES = {
    "CNY": ("¥", "RMB", "CNY", "元", "人民币"),
    "USD": ("US$", "$", "USD", "美元"),
    "HKD": ("HK$", "HKD", "港元", "港币"),
    "TWD": ("NT$", "TWD", "新台币"),
    "EUR": ("€", "EUR", "欧元"),
    "GBP": ("£", "GBP", "英镑"),
    "JPY": ("¥", "JPY", "日元"),
}


def _marks(currency: str) -> re.Pattern[str]:
    """Sign, currency before or behind, amount. Another currency than the client's is no amount."""
    marks = "|".join(map(re.escape, CURRENCIES.get(currency, (currency,))))
    return re.compile(rf"([-+]?)(?:{marks})?\s*(.*?)\s*(?:{marks})?", re.DOTALL | re.IGNORECASE)


def money(header: str, currency: str) -> Read:
    """An amount; brackets around it are the accounting form of a negative one."""
    by, marks = shift(header), _marks(currency)

    def read(text: str) -> Cell:
        if text.startswith("(") and text.endswith(")"):
            cell = read(text[1:-1])
            return cell if not cell.value else Cell(-cell.value) if cell.value > 0 else UNREADABLE
        sign, rest = marks.fullmatch(text).groups()  # type: ignore[union-attr]
        return UNREADABLE if sign and rest[:1] in "+-" else _cell(_decimal(sign + _lettered(rest), by))

    return read


_PER = re.compile(r"/(?:人次|[件个盒瓶支套箱双包台袋片份人单次]|kg|g|ml|m)$", re.IGNORECASE)


def price(header: str, currency: str) -> Read:
    """An amount for one thing: ``99元/件``; ``199起`` states the least it can be."""
    amount = money(header, currency)

    def read(text: str) -> Cell:
        least = text.endswith("起")
        cell = amount(_PER.sub("", text.removesuffix("起")))
        return cell if cell.value is None or not least else Cell(cell.value, "at_least")

    return read


_COUNTED = re.compile(
    rf"(.*?)\s*(\+|以上)?\s*(?:人(?:付款|收货|已买|购买|想买|收藏|加购)|{_THING})?\s*(\+|以上)?", re.DOTALL
)


def count(header: str) -> Read:
    """A whole number; ``2000+`` states the least it can be."""
    by = shift(header)

    def read(text: str) -> Cell:
        bare, least, also = _COUNTED.fullmatch(text).groups()  # type: ignore[union-attr]
        cell = _cell(_decimal(_lettered(bare), by))
        if cell.value is None or cell.value != int(cell.value) or (least and also):
            return UNREADABLE
        return Cell(cell.value, "at_least") if least or also else cell

    return read


_BEHIND = re.compile(r"落后\s*([0-9.]+%)\s*同\S*")
_PARTS = {"%": -2, "‰": -3}


def ratio(header: str) -> Read:
    """A fraction. Three conventions: ``%`` in the cell, ``(%)`` in the header, else a fraction already.

    ``落后96%同类目商品``: the part of the peers that are better. 领先 would be the other way round and is refused.
    """
    by = shift(header)

    def read(text: str) -> Cell:
        if behind := _BEHIND.fullmatch(text):
            text = behind[1]
        part = _PARTS.get(text[-1:])
        return _cell(_decimal(text, by) if part is None else _decimal(text[:-1].rstrip(), part))

    return read


# ---------------------------------------------------------------------------------------------------- ranges

_TO = re.compile(r"\s*(?:~|至|到|–|—|(?<=[0-9万亿千wkWK%元])\s*-)\s*")
_BELOW = re.compile(r"(?:<=?|≤|小于|少于|不足)\s*(.*)|(.*?)以下", re.DOTALL)
_OWN_UNIT = re.compile(rf"(?:{_SCALE})$")
_THINGS = re.compile(rf"(?:{_THING})$")


def interval(header: str, currency: str) -> Read:
    """``(low, middle, high)``; a plain number is all three. ``75 ~ 100万`` is refused: is 75 a number of 万?

    ``<10`` begins at zero; only its upper end is stated.
    """
    share, amount, by = ratio(header), money(header, currency), shift(header)

    def end(text: str) -> float | None:
        return (share if text.endswith("%") else amount)(text).value

    def read(text: str) -> Cell:
        below = _BELOW.fullmatch(text)
        text = f"0~{below[1] or below[2]}" if below else text
        parts = [_lettered(_THINGS.sub("", p.replace("元", ""))) for p in _TO.split(text)]
        ends = [end(p) for p in parts]
        low, high = ends[0], ends[-1]
        if len(parts) > 2 or low is None or high is None or low > high or (not below and _two_ways(parts, low)):
            return UNREADABLE
        return Cell((low, (low + high) / 2, high), "at_most" if below else None)

    def _two_ways(parts: list[str], low: float) -> bool:
        """Whether the unit of the upper end may be meant for the lower one, too. Nought is nought in every unit."""
        first, last = parts[0], parts[-1]
        if not low or last.endswith("%") != first.endswith("%"):
            return bool(low)
        unit = _OWN_UNIT.search(last)
        if not unit or _OWN_UNIT.search(first) or by:
            return False
        bare = amount(last[: unit.start()]).value
        return bare is None or low < bare

    return read


# ---------------------------------------------------------------------------------------------------- durations

_UNITS: dict[str, Decimal] = {
    **dict.fromkeys(("天", "d"), Decimal(86400)),
    **dict.fromkeys(("小时", "时", "h", "hour", "hours"), Decimal(3600)),
    **dict.fromkeys(("分钟", "分", "min", "mins", "minute", "minutes"), Decimal(60)),
    **dict.fromkeys(("秒", "秒钟", "s", "sec", "second", "seconds"), Decimal(1)),
    **dict.fromkeys(("毫秒", "ms"), Decimal("0.001")),
}


def _amount_of(name: str, *units: str) -> str:
    return rf"(?:(?P<{name}>[0-9]+(?:\.[0-9]+)?)\s*(?:{'|'.join(units)})\s*)?"


_SPOKEN = re.compile(
    _amount_of("d", "天", "d(?:ays?)?")
    + _amount_of("h", "个?小时", "时", "h(?:(?:ou)?rs?)?")
    + _amount_of("min", "分钟?", "m(?:in(?:ute)?s?)?")
    + _amount_of("s", "秒钟?", "s(?:ec(?:ond)?s?)?")
    + _amount_of("ms", "毫秒", "ms"),
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:(?P<d>[0-9]+)\s*(?:天|days?,?)\s*)?(?:(?P<h>[0-9]+):)?(?P<min>[0-9]+):(?P<s>[0-5]?[0-9](?:\.[0-9]+)?)",
    re.IGNORECASE,
)


def seconds(header: str) -> Decimal:
    """The seconds of the unit in a header: ``(分钟)``, ``（小时）``, ``(s)``. One, unless it says otherwise."""
    said = [w.lower() for w in _HEADER_WORD.findall(ascii_forms(header)) if w.lower() in _UNITS]
    return _UNITS[said[0]] if said else Decimal(1)


def duration(header: str) -> Read:
    """Seconds: ``7小时41分52秒``, ``960 min``, ``00:52`` (minutes and seconds), ``1:02:03``, or a number of what the
    header says (seconds unless it says otherwise). Under a header of hours ``8:30`` can be read two ways: refused.
    """
    unit = seconds(header)

    def read(text: str) -> Cell:
        if clock := _CLOCK.fullmatch(text):
            sound = int(clock["min"]) < 60 if clock["h"] else unit < 3600 and not clock["d"]
            return _added(clock) if sound else UNREADABLE
        spoken = _SPOKEN.fullmatch(text)
        if spoken and any(spoken.groups()):
            return _added(spoken)
        number = _decimal(text)
        return UNREADABLE if number is None else _cell(number * unit)

    return read


def _added(parts: re.Match[str]) -> Cell:
    return _cell(sum((Decimal(v) * _UNITS[name] for name, v in parts.groupdict().items() if v), Decimal(0)))


READERS: dict[str, Callable[[str, str], Read]] = {
    "number": lambda header, _: number(header),
    "money": money,
    "price": price,
    "count": lambda header, _: count(header),
    "people": lambda header, _: count(header),
    "ratio": lambda header, _: ratio(header),
    "interval": interval,
    "duration": lambda header, _: duration(header),
}
"""Column type → the reader for a header and the client's currency."""
