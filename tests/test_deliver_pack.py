"""The pack as a job: when it is made again and why, what it leaves, and what it never leaves half done."""

import json

import pytest
from built import ROOT
from making import client as made

from kit import committing, graph, stale, store
from kit.client import Period
from kit.deliver import pack, parts, scan
from kit.errors import KitError, problem, warning
from kit.reasons import explained
from kit.text import Words

CSV = "update_time,id,title,price,sale_count,comment_count,店名\n2016/11/5,A1,霜,99,10,1,自然堂\n"
PERIOD = Period.parse("2016-11")
FACTS = {"schema": 1, "run": {}, "page": {}, "reads": {}, "told": []}


@pytest.fixture
def client(tmp_path, monkeypatch):
    """A client with two reports built in both languages; what a pack is made of them is not looked at here."""
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    (tmp_path / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data").mkdir()
    found = made(tmp_path / "data", {"exports/a.csv": CSV})
    for name in ("market", "review"):
        (tmp_path / "notebooks" / f"{name}.ipynb").write_text("{}", encoding="utf-8")
        report(found, name)
    monkeypatch.setattr(parts, "built", lambda *_: [])
    monkeypatch.setattr(scan, "refuse", lambda *_: [])
    monkeypatch.setattr(pack, "_files", lambda client, renderings, locale, stages: files(locale))
    return found


def report(client, name, word="one"):
    pages = {f"{name}.{loc}.pdf": f"{word} {loc}".encode() for loc in ("zh", "en")}
    notebook = {f"{name}.ipynb": word.encode()}
    committing.commit(folder(client), {**pages, **notebook}, {**FACTS, "report": name}, ("zh", "en"))


def files(locale, *pictures):
    made = {f"pack.{locale}.{end}": f"{locale} {end}".encode() for end in ("pdf", "pptx")}
    return made | {f"exhibits/{locale}/market.{name}.png": b"png" for name in (pictures or ("size", "bands"))}


def folder(client):
    return stale.folder_of(client, PERIOD)


def build(client, *locales, force=False):
    return pack.build(client, PERIOD, locales or ("zh",), lambda *_, **__: None, force)


def marks(client):
    return {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in folder(client).rglob("*") if p.is_file()}


def test_its_record_vouches_for_its_files_in_its_language_alone(client):
    build(client, "zh", "en")
    record = json.loads((folder(client) / "pack.en.record.json").read_bytes())
    assert sorted(record["files"]) == [
        "exhibits/en/market.bands.png", "exhibits/en/market.size.png", "pack.en.pdf", "pack.en.pptx",
    ]  # fmt: skip
    assert {name.relative_to(folder(client)).as_posix() for name in build(client, "zh").files} == {
        "pack.zh.pdf", "pack.zh.pptx", "exhibits/zh",
    }  # fmt: skip


def test_what_is_to_be_said_of_it_is_said_once_whenever_it_is_asked_for(client, monkeypatch):
    said = warning("e.deliver.other", client="bingye")
    monkeypatch.setattr(scan, "refuse", lambda *_: [said])
    assert build(client, "zh", "en").warnings == (said,)
    assert pack.unchanged(client, PERIOD, ("zh", "en")).warnings == (said,)


def test_nothing_is_touched_when_nothing_has_changed(client):
    build(client)
    before = marks(client)
    assert pack.unchanged(client, PERIOD, ("zh",)).plan == stale.Plan()
    build(client)
    assert marks(client) == before


CHANGES = [
    (lambda client: None, ()),
    (lambda client: report(client, "market", "two"), ("report:market",)),
    (lambda client: (client.folder / "master.pptx").write_bytes(b"x"), ("master",)),
    (lambda client: (folder(client) / "exhibits" / "zh" / "market.size.png").unlink(), ("files",)),
    (lambda client: (folder(client) / "pack.zh.pdf").write_bytes(b"x"), ("files",)),
    (lambda client: (folder(client) / "pack.zh.record.json").unlink(), ("new",)),
    (lambda client: committing.withdraw(folder(client), "review"), ("report:review",)),
    (lambda client: (folder(client) / "review.zh.pdf").write_bytes(b"x"), ("report:review",)),
]


@pytest.mark.parametrize(("change", "why"), CHANGES)
def test_it_is_made_again_for_what_it_is_made_of_and_says_why(client, change, why):
    build(client)
    change(client)
    plan = pack.due(client, PERIOD, ("zh",))
    assert plan == stale.Plan(why, {"zh": why} if why else {})
    assert (pack.unchanged(client, PERIOD, ("zh",)) is None) == bool(why)


def test_a_language_built_before_is_kept_in_step(client):
    build(client, "zh")
    assert pack.due(client, PERIOD, ("en",)).render == {"en": ("new",)}
    report(client, "market", "two")
    assert pack.due(client, PERIOD, ("en",)).render == {"zh": ("report:market",), "en": ("new",)}
    assert pack.due(client, PERIOD, ("zh",), force=True).run == ("forced",)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh", "pack：重新汇编，原因：报告market有变、母版master.pptx有变"),
        ("en", "pack: made again, since report market changed and master.pptx changed"),
    ],
)
def test_why_it_is_made_again_is_said_in_words(locale, said):
    assert explained(graph.PACK, stale.Plan(("report:market", "master"), {"zh": ()}), Words(locale)) == said


def test_a_picture_of_an_exhibit_that_is_none_any_more_goes(client, monkeypatch):
    build(client, "zh", "en")
    monkeypatch.setattr(pack, "_files", lambda client, renderings, locale, stages: files(locale, "size"))
    build(client, "zh", force=True)
    found = sorted(p.relative_to(folder(client)).as_posix() for p in folder(client).glob("exhibits/*/*"))
    assert found == ["exhibits/en/market.size.png", "exhibits/zh/market.size.png"]  # both are kept in step
    committing.withdraw(folder(client), graph.PACK)
    assert not [*folder(client).glob("exhibits/*/*"), *folder(client).glob("pack.*")]
    assert (folder(client) / "market.zh.pdf").is_file()


@pytest.mark.parametrize("stop", range(5))
def test_a_pack_cut_off_anywhere_is_made_again(client, monkeypatch, stop):
    build(client)
    report(client, "market", "two")
    real, moves = committing.os.replace, []

    def replace(source, target):
        if len(moves) == stop:
            raise KeyboardInterrupt
        moves.append(target)
        real(source, target)

    monkeypatch.setattr(pack, "_files", lambda *_: {**files("zh", "size"), "pack.zh.pdf": b"other"})
    with monkeypatch.context() as patched:
        patched.setattr(committing.os, "replace", replace)
        if stop < 4:  # three files and the record
            with pytest.raises(KeyboardInterrupt):
                build(client)
        else:
            build(client)
    assert bool(pack.due(client, PERIOD, ("zh",)).render) == (stop < 4)
    build(client)
    assert not pack.due(client, PERIOD, ("zh",)).render
    assert not (folder(client) / "exhibits" / "zh" / "market.bands.png").exists()


def test_what_must_not_leave_stops_it_and_leaves_the_last_good_files(client, monkeypatch):
    build(client)
    before = marks(client)

    def refuse(found, held):
        assert found == client and {"pack.zh.pdf", "exhibits/zh/market.size.png"} < set(held)
        raise KitError(problem("e.deliver.by"))

    monkeypatch.setattr(scan, "refuse", refuse)
    with pytest.raises(KitError):
        build(client, force=True)
    assert marks(client) == before


# ---- what it is made of ------------------------------------------------------------------------------------------


def test_reports_come_in_the_order_in_which_a_client_reads_them():
    known = ["abtest", "ads", "campaign", "market", "own", "review", "summary", "swot"]
    assert parts.ordered(known) == ["summary", "review", "market", "campaign", "abtest", "swot", "ads", "own"]


def test_a_report_whose_files_are_not_as_recorded_is_not_there(client):
    assert parts.there(client, folder(client), "zh") == ["review", "market"]
    (folder(client) / "market.zh.pdf").write_bytes(b"x")
    assert parts.there(client, folder(client), "zh") == ["review"]
    assert parts.there(client, folder(client), "en") == ["review", "market"]
    assert store.load(client)
