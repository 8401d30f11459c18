"""The partner's page: what moved, what was edited and why, what is unsound or missing, what is new; never for the client."""

import json

import pytest
import test_stale as stages
from click.testing import CliRunner

from kit import batch, cli, report
from kit.client import Client
from kit.deliver import approving, redline
from kit.errors import KitError
from kit.text import Words

PERIOD = "2024-11-01..2024-11-30"
HOSTILE = "<script>alert(1)</script>"
EDITS = "finding,action,text_zh,text_en,by,why\n"


@pytest.fixture
def made(tmp_path, monkeypatch):
    return stages.project_in(tmp_path, monkeypatch)


def edit(folder, *rows):
    """The keys of the market report's findings, with these edits of the first of them."""
    (path,) = folder.glob("output/acme/*/market.json")
    keys = [f["key"] for f in json.loads(path.read_bytes())["findings"] if f["kind"] != "data"]
    stages.put(folder, "edits.csv", EDITS + "".join(f"{key},{row}\n" for key, row in zip(keys, rows, strict=False)))


def page(locale="zh"):
    made, path = redline.make(Client.load("acme"), PERIOD, Words(locale))
    return list(redline.lines(made)), path.read_text(encoding="utf-8")


def section(lines, key, locale="zh"):
    """The lines of a section, up to the next."""
    start = lines.index(Words(locale).label(f"redline.{key}")) + 1
    end = next((n for n, line in enumerate(lines) if n >= start and not line.startswith("  ")), len(lines))
    return [line.strip() for line in lines[start:end]]


def test_the_page_says_that_it_is_not_for_the_client_and_no_record_vouches_for_it(made):
    stages.build()
    _, text = page()
    assert '<p class="draft" role="note">内部复核，勿发客户</p>' in text
    assert not [p.name for p in made.glob("output/acme/*/*.record.json") if b"redline" in p.read_bytes()]
    assert "Internal review, never sent to the brand" in page("en")[1]


def test_sections_with_nothing_to_say_say_so(made):
    stages.build()
    lines, _ = page()
    assert section(lines, "stops") == ["全部报告都已生成，没有过期的"]
    assert section(lines, "edits") == ["没有人工修改：结论、顾问观点、notebook、SWOT条目和剔除的订单都是原样"]
    assert section(lines, "version") == ["本期还没有审批过，这是初版"]
    assert section(lines, "since") == ["市场与竞品分析", "没有上期报告可比"]


def test_every_edit_is_told_with_who_and_why_a_rewording_beside_what_it_replaced(made):
    stages.build()
    edit(made, "hide,,,李,不宜外传", "reword,换个说法,Put otherwise,张,太直", "lower,,,赵,太重")
    stages.build()
    lines, text = page()
    heads, *rows = section(lines, "edits")
    assert heads.split() == ["报告", "处理", "结论", "经办", "理由"]
    assert [row.split()[-2:] for row in rows] == [["李", "不宜外传"], ["张", "太直"], ["赵", "太重"]]
    assert "换个说法（原句：" in rows[1] and "换个说法（原句：" in text
    assert "Put otherwise (before: " in "".join(section(page("en")[0], "edits", "en"))


def test_all_that_was_done_by_hand_is_told_and_what_one_did_for_one_reason_is_one_row(made):
    stages.build()
    stages.put(made, "notes/market.zh.md", "类目还在涨\n")
    stages.put(made, "exclusions.csv", "店铺,对象,编号,原因,经办\n" + "".join(
        f"tmall,order,{n},测试订单,李\n" for n in (1, 2)) + "tmall,order,3,刷单,张\n")  # fmt: skip
    rows = [line.split() for line in section(page()[0], "edits")[1:]]
    assert rows == [
        ["市场与竞品分析", "顾问观点", "data/acme/notes/market.zh.md", "—", "—"],
        ["—", "剔除", "1等2项", "李", "测试订单"],
        ["—", "剔除", "3", "张", "刷单"],
    ]


def test_what_stands_against_approving_stands_first(made):
    stages.build()
    stages.put(made, "exports/a.csv", stages.listings(price=30))
    lines, _ = page()
    assert lines[0] == "审批之前" and "程序在生成之后有变化：market" in lines[1]


def test_a_row_that_no_finding_answers_to_is_among_the_warnings(made):
    stages.put(made, "edits.csv", EDITS + "market.gone,pin,,,李,要紧\n")
    stages.build()
    assert any("market.gone" in line for line in section(page()[0], "warnings"))


def test_the_difference_from_the_approved_version_is_told(made):
    stages.build()
    approving.approve(Client.load("acme"), PERIOD, "王")
    stages.build()
    assert section(page()[0], "version")[1].startswith("已审批：V1，王，")
    stages.put(made, "exports/a.csv", stages.listings(price=30))
    stages.build()
    title, state, why, *_ = section(page()[0], "version")
    assert (title, why) == ("市场与竞品分析", "本版取代V1：数据有更新")
    assert state.startswith("V1（王，") and state.endswith("之后有改动")


def kpi(key, value, changes=(), before=None):
    told = {"value": before, "period": {}} if before is not None else None
    moved = [{"label": {"zh": n, "en": n}, "value": v, "unit": u} for n, v, u in changes]
    return {
        "key": key,
        "label": {"zh": key, "en": key},
        "value": value,
        "unit": "money",
        "before": told,
        "changes": moved,
    }


def test_figures_that_moved_are_told_once_with_what_they_were(made):
    own = [
        kpi("甲", 120.0, [("环比", 0.2, "growth")], before=100.0),
        kpi("乙", 100.0, [("目标", 90.0, "money")], before=100.0),
        kpi("丙", 100.0, [("同比", 0.0, "growth")]),
        kpi("丁", 100.0, [("较上期", -0.01, "points")]),
    ]
    reports = {"summary": {"kpis": own[:1]}, "review": {"kpis": own}}
    rows = redline._kpis(reports, Words("zh"))["table"]["rows"]
    assert [row["cells"] for row in rows] == [
        ["月度运营报告", "甲", "￥120", "￥100", "环比 +20.0%"],
        ["月度运营报告", "丁", "￥100", "—", "较上期 −1.0个百分点"],
    ]


def test_what_people_typed_is_text(made):
    stages.build()
    edit(made, f'pin,,,{HOSTILE},"{HOSTILE}"')
    stages.build()
    lines, text = page()
    assert HOSTILE not in text and "&lt;script&gt;" in text
    assert HOSTILE in "".join(lines)


def test_without_a_report_there_is_no_page(made):
    with pytest.raises(KitError, match=r"e\.deliver\.nothing"):
        page()
    assert not list(made.glob("output/acme/*/redline*"))


# ---- the commands ------------------------------------------------------------------------------------------------


def here(orders, workers, hear):
    """``batch.build`` in this process."""
    for order in orders:
        for name in (n for n in order.reports if n != "pack"):
            client = Client.load(order.client)
            made = report.build(client, name, order.period, order.locales, lambda *a, **k: None, order.force)
            yield batch.Outcome(order.client, name, made)


def kit(*arguments):
    done = CliRunner().invoke(cli.main, [*arguments, "--period", PERIOD])
    return done.exit_code, done.stdout.splitlines(), done.stderr


def test_the_command_approves_sets_the_pages_again_and_names_the_files(made, monkeypatch):
    monkeypatch.setattr(batch, "build", here)
    stages.build("zh", "en")
    assert kit("approve", "acme") == (1, [], "没有写明审批人。请用BY=姓名\n")
    code, lines, _ = kit("approve", "acme", "--by", "王")
    assert code == 0 and lines[0].startswith(f"已审批：acme {PERIOD} V1，审批人王，20")
    assert [line for line in lines if line.endswith("pdf")] == [
        f"output/acme/{PERIOD}/market.zh.pdf",
        f"output/acme/{PERIOD}/market.en.pdf",
    ]
    assert '<p class="draft"' not in (made / "output" / "acme" / PERIOD / "market.zh.html").read_text(encoding="utf-8")
    code, lines, _ = kit("approve", "acme", "--by", "赵", "--locale", "en")
    assert code == 0 and lines[0].startswith(f"Nothing has changed: acme {PERIOD} V1 was approved by 王 on 20")
    assert len(lines) == 1


def test_the_command_sets_pages_that_an_approval_was_cut_off_from(made, monkeypatch):
    monkeypatch.setattr(batch, "build", here)
    stages.build()
    approving.approve(Client.load("acme"), PERIOD, "王")  # and then the machine was switched off
    code, lines, _ = kit("approve", "acme", "--by", "赵")
    assert code == 0 and lines[0].startswith(f"没有变化：acme {PERIOD} V1已由王于")
    assert f"output/acme/{PERIOD}/market.zh.pdf" in lines
    assert '<p class="draft"' not in (made / "output" / "acme" / PERIOD / "market.zh.html").read_text(encoding="utf-8")


def test_the_command_prints_the_page_and_where_it_is(made):
    stages.build()
    code, lines, _ = kit("redline", "acme")
    assert (code, lines[0], lines[1]) == (0, "内部复核，勿发客户", "审批之前")
    assert lines[-1] == f"output/acme/{PERIOD}/redline.zh.html"
    assert (made / lines[-1]).is_file()
