"""Who gets the reports by mail, and what may leave in them: ``[delivery]`` of ``client.toml``."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kit.settings import Filled, Strict, refuse

_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"{_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)+(?=[A-Za-z]){_LABEL}")
"""What every mail server takes: ASCII, no quoted names, a domain with a dot."""
FORM = re.compile(r'(?P<name>[^<>"\\@]*)<(?P<named>[^<>]*)>|(?P<bare>[^<>]*)')
LONGEST = 254
"""Characters of an address: RFC 5321, 4.5.3.1.3."""


def mailbox(text: str) -> tuple[str, str]:
    """Name and address of ``name@company.com`` or ``Name <name@company.com>``; the name may be empty.

    Raises ``ValueError`` for anything else: both end in the head of a message, where a line break would begin another
    field.
    """
    found = FORM.fullmatch(text.strip())
    name, address = (found["name"] or "", found["named"] or found["bare"]) if found else ("", "")
    if not name.isprintable() or not ADDRESS.fullmatch(address) or len(address) > LONGEST:
        refuse("name@company.com, 张经理 <name@company.com>")
    return name.strip(), address


def _mailbox(text: str) -> str:
    mailbox(text)
    return text.strip()


Mailbox = Annotated[str, AfterValidator(_mailbox)]


class Delivery(Strict):
    """``editors``: who works on the reports by hand, and so approves none. ``sender``: the agency's own address; its
    domain is no stranger's in any file. ``limit_mb``: the largest message that the recipients' server takes, as it
    travels. ``language``: of the mail; None: the reports'. ``private``: words of this client that no other client's
    file may contain. ``allowed``: words of other clients that this one's files may contain.
    """

    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    editors: tuple[Filled, ...] = ()
    sender: Mailbox | None = None
    limit_mb: float = Field(20, gt=0, le=150)
    language: Literal["zh", "en"] | None = None
    private: tuple[Filled, ...] = ()
    allowed: tuple[Filled, ...] = ()
