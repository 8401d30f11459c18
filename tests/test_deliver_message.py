"""What is said when reports are handed over: figures, findings and decisions of the report, never more."""

import re

import pytest
from handing import KPIS, acme, approve, figure, finding, report
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit import catalogue
from kit.deliver import leaving, message
from kit.text import Words

ZH, EN = Words("zh", "CNY"), Words("en", "CNY")


@pytest.fixture
def made(tmp_path, monkeypatch):
    client = acme(tmp_path, monkeypatch)

    def leave(*reports, locale="zh"):
        approve(client, *(reports or [report()]))
        return leaving.approved(client, "2024-11", locale)

    return leave


def test_three_figures_are_told_goal_first_each_with_its_change():
    assert message.figures(report(), ZH) == [
        "目标达成率为92.9%（低于目标￥87.5万）",
        "GSV（初步数）为￥989万（日均环比+43.5%）",
        "费比为7.3%",
    ]
    assert message.figures(report(), EN)[0] == "目标达成率: 92.9% (¥875k 低于目标)"
    assert message.figures(report(), EN, changes=False)[0] == "目标达成率: 92.9%"


def test_a_figure_without_a_value_is_not_told():
    kpis = (
        figure("market.a", "大盘", None, "money"),
        figure("market.b", "份额", 0.053, "ratio", ("较上期", None, "points")),
    )
    assert message.figures(report("market", kpis), ZH) == ["份额为5.3%"]


def test_findings_stand_as_the_consultant_left_them():
    assert message.findings(report(), ZH) == ["置顶的一句", "支付金额低于目标", "转化率回落"]


def test_decisions_are_the_brands_alone_and_none_that_is_hidden():
    assert message.decisions(report(), ZH) == ["确认预算", "定备货数"]


def test_what_was_agreed_is_asked_of_the_brand_before_what_is_proposed():
    agreed = [
        {"action": {"zh": text, "en": text}, "side": side} for text, side in (("定价", "brand"), ("上新", "agency"))
    ]
    made = report(findings=[*report()["findings"], {**finding("market.a", "份额回落"), "agreed": agreed}])
    assert message.decisions(made, ZH) == ["定价", "确认预算", "定备货数"]


def test_the_text_for_a_chat_has_three_figures_and_two_decisions(made):
    assert message.chat(made()) == (
        "【甲木茶】2024年11月执行摘要（V1）已完成\n"
        "三个数：目标达成率为92.9%（低于目标￥87.5万）；GSV（初步数）为￥989万（日均环比+43.5%）；费比为7.3%\n"
        "请您定两件事：①确认预算；②定备货数"
    )
    assert message.chat(made(locale="en")).splitlines()[0] == "Jiamu Tea: Executive summary, Nov 2024 (V1)"


def test_several_reports_are_called_by_their_kind_of_period(made):
    assert message.chat(made(report(), report("review"))).startswith("【甲木茶】2024年11月月度报告（V1）已完成")


def test_a_report_by_itself_speaks_for_itself(made):
    kpis = (figure("market.a", "类目成交金额", 5.99e8, "money", ("同比", 0.091, "growth")),)
    alone = report("market", kpis, (finding("market.x", "份额增加"),))
    assert message.chat(made(alone)) == (
        "【甲木茶】2024年11月市场与竞品分析（V1）已完成\n关键数：类目成交金额为￥5.99亿（同比+9.1%）\n本期没有需要品牌决定的事项"
    )


def test_a_report_without_figures_tells_none(made):
    assert message.chat(made(report("market", (), ()))).splitlines()[1:] == ["本期没有需要品牌决定的事项"]


def asks(*texts):
    return tuple(finding(f"summary.ask.{n}", "x", "info", action=text, side="brand") for n, text in enumerate(texts))


@pytest.mark.parametrize(
    ("texts", "end"),
    [
        (["甲"], "请您定一件事：甲"),
        (["甲", "乙", "丙"], "请您先定两件事：①甲；②乙（另有1件见报告）"),
        (["甲" * 150, "乙" * 100], "请您先定：" + "甲" * 150 + "（另有1件见报告）"),
        (["甲" * 290, "乙"], "有2件事请您定，见报告"),
    ],
)
def test_what_does_not_fit_is_left_out_whole_and_counted(made, texts, end):
    text = message.chat(made(report(findings=asks(*texts))))
    assert text.endswith(end) and len(text) <= message.LONGEST


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(min_size=1, max_size=320), max_size=4), st.lists(st.text(min_size=1, max_size=200), max_size=4))
def test_no_report_makes_a_text_that_is_too_long(monkeypatch, labels, texts):
    kpis = [figure(f"a.k{n}", label, 5.0, "count") for n, label in enumerate(labels)]
    one = report("summary", kpis, asks(*texts))
    monkeypatch.setattr(
        message, "facts", lambda made, words: {"brand": "甲", "period": "2024年11月", "report": "报告", "version": "V1"}
    )
    made = type("Made", (), {"leading": lambda self: one, "words": ZH, "version": 1})()
    assert 0 < len(message.chat(made)) <= message.LONGEST


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_no_message_of_ours_holds_a_link(locale):
    entries = catalogue.keyed(catalogue.FOLDER, locale)[0]
    ours = [form for key, forms in entries.items() if key.startswith(("w.", "d.none")) for form in forms]
    assert len(ours) > 15 and not [text for text in ours if re.search(r"://|www\.|@|\.(?:com|cn)", text)]


LONG = finding("summary.z", "长" * 60, pinned=True)
LEAD = "【甲木茶】2024年11月执行摘要（V1）"


@pytest.mark.parametrize(
    ("kpis", "findings", "subject"),
    [
        (KPIS, (finding("summary.b", "支付金额低于目标"), LONG | {"shown": None}), f"{LEAD}：支付金额低于目标"),
        (KPIS, (LONG, finding("summary.b", "一件短的好事")), f"{LEAD}：目标达成率为92.9%（低于目标￥87.5万）"),
        ((), (LONG, finding("summary.b", "一件短的好事")), LEAD),
        ((), (), LEAD),
    ],
)
def test_the_subject_says_what_comes_first_and_cuts_or_chooses_nothing(made, kpis, findings, subject):
    assert message.subject(made(report("summary", kpis, findings)), ZH) == subject


def test_a_later_version_says_that_it_replaces_the_one_before_and_what_it_corrects(made):
    made(report())
    later = (KPIS[0] | {"value": 11500000.0}, *KPIS[1:])
    second = made(report(kpis=later))
    assert message.chat(second).startswith("【甲木茶】2024年11月执行摘要更正版（V2）已完成，请以此版为准")
    assert "更正：支付金额应为￥1,150万，原写￥1,141万" in message.corrected(second, ZH)
    assert message.corrected(made(report(kpis=later)), ZH) == message.corrected(second, ZH)
