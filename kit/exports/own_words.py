"""What headings of sheets of the agency's own, and of those that data vendors sell, are called."""

from __future__ import annotations

OWN = {
    "pay_amount": ("销售额", "成交额", "成交金额", "GMV", "支付GMV", "销售金额", "业绩", "sales"),
    "visitors": ("UV", "访客", "流量", "visitors"),
    "pageviews": ("PV", "浏览", "pageviews"),
    "pay_buyers": ("成交人数", "买家数", "支付人数", "成交买家数", "buyers"),
    "pay_orders": ("订单量", "订单数", "成交订单数", "orders"),
    "pay_units": ("销量", "件数", "成交件数", "销售件数", "units"),
    "refund_amount": ("退款额", "退款", "refunds"),
    "cart_users": ("加购", "加购数"),
    "spend": ("花费", "消耗", "推广费", "推广花费", "广告费", "spend"),
    "ad_gmv": ("广告成交", "推广成交", "推广成交金额"),
    "impressions": ("曝光", "展现", "展现量"),
    "clicks": ("点击", "点击量"),
    "live_gmv": ("直播销售额", "直播成交额", "直播GMV"),
    "views": ("观看人次", "场观"),
    "peak_concurrent": ("人数峰值", "最高在线"),
    "share": ("份额", "市场份额", "品牌份额", "销售额占比", "销售额份额", "市占率"),
    "rank": ("排名", "排行", "名次"),
    "brand": ("品牌", "品牌名", "品牌名称", "brand"),
    "rival": ("品牌", "品牌名", "品牌名称", "brand"),
    "category": (
        *("类目", "品类", "行业", "行业名称", "赛道", "category"),
        *(
            "一级类目",
            "二级类目",
            "三级类目",
            "四级类目",
            "叶子类目",
            "子类目",
            "细分类目",
            "一级行业",
            "二级行业",
            "子行业",
        ),
    ),
    "price_list": ("标价", "原价", "划线价"),
    "price_page": ("价格", "售价", "现价"),
    "item_id": ("商品ID", "宝贝ID", "链接ID"),
    "date": ("日期", "时间", "统计日期", "统计时间", "date"),
    "month": ("月份", "日期", "时间", "统计日期", "统计月份", "统计时间", "月", "month"),
}
"""What agencies call figures in sheets of their own, by canonical column."""
VENDORS = {
    "pay_amount": ("支付金额", "预估销售额", "销售额(估)", "估算销售额", "预估成交额"),
    "pay_units": ("预估销量", "销量(估)", "估算销量"),
}
"""What a market's figures are called beside; in a sheet of the shop's own an estimate is a forecast."""
OTHERS = frozenset(("品牌", "品牌名", "品牌名称", "竞品", "竞争对象", "brand", "rival"))
"""Headings of sheets about whole markets, which are nothing of the shop's own."""
