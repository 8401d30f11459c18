"""The pictures within a mail: the charts behind the findings that it names, small enough for any mail program."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass

from kit.deliver import leaving
from kit.deliver.leaving import Leaving, Report

MOST = 2
LIMIT = 100_000
"""Bytes of all pictures together."""
WIDTH = 1200
"""Pixels, for twice as many as are shown: phones have them."""
COLOURS = 64


@dataclass(frozen=True)
class Picture:
    """``cid`` names it within the mail; ``width`` in pixels as shown; ``alt`` says what it shows."""

    cid: str
    data: bytes
    width: int
    alt: str


def pictures(made: Leaving, locale: str) -> list[Picture]:
    """At most ``MOST`` of the pack's pictures, in the order of the findings, as long as they fit the limit; none where
    the pack is not of the reports as they are now. ``locale``: of the descriptions."""
    found: list[Picture] = []
    if not leaving.pack_stands(made):
        return found
    for report, exhibit, message in _shown(made, locale):
        picture = _picture(made, report, exhibit, message)
        if picture and sum(len(one.data) for one in (*found, picture)) <= LIMIT:
            found.append(picture)
        if len(found) == MOST:
            break
    return found


def _shown(made: Leaving, locale: str) -> Iterator[tuple[str, str, str]]:
    """Report, key and message of the charts that the leading report's findings are shown in, each once."""
    leading = made.leading()
    seen = set()
    for finding in leading["findings"]:
        key = finding["key"].removeprefix(f"{leading['report']}.") if leading["report"] == "summary" else finding["key"]
        report = key.partition(".")[0]
        exhibit = _chart(made.machine[report], key) if report in made.machine else None
        if finding["shown"] and exhibit and exhibit not in seen:
            seen.add(exhibit)
            yield report, exhibit, finding["shown"]["text"][locale]


def _chart(report: Report, key: str) -> str | None:
    """The chart in which a report shows a finding, if it is a chart."""
    at = next((f["exhibit"] for f in report["findings"] if f["key"] == key), None)
    forms = {e["key"]: e["form"] for e in report["exhibits"]}
    return at if at and forms.get(at, "table") != "table" else None


def _picture(made: Leaving, report: str, exhibit: str, message: str) -> Picture | None:
    from PIL import Image

    from kit.deliver import pack
    from kit.deliver.pictures import name

    path = made.folder / pack.PICTURES / made.locale / name(report, exhibit)
    if not path.is_file():
        return None
    with Image.open(path) as whole:
        size = (min(WIDTH, whole.width), round(whole.height * min(1, WIDTH / whole.width)))
        small = whole.convert("RGB").resize(size, Image.Resampling.LANCZOS).quantize(COLOURS)
    target = io.BytesIO()
    small.save(target, "PNG", optimize=True)
    cid = f"{hashlib.sha256(target.getvalue()).hexdigest()[:16]}@kit"
    return Picture(cid, target.getvalue(), min(size[0] // 2, 600), message)
