"""How the built reports of a period stand: draft, approved, or changed since; and approving them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit import approvals, stale
from kit.approvals import Approval as Approval
from kit.approvals import Delivery as Delivery
from kit.approvals import append_delivery as append_delivery
from kit.approvals import content as content
from kit.approvals import deliveries as deliveries
from kit.approvals import known as known
from kit.approvals import standing as standing
from kit.client import Client, Period


@dataclass(frozen=True)
class Standing:
    """``kind``: ``draft``, ``approved``, or ``changed`` since the approval that the others tell of; of a draft
    ``version`` is 0."""

    kind: str = "draft"
    version: int = 0
    by: str = ""
    at: str = ""


@dataclass(frozen=True)
class State:
    """By report and language how what was built stands; what was not built is a draft."""

    known: Mapping[tuple[str, str], Standing]

    def of(self, report: str, locale: str) -> Standing:
        return self.known.get((report, locale), Standing())

    def reports(self, locale: str) -> list[str]:
        """The reports built in a language."""
        return [name for name, built in self.known if built == locale]

    def approved(self, locale: str) -> bool:
        """Whether all that was built in a language is approved; nothing built is not."""
        return {self.of(name, locale).kind for name in self.reports(locale)} == {"approved"}

    def version(self, locale: str) -> int:
        """The version of all reports of a language together: that of the one approved last."""
        return max((self.of(name, locale).version for name in self.reports(locale)), default=0)


def state(client: Client, period: Period) -> State:
    """How the built reports of a period stand, from their records and the approvals; no page is opened.

    Approved is what says what was approved and bears its version; a page that was not set again since is a draft.
    """
    folder = stale.folder_of(client, period)
    approved = known(client, period)
    found = {}
    for path in sorted(folder.glob("*.record.json")):
        report, _, locale = path.name.removesuffix(".record.json").rpartition(".")
        record = stale.recorded(folder, report, locale)
        if record is not None and "contents" in record:
            found[report, locale] = _standing(approved, report, locale, record)
    return State(found)


def _standing(approved: tuple[Approval, ...], report: str, locale: str, record: Mapping[str, Any]) -> Standing:
    if not (versions := approvals.versions(approved, report, locale)):
        return Standing()
    last = versions[-1]
    if last.of(report, locale) != record["contents"][locale]:
        return Standing("changed", last.version, last.by, last.at)
    marked = record["versions"][locale] == last.version
    return Standing("approved", last.version, last.by, last.at) if marked else Standing()
