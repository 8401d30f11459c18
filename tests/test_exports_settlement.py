"""What platforms settle with a shop: a ledger of each, as it lies in its file, and what its bookings mean."""

import pytest
from making import client, ids, reading, said, stated, xlsx

from kit import checking, store
from kit.text import Words

ALIPAY = """#支付宝账务明细查询
#账号：[2088…0156]
#起始日期：[2026年05月01日 00:00:00] 终止日期：[2026年06月01日 00:00:00]
#----------------账务明细列表----------------
账务流水号,业务流水号,商品名称,发生时间,收入金额（+元）,支出金额（-元）,账户余额（元）,业务类型,备注,商户订单号,对方账号,业务描述,业务基础订单号
7001\t,1,面霜,2026-05-02 10:00:00,598.00,0.00,"1,598.00",交易付款,给张三,T200P4012345678901234567,wang***@x.com,0010001|交易收款-交易收款,
7002\t,2,,2026-05-03 10:00:00,0.00,-29.90,1568.10,在线支付,给张三,,wang***@x.com,0030002|技术服务费,4012345678901234567
7003\t,3,,2026-05-31 09:00:00,0.00,"-1,000.00",568.10,提现,,,wang***@x.com,,
#-----------------------------------------账务明细列表结束------------------------------------
"""
PDD = """拼多多店铺账务明细查询

起始时间：2026-06-01 00:00:00  终止时间：2026-06-30 23:59:59
----------交易记录明细列表---------
商户订单号,发生时间,收入金额（+元）,支出金额（-元）,账务类型,备注,业务描述
260620-1,2026-06-30 23:30:43,61.80,0,交易收入,-,0010002|交易收入-订单收入
260620-1,2026-06-30 23:30:43,0,-0.37,技术服务费,-,0030002|技术服务费-基础技术服务费
,2026-06-30 23:40:00,0,-500,转账,给张三,0050001|转账-广告充值
"""
QIANNIU = (
    "商家昵称,入帐日期,入帐时间,支付流水号,主订单id,子订单id,入帐类型,收入金额(元),支出金额(元),业务描述,备注\n"
    "某某旗舰店,2026-06-01,2026-06-01 10:00:00,9001,4012,40121,交易收款,99.00,0.00,货款,给张三\n"
    "某某旗舰店,2026-06-02,,9002,4012,40121,佣金,,4.95,天猫佣金,\n"
)
BILL = (
    "入账时间,支付流水号,淘宝订单编号,入账类型,收入金额（元）,支出金额,业务描述,备注\n"
    "2026-06-01 10:00:00,9001,4012,交易收款,99.00,,货款,订单{4012}退款\n"
)
LIANMENG = (
    "确认收货时间,账户支出时间,淘客结算时间,创建时间,计划名称,商品id,佣金,服务费金额,淘宝父订单编号,淘宝子订单编号,来源或淘客昵称\n"
    "2026-06-09 10:00:00,2026-06-10 10:00:00,,2026-06-01 10:00:00,日常,6123,5.00,0.50,4012\t,40121\t,小美爱分享\n"
    ",,,2026-06-02 10:00:00,日常,6123,4.00,0.40,4013\t,40131\t,小美爱分享\n"
)
STATEMENT = (
    "订单编号,父单号,商品编号,商品数量,费用名称,应结金额,收支方向,结算状态,结算时间,账单生成时间,资金动账备注\n"
    "3001,,100012,1,货款,99.00,收入,已结算,2026-06-10 01:00:00,2026-06-09 01:00:00,给张三\n"
    "3001,,100012,1,佣金,-4.95,支出,已结算,2026-06-10 01:00:00,2026-06-09 01:00:00,\n"
    "3002,,100012,1,货款,-13.80,支出,未结算,,2026-06-09 01:00:00,\n"
)
DOUYIN = (
    "动账时间,动帐流水号,动账方向,动账金额,动账场景,计费类型,子订单号,订单号,订单实付应结,实际平台补贴,实际平台补贴_运费,平台服务费,佣金,站外推广费,渠道分成,备注\n"
    "2026-06-10 01:00:00,8001,入账,95.00,货款结算入账,货款,6921,6920,100,3,1,-5,-2,-1,-1,给张三\n"
    "2026-06-11 01:00:00,8002,出账,20.00,保证金充值,其他,,,,,,,,,,\n"
)
INSURED = (
    "投保单号,订单编号,下单时间,承保时间,保险名称,承保保司,保费来源,支付保费,保费状态\n"
    "B1,6920,2026-06-01 09:00:00,2026-06-02 09:00:00,退货运费险,甲财险,商家,0.55,已支付\n"
)
SETTLED = [
    ["商家ID", "公司名称", "钱包账户", "订单编号", "业务单据编号", "商品编号", "结算时间", "结算金额合计", "收入金额合计",
     "支出金额合计"],
    ["1", "某某科技有限公司", "zh001", "3001", "D1", "100012", "2026-06-10 01:00:00", "9.67", "10.00", "-0.33"],
]  # fmt: skip


def read(folder, platform, content, name="流水.csv"):
    made = reading(folder, {f"exports/{name}": content}, {platform: platform})
    assert ids(made) == []
    assert "张三" not in made.tables["settlement"].to_csv()
    return made


@pytest.mark.parametrize(
    ("platform", "content", "export", "amounts", "transfers"),
    [
        ("tmall", ALIPAY.encode("gb18030"), "alipay_ledger", [598, -29.9, -1000], [False, False, True]),
        ("pinduoduo", PDD.encode("gb18030"), "pinduoduo_ledger", [61.8, -0.37, -500], [False, False, True]),
        ("tmall", QIANNIU, "qianniu_ledger", [99, -4.95], [False, False]),
        ("tmall", BILL, "qianniu_bill", [99], [False]),
        ("tmall", LIANMENG.encode("gbk"), "lianmeng_orders", [-4.4, -5.5], [False, False]),
        ("jd", STATEMENT, "jingmai_statement", [-13.8, -4.95, 99], [False, False, False]),
        ("douyin", DOUYIN, "doudian_ledger", [95, -20], [False, True]),
        ("douyin", INSURED, "doudian_freight_insurance", [-0.55], [False]),
    ],
)
def test_a_booking_is_what_came_in_less_what_went_out(tmp_path, platform, content, export, amounts, transfers):
    made = read(tmp_path, platform, content)
    assert made.ledger[0]["export"] == export
    found = made.tables["settlement"]
    assert found["amount"].tolist() == pytest.approx(amounts)
    assert found["transfer"].tolist() == transfers


def test_the_order_of_a_booking_is_found_within_what_alipay_calls_it(tmp_path):
    found = read(tmp_path, "tmall", ALIPAY).tables["settlement"]
    assert found["order_id"].tolist() == ["4012345678901234567", "4012345678901234567", ""]
    assert stated(found, 1) == {
        "booked_at": "2026-05-03 10:00:00",
        "entry_id": "7002",
        "order_id": "4012345678901234567",
        "fee_name": "在线支付",
        "amount": -29.9,
        "income": 0,
        "expense": 29.9,
        "description": "0030002|技术服务费",
        "balance": 1568.1,
        "transfer": False,
    }


def test_what_has_no_time_of_booking_is_of_its_day(tmp_path):
    found = read(tmp_path, "tmall", QIANNIU).tables["settlement"]
    assert found["booked_at"].astype(str).tolist() == ["2026-06-01 10:00:00", "2026-06-02 00:00:00"]
    assert found["line_id"].tolist() == ["40121", "40121"]


def test_an_order_that_is_not_settled_goes_by_the_last_that_happened_to_it(tmp_path):
    found = read(tmp_path, "tmall", LIANMENG).tables["settlement"].set_index("order_id")
    assert found["booked_at"].dt.day.to_dict() == {"4012": 10, "4013": 2}


def test_goods_money_that_goes_out_is_a_refund_and_may_be_unsettled(tmp_path):
    found = read(tmp_path, "jd", STATEMENT).tables["settlement"]
    assert stated(found) == {
        "booked_at": "2026-06-09 01:00:00",
        "order_id": "3002",
        "item_id": "100012",
        "fee_name": "货款",
        "amount": -13.8,
        "direction": "out",
        "transfer": False,
    }


def test_a_newer_statement_without_a_direction_keeps_the_sign_of_its_amounts(tmp_path):
    newer = (
        STATEMENT.replace("收支方向", "费用分类").replace("结算状态,", "").replace(",已结算", "").replace(",未结算", "")
    )
    assert read(tmp_path, "jd", newer).tables["settlement"]["amount"].tolist() == [-13.8, -4.95, 99]


def test_a_statement_that_lacks_a_column_is_named_with_it(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": STATEMENT.replace("费用名称", "名目")}, {"jd": "jd"})
    assert [("费用名称" in sentence, "对账中心" in sentence) for sentence in said(made)] == [(True, True)]


def test_settled_orders_lie_on_the_second_sheet_and_an_expense_is_turned(tmp_path):
    made = read(tmp_path, "jd", xlsx({"说明": [["以下为明细"]], "明细": SETTLED}), "已结算.xlsx")
    record = stated(made.tables["settlement"])
    assert {k: record[k] for k in ("amount", "income", "expense")} == {"amount": 9.67, "income": 10, "expense": 0.33}
    assert "某某科技" not in made.tables["settlement"].to_csv()


def test_fees_of_one_kind_are_added_up(tmp_path):
    record = stated(read(tmp_path, "douyin", DOUYIN).tables["settlement"])
    fees = {k: record[k] for k in ("platform_subsidy", "platform_fee", "creator_commission", "other_fee")}
    assert fees == {"platform_subsidy": 4, "platform_fee": -5, "creator_commission": -2, "other_fee": -2}


def test_two_bookings_of_one_second_differ_by_their_amounts(tmp_path):
    twice = PDD + "260620-1,2026-06-30 23:30:43,0,-0.50,技术服务费,-,0030002|技术服务费-基础技术服务费\n"
    assert len(read(tmp_path, "pinduoduo", twice).tables["settlement"]) == 4


@pytest.mark.parametrize(
    ("locale", "told"), [("zh", "提现、充值和保证金1行"), ("en", "1 withdrawal, top-up or deposit")]
)
def test_the_check_says_how_much_of_a_ledger_is_moved_between_own_accounts(tmp_path, locale, told):
    found = client(tmp_path, {"exports/a.csv": PDD.encode("gb18030")}, {"pinduoduo": "pinduoduo"})
    (line,) = checking.ledger(store.inspect(found), Words(locale))
    assert told in line
