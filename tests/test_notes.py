"""The consultant's view: general text where it always stood, and parts below the exhibit or finding they are about."""

import pytest
from built import ROOT
from making import client as made
from test_render import CSV, EDITS, PERIOD, START, exhibit, finding

from kit import html, notes, render, store
from kit.errors import warning
from kit.findings import Column, Exhibit, Kind, Severity, Table, payload
from kit.text import Words

OPENING = "先补货。\n\n"
ABOUT = "## market.a.table\n\n新品还没算进来。\n"


@pytest.fixture
def rendering(tmp_path, monkeypatch):
    """The rendering of some pieces, with notes by language; ``rest`` as for the client's files."""
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    (tmp_path / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
    folder = tmp_path / "data" / "acme"
    folder.mkdir(parents=True)

    def build(*pieces, zh=None, en=None, edits="", locale="zh", start=START):
        files = {f"notes/market.{loc}.md": text for loc, text in (("zh", zh), ("en", en)) if text is not None}
        client = made(folder, {"exports/a.csv": CSV, "edits.csv": EDITS + edits, **files})
        return render.Rendering([{"period": PERIOD, **start}, *pieces], client, store.load(client), locale)

    return build


def both(name):
    return finding(f"market.{name}"), exhibit(f"market.{name}")


def told(r):
    """Type and title of each block, of a note what it is about."""
    return [(b["type"], b.get("about", b.get("text", ""))) for b in r.document()["blocks"]]


def ids(r):
    return [(p.id, p.args["key"], p.args.get("near")) for p in notes.unprinted(r)]


def words(block):
    return html.markdown.to_html(block["ast"])


def test_a_part_stands_below_its_exhibit_and_the_general_text_where_it_always_stood(rendering):
    r = rendering({"is": "notes"}, *both("a"), *both("b"), zh=OPENING + ABOUT)
    assert told(r) == [("heading", "顾问观点"), ("prose", ""), ("exhibit", ""), ("note", ""), ("exhibit", "")]
    _, general, _, note, _ = r.document()["blocks"]
    assert (words(general), words(note)) == ("<p>先补货。</p>", "<p>新品还没算进来。</p>")
    assert note["title"] == "顾问观点"


def test_parts_alone_make_no_general_section(rendering):
    assert told(rendering({"is": "notes"}, *both("a"), zh=ABOUT)) == [("exhibit", ""), ("note", "")]


@pytest.mark.parametrize("heading", ["# market.a.table", "###  Market.A.table  ", "## market.a.table ##"])
def test_a_heading_that_is_nothing_but_a_key_opens_a_part(rendering, heading):
    assert told(rendering(*both("a"), zh=f"{heading}\n\n先补货")) == [("exhibit", ""), ("note", "")]


@pytest.mark.parametrize(
    "heading", ["## 关于 market.a.table", "## market", "## v2.0", "market.a.table", "#market.a.table"]
)
def test_any_other_heading_is_a_part_of_the_text(rendering, heading):
    r = rendering({"is": "notes"}, *both("a"), zh=f"{heading}\n\n先补货")
    assert told(r) == [("heading", "顾问观点"), ("prose", ""), ("exhibit", "")]
    assert ids(r) == []


def test_a_part_reaches_to_the_next_key_with_its_own_headings_and_may_be_continued(rendering):
    text = f"{ABOUT}\n### 细看\n\n- 一\n\n## market.b.table\n\n二\n\n## market.a.table\n\n三"
    blocks = [b for b in rendering(*both("a"), *both("b"), zh=text).document()["blocks"] if b["type"] == "note"]
    assert [words(b) for b in blocks] == [
        "<p>新品还没算进来。</p><h3>细看</h3><ul><li>一</li></ul><p>三</p>", "<p>二</p>"]  # fmt: skip


def test_a_finding_stands_with_the_first_exhibit_that_shows_it_named_unless_it_is_the_message(rendering):
    table = Table("market.t", (Column("brand", "text", "ledger.file"),), (("霜",),))
    two = payload(Exhibit("market.two", "table", table, ("market.a", "market.b")))
    again = payload(Exhibit("market.again", "table", table, ("market.b",)))
    r = rendering(finding("market.a"), finding("market.b"), two, again, zh="## market.b\n\n乙\n\n## market.a\n\n甲")
    shown = [b for b in told(r) if b[0] != "list"]
    assert shown == [("exhibit", ""), ("note", "market.b为market.b，与market.b持平"), ("note", ""), ("exhibit", "")]


def alone(key, **more):
    return {**finding(key, **more), "exhibit": None}


def test_a_finding_without_an_exhibit_has_its_part_where_it_stands(rendering):
    assert told(rendering(alone("market.a"), zh="## market.a\n\n甲")) == [("list", ""), ("note", "")]


def test_a_finding_that_stands_elsewhere_only_is_named(rendering):
    limit = alone("market.l", kind=Kind.DATA, severity=Severity.LOW)
    r = rendering({"is": "answer"}, alone("market.a"), limit, zh="## market.a\n\n甲\n\n## market.l\n\n乙")
    assert told(r) == [("answer", ""), *(("note", f"{k}为{k}，与{k}持平") for k in ("market.a", "market.l"))]


def test_an_exhibit_and_a_finding_of_one_key_have_their_part_once(rendering):
    same = {**exhibit("market.a"), "key": "market.a"}
    assert told(rendering(finding("market.a"), same, zh="## market.a\n\n甲")) == [("exhibit", ""), ("note", "")]


@pytest.mark.parametrize(("key", "near"), [("market.a.tabel", "market.a.table"), ("markt.b", "market.b"),
                                           ("wholly.something_else", None)])  # fmt: skip
def test_an_unknown_key_is_not_printed_and_told_with_the_nearest(rendering, key, near):
    r = rendering({"is": "notes"}, *both("a"), *both("b"), zh=f"{OPENING}## {key}\n\n甲")
    assert [kind for kind, _ in told(r)] == ["heading", "prose", "exhibit", "exhibit"]
    assert ids(r) == [("e.note.key.near" if near else "e.note.key", key, near)]
    assert all(p.warning for p in notes.unprinted(r))


@pytest.mark.parametrize("key", ["market.a", "market.a.table"])
def test_a_part_about_what_was_hidden_goes_with_it_and_is_told(rendering, key):
    r = rendering(*both("a"), *both("b"), zh=f"## {key}\n\n甲", edits="market.a,hide,,,李,不宜外传\n")
    assert told(r) == [("exhibit", "")]
    assert ids(r) == [("e.note.hidden", key, None)]


def test_what_the_short_form_leaves_out_takes_its_part_along_and_is_told(rendering):
    day = {**START, "report": "review"}
    folder = "review.other.table"
    shown, left = exhibit("review.days"), exhibit("review.other")
    pieces = [finding("review.days"), {**shown, "key": "review.days"}, finding("review.other"), left]
    r = rendering(*pieces, start=day)
    (r.client.folder / "notes").mkdir(exist_ok=True)
    (r.client.folder / "notes" / "review.zh.md").write_text(
        f"## review.days\n\n甲\n\n## {folder}\n\n乙", encoding="utf-8"
    )
    assert [kind for kind, _ in told(r)][:2] == ["exhibit", "note"]
    assert ids(r) == [("e.note.hidden", folder, None)]


def test_a_part_that_one_language_lacks_is_told_if_that_language_has_a_file(rendering):
    pieces = [{"is": "notes"}, *both("a")]
    assert ids(rendering(*pieces, zh=ABOUT, locale="en")) == []
    assert ids(rendering(*pieces, zh=ABOUT, en="Restock first", locale="en")) == [
        ("e.note.language", "market.a.table", None)
    ]
    assert ids(rendering(*pieces, zh=ABOUT, en="Restock first", locale="zh")) == []


def test_what_a_consultant_types_is_text_and_no_markup(rendering):
    r = rendering(*both("a"), zh="## market.a.table\n\n<script>alert(1)</script> **重点**")
    page = html.page(r.document())
    assert "<script>" not in page
    assert (
        '<aside class="note"><p class="title">顾问观点</p><p>&lt;script&gt;alert(1)&lt;/script&gt; <strong>重点' in page
    )


SAID = {
    "e.note.key": (
        "提醒：f.md里的“market.x”不是这份报告的图表或结论，这一段没有印出。请改成图表或结论的编号",
        "Note: f.md speaks of “market.x”, which is no exhibit or finding of this report; that part is not printed. "
        "Use the key of an exhibit or finding",
    ),
    "e.note.key.near": (
        "提醒：f.md里的“market.x”不是这份报告的图表或结论，这一段没有印出。是否指“market.y”？",
        "Note: f.md speaks of “market.x”, which is no exhibit or finding of this report; that part is not printed. "
        "Did you mean “market.y”?",
    ),
    "e.note.hidden": (
        "提醒：f.md里关于“market.x”的一段没有印出，因为页面上没有这项内容（已隐藏，或不在短版报告里）",
        "Note: the part of f.md about “market.x” is not printed, since the page does not show it (it is hidden, or the "
        "short form leaves it out)",
    ),
    "e.note.language": (
        "提醒：g.md里关于“market.x”的一段在f.md里没有，这一语言的报告不印这一段",
        "Note: g.md has a part about “market.x” that f.md lacks; the report in this language is printed without it",
    ),
}


@pytest.mark.parametrize("id", SAID)
def test_each_warning_names_the_file_and_the_key(id):
    told = warning(id, file="f.md", key="market.x", near="market.y", other="g.md")
    assert tuple(Words(locale).problem(told) for locale in ("zh", "en")) == SAID[id]


def test_the_file_is_named_from_the_projects_folder(rendering):
    (told,) = notes.unprinted(rendering(*both("a"), zh="## market.a.tabel\n\n甲"))
    assert told.args["file"] == "data/acme/notes/market.zh.md"
