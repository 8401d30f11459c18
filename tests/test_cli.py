"""The command line: one clear line per fault in the right language, the right exit code, nothing half-made."""

import json
import shutil
import tempfile

import pytest
from built import ROOT
from click.testing import CliRunner

from kit import cli, committing, reasons
from kit.errors import KitError, problem
from kit.project import noted
from kit.stages import Stages, Timed, trace
from kit.text import Words

CLIENT = """
name = {zh = "青禾", en = "Qinghe"}
agency = "Agency"
locale = "%s"
[shops.tmall]
platform = "tmall"
name = "旗舰店"
"""
MARKET = """
[market]
category = "面霜"
brand = ["自然堂"]
"""
LISTINGS = "update_time,id,title,price,sale_count,comment_count,店名\n2016/11/5,A1,霜,99,10,1,自然堂\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with the client ``acme`` (zh), one small export and the market's notebook."""
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "market.ipynb", tmp_path / "notebooks")
    (tmp_path / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
    exports = tmp_path / "data" / "acme" / "exports"
    exports.mkdir(parents=True)
    (exports / "a.csv").write_text(LISTINGS, encoding="utf-8")
    (exports.parent / "client.toml").write_text(CLIENT % "zh" + MARKET, encoding="utf-8")
    return tmp_path


def call(*arguments, **environment):
    result = CliRunner().invoke(cli.main, list(arguments), env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output.strip()


def test_a_wrong_client_is_named_with_the_nearest(project):
    code, said = call("report", "acmee")
    assert (code, said) == (2, "没有客户“acmee”。是否指“acme”？现有客户：acme")
    assert call("report", "acmee", "--locale", "en") == (
        2,
        "There is no client “acmee”. Did you mean “acme”? Clients: acme",
    )


def test_a_misspelt_report_is_a_wrong_call(project):
    assert call("report", "acme", "--report", "markt") == (2, "没有报告“markt”。是否指“market”？现有报告：market, pack")


def test_a_period_outside_the_data_names_the_data(project):
    code, said = call("report", "acme", "--report", "market", "--period", "2024-11", "--locale", "en")
    assert code == 2
    assert said.splitlines()[-1] == (
        "There are no data in “2024-11”. The data run from 2016-11-05 to 2016-11-05. Choose another period or add files"
    )


def test_a_language_there_is_not_is_a_wrong_call(project):
    assert call("report", "acme", "--locale", "fr") == (2, "语言“fr”不能用。可填：zh、en，或 zh,en")


def test_messages_are_in_the_clients_language_unless_another_is_asked_for(project):
    (project / "data" / "acme" / "client.toml").write_text(CLIENT % "en", encoding="utf-8")
    code, said = call("report", "acme", "--report", "markt")
    assert (code, said) == (2, "There is no report “markt”. Did you mean “market”? Reports: market, pack")
    assert call("report", "acme", "--report", "markt", KIT_LOCALE="zh")[1].startswith("没有报告“markt”")


def test_a_failed_section_is_named_in_the_readers_language():
    from kit.text import Words

    fault = problem("e.run.raised", file="x", section="Price bands", error="ValueError", log="y")
    assert "在“价格带”一节出错" in Words("zh").problem(fault)
    assert "failed in “Price bands”" in Words("en").problem(fault)
    assert "在“自己的一节”一节" in Words("zh").problem(
        problem("e.run.raised", file="x", section="自己的一节", error="E", log="y")
    )


def test_values_come_from_the_environment_as_make_passes_them(project):
    assert call("report", KIT_CLIENT="$(touch x)")[0] == 2
    assert call("report", KIT_CLIENT="../x") == (
        2,
        "客户名“../x”不能用。只能用小写字母、数字、- 和 _，以字母或数字开头",
    )
    assert not (project / "x").exists()


def test_no_client_says_which_there_are(project):
    assert call("report") == (2, "没有写明客户。请加上客户名，例如 CLIENT=acme。现有客户：acme")


def test_check_tells_every_problem_at_once_and_ends_with_3(project):
    exports = project / "data" / "acme" / "exports"
    (exports / "b.csv").write_text("甲,乙,丙\n1,2,3\n", encoding="utf-8")
    (exports / "c.csv").write_bytes(b"")
    (exports / "d.xlsx").write_bytes(b"PK\x03\x04truncated")
    code, said = call("check", "acme")
    assert code == 3
    lines = said.splitlines()
    for name in ("b.csv", "c.csv", "d.xlsx"):
        assert sum(name in line for line in lines) == 1, said
    assert "Traceback" not in said


def test_faulty_data_build_nothing(project):
    (project / "data" / "acme" / "exports" / "c.csv").write_bytes(b"")
    assert call("report", "acme", "--report", "market")[0] == 3
    assert not list((project / "output").rglob("market.*"))


def test_without_reports_there_is_nothing_to_compare(project):
    code, said = call("diff", "acme", "--period", "2016-11-05")
    assert (code, said.splitlines()[-1]) == (
        2,
        "acme在2016-11-05还没有生成报告。请先运行 make report CLIENT=acme",
    )


def test_check_says_what_there_is(project):
    code, said = call("check", "acme", "--locale", "en", "--period", "2016-11", "--report", "market")
    assert code == 0
    lines = said.splitlines()
    file, calendar = lines[lines.index("Files read") + 1], lines[lines.index("Months there are, by shop") + 1]
    lacking = next(line for line in lines if "still lacks" in line)
    assert file.split("  ")[1:4] == ["exports/a.csv", "competitor listings", "2016-11-05..2016-11-05"]
    assert "1 row read, 1 kept" in file
    assert calendar.split() == [
        "competitor",
        "listings",
        "Tmall",
        "tmall",
        "2016",
        "··········■·",
        "2016-11-05..2016-11-05",
    ]
    assert lacking == "Market and competitors still lacks: monthly market data and daily shop data"
    listed = lines[lines.index(next(line for line in lines if line.startswith("To download for 2016-11 "))) :]
    assert any("生意参谋 交易概况" in line for line in listed)
    assert "罗盘" not in said, "the exports of platforms the client is on"
    assert lines[-1] == "The data of acme are in order"


def test_a_check_for_a_report_or_period_that_is_none_says_so_and_nothing_else(project):
    code, said = call("check", "acme", "--locale", "en", "--report", "marke")
    assert (code, len(said.splitlines())) == (2, 1) and "“market”" in said
    code, said = call("check", "acme", "--locale", "en", "--period", "2016-13")
    assert (code, len(said.splitlines())) == (2, 1)


def test_what_a_report_needs_of_the_settings_is_said_before_anything_runs(project):
    (project / "data" / "acme" / "client.toml").write_text(CLIENT % "en", encoding="utf-8")
    assert call("report", "acme") == (3, "data/acme/client.toml lacks “market”. Add it")
    code, told = call("check", "acme")
    assert (code, told.splitlines()[-2:]) == (
        0,
        [
            "Note: Market and competitors needs [market], which data/acme/client.toml lacks",
            "The data of acme can be reported on; 1 note to read",
        ],
    )
    code, told = call("check", "acme", "--locale", "zh")
    assert (code, told.splitlines()[-2:]) == (
        0,
        ["提醒：市场与竞品分析要用[market]，data/acme/client.toml里还没有", "acme的数据可以出报告，另有1条提醒"],
    )


def test_the_last_line_of_a_check_says_how_many_notes_there_are(project):
    (project / "data" / "acme" / "client.toml").write_text(CLIENT % "en", encoding="utf-8")
    orders = "订单编号,买家实际支付金额,订单创建时间,订单付款时间\n1,9,2024-11-01 10:02,2024-11-01 10:01\n"
    (project / "data" / "acme" / "exports" / "b.csv").write_text(orders, encoding="utf-8")
    code, told = call("check", "acme")
    assert code == 0
    assert told.splitlines()[-1] == "The data of acme can be reported on; 2 notes to read"
    assert sum(line.startswith("Note: ") for line in told.splitlines()) == 2


def test_failures_of_several_reports_end_with_1_and_of_all_alike_with_their_own(project, monkeypatch):
    from kit import batch, report

    def build(orders, *rest):
        for name in orders[0].reports:
            error = KitError(problem("e.run.dead", file=name, log="x"), 1 if name == "dead" else 2)
            yield batch.Outcome("acme", name, **({"built": report.Built(())} if name == "good" else {"error": error}))

    monkeypatch.setattr(batch, "build", build)
    assert call("report", "acme", "--report", "good")[0] == 0
    assert call("report", "acme", "--report", "good,wrong")[0] == 1
    assert call("report", "acme", "--report", "wrong")[0] == 2
    code, said = call("report", "acme", "--report", "dead,good", "--locale", "en")
    assert (code, said) == (
        1,
        "dead: the kernel died, most often for lack of memory; the last report is untouched. What ran: x",
    )


def test_a_profile_says_where_the_time_went():
    stages = {"pdf": 0.5, "run": 2.0}
    said = "market: 3.50 s in all: start of the process 1.00 s, running the notebook 2.00 s and PDF 0.50 s"
    assert reasons.profiled("market", stages, 3.5, Words("en")) == said


def test_a_profile_is_a_trace_with_a_line_for_each_report_and_its_stages_within_it():
    first, second = Stages(), Stages()
    for stages, names in ((first, ("data", "run", "run")), (second, ("pdf",))):
        for name in names:
            with stages.time(name):
                pass
    made = json.loads(trace([Timed("market", 2.0, first), Timed("review", 3.0, second)]))["traceEvents"]
    lines = {e["tid"]: e["args"]["name"] for e in made if e["ph"] == "M"}
    assert lines == {1: "market", 2: "review"}
    spans = [e for e in made if e["ph"] == "X"]
    assert [(e["tid"], e["name"]) for e in spans] == [
        (1, "market"),
        *[(1, n) for n in ("data", "run", "run")],
        (2, "review"),
        (2, "pdf"),
    ]
    assert min(e["ts"] for e in spans) == 0 and [e["dur"] for e in spans if e["name"] in lines.values()] == [2e6, 3e6]
    for whole in (e for e in spans if e["name"] in lines.values()):
        own = [e for e in spans if e["tid"] == whole["tid"]]
        assert all(whole["ts"] <= e["ts"] and e["ts"] + e["dur"] <= whole["ts"] + whole["dur"] + 1 for e in own)


def test_an_interruption_is_one_line_in_the_readers_language(project, monkeypatch):
    from kit import store

    def interrupt(client):
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "inspect", interrupt)
    code, said = call("check", "acme", "--locale", "zh")
    assert (code, said) == (1, "已中断。做完的已保留，其余还是原来的样子；再运行同一条命令即可接着做")


def test_an_error_nobody_foresaw_is_one_line_and_its_text_goes_nowhere(project, monkeypatch):
    from kit import store

    row = "张三 " + "1" * 11

    def check(client):
        raise ValueError(row)

    monkeypatch.setattr(store, "inspect", check)
    code, said = call("check", "acme", "--locale", "en")
    assert (code, said) == (
        1,
        "Something unforeseen went wrong (ValueError). The lines that led to it are in output/error.log: "
        "send that file to whoever looks after the kit",
    )
    log = (project / "output" / "error.log").read_text(encoding="utf-8")
    assert "in check" in log
    assert row not in log


def test_where_nothing_can_be_written_the_lines_that_led_to_an_error_lie_elsewhere(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("KIT_ROOT", str(tmp_path / "file" / "project"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert noted(ValueError()) == str(tmp_path / "error.log")
    assert (tmp_path / "error.log").read_text(encoding="utf-8") == "ValueError\n"


def test_clean_removes_nothing_while_anything_is_being_built(project):
    assert call("clean")[0] == 0  # there is nothing yet
    for name in ("acme", "beta"):
        (project / "output" / name / "2016").mkdir(parents=True)
    with committing.locked("beta"):
        code, said = call("clean")
    assert (code, said.startswith("客户“beta”")) == (1, True), said
    assert sorted(path.parent.name for path in (project / "output").glob("*/2016")) == ["acme", "beta"]
    assert call("clean")[0] == 0
    assert list((project / "output").iterdir()) == []


def test_clean_removes_what_was_built_and_no_data(project):
    built = project / "output" / "acme" / "2016"
    built.mkdir(parents=True)
    assert call("clean", "acme")[0] == 0
    assert not built.exists()
    assert call("clean")[0] == 0
    assert (project / "data" / "acme" / "client.toml").is_file()


def test_a_new_client_is_ready_to_be_filled_and_is_never_overwritten(project):
    code, said = call("new", "fresh", "--locale", "en")
    assert code == 0
    assert "make check CLIENT=fresh" in said
    folder = project / "data" / "fresh"
    assert {p.name for p in folder.iterdir()} == {"client.toml", "_brand.yml", "inputs.xlsx", "exports", "notes"}
    before = (folder / "client.toml").read_bytes()
    assert call("new", "fresh", "--locale", "en") == (
        2,
        "Client “fresh” exists already; nothing was changed. Choose another name",
    )
    assert (folder / "client.toml").read_bytes() == before
    assert call("new", "../x")[0] == 2


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_new_client_passes_the_check_with_a_list_of_what_to_add(project, locale):
    call("new", "fresh", "--locale", locale)
    code, said = call("check", "fresh")
    assert code == 0
    for name in {
        "zh": ("竞品在售清单", "市场月度数据", "店铺每日数据"),
        "en": ("competitor listings", "daily shop data"),
    }[locale]:
        lacks = {"zh": "市场与竞品分析还缺：", "en": "Market and competitors still lacks: "}[locale]
        assert any(line.startswith(lacks) and name in line for line in said.splitlines())
    assert {"zh": "要下载的文件（", "en": "To download for "}[locale] in said
    assert "没有问题" not in said and "in order" not in said
    sheets = {"zh": "inputs.xlsx：14张表还没有填写", "en": "inputs.xlsx: 14 sheets not filled in yet"}[locale]
    assert [line.strip() for line in said.splitlines() if "inputs.xlsx" in line] == [sheets]
