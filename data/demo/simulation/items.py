"""The shop's own forty items: what they are, what they cost, and how buyers choose among them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.world import DAYS, START, position, rng

BRAND = "青禾"
SHOP = "青禾护肤旗舰店"

# code, title without the brand, list price, page price, coupon, unit cost, weight, event appeal, on sale since
ITEMS = (
    ("QH001", "神经酰胺修护精华液30ml敏感肌舒缓补水保湿", 229, 159, 20, 33.5, 20.0, 1.20, ""),
    ("QH002", "烟酰胺美白淡斑提亮肤色精华液30ml", 199, 139, 10, 28.4, 9.5, 1.10, ""),
    ("QH003", "早C晚A精华套装抗皱紧致提亮30ml×2", 469, 329, 30, 72.0, 7.4, 1.55, ""),
    ("QH004", "玻尿酸补水保湿精华液50ml", 129, 89, 5, 19.6, 7.2, 0.95, ""),
    ("QH005", "胶原蛋白紧致抗皱精华30ml淡化细纹", 289, 199, 20, 41.0, 6.1, 1.25, ""),
    ("QH006", "视黄醇晚霜精华30ml抗老紧致", 329, 239, 25, 48.0, 4.6, 1.30, ""),
    ("QH007", "角鲨烷修护精华油20ml干皮", 239, 169, 15, 36.0, 3.9, 1.00, ""),
    ("QH008", "水杨酸祛痘精华30ml控油细致毛孔", 139, 99, 5, 21.0, 3.8, 0.90, ""),
    ("QH009", "维C亮肤精华液15ml×2", 259, 179, 15, 39.0, 3.5, 1.10, ""),
    ("QH010", "积雪草舒缓精华30ml泛红敏感肌", 189, 129, 10, 27.0, 3.4, 1.00, ""),
    ("QH011", "玻尿酸次抛精华1.5ml×30支", 169, 119, 10, 25.0, 3.2, 1.30, ""),
    ("QH012", "二裂酵母修护精华50ml熬夜肌", 279, 199, 20, 42.5, 3.0, 1.20, ""),
    ("QH013", "依克多因修护精华30ml", 259, 189, 20, 40.0, 2.6, 1.00, "2024-03-11"),
    ("QH014", "多肽抗皱精华30ml眼周细纹", 359, 259, 30, 55.0, 2.3, 1.15, ""),
    ("QH015", "传明酸淡斑精华30ml", 209, 149, 10, 31.0, 2.2, 1.00, ""),
    ("QH016", "补水保湿精华水150ml", 99, 69, 5, 15.2, 2.1, 0.90, ""),
    ("QH017", "青刺果滋养精华油30ml", 199, 139, 10, 30.0, 1.8, 0.90, ""),
    ("QH018", "烟酰胺补水精华15ml旅行装", 69, 49, 0, 11.0, 1.7, 0.80, ""),
    ("QH019", "修护安瓶精华2ml×7支", 119, 79, 5, 18.0, 1.6, 1.10, ""),
    ("QH020", "虾青素抗氧化精华30ml", 269, 189, 15, 42.0, 1.5, 1.00, ""),
    ("QH021", "神经酰胺修护精华液50ml加大装", 329, 229, 25, 47.0, 1.5, 1.40, "2024-08-19"),
    ("QH022", "蓝铜肽紧致精华30ml", 399, 299, 40, 66.0, 1.3, 1.10, ""),
    ("QH023", "玻尿酸原液10ml×3", 79, 59, 0, 13.5, 1.2, 0.90, ""),
    ("QH024", "茶树控油精华20ml", 89, 65, 5, 14.0, 1.1, 0.80, ""),
    ("QH025", "红没药醇舒缓精华20ml", 119, 85, 5, 18.0, 1.0, 0.85, ""),
    ("QH026", "修护精华面膜组合5片装", 79, 59, 5, 14.5, 1.0, 1.10, ""),
    ("QH027", "早C精华单瓶20ml提亮", 159, 109, 10, 24.0, 0.9, 0.95, ""),
    ("QH028", "晚A精华单瓶20ml紧致", 179, 125, 10, 26.0, 0.9, 0.95, ""),
    ("QH029", "精华三件套礼盒修护提亮紧致", 799, 559, 60, 128.0, 0.8, 1.90, ""),
    ("QH030", "胶原蛋白次抛1.2ml×28支", 239, 169, 15, 37.0, 0.8, 1.20, ""),
    ("QH031", "甘草精华乳50ml", 109, 79, 5, 17.0, 0.7, 0.80, ""),
    ("QH032", "益生元水乳精华80ml", 149, 105, 5, 24.5, 0.6, 0.80, ""),
    ("QH033", "光果甘草亮肤精华20ml", 129, 95, 5, 20.0, 0.5, 0.80, ""),
    ("QH034", "神经酰胺精华5ml小样", 29, 19, 0, 5.2, 0.5, 0.70, ""),
    ("QH035", "重组胶原精华敏感肌30ml", 299, 219, 20, 46.0, 0.5, 1.10, "2024-09-23"),
    ("QH036", "银耳补水精华100ml", 99, 69, 5, 16.0, 0.4, 0.80, ""),
    ("QH037", "山茶花精华油15ml", 149, 109, 5, 25.0, 0.3, 0.80, ""),
    ("QH038", "燕麦舒缓精华30ml", 109, 79, 5, 18.0, 0.2, 0.80, ""),
    ("QH039", "海藻紧致精华30ml旧款", 169, 129, 10, 29.0, 0.06, 0.70, ""),
    ("QH040", "芦荟保湿精华120ml旧款", 89, 65, 5, 15.0, 0.05, 0.70, ""),
)
STOCKED_OUT = "QH001"
LEAKING = "QH004"
SLEEPING = ("QH039", "QH040")
REFUND_PRONE = "QH008"


def catalogue() -> pd.DataFrame:
    """One row per item: item_id, code, title, prices in yuan, unit cost, launch day, refund probability."""
    columns = ["code", "title", "price_list", "price_page", "coupon", "unit_cost", "weight", "appeal", "launched"]
    table = pd.DataFrame(ITEMS, columns=columns)
    launched = pd.to_datetime(table["launched"].where(table["launched"] != "", "2021-06-01"))
    numbers = 668_200_000_000 + np.cumsum(rng("item_ids").integers(1_000_003, 90_000_000, len(table)))
    refund = np.where(table["code"] == REFUND_PRONE, 0.17, 0.062)
    return table.assign(
        item_id=[str(n) for n in numbers],
        title=BRAND + table["title"],
        price_coupon=table["price_page"] - table["coupon"],
        price_event=_event_price(table["price_page"] - table["coupon"]),
        launched=launched,
        refund_rate=refund,
    )


def _event_price(coupon_price: pd.Series) -> pd.Series:
    """What an event buyer pays before the cross-shop discount: 9 % off the coupon price, in whole yuan."""
    return (coupon_price * 91 + 50) // 100


def choice(items: pd.DataFrame, event: np.ndarray) -> np.ndarray:
    """Days × items: the probability that a line bought at event share ``event`` of that day is of that item."""
    shocks = np.cumsum(rng("items").standard_normal((len(DAYS) // 7 + 2, len(items))) * 0.05, axis=0)
    drift = np.exp(shocks - shocks[position(START) // 7])[np.arange(len(DAYS)) // 7]
    appeal = 1 + (items["appeal"].to_numpy() - 1) * event[:, None]
    weights = items["weight"].to_numpy() * drift * appeal * _on_sale(items)
    return np.round(weights / weights.sum(axis=1, keepdims=True), 9)


def _on_sale(items: pd.DataFrame) -> np.ndarray:
    """Days × items: 0 before launch, then rising to 1 over six weeks."""
    age = (DAYS.to_numpy()[:, None] - items["launched"].to_numpy()[None, :]) / np.timedelta64(1, "D")
    return np.clip((age + 1) / 42, 0, 1)
