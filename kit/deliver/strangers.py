"""What tells one client from another: names, brands, addresses, secrets, as they are searched for in others' files.

A word is searched for if it can tell anything: a shop called 天猫旗舰店 or a brand of one character stands everywhere.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kit import client as clients
from kit import project
from kit.client import Client
from kit.exports.secret import NAME as SECRET
from kit.recipients import mailbox

PUBLIC = frozenset((
    "qq.com", "vip.qq.com", "foxmail.com", "163.com", "vip.163.com", "126.com", "vip.126.com", "yeah.net", "139.com",
    "189.cn", "wo.cn", "21cn.com", "sina.com", "vip.sina.com", "sina.cn", "sohu.com", "aliyun.com", "tom.com",
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "live.cn", "msn.com", "icloud.com",
    "me.com", "mac.com", "yahoo.com", "yahoo.com.cn", "yahoo.cn", "proton.me", "protonmail.com",
))  # fmt: skip
"""Domains at which anybody has an address."""
GENERIC = re.compile(
    "天猫|淘宝|京东|拼多多|抖音|快手|小红书|微信|视频号|唯品会|得物|品牌|官方|旗舰|专卖|专营|企业|自营|超市|折扣|奥莱|分销|海外|国际|中国"
    "|有限|责任|股份|公司|集团|小店|店铺|商城|直播间|店|号"
    r"|tmall|taobao|jd|pinduoduo|pdd|douyin|kuaishou|xiaohongshu|wechat|official|flagship|store|shop|outlet|self|run|supermarket"
    r"|distributor|global|china|brand|mall|live|the|co|ltd|inc|of|s\b"
)
"""What names of shops and companies have in common."""
GAP = r"[\s\-\u2010\u2011\xad\ufffe\x02]"
"""What a line break may have put into a word; PDFium marks a hyphen at the end of a line by the last two."""
BREAKS = dict.fromkeys(map(ord, "\t\n\r"))
LEAST = 6
"""Weight from which on a word tells something: a Chinese character counts 3, a letter or figure 2."""
LEAST_SLUG = 5
"""Characters of a folder's name: shorter ones are words like ``demo`` or ``test``."""
FOREVER = ("recipient", "domain", "private", "secret")
"""Kinds of words that stand in no other client's file, whatever its data are about."""


def folded(text: str) -> str:
    """One form of what looks alike: width, case and invisible marks make no other word."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", text).casefold()
    if plain.translate(BREAKS).isprintable():  # no invisible mark is
        return plain
    return "".join(c for c in plain if unicodedata.category(c) != "Cf" or c == "\xad")


def squeezed(text: str) -> str:
    """A folded text without blanks and hyphens: what a line break cannot change."""
    return re.sub(GAP, "", text)


@dataclass(frozen=True)
class Word:
    """A word of ``client``, as it is written and as it is searched for. ``kind``: ``name``, ``shop``, ``brand``,
    ``slug``, ``recipient``, ``domain``, ``private`` or ``secret``."""

    client: str
    kind: str
    text: str
    form: str

    def pattern(self) -> re.Pattern[str]:
        """It in a folded text, line breaks within it or not; a word in letters not as a part of another word, but a
        secret anywhere."""
        inside = f"{GAP}{{0,3}}".join(map(re.escape, self.form))
        word = self.kind != "secret"
        first, last = (word and self.form[n].isascii() and self.form[n].isalnum() for n in (0, -1))
        return re.compile((r"(?<![a-z0-9])" if first else "") + inside + (r"(?![a-z0-9])" if last else ""))


def telling(word: Word) -> bool:
    """Whether it tells one client from another, by its own form."""
    if word.kind in ("recipient", "secret"):
        return True
    if word.kind == "domain":
        return word.form not in PUBLIC
    if word.kind == "slug" and len(word.text) < LEAST_SLUG:
        return False
    rest = re.sub(r"[\W_]", "", GENERIC.sub("", folded(word.text)))
    if rest.isdigit():
        return len(rest) >= LEAST
    return sum(2 if c.isascii() else 3 for c in rest) >= LEAST


def of_others(client: Client) -> tuple[list[Word], list[str]]:
    """The telling words of all other clients, secrets of this one too; and the clients whose settings cannot be read,
    of which no more than the folder's name is known."""
    words, unread = [], []
    for slug in clients.names():
        words += _secret(slug)
        if slug == client.slug:
            continue
        words.append(_word(slug, "slug", slug))
        try:
            settings = tomllib.loads((project.data() / slug / "client.toml").read_text(encoding="utf-8-sig"))
        except (OSError, ValueError):
            unread.append(slug)
            continue
        words += [_word(slug, kind, text) for kind, text in _said(settings)]
    known = {(word.kind in FOREVER, word.form): word for word in reversed(words) if telling(word)}
    return list(known.values()), unread


def addressed(client: Client, words: Iterable[Word]) -> list[tuple[str, str]]:
    """The client's recipients to whom another client's reports go, too, or who are at its domain, each with that
    client; ``words``: of the others. Colleagues of the agency are none."""
    home = mailbox(client.delivery.sender)[1].lower().rpartition("@")[2] if client.delivery.sender else ""
    of = {(word.kind, word.form): word.client for word in words if word.kind in ("recipient", "domain")}
    found = []
    for address in (mailbox(text)[1] for text in (*client.delivery.to, *client.delivery.cc)):
        form, domain = squeezed(folded(address)), folded(address).rpartition("@")[2]
        other = of.get(("recipient", form)) or of.get(("domain", squeezed(domain)))
        if other and domain != home:
            found.append((address, other))
    return found


def _word(slug: str, kind: str, text: str) -> Word:
    return Word(slug, kind, text.strip(), squeezed(folded(text)))


def _secret(slug: str) -> list[Word]:
    path = project.data() / slug / SECRET
    key = path.read_text(encoding="ascii", errors="replace").strip() if path.is_file() else ""
    return [_word(slug, "secret", key)] if key else []


def _said(settings: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every word of a client's settings with its kind; what is of the wrong type says nothing: its own check tells."""
    yield from (("name", text) for text in _texts(settings.get("name")))
    for shop in _values(settings.get("shops")):
        if isinstance(shop, dict):
            yield from (("shop", text) for name in ("name", "aliases") for text in _texts(shop.get(name)))
    market, delivery = (part if isinstance(part := settings.get(name), dict) else {} for name in ("market", "delivery"))
    yield from (("brand", text) for text in _texts(market.get("brand")))
    yield from (("private", text) for text in _texts(delivery.get("private")))
    for text in (*_texts(delivery.get("to")), *_texts(delivery.get("cc"))):
        try:
            address = mailbox(text)[1]
        except ValueError:
            continue
        yield from (("recipient", address), ("domain", address.rpartition("@")[2]))


def _texts(value: Any) -> list[str]:
    """A text, a list of them or one in two languages."""
    return [
        text
        for text in ([value] if isinstance(value, str) else _values(value))
        if isinstance(text, str) and text.strip()
    ]


def _values(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def own(client: Client) -> str:
    """All by which a client and its agency are called, addresses among it, as one folded text."""
    addresses = [mailbox(text)[1] for text in (*client.delivery.to, *client.delivery.cc)]
    agency = mailbox(client.delivery.sender)[1] if client.delivery.sender else ""
    names = [*client.name.both.values(), *client.agency.both.values(), client.slug]
    names += [name for shop in client.shops.values() for name in shop.names]
    names += client.market.brand if client.market else ()
    every = [*names, *addresses, agency, *client.delivery.allowed]
    return "\0".join(map(folded, every))
