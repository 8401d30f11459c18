"""Where every client stands: each cell from what was noted when it was done, and the one thing to do next."""

import json
import re
import shutil

import pytest
from built import ROOT
from click.testing import CliRunner

from kit import approvals, cli, committing, project, stale, store
from kit.client import Client, Period
from kit.deliver import board, pack
from kit.errors import KitError, problem
from kit.text import Words

TOML = 'name = "甲"\nagency = "乙"\n[shops.tmall]\nplatform = "tmall"\nname = "店"\n'
DAYS = "统计日期,访客数,支付买家数,支付金额\n" + "".join(f"2024-11-{n:02d},100,10,70\n" for n in range(1, 31))
NOVEMBER = Period.parse("2024-11")
ZH = Words("zh")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A project with the notebooks of three reports, of which the market's needs a setting that nobody has."""
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    (tmp_path / "notebooks").mkdir()
    for name in ("market", "review", "abtest"):
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", tmp_path / "notebooks")
    return tmp_path


def made(root, slug="acme", files=None, toml=TOML):
    """A client's folder, its data read as ``make check`` reads them."""
    folder = root / "data" / slug
    for name, text in {"client.toml": toml, "exports/a.csv": DAYS, **(files or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    client = Client.load(slug)
    store.inspect(client)
    return client


def build(client, report="review", period="2024-11", locales=("zh",)):
    folder = project.output() / client.slug / period
    facts = {"report": report, "run": {}, "page": {}, "reads": {"tables": [], "reports": [], "logo": ""}}
    facts |= {"contents": dict.fromkeys(locales, "a"), "versions": dict.fromkeys(locales, 1)}
    committing.commit(folder, {f"{report}.ipynb": b"{}", f"{report}.zh.pdf": b"x"}, facts, locales)
    committing.write_manifest(folder)
    return folder


@pytest.fixture
def fresh(monkeypatch):
    """Nothing that was built is out of date."""
    for parts in ("run_parts", "page_parts"):
        monkeypatch.setattr(stale, parts, lambda *_: {})


def line(client="acme", period="", words=ZH):
    (one,) = board.lines([client], period, words)
    return one


def test_data_in_are_files_newest_day_and_missing_tables(root):
    made(root)
    assert line().data == "1个文件 · 到2024-11-30 · 缺8张表"  # of the nine that the review names, one is there
    assert (line().client, line().period, line().checked) == ("acme", "2024-11", "无误")


def test_a_client_whose_files_were_never_read_is_told_from_one_whose_files_changed(root, monkeypatch):
    client = made(root)
    (client.folder / "exports" / "b.csv").write_text(DAYS.replace("2024-11", "2024-10"), encoding="utf-8")
    monkeypatch.setattr(store, "_make", lambda *_: pytest.fail("an export was read"))
    assert (line().data, line().checked, line().built) == ("读过之后有改动", "—", "—")
    shutil.rmtree(client.folder / store.CACHE)
    assert line().data == "还没读"
    assert line().next == "读入数据：make check CLIENT=acme"


def test_what_is_built_of_a_client_whose_files_changed_is_still_counted(root):
    client = made(root)
    build(client)
    (client.folder / "exports" / "b.csv").write_text(DAYS, encoding="utf-8")
    assert (line().period, line().built) == ("2024-11", "1/2")


def test_a_client_that_is_being_read_now_is_not_waited_for(root):
    import filelock

    client = made(root)
    with filelock.FileLock(client.folder / store.CACHE / "lock"):
        assert line().checked == "无误"


def test_faulty_data_come_first(root):
    made(root, files={"exports/b.csv": "甲,乙,丙\n1,2,3\n", "exports/c.csv": ""})
    assert line().checked == "2处问题"
    assert line().next == "改好2处数据问题：make check CLIENT=acme"


def test_an_empty_folder_asks_for_files(root):
    client = made(root)
    (client.folder / "exports" / "a.csv").unlink()
    store.inspect(client)
    assert (line().data, line().checked) == ("还没有文件", "—")
    assert line().next == "把导出文件放进data/acme/exports"


def test_only_reports_that_the_client_can_have_are_waited_for(root, fresh):
    build(made(root))
    assert line().built == "1/1"  # the market needs a setting, and there is no test in the period


def test_a_report_that_failed_is_named(root, fresh):
    committing.note_failure(build(made(root)), "review", KitError(problem("e.run.late", file="x", section="y")))
    assert line().built == "1/1 · review失败"
    assert line().next == "查看失败原因并重新生成：make report CLIENT=acme REPORT=review"


def test_a_pack_that_failed_is_made_with_the_reports(root, fresh):
    committing.note_failure(build(made(root)), "pack", KitError(problem("e.run.late", file="x", section="y")))
    assert (line().built, line().next) == ("1/1 · pack失败", "生成报告：make report CLIENT=acme")


def test_a_report_whose_sources_changed_is_out_of_date(root):
    build(made(root))
    assert line().built == "1/1 · 1份待更新"
    assert line().next == "生成报告：make report CLIENT=acme"


def test_a_report_of_which_a_file_is_gone_is_to_be_built_again(root, fresh):
    (build(made(root)) / "review.zh.pdf").unlink()
    assert line().built == "1/1 · 1份待更新"


def test_a_pack_of_reports_as_they_were_is_out_of_date(root, fresh):
    client = made(root)
    folder = build(client)
    facts = {"run": {}, "page": pack.made_of(client, folder, "zh", ["review"]), "reads": {}, "files": {}}
    (folder / "pack.zh.record.json").write_bytes(committing.as_json(facts))
    assert line().built == "1/1"
    path = folder / "review.zh.record.json"
    path.write_bytes(committing.as_json({**json.loads(path.read_bytes()), "files": {}}))
    assert (line().built, line().next) == ("1/1 · 1份待更新", "生成报告：make report CLIENT=acme")


def test_who_worked_on_the_reports_is_named_once(root):
    edits = "结论,处理,经办,理由\nreview.a,hide,王欣,重复\nreview.b,pin,王欣,要紧\nreview.c,pin,赵宁,要紧\n"
    toml = TOML + '[delivery]\neditors = ["李敏", "赵宁"]\n'
    made(root, files={"edits.csv": edits}, toml=toml)
    assert line().reviewed == "李敏、赵宁、王欣"


def approve(client, version="a", by="李敏", locale="zh"):
    approvals.add(client, NOVEMBER, by, "2024-12-05 10:30", {"review": {locale: version}}, {})


def test_approval_and_delivery_close_the_line(root, fresh):
    client = made(root)
    build(client)
    assert (line().approved, line().next[:6]) == ("草稿", "复核并审批：")
    approve(client)
    assert (line().approved, line().delivered) == ("V1，李敏，2024-12-05 10:30", "—")
    assert line().next == "交付：make share CLIENT=acme，或make mail CLIENT=acme"
    approvals.append_delivery(client, NOVEMBER, approvals.Delivery("mail", 1, "2024-12-06 09:00"))
    assert (line().delivered, line().next) == ("V1邮件草稿，2024-12-06 09:00", "")


def test_a_delivery_of_another_report_does_not_close_it(root, fresh):
    client = made(root)
    build(client)
    approve(client)
    approvals.append_delivery(client, NOVEMBER, approvals.Delivery("mail", 1, "2024-12-06 09:00", ("market",), ("zh",)))
    assert line().next.startswith("交付：")
    approvals.append_delivery(client, NOVEMBER, approvals.Delivery("mail", 1, "2024-12-06 09:10", ("review",), ("en",)))
    assert line().next == ""


def test_a_delivery_of_an_earlier_version_does_not_close_it(root, fresh):
    client = made(root)
    build(client)
    approve(client)
    approvals.append_delivery(client, NOVEMBER, approvals.Delivery("share", 1, "2024-12-06 09:00"))
    approve(client, "b")
    approve(client, "a")
    folder = project.output() / "acme" / "2024-11"
    record = json.loads((folder / "review.zh.record.json").read_bytes())
    (folder / "review.zh.record.json").write_bytes(committing.as_json({**record, "versions": {"zh": 3}}))
    assert line().approved.startswith("V3，")
    assert line().next.startswith("交付：")


@pytest.mark.parametrize(("locales", "approved", "text", "next"), [
    (("zh", "en"), "a", "1/2为V1，李敏，2024-12-05 10:30", "复核并审批："),
    (("zh",), "b", "V1审批后有改动（李敏，2024-12-05 10:30）", "审批后有改动，重新复核："),
])  # fmt: skip
def test_what_is_not_approved_as_it_stands_is_told(root, fresh, locales, approved, text, next):
    client = made(root)
    build(client, locales=locales)
    approve(client, approved)
    assert line().approved == text
    assert line().next.startswith(next)


def test_a_fault_of_one_client_hides_no_other(root):
    made(root)
    made_of = root / "data" / "beta"
    made_of.mkdir()
    (made_of / "client.toml").write_text('name = \n"', encoding="utf-8")
    broken, sound = board.lines(["beta", "acme"], "", ZH)
    assert broken.next.startswith("先改好：data/beta/client.toml第1行")
    assert sound.checked == "无误"


def test_a_period_asked_for_is_looked_at_and_stands_in_the_command(root):
    made(root)
    assert line(period="2024-11-04").next == "生成报告：make report CLIENT=acme PERIOD=2024-11-04"
    assert "2023-01" in line(period="2023-01").next  # outside the data: said, as for any other fault


def call(*arguments):
    result = CliRunner().invoke(cli.main, ["status", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output.splitlines()


def test_a_log_has_a_line_a_client_then_what_comes_next(root, fresh):
    done = made(root)
    build(done)
    approve(done)
    approvals.append_delivery(done, NOVEMBER, approvals.Delivery("share", 1, "2024-12-06 09:00"))
    made(root, "beta")
    code, said = call("--locale", "en")
    assert (code, len(said)) == (0, 4)
    assert re.split(" {2,}", said[0])[:2] == ["acme", "2024-11"]
    assert said[2:] == ["beta: build: make report CLIENT=beta", "Nothing waits at 1 client"]
    assert call("--clients", "beta", "--locale", "en")[1][1:] == ["beta: build: make report CLIENT=beta"]


def test_a_terminal_shows_the_same_cells_as_a_table(root):
    made(root)
    shown = board.table([line()], ZH)
    cells = [str(cell) for column in shown.columns for cell in column.cells]
    assert cells == [getattr(line(), column) for column in board.COLUMNS]
    assert [column.header for column in shown.columns][:2] == ["客户", "期间"]


def test_without_clients_it_says_how_to_make_one(root):
    assert call() == (0, ["data文件夹里还没有客户。新建客户：make new CLIENT=…"])


def test_a_period_that_cannot_be_read_is_a_wrong_call(root):
    made(root)
    assert call("--period", "2024-13")[0] == 2
