"""The mail that brings the reports, as an unsent draft: a file that mail programs open ready to be looked at and sent.

It bears neither date nor number: the program that sends it puts in both, and a draft with yesterday's date would be
sorted under yesterday. So the same version is the same bytes.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from kit import committing, project
from kit.client import Client
from kit.deliver import leaving, message, scan, share, strangers
from kit.deliver.inline import Picture, pictures
from kit.deliver.leaving import Leaving
from kit.errors import FAILED, INVALID, KitError, Problem, problem, warning
from kit.graph import PACK
from kit.recipients import mailbox
from kit.text import Words

MB = 1_000_000
POLICY = SMTP.clone(refold_source="none")
"""A file's name stays in one piece: programs that read it in several are fewer."""
LINE = 64
"""Bytes of an encoded word's content, RFC 2047: 75 characters with what marks it."""


@dataclass(frozen=True)
class Draft:
    """``before``: when a draft of this version was made before, empty if none was."""

    file: Path
    version: int
    before: str
    told: tuple[Problem, ...]


def write(client: Client, period: str, locales: Sequence[str], reports: Sequence[str] = ()) -> list[Draft]:
    """Write a draft into the period's folder for each language of ``locales``. ``reports``: which, else all approved.

    Raises ``KitError`` before anything is written: nobody to write to, nothing approved, too large, or something in it
    is not this client's. Raises it, too, if the folder cannot be written.
    """
    if not client.delivery.to:
        raise KitError(problem("e.deliver.to", file=f"data/{client.slug}/client.toml"), INVALID)
    with committing.locked(client.slug):
        every = [leaving.approved(client, period, loc, reports) for loc in locales]
        said = client.delivery.language or ""
        for made in (one for one in every if said not in ("", one.locale)):
            leaving.approved(client, period, said, [*made.versions])  # its sentences are approved with its own pages
        ready = [(made, *_file(made, _title(made, reports))) for made in every]
        drafts = []
        for made, name, content, told in ready:
            _put(made.folder / name, content)
            _remove_earlier(made.folder / name)
            drafts.append(Draft(made.folder / name, made.version, share.delivered(made, "mail"), tuple(told)))
        share.note([made for made, *_ in ready], "mail")
    return drafts


def _title(made: Leaving, reports: Sequence[str]) -> str:
    """What the draft's file is called: a draft of some reports must not take the place of that of all of them."""
    if made.packed:
        return made.words.label("index.pack")
    if reports:
        return made.words.listing(made.words.value({"value": name, "unit": "report"}) for name in made.versions)
    return message.title(made, made.words)


def _file(made: Leaving, title: str) -> tuple[str, bytes, list[Problem]]:
    """The draft's name and bytes, and what is to be said of it."""
    content = as_bytes(made, Words(made.client.delivery.language or made.locale, made.client.currency))
    _refuse_large(made, content)
    name = leaving.file_name(made, title, made.version, "eml")
    others = strangers.addressed(made.client, strangers.of_others(made.client)[0])
    told = [warning("e.deliver.addressed", address=address, client=other) for address, other in others]
    return name, content, [*made.told, *told, *scan.refuse(made.client, {name: content})]


def _put(path: Path, content: bytes) -> None:
    try:
        committing.replace(path, content)
    except OSError as error:
        raise KitError(problem("e.deliver.write", folder=project.relative(path.parent)), FAILED) from error


def _remove_earlier(path: Path) -> None:
    """Drafts of the same with another version: two side by side, the wrong one would be sent. One that a mail program
    holds stays."""
    for other in path.parent.glob("*.eml"):
        if other != path and other.name.rpartition("_V")[0] == path.name.rpartition("_V")[0]:
            with contextlib.suppress(OSError):
                other.unlink()


def _refuse_large(made: Leaving, content: bytes) -> None:
    """Say which files make the message too large, and what to do instead."""
    limit = made.client.delivery.limit_mb
    if len(content) <= limit * MB:
        return
    sizes = [f"{name} ({len(data) / MB:.1f} MB)" for name, data in sorted(made.files.items(), key=lambda f: -len(f[1]))]
    pack = made.folder / f"{PACK}.{made.locale}.pdf"
    instead = len(made.files) > 1 and leaving.pack_stands(made) and pack.stat().st_size * 1.4 < limit * MB
    facts: dict[str, Any] = {"files": sizes, "size": f"{len(content) / MB:.1f}", "limit": f"{limit:g}"}
    key = "e.deliver.large.pack" if instead else "e.deliver.large"
    raise KitError(problem(key, client=made.client.slug, **facts), FAILED)


# ---- the message -------------------------------------------------------------------------------------------------


def as_bytes(made: Leaving, words: Words) -> bytes:
    """The draft: head, text, the same as a page with its pictures, and the files."""
    drawn = pictures(made, words.locale)
    said = _said(made, words)
    mail = EmailMessage(policy=POLICY)
    _head(mail, made.client, said["subject"])
    mail.set_content(_plain(said, list(made.files), words), cte="base64")
    mail.add_alternative(_page(said, made, drawn, words), subtype="html", cte="base64")
    page: Any = mail.get_payload(1)
    for picture in drawn:
        page.add_related(picture.data, "image", "png", cid=f"<{picture.cid}>", disposition="inline")
    for name, data in made.files.items():
        mail.add_attachment(data, "application", "pdf", filename="a.pdf")
        _named([*mail.iter_attachments()][-1], name)
    _bound(mail)
    return mail.as_bytes()


def _head(mail: EmailMessage, client: Client, subject: str) -> None:
    delivery = client.delivery
    if delivery.sender:
        mail["From"] = _addresses([delivery.sender])
    mail["To"] = _addresses(delivery.to)
    if delivery.cc:
        mail["Cc"] = _addresses(delivery.cc)
    mail["Subject"] = one_line(subject)
    mail["X-Unsent"] = "1"


def _addresses(people: Sequence[str]) -> tuple[Address, ...]:
    return tuple(Address(name, addr_spec=address) for name, address in map(mailbox, people))


def one_line(text: str) -> str:
    """A text without line breaks and other control characters: in a head they would begin another field."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _named(part: Any, name: str) -> None:
    """The file's name as RFC 2231 has it, in one piece, and as an encoded word of RFC 2047 beside it: Outlook and web
    mail of before know no more than the latter."""
    for field in ("Content-Type", "Content-Disposition"):
        del part[field]
    words = "\r\n ".join(f"=?utf-8?B?{base64.b64encode(piece).decode()}?=" for piece in _pieces(name))
    part.set_raw("Content-Type", f'application/pdf;\r\n name="{words}"')
    quoted = urllib.parse.quote(name, safe="")
    part.set_raw("Content-Disposition", f"attachment;\r\n filename*=utf-8''{quoted}")


def _pieces(name: str, size: int = LINE * 3 // 4 - 3) -> list[bytes]:
    """A name in pieces of at most so many bytes, no character cut."""
    pieces = [b""]
    for character in name:
        encoded = character.encode()
        if len(pieces[-1]) + len(encoded) > size:
            pieces.append(b"")
        pieces[-1] += encoded
    return pieces


def _bound(mail: EmailMessage) -> None:
    """What parts the parts, from what they hold: left to chance, no two drafts were the same bytes."""
    for n, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        leaves = [leaf for leaf in part.walk() if not leaf.is_multipart()]
        seed = b"".join(str(leaf.get_payload()).encode() for leaf in leaves)
        part.set_boundary(f"kit-{n}-{hashlib.sha256(seed).hexdigest()[:32]}")


# ---- what it says ------------------------------------------------------------------------------------------------


def _said(made: Leaving, words: Words) -> dict[str, Any]:
    """Its texts: ``subject``, ``greeting``, ``opening``, ``figures``, ``sections`` (title and lines), ``agency``."""
    report = made.leading()
    names = [name for name, _ in map(mailbox, made.client.delivery.to) if name]
    greeting = words.label("w.hello", name=words.listing(names)) if names else words.label("w.hello.all")
    opening = words.label("w.fix" if made.version > 1 else "w.open", **message.facts(made, words))
    parts = {
        "w.title.fix": message.corrected(made, words) if made.version > 1 else [],
        "w.title.findings": message.findings(report, words),
        "w.title.asks": message.decisions(report, words) or [words.label("d.none")],
    }
    sections = [{"title": words.label(key), "lines": lines} for key, lines in parts.items() if lines]
    figures = message.figures(report, words)
    said = {"subject": message.subject(made, words), "greeting": greeting, "opening": opening, "figures": figures}
    return {**said, "sections": sections, "agency": made.client.agency.in_(words.locale)}


def _plain(said: Mapping[str, Any], files: list[str], words: Words) -> str:
    attached = {"title": words.label("w.title.files"), "lines": files}
    blocks = [said["greeting"], said["opening"], "\n".join(said["figures"])]
    for section in (*said["sections"], attached):
        blocks.append("\n".join([section["title"], *(f"{n}. {line}" for n, line in enumerate(section["lines"], 1))]))
    return "\n\n".join(filter(None, [*blocks, said["agency"]])) + "\n"


def _page(said: Mapping[str, Any], made: Leaving, drawn: Sequence[Picture], words: Words) -> str:
    """The same as a page, every text escaped; its styles stand in its tags, since mail programs drop sheets."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from kit.brand import load

    folder = FileSystemLoader(project.templates() / "mail")
    environment = Environment(
        loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    colour = load(made.client.folder, made.client.up_color).primary
    return environment.get_template("body.html.j2").render(
        **said, colour=colour, pictures=drawn, lang={"zh": "zh-CN", "en": "en-GB"}[words.locale]
    )
