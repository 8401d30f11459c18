"""The built reports of a client's period, as the files that travel are made of them: read back, never run again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kit import report, stale

if TYPE_CHECKING:
    from pathlib import Path

    from kit.client import Client, Period
    from kit.render import Rendering
    from kit.store import Store

ORDER = ("summary", "review", "market", "campaign", "abtest", "swot")
"""The order in which a client reads them; the others come after these, by name."""


def built(client: Client, period: Period, data: Store, locale: str) -> list[Rendering]:
    """Every report whose files in this language are as its record vouches for, in ``ORDER``.

    Each is worded anew from the notebook that was run, with the drawings of its last build and what its approvals say.
    """
    folder = stale.folder_of(client, period)
    return [one(client, period, data, locale, name) for name in there(client, folder, locale)]


def one(client: Client, period: Period, data: Store, locale: str, name: str) -> Rendering:
    """A report that is whole in this language."""
    import nbformat

    from kit import corrections, drawings, outputs
    from kit.render import Rendering

    folder = stale.folder_of(client, period)
    pieces = outputs.read(nbformat.read(folder / f"{name}.ipynb", as_version=4))
    made = Rendering(pieces, client, data, locale, drawings.of(client.slug, name, period.text)[locale])
    corrections.mark(made, period, json.loads((folder / f"{name}.json").read_bytes()))
    return made


def there(client: Client, folder: Path, locale: str) -> list[str]:
    """The names of the reports of a period's folder that are whole in this language, in ``ORDER``."""
    return [name for name in ordered(report.names(client)) if _whole(folder, name, locale)]


def ordered(names: list[str]) -> list[str]:
    place = {name: n for n, name in enumerate(ORDER)}
    return sorted(names, key=lambda name: (place.get(name, len(place)), name))


def _whole(folder: Path, name: str, locale: str) -> bool:
    record = stale.recorded(folder, name, locale)
    return record is not None and all(stale.digest(folder / file) == sha for file, sha in record["files"].items())
