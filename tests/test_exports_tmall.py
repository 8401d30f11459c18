"""The exports of Taobao and Tmall: a literal file of each, its columns in another order, one renamed, one new."""

import csv
import io
import re

import pandas as pd
import pytest
from making import reading, xlsx

NOTES = [["生意参谋"], ["统计周期：2024-11-01 ~ 2024-11-01"], ["说明：数据按支付时间统计"], []]


def rows(text):
    """The rows of a sheet that is written by its columns, one a line: header | cell | cell."""
    return [
        list(row)
        for row in zip(*([c.strip() for c in line.split("|")] for line in text.split("\n") if line), strict=True)
    ]


def lines(text):
    """The same as a CSV file."""
    target = io.StringIO()
    csv.writer(target).writerows(rows(text))
    return target.getvalue()


def sycm(text):
    """The same as 生意参谋 writes it: notes above the header."""
    return xlsx({"Sheet1": [*NOTES, *rows(text)]})


def made(folder, name, content):
    found = reading(folder, {f"exports/{name}": content})
    assert [p.id for p in found.problems if not p.warning] == []
    return found


def table(folder, name, content, of):
    return made(folder, name, content).tables[of]


def says(frame, row=0, **values):
    """The row states these values; None stands for missing."""
    for column, value in values.items():
        found = frame[column].iloc[row]
        if isinstance(found, pd.Timestamp):
            assert found == pd.Timestamp(value), column
        elif value is None:
            assert pd.isna(found), column
        else:
            assert found == (pytest.approx(value) if isinstance(value, float) else value), column


# ---- 千牛 -----------------------------------------------------------------------------------------------------

ORDERS = """
订单编号 | ="1234567890123456" | ="1234567890123457" | ="1234567890123458" | ="1234567890123459"
店铺名称 | 店 | 店 | 店 | 店
买家会员名 | 买家A | 买家B | 买家A | 买家C
买家支付宝账号 | alipay-x | alipay-y | alipay-x | alipay-z
买家应付货款 | 598 | 90 | 1,598 | 200
买家应付邮费 | 0 | 10 | 0 | 0
总金额 | 598 | 100 | 1,598 | 200
买家实际支付金额 | 598 | 0 | 1,598 | 200
订单状态 | 买家已付款，等待卖家发货 | 等待买家付款 | 交易关闭 | 交易成功
买家留言 | 留言甲 |  |  |
收货人姓名 | 王小明 | 李大方 | 王小明 | 赵六
收货地址 | 某街八号  |  |  |
联系电话 | '075500000000 |  |  |
联系手机 | '18600005463 | '18600005464 | '18600005463 | '18600005465
订单付款时间 | 2016/5/23 22:03 |  | 2016/5/24 9:01 | 2016-05-24 10:00:05
订单创建时间 | 2016/5/23 22:02 | 2016/5/24 8:00 | 2016/5/24 9:00 | 2016-05-24 09:59:59
宝贝标题 | 面霜 | 面霜 | 面霜 | 面霜
物流单号 | YT0001 |  |  |
订单备注 | 备注甲 |  |  |
宝贝总数量 | 1 | 2 | 1 | 1
订单关闭原因 | 订单未关闭 |  | 退款 |
买家服务费 | 0元 | 0元 | 0元 | 0元
发票抬头 | 某公司 |  |  |
修改后的收货地址 | 某街九号 |  |  |
退款金额 | 0 |  | 1,598.00 | 0
确认收货时间 |  |  |  | 2016-05-30 12:00:00
打款商家金额 | 12.3元 | 0元 | 0元 | 200元
是否代付 | 否 | 否 | 否 | 否
"""
BUYERS = [
    "买家A",
    "alipay-x",
    "留言甲",
    "王小明",
    "某街",
    "0755",
    "186000",
    "YT0001",
    "备注甲",
    "某公司",
    "李大方",
    "赵六",
]


def orders():
    """Some header names end in a blank."""
    header, rest = lines(ORDERS).split("\n", 1)
    return re.sub("(收货地址|联系电话|订单付款时间|宝贝标题|物流单号),", r"\1 ,", header) + "\n" + rest


def test_an_order_report_states_orders_their_payment_and_their_state(tmp_path):
    frame = table(tmp_path, "ExportOrderList202405.csv", orders().encode("gb18030"), "orders")
    says(
        frame, 0, order_id="1234567890123456", status="paid", created_at="2016-05-23 22:02", paid_at="2016-05-23 22:03"
    )
    says(frame, 0, list_amount=598.0, payable_amount=598.0, paid_amount=598.0, freight=0.0, quantity=1.0)
    says(frame, 1, status="unpaid", paid_at=None, paid_amount=0.0, freight=10.0, refund_amount=None, quantity=2.0)
    says(frame, 2, status="closed", close_reason="退款", paid_amount=1598.0, refund_amount=1598.0)
    says(frame, 3, status="completed", completed_at="2016-05-30 12:00:00", refund_amount=0.0)


def test_what_is_paid_out_to_the_shop_later_is_not_what_an_order_brought(tmp_path):
    frame = table(tmp_path, "a.csv", orders(), "orders")
    assert frame["received_amount"].isna().all()


def test_a_buyer_has_the_same_key_in_every_order(tmp_path):
    keys = table(tmp_path, "a.csv", orders(), "orders")["buyer_key"]
    assert keys[0] == keys[2] != keys[1]
    assert not keys.isin(BUYERS).any()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("未创建支付宝交易", "unpaid"),
        ("买家已付款,等待卖家发货", "paid"),
        ("卖家部分发货", "paid"),
        ("卖家已发货，等待买家确认", "shipped"),
        ("交易成功", "completed"),
    ],
)
def test_each_state_of_an_order_is_known(tmp_path, said, status):
    text = f'订单编号,买家实际支付金额,订单状态,订单创建时间\n1,5,"{said}",2024-11-01 10:00:00\n'
    says(table(tmp_path, "a.csv", text, "orders"), 0, status=status)


CHOSEN = """
买家下单时间 | 2024-11-01 10:00:00
订单编号 | 4012345678901234567
支付单号 | zf2024x
买家实付金额 | 99.5
总金额 | 120
总金额(旧版) | 130
退款金额 |
买家付款时间 | 2024-11-01 10:01:00
发货时间 | 2024-11-02 08:00:00
确认收货时间 |
运单号 | SF77
"""


def test_an_order_report_with_chosen_columns_states_what_was_chosen(tmp_path):
    frame = table(tmp_path, "订单报表.xlsx", xlsx({"Sheet1": rows(CHOSEN)}), "orders")
    says(frame, 0, order_id="4012345678901234567", created_at="2024-11-01 10:00:00", paid_at="2024-11-01 10:01:00")
    says(frame, 0, list_amount=120.0, paid_amount=99.5, refund_amount=None, shipped_at="2024-11-02 08:00:00")
    says(frame, 0, completed_at=None, buyer_key=None)


def test_two_names_of_one_column_complete_each_other(tmp_path):
    text = "订单编号,订单创建时间,买家下单时间\n1,2024-11-01 10:00:00,\n2,,2024-11-02 10:00:00\n"
    frame = table(tmp_path, "a.csv", text, "orders")
    assert frame["created_at"].dt.day.tolist() == [1, 2]


@pytest.mark.parametrize("own", ["实付金额", "支付金额"])
def test_a_sheet_of_ones_own_is_not_taken_for_an_order_report_that_loses_its_amounts(tmp_path, own):
    text = f"订单编号,订单创建时间,订单付款时间,{own}\n1,2024-11-01 10:00:00,2024-11-01 10:01:00,99.5\n"
    found = made(tmp_path, "订单.csv", text)
    assert found.ledger[0]["export"] == "generic_orders"
    says(found.tables["orders"], paid_amount=99.5)


def test_an_account_that_the_platform_masks_is_no_key(tmp_path):
    text = "订单编号,买家会员名,买家实付金额\n1,t**,5\n2,t**,6\n"
    assert table(tmp_path, "a.csv", text, "orders")["buyer_key"].isna().all()


LINES = """
主订单编号 | ="88001" | ="88001"
子订单编号 | ="88001" | ="88002"
标题 | 面霜 | 小样
价格 | 99.50 | 0
购买数量 | 2 | 1
外部系统编号 | W1 |
商品属性 | 规格:50ml |
备注 | None | 转给张三
订单状态 | 交易成功 | 卖家已发货，等待买家确认
商家编码 | A-1 |
支付单号 | zf001 | zf001
买家应付货款 | 199 | 0
买家实际支付金额 | 1,199.00 | 0
退款状态 | 没有申请退款 | 买家已经申请退款，等待卖家同意
退款金额 | 0 | -
订单创建时间 | 2024-11-01 10:00:00 | 2024-11-01 10:00:00
订单付款时间 | 2024-11-01 10:01:00 | 2024-11-01 10:01:00
是否预售 | 否 | 否
"""


def test_an_item_report_states_lines_and_their_orders(tmp_path):
    frame = table(tmp_path, "ExportOrderDetailList.csv", lines(LINES).encode("gb18030"), "order_lines")
    says(frame, 0, order_id="88001", line_id="88001", title="面霜", spec="规格:50ml", merchant_sku="A-1")
    says(frame, 0, quantity=2.0, unit_price=99.5, line_amount=199.0, paid_amount=1199.0, refund_amount=0.0)
    says(frame, 0, status="completed", aftersale="none", paid_at="2024-11-01 10:01:00")
    says(frame, 1, line_id="88002", status="shipped", aftersale="open", merchant_sku=None, refund_amount=None)


REFUNDS = """
退款编号 | 501 | 502 | 503
订单编号 | 401 | 402 | 403
支付宝交易号 | ali01 | ali02 | ali03
订单付款时间 | 2024-11-01 10:00:00 | 2024-11-02 10:00:00 | 2024-11-03 10:00:00
商家编码 | A-1 | A-2 | A-3
退款完结时间 | 2024-11-09 09:00:00 | - |
买家会员名称 | 买家甲 | 买家乙 | 买家丙
买家实际支付金额 | 199 | 1,000.00 | 50
宝贝标题 | 面霜 | 面霜 | 面霜
买家退款金额 | 99.5 | 1,000.00 | 50
是否需要退货 | 是 | 否 | 不需要
退款的申请时间 | 2024-11-05 08:00:00 | 2024-11-06 08:00:00 | 2024-11-07 08:00:00
退款状态 | 退款成功 | 买家已经申请退款，等待卖家同意 | 退款关闭
发货物流信息 | 顺丰SF88 |  |
卖家真实姓名 | 陈店长 | 陈店长 |
卖家退货地址 | 某仓库 |  |
卖家电话 | 0571111 |  |
卖家手机 | 13712345678 |  |
退货物流单号 | SF99 |  |
买家退款原因 | 七天无理由 | 不想要了 | 拍错
买家退款说明 | 太油了 |  |
责任方 | 卖家 |  |
售中或售后 | 售后 | 售中 | 售中
商家备注 | 备注乙 |  |
完结时间 |  | 2024-11-10 00:00:00 |
部分退款/全部退款 | 部分退款 | 全部退款 | 全部退款
审核操作人 | 小二甲 |  |
退款操作人 | 小二乙 |  |
是否退运费险 | 否 | 否 | 否
"""
SERVED = [
    "ali01",
    "买家甲",
    "买家乙",
    "SF88",
    "陈店长",
    "某仓库",
    "0571",
    "13712345678",
    "SF99",
    "太油",
    "备注乙",
    "小二",
]


def test_a_refund_states_its_money_its_times_and_its_state(tmp_path):
    frame = table(tmp_path, "退款.csv", lines(REFUNDS), "refunds")
    says(frame, 0, refund_id="501", order_id="401", status="success", refund_amount=99.5, paid_amount=199.0)
    says(frame, 0, applied_at="2024-11-05 08:00", refunded_at="2024-11-09 09:00", paid_at="2024-11-01 10:00")
    says(frame, 0, scope="partial", stage="after_sale", return_required=True, reason="七天无理由", liable_party="卖家")
    says(frame, 0, merchant_sku="A-1", title="面霜")
    says(frame, 1, status="open", scope="full", stage="in_sale", return_required=False, refunded_at=None)
    says(frame, 2, status="closed", return_required=False, refunded_at=None)


REVIEWS = """
评价时间 | 2024-11-01 10:00:00 | 2024-11-02 10:00:00 | 2024-11-03 10:00:00
评价ID | r1 | r2 | r3
评价内容 | 很好用，电话13900001111 | 一般 | 漏了
评价标签 | 保湿 | - | 漏液
评价情感 | 正面评价 | 中性评价 | 负面评价
追评内容 |  | 补充 |
追评距收货天数 | - | 12 |
买家昵称 | w**甲 | w**乙 | w**丙
订单ID | 401 | 402 | 403
商品标题 | 面霜 | 面霜 | 面霜
商品ID | 988297980428 | 988297980428 | 988297980428
评价等级 | 1 | 1 | 1
"""


def test_a_review_states_what_was_said_and_how_it_was_meant(tmp_path):
    frame = table(tmp_path, "评价.csv", lines(REVIEWS), "reviews")
    assert frame["sentiment"].tolist() == ["positive", "neutral", "negative"]
    says(
        frame, 0, review_id="r1", review_text="很好用，电话〔已隐去〕", tags="保湿", followup_days=None, order_id="401"
    )
    says(frame, 1, tags=None, followup_text="补充", followup_days=12.0, reviewed_at="2024-11-02 10:00", title="面霜")
    says(frame, 2, item_id="988297980428")


SERVICE = """
旺旺昵称 | 甲店:小美 | 甲店:小丽 | 汇总
日期 | 2024-11-01 | 2024-11-01 |
客服销售额 | 1,200.00 | 0 | 1,200.00
客服销售人数 | 10 | 0 | 10
客服销售占比 | 0.31 | - |
客服销售客单价 | 120 | - |
成功退款金额 | 100 | 0 | 100
净销售额 | 1,100.00 | 0 | 1,100.00
咨询人数 | 52 | 3 | 55
接待人数 | 50 | 3 | 53
询单转换率 | 21.5% | - |
平均响应时长（秒） | 18.5 | 11秒 |
客户满意率 | 98.2% | - |
旺旺回复率 | 99% | 100% |
旺旺满意度 | 0.97 | - |
3分钟响应率 | 100.0% | - |
仅退款自主完结时长（小时） | 5.5 | - |
退货退款完结时长（小时） | 30 | - |
平台求助率 | 0.1% | - |
平台判责率 | 0 | - |
描述相符 | 4.9 | - |
服务态度 | 4.8 | - |
物流速度 | 4.85 | - |
值班天数 | 1 | 1 |
"""


def test_an_agents_day_states_sales_and_answers_and_hides_the_agent(tmp_path):
    frame = table(tmp_path, "客服绩效.csv", lines(SERVICE), "service_daily").sort_values("inquiries", ignore_index=True)
    assert len(frame) == 2
    assert not frame["agent"].str.contains("小").any()
    says(frame, 0, agent_sales=0.0, inquiry_cvr=None, avg_response_seconds=11.0, satisfaction_rate=None)
    says(frame, 1, agent_sales=1200.0, agent_buyers=10.0, agent_sales_share=0.31, revenue_per_buyer=120.0)
    says(frame, 1, refund_amount=100.0, net_sales=1100.0, inquiries=52.0, served_users=50.0, inquiry_cvr=0.215)
    says(frame, 1, avg_response_seconds=18.5, satisfaction_rate=0.982, reply_rate=0.99, reply_3min_rate=1.0)
    says(frame, 1, wangwang_satisfaction_rate=0.97, refund_only_close_hours=5.5, return_refund_close_hours=30.0)
    says(frame, 1, platform_help_rate=0.001, platform_liability_rate=0.0)
    says(frame, 1, dsr_description=4.9, dsr_service=4.8, dsr_logistics=4.85)


def test_a_service_report_without_agents_or_days_is_the_shops_and_of_its_period(tmp_path):
    text = "接待人数,咨询人数,平均响应时长\n50,52,2分30秒\n"
    frame = table(tmp_path, "客服绩效_2024-11-01_2024-11-30.csv", text, "service_period")
    says(frame, 0, agent="", start="2024-11-01", end="2024-11-30", served_users=50.0, avg_response_seconds=150.0)


@pytest.mark.parametrize(
    ("name", "content", "secrets"),
    [
        ("订单.csv", ORDERS, BUYERS),
        ("自选.csv", CHOSEN, ["zf2024x", "SF77"]),
        ("宝贝.csv", LINES, ["张三", "zf001"]),
        ("退款.csv", REFUNDS, SERVED),
        ("评价.csv", REVIEWS, ["w**", "13900001111"]),
        ("客服绩效.csv", SERVICE, ["小美", "小丽"]),
    ],
)
def test_personal_columns_leave_nothing_behind(tmp_path, name, content, secrets):
    found = made(tmp_path, name, lines(content))
    left = "".join(f.to_csv() for f in found.tables.values()) + repr(found.ledger) + repr(found.problems)
    assert [s for s in secrets if s in left] == []


# ---- 生意参谋: the shop, its items and sources -----------------------------------------------------------------

OVERVIEW = """
访客数 | 1,391
统计日期 | 2024-11-01
店铺名称 | 店
下单买家数 | 4
下单金额 | 20,692.00
支付买家数 | 3
支付金额 | 15,692.50
客单价 | 5,230.83
下单转换率 | 0.0028
下单-支付转化率 | 0.7222
支付转化率 | 0.002
支付子订单数 | 5
新买家数 | 2
老买家数 | 1
商品加购件数 | -
新指标 | 9
"""


def test_a_trade_overview_states_a_day_of_the_shop(tmp_path):
    frame = table(tmp_path, "交易概况.xlsx", sycm(OVERVIEW), "shop_daily")
    says(frame, date="2024-11-01", visitors=1391.0, order_buyers=4.0, order_amount=20692.0, pay_buyers=3.0)
    says(frame, pay_amount=15692.5, revenue_per_buyer=5230.83, order_cvr=0.0028, order_pay_cvr=0.7222, pay_cvr=0.002)
    says(frame, pay_orders=5.0, new_buyers=2.0, returning_buyers=1.0, cart_units=None)


TEMPLATE = """
店铺名称 | 店
统计日期 | 2026-05-11~2026-05-17
回访客户数 | 1,200
新访客户数 | 3,400
店铺客户数 | 9
店铺粉丝数 | 88,000
店铺会员数 | 12,000
父订单数 | 210
子订单数 | 260
店铺店播时长（s） | 7,200
店铺淘外回流人数 | 15
店铺广告引导人数 | 620
支付金额 | 31,396.00
"""


def test_a_self_service_report_states_what_its_template_holds_of_each_week(tmp_path):
    frame = table(tmp_path, "自助取数.xlsx", xlsx({"报表": rows(TEMPLATE)}), "shop_period")
    says(frame, start="2026-05-11", end="2026-05-17", returning_visitors=1200.0, new_visitors=3400.0)
    says(frame, followers=88000.0, members=12000.0, pay_parent_orders=210.0, pay_orders=260.0, live_seconds=7200.0)
    says(frame, offsite_visitors=15.0, ad_visitors=620.0, pay_amount=31396.0, visitors=None)


ITEMS = """
商品ID | 988297980428
统计日期 | 2026-04-19
商品名称 | 面霜
主商品ID | 988297980428
商品类型 | 主商品
货号 | -
商品状态 | 当前在线
商品访客数 | 1,391
商品浏览量 | 3,186
平均停留时长 | 15.74
商品详情页跳出率 | 77.48%
商品收藏人数 | 8
商品加购件数 | 12
商品加购人数 | 10
下单买家数 | 6
下单件数 | 7
下单金额 | 34,895.00
下单转化率 | 0.43%
支付买家数 | 5
支付件数 | 6
总支付商品件数 | 7
支付金额 | 31,396.00
商品支付转换率 | 0.36%
支付新买家数 | 3
支付老买家数 | 2
老买家支付金额 | 9,000.00
访客平均价值 | 22.57
成功退款金额 | 13,796.00
竞争力评分 | -
月累计支付金额 | 99,000.00
搜索引导访客数 | 400
搜索引导支付买家数 | 2
直播引导支付买家数 | 1
"""


def test_an_item_ranking_states_a_day_of_each_item(tmp_path):
    frame = table(tmp_path, "商品_全部.xlsx", sycm(ITEMS), "item_daily")
    says(frame, date="2026-04-19", item_id="988297980428", id_kind="item", title="面霜", main_item_id="988297980428")
    says(frame, article_no=None, item_status="当前在线", visitors=1391.0, pageviews=3186.0, avg_stay_seconds=15.74)
    says(frame, bounce_rate=0.7748, favorite_users=8.0, cart_units=12.0, cart_users=10.0, order_buyers=6.0)
    says(frame, order_units=7.0, order_amount=34895.0, order_cvr=0.0043, pay_buyers=5.0, pay_units=6.0)
    says(frame, pay_amount=31396.0, pay_cvr=0.0036, new_buyers=3.0, returning_buyers=2.0, uv_value=22.57)
    says(frame, returning_pay_amount=9000.0, refund_amount=13796.0, competitiveness_score=None)
    says(frame, search_visitors=400.0, search_pay_buyers=2.0)


def test_an_item_ranking_of_a_range_is_of_its_period(tmp_path):
    text = "统计日期 | 2026-04-01~2026-04-30\n商品ID | 988297980428\n商品访客数 | 30,391\n支付金额 | 931,396.00"
    frame = table(tmp_path, "商品_全部.xlsx", sycm(text), "item_period")
    says(frame, start="2026-04-01", end="2026-04-30", visitors=30391.0)


MACRO = """
商品访客数 | 877
统计日期 | 2025-01-27
成功退货退款金额 | 14,414.00
支付金额 | 10,095.00
分期支付金额 | 0.0
支付件数 | 5
商品加购人数 | 39
商品加购件数 | 47
商品浏览量 | 2,133
商品收藏人数 | 8
商品平均停留时长 | 18
下单买家数 | 4
支付买家数 | 2
下单转换率 | 0.45%
商品详情页跳出率 | 0.00%
下单金额 | 20,692.00
支付老买家数 | 0
老买家支付金额 | 0.0
支付转化率 | 0.23%
支付新买家数 | 2
有支付商品数 | 3
下单件数 | 8
有访问商品数 | 75
客单价 | 5,047.50
新指标 | 1
"""


def test_the_overview_of_all_items_states_a_day_and_no_category(tmp_path):
    frame = table(tmp_path, "宏观监控.xlsx", sycm(MACRO), "category_daily")
    says(frame, date="2025-01-27", category="", visitors=877.0, pageviews=2133.0, avg_stay_seconds=18.0)
    says(frame, return_refund_amount=14414.0, pay_amount=10095.0, pay_units=5.0, cart_users=39.0, cart_units=47.0)
    says(frame, favorite_users=8.0, order_buyers=4.0, pay_buyers=2.0, order_cvr=0.0045, bounce_rate=0.0)
    says(frame, order_amount=20692.0, order_units=8.0, returning_buyers=0.0, returning_pay_amount=0.0, pay_cvr=0.0023)
    says(frame, new_buyers=2.0, items_sold=3.0, items_visited=75.0, revenue_per_buyer=5047.5)


CATEGORIES = """
类目名称 | 面霜
一级类目名称 | 美容护肤
二级类目名称 | 乳液/面霜
商品访客数 | 1,995,447
商品浏览量 | 3,000,000
有访客商品数 | 800
有支付商品数 | 500
商品加购人数 | 100,831
商品加购件数 | 153,955
"""


def test_a_category_list_states_each_category(tmp_path):
    frame = table(tmp_path, "标准类目.xlsx", sycm(CATEGORIES), "category_daily")
    says(frame, date="2024-11-01", category="面霜", visitors=1995447.0, pageviews=3000000.0, items_visited=800.0)
    says(frame, items_sold=500.0, cart_users=100831.0, cart_units=153955.0)


SOURCES = """
流量载体 | 全店流量 | 全店流量
一级来源 | 付费推广 | 付费推广
二级来源 | 汇总 | 关键词推广
三级来源 | 汇总 | 汇总
四级来源 | 汇总 | 汇总
访客数 | 652 | 600
访客数环比 | 59.02% | -
新访客 | 612 | 560
平均停留时长 | 12.55 | 11
3s查看人数 | 0 | 0
商品点击人数 | 3 | 2
加购人数 | 34 | 30
商品收藏人数 | 6 | 5
加购件数 | 40 | 33
关注店铺人数 | 2 | 1
支付买家数 | 1 | 1
支付转换率 | 0.15% | 0.17%
支付金额 | 1,100.00 | 1,100.00
支付金额环比 | - | -
客单价 | 1,100.00 | 1,100.00
UV价值 | 1.69 | 1.83
uv价值环比 | - | -
下单买家数 | 2 | 1
下单金额 | 1,200.00 | 1,100.00
下单转化率 | 0.31% | 0.17%
"""


def test_sources_state_their_level_and_both_sheets_are_kept_apart(tmp_path):
    carriers = rows(SOURCES.replace("全店流量", "手淘APP"))[:2]
    book = xlsx({"全店流量来源": [*NOTES, *rows(SOURCES)], "分载体流量来源": [*NOTES, *carriers]})
    frame = table(tmp_path, "店铺流量来源.xlsx", book, "traffic_source").sort_values(["carrier", "level"])
    assert frame[["carrier", "level"]].values.tolist() == [["全店流量", 1.0], ["全店流量", 2.0], ["手淘APP", 1.0]]
    says(frame, date="2024-11-01", source_l1="付费推广", source_l2="", source_l3="", source_l4="", visitors=652.0)
    says(frame, new_visitors=612.0, avg_stay_seconds=12.55, viewers_3s=0.0, item_click_users=3.0, cart_users=34.0)
    says(frame, favorite_users=6.0, cart_units=40.0, follow_users=2.0, pay_buyers=1.0, pay_cvr=0.0015)
    says(frame, pay_amount=1100.0, revenue_per_buyer=1100.0, uv_value=1.69, order_buyers=2.0, order_amount=1200.0)
    says(frame, order_cvr=0.0031)
    says(frame, 1, source_l2="关键词推广", uv_value=1.83)


ITEM_SOURCES = """
一级来源 | 手淘搜索 | 手淘搜索 | 关键词推广
二级来源 | 汇总 | 手淘拍立淘 | -
三级来源 | 汇总 | 汇总 | -
四级来源 | 汇总 | 汇总 | -
访客数 | 1,391 | 91 | 12
浏览量 | 3,186 | 186 | 15
加购人数 | 50 | 5 | -
商品收藏人数 | 30 | 3 | 0
支付买家数 | 28 | 2 | 0
支付转换率 | 2.01% | 2.20% | 0.00%
新指标 | 1 | 1 | 1
"""


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("流量来源_988297980428_2024-11-01_2024-11-01.xls", "item_sources"),
        ("流量来源_988297980428_2024-11-01_2024-11-30.xls", "item_sources_period"),
    ],
)
def test_an_items_sources_are_of_the_item_that_the_files_name_states(tmp_path, name, of):
    book = xlsx({"Sheet1": rows(ITEM_SOURCES)})
    frame = table(tmp_path, name, book, of).sort_values("visitors", ascending=False)
    says(frame, item_id="988297980428", source_l1="手淘搜索", source_l2="", level=1.0, visitors=1391.0)
    says(frame, pageviews=3186.0, cart_users=50.0, favorite_users=30.0, pay_buyers=28.0, pay_cvr=0.0201)
    says(frame, 1, source_l2="手淘拍立淘", source_l3="", level=2.0)
    says(frame, 2, source_l1="关键词推广", source_l2="", cart_users=None, pay_buyers=0.0)


def test_an_items_sources_may_state_the_item_and_the_day_themselves(tmp_path):
    text = "统计日期 | 2024-11-01 | 2024-11-02 | 2024-11-02\n商品ID | 11 | 12 | 12\n商品名称 | 甲 | 乙 | 乙\n"
    frame = table(tmp_path, "a.csv", lines(text + ITEM_SOURCES), "item_sources")
    assert frame["item_id"].tolist() == ["11", "12", "12"]
    says(frame, date="2024-11-01", title="甲")


# ---- 生意参谋: the market --------------------------------------------------------------------------------------

SEARCH = """
搜索词 | 面霜 | 精华
排名 | 1 | 2
搜索人气 | 18,399 | 2500 ~ 5000
搜索增速 | -12.5% | -
点击率 | 0.94 | -
支付转换率 | 2.10% | 5% ~ 7.5%
免费点击率 | 0.8 | -
商城点击占比 | 55.59% | -
点击人气 | 9,000 | -
直通车参考价 | 1.25 | -
相关搜索词数 | 300 | -
在线商品数 | 12,000 | -
新指标 | 1 | 1
"""


def test_a_search_ranking_states_terms_and_their_ranges(tmp_path):
    frame = table(tmp_path, "搜索排行.xlsx", sycm(SEARCH), "search_terms").sort_values("rank", ignore_index=True)
    says(frame, date="2024-11-01", term="面霜", rank=1.0, search_popularity=18399.0, search_growth=-0.125, ctr=0.94)
    says(frame, pay_cvr=0.021, organic_ctr=0.8, tmall_click_share=0.5559, click_popularity=9000.0, suggested_bid=1.25)
    says(frame, related_terms=300.0, online_items=12000.0)
    says(frame, 1, search_popularity_low=2500.0, search_popularity=3750.0, search_popularity_high=5000.0, ctr=None)
    says(frame, 1, pay_cvr_low=0.05, pay_cvr_high=0.075)


KEYWORDS = """
搜索词 | 面霜
统计日期 | 2024-11-02
访客数 | 1,200
加购人数 | 9
支付买家数 | 30
支付转换率 | 2.5%
支付件数 | -
支付金额 | -
"""


def test_terms_that_bring_visitors_state_their_own_visitors_and_sales(tmp_path):
    frame = table(tmp_path, "引流搜索关键词.xlsx", sycm(KEYWORDS), "search_terms")
    says(frame, date="2024-11-02", term="面霜", visitors=1200.0, pay_buyers=30.0, pay_cvr=0.025, pay_amount=None)


def figures(frame, **of):
    """Metric → low, value and high of a rival."""
    for column, value in of.items():
        frame = frame[frame[column] == value]
    return {m: tuple(ends) for m, *ends in frame[["metric", "low", "value", "high"]].itertuples(index=False)}


BRANDS = """
品牌名称 | 青禾
统计日期 | 2024-11-01
类目名称 | 面霜
排名 | 3
交易指数 | 1,234,567
流量指数 | 99,000
搜索人气 | 8,800
收藏人气 | 7,700
加购人气 | 6,600
支付转化指数 | 1,200
客群指数 | 5,500
交易增长幅度 | 3%
"""


def test_brand_indices_are_rivals_of_the_kind_brand(tmp_path):
    frame = table(tmp_path, "品牌.xlsx", sycm(BRANDS), "rivals")
    found = figures(frame, rival="青禾", rival_kind="brand", category="面霜")
    assert {m: v[1] for m, v in found.items()} == {
        "rank": 3,
        "transaction_index": 1234567,
        "traffic_index": 99000,
        "search_popularity": 8800,
        "favorite_popularity": 7700,
        "cart_popularity": 6600,
        "pay_cvr_index": 1200,
        "crowd_index": 5500,
    }


COMPARED = """
访客数 | 75万 ~ 100万 | 286971
{} | 对手 | 本店
支付买家数 | 1万 ~ 2.5万 | 12764
支付转换率 | 1% ~ 2.5% | 0.0444
加购人数 | 2.5万 ~ 5万 | 11284
收藏人数 | 5000 ~ 7500 | -
备用指标 | |
"""


@pytest.mark.parametrize(
    ("column", "kind"), [("竞店", "shop"), ("竞品名称", "item"), ("店铺名称", "shop"), ("商品名称", "item")]
)
def test_rivals_are_ranges_and_oneself_is_exact(tmp_path, column, kind):
    book = xlsx({"对比": rows(COMPARED.format(column))})
    frame = table(tmp_path, "竞争_2024-11-01_2024-11-07.xlsx", book, "rivals_period")
    assert set(frame["rival_kind"]) == {kind}
    assert figures(frame, rival="对手") == {
        "visitors": (750000, 750000**0.5 * 1000, 1000000),
        "pay_buyers": (10000, 250000000**0.5, 25000),
        "pay_cvr": (0.01, 0.0175, 0.025),
        "cart_users": (25000, 1250000000**0.5, 50000),
        "favorite_users": (5000, 37500000**0.5, 7500),
    }
    assert figures(frame, rival="本店")["visitors"] == (286971, 286971, 286971)
    assert "favorite_users" not in figures(frame, rival="本店")


def test_a_rivals_sources_are_kept_by_channel(tmp_path):
    text = "来源名称,商品名称,上级来源名称,支付买家数占比,占比\n搜索,对手霜,搜索,0.53,0.4\n"
    frame = table(tmp_path, "竞品来源_2024-11-01_2024-11-01.csv", text, "rivals")
    found = figures(frame, rival="对手霜", channel="搜索")
    assert {m: v[1] for m, v in found.items()} == {"pay_buyers_share": 0.53, "share": 0.4}


def test_a_shops_own_report_is_no_comparison_with_rivals(tmp_path):
    text = "统计日期,店铺名称,访客数,支付买家数,支付金额,收藏人数\n2024-11-01,店,10,2,99,1\n"
    assert set(made(tmp_path, "a.csv", text).tables) == {"shop_daily"}


LOST = """
商品名称 | 对手霜 | 另一霜
排名 | 1 | 2
所属店铺 | 乙店 | 丙店
搜索竞争商品数 | 4 | 1
搜索人数 | 10 ~ 50 | 4
搜索收藏指数 | 120 | -
搜索加购指数 | 130 | 20
搜索交易指数 | 1,400 | 30
本店搜索引导访客数 | 9 | 9
"""


def test_searchers_lost_to_rivals_state_a_range_or_a_point(tmp_path):
    frame = table(tmp_path, "竞品流失_2024-11-01_2024-11-01.xlsx", xlsx({"竞品流失": rows(LOST)}), "rivals")
    assert set(frame["rival_kind"]) == {"item"}
    assert figures(frame, rival="对手霜") == {
        "rank": (1, 1, 1),
        "search_rival_items": (4, 4, 4),
        "searchers": (10, 500**0.5, 50),
        "search_favorite_index": (120, 120, 120),
        "search_cart_index": (130, 130, 130),
        "search_transaction_index": (1400, 1400, 1400),
    }
    assert figures(frame, rival="另一霜")["searchers"] == (4, 4, 4)


def test_of_an_address_only_the_province_is_read(tmp_path):
    text = "订单编号,买家实际支付金额,收货地址,分阶段订单信息\n1,9,浙江省 杭州市 西湖区 文三路478号,\n2,9,内蒙古,阶段1\n3,9,某处,\n"
    made = reading(tmp_path, {"exports/a.csv": text})
    frame = made.tables["orders"]
    assert frame["province"].fillna("").tolist() == ["浙江", "内蒙古", ""]
    assert frame["presale"].tolist() == [False, True, False]
    assert made.ledger[0]["flagged"] == {"no_province": 1}
    assert "文三路" not in frame.to_csv()
