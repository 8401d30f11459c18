"""The demo client's market report, really built: what the files must be, whatever they say."""

import csv
import ctypes
import hashlib
import json
import re
import shutil

import jsonschema
import nbformat
import pdfua
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from built import ROOT, copy, demo, project

pytestmark = pytest.mark.build
HOSTILE = """**<script>#read("/etc/passwd")$x$=cmd|'/c calc'!A1 @a 敏感肌"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return copy(demo(tmp_path_factory.getbasetemp()), tmp_path_factory.mktemp("copied") / "project")


@pytest.fixture(scope="module")
def machine(built):
    return json.loads((built.output() / "market.json").read_text(encoding="utf-8"))


def pdf(built, locale):
    return pdfium.PdfDocument(built.output() / f"market.{locale}.pdf")


def pdf_text(built, locale):
    document = pdf(built, locale)
    return "".join(page.get_textpage().get_text_bounded() for page in document)


def font_name(thing):
    """The PostScript name of a text object's font, without the tag of its subset."""
    font = raw.FPDFTextObj_GetFont(thing)
    size = raw.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFFont_GetBaseFontName(font, buffer, size)
    return buffer.value.decode().split("+")[-1]


def lang(document):
    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


def structure(page):
    """(type, alternative text) of every element of a page's structure tree."""
    tree = raw.FPDF_StructTree_GetForPage(page)

    def text(read, element):
        size = read(element, None, 0)
        buffer = ctypes.create_string_buffer(size)
        read(element, buffer, size)
        return buffer.raw.decode("utf-16-le").rstrip("\0")

    def walk(element):
        yield text(raw.FPDF_StructElement_GetType, element), text(raw.FPDF_StructElement_GetAltText, element)
        for n in range(raw.FPDF_StructElement_CountChildren(element)):
            if child := raw.FPDF_StructElement_GetChildAtIndex(element, n):
                yield from walk(child)

    for n in range(raw.FPDF_StructTree_CountChildren(tree)):
        yield from walk(raw.FPDF_StructTree_GetChildAtIndex(tree, n))


def squeezed(text):
    """Text without blanks and line breaks: where a line ends is the page's business."""
    return re.sub(r"\s|\u00ad|\ufffe|\u0002", "", text)


def html(built, locale):
    return (built.output() / f"market.{locale}.html").read_text(encoding="utf-8")


def test_every_file_of_the_report_is_there_and_nothing_else(built):
    names = {p.name for p in built.output().iterdir() if p.name.startswith("m")}
    assert names == {
        "market.ipynb", "market.json", "market.zh.html", "market.zh.pdf", "market.en.html", "market.en.pdf", "market.zh.xlsx", "market.en.xlsx",
        "market.zh.record.json", "market.en.record.json", "manifest.json",
    }  # fmt: skip


def test_the_json_keeps_its_schema_and_names_only_what_it_holds(machine):
    schema = json.loads((ROOT / "kit" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(machine)
    findings, exhibits = ({x["key"] for x in machine[k]} for k in ("findings", "exhibits"))
    assert {f["exhibit"] for f in machine["findings"]} - {None} <= exhibits
    assert {k for e in machine["exhibits"] for k in e["findings"]} <= findings
    assert {e["table"] for e in machine["exhibits"]} == set(machine["tables"])
    assert all(e["rows_read"] == e["rows_kept"] + sum(e["dropped"].values()) for e in machine["ledger"])


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_exhibits_message_is_the_sentence_of_its_finding_in_html_and_pdf(built, machine, locale):
    text, page = squeezed(pdf_text(built, locale)), squeezed(re.sub(r"<[^>]+>", "", html(built, locale)))
    import html as entities

    page = squeezed(entities.unescape(page))
    sentences = {f["key"]: f["text"][locale] for f in machine["findings"]}
    assert machine["exhibits"]
    for exhibit in machine["exhibits"]:
        sentence = squeezed(sentences[exhibit["findings"][0]])
        plain = re.sub(r"\(CNY\)|（超出正常波动）|percentage", "", text)
        assert sentence in plain, f"{exhibit['key']} in the PDF"
        assert sentence in re.sub(r"\(CNY\)|（超出正常波动）|percentage", "", page), f"{exhibit['key']} in the page"


def test_both_languages_show_the_same_figures_of_the_same_run(built, machine):
    for name in ("market.zh.record.json", "market.en.record.json"):
        files = json.loads((built.output() / name).read_bytes())["files"]
        for file, sha in files.items():
            assert hashlib.sha256((built.output() / file).read_bytes()).hexdigest() == sha
    for finding in machine["findings"]:
        zh, en = (set(re.findall(r"\d+\.\d+%", finding["text"][loc])) for loc in ("zh", "en"))
        assert zh == en, finding["key"]


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_pdf_is_accessible_and_has_two_fonts(built, machine, locale):
    path = built.output() / f"market.{locale}.pdf"
    with path.open("rb") as file:
        assert [str(finding) for finding in pdfua.validate(file).findings] == []
    document = pdf(built, locale)
    fonts = {font_name(o) for page in document for o in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])}
    assert fonts == {"NotoSansSC-Regular", "NotoSansSC-Bold"}
    assert b"/Type3" not in path.read_bytes()
    assert len(list(document.get_toc())) >= 5, "bookmarks"
    assert lang(document) == {"zh": "zh-CN", "en": "en-GB"}[locale]
    figures = [node for page in document for node in structure(page) if node[0] == "Figure"]
    charts = sum(e["form"] != "table" for e in machine["exhibits"])
    assert len([alt for _, alt in figures if alt]) == len(figures) >= charts, "every figure says what it shows"


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_page_fetches_nothing_and_runs_nothing(built, locale):
    page = html(built, locale)
    assert "<script" not in page.replace("&lt;script", "")
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#|data:)""", page)
    assert not re.search(r"url\(\s*['\"]?(?!#|data:)", page)
    assert f'<html lang="{ {"zh": "zh-CN", "en": "en-GB"}[locale] }"' in page
    assert len(page.encode()) <= 1_500_000


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_hostile_title_appears_as_itself_everywhere(built, machine, locale):
    import html as entities

    assert squeezed(HOSTILE) in squeezed(pdf_text(built, locale))
    page = html(built, locale)
    assert HOSTILE not in page, "escaped"
    assert HOSTILE in entities.unescape(page)
    assert HOSTILE in json.dumps(machine, ensure_ascii=False).replace('\\"', '"')


def test_a_second_build_is_byte_identical(built):
    before = {p.name: p.read_bytes() for p in built.output().iterdir() if p.is_file()}
    result = built.kit("report", "demo", "--report", "market", "--locale", "zh,en", "--force")
    assert result.returncode == 0, result.stderr
    changed = [p.name for p in built.output().iterdir() if p.is_file() and p.read_bytes() != before.get(p.name)]
    assert changed == []


def test_nothing_changed_touches_no_file_and_says_so(built):
    before = {p: p.stat().st_mtime_ns for p in built.output().iterdir() if p.is_file()}
    result = built.kit("report", "demo", "--report", "market", "--locale", "en,zh", "--explain")
    assert result.returncode == 0, result.stderr
    assert "market: nothing changed, its files stay as they are" in result.stdout.splitlines()
    assert "output/demo/2024-11/market.en.pdf" in result.stdout.splitlines()
    assert {p: p.stat().st_mtime_ns for p in built.output().iterdir() if p.is_file()} == before


HEAVY = {"IPython", "duckdb", "jinja2", "matplotlib", "nbconvert", "nbformat", "numpy", "openpyxl", "pandas"}
HEAVY |= {"papermill", "pptx", "scipy", "statsmodels", "typst"}


@pytest.mark.parametrize(
    ("command", "heavy"),
    [(("report", "demo", "--locale", "zh,en"), set()), (("check", "demo"), {"duckdb"})],
    ids=["report", "check, which reads the campaigns"],
)
def test_nothing_changed_imports_nothing_heavy(built, command, heavy):
    said = built.kit(*command, PYTHONPROFILEIMPORTTIME="1")
    assert said.returncode == 0
    imported = {n.rsplit("|", 1)[-1].strip().split(".")[0] for n in said.stderr.splitlines() if "|" in n}
    assert "pydantic" in imported
    assert imported & HEAVY == heavy


def test_pages_set_again_from_the_last_run_are_those_of_a_new_run(built):
    """All that was there is of a new run; with other notes and then these again it is set twice and runs never."""
    notes = built.root / "data" / "demo" / "notes" / "market.en.md"
    good, of_a_new_run = notes.read_bytes(), pages(built)
    notes.write_text("Two serums first.", encoding="utf-8")
    with_others = set_again(built)
    notes.write_bytes(good)
    assert set_again(built) == of_a_new_run
    differing = {name for name in of_a_new_run if with_others[name] != of_a_new_run[name]}
    assert {"market.en.html", "market.en.pdf"} <= differing and "market.ipynb" not in differing


def pages(built):
    """All files but the records, which say what was run and what set again."""
    records = ("manifest.json", "market.zh.record.json", "market.en.record.json")
    return {p.name: p.read_bytes() for p in built.output().iterdir() if p.is_file() and p.name not in records}


def set_again(built):
    result = built.kit("report", "demo", "--report", "market", "--locale", "en", "--explain")
    assert "market: set again from the last run: zh, since the consultant's notes changed" in result.stdout
    assert "Running" not in result.stdout
    return pages(built)


def test_a_failed_build_leaves_the_last_good_files_and_what_ran(built):
    notebook = built.root / "notebooks" / "market.ipynb"
    good, before = notebook.read_bytes(), {p.name: p.read_bytes() for p in built.output().iterdir() if p.is_file()}
    broken = nbformat.read(notebook, 4)
    next(c for c in broken.cells if c.id == "bands").source = "1 / 0"
    nbformat.write(broken, notebook)
    try:
        result = built.kit("report", "demo", "--report", "market", "--locale", "en")
    finally:
        notebook.write_bytes(good)
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "notebooks/market.ipynb failed in “Price bands” (ZeroDivisionError); the last report is untouched. "
        "Open what ran to see where: output/demo/2024-11/market.failed.ipynb"
    ]
    failed = built.output() / "market.failed.ipynb"
    noted = built.output() / "market.failed.json"  # for the client's index, until a build ends well
    assert failed.is_file() and noted.is_file()
    failed.unlink()
    noted.unlink()
    assert {p.name: p.read_bytes() for p in built.output().iterdir() if p.is_file()} == before


def with_notebook(built, source, opening="client, period"):
    """What happens when the client has a notebook of its own, called ``own``, with one cell of this source."""
    folder = built.root / "data" / "demo" / "notebooks"
    folder.mkdir(exist_ok=True)
    cells = [
        nbformat.v4.new_code_cell('client = ""\nperiod = ""', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_markdown_cell("# Own view\n\nOne figure", metadata={"kit": {"locale": "en"}}),
        nbformat.v4.new_markdown_cell("## Figure", metadata={"kit": {"locale": "en"}}),
        nbformat.v4.new_code_cell('from kit import display\nr = display.start("own", ' + opening + ")\nr"),
        nbformat.v4.new_code_cell(source, metadata={"alt": "One line that rises."}),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "own.ipynb")
    try:
        return built.kit("report", "demo", "--report", "own", "--locale", "en")
    finally:
        shutil.rmtree(folder)


def test_a_consultants_own_figure_stands_in_page_and_pdf(built):
    result = with_notebook(built, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    assert result.returncode == 0, result.stderr
    page = (built.output() / "own.en.html").read_text(encoding="utf-8")
    assert "data:image/png;base64," in page
    assert 'alt="One line that rises."' in page
    paper = pdfium.PdfDocument(built.output() / "own.en.pdf")
    assert ("Figure", "One line that rises.") in [node for sheet in paper for node in structure(sheet)]
    for path in built.output().glob("own.*"):
        path.unlink()


def test_a_notebook_that_opens_something_else_makes_no_report(built):
    result = with_notebook(built, "1;", opening='"demo", "2024-10"')
    assert result.returncode == 1
    assert result.stderr.startswith(
        "data/demo/notebooks/own.ipynb opened demo, own, 2024-10 where demo, own, 2024-11 was"
    )
    assert not (built.output() / "own.en.pdf").exists()


DOUBLE_11 = ROOT.parent / "shared" / "data" / "double11_beauty_2016" / "双十一淘宝美妆数据.csv"


@pytest.mark.skipif(not DOUBLE_11.is_file(), reason="the Double 11 file is not beside the project")
def test_a_client_made_of_the_double_11_file_gets_a_correct_report(tmp_path):
    made = project(tmp_path)
    assert made.kit("new", "d11", "--locale", "en").returncode == 0
    shutil.copy(DOUBLE_11, made.root / "data" / "d11" / "exports" / "tmall" / "scrape.csv")
    settings = made.root / "data" / "d11" / "client.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('["品牌名"]', '["自然堂"]'), encoding="utf-8")
    result = made.kit("report", "d11", "--locale", "zh,en")
    assert result.returncode == 0, result.stderr
    folder = made.output("d11", "2016-11-05..2016-11-14")
    machine = json.loads((folder / "market.json").read_text(encoding="utf-8"))
    [entry] = [e for e in machine["ledger"] if e["table"] == "listings"]
    assert (entry["rows_read"], entry["rows_kept"], entry["dropped"]) == (27598, 27512, {"duplicate": 86})
    assert entry["flagged"]["blank_sales"] == 2354
    keys = {f["key"] for f in machine["findings"]}
    assert {"market.data.nomonth", "market.rivals.tmall.counter", "market.rivals.tmall.fewer"} <= keys
    assert "opportunity" not in {f["kind"] for f in machine["findings"]}
    for path in folder.glob("market.*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.search("65,?462,?947|6,546万|65\\.5M", page), "no running total is summed over snapshots"
    assert "缺市场月度数据" in (folder / "market.zh.html").read_text(encoding="utf-8")


def test_a_notebook_that_opens_something_else_later_makes_no_report(built):
    result = with_notebook(built, 'display.start("own", "demo", "2024-10")')
    assert result.returncode == 1
    assert "opened demo, own, 2024-10 where demo, own, 2024-11 was asked for" in result.stderr


def test_what_stops_inside_the_kernel_is_told_in_the_reports_language(built):
    result = with_notebook(built, 'display.start("own", "no-such", "")')
    assert result.returncode == 1
    assert result.stderr.startswith("“Figure” could not be run: There is no client “no-such”."), result.stderr


def test_the_consultants_edit_and_actions_are_on_the_page(built, machine):
    edited = [f for f in machine["findings"] if f["edit"]]
    assert [(f["key"], e["action"]) for f in edited for e in f["edit"]] == [("market.size.tmall.beat", "pin")]
    text = squeezed(pdf_text(built, "zh"))
    opening = text[text.index("核心结论1") if "核心结论1" in text else 0 :]
    headline = squeezed(edited[0]["text"]["zh"])
    assert opening.index(headline) < opening.index(squeezed(machine["findings"][5]["text"]["zh"]))
    assert "在需求多于供给的价格带选定两款精华" in text
    assert "2024年12月13日" in text
    asked = {f["key"]: (f["action"], f["side"]) for f in machine["findings"]}
    assert asked["market.bands.tmall.150_200"] == (None, None), "the row stands in place of the proposal everywhere"
    assert asked["market.bands.tmall.100_150"][1] == "brand"


def test_no_personal_data_reaches_any_file(built):
    """What the demo's exports hold in personal columns stands nowhere in what was written."""
    planted = set()
    for path in (built.root / "data" / "demo" / "exports" / "tmall").glob("竞品*.csv"):
        rows = csv.DictReader(path.read_text(encoding="gb18030").splitlines())
        planted |= {row[column] for row in rows for column in ("掌柜旺旺", "客服电话")} - {"", None}
    assert len(planted) > 10, "the demo plants accounts and phone numbers"
    written = [
        p for p in (*built.output().iterdir(), *(built.root / "data" / "demo" / ".cache").rglob("*")) if p.is_file()
    ]
    for path in written:
        content = path.read_bytes()
        assert not [value for value in planted if value.encode() in content], path.name
