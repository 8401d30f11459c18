"""What is still to be downloaded: which export of which shop, which days, until when, and what to set there."""

import datetime as dt
import json

import pytest
from making import client, xlsx

from kit import checking, project, report, store, wanted
from kit.client import Period
from kit.exports.dictionary import exports
from kit.text import Words

TODAY = dt.date(2024, 12, 3)
NOVEMBER, OCTOBER = ("2024-11-01", "2024-11-30"), ("2024-10-01", "2024-10-31")
HEADS = {
    "shop": "统计日期,访客数,支付买家数,支付金额",
    "own": "date,visitors,pay_amount",
    "campaigns": "日期,计划名字,花费,展现量",
    "items": "日期,主体ID,花费,展现量",
    "compass": "日期,成交金额,成交订单数,成交人数,商品曝光人数,商品点击人数,退款金额",
}


def made(kind, first, last, without=()):
    """An export with a row a day from ``first`` to ``last``."""
    days = sorted(wanted.days(dt.date.fromisoformat(first), dt.date.fromisoformat(last)))
    rest = ",1" * HEADS[kind].count(",")
    return HEADS[kind] + "\n" + "".join(f"{day}{rest}\n" for day in days if str(day) not in without)


@pytest.fixture
def reads(monkeypatch):
    """Says which tables the only report there is reads, and which of them over other days, too."""

    def says(*tables, **more):
        monkeypatch.setattr(report, "names", lambda *_: ["review"])
        monkeypatch.setattr(report, "metadata", lambda *_: {"tables": list(tables), **more})

    return says


def told(here, today=TODAY, asked="2024-11", locale="zh", reports=()):
    return list(checking.to_download(here, store.inspect(here), Words(locale), asked, reports, today))


def cells(line):
    return [cell for cell in line.split("  ") if cell]


# ---- which days ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "said"),
    [("zh", "2024-11的文件都齐了，没有要下载的（今天是2024-12-03）"), ("en", "Nothing left to download for 2024-11")],
)
def test_of_a_complete_client_one_line_says_that_nothing_is_missing(tmp_path, reads, locale, said):
    reads("shop_daily", compares={"previous": ["shop_daily"]})
    here = client(tmp_path, {"exports/a.csv": made("shop", "2024-10-01", "2024-11-30")})
    (line,) = told(here, locale=locale)
    assert line.startswith(said)


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        (
            "zh",
            [
                "要下载的文件（2024-11，今天是2024-12-03），越急越靠前",
                "  天猫  tmall  万相台 计划报表    2024-11-16..2024-11-30  2025-05-17起被平台删除，还有165天",
                "      万相台无界 › 报表 › 计划报表 › 下载报表；按天、按计划；归因周期选15天；用于月度运营报告",
                "  天猫  tmall  生意参谋 交易概况  2024-11-16..2024-11-30",
                "      生意参谋 › 交易 › 交易概况 › 按日 › 下载；按天；对比期还缺2024-10-01..2024-10-31；用于月度运营报告",
            ],
        ),
        (
            "en",
            [
                "To download for 2024-11 (today is 2024-12-03), most urgent first",
                "  Tmall  tmall  万相台 计划报表 (Alimama One campaigns)              2024-11-16..2024-11-30  "
                "the platform deletes it from 2025-05-17 on, 165 days left",
                "      万相台无界 › 报表 › 计划报表 › download; by day and by campaign; attribution window of 15 days; "
                "for Monthly operations review",
                "  Tmall  tmall  生意参谋 交易概况 (Business Advisor trade overview)  2024-11-16..2024-11-30",
                "      生意参谋 › 交易 › 交易概况 › by day › download; by day; to compare with it 2024-10-01..2024-10-31; "
                "for Monthly operations review",
            ],
        ),
    ],
)
def test_a_client_with_half_its_exports_is_told_the_other_half_and_how_to_get_it(tmp_path, reads, locale, lines):
    reads("shop_daily", "ads_daily", compares={"previous": ["shop_daily"]})
    files = {"exports/a.csv": made("shop", "2024-11-01", "2024-11-15")}
    files["exports/计划报表.csv"] = made("campaigns", "2024-10-20", "2024-11-15")
    assert told(client(tmp_path, files, attribution={"wanxiangtai": 15}), locale=locale) == lines


@pytest.mark.parametrize(
    ("locale", "said"), [("zh", "2025-03还没有开始，没有可下载的"), ("en", "2025-03 has not begun")]
)
def test_of_a_period_that_has_not_begun_nothing_is_called_complete(tmp_path, reads, locale, said):
    reads("shop_daily")
    here = client(tmp_path, {"exports/a.csv": made("shop", "2024-11-01", "2024-11-30")})
    (line,) = told(here, asked="2025-03", locale=locale)
    assert line.startswith(said)


def test_no_day_is_asked_for_that_is_not_over(tmp_path, reads):
    reads("shop_daily")
    here = client(tmp_path, {"exports/a.csv": made("shop", "2024-11-01", "2024-11-15")})
    assert "2024-11-16..2024-11-19" in told(here, today=dt.date(2024, 11, 20))[1]


@pytest.mark.parametrize(
    ("kind", "table", "days"),
    [("shop", "shop_daily", "2024-11-10..2024-11-11、2024-11-30"), ("campaigns", "ads_daily", "")],
)
def test_a_day_within_a_file_is_missing_only_where_every_day_has_a_row(tmp_path, reads, kind, table, days):
    """A tool that spent nothing for two days has no rows of them, nor perhaps of the last one."""
    reads(table)
    text = made(kind, "2024-11-01", "2024-11-29", without=("2024-11-10", "2024-11-11"))
    said = told(client(tmp_path, {"exports/a.csv": text}, attribution={"wanxiangtai": 15}))
    assert [cells(line)[3] for line in said[1::2]] == ([days] if days else [])


def test_a_month_is_missing_however_long_nothing_happened_before(tmp_path, reads):
    reads("live_sessions")
    rows = "".join(f"2024-{day} 20:00,甲,1,1\n" for day in ("08-01", "10-31"))
    said = told(
        client(tmp_path, {"exports/a.csv": f"started_at,room,live_gmv,user_paid_amount\n{rows}"}, {"d": "douyin"})
    )
    assert [cells(line)[3] for line in said[1::2]] == ["2024-11-01..2024-11-30"]


def test_a_day_asked_for_alone_is_missing_where_it_is_not_there(tmp_path, reads):
    reads("ads_daily")
    text = made("campaigns", "2024-11-01", "2024-11-10", without=("2024-11-05", "2024-11-06"))
    here = client(tmp_path, {"exports/a.csv": text}, attribution={"wanxiangtai": 15})
    assert cells(told(here, asked="2024-11-11")[1])[3] == "2024-11-11"


def test_of_days_with_many_gaps_the_first_are_named_and_all_are_counted(tmp_path, reads):
    reads("shop_daily")
    gaps = [f"2024-11-{n:02d}" for n in (3, 6, 9, 12, 15)]
    here = client(tmp_path, {"exports/a.csv": made("shop", *NOVEMBER, without=gaps)})
    assert cells(told(here)[1])[3] == "2024-11-03、2024-11-06、2024-11-09、2024-11-12等，共5段"


def test_a_campaign_that_began_before_the_period_is_read_from_its_presale_on_and_so_is_the_one_before(tmp_path, reads):
    reads("shop_daily", subject="campaigns")
    head = ["campaign", "start", "end", "presale_start", "compare_to"]
    rows = [
        ["双11 2024", "2024-10-31", "2024-11-11", "2024-10-14", "双11 2023"],
        ["双11 2023", "2023-11-01", "2023-11-11"],
    ]
    files = {
        "inputs.xlsx": xlsx({"campaigns": [head, *rows]}),
        "exports/a.csv": made("shop", "2024-10-20", "2024-11-30"),
    }
    _, head, how = told(client(tmp_path, files))
    assert cells(head)[3] == "2024-10-14..2024-10-19"
    assert "；对比期还缺2023-11-01..2023-11-11；" in how


def test_days_compared_with_are_those_that_the_report_names_and_promotions_that_moved_join_their_months():
    """Double 11 of 2024 began on 14 October, that of 2023 on the 24th: October and November are compared together."""
    here = type("Here", (), {"platforms": lambda self: ("tmall",)})()
    found = {
        k: wanted.runs(v - wanted.days(dt.date(2024, 11, 1), dt.date(2024, 11, 30)))
        for k, v in wanted.compared(here, Period.parse("2024-11")).items()
    }
    assert found["previous"] == [(dt.date(2024, 10, 1), dt.date(2024, 10, 31))]
    assert found["year"] == [
        (dt.date(2023, 10, 1), dt.date(2023, 11, 30)),
        (dt.date(2024, 10, 1), dt.date(2024, 10, 31)),
    ]


def test_what_is_missing_for_comparisons_alone_is_a_list_of_its_own(tmp_path, reads):
    reads("shop_daily", compares={"previous": ["shop_daily"]})
    first, heading, line = told(client(tmp_path, {"exports/a.csv": made("shop", *NOVEMBER)}))
    assert first.startswith("2024-11的文件都齐了") and heading == "只差对比期的数据，补上才有环比、同比"
    assert cells(line)[2:] == [
        "生意参谋 交易概况",
        "2024-10-01..2024-10-31",
        "生意参谋 › 交易 › 交易概况 › 按日 › 下载；按天",
    ]


@pytest.mark.parametrize(
    ("asked", "dated", "period"),
    [("2024-W45", None, "2024-W45"), ("", dt.date(2024, 11, 5), "2024-10"), ("", None, "2024-11")],
)
def test_without_a_period_the_month_before_the_cover_date_or_before_today_is_meant(tmp_path, asked, dated, period):
    assert wanted.period_of(client(tmp_path, report_date=dated), asked, TODAY).text == period


def test_a_report_made_from_others_wants_what_they_want(tmp_path):
    here = client(tmp_path, {"exports/a.csv": made("shop", *NOVEMBER)})
    assert told(here, reports=["swot"]) == told(here, reports=["pack"]) != told(here, reports=["market"])


def test_a_report_that_cannot_be_built_wants_nothing(tmp_path, reads):
    reads("listings", needs=["market"])
    assert len(told(client(tmp_path))) == 1


# ---- until when ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "days", "due"),
    [
        ("2025-05-01", "2024-11-01..2024-11-30", "2025-05-02起被平台删除，还有1天"),
        ("2025-05-02", "2024-11-02..2024-11-30", "2025-05-03起被平台删除，还有1天"),
    ],
)
def test_what_is_deleted_after_182_days_comes_first_and_says_how_many_days_are_left(tmp_path, reads, today, days, due):
    reads("shop_daily", "ads_daily")
    files = {"exports/计划报表.csv": made("campaigns", *OCTOBER)}
    said = told(client(tmp_path, files, attribution={"wanxiangtai": 15}), dt.date.fromisoformat(today))
    assert cells(said[1])[2:] == ["万相台 计划报表", days, due]
    assert cells(said[3])[2] == "生意参谋 交易概况"


def test_what_the_platform_has_deleted_is_said_apart_with_the_day_it_began(tmp_path, reads):
    reads("ads_daily")
    files = {"exports/计划报表.csv": made("campaigns", *OCTOBER)}
    said = told(client(tmp_path, files, attribution={"wanxiangtai": 15}), dt.date(2025, 5, 12))
    assert cells(said[1])[3] == "2024-11-12..2024-11-30"
    assert said[3] == "平台已经删掉，只能找存档"
    assert cells(said[4])[2:] == ["万相台 计划报表", "2024-11-01..2024-11-11", "2025-05-02起陆续删除"]
    done = told(client(tmp_path, files, attribution={"wanxiangtai": 15}), dt.date(2026, 1, 1))
    assert done[0].startswith("2024-11的文件都齐了") and cells(done[2])[3] == "2024-11-01..2024-11-30"


def test_an_export_of_31_days_a_file_says_how_many_files_it_takes(tmp_path, reads):
    reads("shop_daily", compares={"previous": ["shop_daily"]})
    files = {"exports/dy/a.csv": made("compass", "2024-09-01", "2024-09-30")}
    said = told(client(tmp_path, files, {"dy": "douyin"}))
    assert cells(said[1])[3] == "2024-10-01..2024-11-30"
    assert "；每个文件最多31天，分2个文件下载；" in said[2]
    one = told(
        client(tmp_path / "b", {"exports/dy/a.csv": made("compass", "2024-09-01", "2024-10-31")}, {"dy": "douyin"})
    )
    assert "每个文件最多" not in one[2], "one file does"


# ---- which export ----------------------------------------------------------------------------------------------


def test_each_shop_is_asked_for_the_exports_of_its_own_platform(tmp_path, reads):
    reads("shop_daily", "refunds")
    said = told(client(tmp_path, {}, {"a": "tmall", "b": "tmall", "c": "douyin"}))
    assert [cells(line)[:3] for line in said[1::2]] == [
        ["抖音", "c", "抖音电商罗盘 店铺核心数据"],
        ["天猫", "a", "千牛 退款管理"],
        ["天猫", "a", "生意参谋 交易概况"],
        ["天猫", "b", "千牛 退款管理"],
        ["天猫", "b", "生意参谋 交易概况"],
    ], "Douyin has no export of refunds"
    assert "京" not in "".join(said)


def test_an_export_that_was_never_downloaded_is_the_usual_one_with_others_beside_it(tmp_path, reads):
    reads("ads_daily", "service_daily")
    said = told(client(tmp_path))
    assert said[2].endswith("；归因周期有1、3、7、15、30天可选，先在client.toml的[attribution]里写明wanxiangtai用哪一个；"
                            "用于月度运营报告；也可用万相台 商品报表、万相台 场景报表、万相台 关键词报表")  # fmt: skip
    assert cells(said[3])[2] == "客服绩效" and "还没下载过" not in "".join(said), "of a new client everything is"


def test_the_exports_in_use_are_asked_for_each_and_those_given_up_are_not(tmp_path, reads):
    reads("ads_daily")
    files = {"exports/计划报表.csv": made("campaigns", *OCTOBER), "exports/商品报表.csv": made("items", *OCTOBER)}
    files["exports/直通车.csv"] = "日期,商品名称,花费,展现量\n2024-08-29,甲,1,1\n"
    files["exports/品销宝.xlsx"] = xlsx({"账户": [["日期", "展现量", "进店访客数"], ["2024-08-30", 9, 1]]})
    said = told(client(tmp_path, files, attribution={"wanxiangtai": 15, "pinxiaobao": 15}))
    assert [cells(line)[2] for line in said[1::2]] == ["万相台 计划报表", "万相台 商品报表", "品销宝 品牌专区 账户"]
    assert "也可用" not in "".join(said)


def test_of_another_tool_days_that_are_compared_are_wanted_too_and_of_the_same_any_export_does(tmp_path, reads):
    reads("ads_daily", compares={"previous": ["ads_daily"]})
    files = {
        "exports/计划报表.csv": made("campaigns", "2024-10-01", "2024-11-30"),
        "exports/b.csv": made("items", *NOVEMBER),
    }
    files["exports/品销宝.xlsx"] = xlsx(
        {"账户": [["日期", "展现量", "进店访客数"], ["2024-11-01", 9, 1], ["2024-11-30", 9, 1]]}
    )
    (line,) = told(client(tmp_path, files, attribution={"wanxiangtai": 15, "pinxiaobao": 15}))[1::2]
    assert cells(line)[2:4] == ["品销宝 品牌专区 账户", "对比期还缺2024-10-01..2024-10-31"]


def test_any_export_of_a_table_does_for_days_that_are_only_compared(tmp_path, reads):
    reads("shop_daily", compares={"previous": ["shop_daily"]})
    files = {"exports/日报.csv": made("own", *OCTOBER), "exports/a.csv": made("shop", *NOVEMBER)}
    assert len(told(client(tmp_path / "1", files))) == 1


def test_a_sheet_of_ones_own_is_asked_for_where_no_export_has_taken_its_place(tmp_path, reads):
    reads("shop_daily")
    said = told(client(tmp_path / "1", {"exports/日报.csv": made("own", *OCTOBER)}))
    assert [cells(line)[2:4] for line in said[1::2]] == [["通用表 店铺日数据", "2024-11-01..2024-11-30"]]
    files = {"exports/日报.csv": made("own", *OCTOBER), "exports/a.csv": made("shop", "2024-11-01", "2024-11-29")}
    said = told(client(tmp_path / "2", files))
    assert [cells(line)[2:4] for line in said[1::2]] == [["生意参谋 交易概况", "2024-11-30"]]


def test_an_export_in_use_goes_on_though_no_report_asks_for_it_unless_reports_are_named(tmp_path, reads):
    reads("shop_daily")
    files = {"exports/tmall/a.csv": made("shop", *NOVEMBER)}
    files["exports/erp/旺店通_20241031.csv"] = "商家编码,货品名称,仓库,库存,可用库存,锁定量\nA1,甲,主仓,5,1,1\n"
    here = client(
        tmp_path, files, files={"exports/erp/旺店通_20241031.csv": {"start": "2024-10-31", "end": "2024-10-31"}}
    )
    assert store.inspect(here).problems == []
    assert [cells(line)[2] for line in told(here)[1::2]] == ["旺店通 库存管理"]
    assert len(told(here, reports=["review"])) == 1


def test_a_snapshot_in_the_month_is_enough(tmp_path, reads):
    reads("listings")
    text = "update_time,id,title,price,sale_count,comment_count,店名\n2024/11/5,A1,甲霜,99,120,7,甲\n"
    here = client(tmp_path, {"exports/tmall/a.csv": text}, {"tmall": "tmall", "b": "tmall", "dy": "douyin"})
    assert len(told(here)) == 1, "and serves all shops of its platform"


def test_what_belongs_to_no_platform_is_asked_for_once(tmp_path, reads):
    reads("listings")
    said = told(client(tmp_path, {}, {"a": "tmall", "b": "jd"}))
    assert len(said) == 3 and cells(said[1])[:2] == ["任一店铺", "竞品在售商品快照（采集）"]


def test_a_file_over_several_days_is_enough_of_an_export_that_gives_no_days(tmp_path, reads):
    reads("traffic_source", "shop_daily")
    source = [["流量载体", "一级来源", "二级来源", "访客数", "支付金额"], ["手淘", "搜索", "汇总", 9, 1]]
    files = {
        "exports/流量.xlsx": xlsx({"全店流量来源": source}),
        "exports/a.csv": "日期,访客数,支付金额\n2024-11-01~2024-11-30,9,1\n",
    }
    here = client(tmp_path, files, files={"exports/流量.xlsx": {"start": "2024-11-01", "end": "2024-11-30"}})
    assert [p.id for p in store.inspect(here).problems if not p.warning] == []
    assert [cells(line)[2] for line in told(here)[1::2]] == ["生意参谋 交易概况"], "of the shop days are wanted"


def test_what_comes_as_a_whole_is_asked_for_by_the_period_and_the_months_it_is_compared_with(tmp_path, reads):
    reads("traffic_source", compares={"year": ["traffic_source"]})
    _, head, how = told(client(tmp_path))
    assert cells(head)[3] == "2024-11-01..2024-11-30"
    assert "；每段各下一份汇总、按来源；" in how
    assert "；对比期还缺2023-10-01..2023-10-31、2023-11-01..2023-11-30、2024-10-01..2024-10-31；" in how


def test_a_workbook_of_several_exports_is_downloaded_once(tmp_path, reads):
    reads("ads_daily")
    rows = [["日期", "展现量", "进店访客数"], ["2024-10-31", 9, 1]]
    named = [["日期", "计划名称", "展现量", "进店访客数"], ["2024-10-31", "甲", 9, 1]]
    here = client(
        tmp_path, {"exports/品销宝.xlsx": xlsx({"账户": rows, "推广计划": named})}, attribution={"pinxiaobao": 15}
    )
    said = told(here)
    assert len(said) == 3 and cells(said[1])[2] == "品销宝 品牌专区 账户等，同一页另有1种"
    assert said[2].startswith("      品销宝 › 报表 › 品牌专区报表 › 下载；按天；归因周期选15天"), (
        "what they are both by"
    )


def test_an_export_that_never_came_is_marked_where_others_did(tmp_path, reads):
    reads("shop_daily", "refunds")
    said = told(client(tmp_path, {"exports/a.csv": made("shop", *OCTOBER)}))
    assert [(cells(line)[2], "；还没下载过" in how) for line, how in zip(said[1::2], said[2::2], strict=True)] == [
        ("生意参谋 交易概况", False),
        ("千牛 退款管理", True),
    ]


@pytest.mark.parametrize(
    ("platform", "attribution", "said"),
    [("jd", {}, "归因周期选15天"), ("jd", {"jingzhuntong": 7}, "归因周期选7天"), ("pinduoduo", {}, "")],
)
def test_the_window_is_that_of_client_toml_else_the_only_one_offered(tmp_path, reads, platform, attribution, said):
    reads("ads_daily")
    how = told(client(tmp_path, {}, {"a": platform}, attribution=attribution))[2]
    assert (said in how) if said else ("归因" not in how)


def test_a_window_that_the_files_state_themselves_is_asked_for_again(tmp_path, reads):
    reads("ads_daily")
    text = "日期,计划名字,花费,展现量,转化周期\n2024-10-31,甲,1,1,7天转化\n"
    assert "；归因周期选7天；" in told(client(tmp_path, {"exports/a.csv": text}))[2]


# ---- what it rests on -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(project.notebooks().glob("*.ipynb")), ids=lambda p: p.stem)
def test_what_a_notebook_compares_is_among_the_tables_it_reads(path):
    said = json.loads(path.read_text(encoding="utf-8"))["metadata"].get("kit", {})
    assert set(said.get("compares", {})) <= {"previous", "year"}
    assert {t for tables in said.get("compares", {}).values() for t in tables} <= set(said.get("tables", []))


@pytest.mark.parametrize(
    ("export", "kept", "file"),
    [("wanxiangtai_item", 182, 90), ("pinxiaobao_account", 401, None), ("sycm_rivals", 90, None),
     ("compass_live_list", None, 31), ("pinduoduo_ads_item", 90, None)],
)  # fmt: skip
def test_how_long_a_platform_keeps_an_export_is_as_published(export, kept, file):
    (found,) = (e for e in exports() if e.id == export)
    assert (found.kept_days, found.file_days) == (kept, file)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_demo_clients_november_lacks_what_it_was_made_without(locale):
    from kit.client import Client

    said = told(Client.load("demo"), dt.date(2024, 12, 5), asked="", locale=locale)
    listed = [line for line in said if "2024-10-01..2024-1" in line]
    assert [name in line for name, line in zip(("抖店 订单管理", "商品_全部", "飞鸽"), listed, strict=True)] == [
        True
    ] * 3
    for complete in ("交易概况", "店铺核心数据", "直播间列表", "旺店通", "评价管理", "类目"):
        assert complete not in "".join(said)
