"""What a report says in two languages, side by side: Chinese first."""

from __future__ import annotations

from typing import NamedTuple


class Both(NamedTuple):
    zh: str
    en: str


POLICY = {
    "as it was": Both("真实历史", "as it was"),
    "as sold": Both("原卖家发货", "as sold"),
    "nearest per line": Both("逐行就近", "nearest per line"),
    "rule engine": Both("规则引擎", "rule engine"),
    "myopic": Both("当单最优", "cheapest now"),
    "dual prices": Both("影子价格", "dual prices"),
    "live": Both("实际下单", "through the doors"),
}
ESTIMATE = {
    "this estimate": Both("本系统估计", "this estimate"),
    "without the pace": Both("不看近期节奏", "without the pace"),
    "one number for all": Both("统一天数", "one number for all"),
    "Olist's promise": Both("平台原承诺", "Olist's promise"),
}
DECLINE = {
    "closed": Both("已打烊", "closed"),
    "damaged": Both("残损", "damaged"),
    "display_piece": Both("只剩样品", "display piece"),
    "mismatch": Both("账实不符", "count differs"),
    "no_time": Both("人手不足", "no time"),
    "not_in_stock": Both("无货", "not in stock"),
    "too_far": Both("太远", "too far"),
}
REASON = {
    "wrong number of fields": "列数不符",
    "empty field": "空字段",
    "bad number": "数字有误",
    "bad date": "日期有误",
    "bad postal prefix": "邮编有误",
    "unknown word": "未知取值",
    "duplicate": "重复",
    "unknown order": "订单不存在",
    "unknown customer": "顾客不存在",
    "unknown product": "商品不存在",
    "unknown seller": "卖家不存在",
    "prefix outside Brazil": "坐标在巴西之外",
    "no coordinates": "没有坐标",
    "no lines": "没有订单行",
    "no payment": "没有付款",
    "not delivered": "未签收",
    "delivered before handed over": "签收早于交运",
    "no member": "无会员",
    "no goods": "不是商品",
    "no price": "无价格",
    "no quantity": "无数量",
    "written off": "核销",
    "no purchase to return": "找不到原购买",
    "times to the minute only": "时间只到分钟",
    "product without category": "商品无类目",
    "weight taken from the category": "重量取类目中位数",
    "size taken from the category": "尺寸取类目中位数",
    "prefix far from its region: point not used": "坐标远离所在地区，不用",
    "prefix placed by its raw points": "邮编位置取原始点中位数",
    "prefix placed by its city": "邮编位置取所在城市",
    "prefix placed by its region": "邮编位置取所在地区",
    "paid differs from the lines": "付款与明细不等",
    "review without id": "评价无编号",
    "a measured amount, counted as one piece": "计量商品，按一件计",
    "a line exactly as one before it": "与前一行完全相同",
}
