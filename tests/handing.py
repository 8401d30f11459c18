"""A client with approved reports, made up: what the tests of delivery hand over."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from making import client
from pypdfium2 import PdfDocument

from kit import approvals
from kit.periods import Period

PERIOD = Period.parse("2024-11")


def figure(key, label, value, unit, *changes):
    made = [{"name": "n", "label": both(text), "value": v, "unit": u} for text, v, u in changes]
    return {
        "key": key,
        "name": "n",
        "label": both(label),
        "value": value,
        "unit": unit,
        "changes": made,
        "before": None,
    }


def both(text):
    return {"zh": text, "en": text.swapcase()}


def finding(key, text, severity="high", pinned=False, action=None, side=None, exhibit=None, kind="state"):
    return {
        "key": key,
        "kind": kind,
        "severity": severity,
        "shown": {"text": both(text), "severity": severity, "pinned": pinned} if text else None,
        "action": both(action) if action else None,
        "side": side,
        "exhibit": exhibit,
        "verdict": "said",
        "low": None,
        "high": None,
        "unit": None,
        "value": None,
        "edit": None,
    }


KPIS = (
    figure("summary.review.pay_amount", "支付金额", 11414992.66, "money", ("日均环比", 0.4537, "growth")),
    figure("summary.review.gsv", "GSV（初步数）", 9887505.82, "money", ("日均环比", 0.4349, "growth")),
    figure("summary.review.attained", "目标达成率", 0.9288, "ratio", ("低于目标", 875007.3, "money")),
    figure("summary.review.spend_ratio", "费比", 0.073, "ratio"),
)
FINDINGS = (
    finding("summary.a", "转化率回落", "medium"),
    finding("summary.b", "支付金额低于目标", "high"),
    finding("summary.c", "置顶的一句", "low", pinned=True),
    finding("summary.d", "", "high", action="隐藏的一件", side="brand"),
    finding("summary.ask.a", "x", "info", action="确认预算", side="brand"),
    finding("summary.ask.b", "x", "info", action="定备货数", side="brand"),
    finding("summary.ask.c", "x", "info", action="换素材", side="agency"),
)


def report(name="summary", kpis=KPIS, findings=FINDINGS):
    """A report as data."""
    period = {"start": "2024-11-01", "end": "2024-11-30"}
    return {
        "schema": 1,
        "report": name,
        "client": "acme",
        "period": period,
        "kpis": [*kpis],
        "findings": [*findings],
        "missing": [],
        "exhibits": [],
        "tables": {},
        "ledger": [],
    }


class Tables:
    """A store of a client whose data cover the period, and without tables."""

    tables: dict[str, str] = {}  # noqa: RUF012

    def span(self):
        return dt.date(2024, 11, 1), dt.date(2024, 11, 30)

    def months(self):
        return ["2024-11"]

    def get(self, name):
        return None


def paper(size=0):
    """The smallest PDF, with so many bytes of nothing behind it."""
    import io

    document = PdfDocument.new()
    document.new_page(100, 100)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue() + b"\n%" + b" " * size


def acme(folder, monkeypatch, **settings):
    """A client in a project of its own, which has the shared notebooks ``summary``, ``review`` and ``market``."""
    from kit import project, store
    from kit.deliver import approving

    templates = project.templates()
    monkeypatch.setenv("KIT_ROOT", str(folder))
    monkeypatch.setattr(project, "templates", lambda: templates)
    monkeypatch.setattr(store, "load", lambda client: Tables())
    monkeypatch.setattr(approving, "behind", lambda *_: [])  # its records say nothing of what they were made of
    (folder / "notebooks").mkdir()
    for name in ("summary", "review", "market"):
        (folder / "notebooks" / f"{name}.ipynb").write_text("{}")
    home = folder / "data" / "acme"
    home.mkdir(parents=True)
    given = {"name": {"zh": "甲木茶", "en": "Jiamu Tea"}, "agency": "漫川电商", **settings}
    return client(home, None, None, **given)


def build(client, *made, locales=("zh", "en"), version=0, size=0):
    """Put reports as data with their pages and records in the period's folder, as a build does."""
    from kit import stale

    folder = stale.folder_of(client, PERIOD)
    folder.mkdir(parents=True, exist_ok=True)
    for one in made:
        name = one["report"]
        files = {f"{name}.json": json.dumps(one).encode()}
        files |= {f"{name}.{locale}.pdf": paper(size) for locale in locales}
        for file, content in files.items():
            (folder / file).write_bytes(content)
        hashes = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
        for locale in locales:
            vouched = {f: h for f, h in hashes.items() if f".{locale}." in f or f.endswith("json")}
            facts = {"run": {}, "page": {}, "reads": {}, "files": vouched, "told": []}
            facts |= {"contents": {locale: text(one, locale)}, "versions": {locale: version}}
            (folder / f"{name}.{locale}.record.json").write_text(json.dumps(facts))


def text(one, locale):
    """What stands for the hash of a report's contents."""
    return hashlib.sha256(json.dumps([one, locale]).encode()).hexdigest()


def approve(client, *made, at="2024-12-06 09:00", locales=("zh", "en"), size=0):
    """Build and approve; the pages are set again with the version."""
    contents = {one["report"]: {loc: text(one, loc) for loc in locales} for one in made}
    machine = {one["report"]: json.dumps(one).encode() for one in made}
    done = approvals.add(client, PERIOD, "王", at, contents, machine)
    for one in made:
        versions = {
            approvals.versions(approvals.known(client, PERIOD), one["report"], loc)[-1].version for loc in locales
        }
        build(client, one, locales=locales, version=max(versions), size=size)
    return done
