"""A small document with every type of block, as render hands it to both templates, in both languages."""

import base64
import functools

from kit import charts, markdown
from kit.brand import Brand
from kit.text import Words

NASTY = "**<script>#read(\"/etc/passwd\")$x$=cmd|'/c calc'!A1 @a 敏感肌"
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#1f6f54"/></svg>'
BRAND = Brand(primary="#1f6f54", logo=LOGO, logo_media="image/svg+xml")
PROSE = "**结论：**先补￥100–199价格带。\n\n- 首批三款\n\n| 事项 | 预算 |\n|:--|--:|\n| 打样 | 3.2万 |\n\n> 见[日历](https://example.com)。"


def column(name, unit, label):
    return {"name": name, "unit": unit, "label": label}


MONTHS = [("2024-08", 3.9e8), ("2024-09", 4.1e8), ("2024-10", 4.8e8), ("2024-11", 7.85e8)]
PROMOTION = {"label_zh": "双11", "label_en": "Double 11", "start": "2024-10-14", "end": "2024-11-11"}
LINE = {
    "key": "market.size",
    "form": "line",
    "message": "类目支付金额为￥7.85亿",
    "table": {
        "columns": [column("month", "month", "table.market_monthly"), column("value", "money", "value.money")],
        "rows": [list(row) for row in MONTHS],
        "marks": {},
    },
    "options": {"highlight": "2024-11", "promotions": [PROMOTION]},
}
UNITS = ["band", "ratio", "ratio", "index", "index", "index"]
LABELS = ["price.page", "value.money", "table.listings", "value.index", "base.first", "base.goal"]
DOTS = {
    "key": "market.bands",
    "form": "dot_range",
    "message": "￥100–199卖得多、货少",
    "table": {
        "columns": [column(f"c{n}", unit, label) for n, (unit, label) in enumerate(zip(UNITS, LABELS, strict=True))],
        "rows": [
            [{"low": 0, "high": 100}, 0.2, 0.4, 0.5, 0.4, 0.6],
            [{"low": 100, "high": 200}, 0.5, 0.3, 1.67, 1.4, 2.9],
            [{"low": 200, "high": None}, None, 0.3, None, None, None],
        ],
        "marks": {"1": "own"},
    },
    "options": {"highlight": [1]},
}


def heading(text, key, **more):
    return {"type": "heading", "level": 1, "text": text, "id": key, **more}


def chart(payload, label, words):
    made = charts.draw(payload, words, BRAND)
    block = {"type": "exhibit", "kind": "chart", "key": payload["key"], "id": payload["key"].replace(".", "-")}
    pictures = {"svg": made.svg, "svg_narrow": made.narrow, "alt": made.alt}
    return {**block, "label": label, "message": payload["message"], "notes": ["来源：市场大盘"], **pictures}


def table(rows):
    heads = [{"label": "品牌", "align": "left"}, {"label": "份额", "align": "right"}]
    return {"columns": heads, "rows": [{"cells": cells, "mark": mark} for *cells, mark in rows]}


RANKED = {
    "type": "exhibit",
    "kind": "table",
    "key": "market.rivals",
    "id": "market-rivals",
    "label": "表1",
    "message": "禾本源份额12.1%，青禾3.4%",
    "table": table(
        [("禾本源", "12.1%", None), (NASTY, "7.5%", None), ("青禾", "3.4%", "own"), ("合计", "23.0%", "total")]
    ),
    "notes": ["来源：竞品在售清单", "口径：份额按支付金额"],
}
ANSWER = {
    "type": "answer",
    "kpis": [{"label": "份额", "value": "3.4%", "changes": [{"text": "同比−0.6个百分点", "tone": "down"}]}],
    "findings": [
        {
            "n": 1,
            "headline": "类目2024年11月支付金额为￥7.85亿，同比增长9.4%",
            "chip": {"text": "现状 · 高", "tone": "high"},
            "evidence": "数据支持的范围8.1%至10.7%（95%区间）；见图1",
        }
    ],
    "findings_more": "另有3项发现，见后文各节",
    "asks": [
        {"side": side, "title": title, "items": [{"text": text, "owner": "商品组", "due": "2025年2月15日"}]}
        for side, title, text in (
            ("brand", "需要品牌方决定", "一季度备货量"),
            ("agency", "下一步行动", "一季度补齐三款"),
        )
    ],
}
LEDGER = {
    "type": "table",
    "table": table([(f"exports/tmall/sycm_market_category_{n:02d}.xlsx", "27,512", None) for n in range(70)]),
    "notes": ["每个文件读了多少行"],
    "small": True,
}
FIGURE = {
    "type": "figure",
    "media": "image/svg+xml",
    "data": base64.b64encode(LOGO).decode(),
    "alt": "一个方块。",
    "caption": "自绘",
}
META = {
    "locale": "zh",
    "lang": "zh-CN",
    "client": "青禾护肤",
    "report": "market",
    "title": "市场与竞品分析",
    "kicker": "2024年11月 · 月度报告",
    "scope": "面部精华：规模、格局与价格带",
    "agency": "远帆电商咨询",
    "date": "2024年12月5日",
    "draft": "草稿 · 未经审批，请勿外传",
    "version": "",
    "iso_date": "2024-12-05",
    "cutoff": "数据截至2024年11月30日",
    "short": False,
    "confidential": "仅供青禾护肤内部使用",
    "header_left": "青禾护肤 · 市场与竞品分析",
    "header_right": "2024年11月",
    "footer_left": "远帆电商咨询 · 机密",
    "labels": {"contents": "目录", "page_of": "第{page}页，共{pages}页", "skip": "跳到正文", "logo": "品牌标志"},
}
ENGLISH = {"locale": "en", "lang": "en-GB", "labels": {**META["labels"], "page_of": "Page {page} of {pages}"}}


@functools.cache
def document(locale="zh"):
    """Every type of block once, the ledger long enough for two pages."""
    words = Words(locale)
    blocks = [
        heading("核心结论", "answer"),
        ANSWER,
        heading("类目规模", "size"),
        {"type": "prose", "ast": markdown.parse(["类目在长还是在缩，决定增量从哪里来。"])[0]},
        chart(LINE, "图1", words),
        {"type": "list", "items": ["集中度CR4为38.2%"]},
        {**heading("价格带", "bands"), "level": 2},
        chart(DOTS, "图2", words),
        RANKED,
        {
            "type": "note",
            "title": "顾问观点",
            "about": "禾本源还在加价",
            "ast": markdown.parse(["**先看补货**，再谈价格。"])[0],
        },
        {"type": "callout", "tone": "missing", "text": "缺店铺每日数据，无法判断转化"},
        heading("顾问观点", "view"),
        {"type": "prose", "ast": markdown.parse([PROSE])[0]},
        FIGURE,
        heading("数据台账", "ledger", appendix=True),
        LEDGER,
        heading("名词解释", "terms", appendix=True),
        {"type": "terms", "items": [{"term": "供需指数", "text": "某价格带的销售占比÷商品占比。"}]},
    ]
    return {"meta": META | (ENGLISH if locale == "en" else {}), "brand": BRAND.plain(), "blocks": blocks}
