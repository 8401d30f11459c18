"""Stock of the ERP systems, column by column: 旺店通 and 聚水潭. No column says of which day it is."""

import pytest
from making import ids, reading, rows, stated, xlsx

STOCK = {"erp": "erp"}


WANGDIANTONG = {
    "货品编号": ["S-001", "S-001"],
    "商家编码": ["A-01", "A-02"],
    "条码": ["6921843210001", "6921843210002.0"],
    "货品名称": ["保湿面霜", "保湿面霜"],
    "货品简称": ["面霜", "面霜"],
    "规格名称": ["50g", "100g"],
    "规格码": ["50", "100"],
    "品牌": ["甲", "甲"],
    "分类": ["面霜", "面霜"],
    "未发货订单总数": ["11", "0"],
    "零售价": ["129.00", "219.00"],
    "市场价": ["￥199.00", "￥299.00"],
    "库存": ["1,200", "30"],
    "可发库存": ["1180", "30"],
    "可用库存": ["1150", "-5"],
    "警戒库存下限": ["100", "50"],
    "警戒库存上限": ["3000", "500"],
    "待审核量": ["3", "0"],
    "待发货量": ["20", "0"],
    "锁定量": ["5", "0"],
    "采购在途": ["600", "0"],
    "调拨在途": ["40", "0"],
    "销售退货在途量": ["7", "0"],
    "最后盘点时间": ["45929.5", "任意时间"],
    "实际库存": ["1199", "30"],
    "残次品": ["否", "否"],
    "新的一列": ["甲", "乙"],
}


@pytest.fixture
def wangdiantong(tmp_path):
    made = reading(tmp_path, {"exports/erp/库存管理_20250930.xlsx": xlsx({"库存": rows(WANGDIANTONG)})}, STOCK)
    assert ids(made) == []
    return made.tables["inventory"]


def test_stock_of_wangdiantong_is_read_column_by_column(wangdiantong):
    assert stated(wangdiantong) == {
        "date": "2025-09-30 00:00:00",
        "merchant_sku": "A-01",
        "style_no": "S-001",
        "barcode": "6921843210001",
        "title": "保湿面霜",
        "spec": "50g",
        "brand": "甲",
        "category": "面霜",
        "stock_on_hand": 1200,
        "stock_locked": 5,
        "stock_available": 1150,
        "stock_on_order": 600,
        "stock_in_transfer": 40,
        "returns_in_transit": 7,
        "units_to_ship": 20,
        "stock_alert_min": 100,
        "stock_alert_max": 3000,
        "tag_price": 199,
        "retail_price": 129,
        "counted_at": "2025-09-29 12:00:00",
    }


def test_any_time_is_none(wangdiantong):
    assert wangdiantong["counted_at"].isna().tolist() == [False, True]
    assert wangdiantong["barcode"].tolist() == ["6921843210001", "6921843210002"]


JUSHUITAN = {
    "商品编码": ["A-01", "A-02"],
    "款式编码": ["S-001", "S-001"],
    "颜色/规格": ["白色;50g", "白色;100g"],
    "主仓实际库存数": ["1200", "30"],
    "实际库存": ["1300", "30"],
    "库存锁定数": ["5", "0"],
    "订单占有数": ["60", "42"],
    "采购在途数": ["600", "0"],
    "调拨在途数": ["40", "0"],
    "进货仓库存": ["100", "0"],
    "公有可用数": ["1130", "-12"],
    "剩余可用": ["1,135", "-12"],
    "虚拟库存": ["0", "0"],
    "仓库待发数": ["20", "0"],
    "可配货数": ["1140", "0"],
    "新的一列": ["甲", "乙"],
}


@pytest.fixture
def jushuitan(tmp_path):
    made = reading(tmp_path, {"exports/erp/商品库存2025-09-30.xlsx": xlsx({"Sheet1": rows(JUSHUITAN)})}, STOCK)
    assert ids(made) == []
    return made.tables["inventory"]


def test_stock_of_jushuitan_is_read_column_by_column(jushuitan):
    assert stated(jushuitan) == {
        "date": "2025-09-30 00:00:00",
        "merchant_sku": "A-01",
        "style_no": "S-001",
        "spec": "白色;50g",
        "stock_on_hand": 1200,
        "stock_reserved": 60,
        "stock_locked": 5,
        "stock_available": 1135,
        "stock_on_order": 600,
        "stock_in_transfer": 40,
        "units_to_ship": 20,
    }


def test_more_may_be_ordered_than_is_there(jushuitan):
    assert jushuitan["stock_available"].tolist() == [1135, -12]


def test_without_a_day_in_its_name_or_in_client_toml_stock_is_not_read(tmp_path):
    content = {"exports/erp/库存管理.xlsx": xlsx({"库存": rows(WANGDIANTONG)})}
    assert ids(reading(tmp_path, content, STOCK)) == ["e.period"]
    files = {"exports/erp/库存管理.xlsx": {"start": "2025-09-30"}}
    assert stated(reading(tmp_path, content, STOCK, files=files).tables["inventory"])["date"] == "2025-09-30 00:00:00"


def test_the_same_item_in_two_warehouses_is_two_records(tmp_path):
    both = {**WANGDIANTONG, "商家编码": ["A-01", "A-01"], "仓库": ["杭州仓", "成都仓"]}
    made = reading(tmp_path, {"exports/erp/库存20250930.xlsx": xlsx({"库存": rows(both)})}, STOCK)
    assert ids(made) == []
    assert made.tables["inventory"]["warehouse"].tolist() == ["成都仓", "杭州仓"]


def test_stock_of_a_single_batch_is_finer_than_stock(tmp_path):
    batches = {**WANGDIANTONG, "批次号": ["1", "2"]}
    made = reading(tmp_path, {"exports/erp/库存20250930.xlsx": xlsx({"库存": rows(batches)})}, STOCK)
    assert ids(made) == ["e.grain"]


def test_stock_does_not_lie_in_a_shops_folder(tmp_path):
    content = {"exports/tmall/库存管理_20250930.xlsx": xlsx({"库存": rows(WANGDIANTONG)})}
    assert ids(reading(tmp_path, content)) == ["e.platform"]
