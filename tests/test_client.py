"""client.toml is checked whole; periods are what they say."""

import datetime as dt

import pytest

from kit.client import Client, Period, names
from kit.errors import KitError
from kit.text import Words

GOOD = """
name = {zh = "青禾", en = "Qinghe"}
agency = "Agency"
[shops.tmall]
platform = "tmall"
name = "旗舰店"
[market]
category = "精华"
brand = ["青禾"]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A project with one client ``acme`` whose client.toml a test writes."""
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    (tmp_path / "data" / "acme").mkdir(parents=True)
    return tmp_path / "data" / "acme"


def load(folder, text):
    (folder / "client.toml").write_text(text, encoding="utf-8")
    return Client.load(folder.name)


def said(error, locale="en"):
    return [Words(locale).problem(p) for p in error.value.problems]


def test_a_text_given_once_serves_both_languages(folder):
    client = load(folder, GOOD)
    assert (client.name.in_("zh"), client.name.in_("en")) == ("青禾", "Qinghe")
    assert client.agency.in_("zh") == client.agency.in_("en") == "Agency"
    assert client.shops["tmall"].key == "tmall"
    assert client.platforms() == ("tmall",)


def test_every_fault_is_told_at_once(folder):
    text = GOOD.replace('agency = "Agency"', 'agencyy = "Agency"\nlocale = "fr"\n') + "[thresholds]\nprice_cutt = 1\n"
    with pytest.raises(KitError, match=r"e\.config") as error:
        load(folder, text)
    assert said(error) == [
        "data/acme/client.toml lacks “agency”. Add it",
        "data/acme/client.toml: “fr” cannot be used for “locale”. Allowed: 'zh' or 'en'",
        "data/acme/client.toml has a setting “thresholds.price_cutt” that does not exist. Did you mean “price_cut”?",
        "data/acme/client.toml has a setting “agencyy” that does not exist. Did you mean “agency”?",
    ]
    assert said(error, "zh")[-1] == "data/acme/client.toml里没有“agencyy”这个设置。是否指“agency”？"


def test_a_setting_like_no_other_is_refused_without_a_guess(folder):
    with pytest.raises(KitError, match=r"e\.config\.unknown") as error:
        load(folder, "zzz = 1\n" + GOOD)
    assert said(error) == ["data/acme/client.toml has a setting “zzz” that does not exist. Remove or rename it"]


def test_where_the_folder_lies_cannot_be_set(folder):
    with pytest.raises(KitError, match=r"e\.config\.unknown"):
        load(folder, 'folder = "/"\n' + GOOD)


def test_broken_toml_names_its_line(folder):
    with pytest.raises(KitError, match=r"e\.config\.syntax") as error:
        load(folder, "name = \n" + GOOD)
    assert said(error)[0].startswith("data/acme/client.toml, line 1, column")


def test_gbk_toml_is_told_as_such(folder):
    (folder / "client.toml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(KitError, match=r"e\.config\.encoding") as error:
        Client.load("acme")
    assert said(error, "zh") == ["data/acme/client.toml不是UTF-8编码。请另存为UTF-8后再试"]


def test_a_folder_without_client_toml_says_what_to_do(folder):
    with pytest.raises(KitError, match=r"e\.config\.missing") as error:
        Client.load("acme")
    assert "make new" in said(error)[0]


@pytest.mark.parametrize("name", ["../x", "$(touch x)", "Brand X", "a/b", "-x", "a" * 41])
def test_a_client_name_is_a_slug(folder, name):
    with pytest.raises(KitError, match=r"e\.client\.slug") as error:
        Client.load(name)
    assert error.value.exit_code == 2


def test_a_name_in_capitals_is_the_client_that_is_meant(folder):
    with pytest.raises(KitError, match=r"e\.client\.near") as error:
        Client.load("ACME")
    assert said(error) == ["There is no client “ACME”. Did you mean “acme”? Clients: acme"]


@pytest.mark.parametrize("edges", ["[100, 50]", "[]", "[0]", "[0, 50, inf]", "[50, 50]", "[-1, 5]"])
def test_price_edges_rise_from_zero_on(folder, edges):
    with pytest.raises(KitError, match=r"e\.config\.value") as error:
        load(folder, GOOD + f"price_edges = {edges}\n")
    assert "market.price_edges" in said(error)[0]


def test_a_name_of_blanks_is_no_name(folder):
    with pytest.raises(KitError, match=r"e\.config\.value"):
        load(folder, GOOD.replace('brand = ["青禾"]', 'brand = [" "]'))
    with pytest.raises(KitError, match=r"e\.config\.value"):
        load(folder, GOOD.replace("[shops.tmall]", '[shops."../x"]'))


def test_a_near_client_is_suggested(folder):
    with pytest.raises(KitError, match=r"e\.client\.near") as error:
        Client.load("acmee")
    assert said(error) == ["There is no client “acmee”. Did you mean “acme”? Clients: acme"]
    assert names() == ["acme"]


def test_no_client_is_a_wrong_call(folder):
    with pytest.raises(KitError, match=r"e\.client\.none") as error:
        Client.load("")
    assert said(error) == ["No client is named. Add one, e.g. CLIENT=acme. Clients: acme"]


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("2024-06", "2024-06-01", "2024-06-30", "month"),
        ("2024-12", "2024-12-01", "2024-12-31", "month"),
        ("2024-Q1", "2024-01-01", "2024-03-31", "quarter"),
        ("2024-Q4", "2024-10-01", "2024-12-31", "quarter"),
        ("2024", "2024-01-01", "2024-12-31", "year"),
        ("2024-W45", "2024-11-04", "2024-11-10", "week"),
        ("2024-11-11", "2024-11-11", "2024-11-11", "day"),
        ("2024-06-01..2024-06-20", "2024-06-01", "2024-06-20", "span"),
    ],
)
def test_every_form_of_period(text, start, end, kind):
    period = Period.parse(text)
    assert (str(period.start), str(period.end), period.kind, period.text) == (start, end, kind, text)


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-Q5", "24-06", "2024-W54", "２０２４", "2024-02-30", "2024-06-20..2024-06-01", "x"]
)
def test_a_period_that_cannot_be_read_is_a_wrong_call(text):
    with pytest.raises(KitError, match=r"e\.period\.form") as error:
        Period.parse(text)
    assert error.value.exit_code == 2
    assert text in said(error)[0]


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2022-11-01", "2024-11-30", "2024-11"),
        ("2022-11-01", "2024-12-04", "2024-11"),
        ("2024-11-01", "2024-11-30", "2024-11"),
        ("2016-11-05", "2016-11-14", "2016-11-05..2016-11-14"),
        ("2024-10-05", "2024-11-10", "2024-10-05..2024-11-10"),
    ],
)
def test_the_default_is_the_last_whole_month_else_the_span(first, last, text):
    assert Period.default(dt.date.fromisoformat(first), dt.date.fromisoformat(last)).text == text


def test_one_row_with_a_mistyped_year_does_not_move_the_report():
    span = (dt.date(2024, 9, 1), dt.date(2098, 2, 20))
    assert Period.default(*span).text == "2098-01"
    assert Period.choose("", span, ["2024-09", "2024-10", "2024-11", "2098-02"]).text == "2024-11"


def test_a_period_outside_the_data_names_the_data():
    with pytest.raises(KitError, match=r"e\.period\.outside") as error:
        Period.choose("2025-01", (dt.date(2024, 1, 1), dt.date(2024, 11, 30)))
    assert said(error) == [
        "There are no data in “2025-01”. The data run from 2024-01-01 to 2024-11-30. Choose another period or add files"
    ]


def test_without_dated_data_there_is_no_period():
    with pytest.raises(KitError, match=r"e\.period\.nodata"):
        Period.choose("", None)
