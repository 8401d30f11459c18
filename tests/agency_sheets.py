"""Daily sheets as agencies keep them, made by chance from figures that are known."""

import datetime as dt

DAYS = {
    "iso": lambda d: f"{d:%Y-%m-%d}",
    "date": lambda d: dt.datetime(d.year, d.month, d.day),
    "serial": lambda d: (d - dt.date(1899, 12, 30)).days,
    "month and day": lambda d: f"{d.month}月{d.day}日",
    "short year": lambda d: f"{d.year % 100}年{d.month}月{d.day}日",
    "digits": lambda d: int(f"{d:%m%d}"),
    "dots": lambda d: f"{d.month}.{d.day}",
    "a number": lambda d: float(f"{d.month}.{d.day}"),
    "slashes": lambda d: f"{d.month}/{d.day}",
    "day": lambda d: f"{d.day}日",
    "day alone": lambda d: d.day,
}
NAMES = {
    "visitors": ("访客数", "UV"),
    "pay_amount": ("支付金额", "销售额", "业绩"),
    "pay_buyers": ("支付买家数", "买家数"),
    "refund_amount": ("退款金额", "退款额"),
}
MONEY = ("pay_amount", "refund_amount")
IN_HEADINGS = ("(万元)", "（万）", "/万元", "\n（万元）")


def made(chance):
    """The file's name, the sheet's, its rows, and the figures by day."""
    year, month = chance.choice((2023, 2024)), chance.randint(1, 12)
    first = dt.date(year, month, chance.choice((1, 5, 18, 27)))
    days = [first + dt.timedelta(n) for n in range(chance.randint(3, 10))]
    truth = {d: {f: chance.randint(1000, 9999) for f in NAMES} for d in days}
    unit = chance.choice((None, None, "heading", "above", "title", "note", "beside", "name"))
    named = {f: chance.choice(names) for f, names in NAMES.items()}
    heads = {
        f: name + (chance.choice(IN_HEADINGS) if unit == "heading" and f in MONEY else "") for f, name in named.items()
    }
    name = chance.choice((f"{month}月", f"{year}年{month}月", f"{year % 100}年{month}月", f"{year}.{month}", "日报"))
    name += "（万元）" if unit == "name" else ""
    file = chance.choice((f"{year}年日报.xlsx", "日报.xlsx", f"日报{year + 1}0105.xlsx", "日报[1].xlsx"))
    day, scale = DAYS[chance.choice(list(DAYS))], 10_000 if unit else 1

    def cell(figure, value):
        return value / scale if figure in MONEY else chance.choice((value, f"{value:,}"))

    rows = [["店铺日报（单位：万元）" if unit == "title" else chance.choice(("店铺日报", "制表时间：2025-01-05"))]]
    rows += [[None, None, "单位：万元"]] if unit == "above" else []
    layout = chance.choice((_wide, _rows, _beside_last_year, _apart, _crossed))
    rows += layout(chance, days, day, heads, truth, cell)
    if unit == "beside":
        at = next(n for n, row in enumerate(rows) if len(row) > 1)
        rows[at] = [*rows[at], "单位：万元"]
    rows += [[], ["注：金额单位为万元"]] if unit == "note" else [["注：数据来自后台"]]
    return file, name, rows, truth


def _rows(chance, days, day, heads, truth, cell):
    """A row a day, with sums between and below."""
    made = [["日期", *heads.values()]]
    for n, one in enumerate(days):
        made.append([day(one), *(cell(f, truth[one][f]) for f in heads)])
        if n % 4 == 3:
            made.append([chance.choice(("小计", "第1周小计")), *(cell(f, 7) for f in heads)])
    return [*made, [chance.choice(("合计", "月合计", "日均")), *(cell(f, 8) for f in heads)]]


def _beside_last_year(chance, days, day, heads, truth, cell):
    """A row a day under merged headings, last year's figures before or behind this year's."""
    last, now = [cell(f, 9) for f in heads], [[cell(f, truth[one][f]) for f in heads] for one in days]
    gap, turn = [None] * (len(heads) - 1), chance.random() < 0.5
    above = ["日期", "去年同期", *gap, "本期", *gap] if turn else ["日期", "本期", *gap, "去年同期", *gap]
    figures = [[*last, *row] if turn else [*row, *last] for row in now]
    return [
        above,
        [None, *heads.values(), *heads.values()],
        *([day(d), *row] for d, row in zip(days, figures, strict=True)),
    ]


def _wide(chance, days, day, heads, truth, cell):
    """A column a day, with the sum behind."""
    made = [["指标", *map(day, days), "合计"]]
    made += [[head, *(cell(f, truth[one][f]) for one in days), cell(f, 8)] for f, head in heads.items()]
    return [*made, ["去年同期", *(1 for _ in days), 1]]


def _apart(chance, days, day, heads, truth, cell):
    """A row a day, its year, month and day in columns of their own; the year but once where its cells are merged."""
    year, month = chance.choice((("年", "月"), ("年份", "月份"))), chance.random() < 0.5
    made = [[*year, "日", *heads.values()]]
    for n, one in enumerate(days):
        first = one.year if n == 0 or not month else None
        made.append([first, one.month, one.day, *(cell(f, truth[one][f]) for f in heads)])
    return [*made, ["合计", None, None, *(cell(f, 8) for f in heads)]]


def _crossed(chance, days, day, heads, truth, cell):
    """The days over the figures' names, or below them."""
    if chance.random() < 0.5:
        pairs = [(day(one), head, f, one) for one in days for f, head in heads.items()]
    else:
        pairs = [(head, day(one), f, one) for f, head in heads.items() for one in days]
    upper = [None if n and pairs[n - 1][0] == a else a for n, (a, *_) in enumerate(pairs)]
    return [
        ["项目", *upper],
        [None, *(b for _, b, *_ in pairs)],
        ["本店", *(cell(f, truth[one][f]) for *_, f, one in pairs)],
    ]
