"""Words of listing titles that claim nothing: the trade's and small words, and apart from them kinds of goods.

They stand as the dictionary of ``kit.stats.titles`` cuts them; a title is cut there, so that nothing joins over them.
"""

_TRADE = """
官方 官 正品 正 旗舰 旗舰店 专柜 专卖 专卖店 直营 自营 授权 店铺 店 网 官网 商城 天猫 淘宝 京东 包邮 现货 热卖 热销
爆款 爆 新品 新款 上市 上新 同款 明星 网红 推荐 必备 必 抢 秒杀 特价 特惠 优惠 折扣 满减 下单 立减 限时 限量 预售
活动 双十一 双11 618 正装 小样 中样 试用 试用装 体验 体验装 礼盒 礼盒装 礼品 礼物 礼 送礼 送 赠 赠品 套装 组合 套盒
套组 套餐 两件套 三件套 装 量贩 量贩装 家庭装 旅行装 便携 便携装 补充 补充装 替换 替换装 大瓶 小瓶 大容量 买 加 版
款 型 系列 升级 升级版 经典 原装 进口 国货 全新 新 品牌 大牌
"""
_GOODS = """
精华 精华液 精华露 精华乳 精华素 精华水 精华油 精华霜 原液 安瓶 安瓿 次抛 肌底液 面霜 乳霜 日霜 晚霜 霜 乳液 乳 水乳
爽肤水 化妆水 柔肤水 护肤水 保湿水 喷雾 水 露 面膜 贴 眼霜 眼膜 眼部 洁面 洁面乳 洁面膏 洗面奶 洗面 洁 卸妆 卸妆水
卸妆油 卸妆膏 防晒 防晒霜 防晒乳 隔离 隔离霜 妆前 粉底 粉底液 粉饼 散粉 气垫 遮瑕膏 腮红 眉笔 眼线 眼线笔 眼影
睫毛膏 口红 唇膏 唇釉 唇彩 唇 面部 脸部 护肤 护肤品 化妆品 彩妆 护手霜 身体乳 沐浴露 洗发水 洗发露 护发素 香水 凝露
凝胶 啫喱 膏 液 粉 油 泥
"""
_SMALL = """
的 和 与 及 或 之 也 不 无 了 可 可用 可以 适用 适合 通用 专用 专 男女 全家 成人 大人 学生 学生党 平价 女 女士 女性
个 支 瓶 盒 片 包 粒 袋 条 只 套 件 克 毫升 中 大 小 多 全 高 低 款式 多款 任选 可选 选择
"""
STOP_WORDS = frozenset(f"{_TRADE} {_SMALL}".split())
GOODS = frozenset(_GOODS.split())
