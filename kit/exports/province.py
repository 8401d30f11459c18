"""The province that an address begins with: all of it that is read, the rest goes unread."""

from __future__ import annotations

import re

from kit.exports.literals import NULL, Cell, Read, ascii_forms, said_nothing, withheld

PROVINCES = (
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建", "江西",
    "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃",
    "青海", "宁夏", "新疆", "台湾", "香港", "澳门",
)  # fmt: skip
COUNTRY = ("中国", "中华人民共和国")
OVERSEAS = "海外"
"""How the platforms call an address outside the country."""
_NAMED = re.compile("|".join((*PROVINCES, OVERSEAS)))


def read(na: frozenset[str]) -> Read:
    """``广东省 深圳市 …`` and ``广东`` are ``广东``; what begins with no province is missing, and counted."""

    def province(raw: str) -> Cell:
        text = ascii_forms(raw)
        said = said_nothing(text, na) or withheld(text)
        if said is not None:
            return said
        for country in COUNTRY:
            text = text.removeprefix(country).strip()
        if found := _NAMED.match(text):
            return Cell(found[0])
        return Cell(None, "no_province") if text else NULL

    return province
