"""client.toml is checked whole; periods are what they say."""

import datetime as dt

import pytest

from kit import settings
from kit.client import Client, Period, names
from kit.errors import KitError
from kit.settings import GOAL_METRICS
from kit.stats import kpis
from kit.tables.inputs import GOALS
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
        "data/acme/client.toml: “fr” cannot be used for “locale”. Allowed: zh, en",
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


def faults(folder, text):
    """What is said in English of a client.toml that must be refused."""
    with pytest.raises(KitError, match=r"e\.config") as error:
        load(folder, text)
    return [line.removeprefix("data/acme/client.toml") for line in said(error)]


def test_a_shops_key_is_its_section(folder):
    told = faults(folder, GOOD.replace('platform = "tmall"', 'platform = "tmall"\nkey = "x"'))
    assert told == [" has a setting “shops.tmall.key” that does not exist. Remove or rename it"]


def test_what_is_documented_of_a_platform_is_its_shops_default(folder):
    douyin = '[shops.dy]\nplatform = "douyin"\nname = "抖音店"\n'
    shops = load(folder, GOOD + douyin + '[shops.jd]\nplatform = "jd"\nname = "京东店"\nsell = "in"\n').shops
    assert {k: (s.presale_counted, s.paid_includes_subsidy, s.sell) for k, s in shops.items()} == {
        "tmall": ("balance", None, "out"),
        "dy": (None, True, "out"),
        "jd": (None, None, "in"),
    }


def test_a_shops_own_word_beats_its_platforms_default(folder):
    own = 'platform = "tmall"\npresale_counted = "deposit"\npaid_includes_subsidy = false'
    shop = load(folder, GOOD.replace('platform = "tmall"', own)).shops["tmall"]
    assert (shop.presale_counted, shop.paid_includes_subsidy) == ("deposit", False)


def test_stock_has_its_folder_without_being_declared(folder):
    client = load(folder, GOOD)
    stock = client.shop_of("erp")
    assert (stock.key, stock.platform, stock.kind) == ("erp", "erp", "warehouse")
    assert list(client.shops) == ["tmall"]
    assert client.shop_of("jd") is None


def test_a_declared_stock_shop_is_a_warehouse_and_of_no_other_platform(folder):
    declared = GOOD + '[shops.erp]\nplatform = "erp"\nname = "旺店通"\n'
    stock = load(folder, declared).shop_of("erp")
    assert (stock.name.zh, stock.kind) == ("旺店通", "warehouse")
    told = faults(folder, declared.replace('"erp"', '"jd"'))
    assert told == [": “jd” cannot be used for “shops.erp.platform”. Allowed: erp"]


def test_the_folder_of_exports_is_a_shops_own_only_if_it_is_the_only_one(folder):
    assert load(folder, GOOD).shop_of("").key == "tmall"
    two = load(folder, GOOD + '[shops.jd]\nplatform = "jd"\nname = "京东店"\n')
    assert two.shop_of("") is None
    assert two.shop_of("jd").key == "jd"


def test_a_name_that_two_shops_share_means_neither(folder):
    tmall = GOOD.replace('name = "旗舰店"', 'name = "旗舰店"\naliases = ["青禾旗舰店", "QH"]')
    client = load(folder, tmall + '[shops.jd]\nplatform = "jd"\nname = "旗舰店"\naliases = ["tmall"]\n')
    assert client.shop_words() == {"tmall": "tmall", "青禾旗舰店": "tmall", "QH": "tmall", "jd": "jd"}
    assert client.shops["tmall"].names == {"tmall", "旗舰店", "青禾旗舰店", "QH"}


@pytest.mark.parametrize("zone", ["Asia/Shanghia", "Asia", "../etc/passwd", "", "北京"])
def test_a_time_zone_that_does_not_exist_is_refused(folder, zone):
    told = faults(folder, f'timezone = "{zone}"\n' + GOOD)
    assert told == [f": “{zone}” cannot be used for “timezone”. Allowed: Asia/Shanghai, Asia/Hong_Kong, UTC, …"]


def test_the_time_zone_is_shanghai_unless_another_is_set(folder):
    assert load(folder, GOOD).timezone == "Asia/Shanghai"
    assert load(folder, 'timezone = "Asia/Tokyo"\n' + GOOD).timezone == "Asia/Tokyo"


READING = """
[exports]
prefer = ["exports/tmall/a.csv"]
na = ["无", "未统计"]
[attribution]
wanxiangtai = 15
[files."exports/tmall/a.csv"]
window_days = 30
downloaded = 2024-12-02
[files."exports/tmall/b.csv"]
downloaded = 2024-12-02T09:30:00
[files."exports/tmall/c.csv"]
downloaded = "2024-12-02 09:30"
"""


def test_how_files_are_read_can_be_set(folder):
    client = load(folder, GOOD + READING)
    assert (client.exports.prefer, client.exports.na) == (("exports/tmall/a.csv",), ("无", "未统计"))
    assert client.attribution == {"wanxiangtai": 15}
    assert [said.window_days for said in client.files.values()] == [30, None, None]
    moment = dt.datetime(2024, 12, 2, 9, 30)
    assert [said.downloaded for said in client.files.values()] == [dt.datetime(2024, 12, 2), moment, moment]


@pytest.mark.parametrize("moment", ["2024-12-02T09:30:00+08:00", "20241202", '"yesterday"', "09:30:00", "true"])
def test_a_download_is_dated_by_the_clock_on_the_wall(folder, moment):
    told = faults(folder, GOOD + f'[files."a.csv"]\ndownloaded = {moment}\n')
    assert told[0].endswith("cannot be used for “files.a.csv.downloaded”. Allowed: 2024-12-02, 2024-12-02T09:30:00")


@pytest.mark.parametrize(("days", "allowed"), [("0", "≥ 1"), ("366", "≤ 365"), ("15.0", "30"), ('"15"', "30")])
def test_an_attribution_window_is_a_number_of_days(folder, days, allowed):
    (told,) = faults(folder, GOOD + f"[attribution]\nwanxiangtai = {days}\n")
    assert told.endswith(f"cannot be used for “attribution.wanxiangtai”. Allowed: {allowed}")


CONTRACT = """
[contract]
start = 2024-03-01
end = 2025-02-28
baseline_start = 2023-03-01
baseline_end = 2024-02-29
basis = "gsv"
fixed_fee = 20000
fee_tiers = [{from = 0, rate = 0.05}, {from = 500000, rate = 0.04}]
[[contract.kpis]]
metric = "gsv"
target = 6000000
from = 2024-03-01
to = 2024-08-31
penalty = 10000
"""


def test_a_contract_is_read_whole(folder):
    contract = load(folder, GOOD + CONTRACT).contract
    assert (contract.start, contract.baseline_end, contract.basis) == (dt.date(2024, 3, 1), dt.date(2024, 2, 29), "gsv")
    assert [(tier.floor, tier.rate) for tier in contract.fee_tiers] == [(0, 0.05), (500_000, 0.04)]
    (kpi,) = contract.kpis
    assert (kpi.metric, kpi.target, kpi.start, kpi.end) == ("gsv", 6e6, dt.date(2024, 3, 1), dt.date(2024, 8, 31))
    assert load(folder, GOOD).contract is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "end = 2025-02-28",
            "end = 2024-02-01",
            ": “2024-02-01” cannot be used for “contract.end”. Allowed: ≥ 2024-03-01",
        ),
        ("baseline_start = 2023-03-01", "", " lacks “contract.baseline_start”. Add it"),
        ("baseline_end = 2024-02-29", "", " lacks “contract.baseline_end”. Add it"),
        ('basis = "gsv"', "", " lacks “contract.basis”. Add it"),
        ('basis = "gsv"', 'basis = "gmv"', ": “gmv” cannot be used for “contract.basis”. Allowed: pay_amount, gsv"),
        ("rate = 0.05", "rate = 5", ": “5” cannot be used for “contract.fee_tiers.0.rate”. Allowed: ≤ 1"),
        ("fixed_fee = 20000", "fixed_fee = -1", ": “-1” cannot be used for “contract.fixed_fee”. Allowed: ≥ 0"),
        (
            "to = 2024-08-31",
            "to = 2023-08-31",
            ": “2023-08-31” cannot be used for “contract.kpis.0.to”. Allowed: ≥ 2024-03-01",
        ),
        ("target = 6000000", "target = inf", ": “inf” cannot be used for “contract.kpis.0.target”. Allowed: 0.5"),
        (
            "penalty =",
            "penalti =",
            " has a setting “contract.kpis.0.penalti” that does not exist. Did you mean “penalty”?",
        ),
        (
            "{from = 0,",
            "{form = 0,",
            " has a setting “contract.fee_tiers.0.form” that does not exist. Did you mean “from”?",
        ),
    ],
)
def test_a_clause_that_cannot_be_is_refused(folder, old, new, told):
    assert told in faults(folder, GOOD + CONTRACT.replace(old, new))


@pytest.mark.parametrize("floors", [(0, 0), (500_000, 0)])
def test_fee_tiers_rise(folder, floors):
    tiers = ", ".join(f"{{from = {floor}, rate = 0.05}}" for floor in floors)
    (told,) = faults(folder, GOOD + f'[contract]\nstart = 2024-03-01\nbasis = "gsv"\nfee_tiers = [{tiers}]\n')
    assert told.endswith("cannot be used for “contract.fee_tiers”. Allowed: from: 0 < 500000 < 1000000 …")


def test_a_clause_may_be_about_what_a_goal_may_be_about():
    assert GOALS.field("metric").words == GOAL_METRICS


def test_the_trades_thresholds_hold_unless_others_are_set(folder):
    found = load(folder, GOOD + "[thresholds]\njump_times = 5\n").thresholds
    assert (found.refund_open_days, found.jump_times, found.suspicious_times) == (30, 5, 20)


def test_a_benchmark_is_of_a_figure_that_does_not_grow_with_the_shop(folder):
    assert load(folder, GOOD + "[benchmarks]\npay_cvr = 0.026\n").benchmarks == {"pay_cvr": 0.026}
    figures = {kpi.name for kpi in kpis.KPIS if not kpi.size and kpi.name != "visitors"}
    assert set(settings.BENCHMARKS) == figures
    assert {name for name in figures if kpis.BY_NAME[name].unit in kpis.RATES} == set(settings.BENCHMARK_RATES)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("pay_cvrr = 0.03", "“benchmarks.pay_cvrr” that does not exist. Did you mean “pay_cvr”?"),
        ("pay_amount = 9", "“benchmarks.pay_amount” that does not exist"),
        ("pay_cvr = -1", "“benchmarks.pay_cvr”"),
        ("pay_cvr = 2.6", "“benchmarks.pay_cvr”. Allowed: ≤ 1"),
    ],
)
def test_a_benchmark_of_no_figure_is_refused_with_the_nearest(folder, line, told):
    with pytest.raises(KitError, match=r"e\.config") as error:
        load(folder, GOOD + f"[benchmarks]\n{line}\n")
    (fault,) = said(error)
    assert told in fault


def test_a_day_is_no_number_of_seconds(folder):
    told = faults(folder, GOOD + '[files."a.csv"]\nstart = 20241101\n')
    assert told == [": “20241101” cannot be used for “files.a.csv.start”. Allowed: 2024-11-01"]


def test_a_file_that_ends_before_it_starts_is_refused(folder):
    told = faults(folder, GOOD + '[files."a.csv"]\nstart = 2024-11-02\nend = "2024-11-01"\n')
    assert told == [": “2024-11-01” cannot be used for “files.a.csv.end”. Allowed: ≥ 2024-11-02"]


EVERY = (
    "timezone", "report_date", "name", "locale", "shops", "shops.tmall.aliases", "shops.tmall.sell", "shops.tmall.name",
    "shops.tmall.paid_includes_subsidy", "market.price_edges", "market.breaks", "market.brand", "contract", "contract.start",
    "contract.fee_tiers", "contract.kpis", "thresholds.price_cut", "thresholds.refund_open_days", "exports",
    "exports.na", "attribution", "attribution.qianchuan", "files", "files.a.window_days", "files.a.downloaded",
)  # fmt: skip
STRANGE = ("[]", "[[]]", "{}", "{a = 1}", "true", "3", "-0.5", "nan", '"x"', '""', "2024-02-30", "09:30:00", "[1, {}]")


@pytest.mark.parametrize("setting", EVERY)
def test_no_fault_is_told_in_a_librarys_words(folder, setting):
    for value in STRANGE:
        top = [f"{setting} = {value}", 'name = "a"', 'agency = "a"', 'shops.tmall = {platform = "tmall", name = "a"}']
        used = [line for line in top[1:] if not setting.startswith(line.split(" ")[0].split(".")[0])]
        rest = ['shops.tmall.platform = "tmall"'] if setting.startswith("shops.tmall") else []
        try:
            load(folder, "\n".join([top[0], *used, *rest]) + "\n")
        except KitError as error:
            told = [*map(Words("en").problem, error.problems)]
            assert not [line for line in told if "nput" in line or "pydantic" in line], told


@pytest.mark.parametrize("edges", ["[100, 50]", "[]", "[0]", "[0, 50, inf]", "[50, 50]", "[-1, 5]"])
def test_price_edges_rise_from_zero_on(folder, edges):
    with pytest.raises(KitError, match=r"e\.config\.value") as error:
        load(folder, GOOD + f"price_edges = {edges}\n")
    assert "market.price_edges" in said(error)[0]


def test_breaks_of_the_category_are_days(folder):
    found = load(folder, GOOD + 'breaks = [2024-03-01, "2023-01-01"]\n').market
    assert found.breaks == (dt.date(2024, 3, 1), dt.date(2023, 1, 1))
    with pytest.raises(KitError, match=r"e\.config\.value") as error:
        load(folder, GOOD + "breaks = [20240301]\n")
    assert "market.breaks" in said(error)[0]


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


def test_a_shop_folder_that_windows_cannot_make_is_refused(folder):
    with pytest.raises(KitError) as error:
        load(folder, GOOD.replace("[shops.tmall]", "[shops.con]"))
    assert said(error) == ["data/acme/client.toml: “con” cannot be used for “shops.con”. Allowed: con → con-shop"]
