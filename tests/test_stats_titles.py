"""What titles claim: terms of any length, and neither brands, sizes, goods nor the words of the trade."""

import pytest

from kit.stats.titles import terms

BRANDS = ("青禾", "露倾", "L'OREAL")


def claims(titles, **more):
    return [t.claims for t in terms(titles, BRANDS, **{"least": 2} | more)]


@pytest.mark.parametrize(
    ("title", "claimed"),
    [
        ("青禾修护精华液30ml胶原蛋白", ("修护", "胶原蛋白")),
        ("露倾神经酰胺次抛精华1.5ml×30支保湿", ("神经酰胺", "保湿")),
        ("L'oreal 抗皱 50g*2瓶 官方正品旗舰店", ("抗皱",)),
        ("青禾保湿面霜保湿", ("保湿",)),
        ("", ()),
    ],
)
def test_brands_sizes_goods_and_words_of_the_trade_are_no_claims(title, claimed):
    assert claims([title])[0] == claimed


def test_neighbours_that_stand_together_are_one_term_however_long_and_mixed():
    titles = ["青禾早C晚A精华", "露倾精华早C晚A修护", "修护精华", "早c晚a"]
    assert claims(titles) == [("早C晚A",), ("早C晚A", "修护"), ("修护",), ("早C晚A",)]


def test_neighbours_that_stand_apart_more_often_stay_apart():
    titles = ["保湿修护"] * 3 + ["修护30ml保湿"] * 4
    assert set(claims(titles)) == {("保湿", "修护"), ("修护", "保湿")}


def test_nothing_joins_over_what_was_taken_out():
    assert set(claims(["修护青禾保湿", "修护精华保湿", "修护20ml保湿"] * 3)) == {("修护", "保湿")}


def test_letters_of_any_width_and_case_are_the_same_and_the_usual_spelling_is_shown():
    assert claims(["ＶＣ美白", "VC美白", "vc美白", "VC美白"]) == [("VC美白",)] * 4


def test_words_of_the_category_and_of_the_client_are_no_claims():
    (title,) = terms(["护腰坐垫透气记忆棉坐垫"], (), category="坐垫", stop=["透气"], least=5)
    assert "坐垫" not in title.claims and "透气" not in title.claims and "坐垫" in title.kinds


def test_kinds_of_goods_are_told_apart_from_claims():
    (title,) = terms(["青禾保湿爽肤水"], BRANDS)
    assert (title.claims, title.kinds) == (("保湿",), ("爽肤水",))


def test_a_number_that_belongs_to_a_name_stays():
    assert claims(["维生素B5修护精华30ml", "维生素B5保湿"])[0][0].endswith("B5")
    assert all("30" not in word for word in claims(["SPF30防晒霜50ml"])[0] if word != "SPF30")


def test_hostile_titles_are_text():
    hostile = """**<script>#read("/etc/passwd")$x$=cmd|'/c calc'!A1 @a 敏感肌"""
    assert all(word.isalnum() for word in claims([hostile] * 3)[0])
