"""JupyterLab as a consultant uses it: started by `make lab`, a notebook opened, run and exported by clicks."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

import built
import nbformat
import pytest
from click.testing import CliRunner
from playwright.sync_api import expect, sync_playwright

from kit import blocks, cli, outputs, store
from kit.client import Client
from kit.exporters import ClientHTML, ClientPDF
from kit.project import ONE_THREAD
from kit.render import Rendering
from kit.text import Words

START = 60
"""Seconds within which the server must answer."""
RUN = 120_000
"""Milliseconds within which a notebook must have run, or an export must have arrived."""
AROUND = ["body", "#jp-top-panel", ".jp-RenderedMarkdown h2", ".jp-RenderedMarkdown p"]
"""Parts of JupyterLab that no output may restyle."""
INSIDE = [
    *["div.kit, body.kit", ".kpis dt", ".kpis .value", ".findings li", ".headline", ".chip", ".terms dt", ".terms dd"],
    *[".exhibit figcaption", ".exhibit table", ".exhibit thead th", ".exhibit tbody td", ".exhibit .right", ".notes"],
]
"""Parts of a report that must look the same on the page and in a notebook."""
STYLES = [
    "fontFamily",
    "fontSize",
    "fontWeight",
    "lineHeight",
    "color",
    "backgroundColor",
    "textAlign",
    "float",
    "display",
    "boxSizing",
]
# As root, in a container: no sandbox of its own. The rest keeps Chromium from calling its maker.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


class Lab(NamedTuple):
    """A running server, and the folder in which it remembers what was open."""

    url: str
    token: str
    remembered: Path


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project's folder; its demo client has a notebook of her own, too: the market's up to its first exhibits."""
    made = built.demo(tmp_path_factory.getbasetemp())
    folder = built.copy(made, tmp_path_factory.mktemp("lab") / "project").root
    own = folder / "data" / "demo" / "notebooks"
    own.mkdir()
    market = nbformat.read(folder / "notebooks" / "market.ipynb", 4)
    market.cells = market.cells[: 1 + [cell.id for cell in market.cells].index("size-show")]
    nbformat.write(market, own / "market.ipynb")
    return folder


@pytest.fixture(scope="module")
def lab(project, tmp_path_factory):
    """JupyterLab as `lab` starts it, knowing nothing of this machine's Jupyter."""
    private = tmp_path_factory.mktemp("jupyter")
    names = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR", "LAB_SETTINGS_DIR", "LAB_WORKSPACES_DIR")
    ours = {f"JUPYTER{name if name.startswith('LAB') else '_' + name}": str(private / name) for name in names}
    ours |= {"IPYTHONDIR": str(private / "ipython"), "JUPYTER_TOKEN": "secret", "KIT_ROOT": str(project)}
    # Cells out of sight stay in the page, so that a test can look at them.
    setting = private / "LAB_SETTINGS_DIR" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    setting.parent.mkdir(parents=True)
    setting.write_text('{"windowingMode": "none"}')
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    command = [sys.executable, "-m", "kit", "lab", "demo", "--no-browser", "--port", "0"]
    with (private / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=project, env=inherited | ours, stdout=log, stderr=log)
    try:
        url = address(server, private / "RUNTIME_DIR", private / "log")
        yield Lab(url, "secret", private / "LAB_WORKSPACES_DIR")
    finally:
        server.terminate()
        server.wait(30)


def address(server, runtime, log):
    for _ in range(START * 10):
        assert server.poll() is None, log.read_text()
        facts = runtime / f"jpserver-{server.pid}.json"
        if facts.is_file() and (text := facts.read_text()):
            return json.loads(text)["url"]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def browser(chromium):
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=FLAGS)


@pytest.fixture
def page(browser, lab):
    """JupyterLab as it opens; whatever it asks for elsewhere is refused and fails the test."""
    shutil.rmtree(lab.remembered, ignore_errors=True)
    asked = []
    near = (lab.url, lab.url.replace("http", "ws", 1), "data:", "blob:")
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.on("request", lambda request: asked.append(request.url))
    context.route(lambda address: not address.startswith(near), lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{lab.url}?token={lab.token}")
    expect(page.locator(".jp-BreadCrumbs")).to_contain_text("notebooks", timeout=RUN)
    expect(page.locator(".jp-DirListing-item", has_text="market.ipynb")).to_be_visible()
    yield page
    context.close()
    news = (f"{lab.url}lab/api/news", f"{lab.url}lab/api/update")  # the server fetches for these
    assert [address for address in asked if address.startswith(news) or not address.startswith(near)] == []


def opened(page, name):
    with page.expect_response(lambda response: "/api/nbconvert" in response.url):  # the menu of exports waits for it
        page.locator(".jp-DirListing-item", has_text=name).dblclick()
    # Before the kernel answers, JupyterLab takes "run" and runs nothing.
    expect(page.locator("#jp-bottom-panel")).to_contain_text("Python 3 (ipykernel) | Idle", timeout=RUN)
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")


def choose(page, menu, *entries):
    page.get_by_role("menuitem", name=menu, exact=True).click()
    for entry in entries:
        page.locator(".lm-Menu").get_by_text(entry, exact=True).click()


def exported(page, name):
    with page.context.expect_event("download", timeout=RUN) as download:
        choose(page, "File", "Save and Export Notebook As", name)
    return download.value.suggested_filename, download.value.path().read_bytes()


def run(page, notebook, cells):
    choose(page, "Run", "Run All Cells")
    last = notebook.locator(".jp-CodeCell").last.locator(".jp-InputPrompt", has_text=f"[{cells}]:")
    failed = notebook.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")
    expect(last.or_(failed).first).to_be_visible(timeout=RUN)
    assert failed.all_inner_texts() == []


@pytest.mark.browser
def test_a_notebook_that_was_never_run_is_refused_in_a_sentence(page):
    opened(page, "market.ipynb")
    with page.context.expect_page() as answer:
        choose(page, "File", "Save and Export Notebook As", "Client_pdf")
    shown = answer.value.locator("body")
    expect(shown).to_contain_text(Words("zh").label("e.output.start"))
    assert "Traceback" not in shown.inner_text()


@pytest.mark.browser
def test_a_notebook_runs_top_to_bottom_shows_the_report_and_exports_it(page, project, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(project))
    notebook = opened(page, "market.ipynb")
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    around = look(page, AROUND, [*STYLES, "margin"])
    path = project / "notebooks" / "market.ipynb"
    cells = sum(cell.cell_type == "code" for cell in nbformat.read(path, 4).cells)
    run(page, notebook, cells)

    web, paper = exported(page, "Client_html"), exported(page, "Client_pdf")

    saved = nbformat.read(path, 4)
    assert web == ("market.html", ClientHTML().from_notebook_node(saved)[0].encode())
    assert paper == ("market.pdf", ClientPDF().from_notebook_node(saved)[0])
    pieces = outputs.read(saved)
    assert (outputs.start(pieces)["client"], outputs.start(pieces)["period"]["text"]) == ("demo", "2024-11")
    assert notebook.locator(".jp-OutputArea-output[data-mime-type*=stderr], .jp-RenderedText").count() == 0
    drawn = notebook.locator(".jp-OutputArea-output svg[role=img]:visible")
    charts = [p for p in pieces if p["is"] == "exhibit" and p["form"] != "table"]
    assert drawn.count() == len(charts) > 0
    assert min(drawn.nth(n).bounding_box()["width"] for n in range(len(charts))) > 300
    assert look(page, AROUND, [*STYLES, "margin"]) == around
    report = page.context.new_page()
    report.set_content(web[1].decode())
    expected = look(report, INSIDE, STYLES)
    assert None not in expected.values()
    assert look(page, [f".jp-OutputArea :is({part})" for part in INSIDE], STYLES) == {
        f".jp-OutputArea :is({part})": style for part, style in expected.items()
    }


@pytest.mark.browser
def test_the_answer_at_the_top_is_filled_by_the_cells_below(page, project, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(project))
    page.locator(".jp-BreadCrumbs-home").click()
    for folder in ("data", "demo", "notebooks"):
        page.locator(".jp-DirListing-item", has_text=folder).dblclick()
        expect(page.locator(".jp-BreadCrumbs")).to_contain_text(folder)
    notebook = opened(page, "market.ipynb")
    own = nbformat.read(project / "data" / "demo" / "notebooks" / "market.ipynb", 4)
    run(page, notebook, sum(cell.cell_type == "code" for cell in own.cells))

    choose(page, "File", "Save Notebook")
    expect(page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)

    pieces = outputs.read(nbformat.read(project / "data" / "demo" / "notebooks" / "market.ipynb", 4))
    client = Client.load("demo")
    [answer] = blocks.of(Rendering(pieces, client, store.load(client), "zh"), {"is": "answer"})
    shown = notebook.locator(".jp-CodeCell", has_text="report.answer()").locator(".jp-OutputArea").inner_text()
    assert [f["headline"] for f in answer["findings"] if f["headline"] not in shown] == []
    assert len(answer["findings"]) > 1


def look(page, parts, styles):
    """How the first of each kind of part is styled; a part that isn't there has no style."""
    script = """([parts, styles]) => parts.map(part => {
        const found = document.querySelector(part);
        return [part, found && styles.map(name => name + ": " + getComputedStyle(found)[name]).join("; ")]})"""
    return dict(page.evaluate(script, [parts, styles]))


@pytest.mark.browser
def test_both_exports_are_known_with_their_kind(lab):
    with urllib.request.urlopen(f"{lab.url}api/nbconvert?token={lab.token}") as answer:
        known = json.load(answer)
    kinds = {name: known[name]["output_mimetype"] for name in ("client_html", "client_pdf")}
    assert kinds == {"client_html": "text/html", "client_pdf": "application/pdf"}


# ---- without a server ----------------------------------------------------------------------------------


def handed_over(monkeypatch, *arguments):
    """Command and environment with which `lab` starts JupyterLab."""
    calls = []
    monkeypatch.setattr(os, "execve", lambda program, command, environment: calls.append((command, environment)))
    monkeypatch.setattr(os, "name", "posix")
    monkeypatch.setattr(subprocess, "call", lambda *_, **__: 0)
    result = CliRunner().invoke(cli.main, ["lab", *arguments])
    return result, calls


def test_lab_is_set_to_the_client_and_opens_at_the_notebooks(project, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(project))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/mine")
    _, [(command, environment)] = handed_over(monkeypatch, "demo", "--period", "2024-10", "--no-browser")
    assert {name: environment[f"KIT_{name}"] for name in ("CLIENT", "PERIOD", "ROOT", "LOCALE")} == {
        "CLIENT": "demo", "PERIOD": "2024-10", "ROOT": str(project), "LOCALE": "zh"}  # fmt: skip
    assert ONE_THREAD.items() <= environment.items()  # the last digit is that of a build
    assert environment["JUPYTER_CONFIG_PATH"] == os.pathsep.join([str(project / "templates" / "lab"), "/mine"])
    opened = {f"--ServerApp.root_dir={project}", "--LabApp.default_url=/lab/tree/notebooks", "--no-browser"}
    assert opened <= set(command)


def test_lab_for_a_client_that_does_not_exist_starts_nothing(project, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(project))
    result, calls = handed_over(monkeypatch, "dmeo")
    assert (result.exit_code, calls) == (2, [])
    assert "demo" in result.stderr


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_what_an_exporter_raises_is_the_sentence(locale, monkeypatch):
    monkeypatch.setenv("KIT_LOCALE", locale)
    for exporter in (ClientHTML(), ClientPDF()):
        with pytest.raises(Exception, match=Words(locale).label("e.output.start")):
            exporter.from_notebook_node(nbformat.v4.new_notebook())
