"""Personal data in free text: where it is, and the text without it.

Phones, identity cards and e-mail addresses are known by their form, addresses by ``kit.exports.addresses``, names and
accounts only where they are announced (``收货人：…``): a product's title is full of names, and must survive. Every
pattern takes time in proportion to the text, however long and whatever is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.exports import addresses

HIDDEN = "〔已隐去〕"

_D = "[0-9０-９]"
_JOIN = r"[\s.－—_·-]?"
_WORDS = (
    "微信|薇信|威信|v信|V信|vx|VX|Vx|wx|WX|Wx|weixin|WeiXin|Weixin|wechat|Wechat|WeChat|WECHAT|加v|加V|我v|我V|qq|QQ|Qq|扣扣|企鹅"
    "|收货|收件|寄件|联系|姓名|机主|户名|地址|住址|电话|座机|致电|拨打|tel|Tel|TEL"
    "|旺旺|会员名|昵称|支付宝|银行卡|卡号|身份证|护照|账号|帐号|抖音号|快手号|小红书号"
)
_AT, _NAMED = re.compile("[@＠]"), re.compile(_WORDS)
# The third range is there for speed: from three on, the search for a first character is a look-up, not comparisons.
_NUMBERS = re.compile(rf"[0-9０-９٠-٩](?:{_JOIN}{_D}){{6}}")
"""Without a match of one of these, or of ``addresses.TRIGGER``, a text holds nothing personal."""
_CUES = re.compile(
    f"[@＠{addresses.UNITS}{''.join(dict.fromkeys(w[0] for w in _WORDS.split('|')))}]"
    rf"(?:(?<=[@＠])|(?<=[{addresses.UNITS}]){addresses.NUMBERED}"
    f"|{'|'.join(f'(?<={w[0]}){w[1:]}' for w in _WORDS.split('|'))})"
)
"""All of them but the numbers, as one pattern that begins with a set of characters: such a one is searched for fast."""

# An address is looked for only where a word begins: at every letter of it, a long cell would take hours.
_FORMS = re.compile(
    r"(?<![\w.+-])[\w.+-]+[@＠][\w-]+(?:\.[\w-]+)+"
    rf"|(?<!{_D})(?:(?<!0\.){_D}{{17}}(?:{_D}|[XxＸ])"
    rf"|{_D}{{6}}[\s-](?:19|20){_D}{{6}}[\s-]{_D}{{3}}[0-9Xx]"
    rf"|(?:(?:[+＋]|00)?[8８][6６][\s-]?)?[1１][3-9３-９]{_D}{_JOIN}{_D}{{4}}{_JOIN}{_D}{{4}}"
    rf"|(?:[(（]0{_D}{{2,3}}[)）]\s?|0{_D}{{2,3}}[\s－—-]|\+86[\s-]?[1-9]{_D}{{1,2}}[\s-])"
    rf"[2-8２-８]{_D}{{2,3}}[\s-]?{_D}{{4}}(?:[-转]{_D}{{1,6}})?)(?!{_D})",
    re.ASCII,
)
_SAID = r"\s{0,3}(?:[:：]|是|为|叫)\s{0,3}"
_ID = r"[A-Za-z0-9][-_A-Za-z0-9]{4,19}"
_TOLD = r"(?=[-_A-Za-z]{0,19}[0-9_])[A-Za-z][-_A-Za-z0-9]{5,19}|[1-9][0-9]{5,10}"
"""An account that nothing but a blank announces: a word with a digit in it, or a number."""
_NO_NAME = "电话|手机|地址|信息|方式|号码|姓名|本人|自己|[我你您他她它家老爸妈不没有写填对错已要请无这那一的了在都]"
_NAME = rf"(?!{_NO_NAME})(?:[\u4e00-\u9fff·]{{1,4}}|[A-Za-z][A-Za-z .]{{1,30}})"
_HOTLINE = rf"[48]00{_JOIN}{_D}{{3}}{_JOIN}{_D}{{4}}(?!{_D})"
_NUMBERED = "旺旺|会员名|昵称|支付宝|银行卡|卡号|身份证|护照|账号|帐号|抖音号|快手号|小红书号"
_ANNOUNCED = tuple(
    re.compile(rf"({label})({value})", re.IGNORECASE)
    for label, value in (
        (rf"(?:收货人|收件人|寄件人|联系人)(?:姓名)?(?:{_SAID}|\s{{1,3}})", _NAME),
        (r"(?:机主|户名|姓名)\s{0,3}(?:[:：]|是|叫|\s)\s{0,3}", _NAME),
        (rf"(?:微信|薇信|威信|v信|(?<![A-Za-z])(?:vx|wx|weixin|wechat))(?:号码?|id|账号|帐号)?{_SAID}加?", _ID),
        (r"(?:加|联系|我的|私)(?:我|你|您|客服)?的?(?:微信|薇信|威信|v信?)(?:号码?)?\s{0,3}(?:[:：]\s{0,3})?", _TOLD),
        (r"(?:(?:微信|薇信|威信)号码?|v信|(?<![A-Za-z])(?:vx|wx))\s{0,3}", _TOLD),
        (rf"(?<![A-Za-z])(?:qq|扣扣|企鹅)(?:号码?|群)?(?:{_SAID}|\s{{0,3}})", rf"[1-9]{_D}{{4,10}}(?!{_D})"),
        (rf"(?:{_NUMBERED})(?:号码?|id|名)?\s{{0,3}}[:：]\s{{0,3}}", r"[^\s，。；,;、〔〕]{2,30}"),
        (
            rf"(?:电话|座机|致电|拨打|联系方式|(?<![A-Za-z])tel)(?:号码?)?(?:{_SAID}|\s{{0,3}})",
            rf"(?!{_HOTLINE}){_D}{{3,4}}{_JOIN}{_D}{{3,4}}{_JOIN}{_D}{{0,4}}(?![0-9０-９A-Za-z])",
        ),
    )
)


def scrub(text: str) -> str:
    """``text`` without phone numbers, identity-card numbers, e-mail and street addresses, and announced accounts."""
    # What is taken out may have hidden that its neighbour is personal, too.
    while (made := _once(text)) != text:
        text = made
    return text


def _once(text: str) -> str:
    if _AT.search(text) or _NUMBERS.search(text):
        text = _FORMS.sub(HIDDEN, text)
    if _NAMED.search(text):
        for pattern in _ANNOUNCED:
            text = pattern.sub(_value_hidden, text)
        text = addresses.announced(text, HIDDEN)
    return addresses.replaced(text, HIDDEN) if addresses.TRIGGER.search(text) else text


def _value_hidden(found: re.Match[str]) -> str:
    return found[1] + HIDDEN


def suspects(joined: str) -> Iterator[tuple[int, int]]:
    """Where a text, or many of them joined, may hold something personal. Outside it ``scrub`` changes nothing."""
    for pattern in (_NUMBERS, _CUES):
        yield from (found.span() for found in pattern.finditer(joined))
