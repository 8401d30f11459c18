"""Only what changed is built, and nothing old is ever left: the run, then the pages, by what they are made of."""

import datetime as dt
import itertools
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import nbformat
import nbformat.v4 as v4
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit import charts, committing, display, execute, pdf, project, report, stale
from kit.client import Client
from kit.reasons import explained
from kit.text import Words

ROOT = Path(__file__).parents[1]
CONFIG = """name = "{name}"
agency = "Agency"
report_date = {date}
[shops.tmall]
platform = "tmall"
name = "Shop"
[market]
category = "精华"
brand = ["甲"]
"""
LISTINGS = "采集日期,品牌,商品ID,商品标题,页面价,累计销量\n"
ROWS = "2024-11-{day},{brand},{item},精华,{price},{sales}\n"
CELLS = (
    'client = ""\nperiod = ""',
    'from kit import display\nfrom kit.analyses import rivals\nreport = display.start("market", client, period)',
    "report._ipython_display_()\nreport.answer()\nreport.notes()",
    'report.show(rivals.show(rivals.analyse(report["listings"], report.market.brand, *report.days)))',
    "report.limits()\nreport.ledger()\nreport.reproduce()",
)
EDITS = "结论,处理,经办,理由\n"


def listings(price=20, brand="乙"):
    rows = [ROWS.format(day=d, brand="甲", item=n, price=10 + n, sales=100 * d + n) for d in (5, 12) for n in (1, 2, 3)]
    rows += [ROWS.format(day=d, brand=brand, item=n, price=price, sales=90 * d + n) for d in (5, 12) for n in (7, 8, 9)]
    return LISTINGS + "".join(rows)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A project with one client and one notebook; nothing of it needs a kernel or Typst."""
    return project_in(tmp_path, monkeypatch)


def set_to(folder, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(folder))
    monkeypatch.setattr(execute, "run", in_this_process)
    monkeypatch.setattr(pdf, "typeset", lambda document: (json.dumps(document, ensure_ascii=False).encode(), {}))


def copy_in(folder, made, monkeypatch):
    """All of a project, what was built included, in another place."""
    shutil.copytree(made, folder, symlinks=True, dirs_exist_ok=True)
    set_to(folder, monkeypatch)
    return folder


def project_in(folder, monkeypatch):
    set_to(folder, monkeypatch)
    shutil.copytree(ROOT / "templates" / "client_html", folder / "templates" / "client_html")
    (folder / "templates" / "fonts").symlink_to(ROOT / "templates" / "fonts", target_is_directory=True)
    client = folder / "data" / "acme"
    (client / "exports").mkdir(parents=True)
    (client / "client.toml").write_text(CONFIG.format(name="甲", date="2024-12-01"), encoding="utf-8")
    (client / "exports" / "a.csv").write_text(listings(), encoding="utf-8")
    (folder / "notebooks").mkdir()
    write_notebook(folder)
    return folder


def write_notebook(folder, extra="report.method()"):
    cells = [v4.new_code_cell(CELLS[0], metadata={"tags": ["parameters"]}), v4.new_markdown_cell("# 看市场\n\n一句话")]
    cells += [v4.new_code_cell(source) for source in (*CELLS[1:], extra)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
        if cell.cell_type == "markdown":
            cell.metadata["kit"] = {"locale": "zh"}
    nbformat.write(v4.new_notebook(cells=cells), folder / "notebooks" / "market.ipynb")


def in_this_process(path, parameters, failed, locale, seen):
    """What ``execute.run`` does, without a kernel: the cells one after the other, what they show beside them."""
    nb, names = nbformat.read(path, 4), {}
    noted = path.parent / "reads"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("KIT_READS", str(noted))
        patched.setenv("KIT_BATCH", "1")
        for number, cell in enumerate(c for c in nb.cells if c.cell_type == "code"):
            shown = []
            patched.setattr(display, "display", lambda data, shown=shown, **_: shown.append(data) or Slot(shown))
            exec(cell.source if number else f"client, period = {tuple(parameters.values())}", names)
            cell.outputs = [v4.new_output("display_data", json.loads(json.dumps(data))) for data in shown]
            seen(cell)
    lines = noted.read_text(encoding="utf-8").splitlines() if noted.exists() else []
    noted.unlink(missing_ok=True)
    RUNS.append(path.name)
    return execute.normalised(nb), [json.loads(line) for line in lines]


class Slot:
    """A display that is filled again; a build keeps its data only, which do not change."""

    def __init__(self, shown):
        self.shown = shown

    def update(self, data, **_):
        assert data["application/vnd.kit.v1+json"] == {"is": "answer"}


RUNS = []


def build(*locales, force=False):
    return report.build(
        Client.load("acme"), "market", "2024-11-01..2024-11-30", locales or ("zh",), lambda *a, **k: None, force
    )


def files(folder, locales):
    """What was built, but for the records: they hold the times of nothing, but the libraries of this machine."""
    wanted = ["market.ipynb", "market.json", *(f"market.{x}.{e}" for x in locales for e in ("html", "pdf", "xlsx"))]
    (period,) = (folder / "output" / "acme").glob("2024*")
    return {name: (period / name).read_bytes() for name in wanted}


def marks(folder):
    return {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in (folder / "output").rglob("*") if p.is_file()}


# ---- one change at a time ----------------------------------------------------------------------------------


def config(folder, **said):
    text = CONFIG.format(**{"name": "甲", "date": "2024-12-01"} | said)
    (folder / "data" / "acme" / "client.toml").write_text(text, encoding="utf-8")


def put(folder, name, text):
    path = folder / "data" / "acme" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def remove(folder, name):
    (folder / "data" / "acme" / name).unlink(missing_ok=True)


def style(folder, rule):
    path = folder / "templates" / "client_html" / "style.css"
    path.write_text(
        (ROOT / "templates" / "client_html" / "style.css").read_text(encoding="utf-8") + rule, encoding="utf-8"
    )
    from kit import html

    for cached in (stale._templates, html._style, html._preview_style):
        cached.cache_clear()  # a process lives for one build


def output(folder, name, content=None):
    (period,) = (folder / "output" / "acme").glob("2024*")
    if content is None:
        (period / name).unlink(missing_ok=True)
    else:
        (period / name).write_bytes(content)


CHANGES = {
    "data": lambda f: put(f, "exports/a.csv", listings(price=30)),
    "data, another rival": lambda f: put(f, "exports/a.csv", listings(brand="丙")),
    "data as they were": lambda f: put(f, "exports/a.csv", listings()),
    "a further file": lambda f: put(f, "exports/b.csv", "月份,类目,成交金额(元)\n2024-11,精华,100\n"),
    "the file gone": lambda f: remove(f, "exports/b.csv"),
    "client's name": lambda f: config(f, name="甲品牌"),
    "cover date": lambda f: config(f, date="2024-12-09"),
    "as it was": config,
    "notebook": lambda f: write_notebook(f, "report.glossary('price_kind')"),
    "notebook as it was": write_notebook,
    "notes": lambda f: put(f, "notes/market.zh.md", "**先补货**"),
    "notes gone": lambda f: remove(f, "notes/market.zh.md"),
    "brand": lambda f: put(f, "_brand.yml", "color:\n  primary: '#7a1f5a'\n"),
    "brand gone": lambda f: remove(f, "_brand.yml"),
    "edit": lambda f: put(f, "edits.csv", EDITS + "market.rivals.tmall.rank,pin,李,要紧\n"),
    "edit gone": lambda f: remove(f, "edits.csv"),
    "template": lambda f: style(f, "\n.kit { color: #123456; }\n"),
    "template as it was": lambda f: style(f, ""),
    "page damaged": lambda f: output(f, "market.zh.html", b"x"),
    "run notebook damaged": lambda f: output(f, "market.ipynb", b"{}"),
    "PDF deleted": lambda f: output(f, "market.zh.pdf"),
    "record deleted": lambda f: output(f, "market.zh.record.json"),
    "record damaged": lambda f: output(f, "market.zh.record.json", b"[]"),
    "the clock": lambda f: os.utime(f / "data" / "acme" / "exports" / "a.csv", (1, 1)),
}
RUN = {
    "data", "data, another rival", "a further file", "client's name", "notebook", "run notebook damaged",
    "record deleted", "record damaged",
}  # fmt: skip
NOTHING = {
    "data as they were", "the file gone", "as it was", "notebook as it was", "notes gone", "brand gone", "edit gone",
    "template as it was", "the clock",
}  # fmt: skip


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A project that was built once; each test takes a copy."""
    with pytest.MonkeyPatch.context() as patched:
        folder = project_in(tmp_path_factory.mktemp("first"), patched)
        build()
    return folder


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_reruns_what_it_reaches_and_no_more(tmp_path, monkeypatch, first, change):
    RUNS.clear()
    CHANGES[change](copy_in(tmp_path, first, monkeypatch))
    plan = build().plan
    assert bool(RUNS) == bool(plan.run) == (change in RUN)
    assert bool(plan.render) == (change not in NOTHING)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.sampled_from([("zh",), ("en",), ("zh", "en")])), max_size=6)
)
def test_no_sequence_of_changes_leaves_an_old_result(tmp_path_factory, steps):
    """After each change the files are those of a build from nothing, and building once more touches none."""
    with pytest.MonkeyPatch.context() as patched:
        folder = project_in(tmp_path_factory.mktemp("project"), patched)
        style(folder, "")
        build()
        for change, locales in steps:
            CHANGES[change](folder)
            build(*locales)
            kept, before = files(folder, locales), marks(folder)
            build(*locales)
            assert marks(folder) == before
            os.rename(folder / "output", folder / "aside")
            build(*locales)
            assert files(folder, locales) == kept, change
            shutil.rmtree(folder / "output")
            os.rename(folder / "aside", folder / "output")


class Ended(BaseException):
    """A build whose files another process was to put in place; ``killed``: while it did."""

    def __init__(self, killed):
        self.killed = killed


def ending_at(number, commit):
    """Putting files in place by a process that is killed when it is about to change one for the ``number``-th time.
    It is forked no earlier than there: a fork would wait for ever for the threads that read the tables."""

    def touched(event, arguments):
        nonlocal number
        if event in ("os.rename", "os.remove", "os.rmdir") or (event == "open" and arguments[1] == "w"):
            if not number:
                os.kill(os.getpid(), signal.SIGKILL)
            number -= 1

    def forked(*given):
        child = os.fork()
        if not child:
            try:
                sys.addaudithook(touched)
                commit(*given)
            finally:
                os._exit(0)
        raise Ended(os.WIFSIGNALED(os.waitpid(child, 0)[1]))

    return forked


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_killed_at_any_point_the_last_good_files_stay_or_the_next_build_makes_them(made, monkeypatch):
    """A record never vouches for a mixture, and whatever a killed build left, the next one puts right."""
    versions = [listings(price=20 + n) for n in range(2)]
    expected = []
    for text in versions:
        put(made, "exports/a.csv", text)
        build("zh", "en")
        expected.append(files(made, ("zh", "en")))
    (period,) = (made / "output" / "acme").glob("2024*")
    for turn in itertools.count():
        put(made, "exports/a.csv", versions[turn % 2])
        with monkeypatch.context() as patched, pytest.raises(Ended) as end:
            patched.setattr(committing, "commit", ending_at(turn, committing.commit))
            build("zh", "en")
        for locale in ("zh", "en"):
            record = stale.recorded(period, "market", locale)
            if record and stale._whole(period, record):
                assert files(made, (locale,)) in [
                    {k: v for k, v in e.items() if k in record["files"]} for e in expected
                ]
        if not end.value.killed:
            break
        plan = build("zh", "en").plan
        assert files(made, ("zh", "en")) == expected[turn % 2]
        assert not plan.render or not list(period.glob(".writing-*"))
    assert turn > 2 * len(expected[0]), "each file is written and moved"
    assert files(made, ("zh", "en")) == expected[turn % 2] and not list(period.glob(".writing-*"))


# ---- what no file of the project can show --------------------------------------------------------------------


def test_a_change_of_the_kits_code_runs_everything_again(made, tmp_path, monkeypatch):
    build()
    package = tmp_path / "kit"
    shutil.copytree(project.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    for change, names in (("text.py", ("code",)), ("locale/zh/LC_MESSAGES/page.po", ())):
        before = {part: getattr(stale, part).__wrapped__() for part in ("_code", "_wording")}
        monkeypatch.setattr(project, "PACKAGE", package)
        assert {part: getattr(stale, part).__wrapped__() for part in before} == before
        (package / change).write_text("# other\n", encoding="utf-8")
        assert (stale._code.__wrapped__() != before["_code"]) == bool(names)
        assert (stale._wording.__wrapped__() != before["_wording"]) == (not names)


def test_the_reason_is_said_in_the_readers_language(made):
    assert explained("market", build().plan, Words("en")) == "market: run again, since not built yet"
    assert explained("market", build().plan, Words("zh")) == "market：没有变化，沿用已有文件"
    put(made, "exports/a.csv", listings(price=30))
    plan = build().plan
    assert explained("market", plan, Words("en")) == "market: run again, since table competitor listings changed"
    put(made, "notes/market.zh.md", "先补货")
    plan = build("zh", "en").plan
    assert (
        explained("market", plan, Words("zh"))
        == "market：沿用上次运行结果，只重新排版：zh版（顾问观点有改动）、en版（还没有生成过）"
    )
    assert build(force=True).plan.run == ("forced",)


SHARES = """from kit.analyses import shares
tables = (report["listings"], None, None, None, report.promotions)
report.show(shares.show(shares.analyse(*tables, report.market.brand, *report.days, "精华")))"""


@pytest.fixture
def drawn(made, monkeypatch):
    """The keys of the exhibits that are drawn."""
    write_notebook(made, SHARES)
    keys, draw = [], charts.drawn
    monkeypatch.setattr(charts, "drawn", lambda exhibit, *more: keys.append(exhibit["key"]) or draw(exhibit, *more))
    return keys


@pytest.mark.parametrize("change", ["notes", "edit", "cover date"])
def test_words_around_a_drawing_draw_nothing(made, drawn, change):
    build()
    assert drawn
    drawn.clear()
    CHANGES[change](made)
    assert build().plan.render and drawn == []


@pytest.mark.parametrize(("change", "force"), [("brand", False), ("data", False), ("template", False), ("notes", True)])
def test_what_a_drawing_is_made_from_draws_it_anew(made, drawn, change, force):
    build()
    before = list(drawn)
    drawn.clear()
    CHANGES[change](made)
    assert build(force=force).plan.render and drawn == before != []


def test_a_language_built_before_is_kept_in_step(made):
    """Both share the run notebook and the JSON: one of them must not be left vouching for what was replaced."""
    build("zh", "en")
    put(made, "exports/a.csv", listings(price=30))
    assert set(build("en").plan.render) == {"zh", "en"}
    assert build("zh").plan == stale.Plan()


def test_what_the_kernel_read_is_what_the_record_says(made):
    build()
    (period,) = (made / "output" / "acme").glob("2024*")
    record = json.loads((period / "market.zh.record.json").read_bytes())
    assert record["reads"]["tables"] == ["listings"]
    assert record["run"]["table:listings"] != "absent"


def test_files_that_change_while_a_notebook_runs_are_told(made, monkeypatch):
    run = execute.run

    def slow(*given, **named):
        nb, read = run(*given, **named)
        return nb, [[slug, what, "0" * 64] for slug, what, _ in read]

    monkeypatch.setattr(execute, "run", slow)
    with pytest.raises(report.KitError, match=r"e\.store\.changed"):
        build()


def test_days_decide_too(made):
    """A month that is whole only since a further file came: what the notebook chose by default may be another."""
    data = report.store.load(Client.load("acme"))
    before = stale.run_parts(
        Client.load("acme"),
        report.Period.parse("2024-11"),
        data,
        made / "notebooks" / "market.ipynb",
        {"tables": [], "reports": []},
    )
    put(made, "exports/b.csv", LISTINGS + ROWS.format(day=20, brand="甲", item=1, price=11, sales=9))
    data = report.store.load(Client.load("acme"))
    after = stale.run_parts(
        Client.load("acme"),
        report.Period.parse("2024-11"),
        data,
        made / "notebooks" / "market.ipynb",
        {"tables": [], "reports": []},
    )
    assert [k for k in before if before[k] != after[k]] == ["days"]
    assert data.span()[1] == dt.date(2024, 11, 20)


# ---- earlier reports -------------------------------------------------------------------------------------------


def test_all_earlier_reports_together_are_one_input(tmp_path):
    def put(period, text="{}"):
        (tmp_path / period).mkdir(exist_ok=True)
        (tmp_path / period / "review.json").write_text(text, encoding="utf-8")
        return stale.read_digest(tmp_path / "2024-11", "*/review")

    none = stale.read_digest(tmp_path / "2024-11", "*/review")
    one = put("2024-10")
    assert one != none
    assert put("2024-12") == put("mine") == put("2024-11") == one  # later, nobody's, its own
    assert put("2024-10", "{} ") != one
    assert [p.parent.name for p in stale.earlier(tmp_path / "2024-11", "review")] == ["2024-10"]


def test_a_change_of_an_earlier_report_is_named_as_one():
    plan = stale.Plan(("report:*/review", "others"), {})
    assert explained("review", plan, Words("en")) == (
        "review: run again, since review of earlier periods changed and there are other reports than before"
    )
