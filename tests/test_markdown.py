import re

import pytest

from kit.errors import KitError
from kit.markdown import parse, to_html
from kit.text import Words


def html(text):
    return str(to_html(parse([text])[0]))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("**结论：**下降", "<p><strong>结论：</strong>下降</p>"),
        ("**“销售额”**同比", "<p><strong>“销售额”</strong>同比</p>"),
        ("约**15%**左右，**《报告》**显示", "<p>约<strong>15%</strong>左右，<strong>《报告》</strong>显示</p>"),
    ],
)
def test_bold_beside_chinese_punctuation_is_bold(text, made):
    assert html(text) == made


@pytest.mark.parametrize(
    "text", ["@小红书", "$x^2$", "#话题 #敏感肌", "3~5天，10~20天", "10^2^", "\\alpha", '"引号" -- ...']
)
def test_what_is_no_markup_is_printed_as_typed(text):
    assert html(text) == f"<p>{text}</p>".replace('"', "&#34;")


def test_markup_of_other_languages_is_text():
    assert html("<script>x</script> <b>a</b>") == "<p>&lt;script&gt;x&lt;/script&gt; &lt;b&gt;a&lt;/b&gt;</p>"


def test_a_chinese_line_goes_on_without_a_space():
    assert html("第一行\n第二行 and\nmore") == "<p>第一行第二行 and more</p>"


def test_every_block_has_its_element():
    text = "# 标题\n\n正文\n\n- 一\n- 二\n\n3. 三\n\n> 引\n\n```\na <b>\n```\n\n***\n"
    assert html(text) == (
        "<h3>标题</h3><p>正文</p><ul><li>一</li><li>二</li></ul>"
        '<ol start="3"><li>三</li></ol><blockquote><p>引</p></blockquote><pre><code>a &lt;b&gt;</code></pre><hr>'
    )


def test_a_list_may_follow_its_paragraph_at_once():
    assert html("事项：\n- 一") == "<p>事项：</p><ul><li>一</li></ul>"


def test_a_table_keeps_its_alignment_and_scrolls_by_itself():
    made = html("| 项 | 额 |\n|:--|--:|\n| *甲* | 3 |")
    assert made.startswith('<div class="scroll" tabindex="0"><table><thead>')
    assert '<tr><th scope="col">项</th><th scope="col" class="right">额</th></tr>' in made
    assert '<tr><td><em>甲</em></td><td class="right">3</td></tr>' in made


def test_a_table_with_long_rows_is_still_a_table():
    assert html("| a | b |\n|---|---|\n| " + "长" * 200 + " | x |").count("<td>") == 2


def test_a_link_leads_only_to_the_web_or_a_mailbox():
    assert html("[a](https://x.y/?q=1&r=2)") == (
        '<p><a href="https://x.y/?q=1&amp;r=2" rel="noopener noreferrer">a</a></p>'
    )
    assert html("[a](javascript:alert(1)) [b](file:///etc/passwd) [c](data:text/html,x)") == "<p>a b c</p>"


def test_texts_are_parsed_together_and_know_nothing_of_each_other():
    texts = ["[见][r]", "[r]: https://x.y", "", "```\n没有结束", "---\ntitle: x\n...\n\n正文", "- 一", "- 二"]
    made = parse(texts)
    assert [str(to_html(part)) for part in made] == [html(text) for text in texts]
    assert len(made) == 7 and made[2] == []


def test_no_text_needs_no_pandoc(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pypandoc", None)
    assert parse([]) == []


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_an_image_is_refused_with_what_to_do_instead(locale):
    with pytest.raises(KitError, match=r"e\.prose.*Image") as caught:
        parse(["正文", "![图](a.png)"])
    assert "e.prose" not in Words(locale).problem(caught.value.problems[0])


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("## 小结\n\n### 一", ["h3", "h4"]),
        ("# 一\n\n#### 二\n\n# 三", ["h3", "h4", "h3"]),
        ("> ### 引用\n\n# 后", ["h3", "h3"]),
    ],
)
def test_headings_begin_at_one_level_and_skip_none(text, tags):
    assert re.findall(r"<(h\d)>", html(text)) == tags


def test_control_and_direction_marks_are_left_out():
    assert html("前\x07\u202e后\u200b。") == "<p>前后。</p>"
