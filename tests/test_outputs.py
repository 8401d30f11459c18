"""A notebook's outputs are data or figures with alternative text; anything else stops the build by name."""

import base64

import nbformat.v4 as v4
import pytest

from kit import outputs
from kit.errors import KitError
from kit.findings import MIME
from kit.text import Words


def notebook(*results, metadata=None):
    cell = v4.new_code_cell("x", outputs=list(results), metadata=metadata or {})
    return v4.new_notebook(cells=[v4.new_markdown_cell("## Price bands\n\nWhy"), cell])


def data(**mime):
    return v4.new_output("display_data", data={k.replace("_", "/"): v for k, v in mime.items()})


def test_prose_and_payloads_come_in_order():
    nb = notebook(v4.new_output("display_data", data={MIME: {"is": "finding", "key": "a"}, "text/html": "<b>"}))
    assert [(p["is"], p.get("key")) for p in outputs.read(nb)] == [("prose", None), ("finding", "a")]


def test_printed_text_and_warnings_never_reach_the_page():
    nb = notebook(v4.new_output("stream", name="stderr", text="/home/x: Glyph missing"))
    assert [p["is"] for p in outputs.read(nb)] == ["prose"]


def test_a_figure_passes_with_its_alternative_text():
    png = base64.b64encode(b"\x89PNG").decode()
    [_, figure] = outputs.read(notebook(data(image_png=png), metadata={"alt": "Sales rise."}))
    assert (figure["is"], figure["media"], figure["content"], figure["alt"]) == (
        "figure",
        "image/png",
        b"\x89PNG",
        "Sales rise.",
    )


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (data(image_png=""), "A figure in “Price bands” has no description"),
        (data(**{"text_html": "<table>"}), "“Price bands” has an output that cannot go into a report"),
        (data(**{"application_vnd.plotly.v1+json": {}}), "“Price bands” has an output that cannot go into a report"),
        (
            v4.new_output("error", ename="ValueError", evalue="secret", traceback=[]),
            "“Price bands” contains a cell that failed",
        ),
    ],
)
def test_what_cannot_be_shown_is_named_by_its_section(output, said):
    with pytest.raises(KitError, match=r"e\.output\.") as error:
        outputs.read(notebook(output))
    [sentence] = [Words("en").problem(p) for p in error.value.problems]
    assert sentence.startswith(said)
    assert "secret" not in sentence
    assert error.value.exit_code == 1, "the report failed; data and settings are in order"


def test_every_output_that_cannot_be_shown_is_told_at_once():
    with pytest.raises(KitError, match=r"e\.output\.kind") as error:
        outputs.read(notebook(data(text_plain="1"), data(text_plain="2")))
    assert len(error.value.problems) == 2


def test_a_notebook_that_was_never_run_says_so():
    with pytest.raises(KitError, match=r"e\.output\.start") as error:
        outputs.start([{"is": "prose"}])
    assert "从头到尾运行一次" in Words("zh").problem(error.value.problems[0])
