"""A new client: settings explained, sheets ready to be filled, nothing overwritten; what is an example is never read."""

import functools
import io
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import openpyxl
import pytest
from making import client as made_client
from python_calamine import CalamineWorkbook

from kit import contract, recipients, settings, workbook
from kit.client import Client
from kit.errors import KitError
from kit.exports.dictionary import bringing
from kit.exports.folder import GUIDES
from kit.exports.reader import read
from kit.exports.recognise import Hint, recognise
from kit.scaffold import new
from kit.tables import INPUTS, TABLES
from kit.text import Words

ROOT = Path(__file__).parents[1]
NEW = ROOT / "templates" / "new"
EXAMPLES = NEW / "examples.yml"
LOCALES = ("zh", "en")
SETTING = re.compile(r"^# (?=\[|\]|  \{|[a-z_]+ = )", re.MULTILINE)
WORDS = [(name, f.name) for name in INPUTS for f in TABLES[name].fields if f.words or f.type == "flag"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    (tmp_path / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
    return tmp_path


def data(locale="zh", /, **shops):
    return workbook.inputs("acme", shops or {"tmall": "旗舰店"}, Words(locale), EXAMPLES)


@functools.cache
def book(locale="zh"):
    """The workbook as openpyxl reads it; not to be changed."""
    return openpyxl.load_workbook(io.BytesIO(data(locale)))


def plain(name):
    return bringing(name)[-1]


# ---- the folder ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
def test_a_new_client_is_ready_to_be_filled(project, locale):
    made = new("acme", Words(locale))
    names = ["client.toml", "_brand.yml", "inputs.xlsx", "exports/tmall", "notes"]
    assert made == [f"data/acme/{name}" for name in names]
    assert all((project / path).exists() for path in made)
    assert Client.load("acme").locale == locale


@pytest.mark.parametrize("locale", LOCALES)
def test_a_new_client_has_warnings_only_and_no_row(project, locale):
    new("acme", Words(locale))
    made = read(Client.load("acme"))
    assert [p.id for p in made.problems if not p.warning] == []
    assert made.tables == {}


def test_an_existing_client_is_never_overwritten(project):
    folder = project / "data" / "acme"
    folder.mkdir(parents=True)
    (folder / "client.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(KitError, match=r"e\.client\.exists") as error:
        new("acme", Words("en"))
    assert error.value.exit_code == 2
    assert [(p.name, p.read_text(encoding="utf-8")) for p in folder.iterdir()] == [("client.toml", "mine")]


@pytest.mark.parametrize("name", ["con", "aux", "com1", "lpt9"])
def test_a_name_that_windows_keeps_for_itself_is_refused_everywhere(project, name):
    with pytest.raises(KitError) as error:
        new(name, Words("en"))
    (told,) = error.value.problems
    assert told.id == "e.client.device" and not (project / "data" / name).exists()
    assert Words("zh").problem(told) == f"客户名“{name}”在Windows上留作他用，建不了这样的文件夹。请换一个名字"
    assert (
        Words("en").problem(told)
        == f"“{name}” is a name that Windows keeps for itself, so no folder can be called so. Choose another"
    )


def test_a_name_that_is_no_slug_makes_nothing(project):
    with pytest.raises(KitError, match=r"e\.client\.slug"):
        new("../acme", Words("en"))
    assert not (project / "data").exists()


# ---- client.toml ---------------------------------------------------------------------------------------------


def explained(locale):
    """The template with every setting that it only explains set."""
    text = (NEW / f"client.{locale}.toml").read_text(encoding="utf-8").format(slug="acme")
    return tomllib.loads(SETTING.sub("", text))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_setting_is_explained(locale):
    said = explained(locale)
    sections = {
        settings.Shop: said["shops"]["tmall"],
        settings.Market: said["market"],
        settings.Thresholds: said["thresholds"],
        settings.Swot: said["swot"],
        settings.SwotRule: said["swot"]["rules"]["goal"],
        settings.Exports: said["exports"],
        recipients.Delivery: said["delivery"],
        settings.FileStatement: next(iter(said["files"].values())),
        contract.Contract: said["contract"],
        contract.Tier: said["contract"]["fee_tiers"][0],
        contract.Kpi: said["contract"]["kpis"][0],
        Client: said,
    }
    for model, section in sections.items():
        names = {f.alias or name for name, f in model.model_fields.items()} - {"slug", "folder", "key"}
        assert names == set(section), model


@pytest.mark.parametrize("locale", LOCALES)
def test_every_explained_setting_may_be_set_and_states_the_default(locale):
    said = explained(locale)
    said["shops"]["tmall"]["key"] = "tmall"
    client = Client.model_validate({**said, "slug": "acme", "folder": Path()})
    assert client.thresholds == settings.Thresholds()
    assert client.delivery.limit_mb == recipients.Delivery().limit_mb
    assert client.timezone == Client.model_fields["timezone"].default
    assert client.market.price_kind == settings.Market.model_fields["price_kind"].default
    assert client.shops["tmall"].presale_counted == "balance"


# ---- inputs.xlsx ---------------------------------------------------------------------------------------------


def test_there_is_a_sheet_for_each_table_in_its_order_after_the_explanation():
    assert book("zh").sheetnames == ["说明", *(workbook.title(name) for name in INPUTS)]
    assert book("en").sheetnames[:3] == ["Read me", "目标 goals", "行动清单 actions"]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_heading_is_recognised_in_its_sheet(locale):
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(data(locale)))
    for name in INPUTS:
        rows = sheets.get_sheet_by_name(workbook.title(name)).to_python(nrows=1)
        found = recognise([[str(c) for c in row] for row in rows], "x", tables=INPUTS, hint=Hint(locale))
        assert {c.to for c in found.at.values()} == set(TABLES[name].columns), name
        assert (found.export.table.name, found.ignored, found.variants) == (name, (), {})


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("half", [0, 1])
def test_either_line_of_a_heading_is_enough(name, half):
    header = [workbook.heading(plain(name), column).split("\n")[half] for column in TABLES[name].columns]
    found = recognise([header], "x", tables=INPUTS, hint=Hint("zh", stem=name))
    assert (found.export.table.name, len(found.at)) == (name, len(header))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_heading_is_explained_with_an_example(locale):
    example = Words(locale).label("sheet.example", example="")
    without = []
    for name in INPUTS:
        sheet = book(locale)[workbook.title(name)]
        for cell in sheet[1]:
            column = cell.value.split("\n")[1]
            assert cell.comment.text.startswith(Words(locale).label(f"sheet.{name}.{column}"))
            without += [f"{name}.{column}"] if example not in cell.comment.text else []
    # The whole shop, an edit that rewords nothing, a rival that is watched for no reason beside its role.
    assert without == [
        "goals.shop",
        "edits.text_zh",
        "edits.text_en",
        "creator_deals.note",
        "campaigns.note",
        "competitors.note",
    ]


def test_a_comment_says_what_must_be_filled_in_and_what_is_allowed():
    goals, swot = book("zh")["目标 goals"], book("en")[workbook.title("swot_items")]
    assert goals["C1"].comment.text == (
        "目标按什么指标定；支付金额和GSV是两种目标\n必填\n"
        "可填：支付金额、GSV、订单数、访客数、支付转化率、客单价、新客数、退款率、推广花费、费比、投产比\n例如：GSV"
    )
    assert goals["A1"].comment.text == "目标所属的月份\n必填\n例如：2024-11"
    assert swot["C1"].comment.text.split("\n")[1] == "This or text_en, at least one"


@pytest.mark.parametrize("locale", LOCALES)
def test_no_example_is_ever_read(tmp_path, locale):
    made = read(made_client(tmp_path, {"inputs.xlsx": data(locale)}))
    assert [p.id for p in made.problems if not p.warning] == []
    assert made.tables == {}
    lines = {line["sheet"]: line for line in made.ledger}
    assert Words(locale).label("sheet.readme") in GUIDES
    assert {sheet: line["dropped"] for sheet, line in lines.items()} == {
        workbook.title(name): {"example": 1} for name in INPUTS
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_an_example_without_its_mark_is_a_row_as_it_should_be(tmp_path, locale):
    filled = openpyxl.load_workbook(io.BytesIO(data(locale)))
    for sheet in filled.worksheets[1:]:
        sheet["A2"] = sheet["A2"].value.split(" ", 1)[1]
    saved = io.BytesIO()
    filled.save(saved)
    made = read(made_client(tmp_path, {"inputs.xlsx": saved.getvalue()}))
    assert [p for p in made.problems if not p.warning] == []
    assert {name: len(frame) for name, frame in made.tables.items()} == dict.fromkeys(INPUTS, 1)
    goal, deal = (made.tables[name].iloc[0] for name in ("goals", "creator_deals"))
    assert (str(goal["month"].date()), goal["shop"], goal["metric"], goal["value"]) == ("2024-11-01", "", "gsv", 1.2e6)
    assert (deal["shop"], deal["item_id"], deal["commission_rate"]) == ("tmall", "612345678901", 0.2)
    assert made.tables["exclusions"].loc[0, "id"] == "4012345678901234567"
    assert made.tables["experiments"].loc[0, "planned_split"] == "50:50"
    assert not made.tables["costs"].loc[0, "gift"]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("table", "column"), WORDS)
def test_a_drop_down_offers_each_word_once_and_only_what_is_read(table, column, locale):
    export, field = plain(table), TABLES[table].field(column)
    offered = workbook.offered(export, field, locale)
    sheet = book(locale)[workbook.title(table)]
    (letter,) = [c.column_letter for c in sheet[1] if c.value.endswith(f"\n{column}")]
    (rule,) = [r for r in sheet.data_validations.dataValidation if str(r.sqref).startswith(f"{letter}2:")]
    assert rule.formula1 == f'"{",".join(offered)}"'
    assert len(rule.formula1) <= 257  # Excel takes no more than 255 characters between the quotation marks
    if field.words:
        known = {word: word for word in field.words} | dict(export.words.get(column, {}))
        assert [known[text] for text in offered] == list(field.words)


def test_the_shops_to_choose_from_stand_on_the_first_sheet():
    made = openpyxl.load_workbook(io.BytesIO(data("zh", tmall="旗舰店", dy="抖音店")))
    sheet = made["目标 goals"]
    (rule,) = [r for r in sheet.data_validations.dataValidation if str(r.sqref).startswith("B2:")]
    place, cells = rule.formula1.replace("$", "").split("!")
    assert [c.value for (c,) in made[place.strip("'")][cells]][:3] == ["tmall", "dy", None]


def test_formats_keep_digits_and_dates():
    deals = book()[workbook.title("creator_deals")]
    formats = {c.value.split("\n")[1]: deals.column_dimensions[c.column_letter].number_format for c in deals[1]}
    assert (formats["item_id"], formats["id"]) == ("@", "@")
    assert (formats["start"], formats["slot_fee"], formats["commission_rate"]) == ("yyyy-mm-dd", "#,##0.00", "0.0%")
    assert deals.freeze_panes == "A2"
    assert deals["A2"].font.italic


def test_a_name_that_looks_like_a_formula_is_text():
    made = openpyxl.load_workbook(io.BytesIO(data("zh", tmall="=HYPERLINK(1)")))
    cell = next(c for row in made["说明"].iter_rows() for c in row if c.value == "=HYPERLINK(1)")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_same_workbook_is_the_same_bytes(locale):
    code = (
        "import sys; from pathlib import Path; from kit import workbook; from kit.text import Words\n"
        f"data = workbook.inputs('acme', {{'tmall': '旗舰店'}}, Words('{locale}'), Path(sys.argv[1]))\n"
        "sys.stdout.buffer.write(data)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    other = subprocess.run(
        [sys.executable, "-c", code, EXAMPLES], capture_output=True, check=True, env=environment, cwd=ROOT
    )
    assert other.stdout == data(locale)
