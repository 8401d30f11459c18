"""Which wording rules a sentence breaks: run over our own catalogues in tests, and over every edit.

Rules are patterns under a reason. They catch words, not meanings: what they let pass is not thereby good. The
lists follow the trade's rules for advertising claims (广告法 art. 9(3)), for causal words without a causal
design, for blame, and for numbers that are typed instead of looked up.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

PLACEHOLDER = re.compile(r"{\w*}")
HAN = "\u4e00-\u9fff"

NAMES_WITH_DIGITS = re.compile(
    r"(?<![A-Za-z0-9])(?:双1[12]|38节|99大促|618|Double 1[12]|CR(?:4|10)|UTF-8|GB18030|SHA-256)(?![A-Za-z0-9])"
)
"""Names, not figures: they may be typed."""

RULES: dict[str, dict[str, str]] = {
    "zh": {
        "superlative": r"最(?!近|后|终|多|少|小可测差异)|第一(?!步|季度|波|周|天|行|列|次)|唯一|首个|首选"
        r"|冠军|顶级|极致|领先(?!者)|国家级|绝对(?!值|路径|差)|全网|史上|万能",
        "certainty": r"证明|证实|确保|保证(?!金)|必然|势必|一定|稳中向好|向好趋势|仅供参考|有.{0,8}的概率",
        "no_effect": r"没有影响|(?<!不是)没有?效果",
        "causal": r"导致|由于|因为|得益于|带动",
        "untested": r"显著|明显",
        "adjective": r"大幅|小幅|(?<![策忽省战概侵])略(?!偏|过|称)|暴涨|飙升|井喷|断崖|腰斩|雪崩|碾压|收割",
        "multiple": r"(?:增长|减少|增加|上涨|下降|下跌|提升|提高)了?[^，。；、]{0,6}倍|翻番|翻了?.?[倍番]"
        r"|(?:ROI|投产比?).{0,3}1[:：]",
        "buzzword": r"赋能|抓手|闭环|打法|心智|颗粒度|组合拳|沉淀",
        "term": r"AOV|转化(?!率)|流水(?![号线])",
        "person": r"我方|贵司|贵方|贵公司|甲方|乙方",
        "blame": r"失误|不力|没做好|没有做好|配合不到位|不配合",
        "gap": r"暂无|N/A",
        "rounding": r"四舍五入",
        "officialese": r"进行(?!中)|予以|基于",
        "space": rf"[{HAN}，。；：、！？）】”] +[^\s·]|[^\s·] +[{HAN}，。；：、！？（【“]",
        "punctuation": rf"[{HAN}}}][,;:!?]|[,;:!?][{HAN}]|[{HAN}][()\"']|[()\"'][{HAN}]|[{HAN}]\.(?![\w.])",
        "stop": r"[。.]$",
    },
    "en": {
        "superlative": r"\bbest\b(?![- ]sell)|\bNo\. ?(?:1|one)\b|\bnumber one\b|\bleading\b|\bthe only\b"
        r"|\bfirst ever\b|\bunique\b(?! (?:visitor|buyer))|\bunrivall?ed\b|\bunbeatable\b",
        "certainty": r"\bprov(?:e[sdn]?|ing|en)\b|\bguarante\w+|\bensur\w+|\bwith caution\b"
        r"|(?:chance|probability) that\b|\bwill (?:rise|fall|grow|increase|decrease|improve|win|reach|sell)\b"
        r"|\bwill (?:earn|bring|beat|lift|raise|add)\b",
        "no_effect": r"\bno effect\b",
        "causal": r"\bdue to\b|\bbecause of\b|\bthanks to\b|\bdrove\b|\bdriven by\b|\bled to\b|\bcaused\b",
        "untested": r"\bsignifican\w+|\bnotabl[ey]\b|\bclear(?:ly)? (?:better|worse|difference)\b",
        "adjective": r"\bsharp(?:ly)?\b|\bslight(?:ly)?\b(?! off)|\bdramatic\w*|\bmassive\w*"
        r"|\bhuge\w*"
        r"|\bsoar\w*|\bsurg(?:e|ed|es|ing)\b"
        r"|\bskyrocket\w*|\bplung\w+|\bcollaps\w+|\bcrush\w*|\bplummet\w*",
        "multiple": r"\w*-?fold\b|\btimes more\b|\bdouble-digit\b|\b1:\d",
        "buzzword": r"\bleverag\w+|\bsynerg\w+|\bempower\w*|\becosystem\w*|\blearnings\b",
        "term": r"\bAOV\b",
        "person": r"\b(?:the|your|our) client\b",
        "blame": r"\bfailed to\b|\bshould have\b",
        "gap": r"\bN/A\b",
        "rounding": r"\brounding\b",
        "space": r"  +|\s[,;:!?](?!\w)",
        "punctuation": rf"[，。；：、！？（）【】]|[{HAN}]",
        "stop": r"\.$",
    },
}


@functools.cache
def _compiled(locale: str) -> dict[str, re.Pattern[str]]:
    """The rules of a language; compiled when first asked for, since most commands word nothing."""
    return {reason: re.compile(pattern, re.IGNORECASE) for reason, pattern in RULES[locale].items()}


def faults(sentence: str, locale: str, *, clear: bool = False, names: Iterable[str] = ()) -> list[str]:
    """The reasons why ``sentence`` may not be printed, as slugs in a fixed order; empty when it may.

    ``{placeholders}`` stand for figures and are not judged. ``clear`` says that the finding's verdict is a
    clear difference, which alone allows 显著 / "significant". ``names`` are brands, items and the like, which
    may contain digits or anything else. Further reasons than those of ``RULES``: ``digits`` (a number is
    typed) and ``percent`` (a space before %).
    """
    text = sentence.strip()
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "{}")
    text = PLACEHOLDER.sub("{}", text)
    broken = [reason for reason, rule in _compiled(locale).items() if rule.search(text)]
    if clear and "untested" in broken:
        broken.remove("untested")
    if re.search(r"\s%", text):
        broken.append("percent")
    if re.search(r"\d", NAMES_WITH_DIGITS.sub("", text)):
        broken.append("digits")
    return broken
