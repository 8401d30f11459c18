"""Wording rules: what a rule catches, and what it must let stand."""

import pytest

from kit.faults import RULES, faults

BROKEN = {
    "zh": {
        "superlative": ["本店在类目中销量最高", "全网销冠", "支付金额第一"],
        "certainty": ["数据证明改版有效", "下月必然回升", "有{lvl}的概率胜出"],
        "no_effect": ["新主图没有效果"],
        "causal": ["由于竞品降价，本店成交减少", "得益于直播，访客增加"],
        "untested": ["转化率明显上升", "差距接近显著"],
        "adjective": ["成交大幅增加", "成交额略有下降", "访客断崖下降"],
        "multiple": ["成交增长了{x}倍", "投产比1：{x}", "销量翻番"],
        "buzzword": ["打法已经沉淀"],
        "term": ["AOV为{x}", "转化上升"],
        "person": ["我方份额{share}"],
        "blame": ["配合不到位，已逾期"],
        "gap": ["暂无数据"],
        "rounding": ["因四舍五入，合计略过"],
        "officialese": ["对页面进行改版"],
        "space": ["份额 {share}，较{base}多{chg}", "份额{share} 较高"],
        "punctuation": ["份额{share},较{base}多{chg}", "份额(按金额)为{share}"],
        "stop": ["份额为{share}。"],
        "percent": ["份额{share}中有{x} %"],
        "digits": ["份额12%", "共3款"],
    },
    "en": {
        "superlative": ["The best shop in the field", "The leading brand", "the only brand that grew"],
        "certainty": ["This proves the redesign", "Sales will rise next month"],
        "no_effect": ["The image had no effect"],
        "causal": ["Down {chg} due to rival prices", "Live shows drove sales"],
        "untested": ["A significant rise of {chg}", "Notably up"],
        "adjective": ["Sales rose sharply", "Sales plunged by {chg}"],
        "multiple": ["A threefold rise", "{x} times more buyers"],
        "buzzword": ["Leverage the ecosystem"],
        "term": ["AOV was {x}"],
        "person": ["The client holds {share}"],
        "blame": ["The brand failed to deliver"],
        "gap": ["Share: N/A"],
        "rounding": ["Differs by rounding"],
        "space": ["Share was {share} , up {chg}"],
        "punctuation": ["Share was {share}，up {chg}"],
        "stop": ["Share was {share}."],
        "percent": ["Share was {share} %"],
        "digits": ["Share was 12%", "3 items"],
    },
}
SOUND = {
    "zh": [
        "{period}{category}成交{size}，较{base}增长{chg}",
        "最近三期，差评最多{n}条；第一步先小批试款",
        "按支付金额排第{rank}位（共{n}个品牌，{src}）",
        "成交为去年同期的{x}倍",
        "双11预售期转化率不单独比较；策略见后文，保证金另计",
        "只测得出{mde}以上的差异（最小可测差异），A/B测试进行中",
        "平台边跑边把流量给领先者，只作描述",
        "前四名份额之和（CR4）为{cr}",
    ],
    "en": [
        "{category} sold {size} in {period}, up {chg} on {base}",
        "Only {n} comparable ordinary windows ({min} needed): too little data to judge the gain",
        "{rank} of {n} brands by paid amount ({src})",
        "“{action}” was due {due}, {n} days ago",
        "The split is slightly off, verdict to be checked; best-sellers and unique visitors as exported",
        "Double 11 presale, A/B tests and CR4 are names",
    ],
}


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_rule_has_an_example_that_it_catches(locale):
    assert set(BROKEN[locale]) == {*RULES[locale], "percent", "digits"}


@pytest.mark.parametrize(
    ("locale", "reason", "sentence"),
    [(loc, r, s) for loc, rules in BROKEN.items() for r, ss in rules.items() for s in ss],
)
def test_a_rule_catches(locale, reason, sentence):
    assert reason in faults(sentence, locale)


@pytest.mark.parametrize(("locale", "sentence"), [(loc, s) for loc, ss in SOUND.items() for s in ss])
def test_what_may_be_said_has_no_fault(locale, sentence):
    assert faults(sentence, locale) == []


def test_only_a_clear_verdict_may_be_called_so():
    assert faults("{v}版差异显著", "zh") == ["untested"]
    assert faults("{v}版差异显著", "zh", clear=True) == []


def test_names_from_data_are_not_judged():
    assert faults("3M与“第一波”降价{cut}", "zh") == ["digits"]
    assert faults("3M与“第一波”降价{cut}", "zh", names=["3M"]) == []
