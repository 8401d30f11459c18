"""The mail draft, parsed back as a mail program reads it."""

import email
import email.policy
import hashlib
import io
import json
import re
from html.parser import HTMLParser

import pytest
from handing import PERIOD, acme, approve, build, finding, report
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from kit import approvals, stale
from kit.deliver import inline, leaving, mail, pack, share
from kit.errors import KitError, problem
from kit.text import Words

DELIVERY = {
    "to": ["陈经理 <chen@jiamu.com>", "brand@jiamu.com"],
    "cc": ["Zhang, Wei <zhang@jiamu.com>"],
    "sender": "漫川 <report@manchuan.com>",
}


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setattr(share, "now", lambda: "2024-12-06 09:30")
    return acme(tmp_path, monkeypatch, delivery=DELIVERY)


def draft(client, locale="zh", reports=()):
    (done,) = mail.write(client, "", [locale], reports)
    return done


def parsed(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def written(client, locale="zh"):
    return parsed(draft(client, locale).file.read_bytes())


def bodies(message):
    return [message.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html")]


def test_the_draft_is_unsent_and_addressed_from_client_toml_alone(client):
    approve(client, report())
    found = written(client)
    assert not found.defects and not [part.defects for part in found.walk() if part.defects]
    assert {name: found[name] for name in ("X-Unsent", "To", "Cc", "From", "Subject")} == {
        "X-Unsent": "1",
        "To": "陈经理 <chen@jiamu.com>, brand@jiamu.com",
        "Cc": '"Zhang, Wei" <zhang@jiamu.com>',
        "From": "漫川 <report@manchuan.com>",
        "Subject": "【甲木茶】2024年11月执行摘要（V1）：置顶的一句",
    }
    assert found["Date"] is None and found["Message-ID"] is None and found["Bcc"] is None


def test_the_text_says_figures_findings_decisions_and_what_is_attached(client):
    approve(client, report())
    plain, page = bodies(written(client))
    assert plain.split("\n\n") == [
        "陈经理，您好！",
        "2024年11月执行摘要已完成，全文见附件",
        "目标达成率为92.9%（低于目标￥87.5万）\nGSV（初步数）为￥989万（日均环比+43.5%）\n费比为7.3%",
        "要点\n1. 置顶的一句\n2. 支付金额低于目标\n3. 转化率回落",
        "请您决定\n1. 确认预算\n2. 定备货数",
        "附件\n1. 甲木茶_2024年11月_执行摘要_V1.pdf",
        "漫川电商\n",
    ]
    said = re.sub(r"\s+", "", re.sub("<[^>]+>", "", page.partition("<body")[2]))
    assert all(re.sub(r"\s|\d\. ", "", line) in said for line in plain.splitlines()[:-4])


@pytest.mark.parametrize(("language", "hello"), [(None, "Hello 陈经理,"), ("zh", "陈经理，您好！")])
def test_the_mail_may_be_in_another_language_than_the_reports(client, language, hello):
    approve(client, report())
    one = client.model_copy(update={"delivery": client.delivery.model_copy(update={"language": language})})
    found = written(one, locale="en")
    plain, page = bodies(found)
    assert plain.startswith(hello) and f'<html lang="{"zh-CN" if language else "en-GB"}">' in page
    assert [part.get_filename() for part in found.iter_attachments()] == ["Jiamu_Tea_2024-11_Executive_summary_V1.pdf"]


def test_a_mail_says_nothing_in_a_language_in_which_nobody_approved_it(client):
    approve(client, report(), locales=("zh",))
    one = client.model_copy(update={"delivery": client.delivery.model_copy(update={"language": "en"})})
    with pytest.raises(KitError, match=r"e\.deliver\.unbuilt.*'locale': 'en'"):
        draft(one)
    build(client, report(), locales=("en",))
    with pytest.raises(KitError, match=r"e\.deliver\.unapproved"):
        draft(one)
    assert not list(stale.folder_of(client, PERIOD).glob("*.eml"))


def test_the_papers_are_attached_whole_under_their_names(client):
    approve(client, report(), report("review"))
    found = list(written(client).iter_attachments())
    folder = stale.folder_of(client, PERIOD)
    assert [part.get_filename() for part in found] == [
        "甲木茶_2024年11月_执行摘要_V1.pdf",
        "甲木茶_2024年11月_月度运营报告_V1.pdf",
    ]
    assert [part.get_content_type() for part in found] == ["application/pdf"] * 2
    assert found[1].get_content() == (folder / "review.zh.pdf").read_bytes()


def test_a_draft_with_the_pack_or_some_reports_takes_the_place_of_no_draft_with_all(client, monkeypatch):
    approve(client, report(), report("review"), report("market"))
    monkeypatch.setattr(leaving, "pack_stands", lambda made: True)
    folder = stale.folder_of(client, PERIOD)
    (folder / "pack.zh.pdf").write_bytes(paper := (folder / "review.zh.pdf").read_bytes())
    facts = {"run": {}, "page": {}, "reads": {}, "files": {"pack.zh.pdf": hashlib.sha256(paper).hexdigest()}}
    (folder / "pack.zh.record.json").write_text(json.dumps(facts))
    files = [draft(client, reports=reports).file.name for reports in ((), ("pack",), ("market", "review"))]
    titles = ["月度报告", "报告合集", "月度运营报告、市场与竞品分析"]
    assert files == [f"甲木茶_2024年11月_{title}_V1.eml" for title in titles]


def test_a_name_is_written_as_new_and_as_old_programs_read_it(client):
    approve(client, report())
    raw = draft(client).file.read_bytes().decode("ascii")  # nothing that a server might break
    (part,) = re.findall(r"Content-Type: application/pdf;\r\n name=\"(.+?)\"\r\n", raw, flags=re.DOTALL)
    assert (
        "".join(t for t, _ in [(b.decode(c), c) for b, c in email.header.decode_header(part)])
        == "甲木茶_2024年11月_执行摘要_V1.pdf"
    )
    assert "filename*=utf-8''%E7%94%B2%E6%9C%A8%E8%8C%B6_2024" in raw and "filename*0" not in raw
    assert max(map(len, raw.split("\r\n"))) <= 998 and not re.search(r"(?<!\r)\n", raw)


def test_the_same_version_is_the_same_bytes(client):
    approve(client, report())
    first = draft(client).file.read_bytes()
    assert draft(client).file.read_bytes() == first


HOSTILE = '<script>alert("1")</script> & "x"\r\nBcc: evil'


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)


def test_every_text_is_text(tmp_path, monkeypatch):
    client = acme(tmp_path, monkeypatch, name=HOSTILE, agency="<b>A</b>", delivery={"to": ["a@b.com"]})
    approve(client, report(findings=(finding("summary.a", HOSTILE, action=HOSTILE, side="brand"),)))
    found = written(client)
    page = bodies(found)[1]
    assert "script" not in Tags(page).found and "b" not in Tags(page).found and "&lt;script&gt;" in page
    assert found["Bcc"] is None and "Bcc: evil" in found["Subject"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=120), st.text(min_size=1, max_size=60).filter(str.strip))
def test_no_text_begins_another_field(subject, name):
    from email.message import EmailMessage

    made = EmailMessage(policy=mail.POLICY)
    made["Subject"] = mail.one_line(subject)
    made["X-Unsent"] = "1"
    made.set_content("a")
    named = leaving.safe_name(name, "2024-11", name, "V1", "pdf")
    made.add_attachment(b"a", "application", "pdf", filename="a.pdf")
    mail._named(next(made.iter_attachments()), named)
    found = parsed(made.as_bytes())
    assert set(found.keys()) == {"Subject", "X-Unsent", "MIME-Version", "Content-Type"}
    assert next(found.iter_attachments()).get_filename() == named


def test_nobody_to_write_to_is_told(tmp_path, monkeypatch):
    client = acme(tmp_path, monkeypatch)
    approve(client, report())
    with pytest.raises(KitError, match=r"e\.deliver\.to.*data/acme/client\.toml"):
        draft(client)


@pytest.mark.parametrize(("to", "told"), [
    ("wang@yihe.com", "wang@yihe.com"),
    ("小王 <WANG@YIHE.com>", "WANG@YIHE.com"),
    ("li@yihe.com", "li@yihe.com"),
    ("someone@qq.com", ""),
    ("other@qq.com", "other@qq.com"),
    ("boss@manchuan.com", ""),
])  # fmt: skip
def test_a_recipient_of_another_client_is_pointed_out(tmp_path, monkeypatch, to, told):
    delivery = {"to": [to], "cc": ["a@jiamu.com"], "sender": "report@manchuan.com"}
    one = acme(tmp_path, monkeypatch, delivery=delivery)
    other = tmp_path / "data" / "yihe"
    other.mkdir()
    settings = 'to = ["王 <wang@yihe.com>", "other@qq.com"]\ncc = ["boss@manchuan.com"]\n'
    (other / "client.toml").write_text(f"[delivery]\n{settings}", encoding="utf-8")
    approve(one, report())
    assert [p.args["address"] for p in draft(one).told if p.id == "e.deliver.addressed"] == [told] * bool(told)


def test_a_draft_of_a_report_is_no_mail(client):
    build(client, report())
    with pytest.raises(KitError, match=r"e\.deliver\.unapproved"):
        draft(client)


def test_a_second_draft_of_a_version_says_when_the_first_was_made(client, monkeypatch):
    approve(client, report())
    assert draft(client).before == ""
    monkeypatch.setattr(share, "now", lambda: "2024-12-07 10:00")
    assert draft(client).before == "2024-12-06 09:30"
    approve(client, report(findings=()))
    done = draft(client)
    assert (done.version, done.before) == (2, "")
    assert [path.name for path in done.file.parent.glob("*.eml")] == [done.file.name], "not beside the one before"
    assert [d.version for d in approvals.deliveries(client, PERIOD)] == [1, 1, 2]


def test_a_draft_of_other_reports_or_in_another_language_is_the_first(client):
    approve(client, report(), report("review"))
    assert draft(client, reports=("review",)).before == ""
    assert draft(client, reports=("summary",)).before == "" and draft(client, "en", ("review",)).before == ""
    assert draft(client).before != "", "all of them bring the review again"


def test_a_corrected_version_says_what_it_corrects_first(client):
    approve(client, report())
    approve(client, report(findings=(finding("summary.b", "支付金额低于目标", "high"),)))
    plain = bodies(written(client))[0].split("\n\n")
    assert plain[1] == "2024年11月执行摘要更正版（V2）已发，请以此版为准"
    assert plain[3].startswith("更正\n1. 本版取代V1")


def test_another_clients_word_in_a_finding_writes_no_mail(client, tmp_path):
    other = tmp_path / "data" / "yihe"
    other.mkdir()
    (other / "client.toml").write_text('name = "乙禾护肤"', encoding="utf-8")
    approve(client, report(findings=(finding("summary.a", "乙禾护肤降价"),)))
    with pytest.raises(KitError, match=r"e\.deliver\.foreign.*乙禾护肤"):
        draft(client)
    assert not list(stale.folder_of(client, PERIOD).glob("*.eml")) and approvals.deliveries(client, PERIOD) == ()


def test_a_folder_that_cannot_be_written_is_told(client, monkeypatch):
    approve(client, report())

    def refused(path, content):
        raise PermissionError

    monkeypatch.setattr(mail.committing, "replace", refused)
    with pytest.raises(KitError, match=r"e\.deliver\.write.*output/acme/2024-11"):
        draft(client)


def large(client, limit):
    return client.model_copy(update={"delivery": client.delivery.model_copy(update={"limit_mb": limit})})


def test_a_mail_that_is_too_large_names_its_files_and_the_ways_out(client):
    approve(client, report(), report("review"), size=400_000)
    with pytest.raises(KitError, match=r"e\.deliver\.large") as error:
        draft(large(client, 1))
    (fault,) = error.value.problems
    assert fault.args["files"] == [
        "甲木茶_2024年11月_执行摘要_V1.pdf (0.4 MB)",
        "甲木茶_2024年11月_月度运营报告_V1.pdf (0.4 MB)",
    ]
    assert fault.args["size"] == "1.1"
    assert draft(large(client, 1), reports=("summary",)).file.is_file()


def test_the_pack_is_proposed_where_it_fits(client, monkeypatch):
    approve(client, report(), report("review"), size=400_000)
    (stale.folder_of(client, PERIOD) / "pack.zh.pdf").write_bytes(b"%PDF")
    monkeypatch.setattr(leaving, "pack_stands", lambda made: True)
    monkeypatch.setattr(mail, "pictures", lambda made, locale: [])
    with pytest.raises(KitError, match=r"e\.deliver\.large\.pack"):
        draft(large(client, 1))


def test_the_command_says_where_the_draft_is_and_that_there_was_one_before(client, tmp_path):
    from click.testing import CliRunner

    from kit.cli import main

    settings = 'name = "甲木茶"\nagency = "漫川"\n[shops.tmall]\nplatform = "tmall"\nname = "店"\n[delivery]\nto = ["a@b.com"]\n'
    (tmp_path / "data" / "acme" / "client.toml").write_text(settings, encoding="utf-8")
    approve(client, report(), report("review"))
    done = CliRunner().invoke(main, ["mail", "acme", "--report", "review", "--locale", "zh"])
    assert (done.exit_code, done.stdout) == (
        0,
        "邮件草稿已写好：output/acme/2024-11/甲木茶_2024年11月_月度运营报告_V1.eml。双击打开，看过再发\n",
    )
    again = CliRunner().invoke(main, ["mail", "acme"]).stdout.splitlines()
    assert again[0] == "V1的邮件草稿此前已在2024-12-06 09:30写过一次，别发两遍"


# ---- pictures ----------------------------------------------------------------------------------------------------


def drawing(width=1400, height=700, noise=False):
    image = (
        Image.effect_noise((width, height), 200).convert("RGB")
        if noise
        else Image.new("RGB", (width, height), "#1f5a8a")
    )
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def charted(client, monkeypatch, **drawn):
    """The summary and a market report with a chart for each of ``drawn``, whose pictures the pack has."""
    charts = [finding(f"market.{key}", key, exhibit=f"market.{key}.line") for key in drawn]
    market = report("market", (), (*charts, finding("market.t", "t", exhibit="market.t.table")))
    market["exhibits"] = [{"key": f"market.{key}.line", "form": "line"} for key in drawn]
    market["exhibits"].append({"key": "market.t.table", "form": "table"})
    lines = [finding(f"summary.market.{key}", f"看{key}") for key in ("t", *drawn)]
    approve(client, report(findings=lines), market)
    folder = stale.folder_of(client, PERIOD) / pack.PICTURES / "zh"
    folder.mkdir(parents=True)
    for key, data in drawn.items():
        (folder / f"market.{key}.line.png").write_bytes(data)
    monkeypatch.setattr(leaving, "pack_stands", lambda made: True)


def test_the_charts_behind_the_findings_stand_in_the_page(client, monkeypatch):
    charted(client, monkeypatch, size=drawing(), share=drawing(700), price=drawing())
    found = written(client)
    page = bodies(found)[1]
    related = [part for part in found.walk() if part.get_content_maintype() == "image"]
    assert [part["Content-ID"] for part in related] == [f"<{cid}>" for cid in re.findall('cid:([^"]+)"', page)]
    assert re.findall('alt="([^"]+)" width="([^"]+)"', page) == [("看size", "600"), ("看share", "350")]
    assert all(part.get_content_disposition() == "inline" for part in related)
    assert Image.open(io.BytesIO(related[0].get_content())).size == (1200, 600)


def test_pictures_weigh_less_than_a_hundred_kilobytes_together(client, monkeypatch):
    charted(client, monkeypatch, noisy=drawing(noise=True), plain=drawing())
    made = leaving.approved(client, "", "zh")
    assert [one.alt for one in inline.pictures(made, "zh")] == ["看plain"]
    assert sum(len(one.data) for one in inline.pictures(made, "zh")) < inline.LIMIT


def test_without_a_pack_of_these_reports_there_is_no_picture(client, monkeypatch):
    charted(client, monkeypatch, size=drawing())
    monkeypatch.setattr(leaving, "pack_stands", lambda made: False)
    assert "cid:" not in bodies(written(client))[1]


# ---- messages ----------------------------------------------------------------------------------------------------

FILES = ["a.pdf (9.0 MB)", "b.pdf (8.0 MB)"]
SAID = [
    (
        "e.deliver.unapproved",
        {"client": "acme", "period": "2024-11", "reports": "review"},
        "客户“acme”2024-11还没有可交付的报告，未审批或审批后有改动：review。请先运行make redline CLIENT=acme PERIOD=2024-11看过，再运行make approve CLIENT=acme PERIOD=2024-11 BY=姓名",
        "Nothing of “acme” for 2024-11 can be delivered: not approved, or changed since: review. Run make redline CLIENT=acme PERIOD=2024-11, read it, then make approve CLIENT=acme PERIOD=2024-11 BY=name",
    ),
    (
        "e.deliver.left",
        {"client": "acme", "period": "2024-11", "reports": "review"},
        "提醒：没有放进去的报告（未审批，或审批后有改动）：review。要一起交付，请先审批：make approve CLIENT=acme PERIOD=2024-11 BY=姓名",
        "Note: left out, since not approved or changed since: review. To deliver them as well, approve them first: make approve CLIENT=acme PERIOD=2024-11 BY=name",
    ),
    (
        "e.deliver.unbuilt",
        {"client": "acme", "period": "2024-11", "locale": "en", "reports": "review"},
        "客户“acme”2024-11还没有生成（en）：review。请先运行make report CLIENT=acme PERIOD=2024-11 LOCALE=en",
        "Not built for “acme”, 2024-11 (en): review. Run make report CLIENT=acme PERIOD=2024-11 LOCALE=en first",
    ),
    (
        "e.deliver.behind",
        {"client": "acme", "period": "2024-11", "reports": "review"},
        "提醒：审批之后数据、修改或设置又有变化：review。这次送出的是已审批的版本；要送更新后的，请先运行make report CLIENT=acme PERIOD=2024-11，再审批",
        "Note: data, edits or settings have changed since the approval: review. What was approved is delivered; to deliver what has changed, run make report CLIENT=acme PERIOD=2024-11 first and have it approved",
    ),
    (
        "e.deliver.picture",
        {"client": "acme", "period": "2024-11"},
        "提醒：执行摘要的长图没有生成：审批之后数据、修改、设置或程序有变化，画不出已审批的样子。请先运行make report CLIENT=acme PERIOD=2024-11，再审批",
        "Note: the long picture of the summary is left out: data, edits, settings or the kit have changed since the approval, so it cannot be drawn as approved. Run make report CLIENT=acme PERIOD=2024-11 and have it approved",
    ),
    (
        "e.deliver.pack",
        {"client": "acme", "period": "2024-11"},
        "2024-11的报告合集不在，或不是由现在的报告合成的。请先运行make report CLIENT=acme PERIOD=2024-11，或不写REPORT=pack，只发各份报告",
        "The pack for 2024-11 is not there, or not of the reports as they are now. Run make report CLIENT=acme PERIOD=2024-11 first, or leave out REPORT=pack to send the reports one by one",
    ),
    (
        "e.deliver.to",
        {"file": "data/acme/client.toml"},
        'data/acme/client.toml的[delivery]里没有收件人（to）。请写上，如to = ["name@brand.com"]',
        'data/acme/client.toml names no recipient under [delivery]. Add one: to = ["name@brand.com"]',
    ),
    (
        "e.deliver.addressed",
        {"address": "wang@yihe.com", "client": "yihe"},
        "提醒：收件人wang@yihe.com也收客户“yihe”的报告，或与其收件人同一域名。请核对有没有写错",
        "Note: wang@yihe.com gets the reports of client “yihe”, too, or is at the domain of its recipients. Check that this is the right address",
    ),
    (
        "e.deliver.large",
        {"client": "acme", "size": "23.4", "limit": "20", "files": FILES},
        "邮件共23.4MB，超过上限20MB。附件由大到小：a.pdf (9.0 MB)、b.pdf (8.0 MB)。请用REPORT=只发其中几份，或用make share CLIENT=acme在群里发；对方邮箱收得下更大的，就调高[delivery]的limit_mb",
        "The mail has 23.4 MB, more than the limit of 20 MB. Attached, the largest first: a.pdf (9.0 MB) and b.pdf (8.0 MB). Send fewer with REPORT=, pass the files on with make share CLIENT=acme, or raise limit_mb in [delivery] if the recipients’ server takes more",
    ),
    (
        "e.deliver.large.pack",
        {"client": "acme", "size": "23.4", "limit": "20", "files": FILES},
        "邮件共23.4MB，超过上限20MB。附件由大到小：a.pdf (9.0 MB)、b.pdf (8.0 MB)。请加REPORT=pack，只发合订的报告合集；或用make share CLIENT=acme在群里发；对方邮箱收得下更大的，就调高[delivery]的limit_mb",
        "The mail has 23.4 MB, more than the limit of 20 MB. Attached, the largest first: a.pdf (9.0 MB) and b.pdf (8.0 MB). Send the pack only with REPORT=pack, pass the files on with make share CLIENT=acme, or raise limit_mb in [delivery] if the recipients’ server takes more",
    ),
    (
        "e.deliver.write",
        {"folder": "output/acme/2024-11/share"},
        "output/acme/2024-11/share写不进去。请关闭正在打开的文件，检查文件夹的权限和磁盘空间后再试",
        "output/acme/2024-11/share cannot be written. Close files that are open in it, check rights and disk space, then try again",
    ),
]


@pytest.mark.parametrize(("id", "args", "zh", "en"), SAID, ids=[row[0] for row in SAID])
def test_a_message_says_what_stands_against_it_and_what_next(id, args, zh, en):
    assert (Words("zh").problem(problem(id, **args)), Words("en").problem(problem(id, **args))) == (zh, en)
