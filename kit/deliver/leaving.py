"""What may leave for a client: approved reports whose files are as they were built, under names that people read."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import report, stale, store
from kit.client import Client, Period
from kit.deliver import approval, approving, parts
from kit.errors import FAILED, WRONG_CALL, KitError, Problem, problem, warning
from kit.graph import PACK
from kit.store import Store
from kit.text import Words

Report = dict[str, Any]
LONGEST = 120
"""Bytes of a file's name in UTF-8: what travels is unpacked into folders that have long names, too."""
LONGEST_TITLE = 60
FORBIDDEN = re.compile(r'[<>:"/\\|?*\s]+')
RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)")
"""Names that are devices on Windows, whatever ending follows."""


@dataclass(frozen=True)
class Leaving:
    """``versions`` and ``machine``: by report, in the order in which a client reads them, its version and it as data.
    ``files``: the PDFs by the names they get, of a ``packed`` one the pack alone. ``told``: what is to be said although
    they may leave."""

    client: Client
    period: Period
    locale: str
    data: Store
    versions: dict[str, int]
    machine: dict[str, Report]
    files: dict[str, bytes]
    told: list[Problem] = field(default_factory=list)
    packed: bool = False

    @property
    def version(self) -> int:
        return max(self.versions.values())

    @property
    def folder(self) -> Path:
        return stale.folder_of(self.client, self.period)

    @property
    def words(self) -> Words:
        return Words(self.locale, self.client.currency)

    def leading(self) -> Report:
        """The report that speaks for all: the summary, else the first."""
        return next(iter(self.machine.values()))


def approved(client: Client, period: str, locale: str, reports: Sequence[str] = ()) -> Leaving:
    """All approved reports of a period in a language, or those of ``reports``; ``pack`` among them: the pack instead.

    Raises ``KitError``: none is built or approved, one of ``reports`` is not, or files are not as they were built.
    """
    data = store.load(client)
    chosen = Period.choose(period, data.span(), data.months())
    state, names = approval.state(client, chosen), [name for name in reports if name != PACK]
    wanted = _built(client, chosen, state, locale, names)
    good = [name for name in wanted if state.of(name, locale).kind == "approved"]
    left = [name for name in wanted if name not in good]
    facts = {"client": client.slug, "period": chosen.text}
    if left and (not good or reports):
        raise KitError(problem("e.deliver.unapproved", reports=", ".join(left), **facts), WRONG_CALL)
    if damaged := [name for name in good if name not in parts.there(client, stale.folder_of(client, chosen), locale)]:
        raise KitError(problem("e.deliver.damaged", reports=", ".join(damaged), **facts), FAILED)
    told = [warning("e.deliver.left", reports=", ".join(left), **facts)] if left else []
    if behind := approving.behind(client, chosen, data, good):
        told.append(warning("e.deliver.behind", reports=", ".join(behind), **facts))
    versions = {name: state.of(name, locale).version for name in good}
    made = Leaving(client, chosen, locale, data, versions, {}, {}, told, PACK in reports)
    made.machine.update({name: json.loads(_as_built(made, name, f"{name}.json")) for name in good})
    made.files.update(_packed(made) if made.packed else _files(made))
    return made


def _built(client: Client, period: Period, state: approval.State, locale: str, names: list[str]) -> list[str]:
    """The reports built in a language, or those of ``names``, in the order in which a client reads them."""
    known, built = report.names(client), parts.ordered(state.reports(locale))
    if faults := [report.unknown(name, known) for name in names if name not in known]:
        raise KitError(faults, WRONG_CALL)
    if not built or not {*names} <= {*built}:
        lacking = ", ".join([name for name in names if name not in built] or parts.ordered(known))
        facts = {"client": client.slug, "period": period.text, "locale": locale}
        raise KitError(problem("e.deliver.unbuilt", reports=lacking, **facts), WRONG_CALL)
    return [name for name in built if name in names] if names else built


def _as_built(made: Leaving, name: str, file: str) -> bytes:
    """A file's bytes, if they are those that the record of ``name`` vouches for: somebody may just be at it."""
    record = stale.recorded(made.folder, name, made.locale)
    try:
        content = (made.folder / file).read_bytes()
    except OSError:
        content = b""
    if record is None or hashlib.sha256(content).hexdigest() != record["files"].get(file):
        facts = {"client": made.client.slug, "period": made.period.text}
        raise KitError(problem("e.deliver.damaged", reports=name, **facts), FAILED)
    return content


def _files(made: Leaving) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, version in made.versions.items():
        title = made.words.value({"value": name, "unit": "report"})
        as_named = file_name(made, title, version, "pdf")
        if as_named in files:  # two of a client's own reports whose long names begin alike
            as_named = file_name(made, name, version, "pdf")
        files[as_named] = _as_built(made, name, f"{name}.{made.locale}.pdf")
    return files


def _packed(made: Leaving) -> dict[str, bytes]:
    """The pack alone, if it is as its record says and of the reports as they are now."""
    if not pack_stands(made):
        facts = {"client": made.client.slug, "period": made.period.text}
        raise KitError(problem("e.deliver.pack", **facts), FAILED)
    name = file_name(made, made.words.label("index.pack"), made.version, "pdf")
    return {name: _as_built(made, PACK, f"{PACK}.{made.locale}.pdf")}


def pack_stands(made: Leaving) -> bool:
    """Whether the pack is there, of these reports as they are now, and holds no other."""
    from kit.deliver import pack

    whole = stale.recorded(made.folder, PACK, made.locale) is not None
    there = parts.there(made.client, made.folder, made.locale)
    plan = pack.due(made.client, made.period, (made.locale,)) if whole and set(there) == set(made.versions) else None
    return plan is not None and made.locale not in plan.render


# ---- names -------------------------------------------------------------------------------------------------------


def file_name(made: Leaving, title: str, version: int, end: str) -> str:
    """``品牌_2024年11月_月度运营报告_V1.pdf``, ``Brand_2024-11_Monthly_operations_review_V1.pdf``."""
    period, words = made.period, made.words
    worded = words.value({"value": made.leading()["period"] | {"kind": period.kind}, "unit": "period"})
    when = worded if made.locale == "zh" and period.kind in ("month", "quarter", "year") else period.text
    return safe_name(made.client.name.in_(made.locale), when, title, f"V{version}", end)


def safe_name(brand: str, when: str, title: str, version: str, end: str) -> str:
    """A name that every system and chat program takes, of at most ``LONGEST`` bytes: the brand gives way first."""
    tail = "_".join(filter(None, (clean(when), _cut(clean(title), LONGEST_TITLE), version))) + f".{end}"
    head = _cut(clean(brand), LONGEST - len(tail.encode()) - 1)
    head = head.replace(".", "_") if RESERVED.match(head) else head
    return f"{head}_{tail}" if head else tail


def clean(text: str) -> str:
    """Without what no system takes in a name; blanks become one underline."""
    plain = unicodedata.normalize("NFC", text)
    kept = "".join(c for c in plain if c.isspace() or unicodedata.category(c)[0] != "C")
    return re.sub("_+", "_", FORBIDDEN.sub("_", kept.replace("..", "_").replace("/", "-"))).strip(" ._-")


def _cut(text: str, size: int) -> str:
    return text.encode()[: max(size, 0)].decode(errors="ignore").strip(" ._-")
