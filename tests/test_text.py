"""Wording: which entry is chosen, how its arguments are written, and what the page says around them."""

from types import SimpleNamespace

import pytest

from kit import catalogue
from kit.errors import KitError, Problem, problem
from kit.text import Words, words_here
from kit.wording import first_uses

ZH, EN = Words("zh"), Words("en")

SENTENCES = {
    "m.size.up": (
        "{period}{category}成交{size}，较{base}增长{chg}",
        "{category} sold {size} in {period}, up {chg} on {base}",
    ),
    "m.size.up.times": (
        "{period}{category}成交{size}，为{base}的{chg}倍",
        "{category} sold {size} in {period}, {chg} times {base}",
    ),
    "m.size.down": (
        "{period}{category}成交{size}，较{base}下降{chg}",
        "{category} sold {size} in {period}, down {chg} on {base}",
    ),
    "m.size.flat": (
        "{period}{category}成交{size}，与{base}持平",
        "{category} sold {size} in {period}, level with {base}",
    ),
    "m.conc.up.low": (
        "前{k}个品牌合占{cr}，升{chg}，集中度偏低",
        "The top {k} brands hold {cr}, up {chg}: low concentration",
    ),
    "m.conc.up.high": (
        "前{k}个品牌合占{cr}，升{chg}，集中度偏高",
        "The top {k} brands hold {cr}, up {chg}: high concentration",
    ),
    "m.white": ("{band}在售{n}款", ("{band}: {n} listing on sale", "{band}: {n} listings on sale")),
    "m.white.zero": ("{band}尚无在售", "{band}: none on sale"),
    "x.sign": ("{own_s}，{own}，{value}，{lo_s}至{hi_s}", "{own_s}, {own}, {value}, {lo_s} to {hi_s}"),
    "x.list": ("{brands}调价", "{brands} changed prices"),
}


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """Words over a small catalogue of the guide's sentences, by language."""
    folder = tmp_path_factory.mktemp("locale")
    for locale, at in (("zh", 0), ("en", 1)):
        path = folder / locale / "LC_MESSAGES"
        path.mkdir(parents=True)
        lines = ['msgid ""', 'msgstr ""', r'"Content-Type: text/plain; charset=UTF-8\n"']
        lines.append(rf'"Plural-Forms: nplurals={at + 1}; plural={"(n != 1)" if at else 0};\n"')
        for key, texts in SENTENCES.items():
            forms = texts[at] if isinstance(texts[at], tuple) else (texts[at],)
            if isinstance(texts[1], tuple):
                lines += ["", f'msgid "{key}"', f'msgid_plural "{key}"']
                lines += [f'msgstr[{n}] "{form}"' for n, form in enumerate(forms)]
            else:
                lines += ["", f'msgid "{key}"', f'msgstr "{forms[0]}"']
        (path / "market.po").write_text("\n".join(lines), encoding="utf-8")
        page = catalogue.FOLDER / locale / "LC_MESSAGES" / "page.po"
        (path / "page.po").write_bytes(page.read_bytes())
    prose = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "How big?"\nmsgstr "有多大？"\n'
    (folder / "zh" / "LC_MESSAGES" / "notebooks.po").write_text(prose, encoding="utf-8")
    return {locale: Words(locale, folder=folder) for locale in ("zh", "en")}


def arg(value, unit):
    return {"value": value, "unit": unit}


def size(change):
    return {
        "period": arg("2024-11", "period"),
        "category": arg("面部精华", "text"),
        "size": arg(6.61e9, "money"),
        "base": arg({"of": "2024-11", "month": "2023-11"}, "base"),
        "chg": arg(change, "growth"),
    }


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (
            0.106,
            "2024年11月面部精华成交￥66.1亿，较去年同期增长10.6%",
            "面部精华 sold ¥6.61bn in Nov 2024, up 10.6% on November 2023",
        ),
        (
            -0.061,
            "2024年11月面部精华成交￥66.1亿，较去年同期下降6.1%",
            "面部精华 sold ¥6.61bn in Nov 2024, down 6.1% on November 2023",
        ),
        (
            -0.0004,
            "2024年11月面部精华成交￥66.1亿，与去年同期持平",
            "面部精华 sold ¥6.61bn in Nov 2024, level with November 2023",
        ),
        (
            2.4,
            "2024年11月面部精华成交￥66.1亿，为去年同期的3.4倍",
            "面部精华 sold ¥6.61bn in Nov 2024, 3.4 times November 2023",
        ),
        (
            1.994,
            "2024年11月面部精华成交￥66.1亿，较去年同期增长199%",
            "面部精华 sold ¥6.61bn in Nov 2024, up 199% on November 2023",
        ),
        (
            1.996,
            "2024年11月面部精华成交￥66.1亿，为去年同期的3.0倍",
            "面部精华 sold ¥6.61bn in Nov 2024, 3.0 times November 2023",
        ),
    ],
)
def test_the_direction_is_the_sign_of_what_is_displayed(words, change, zh, en):
    assert [words[loc].sentence("m.size", size(change)) for loc in ("zh", "en")] == [zh, en]


@pytest.mark.parametrize(
    ("value", "unit", "direction"),
    [(0.0005, "points", "up"), (0.0004, "points", "flat"), (-0.6, "money", "down"), (None, "growth", "flat")],
)
def test_an_arrow_points_where_the_displayed_sign_does(value, unit, direction):
    assert EN.direction(arg(value, unit)) == direction


@pytest.mark.parametrize(("band", "zh", "en"), [("low", "偏低", "low"), ("high", "偏高", "high")])
def test_a_code_chooses_after_the_direction(words, band, zh, en):
    args = {"k": arg(4, "count"), "cr": arg(0.382, "ratio"), "chg": arg(0.011, "points"), "level": arg(band, "code")}
    assert words["zh"].sentence("m.conc", args) == f"前4个品牌合占38.2%，升1.1个百分点，集中度{zh}"
    assert words["en"].sentence("m.conc", args) == f"The top 4 brands hold 38.2%, up 1.1 points: {en} concentration"


@pytest.mark.parametrize(
    ("n", "zh", "en"),
    [
        (0, "￥100–199尚无在售", "¥100–199: none on sale"),
        (1, "￥100–199在售1款", "¥100–199: 1 listing on sale"),
        (2, "￥100–199在售2款", "¥100–199: 2 listings on sale"),
        (12345, "￥100–199在售1.23万款", "¥100–199: 12.3k listings on sale"),
    ],
)
def test_the_count_shown_chooses_none_one_or_many(words, n, zh, en):
    args = {"band": arg({"low": 100, "high": 200}, "band"), "n": arg(n, "count")}
    assert [words[loc].sentence("m.white", args) for loc in ("zh", "en")] == [zh, en]


def test_a_name_in_s_carries_its_sign_levels_keep_a_minus_others_are_magnitudes(words):
    args = {name: arg(-0.031, "growth") for name in ("own_s", "own", "value", "lo_s")} | {"hi_s": arg(0.012, "growth")}
    assert words["en"].sentence("x.sign", args) == "−3.1%, 3.1%, −3.1%, −3.1% to +1.2%"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(0.0003, 0.012, "+0.03% to +1.2%"), (-0.012, 0.0, "−1.2% to 0%"), (-0.000001, 0.012, "0% to +1.2%")],
)
def test_the_end_of_a_range_shows_on_which_side_of_zero_it_lies(words, low, high, text):
    args = {n: arg(0.01, "growth") for n in ("own_s", "own", "value")}
    args |= {"lo_s": arg(low, "growth"), "hi_s": arg(high, "growth")}
    assert words["en"].sentence("x.sign", args).endswith(f", {text}")


def test_a_list_is_an_enumeration_whether_of_arguments_or_of_values(words):
    of_args = {"brands": [arg("禾本源", "text"), arg("露倾", "text"), arg("悦妍", "text")]}
    of_bands = {"brands": arg([{"low": 0, "high": 50}, arg({"low": 50, "high": 100}, "band")], "band")}
    assert words["zh"].sentence("x.list", of_bands) == "￥0–49、￥50–99调价"
    of_values = {"brands": arg(["禾本源", "露倾"], "text")}
    assert words["zh"].sentence("x.list", of_args) == "禾本源、露倾、悦妍调价"
    assert words["en"].sentence("x.list", of_args) == "禾本源, 露倾 and 悦妍 changed prices"
    assert words["en"].sentence("x.list", of_values) == "禾本源 and 露倾 changed prices"


def test_arguments_may_be_objects_as_well_as_payloads():
    assert EN.value(SimpleNamespace(value=4120000, unit="money")) == EN.value(arg(4120000, "money")) == "¥4.12M"


def test_what_a_value_contains_is_never_read_as_a_placeholder(words):
    assert words["zh"].sentence("x.list", {"brands": arg("{n}\n 某牌", "text")}) == "{n} 某牌调价"


def test_a_rewording_is_filled_as_the_sentence_would_be():
    assert ZH.fill("{size}，回落{chg}", size(-0.061)) == "￥66.1亿，回落6.1%"


def test_a_problem_is_a_sentence_with_plain_numbers_but_thousands_in_counts(tmp_path):
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    text = (
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);"\n\nmsgid "e.row"\nmsgid_plural "e.row"\n'
        'msgstr[0] "{file} row {row} ({n} such row)"\nmsgstr[1] "{file} row {row} ({n} such rows)"\n\n'
        'msgid "e.row.sheet"\nmsgstr "{file} has no sheet {row}"\n'
    )
    (folder / "cli.po").write_text(text, encoding="utf-8")
    words = Words("en", folder=tmp_path)
    assert words.problem(problem("e.row", file="a.csv", row=12345, n=1)) == "a.csv row 12345 (1 such row)"
    assert words.problem(problem("e.row", file="a.csv", row=12345, n=12345)) == "a.csv row 12345 (12,345 such rows)"
    assert words.problem(problem("e.row", file="a.csv", row=["x", "y"], code="sheet")) == "a.csv has no sheet x and y"


def test_a_problem_without_its_entry_or_arguments_still_says_what_it_knows():
    assert EN.problem(Problem("e.nowhere", {"file": "a.csv"})) == "e.nowhere: file=a.csv"
    assert EN.problem(Problem("e.unit", {"thing": "x"})) == "e.unit: thing=x"


@pytest.mark.parametrize(
    ("items", "zh", "en"),
    [
        ([], "", ""),
        (["甲"], "甲", "甲"),
        (["甲", "乙"], "甲、乙", "甲 and 乙"),
        ("甲乙丙", "甲、乙、丙", "甲, 乙 and 丙"),
    ],
)
def test_listings(items, zh, en):
    assert (ZH.listing(items), EN.listing(items)) == (zh, en)


def test_joined_sentences_are_one_line():
    assert (
        EN.join(["Share was {x}", "", "Supported range", "see Exhibit 1"])
        == "Share was {x}. Supported range; see Exhibit 1"
    )
    assert ZH.join(["数据支持的范围", "见图1"]) == "数据支持的范围；见图1"


def test_what_needs_it_is_explained_where_it_first_stands():
    texts = ["¥1,000–1,999 takes 45%", "sold ¥4.12M, up 0.6 points", "¥3M, 1.0 points"]
    assert first_uses(EN, texts) == [texts[0], "sold ¥4.12M (CNY), up 0.6 percentage points", texts[2]]
    assert first_uses(Words("en", "GBP"), ["£4.12M, 1.0 points"]) == ["£4.12M, 1.0 percentage points"]
    assert first_uses(ZH, ["差异显著", "结果显著"]) == ["差异显著（超出正常波动）", "结果显著"]


def test_prose_is_translated_and_what_is_not_stops_the_build(words):
    assert words["zh"].translate("How big?") == "有多大？"
    assert words["en"].translate("How big?") == "How big?"
    with pytest.raises(KitError, match=r"e\.untranslated.*How small\?.*zh"):
        words["zh"].translate("How small?")


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: Words("fr"), r"e\.locale.*fr.*zh, en"),
        (lambda: EN.label("no.such"), r"e\.key.*no\.such"),
        (lambda: EN.label("page.kicker", period="x"), r"e\.placeholder.*kind"),
        (lambda: EN.value(arg(1, "furlongs")), r"e\.unit.*furlongs"),
    ],
)
def test_what_the_catalogue_does_not_have_is_an_error_not_a_blank(call, match):
    with pytest.raises(KitError, match=match):
        call()


@pytest.mark.parametrize(("set_to", "locale"), [("", "zh"), ("en", "en"), ("en_GB.UTF-8", "en"), ("zh_CN", "zh")])
def test_the_terminal_speaks_the_language_asked_for(monkeypatch, set_to, locale):
    monkeypatch.setenv("KIT_LOCALE", set_to)
    assert words_here().locale == locale


def test_a_page_number_keeps_its_places_for_the_template():
    assert ZH.label("page.page_of") == "第{page}页，共{pages}页"


def test_words_of_one_language_are_read_once_per_process(monkeypatch):
    monkeypatch.setattr(catalogue, "read", lambda path: pytest.fail(f"read {path} again"))
    assert Words("zh").has("page.contents") and Words("zh", "USD").keys("page.chart") == ["page.chart.label"]


def test_a_report_is_called_by_its_name_a_clients_own_as_it_is():
    assert Words("zh").value({"value": "market", "unit": "report"}) == "市场与竞品分析"
    assert Words("zh").value({"value": "brandreview", "unit": "report"}) == "brandreview"
