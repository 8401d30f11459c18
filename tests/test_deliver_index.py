"""The index of a client's reports: from records and approvals alone, and as it stands in a browser."""

import base64
import json
import os
from urllib.parse import unquote

import lxml.html
import pytest
from built import ROOT
from making import client

from kit import approvals, committing, project
from kit.brand import Brand
from kit.client import Period
from kit.deliver import index
from kit.errors import KitError, problem

SAID = {"findings": {"low": 4, "high": 2}, "since": None}
MONTH = {"start": "2024-10-01", "end": "2024-10-31", "kind": "month"}


@pytest.fixture
def acme(tmp_path, monkeypatch):
    return project_of(tmp_path, monkeypatch)


def project_of(folder, monkeypatch, content=None, **settings):
    monkeypatch.setenv("KIT_ROOT", str(folder))
    (folder / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
    return client(folder, content, **settings)


def put(acme, period="2024-11", report="market", locales=("zh",), endings=("html", "pdf"), said=SAID, more=()):
    """A built report as its commit leaves it, and the manifest."""
    folder = project.output() / acme.slug / period
    files = {f"{report}.ipynb": b"{}", f"{report}.json": b"{}"}
    files |= {f"{report}.{loc}.{end}": b"x" * 1234 for loc in locales for end in endings} | dict.fromkeys(more, b"x")
    for name in more:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    named = {name: content for name, content in files.items() if name not in more}
    facts = {"report": report, "said": said, "run": {}, "page": {}, "reads": {}}
    facts |= {"contents": dict.fromkeys(locales, "a"), "versions": dict.fromkeys(locales, 1)}
    committing.commit(folder, named, facts, locales)
    if more:
        for path in folder.glob(f"{report}.*.record.json"):
            record = json.loads(path.read_bytes())
            path.write_bytes(committing.as_json({**record, "files": {**record["files"], **dict.fromkeys(more, "")}}))
    committing.write_manifest(folder)
    return folder


def shown(acme):
    index.write(acme)
    return lxml.html.document_fromstring(index.place(acme).read_text(encoding="utf-8"))


def rows(tree):
    """The cells of each report's row, their text as it reads."""
    return [[" ".join(cell.text_content().split()) for cell in row] for row in tree.xpath("//tbody/tr")]


def test_the_latest_period_stands_first_whatever_its_folder_is_called(acme):
    for period in ("2024-W45", "2024-10", "2024-12", "2024", "2023-12-30..2024-12-30"):
        put(acme, period)
    (project.output() / acme.slug / "notes").mkdir()
    assert shown(acme).xpath("//h2/@id") == ["p2024-12", "p2024", "p2023-12-30..2024-12-30", "p2024-W45", "p2024-10"]


def test_the_reports_of_a_period_stand_in_the_order_of_reading(acme):
    for report in ("market", "own", "summary", "review", "pack"):
        put(acme, report=report)
    assert [row[0] for row in rows(shown(acme))] == ["报告合集", "执行摘要", "月度运营报告", "市场与竞品分析", "own"]


def test_files_are_linked_relatively_with_their_sizes(acme):
    put(acme, locales=("zh", "en"), endings=("pdf", "html", "xlsx"))
    tree = shown(acme)
    assert tree.xpath("//tbody//a/@href") == [
        f"2024-11/market.{locale}.{end}" for locale in ("zh", "en") for end in ("html", "pdf", "xlsx")
    ]
    assert rows(tree)[0][3] == "HTML 1 KB PDF 1 KB Excel 1 KB"


@pytest.mark.parametrize(("size", "text"), [(0, "1 KB"), (1500, "2 KB"), (999_499, "999 KB"), (999_500, "1.0 MB"),
                                            (12_340_000, "12.3 MB")])  # fmt: skip
def test_a_size_has_at_most_three_digits_and_a_unit(size, text):
    assert index.written(size) == text


def test_pictures_are_one_link_to_their_folder(acme):
    put(acme, report="pack", endings=("pdf", "pptx"), more=("exhibits/zh/market.a.png", "exhibits/zh/market.b.png"))
    tree = shown(acme)
    assert tree.xpath("//tbody//a/@href")[-1] == "2024-11/exhibits/zh/"
    assert rows(tree)[0][3].endswith("图片（2张）")


def test_names_from_outside_are_escaped_and_encoded(acme):
    put(acme, report="a<b>&#%市")
    tree = shown(acme)
    assert rows(tree)[0][0] == "a<b>&#%市"
    (html, _) = tree.xpath("//tbody//a/@href")
    assert (project.output() / acme.slug / unquote(html)).is_file()
    assert html.isascii() and not set(html) & set("<>&#")


def test_the_page_fetches_nothing_and_runs_nothing(acme):
    put(acme)
    source = lxml.html.tostring(shown(acme), encoding="unicode")
    assert "<script" not in source and "//" not in source.split("</style>")[1]
    assert "default-src 'none'" in source


def test_findings_are_counted_the_weightiest_first(acme):
    put(acme)
    assert rows(shown(acme))[0][2] == "高 2低 4"


@pytest.mark.parametrize(("sorts", "text"), [
    ({"new": 2, "resolved": 1, "changed": 0, "restated": 3}, "较2024年10月：新增2项、不再出现1项、更正上期数3项"),
    ({"new": 0, "resolved": 0, "changed": 0, "restated": 0}, "较2024年10月没有新变化"),
])  # fmt: skip
def test_what_has_changed_is_one_line(acme, sorts, text):
    put(acme, said={"findings": {}, "since": {"before": MONTH, **sorts}})
    assert rows(shown(acme))[0][0] == f"市场与竞品分析{text}"


def test_a_record_of_before_these_counts_were_kept_is_shown_without_them(acme):
    put(acme, said=None)
    assert rows(shown(acme))[0][:3] == ["市场与竞品分析", "草稿", ""]


def test_the_pack_is_a_draft_as_long_as_a_report_in_it_is_one(acme):
    for report in ("market", "pack"):
        put(acme, report=report, endings=("pdf",))
    assert [row[1] for row in rows(shown(acme))] == ["草稿", "草稿"]
    approve(acme, {"zh": "a"})
    assert [row[1] for row in rows(shown(acme))] == ["", "已审批，V1李敏，2024-12-05 10:30"]


def approve(acme, contents, by="李敏"):
    approvals.add(acme, Period.parse("2024-11"), by, "2024-12-05 10:30", {"market": contents}, {})


@pytest.mark.parametrize(("approved", "text"), [
    ({"zh": "a", "en": "a"}, "已审批，V1李敏，2024-12-05 10:30"),
    ({"zh": "b", "en": "b"}, "审批后有改动V1由李敏于2024-12-05 10:30审批"),
    ({"zh": "a"}, "已审批，V1（中文）李敏，2024-12-05 10:30草稿（英文）"),
    ({}, "草稿"),
])  # fmt: skip
def test_a_report_is_approved_in_each_language_or_a_draft(acme, approved, text):
    put(acme, locales=("zh", "en"))
    if approved:
        approve(acme, approved)
    assert rows(shown(acme))[0][1] == text


def test_what_was_delivered_is_told_below_the_period(acme):
    folder = put(acme)
    for kind, at in (("mail", "09:00"), ("share", "09:05")):
        approvals.append_delivery(acme, Period.parse("2024-11"), approvals.Delivery(kind, 1, f"2024-12-06 {at}"))
    assert "V1已写邮件草稿，2024-12-06 09:00" in shown(acme).text_content()
    assert shown(acme).xpath("//main/p/a") == []
    (folder / "share").mkdir()
    (link,) = shown(acme).xpath("//main/p/a")
    assert (link.get("href"), link.text) == ("2024-11/share/", "V1已备好转发文件，2024-12-06 09:05")


def test_a_report_whose_last_run_failed_says_so_above_its_old_files(acme):
    folder = put(acme)
    committing.note_failure(folder, "market", KitError(problem("e.run.timeout", file="x", log="y")))
    (folder / "review.failed.ipynb").write_bytes(b"{}")  # run by itself, outside of a build of many
    review, market = rows(shown(acme))
    assert (review[:2], review[3]) == (["月度运营报告", "上次生成失败"], "")
    assert (market[1], market[3]) == ("上次生成失败文件是此前生成的", "HTML 1 KB PDF 1 KB")


def test_a_file_that_is_gone_is_not_linked_and_said_to_be_missing(acme):
    (put(acme) / "market.zh.pdf").unlink()
    row = rows(shown(acme))[0]
    assert (row[1], row[3]) == ("文件不全请重新生成", "HTML 1 KB")


def test_it_is_written_only_when_its_bytes_change(acme):
    put(acme)
    shown(acme)
    path = index.place(acme)
    os.utime(path, ns=(1, 1))
    shown(acme)
    assert path.stat().st_mtime_ns == 1
    put(acme, "2024-12")
    shown(acme)
    assert path.stat().st_mtime_ns > 1
    assert not path.with_name(".index.html").exists()


def test_without_anything_built_there_is_no_page(acme):
    index.write(acme)
    assert not index.place(acme).exists()
    folder = put(acme)
    shown(acme)
    committing.withdraw(folder, "market")
    index.write(acme)
    assert not index.place(acme).exists()


def test_it_is_in_the_clients_language_and_colours(tmp_path, monkeypatch):
    acme = project_of(tmp_path, monkeypatch, {"logo.svg": "<svg/>"}, locale="en")
    folder = put(acme, locales=("zh", "en"))
    tree = shown(acme)
    assert (tree.get("lang"), rows(tree)[0][:2]) == ("en-GB", ["Market and competitors", "Draft"])
    brand = Brand(primary="#0a5c36", logo=b"<svg/>", logo_file="logo.svg", logo_media="image/svg+xml", logo_alt="Leaf")
    for path in folder.glob("*.record.json"):
        look = {name: value for name, value in brand.plain().items() if name != "logo"}
        path.write_bytes(
            committing.as_json({**json.loads(path.read_bytes()), "look": look, "reads": {"logo": "logo.svg"}})
        )
    committing.write_manifest(folder)
    tree = shown(acme)
    assert "--primary:#0a5c36" in tree.find("body").get("style")
    assert tree.xpath("//img/@*") == [f"data:image/svg+xml;base64,{base64.b64encode(b'<svg/>').decode()}", "Leaf"]
