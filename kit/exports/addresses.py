"""Street addresses in Chinese text, found by what stands together in them: regions, roads, buildings, numbers.

A number with its unit (``969号``, ``3栋``) is part of an address only on the evidence around it. Titles and reviews are
full of such numbers (``2号链接``, ``三室一厅``, ``1-8单元试卷``) and of words that look like roads or regions.
"""

from __future__ import annotations

import re

_N = "[0-9０-９一二三四五六七八九十百零〇两]"
_BLANKS = " \u3000\xa0"
_STOPS = r"。；;！!？?\n，,〔〕"
UNITS = "号栋幢单弄室"
NUMBERED = f"(?<=[{_N[1:-1]}{_BLANKS}].)"
TRIGGER = re.compile(f"[{UNITS}]{NUMBERED}")
"""Every address has a number and its unit, but for those announced (``地址：…``)."""

_TOKEN = re.compile(
    f'(?P<stop>[{_STOPS}：:“”"|｜]+)'
    "|(?P<region>自治[区州县]|省|(?<![超城上门夜都闹集股入])市(?![场面集价值])|(?<![专小社地园景商展校厂片分时误])区(?![别分间块域])"
    "|县|街道|(?<!冰)镇(?!定|店|痛)|(?<![家老故城])乡(?![村土]))"
    "|(?P<road>(?<=大)[道街]|胡同|(?<![套思线电铁走赶带油气回销])路|(?<!逛)街|[巷道])"
    "|(?P<place>小区|花园|公寓|家园|新村|大厦|广场|宿舍|苑|村)"
    rf"|(?P<number>(?<!{_N}){_N}++(?:[-－之]{_N}++)*+[{_BLANKS}]?(?P<unit>号楼|号院|单元|号|栋|幢|弄|室(?!{_N}?厅)))"
)
_BUILDINGS = frozenset(("栋", "幢", "号楼", "单元", "室"))
_SECOND_OF_MANY = re.compile(r"\s?[色链店线款码机口球电针粉台站馆坑会员位床]")
"""What follows 号 where it numbers goods, shops or underground lines."""
_ARRIVING = re.compile("[住寄送发到在往][\u4e00-\u9fff\\s]{0,12}$")
_REST = re.compile(
    rf"(?:[^\s：:{_STOPS}]{{0,12}}?[A-Za-z0-9０-９]{{1,5}}(?:座|楼|层|户|门|房|组|队))*+[-0-9A-Za-z]{{0,6}}"
)
_ANNOUNCED = re.compile(
    r"(?<!下载)(?<!原文)(?<!驱动)(?<!系统)(?<!网络)((?:地址|住址)\s{0,3}(?:[:：]|是|为|改为|改成|改到|换成)\s{0,3})(?!https?:|www)"
    rf"([^{_STOPS}]{{2,80}}(?:[，,]\s{{0,3}}[^{_STOPS}]{{0,30}}?(?:{_N}(?:号|室|栋|幢|单元|楼)|[省市区县镇村路街]))*)"
)
_EVIDENT = re.compile("[:：]|[0-9０-９]|[路街栋室]")
NEAR = 25
"""Characters between the parts of one address."""

Part = tuple[int, int]


def announced(text: str, hidden: str) -> str:
    """``text`` with ``hidden`` in place of what follows ``地址：`` and the like."""
    return _ANNOUNCED.sub(lambda m: m[1] + hidden if _EVIDENT.search(m[0]) else m[0], text)


def replaced(text: str, hidden: str) -> str:
    """``text`` with ``hidden`` in place of every street address."""
    made, done = [], 0
    for start, end in _spans(text):
        made += [text[done:start], hidden]
        done = end
    return "".join([*made, text[done:]])


def _spans(text: str) -> list[Part]:
    """Start and end of each address, in order and apart."""
    found: list[Part] = []
    seen = _Seen(text)
    for token in _TOKEN.finditer(text):
        kind, (start, end) = token.lastgroup, token.span()
        if kind == "number":
            begin = seen.begin(start, end, token["unit"]) if not found or end > found[-1][1] else None
            seen.number = (start, token["unit"], end)
            if begin is None:
                continue
            end = _REST.match(text, end).end()  # type: ignore[union-attr]
            if found and begin <= found[-1][1] + 1:
                begin = found.pop()[0]
            found.append((begin, end))
            seen.hidden = end
        elif kind == "region":
            if seen.region is None or start - seen.region[1] > NEAR:
                seen.first = start
            seen.region = (start, end)
        elif kind == "road":
            seen.road = (start, end)
        elif kind == "place":
            seen.place = (start, end)
        else:
            seen = _Seen(text)
    return found


class _Seen:
    """The parts of an address since the last stop, and what they make of a number behind them.

    ``first``: where the first of the regions is. ``house``: road and number that alone are too little. ``hidden``: the
    end of the last address.
    """

    __slots__ = ("first", "hidden", "house", "number", "place", "region", "road", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.first: int = 0
        self.region: Part | None = None
        self.road: Part | None = None
        self.place: Part | None = None
        self.house: Part | None = None
        self.number: tuple[int, str, int] | None = None
        self.hidden = -NEAR - 1

    def begin(self, at: int, end: int, unit: str) -> int | None:
        """Where the address begins that the number at ``at`` is part of; None if it is part of none."""
        more = at - self.hidden <= NEAR
        near = self.region is not None and at - self.region[1] <= NEAR
        road = self._behind(self.road, at) or (unit == "号" and near and self._town(at))
        place = self._behind(self.place, at)
        part = self.road if road else self.place if place else None
        start = self.first if near else part[0] if part else at
        if unit == "号":
            village = near and place and self.text[at - 1] == "村"
            sound = more or village or (road and self._house(at, end, near))
            sound = sound and not _SECOND_OF_MANY.match(self.text, end)
        elif unit in ("弄", "号院"):
            sound = road or near
        else:
            house = self.house is not None and at - self.house[1] <= 15
            sound = more or place or house or (near and unit in ("栋", "幢", "号楼"))
            if house and self.house and not near:
                start = self.house[0]
            elif not sound and self._pair(at, unit):
                sound, start = True, self.number[0] if self.number else at
        return _name_before(self.text, start) if sound else None

    def _behind(self, part: Part | None, at: int) -> bool:
        """Whether nothing but a blank stands between a part and ``at``."""
        return part is not None and (part[1] == at or (part[1] == at - 1 and self.text[part[1]] in _BLANKS))

    def _town(self, at: int) -> bool:
        """Whether a town's own name stands before the number in place of a road, inside a larger region."""
        region = self.region
        if region is None or region[0] == self.first or not self._behind(region, at):
            return False
        return self.text[region[0] : region[1]] in ("街道", "镇", "乡")

    def _house(self, at: int, end: int, near: bool) -> bool:
        """Whether road and number are enough for an address: with two digits, a region, or somebody arriving there."""
        start, stop = self.road or (at, at)
        if near:
            return True
        if self.text[start:stop] == "道" and self.text[start - 1 : start] != "大":
            return False
        if end - at > 2 and self.text[at + 1] not in _BLANKS:
            return True
        self.house = (start, end)
        return bool(_ARRIVING.search(self.text, max(0, start - 13), start))

    def _pair(self, at: int, unit: str) -> bool:
        """``3栋2单元``: two different parts of a building, one after the other."""
        before = self.number
        return before is not None and at - before[2] <= 1 and before[1] in _BUILDINGS and before[1] != unit


def _name_before(text: str, begin: int) -> int:
    """The start of the name that a region or a road bears: at most six characters before it."""
    start = begin
    while start > 0 and begin - start < 6 and "\u4e00" <= text[start - 1] <= "\u9fff":
        start -= 1
    return start
