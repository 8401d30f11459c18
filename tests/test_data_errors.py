"""What a consultant reads when data are faulty: each message of the reader and the store, in both languages."""

import re
from pathlib import Path

import pytest

from kit import catalogue
from kit.errors import problem
from kit.text import Words

SAID = [
    (
        "e.map.file",
        {"config": "data/acme/mapping.yml", "file": "月报.xlsx"},
        "data/acme/mapping.yml里的“月报.xlsx”不对应任何店铺文件夹里的文件。请核对文件名，或删去这一条",
        "data/acme/mapping.yml names “月报.xlsx”, which no file in the shops’ folders is called. Correct the name, or remove the entry",
    ),
    (
        "e.map.sheet",
        {"config": "mapping.yml", "file": "日报.xlsx", "found": ["一月", "二月"]},
        "日报.xlsx：mapping.yml没有对应其中任何一张表（一月、二月）。请核对sheet",
        "日报.xlsx: mapping.yml is about none of its sheets (一月 and 二月). Correct “sheet”",
    ),
    (
        "e.map.header",
        {"config": "mapping.yml", "file": "日报.xlsx", "cols": ["日期", "毛利"], "n": 30},
        "日报.xlsx：前30行里没有一行同时有这些列：日期、毛利。请核对mapping.yml里的列名，或写明header（表头在第几行）",
        "日报.xlsx: none of the first 30 rows has all of these headings: 日期 and 毛利. Correct them in mapping.yml, or state “header”, the row they stand in",
    ),
    (
        "e.map.column",
        {"config": "mapping.yml", "file": "日报.xlsx", "col": "毛利", "found": ["日期", "销售额"]},
        "日报.xlsx没有“毛利”列；表头有：日期、销售额。请核对mapping.yml",
        "日报.xlsx has no heading “毛利”; it has: 日期 and 销售额. Correct mapping.yml",
    ),
    (
        "e.map.column.near",
        {"config": "mapping.yml", "file": "日报.xlsx", "col": "销售额(元)", "near": "销售额(万)"},
        "日报.xlsx没有“销售额(元)”列；是不是“销售额(万)”？请核对mapping.yml",
        "日报.xlsx has no heading “销售额(元)”. Did you mean “销售额(万)”? Correct mapping.yml",
    ),
    (
        "e.map.month",
        {"config": "mapping.yml", "file": "日报.xlsx", "sheet": "三月"},
        "日报.xlsx：表名“三月”里看不出年月。请在mapping.yml写明month（年-月）",
        "日报.xlsx: the sheet’s name “三月” does not say its month. State “month” (year-month) in mapping.yml",
    ),
    (
        "e.map.place",
        {"file": "日报.xlsx"},
        "日报.xlsx不在任何客户的文件夹里，存不进mapping.yml。请先放进data/<客户>/exports/<店铺>/",
        "日报.xlsx lies in no client’s folder, so there is no mapping.yml to add it to. Put it into data/<client>/exports/<shop>/ first",
    ),
    (
        "e.map.nothing",
        {"file": "日报.xlsx"},
        "日报.xlsx里没有认得出的列名，起草不了。请对照README自己写mapping.yml",
        "日报.xlsx has no heading that is known, so nothing can be drafted. Write mapping.yml by hand, after the README",
    ),
    (
        "e.empty",
        {"file": "data/acme/exports/a.csv"},
        "data/acme/exports/a.csv里没有数据行。请重新导出，或删去该文件",
        "data/acme/exports/a.csv has no data rows. Export it again, or remove the file",
    ),
    (
        "e.unknown",
        {"file": "data/acme/exports/a.csv"},
        "data/acme/exports/a.csv认不出，也没有相近的导出。请换成平台导出的原文件；自己做的表，先用python -m kit map起草读法",
        "data/acme/exports/a.csv matches no known export, and none is near. Replace it with the file as downloaded; for a sheet of your own, python -m kit map drafts how to read it",
    ),
    (
        "e.unknown.near",
        {"file": "a.csv", "near": ["甲表", "乙表"], "cols": ["支付金额"]},
        "a.csv认不出；相近的是甲表、乙表，缺“支付金额”列。请重新导出并勾选这些列，或换文件",
        "a.csv matches no known export; nearest: 甲表 and 乙表, lacking 支付金额. Export it again with these columns ticked, or replace it",
    ),
    (
        "e.col",
        {
            "file": "a.csv",
            "cols": ["支付金额", "访客数"],
            "export": "生意参谋 交易概况",
            "menu": "生意参谋 › 交易",
        },
        "a.csv缺“支付金额、访客数”列，不能当作生意参谋 交易概况读取。请重新导出并勾选该列；下载位置：生意参谋 › 交易",
        "a.csv lacks 支付金额 and 访客数, so it cannot be read as 生意参谋 交易概况. Export it again with that ticked, under 生意参谋 › 交易",
    ),
    (
        "e.col.renamed",
        {
            "file": "a.csv",
            "cols": ["支付金额"],
            "found": ["支付总金额"],
            "export": "生意参谋 交易概况",
            "menu": "生意参谋 › 交易",
        },
        "a.csv缺“支付金额”列，不能当作生意参谋 交易概况读取；其中“支付总金额”列名字相近。请改回原列名，或重新导出；下载位置：生意参谋 › 交易",
        "a.csv lacks 支付金额, so it cannot be read as 生意参谋 交易概况; its 支付总金额 looks alike. Give the column its old name, or export again under 生意参谋 › 交易",
    ),
    (
        "e.ambiguous",
        {"file": "a.csv", "exports": ["甲表", "乙表"], "tables": "listings, shop_daily"},
        "a.csv同时像甲表、乙表。请在client.toml的[files]里为它写明table，可填：listings, shop_daily",
        "a.csv matches 甲表 and 乙表 alike. State its table in client.toml under [files]: listings, shop_daily",
    ),
    (
        "e.grain",
        {"file": "a.csv", "export": "甲表", "col": "商品ID"},
        "a.csv像甲表，但有“商品ID”列，行比店铺或类目更细。请下载不分该项的汇总报表",
        "a.csv looks like 甲表 but has a column 商品ID, so its rows are finer than that table. Download the report without that breakdown",
    ),
    (
        "e.twice",
        {"file": "a.csv", "col": "支付金额"},
        "a.csv有不止一个“支付金额”列。请删去多余的列，或重新导出",
        "a.csv has the column 支付金额 more than once. Remove the extra one, or export it again",
    ),
    (
        "e.platform",
        {"file": "a.csv", "export": "甲表", "platform": "douyin", "shop": "dy"},
        "a.csv是甲表，却放在店铺“dy”（douyin）的文件夹里。请移到对应店铺的文件夹",
        "a.csv is 甲表, but lies in the folder of shop “dy” (douyin). Move it to the folder of its own shop",
    ),
    (
        "e.shop.none",
        {"file": "a.csv", "shops": "tmall, dy"},
        "a.csv没有放进店铺文件夹。请移到exports下的店铺文件夹，可选：tmall, dy",
        "a.csv lies in no shop's folder. Move it into one under exports: tmall, dy",
    ),
    (
        "e.shop.folder",
        {"folder": "data/acme/exports/x", "shops": "tmall, dy"},
        "data/acme/exports/x不是client.toml里的店铺。请改名为已写明的店铺，或补写店铺；现有：tmall, dy",
        "data/acme/exports/x is no shop of client.toml. Rename it to a declared shop, or declare it; shops: tmall, dy",
    ),
    (
        "e.shop.folder.near",
        {"folder": "data/acme/exports/tmal", "near": "tmall", "shops": "tmall, dy"},
        "data/acme/exports/tmal不是client.toml里的店铺。是否指“tmall”？请改名，或补写店铺；现有：tmall, dy",
        "data/acme/exports/tmal is no shop of client.toml. Did you mean “tmall”? Rename it, or declare the shop; shops: tmall, dy",
    ),
    (
        "e.link",
        {"file": "a"},
        "a是指向文件夹的链接，不读取。请把文件本身放进来",
        "a is a link to a folder and is not followed. Put the files themselves here",
    ),
    (
        "e.outside",
        {"file": "a.csv"},
        "a.csv指向客户文件夹以外，不读取。请把文件本身放进来",
        "a.csv leads outside the client folder and is not read. Put the file itself here",
    ),
    (
        "e.open",
        {"file": "a.csv"},
        "a.csv打不开。请检查文件是否还在、有无读取权限，或是否被其他程序占用",
        "a.csv cannot be opened. Check that it is still there, that you may read it, and that no other program holds it",
    ),
    (
        "e.open",
        {"file": "a.csv", "code": "long", "n": 281, "most": 259},
        "a.csv打不开：完整路径有281个字符，超过Windows允许的259个。请把项目移到路径较短的文件夹（如C:\\kit），或缩短文件名",
        "a.csv cannot be opened: its path has 281 characters and Windows allows 259. Move the project to a folder with a "
        "short path, such as C:\\kit, or shorten the name",
    ),
    (
        "e.named",
        {"file": "流量来源.xls", "example": "1234567890123456"},
        "流量来源.xls是单个商品的数据，却看不出是哪个商品。请把商品ID写进文件名（只写这一个长数字），如1234567890123456",
        "流量来源.xls is of one item and does not say which. Put the item's id into the file's name, with no other long "
        "number, such as 1234567890123456",
    ),
    (
        "e.size",
        {"file": "a.csv"},
        "a.csv太大，不是这类导出。请检查文件，必要时分段重新导出",
        "a.csv is too large for such an export. Check the file, and export it in parts if need be",
    ),
    (
        "e.format",
        {"file": "a.csv", "kind": "PDF"},
        "a.csv是PDF文件，不是表格。请换成csv、xls、xlsx或zip",
        "a.csv is a PDF file, no table. Replace it with csv, xls, xlsx or zip",
    ),
    (
        "e.nul",
        {"file": "a.csv"},
        "a.csv含有空字节，不是正常的文本表格。请重新下载，或用表格软件另存为xlsx",
        "a.csv contains NUL bytes and is no sound text table. Download it again, or save it as xlsx",
    ),
    (
        "e.encoding",
        {"file": "a.csv", "row": 7},
        "a.csv从第7行起编码混乱，既不是UTF-8也不是GB18030。请重新下载，或另存为UTF-8的csv",
        "a.csv cannot be decoded from row 7 on: neither UTF-8 nor GB18030. Download it again, or save it as csv in UTF-8",
    ),
    (
        "e.quote",
        {"file": "a.csv", "row": 7, "n": 2},
        "a.csv第7行的引号没有配对，后面的内容会并进同一格，共2处。请重新下载，或改正引号",
        "a.csv row 7: a quotation mark has no partner, so what follows runs into one cell (2 such rows). Download it again, or correct them",
    ),
    (
        "e.width",
        {"file": "a.csv", "row": 7, "n": 1},
        "a.csv第7行的格数比表头多，数字可能错位，共1行。请检查文字里的分隔符，或改存为xlsx",
        "a.csv row 7 has more cells than the header, so figures may stand in the wrong column (1 such row). Look for separators inside texts, or save it as xlsx",
    ),
    (
        "e.cell",
        {"file": "a.csv", "row": 7},
        "a.csv第7行附近有一格长得不像表格内容。请检查文件，或重新下载",
        "a.csv has a cell near row 7 that is too long for a table. Check the file, or download it again",
    ),
    (
        "e.password",
        {"file": "a.xlsx"},
        "a.xlsx有密码保护。请去掉密码后再放进来",
        "a.xlsx is protected by a password. Remove the password and put it back",
    ),
    (
        "e.damaged",
        {"file": "a.xlsx"},
        "a.xlsx不完整或已损坏。请重新下载",
        "a.xlsx is cut short or damaged. Download it again",
    ),
    (
        "e.zip.bomb",
        {"file": "a.zip"},
        "a.zip解压后大得反常，已拒绝。请解压后只放需要的文件",
        "a.zip unpacks to an abnormal size and was refused. Unpack it and put in only the files needed",
    ),
    (
        "e.zip.unsafe",
        {"file": "a.zip"},
        "a.zip里有指向压缩包以外的路径或链接，已拒绝。请解压后只放需要的文件",
        "a.zip holds a path or link that leads out of the archive and was refused. Unpack it and put in only the files needed",
    ),
    (
        "e.zip.nested",
        {"file": "a.zip/b.zip"},
        "a.zip/b.zip是压缩包里的压缩包，不读取。请先解压一层",
        "a.zip/b.zip is an archive inside an archive and is not read. Unpack one level first",
    ),
    (
        "e.stated",
        {"file": "exports/a.csv", "config": "client.toml"},
        "client.toml的[files]写了“exports/a.csv”，但没有这个文件。请改正文件名，或删去这一项",
        "client.toml states “exports/a.csv” under [files], but there is no such file. Correct the name, or remove the entry",
    ),
    (
        "e.stated.table",
        {"file": "exports/a.csv", "config": "client.toml", "given": "lists", "allowed": "listings, edits"},
        "client.toml的[files]里，“exports/a.csv”的table填了“lists”，不能用。可填：listings, edits",
        "client.toml states the table “lists” for “exports/a.csv” under [files], which does not exist. Allowed: listings, edits",
    ),
    (
        "e.period",
        {"file": "a.csv", "config": "client.toml", "example": "start = 2024-11-01"},
        "a.csv没有日期。请在client.toml写明起止日期，例如start = 2024-11-01",
        "a.csv carries no date. State its first and last day in client.toml, e.g. start = 2024-11-01",
    ),
    (
        "e.period.conflict",
        {
            "file": "a.csv",
            "config": "client.toml",
            "found": ["2024-11-05..2024-11-05", "2024-11-06..2024-11-06"],
        },
        "a.csv的日期互相矛盾：2024-11-05..2024-11-05、2024-11-06..2024-11-06。请改正文件名或client.toml里的起止日期",
        "a.csv states different periods: 2024-11-05..2024-11-05 and 2024-11-06..2024-11-06. Correct its name, or its days in client.toml",
    ),
    (
        "e.period.date",
        {"file": "a.csv", "start": "2024-11-01", "end": "2024-11-30"},
        "a.csv没有日期列，而它的期间是2024-11-01到2024-11-30，分不到每一天。请按日导出",
        "a.csv has no date column and covers 2024-11-01 to 2024-11-30, which cannot be split into days. Export it by day",
    ),
    (
        "e.period.month",
        {"file": "a.csv", "start": "2024-11-01", "end": "2024-11-05"},
        "a.csv没有月份列，而它的期间是2024-11-01到2024-11-05，不是整月。请按月导出",
        "a.csv has no month column and covers 2024-11-01 to 2024-11-05, which is no whole month. Export it by month",
    ),
    (
        "e.value",
        {
            "code": "money",
            "file": "a.csv [概况]",
            "row": 18,
            "col": "实付金额",
            "value": "n/a",
            "n": 3,
            "example": "1234.50",
        },
        "a.csv [概况]第18行“实付金额”：“n/a”不是金额，共3处。可填：1234.50。请改正，或重新导出",
        "a.csv [概况] row 18, 实付金额: “n/a” is not an amount (3 such rows). Allowed: 1234.50. Correct them, or export again",
    ),
    (
        "e.value",
        {
            "code": "platform",
            "file": "a.csv",
            "row": 2,
            "col": "平台",
            "value": "淘系",
            "n": 1,
            "allowed": "天猫, 淘宝",
        },
        "a.csv第2行“平台”：“淘系”不是一个平台，共1处。可填：天猫, 淘宝。请改正，或拆成每个平台一行",
        "a.csv row 2, 平台: “淘系” is not one platform (1 such row). Allowed: 天猫, 淘宝. Correct it, or give each platform its own row",
    ),
    (
        "e.value",
        {
            "code": "date",
            "file": "a.csv",
            "row": 2,
            "col": "日期",
            "value": "昨天",
            "n": 1,
            "example": "2024-11-01",
        },
        "a.csv第2行“日期”：“昨天”不是日期，共1处。可填：2024-11-01。请改正，或重新导出",
        "a.csv row 2, 日期: “昨天” is not a date (1 such row). Allowed: 2024-11-01. Correct it, or export again",
    ),
    (
        "e.value",
        {
            "code": "month",
            "file": "a.csv",
            "row": 2,
            "col": "月份",
            "value": "昨天",
            "n": 1,
            "example": "2024-11",
        },
        "a.csv第2行“月份”：“昨天”不是月份，共1处。可填：2024-11。请改正，或重新导出",
        "a.csv row 2, 月份: “昨天” is not a month (1 such row). Allowed: 2024-11. Correct it, or export again",
    ),
    (
        "e.value",
        {
            "code": "count",
            "file": "a.csv",
            "row": 2,
            "col": "销量",
            "value": "1.5",
            "n": 1,
            "example": "1234",
        },
        "a.csv第2行“销量”：“1.5”不是整数，共1处。可填：1234。请改正，或重新导出",
        "a.csv row 2, 销量: “1.5” is not a whole number (1 such row). Allowed: 1234. Correct it, or export again",
    ),
    (
        "e.value",
        {
            "code": "number",
            "file": "a.csv",
            "row": 2,
            "col": "交易指数",
            "value": "x",
            "n": 2,
            "example": "1234.5",
        },
        "a.csv第2行“交易指数”：“x”不是数字，共2处。可填：1234.5。请改正，或重新导出",
        "a.csv row 2, 交易指数: “x” is not a number (2 such rows). Allowed: 1234.5. Correct them, or export again",
    ),
    (
        "e.value",
        {
            "code": "ratio",
            "file": "a.csv",
            "row": 2,
            "col": "跳失率",
            "value": "x",
            "n": 1,
            "example": "2.35%",
        },
        "a.csv第2行“跳失率”：“x”不是比率，共1处。可填：2.35%。请改正，或重新导出",
        "a.csv row 2, 跳失率: “x” is not a rate (1 such row). Allowed: 2.35%. Correct it, or export again",
    ),
    (
        "e.value",
        {
            "code": "interval",
            "file": "a.csv",
            "row": 2,
            "col": "交易金额",
            "value": "约1万",
            "n": 1,
            "example": "75万 ~ 100万",
        },
        "a.csv第2行“交易金额”：“约1万”不是数字或区间，共1处。可填：75万 ~ 100万。请改正，或重新导出",
        "a.csv row 2, 交易金额: “约1万” is not a number or a range (1 such row). Allowed: 75万 ~ 100万. Correct it, or export again",
    ),
    (
        "e.value",
        {
            "code": "id",
            "file": "a.csv",
            "row": 2,
            "col": "商品ID",
            "value": "6.92E+12",
            "n": 4,
            "example": "1234567890123456",
        },
        "a.csv第2行“商品ID”：“6.92E+12”丢了位数，不是完整的编号，共4处。应像1234567890123456。请重新导出，不要用表格软件另存",
        "a.csv row 2, 商品ID: “6.92E+12” has lost digits and is no whole identifier (4 such rows). They should look like 1234567890123456. Export it again, and do not save it in a spreadsheet",
    ),
    (
        "e.value",
        {"code": "other", "file": "a.csv", "row": 2, "col": "甲", "value": "x", "n": 4, "example": "1"},
        "a.csv第2行“甲”：“x”读不懂，共4处。可填：1。请改正，或重新导出",
        "a.csv row 2, 甲: “x” cannot be read (4 such rows). Allowed: 1. Correct them, or export again",
    ),
    (
        "e.blank",
        {"file": "a.csv", "row": 2, "col": "商品ID", "n": 1},
        "a.csv第2行“商品ID”是空的，这一列不能空，共1处。请补上，或重新导出",
        "a.csv row 2, 商品ID: the cell is blank, and this column may not be (1 such row). Fill it in, or export again",
    ),
    (
        "e.rule.negative",
        {"file": "a.csv", "row": 2, "col": "页面价", "value": "-9", "n": 1},
        "a.csv第2行“页面价”是-9，不能为负，共1处。请改正，或重新导出",
        "a.csv row 2, 页面价: -9 is negative, which it cannot be (1 such row). Correct it, or export again",
    ),
    (
        "e.rule.above",
        {"file": "a.csv", "row": 2, "col": "支付转化率", "value": "2.01", "n": 1},
        "a.csv第2行“支付转化率”是2.01，比率超过百分之百，共1处。请检查百分号，或重新导出",
        "a.csv row 2, 支付转化率: 2.01 is a rate above the whole (1 such row). Check its percent sign, or export again",
    ),
    (
        "e.rule.interval",
        {"file": "a.csv", "row": 2, "n": 1},
        "a.csv第2行的数值不在自己的上下限之间，共1行。请改正，或重新导出",
        "a.csv row 2: the value lies outside its own limits (1 such row). Correct it, or export again",
    ),
    (
        "e.rule.word",
        {"file": "a.csv", "row": 2, "col": "口径", "value": "x", "n": 1},
        "a.csv第2行“口径”：“x”不能用，共1处。请改正",
        "a.csv row 2, 口径: “x” cannot be used (1 such row). Correct it",
    ),
    (
        "e.warn.pay_over_order",
        {"file": "a.csv", "row": 2, "n": 1},
        "提醒：a.csv第2行支付买家数多于下单买家数，共1行。预售付尾款时会这样；平日出现请核对",
        "Note: a.csv row 2 has more paying buyers than buyers who ordered (1 such row). Presale balances do this; on ordinary days, check it",
    ),
    (
        "e.warn.pay_over_visitors",
        {"file": "a.csv", "row": 2, "n": 1},
        "提醒：a.csv第2行支付买家数多于访客数，共1行。请核对导出的口径",
        "Note: a.csv row 2 has more paying buyers than visitors (1 such row). Check what the export counts",
    ),
    (
        "e.warn.buyers_over_orders",
        {"file": "a.csv", "row": 2, "n": 1},
        "提醒：a.csv第2行支付买家数多于支付订单数，共1行。请核对导出的口径",
        "Note: a.csv row 2 has more paying buyers than paid orders (1 such row). Check what the export counts",
    ),
    (
        "e.warn.new_over_pay",
        {"file": "a.csv", "row": 2, "n": 1},
        "提醒：a.csv第2行新买家数多于支付买家数，共1行。请核对导出的口径",
        "Note: a.csv row 2 has more new buyers than paying buyers (1 such row). Check what the export counts",
    ),
    (
        "e.nothing",
        {"folder": "data/acme/exports"},
        "提醒：data/acme/exports里还没有导出文件。请放入平台下载的文件",
        "Note: there is no export file in data/acme/exports yet. Put the platforms' files there",
    ),
    (
        "e.store.busy",
        {"client": "acme"},
        "另一个程序正在读取客户“acme”的数据。请等它结束后再试",
        "Another program is reading the data of client “acme”. Try again when it has finished",
    ),
    (
        "e.store.write",
        {"folder": "data/acme/.cache"},
        "data/acme/.cache写不进去。请检查磁盘空间和写入权限",
        "data/acme/.cache cannot be written. Check the disk space and that you may write there",
    ),
    (
        "e.store.gone",
        {"table": "listings"},
        "“listings”的缓存已被删除或更新。请重新打开报告或重启内核",
        "The cache of table “listings” was removed or renewed. Open the report again, or restart the kernel",
    ),
    (
        "e.store.changed",
        {"client": "acme"},
        "读取时，客户“acme”的文件有变动。请等文件放好后再试",
        "The files of client “acme” changed while they were being read. Try again once they are all in place",
    ),
    (
        "e.shop",
        {"file": "data/acme/exports/tm/a.csv", "found": "乙店", "folder": "data/acme/exports/tm", "right": "outlet"},
        "data/acme/exports/tm/a.csv属于店铺“乙店”，却放在data/acme/exports/tm。请移到“outlet”的文件夹",
        "data/acme/exports/tm/a.csv belongs to shop “乙店” but lies in data/acme/exports/tm. Move it to the folder of “outlet”",
    ),
    (
        "e.secret",
        {"file": "data/acme/.secret"},
        "data/acme/.secret读写不了，买家账号无法加密。请检查该文件和文件夹的权限",
        "data/acme/.secret cannot be read or written, so buyers' accounts cannot be turned into keys. Check the rights of the file and its folder",
    ),
    (
        "e.period.mixed",
        {"file": "a.csv", "col": "统计日期"},
        "a.csv的“统计日期”里有的行是一天，有的行是一段时间，不能放在一起。请分成两份导出",
        "a.csv, 统计日期: some rows cover a day and others several, which cannot stand together. Export them as two files",
    ),
    (
        "e.window",
        {"file": "a.csv", "given": 10, "allowed": [1, 3, 7, 15, 30], "config": "data/acme/client.toml"},
        "a.csv的归因周期是10天，这个报表没有这一档。可填：1、3、7、15、30。请在data/acme/client.toml改正",
        "a.csv has an attribution window of 10 days, which this report does not offer. Allowed: 1, 3, 7, 15 and 30. Correct it in data/acme/client.toml",
    ),
    (
        "e.warn.window",
        {"file": "a.csv", "config": "data/acme/client.toml", "example": "[attribution] wanxiangtai = 15"},
        "提醒：a.csv没有写明归因周期，成交不能与其他工具相比。请在data/acme/client.toml写明，例如 [attribution] wanxiangtai = 15",
        "Note: a.csv does not state its attribution window, so its sales cannot be compared with other tools'. State it in data/acme/client.toml, e.g. [attribution] wanxiangtai = 15",
    ),
    (
        "e.warn.total",
        {"file": "a.csv", "row": 9, "col": "总花费(元)", "total": "500.00", "rows": "102.12", "gap": "397.88"},
        "提醒：a.csv第9行合计“总花费(元)”为500.00，各行相加是102.12，差397.88。差额可能是没有列出的明细，请核对",
        "Note: a.csv row 9: the total of 总花费(元) is 500.00, the rows add up to 102.12, which leaves 397.88. The rest may be details that were not exported; check it",
    ),
    (
        "e.warn.silent",
        {"shop": "tm", "since": "2024-11-20"},
        "提醒：店铺tm自2024-11-20之后没有成交。请确认是停业，还是导出不全",
        "Note: shop tm shows no sale after 2024-11-20. Check whether it was closed or the export is incomplete",
    ),
    (
        "e.warn.suspicious",
        {"shop": "tm", "n": 2, "times": "20"},
        "提醒：店铺tm有2单金额超过中位数的20倍，没有剔除。要剔除请写进inputs.xlsx的exclusions表",
        "Note: shop tm: 2 orders are above 20 times the median and are not left out. To leave them out, list them in the sheet exclusions of inputs.xlsx",
    ),
    (
        "e.rule.paid_over_list",
        {"file": "a.csv", "row": 3, "n": 2},
        "a.csv第3行实付金额高于货款加运费，共2行。请核对两列的口径，或重新导出",
        "a.csv row 3: the amount paid is above list price and freight together (2 such rows). Check what the columns mean, or export again",
    ),
    (
        "e.rule.refund_over_paid",
        {"file": "a.csv", "row": 3, "n": 1},
        "a.csv第3行退款高于实付金额，共1行。请核对两列的口径，或重新导出",
        "a.csv row 3: the refund is above the amount paid (1 such row). Check what the columns mean, or export again",
    ),
    (
        "e.rule.clicks_over_impressions",
        {"file": "a.csv", "row": 3, "n": 1},
        "a.csv第3行点击量多于展现量，共1行。请核对两列是否对调，或重新导出",
        "a.csv row 3: more clicks than impressions (1 such row). Check that the columns were not swapped, or export again",
    ),
    (
        "e.rule.end_before_start",
        {"file": "inputs.xlsx [campaigns]", "row": 3, "n": 1},
        "inputs.xlsx [campaigns]第3行结束日期早于开始日期，共1行。请改正",
        "inputs.xlsx [campaigns] row 3 ends before it begins (1 such row). Correct it",
    ),
    (
        "e.warn.paid_before_created",
        {"file": "a.csv", "row": 3, "n": 1},
        "提醒：a.csv第3行付款时间早于下单时间，共1行。请核对",
        "Note: a.csv row 3: paid before it was placed (1 such row). Check it",
    ),
    (
        "e.warn.direct_over_total",
        {"file": "a.csv", "row": 3, "n": 1},
        "提醒：a.csv第3行直接成交高于总成交，共1行。请核对导出的口径",
        "Note: a.csv row 3: direct sales above total sales (1 such row). Check what was exported",
    ),
    (
        "e.warn.live_funnel",
        {"file": "a.csv", "row": 3, "n": 1},
        "提醒：a.csv第3行商品点击人数多于商品曝光人数，共1行。请核对导出的口径",
        "Note: a.csv row 3: more people clicked an item than saw one (1 such row). Check what was exported",
    ),
    (
        "e.value",
        {
            "code": "time",
            "file": "a.csv",
            "row": 2,
            "col": "订单创建时间",
            "value": "昨天",
            "n": 1,
            "example": "2024-11-01 09:30:00",
        },
        "a.csv第2行“订单创建时间”：“昨天”不是时间，共1处。可填：2024-11-01 09:30:00。请改正，或重新导出",
        "a.csv row 2, 订单创建时间: “昨天” is no time (1 such row). Allowed: 2024-11-01 09:30:00. Correct it, or export again",
    ),
    (
        "e.value",
        {
            "code": "flag",
            "file": "a.csv",
            "row": 2,
            "col": "是否需要退货",
            "value": "也许",
            "n": 1,
            "example": "是 / 否",
        },
        "a.csv第2行“是否需要退货”：“也许”不是“是”或“否”，共1处。可填：是 / 否。请改正，或重新导出",
        "a.csv row 2, 是否需要退货: “也许” is neither yes nor no (1 such row). Allowed: 是 / 否. Correct it, or export again",
    ),
    (
        "e.warn.gap",
        {"code": "shop_daily", "shop": "tm", "days": ["2024-11-03"], "n": 1},
        "提醒：店铺tm的店铺数据中间缺1天：2024-11-03。请补上导出",
        "Note: shop tm, 1 day missing from the middle of its shop data: 2024-11-03. Export it",
    ),
    (
        "e.warn.gap",
        {"code": "ads_daily", "shop": "tm", "of_tool": "zhitongche", "days": ["2024-11-03"], "n": 1},
        "提醒：店铺tm的直通车投放数据中间缺1天：2024-11-03。请补上导出",
        "Note: shop tm, 1 day missing from the middle of its data of Zhitongche (Alimama): 2024-11-03. Export it",
    ),
    (
        "e.warn.jump",
        {"code": "pay_amount", "shop": "tm", "days": ["2024-11-10", "2024-11-11"], "times": "10", "n": 2},
        "提醒：店铺tm有2天支付金额高出中位数的10倍：2024-11-10、2024-11-11。大促当天会这样；平日出现请核对",
        "Note: shop tm, the paid amount above 10 times the median on 2 days, among them 2024-11-10 and 2024-11-11. Promotions look like this; on ordinary days check them",
    ),
    (
        "e.warn.jump",
        {"code": "visitors", "shop": "tm", "days": ["2024-11-10", "2024-11-11"], "times": "10", "n": 2},
        "提醒：店铺tm有2天访客数高出中位数的10倍：2024-11-10、2024-11-11。大促当天会这样；平日出现请核对",
        "Note: shop tm, visitors above 10 times the median on 2 days, among them 2024-11-10 and 2024-11-11. Promotions look like this; on ordinary days check them",
    ),
    (
        "e.warn.jump",
        {"code": "spend", "shop": "tm", "days": ["2024-11-10", "2024-11-11"], "times": "10", "n": 2},
        "提醒：店铺tm有2天花费高出中位数的10倍：2024-11-10、2024-11-11。大促当天会这样；平日出现请核对",
        "Note: shop tm, the spend above 10 times the median on 2 days, among them 2024-11-10 and 2024-11-11. Promotions look like this; on ordinary days check them",
    ),
    (
        "e.warn.gap",
        {"shop": "tm", "days": ["2024-11-03"], "n": 1},
        "提醒：店铺tm的数据中间缺1天：2024-11-03。请补上导出",
        "Note: shop tm, 1 day missing from the middle of the data: 2024-11-03. Export it",
    ),
    (
        "e.warn.jump",
        {"shop": "tm", "days": ["2024-11-11"], "times": "10", "n": 1},
        "提醒：店铺tm有1天高出中位数的10倍：2024-11-11。大促当天会这样；平日出现请核对",
        "Note: shop tm is above 10 times the median on 1 day: 2024-11-11. Promotions look like this; on an ordinary day check it",
    ),
    (
        "e.prefer",
        {"file": "exports/a.csv", "config": "data/acme/client.toml"},
        "data/acme/client.toml的[exports]里prefer写了“exports/a.csv”，但没有这个文件。请改正文件名，或删去这一项",
        "[exports] prefer in data/acme/client.toml names “exports/a.csv”, which is not there. Correct the name, or remove it",
    ),
    (
        "e.attribution",
        {"given": "wanxiang", "config": "data/acme/client.toml", "allowed": "jingzhuntong, wanxiangtai"},
        "data/acme/client.toml的[attribution]里没有“wanxiang”这个工具。可填：jingzhuntong, wanxiangtai",
        "[attribution] in data/acme/client.toml names “wanxiang”, which is no known tool. Known: jingzhuntong, wanxiangtai",
    ),
    (
        "e.roll",
        {"file": "a.csv", "row_a": 2, "row_b": 3, "key": "9", "col": "应付金额", "x": "932.45", "y": "900"},
        "a.csv第2行与第3行是同一单“9”，“应付金额”却是932.45和900，整单金额应每行相同。请重新导出",
        "a.csv rows 2 and 3 are lines of one order, 9, but 应付金额 is 932.45 and 900, where the order's amount should repeat. Export again",
    ),
    (
        "e.clash",
        {
            "code": "files",
            "a": "a.csv",
            "b": "b.csv",
            "row_a": 2,
            "row_b": 3,
            "key": "2024-11-01",
            "col": "访客数",
            "x": "5",
            "y": "7",
            "n": 1,
        },
        "a.csv第2行与b.csv第3行对“2024-11-01”的“访客数”给出5和7，共1处。请只保留正确的一份，或在client.toml的[exports]里用prefer写明以哪份为准",
        "a.csv row 2 and b.csv row 3 disagree on 访客数 for 2024-11-01: 5 against 7 (1 such case). Keep the right one only, or name it as prefer under [exports] in client.toml",
    ),
    (
        "e.clash",
        {
            "code": "sheet",
            "a": "a.csv",
            "b": "a.csv",
            "row_a": 2,
            "row_b": 3,
            "key": "A1",
            "col": "页面价",
            "x": "5",
            "y": "7",
            "n": 2,
        },
        "a.csv第2行与第3行是同一条记录“A1”，“页面价”却是5和7，共2处。请核对编号是否丢了位数，只保留正确的一行",
        "a.csv rows 2 and 3 are one record, A1, but 页面价 is 5 and 7 (2 such cases). Check whether ids have lost digits, and keep the right rows only",
    ),
    (
        "e.clash.more",
        {
            "code": "files",
            "a": "a.csv",
            "b": "b.csv",
            "row_a": 2,
            "row_b": 3,
            "key": "2024-11-01",
            "col": "访客数",
            "x": "5",
            "y": "7",
            "n": 2,
            "more": 1,
        },
        "a.csv第2行与b.csv第3行对“2024-11-01”的“访客数”给出5和7，共2处，另有1列不同。请只保留正确的一份，或在client.toml的[exports]里用prefer写明以哪份为准",
        "a.csv row 2 and b.csv row 3 disagree on 访客数 for 2024-11-01: 5 against 7 (2 such cases, further columns that differ: 1). Keep the right ones only, or name the file as prefer under [exports] in client.toml",
    ),
    (
        "e.clash.more",
        {
            "code": "sheet",
            "a": "a.csv",
            "b": "a.csv",
            "row_a": 2,
            "row_b": 3,
            "key": "A1",
            "col": "页面价",
            "x": "5",
            "y": "7",
            "n": 1,
            "more": 2,
        },
        "a.csv第2行与第3行是同一条记录“A1”，“页面价”却是5和7，共1处，另有2列不同。请核对编号是否丢了位数，只保留正确的一行",
        "a.csv rows 2 and 3 are one record, A1, but 页面价 is 5 and 7 (1 such case, further columns that differ: 2). Check whether the id has lost digits, and keep the right row only",
    ),
    (
        "e.value",
        {
            "code": "word",
            "file": "a.csv",
            "row": 2,
            "col": "订单状态",
            "value": "交易暂停",
            "n": 1,
            "allowed": "交易关闭, 交易成功",
        },
        "a.csv第2行“订单状态”：“交易暂停”不在可填的词里，共1处。可填：交易关闭, 交易成功。请改正；若是平台新增的说法，请在client.toml的[exports.words]写明它相当于哪个词",
        "a.csv row 2, 订单状态: “交易暂停” is not one of the words allowed (1 such row). Allowed: 交易关闭, 交易成功. Correct it; if the platform has added the word, say under [exports.words] in client.toml which of them it means",
    ),
    (
        "e.shop.unknown",
        {"file": "data/acme/exports/tm/a.csv", "found": "乙店", "shop": "tm", "config": "data/acme/client.toml"},
        "data/acme/exports/tm/a.csv写的店铺是“乙店”，client.toml里没有这家店。若是别家的文件，请移走；若就是“tm”，请在data/acme/client.toml的[shops.tm]把它写进aliases",
        "data/acme/exports/tm/a.csv names shop “乙店”, which client.toml does not know. If it is somebody else's file, move it away; if it is “tm”, list the name as an alias under [shops.tm] in data/acme/client.toml",
    ),
    (
        "e.same",
        {"a": "data/acme/exports/tm/a.csv", "b": "data/acme/exports/outlet/a.csv"},
        "data/acme/exports/tm/a.csv与data/acme/exports/outlet/a.csv是同一个文件，却放在两家店铺的文件夹里，销售会重复计算。请只留该店的一份",
        "data/acme/exports/tm/a.csv and data/acme/exports/outlet/a.csv are one file in the folders of two shops, so its sales would count twice. Keep it in its own shop's folder only",
    ),
    (
        "e.orders.shops",
        {"platform": "tmall", "order": "1", "shops": ["outlet", "tm"], "n": 3},
        "平台tmall的订单“1”同时出现在店铺outlet、tm，共3单，销售会重复计算。请核对文件放在哪家店铺的文件夹",
        "Order 1 on tmall stands in shops outlet and tm (3 such orders), so their sales would count twice. Check in whose folder the files lie",
    ),
    (
        "e.warn.no_status",
        {"shop": "tm"},
        "提醒：店铺tm的订单没有状态，也没有付款时间，只能把实付大于零的当作已付款。请重新导出并勾选订单状态或付款时间",
        "Note: shop tm's orders state neither a status nor a time of payment, so those with an amount paid are taken as paid. Export again with either ticked",
    ),
    (
        "e.warn.unmatched",
        {"found": ["7"], "n": 1},
        "提醒：exclusions表里有1个编号在订单数据里找不到：7。请核对编号",
        "Note: 1 id of the sheet exclusions is not in the order data: 7. Check it",
    ),
    (
        "e.warn.refunds_over_paid",
        {"shop": "tm", "n": 2, "order": "1"},
        "提醒：店铺tm有2单退款合计高于实付金额，例如1。请核对退款文件是否重复",
        "Note: shop tm, refunds of 2 orders exceed what was paid, e.g. 1. Check whether refund files overlap",
    ),
    (
        "e.warn.net",
        {"file": "a.csv", "n": 3, "back": "150.00", "config": "data/acme/client.toml"},
        "提醒：a.csv的实付金额已扣退款，有3单按扣除前还原，合计加回150.00。若判断有误，请在data/acme/client.toml的[exports]写 paid_after_refunds = false",
        "Note: a.csv states payments after refunds; 3 orders were restored to before, adding 150.00. If that is wrong, write paid_after_refunds = false under [exports] in data/acme/client.toml",
    ),
    (
        "e.warn.no_amount",
        {"file": "a.csv", "col": "买家实际支付金额"},
        "提醒：a.csv没有“买家实际支付金额”列，读进来没有金额。若已改名，请改回原名；否则请重新导出并勾选该列",
        "Note: a.csv has no column 买家实际支付金额, so it was read without money. If the column was renamed, give it its old name; else export again with it ticked",
    ),
    (
        "e.windows",
        {"shop": "tm", "tool": "wanxiangtai", "windows": ["7", "15"]},
        "店铺tm的wanxiangtai同一天有几种归因周期（7、15天），花费会重复。请只留一种，或在client.toml的[attribution]写明用哪一种",
        "Shop tm, wanxiangtai: days stand in several attribution windows (7 and 15 days), so spend would count more than once. Keep one, or say which under [attribution] in client.toml",
    ),
    (
        "e.warn.windows",
        {"shop": "tm", "tool": "wanxiangtai", "windows": ["7", "15"], "kept": 15, "n": 1},
        "提醒：店铺tm的wanxiangtai同一天有几种归因周期（7、15天），按[attribution]只用15天，另外1行不用",
        "Note: shop tm, wanxiangtai: days stand in several attribution windows (7 and 15 days); as [attribution] says, 15 days are used and 1 row is not",
    ),
    (
        "e.overlap",
        {"a": "a.csv", "b": "b.csv", "cols": ["场景名字"]},
        "a.csv与b.csv是同一种报表、同一些天，但只有一份有“场景名字”列，合在一起会重复计算。请只留一份，或在client.toml的[exports]里用prefer写明以哪份为准",
        "a.csv and b.csv are one report of the same days, but only one of them has 场景名字, so together they would count twice. Keep one, or name it as prefer under [exports] in client.toml",
    ),
    (
        "e.warn.left",
        {"a": "a.csv", "b": "b.csv", "n": 1, "amount": "10.00"},
        "提醒：a.csv有1条记录在更新的b.csv里没有，仍然保留，金额10.00。若是改了名或已作废，请删去旧文件",
        "Note: 1 record of a.csv is not in the newer b.csv and was kept, 10.00 of money. If it was renamed or withdrawn, remove the older file",
    ),
    (
        "e.period.name",
        {
            "file": "a.csv",
            "day": "2024-12-05",
            "config": "data/acme/client.toml",
            "example": "start = 2024-11-01, end = 2024-11-30",
        },
        "a.csv只有文件名里有一个日期2024-12-05，分不清是数据日还是下载日。请在data/acme/client.toml写明起止日期，例如start = 2024-11-01, end = 2024-11-30",
        "a.csv has a single date, 2024-12-05, and that in its name: it could be the day of the data or of the download. State first and last day in data/acme/client.toml, e.g. start = 2024-11-01, end = 2024-11-30",
    ),
    (
        "e.warn.truncated",
        {"file": "a.csv"},
        "提醒：a.csv最后一行残缺，没有读取；下载可能中断。请核对行数，必要时重新下载",
        "Note: the last row of a.csv is cut off and was not read; the download may have broken off. Check its rows, and download it again if need be",
    ),
    (
        "e.header",
        {"file": "a.csv"},
        "a.csv的表头和第一行数据连在一起，分不开。请重新下载，或在表头后换行",
        "a.csv: the header and the first row of data run on in one line. Download it again, or break the line behind the header",
    ),
    (
        "e.name",
        {"file": "data/acme/exports/a?.csv"},
        "data/acme/exports/a?.csv的文件名里有无法显示的字符（已用问号代替），不读取。请改名",
        "The name of data/acme/exports/a?.csv has characters that cannot be shown (question marks stand for them), so it is not read. Rename it",
    ),
    (
        "e.warn.orders_over_visitors",
        {"file": "a.csv", "row": 7, "n": 2},
        "提醒：a.csv第7行订单数多于访客数，共2行。请核对导出的口径",
        "Note: a.csv row 7 has more orders than visitors (2 such rows). Check what the export counts",
    ),
    (
        "e.warn.behind",
        {"of_table": "shop_daily", "shop": "tm", "since": "2024-11-18", "last": "2024-11-30", "n": 12},
        "提醒：店铺tm的店铺每日数据只到2024-11-18，而别处的数据到2024-11-30，差12天。请补上导出，或确认该店已停业",
        "Note: shop tm's daily shop data end on 2024-11-18, 12 days before the other data (2024-11-30). Export the rest, or check whether the shop was closed",
    ),
    (
        "e.warn.overlapping",
        {
            "of_table": "shop_period",
            "shop": "tm",
            "a": "2024-11-01..2024-11-30",
            "b": "2024-11-04..2024-11-10",
            "n": 1,
        },
        "提醒：店铺tm的店铺期间数据里有1个期间与别的期间重叠，例如2024-11-01..2024-11-30与2024-11-04..2024-11-10。两者都保留，但从不相加；多余的请移走",
        "Note: shop tm, shop data by period: 1 period overlaps another, e.g. 2024-11-01..2024-11-30 and 2024-11-04..2024-11-10. Both stay and are never added up; remove what is not needed",
    ),
    (
        "e.warn.days",
        {
            "key": "tm",
            "days": "2024-11-01..2024-11-30",
            "of_column": "pay_amount",
            "whole": "1,000.00",
            "added": "900.00",
            "gap": "10.0%",
            "n": 1,
        },
        "提醒：tm在2024-11-01..2024-11-30的支付金额，期间文件为1,000.00，按日合计为900.00，相差10.0%；这样的数共1个。合计以每日数据为准，去重人数以期间文件为准；请核对有无导出不全的日子",
        "Note: tm, 2024-11-01..2024-11-30: paid amount is 1,000.00 in the file of the period and 900.00 as its days add up, 10.0% apart (1 such figure). Sums are taken from the days, unique visitors from the period; look for days exported in part",
    ),
    (
        "e.warn.orders_gap",
        {"shop": "tm", "month": "2024-11", "added": "900.00", "whole": "1,000.00", "gap": "10.0%"},
        "提醒：店铺tm，2024-11：订单实付合计900.00，平台统计的支付金额1,000.00，相差10.0%。请核对订单是否导全，以及预售、刷单在平台怎么算",
        "Note: shop tm, 2024-11: its orders add up to 900.00 paid, the platform counts 1,000.00, 10.0% apart. Check whether all orders were exported, and how the platform counts presale and fake orders",
    ),
    (
        "e.rather",
        {
            "file": "a.csv",
            "cols": ["退款编号"],
            "export": "千牛 退款",
            "menu": "千牛 › 售后 › 导出",
            "other": "千牛 订单",
            "table": "orders",
        },
        'a.csv缺“退款编号”列；从其余的列看是千牛 退款，不能当作千牛 订单读取。请重新导出并勾选该列，下载位置：千牛 › 售后 › 导出；若确是千牛 订单，请在client.toml的[files]里为它写明table = "orders"',
        'a.csv lacks 退款编号; by its other columns it is 千牛 退款, so it is not read as 千牛 订单. Export it again with that ticked, under 千牛 › 售后 › 导出; if it is 千牛 订单 after all, state table = "orders" for it in client.toml under [files]',
    ),
    (
        "e.narrow",
        {"file": "a.csv", "row": 7, "n": 2, "found": 4, "width": 5},
        "a.csv第7行只有4格，表头有5列：中间若漏了一格，后面的数字就错位了，共2行。请补上漏掉的分隔符，或重新导出",
        "a.csv row 7 has 4 cells, the header 5 columns: if one was left out, the figures behind it stand in the wrong column (2 such rows). Add the missing separators, or export it again",
    ),
    (
        "e.warn.empty",
        {"file": "a.csv", "export": "千牛 退款"},
        "提醒：a.csv是千牛 退款，没有数据行。若导出条件无误，就是这段时间没有记录；否则请重新导出",
        "Note: a.csv is 千牛 退款 and has no data rows. If it was exported with the right filters, nothing happened in that time; otherwise export it again",
    ),
    (
        "e.format",
        {"file": "a.xlsb", "kind": "XLSB", "code": "xlsb"},
        "a.xlsb是Excel二进制工作簿（xlsb），不能直接读取。请用Excel打开，另存为“Excel工作簿（xlsx）”，再换掉原文件",
        "a.xlsb is a binary Excel workbook (xlsb), which is not read. Open it in Excel, save it as “Excel Workbook (xlsx)”, and put that in its place",
    ),
    (
        "e.format",
        {"file": "a.ods", "kind": "ODS", "code": "ods"},
        "a.ods是OpenDocument表格（ods），不能直接读取。请用WPS、Excel或LibreOffice打开，另存为xlsx，再换掉原文件",
        "a.ods is an OpenDocument spreadsheet (ods), which is not read. Open it in LibreOffice, Excel or WPS, save it as xlsx, and put that in its place",
    ),
    (
        "e.format",
        {"file": "a.numbers", "kind": "Numbers", "code": "numbers"},
        "a.numbers是Numbers表格，不能直接读取。请在Numbers里选“文件 › 导出为 › Excel”，再换掉原文件",
        "a.numbers is a Numbers spreadsheet, which is not read. In Numbers, choose File › Export To › Excel, and put that in its place",
    ),
    (
        "e.zip.name",
        {"file": "a.zip", "n": 300},
        "a.zip里有一个文件名长达300个字符，没有磁盘存得下，已拒绝。请解压后改短，只放需要的文件",
        "a.zip holds a file whose name has 300 characters, more than a drive can hold, and was refused. Unpack it, shorten the name, and put in only the files needed",
    ),
    (
        "e.rule.trial_clicks",
        {"file": "a.csv", "row": 3, "n": 1},
        "a.csv第3行点击次数多于曝光量，共1行。请核对两列是否对调，或重新导出",
        "a.csv row 3: more clicks than exposures (1 such row). Check that the columns were not swapped, or export again",
    ),
    (
        "e.rule.trial_visitors",
        {"file": "a.csv", "row": 3, "n": 1},
        "a.csv第3行访客数多于曝光量，共1行。请核对两列是否对调，或重新导出",
        "a.csv row 3: more visitors than exposures (1 such row). Check that the columns were not swapped, or export again",
    ),
    (
        "e.rule.trial_buyers",
        {"file": "a.csv", "row": 3, "n": 1},
        "a.csv第3行支付买家数多于访客数，共1行，转化率会超过百分之百。请核对两列的口径，或重新导出",
        "a.csv row 3: more buyers than visitors (1 such row), so more than all of them would have bought. Check what the two columns count, or export again",
    ),
    (
        "e.rule.trial_reached",
        {"file": "a.csv", "row": 3, "n": 1},
        "a.csv第3行支付买家数多于曝光量，共1行，没有看到的人不会买。请核对两列的口径，或重新导出",
        "a.csv row 3: more buyers than exposures (1 such row), though nobody buys unseen. Check what the two columns count, or export again",
    ),
    (
        "e.rule.trial_orders",
        {"file": "a.csv", "row": 3, "n": 1},
        "a.csv第3行支付买家数多于订单数，共1行。请核对两列是否对调，或重新导出",
        "a.csv row 3: more buyers than orders (1 such row). Check that the columns were not swapped, or export again",
    ),
    (
        "e.warn.trial_negative",
        {"file": "a.csv", "row": 3, "n": 1},
        "提醒：a.csv第3行支付金额为负，共1行。已扣退款时会这样，此时不能再减一次退款；否则请核对",
        "Note: a.csv row 3: revenue below zero (1 such row). That is so where refunds are already taken off; then they must not be taken off again. Otherwise check it",
    ),
    (
        "e.warn.trial_negative",
        {"file": "a.csv", "row": 3, "n": 2},
        "提醒：a.csv第3行支付金额为负，共2行。已扣退款时会这样，此时不能再减一次退款；否则请核对",
        "Note: a.csv row 3: revenue below zero (2 such rows). That is so where refunds are already taken off; then they must not be taken off again. Otherwise check it",
    ),
    (
        "e.warn.trial_spread",
        {"file": "a.csv", "row": 3, "n": 1},
        "提醒：a.csv第3行没有方差，也没有标准差，共1行，算不出区间，不采用。请补上其中一列",
        "Note: a.csv row 3 states neither a variance nor a standard deviation (1 such row), so no interval can be given; it is not used. Add one of the two",
    ),
    (
        "e.swot.reason",
        {"key": "w.goal"},
        "inputs.xlsx“swot_items”表的“w.goal”：不采用时要填经办人（by）和理由（why）",
        "inputs.xlsx, sheet swot_items, “w.goal”: rejecting an item takes a name (by) and a reason (why)",
    ),
    (
        "e.swot.unknown",
        {"key": "w.gaol"},
        "inputs.xlsx“swot_items”表的“w.gaol”：本期没有这一条，无从不采用。请核对key，或删去这一行",
        "inputs.xlsx, sheet swot_items, “w.gaol”: there is no such item in this period to reject. Check the key or "
        "delete the row",
    ),
    (
        "e.swot.kind",
        {"key": "m1", "allowed": "S, W, O, T"},
        "inputs.xlsx“swot_items”表的“m1”：缺类别（kind）。可填：S, W, O, T",
        "inputs.xlsx, sheet swot_items, “m1”: it has no kind. Allowed: S, W, O, T",
    ),
    (
        "e.swot.text",
        {"key": "m1"},
        "inputs.xlsx“swot_items”表的“m1”：没有文字。请填text_zh或text_en",
        "inputs.xlsx, sheet swot_items, “m1”: it has no text. Fill in text_zh or text_en",
    ),
    (
        "e.swot.rating",
        {"key": "m1", "value": "0.5"},
        "inputs.xlsx“swot_items”表的“m1”：评分0.5超出范围。可填一分至四分",
        "inputs.xlsx, sheet swot_items, “m1”: the rating 0.5 is out of range. Allowed: from one to four",
    ),
]


@pytest.mark.parametrize(("id", "args", "zh", "en"), SAID, ids=[f"{i}.{a.get('code', '')}" for i, a, _, _ in SAID])
def test_a_message_says_where_what_is_allowed_and_what_next(id, args, zh, en):
    assert (Words("zh").problem(problem(id, **args)), Words("en").problem(problem(id, **args))) == (zh, en)


def test_every_message_of_ours_is_pinned():
    ours = {key for key in catalogue.files(catalogue.FOLDER, "zh")["data.po"] if key.startswith("e.")}
    words = Words("zh")
    pinned = set()
    for id, args, _, _ in SAID:
        special = f"{id}.{args.get('code')}"
        pinned.add(special if words.has(special) else id)
    assert ours - pinned == set()


def test_every_problem_the_code_raises_has_a_message():
    kit = Path(catalogue.__file__).parent
    code = [kit / "store.py", *sorted(p for name in ("exports", "tables") for p in (kit / name).glob("*.py"))]
    named = {id for path in code for id in re.findall(r'"(e\.[a-z_.]+[a-z])"', path.read_text(encoding="utf-8"))}
    assert named and {id for id in named if not Words("en").has(id)} == set()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_reason_in_the_ledger_has_a_name(locale):
    aside = ("system_file", "hidden_sheet", "empty_sheet", "other_sheet", "unread")
    reasons = (
        "duplicate overlap total_row footer blank_row header_again truncated no_value example hidden_sheet other_sheet "
        "unread"
    )
    flags = "blank_sales masked no_base too_small at_least scrubbed several_rows rare_value"
    words = Words(locale)
    assert [words.label(f"ledger.{reason}", n=2) for reason in [*reasons.split(), *flags.split()]]
    assert [words.label(f"ignored.{why}") for why in aside]
