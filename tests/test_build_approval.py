"""The demo client's market report, really approved: no file of it is marked as a draft any more, and all were before."""

import html
import io
import zipfile

import pdfua
import pypdfium2 as pdfium
import pytest
from built import copy, demo

pytestmark = pytest.mark.build
LOCALES = ("zh", "en")
FILES = [
    f"{n}.{x}.{e}"
    for x in LOCALES
    for n, ends in (("market", ("html", "pdf", "xlsx")), ("pack", ("pdf", "pptx")))
    for e in ends
]
DRAFT = ("草稿", "DRAFT")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    made = copy(demo(tmp_path_factory.getbasetemp()), tmp_path_factory.mktemp("approved") / "project")
    for path in (made.root / "notebooks").glob("*.ipynb"):
        if path.stem != "market":  # approving is of all reports; one is enough here
            path.unlink()
    return made


def texts(path):
    """What a file says, page by page or part by part; a PowerPoint or Excel file as its XML."""
    if path.suffix == ".pdf":
        with pdfium.PdfDocument(path) as document:
            return [page.get_textpage().get_text_range() for page in document]
    if path.suffix == ".html":
        return [path.read_text(encoding="utf-8")]
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as parts:
        return [html.unescape(parts.read(name).decode("utf-8")) for name in parts.namelist() if name.endswith(".xml")]


def marked(text):
    return any(word in text for word in DRAFT)


@pytest.fixture(scope="module")
def before(built):
    return {name: texts(built.output() / name) for name in FILES}


@pytest.fixture(scope="module")
def approved(built, before):
    data = {name: (built.output() / name).read_bytes() for name in ("market.json", "market.ipynb")}
    done = built.kit("approve", "demo", KIT_BY="王合伙人", KIT_LOCALE="zh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert data == {name: (built.output() / name).read_bytes() for name in data}
    return {name: texts(built.output() / name) for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_marked_as_a_draft_until_it_is_approved_and_then_none_is(before, approved, name):
    pages = before[name] if name.startswith("market") and name.endswith("pdf") else ["".join(before[name])]
    assert [n for n, text in enumerate(pages) if not marked(text)] == []
    assert [n for n, text in enumerate(approved[name]) if marked(text)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_bears_its_version_and_stays_accessible(built, approved, locale):
    pages = approved[f"market.{locale}.pdf"]
    assert [n for n, text in enumerate(pages) if "V1" not in text] == []
    assert pdfua.validate(built.output() / f"market.{locale}.pdf").findings == ()


def test_whoever_edited_cannot_approve(built, approved):
    done = built.kit("approve", "demo", KIT_BY="李顾问", KIT_LOCALE="en")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("李顾问 worked on these reports")
