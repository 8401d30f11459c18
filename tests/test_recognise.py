"""Which export a sheet is: by its header alone, or an error that names the nearest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import ids, reading

from kit.errors import KitError
from kit.exports import candidates, dictionary
from kit.exports.dictionary import exports, normal
from kit.exports.recognise import Hint, recognise
from kit.tables import INPUTS, TABLES

SHOP_TABLES = [t for t in TABLES if t not in INPUTS]
ZH = Hint("zh", shop="tmall", platform="tmall")
OVERVIEW = ["统计日期", "访客数", "下单买家数", "支付买家数", "支付金额", "支付转化率"]


def match(*rows, hint=ZH, tables=SHOP_TABLES):
    return recognise([list(row) for row in rows], "x.csv", tables=tables, hint=hint)


def fault(*rows, hint=ZH, tables=SHOP_TABLES):
    with pytest.raises(KitError, match="e\\.") as caught:
        match(*rows, hint=hint, tables=tables)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("export", exports(), ids=lambda e: e.id)
def test_each_export_is_recognised_by_its_own_required_columns(export):
    header = [export.header_of(name.split("|")[0]) for name in export.required]
    platform = export.platforms[0] if export.platforms else "other"
    assert match(header, hint=Hint("zh", platform=platform), tables=TABLES).export.id == export.id


@pytest.mark.parametrize("export", exports(), ids=lambda e: e.id)
def test_each_export_is_recognised_by_all_its_columns(export):
    header = list({c.target: c.header for c in reversed(export.columns)}.values())
    platform = export.platforms[0] if export.platforms else "other"
    assert match(header, hint=Hint("zh", platform=platform), tables=TABLES).export.id == export.id


@given(st.permutations([*OVERVIEW, "新的一列", "又一列"]))
def test_order_and_new_columns_do_not_matter(header):
    found = match(header)
    assert found.export.id == "sycm_trade_overview"
    assert sorted(found.ignored) == ["又一列", "新的一列"]
    assert {header[place]: column.to for place, column in found.at.items()}["支付金额"] == "pay_amount"


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("支付转换率", "支付转化率"),
        ("\ufeff统计日期", "统计日期"),
        ("支付 金额\t", "支付金额"),
        ("支付\n金额", "支付金额"),
        ("\u3000访客数", "访客数"),
        ("成交金额（元）", "成交金额(元)"),
        ("帐号名称", "账号名称"),
        ("Update_Time", "update_time"),
    ],
)
def test_renamed_headers_match(header, column):
    assert normal(header) == normal(column)


def test_a_unit_behind_a_name_does_not_hide_it():
    found = match(["统计日期", "访客数(人)", "支付买家数", "支付金额（元）"])
    assert [column.to for column in found.at.values()] == ["date", "visitors", "pay_buyers", "pay_amount"]


def test_the_header_lies_below_a_preamble():
    found = match(["生意参谋 交易概况"], ["统计周期：2024-11-01"], [], ["说明：按支付时间"], OVERVIEW, ["2024-11-01"])
    assert (found.row, found.export.id) == (4, "sycm_trade_overview")


def test_of_two_variants_the_first_listed_is_read_first():
    found = match(["采集日期", "商品ID", "店铺名称", "品牌", "页面价"])
    assert found.places("brand") == [3, 2]
    assert found.ignored == ()


def test_personal_columns_are_dropped_by_name():
    found = match(["采集日期", "商品ID", "品牌", "页面价", "掌柜旺旺", "客服电话", "收货地址", "买家备注", "等级"])
    assert found.dropped == ("掌柜旺旺", "客服电话", "收货地址", "买家备注")
    assert found.ignored == ("等级",)


def test_a_missing_column_is_named_with_the_export_and_where_to_get_it():
    problem = fault(["统计日期", "访客数", "支付买家数", "客单价"])
    assert problem.id == "e.col"
    assert problem.args["cols"] == ["支付金额"]
    assert problem.args["export"] == "生意参谋 交易概况"
    assert "交易概况" in problem.args["menu"]


def test_a_column_that_looks_like_the_missing_one_is_named():
    problem = fault(["统计日期", "访客数", "支付买家数", "支付总金额"])
    assert (problem.id, problem.args["cols"], problem.args["found"]) == ("e.col.renamed", ["支付金额"], ["支付总金额"])


def test_several_near_exports_are_all_named():
    problem = fault(["月份", "类目"])
    assert problem.id == "e.unknown.near"
    assert len(problem.args["near"]) > 1


def test_an_unknown_column_of_dates_is_not_replaced_by_the_files_name():
    problem = fault(["抓取日期", "商品ID", "品牌", "页面价"])
    assert problem.args["cols"] == ["采集日期"]


def test_a_header_like_none_is_unknown():
    assert fault(["a", "b", "c"], ["1", "2", "3"]).id == "e.unknown"


@pytest.mark.parametrize("column", ["商品ID", "SKU", "搜索词", "流量来源"])
def test_rows_finer_than_a_day_of_the_shop_are_refused(column):
    problem = fault([*OVERVIEW, column])
    assert (problem.id, problem.args["col"]) == ("e.grain", column)


def test_a_brand_table_is_no_category_series():
    assert match(["统计日期", "类目名称", "品牌名称", "交易指数"]).export.table.name == "rivals"
    assert fault(["统计日期", "类目名称", "属性值", "交易指数"]).id == "e.grain"


def test_a_column_twice_is_refused():
    problem = fault([*OVERVIEW, "支付金额"])
    assert (problem.id, problem.args["col"]) == ("e.twice", "支付金额")


def test_an_export_of_another_platform_is_refused():
    problem = fault(OVERVIEW, hint=Hint("zh", shop="dy", platform="douyin"))
    assert (problem.id, problem.args["platform"], problem.args["shop"]) == ("e.platform", "douyin", "dy")


def test_one_of_the_shops_own_platform_that_lacks_a_column_is_named_before_another_platforms_with_fewer():
    shop, douyin = ["店铺访客数", "成交金额", "成交订单数"], Hint("zh", shop="dy", platform="douyin")
    problem = fault([*shop, "新客成交人数", "老客成交人数", "退款金额"], hint=douyin)
    assert (problem.id, problem.args["export"]) == ("e.col", "抖音电商罗盘 店铺核心数据")
    assert (problem.args["cols"], fault(shop, hint=douyin).id) == (["日期"], "e.platform")


def test_the_stem_decides_between_equals(monkeypatch):
    twin = "menu: {zh: x, en: x}\nname: {zh: x, en: x}\nrequired: [date, visitors]\nexports:\n"
    twin += "  - {id: one, table: shop_daily, columns: {甲日: date, 乙数: visitors}}\n"
    twin += "  - {id: two, table: listings, columns: {甲日: date, 乙数: sales}, required: [date, sales]}\n"
    monkeypatch.setattr(dictionary, "_check", lambda where, export: None)
    pair = tuple(dictionary.parse("twin", twin))
    for module in ("recognise", "candidates"):
        monkeypatch.setattr(f"kit.exports.{module}.exports", lambda: pair)
    monkeypatch.setattr("kit.exports.candidates._index", candidates._index.__wrapped__)
    assert match(["甲日", "乙数"], hint=Hint("zh", stem="2024 listings")).export.id == "two"
    assert match(["甲日", "乙数"], hint=Hint("zh", table="shop_daily")).export.id == "one"
    problem = fault(["甲日", "乙数"])
    assert (problem.id, problem.args["tables"]) == ("e.ambiguous", "listings, shop_daily")


def test_a_stated_table_lets_a_plain_sheet_be_read_in_another_platforms_folder():
    stated = Hint("zh", table="shop_daily", shop="jd", platform="jd")
    assert match(["日期", "访客数", "支付金额", "支付买家数"], hint=stated).export.id == "generic_shop_daily"


def test_names_are_in_the_clients_language():
    problem = fault(["统计日期", "访客数", "支付买家数", "客单价"], hint=Hint("en", platform="tmall"))
    assert "Business Advisor" in problem.args["export"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("columns: {甲: date, 甲: visitors}", "duplicate key"),
        ("columns: {甲: date, 甲 : visitors}", "duplicate key"),
        ("columns: {转化率: date, 转换率: visitors}", "match alike"),
        ("columns: {甲: dat}", "no column dat"),
        ("columns: {2024: date}", "no text"),
        ("columns: {甲: {to: date, type: dates}}", "unknown types"),
        ("columns: {甲: date}\n    colums: {}", "unknown fields"),
        ("columns: {甲: date}\n    set: {sort: x}", "unknown columns in set"),
        ("columns: {乙: visitors}", "without a header"),
        ("columns: {甲: date}\n    by: [week]", r"by that are none of these \['week \(day, month"),
        ("columns: {甲: date}\n    kept_days: 0", "above 0 \\['kept_days: 0'"),
        ("columns: {甲: date}\n    file_days: '31'", "above 0 \\['file_days: 31'"),
    ],
)
def test_a_slip_in_a_dictionary_is_named(line, told):
    names = "name: {zh: a, en: b}\n    menu: {zh: a, en: b}"
    text = f"exports:\n  - id: x\n    {names}\n    table: shop_daily\n    {line}\n"
    with pytest.raises(ValueError, match=told):
        dictionary.parse("some", text + "    required: [date]\n")


def test_each_table_has_an_export_that_brings_it():
    assert [t for t in TABLES if not dictionary.bringing(t)] == []
    assert not dictionary.bringing("shop_daily")[0].generic


def test_a_report_that_lacks_what_it_cannot_do_without_is_not_taken_for_another_one():
    refunds = [
        "订单编号",
        "订单付款时间",
        "退款完结时间",
        "买家实际支付金额",
        "宝贝标题",
        "买家退款金额",
        "是否需要退货",
    ]
    refunds += ["退款的申请时间", "退款状态", "买家退款原因", "责任方", "售中或售后", "部分退款/全部退款", "商家编码"]
    assert match([*refunds, "退款编号"]).export.id == "qianniu_refunds"
    problem = fault(refunds)
    assert (problem.id, problem.args["cols"]) == ("e.rather", ["退款编号"])
    assert problem.args["table"] == match(refunds, hint=Hint("zh", table="orders", platform="tmall")).export.table.name


def without(export, name, chosen=lambda header: True):
    """An export's header without a column that it cannot do without, and without others not ``chosen``."""
    asked = {part for required in export.required for part in required.split("|")}
    columns = {c.target: c.header for c in reversed(export.columns) if c.target not in name.split("|")}
    return [header for target, header in columns.items() if target in asked or chosen(header)]


def taken_for(export, name, header):
    """What a header without ``name`` is read as, if its rows then mean something else; None if they do not, or it is
    refused."""
    try:
        found = match(header, hint=Hint("zh", platform=(*export.platforms, "other")[0]), tables=TABLES)
    except KitError:
        return None
    keys = {f.name for f in export.table.fields if f.key and f.name != export.table.time}
    stated = {c.target for c in export.columns if c.header in header} & keys
    same = found.export.table == export.table and stated <= {c.target for c in found.at.values()}
    return None if same and not keys.intersection(name.split("|")) else found


@pytest.mark.parametrize("export", exports(), ids=lambda e: e.id)
def test_an_export_that_is_refused_for_a_column_is_named_as_itself_or_as_one_that_knows_the_rest_of_it(export):
    hint = Hint("zh", platform=(*export.platforms, "other")[0])
    for header in (without(export, name) for name in export.required):
        try:
            match(header, hint=hint, tables=TABLES)
        except KitError as error:
            named = error.problems[0].args.get("export", export.name["zh"])
            alike = [e for e in exports() if e.name["zh"] == named and set(map(normal, header)) <= set(e.by_name)]
            assert named == export.name["zh"] or alike, (header, named)


def knows(found, header):
    return not found.ignored and not found.dropped and len(found.at) == len(header)


@pytest.mark.parametrize("export", exports(), ids=lambda e: e.id)
def test_an_export_that_lacks_a_column_is_no_other_one_unless_that_one_knows_every_column_of_it(export):
    for name in export.required:
        header = without(export, name)
        found = taken_for(export, name, header) if len(header) > 1 else None
        assert found is None or found.export == export or knows(found, header), (name, found.export.id)


@given(st.data())
def test_nor_is_it_with_some_of_its_columns(data):
    export = data.draw(st.sampled_from(exports()))
    name = data.draw(st.sampled_from(export.required))
    header = without(export, name, lambda _: data.draw(st.booleans()))
    found = taken_for(export, name, header) if len(header) > 1 else None
    assert found is None or found.export == export or knows(found, header), (name, header, found.export.id)


BRAND_ADS = "日期,计划名称,展现量,点击量,消耗,进店访客数"


@pytest.mark.parametrize(
    ("header", "row", "taken"),
    [
        (BRAND_ADS, "2024-11-01,甲,100,{n},10.00,5", "pinxiaobao_campaign"),  # of ad groups, without their names
        ("统计日期,访客数,支付买家数,支付金额", "2024-11-01,{n},3,300.00", "sycm_trade_overview"),  # of search terms
        ("日期,访客数,支付金额", "2024-11-01,{n},300.00", "generic_shop_daily"),  # of categories
        ("月份,类目,交易指数", "2024-11,面膜,{n}", "sycm_market_index"),  # of brands
    ],
)
def test_where_no_column_tells_the_finer_export_its_repeated_keys_do(tmp_path, header, row, taken):
    made = reading(tmp_path, {"exports/a.csv": "\n".join([header, row.format(n=50), row.format(n=60), ""])})
    assert (made.ledger[0]["export"], ids(made)[-1]) == (taken, "e.clash.sheet")
