"""What must not leave in a client's files: another client's words, secrets, personal data.

It is looked for before anything is written that travels, in the bytes that travel. A word of another client is this
client's own if its settings name it, if its market tables do (a rival that is a client, too), or if kit's own sentences
use it. The confidentiality note is held to more: there a rival has no business. Recipients, domains, confidential words
and secrets of others are excused by no market table.
"""

from __future__ import annotations

import functools
import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kit import project, store
from kit.client import Client
from kit.deliver import strangers, texts
from kit.deliver.strangers import Word, folded
from kit.errors import FAILED, KitError, Problem, problem, warning
from kit.exports import addresses
from kit.exports.personal import HIDDEN
from kit.recipients import mailbox
from kit.tables import TABLES

END = "\0\n"
"""Between two texts: no word reaches over it."""
MARKET = {"listings": ("brand", "title"), "rivals": ("rival", "rival_shop"), "search_terms": ("term",),
          "competitors": ("brand", "rival_shop")}  # fmt: skip
"""Where rivals are named, by table and column."""
MOBILE = re.compile(
    r"(?<![0-9.])(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?P<gap>[ -]?)(?!(?:19|20)\d\d[ -](?:19|20)\d\d)\d{4}(?P=gap)\d{4}"
    r"(?![0-9]|\.\d)"
)
CARD = re.compile(
    r"(?<![0-9.])[1-8]\d{5}[ -]?(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dx](?![0-9a-z]|\.\d)"
)
EMAIL = re.compile(r"(?<![a-z0-9.+_%-])[a-z0-9.+_%-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10x98765432"
"""Of the last character of an identity card: GB 11643, ISO 7064 MOD 11-2."""
WRAPPED = re.compile(r"(?<=[\u4e00-\u9fff0-9])\n(?=[\u4e00-\u9fff0-9])")
"""A line of a page that goes on in the next."""


def refuse(client: Client, files: Mapping[str, bytes]) -> list[Problem]:
    """What is to be said although the files may leave. Raises ``KitError`` with every hit that forbids it."""
    found = hits(client, files)
    if any(not fault.warning for fault in found):
        raise KitError(found, FAILED)
    return found


def hits(client: Client, files: Mapping[str, bytes]) -> list[Problem]:
    """Every hit in ``files`` (name and bytes; names that end in those of ``texts.READERS``), once a file and word, with
    the first place and how many there are. What is personal is never quoted. Other clients whose settings cannot be
    read are named by warnings."""
    corpus = Corpus.of(files)
    words, unread = strangers.of_others(client)
    notes = Corpus([(f"data/{client.slug}/client.toml", {"code": "key", "key": "confidentiality"}, text)
                    for text in (client.confidentiality.both.values() if client.confidentiality else ())])  # fmt: skip
    made = [*_foreign(words, notes, _Own(client, market=False)), *_foreign(words, corpus, _Own(client, market=True))]
    made += _personal(client, corpus)
    return [*_counted(made), *(warning("e.deliver.other", client=slug) for slug in unread)]


@dataclass(frozen=True)
class Hit:
    """``id`` and ``args`` of the problem; ``at``: file and place."""

    id: str
    args: tuple[tuple[str, str], ...]
    at: tuple[str, texts.Place]


def _counted(found: list[Hit]) -> list[Problem]:
    """One problem for what is the same in a file: its first place, and in how many it stands."""
    places: dict[tuple[Any, ...], list[texts.Place]] = {}
    for hit in found:
        places.setdefault((hit.id, hit.args, hit.at[0]), []).append(hit.at[1])
    return [problem(id, file=file, **dict(args), **at[0], n=len(at)) for (id, args, file), at in places.items()]


class Corpus:
    """Many texts as one to be searched: equal ones once, each with where it stands."""

    def __init__(self, said: list[texts.Said]) -> None:
        self.places: dict[str, list[tuple[str, texts.Place]]] = {}
        for file, place, text in said:
            if text := text.strip():
                self.places.setdefault(text.replace("\r\n", "\n"), []).append((file, place))
        self.texts = list(self.places)
        forms = [folded(text).replace("\0", " ") for text in self.texts]
        self.folded = END.join(forms)
        self.starts = [0, *itertools.accumulate(len(form) + len(END) for form in forms)]

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Corpus:
        return cls([said for name, data in files.items() for said in texts.said(name, data)])

    @functools.cached_property
    def squeezed(self) -> str:
        return strangers.squeezed(self.folded)

    @functools.cached_property
    def pairs(self) -> frozenset[str]:
        """Every two characters that follow each other: a word with others cannot be in it."""
        return frozenset(map("".join, zip(self.squeezed, self.squeezed[1:], strict=False)))

    def may_have(self, form: str) -> bool:
        return all(form[n : n + 2] in self.pairs for n in range(len(form) - 1)) and form in self.squeezed

    def at(self, position: int) -> list[tuple[str, texts.Place]]:
        """Where the text stands to which a place in the whole belongs."""
        return self.places[self.texts[bisect_right(self.starts, position) - 1]]


# ---- words of others ---------------------------------------------------------------------------------------------


class _Own:
    """Whose a word is that is a client's and yet not only that; each list is made when it is first asked for."""

    def __init__(self, client: Client, market: bool) -> None:
        self.client, self.market = client, market

    def has(self, word: Word) -> bool:
        if word.kind == "secret":
            return False
        if word.pattern().search(self.names):
            return True
        if word.kind in strangers.FOREVER:
            return False
        return bool(word.pattern().search(_common()) or (self.market and word.pattern().search(self.rivals)))

    @functools.cached_property
    def names(self) -> str:
        return strangers.own(self.client)

    @functools.cached_property
    def rivals(self) -> str:
        """What the client's market tables name."""
        data = store.load(self.client)
        found: list[str] = []
        for name, columns in MARKET.items():
            if (table := data.get(name)) is not None:
                found += [str(value) for column in columns for value in table[column].dropna().unique()]
        return END.join(map(folded, found))


@functools.cache
def _common() -> str:
    """kit's own sentences and examples: a word that they use tells nobody from anybody."""
    places = [*(project.PACKAGE / "locale").rglob("*.po"), *(project.templates() / "new").glob("*.*")]
    return END.join(folded(path.read_text(encoding="utf-8")) for path in sorted(places))


def _foreign(words: list[Word], corpus: Corpus, own: _Own) -> Iterator[Hit]:
    for word in words:
        if not corpus.may_have(word.form):
            continue
        found = [match.start() for match in word.pattern().finditer(corpus.folded)]
        if found and not own.has(word):
            id = "e.deliver.secret" if word.kind == "secret" else "e.deliver.foreign"
            said = {"client": word.client, "of_hit": word.kind}
            said |= {} if word.kind == "secret" else {"word": word.text}
            yield from (Hit(id, tuple(said.items()), at) for start in found for at in corpus.at(start))


# ---- personal data -----------------------------------------------------------------------------------------------


def _personal(client: Client, corpus: Corpus) -> Iterator[Hit]:
    """Mobile numbers, identity cards, e-mail addresses and street addresses."""
    excused = _Excused(client)
    for kind, pattern in (("mobile", MOBILE), ("card", CARD), ("email", EMAIL)):
        for match in pattern.finditer(corpus.folded):
            if not excused.has(kind, match):
                yield from (Hit("e.deliver.personal", (("of_hit", kind),), at) for at in corpus.at(match.start()))
    for text, places in corpus.places.items():
        if _address(excused.without(text)):
            yield from (Hit("e.deliver.personal", (("of_hit", "address"),), at) for at in places)


def _address(text: str) -> bool:
    """Whether a street address stands in a text, over the lines of a page as well."""
    if not addresses.TRIGGER.search(text) and "址" not in text:
        return False
    whole = WRAPPED.sub("", text)
    return addresses.replaced(addresses.announced(whole, HIDDEN), HIDDEN) != whole


class _Excused:
    """What looks personal and is not: addresses of the agency and the recipients, numbers of the client's own goods and
    orders, pieces of hashes, and what client.toml allows."""

    def __init__(self, client: Client) -> None:
        self.client, delivery = client, client.delivery
        self.people = {mailbox(text)[1].lower() for text in (*delivery.to, *delivery.cc)}
        self.domain = mailbox(delivery.sender)[1].lower().rpartition("@")[2] if delivery.sender else None
        self.allowed = {strangers.squeezed(folded(text)) for text in delivery.allowed}

    def without(self, text: str) -> str:
        """A text without what is allowed."""
        for one in self.client.delivery.allowed:
            text = text.replace(one, "")
        return text

    def has(self, kind: str, match: re.Match[str]) -> bool:
        if strangers.squeezed(match[0]) in self.allowed:
            return True
        if kind == "email":
            return match[0] in self.people or match[0].rpartition("@")[2] == self.domain
        digits = re.sub(r"[ -]", "", match[0])
        if kind == "card" and not _checked(digits):
            return True
        return _hashed(match) or any(map(self._counted, {digits, _around(match, "0-9a-z_-")}))

    def _counted(self, code: str) -> bool:
        """Whether it is the number of an item, an order or the like in the client's tables."""
        data = store.load(self.client)
        for name, table in TABLES.items():
            columns = [field.name for field in table.fields if field.type == "id"]
            if columns and name in data.tables:
                where = " OR ".join(f"lower({column}) = '{code}'" for column in columns)
                if not data.select(f"SELECT 1 FROM {name} WHERE {where} LIMIT 1", name).empty:
                    return True
        return False


def _checked(card: str) -> bool:
    """Whether the last character of an identity card's number is the one that its others make."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, card, strict=False))
    return CHECKS[total % 11] == card[-1]


def _hashed(match: re.Match[str]) -> bool:
    """Whether it is a piece of a hash: of sixteen or more hexadecimal figures, letters among them."""
    whole = _around(match, "0-9a-f")
    return bool(re.fullmatch(r"[0-9a-f]{16,}", whole)) and not whole.isdigit()


def _around(match: re.Match[str], signs: str) -> str:
    """A match with the characters of that class that it stands among: what it is a piece of."""
    before = re.search(f"[{signs}]*$", match.string[max(0, match.start() - 64) : match.start()])
    after = re.match(f"[{signs}]*", match.string[match.end() : match.end() + 64])
    return (before[0] if before else "") + match[0] + (after[0] if after else "")
