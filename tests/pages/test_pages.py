"""Every page, in Chinese and in English, on a desk and on a phone, and for those who see little.

Each language is one walk through all pages; each test says what was found on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from django.urls import URLPattern
from playwright.sync_api import Browser

from santong.console.urls import urlpatterns as console_patterns
from santong.portal.urls import urlpatterns as portal_patterns
from tests.pages import (
    agreements_side,
    cards_side,
    cases_side,
    clocks_side,
    messages_side,
    portal_apps_side,
    portal_tools_side,
    presales_side,
    shares_side,
    staged_side,
    systems_side,
    visits_side,
)
from tests.pages.axe import AXE, needs_axe
from tests.pages.looks import LOOKS, SIZES, Look
from tests.pages.site import LOOPBACK, visitor
from tests.pages.walk import Walk
from tests.pages.world import PASSWORD, World

HAN = re.compile(r"[\u4e00-\u9fff]")
CODED = re.compile(r"\b[a-z_]+\.[a-z]+_[a-z_.]+\b")

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "today": ("/console/", "今日订单", "orders today"),
    "orders": ("/console/orders/", "2026-shipped", "2026-shipped"),
    "order": (
        "/console/orders/{world.order_ids[delivered]}/",
        "候选地点比较",
        "Candidates compared",
    ),
    "order_split": (
        "/console/orders/{world.order_ids[split]}/",
        "时间线",
        "Timeline",
    ),
    "stock": ("/console/stock/", "吊牌价", "List price"),
    "stock_by_sku": (
        "/console/stock/skus/{world.skus[0].id}/",
        "嘉兴仓",
        "Can be promised",
    ),
    "stock_by_place": (
        "/console/stock/places/{world.store.id}/",
        "安全库存",
        "Safety",
    ),
    "level": (
        "/console/stock/places/{world.store.id}/{world.scarce.id}/",
        "库存流水",
        "Movements",
    ),
    "shortfalls": ("/console/stock/short/", "库存缺口", "Shortfalls"),
    "places": ("/console/places/", "成都春熙店", "In work"),
    "place": ("/console/places/{world.store.id}/", "营业时间", "Opening hours"),
    "store": ("/console/store/", "选择门店", "Which store?"),
    "store_queue": ("/console/store/{world.store.id}/", "待办", "to do"),
    "exceptions": ("/console/exceptions/", "有商品未能满足", "Settle"),
    "members": ("/console/members/", "远山会员", "at the till"),
    "member": ("/console/members/{world.members.member_id}/", "导购招募", "by a guide"),
    "member_points": (
        "/console/members/{world.members.member_id}/points/",
        "购物所得积分",
        "What purchases brought",
    ),
    "member_accrual": (
        "/console/members/{world.members.member_id}/points/{world.members.accrual_id}/",
        "已按当日规则重新计算，结果一致",
        "By which rule",
    ),
    "programmes": ("/console/programmes/", "集团积分", "In force since"),
    "programme": (
        "/console/programmes/{world.members.programme_id}/",
        "生日双倍",
        "Accrual rules",
    ),
    "authorisations": (
        "/console/programmes/pools/{world.members.pool_id}/",
        "每发放 1,000 积分支付",
        "Pays for 1,000 points given",
    ),
    "draft": (
        "/console/programmes/{world.members.programme_id}/draft/",
        "用历史订单试算",
        "Try on past orders",
    ),
    "member_benefits": (
        "/console/members/{world.members.member_id}/benefits/",
        "可使用",
        "Give a benefit",
    ),
    "batches": ("/console/benefits/", "代金券", "cash coupon"),
    "batch": ("/console/benefits/{world.members.batch_id}/", "转化漏斗", "How far they came"),
    "batch_new": ("/console/benefits/new/", "起草批次", "Draft a batch"),
    "benefit_new": ("/console/benefits/kinds/percent/", "继续起草批次", "Go on to the batch"),
    "supplies": ("/console/supplies/", "低于预警值", "fewer than 100"),
    "supply_new": ("/console/supplies/new/", "新建供给", "Create the supply"),
    "supplier_new": ("/console/supplies/suppliers/new/", "新建供应商", "Go on to the supply"),
    "supply": ("/console/supplies/{world.members.supply_id}/", "导入记录", "Files that came in"),
    "redeem": ("/console/redeem/", "核销券码", "Use a coupon"),
    "liability": ("/console/liability/", "递延收入", "deferred revenue"),
    "settlement": (
        "/console/liability/{world.members.pool_id}/{world.members.month}/",
        "应付积分池",
        "Pays the pool",
    ),
    "requests": ("/console/requests/", "积分更正", "till was wrong"),
    "matches": ("/console/matches/", "支持与反对的依据", "Together (bits of evidence)"),
    "member_orders": (
        "/console/members/{world.members.member_id}/orders/",
        "没有订单带有该会员",
        "No order carries this member",
    ),
    "member_identity": (
        "/console/members/{world.members.member_id}/identity/",
        "识别标识",
        "Text seen",
    ),
    "member_timeline": (
        "/console/members/{world.members.member_id}/timeline/",
        "绑定店铺账号",
        "account bound",
    ),
    "connections": ("/console/connections/", "4 次失败，12.12 %", "4 failures, 12.12 %"),
    "connection": (
        "/console/connections/{world.members.connection_id}/",
        "内应答 95% 的调用",
        "within which 95 of 100 were answered",
    ),
    "notices": ("/console/notices/", "再发一次", "Send once more"),
    "facts": ("/console/facts/", "重新送达", "Tell again"),
    "staff": ("/console/staff/", "总部", "Head office"),
    "tokens": ("/console/tokens/", "有效", "valid"),
    **shares_side.PAGES,
    **cards_side.PAGES,
    **systems_side.PAGES,
    **cases_side.PAGES,
    **clocks_side.PAGES,
    **presales_side.PAGES,
    **staged_side.PAGES,
    **agreements_side.PAGES,
    **visits_side.PAGES,
    **messages_side.PAGES,
    **portal_apps_side.PAGES,
    **portal_tools_side.PAGES,
}
# Beside the pages of the menu: what only some see, and what nobody hopes to see.
MORE = {
    "log_in": "/log-in/",
    "password": "/password/",
    "order_wanting": "/console/orders/{world.order_ids[wanting]}/",
    "order_offered": "/console/orders/{world.order_ids[offered]}/",
    "order_unpaid": "/console/orders/{world.order_ids[unpaid]}/",
    "no_such_page": "/console/nowhere/",
    "nothing_found": "/console/orders/?number=nothing",
    "nothing_in_stock": "/console/stock/?search=nothing",
}
ADDRESSES = {**{name: path for name, (path, _, _) in PAGES.items()}, **MORE}
DRAWN = {"today", "places", "batch", "liability", "card_programme", "promises"}
# Not pages: an onward address, a drawing's data, and what forms are sent to.
NOT_PAGES = (
    {"root", "place_points"}
    | staged_side.COMMANDS
    | shares_side.COMMANDS
    | cards_side.COMMANDS
    | systems_side.COMMANDS
    | cases_side.COMMANDS
    | clocks_side.COMMANDS
    | agreements_side.COMMANDS
    | visits_side.COMMANDS
)
NOT_PAGES |= presales_side.COMMANDS
NOT_PAGES |= messages_side.COMMANDS
NOT_PAGES |= portal_apps_side.COMMANDS | portal_tools_side.COMMANDS
# Looked at in `test_money_pages`.
MONEY = {
    *("payments", "payment", "payment_refund", "money_exceptions"),
    *("payment_accounts", "payment_account", "payment_account_new"),
    *("reconciliation", "provider_file", "differences", "difference", "months"),
}


def test_no_page_is_left_out() -> None:
    urlpatterns = [*console_patterns, *portal_patterns]
    names = {str(each.name) for each in urlpatterns}
    commands = {
        str(each.name)
        for each in urlpatterns
        if re.search(
            r"/(cancel|fill-rest|pay|reveal|reassign|adjust|count|resolve|<what>|<step>"
            r"|pause|resume|rotate|search|close|reopen|unbind|undo|simulate|publish|open|open-pool|correct|export"
            r"|erase|<answer>|give|look|use|create|check|take|authorise|change|end|card"
            r"|settings|send-now|ask-again|give-back|give-up|retry|confirm|receive|work)/$",
            route(each),
        )
    }

    assert names - NOT_PAGES - commands == (PAGES.keys() | MONEY) - {
        "order_split",
        "staged_sale_redeemed",
        *portal_tools_side.STATES,
    }


def route(pattern: URLPattern) -> str:
    return str(pattern.pattern)


@pytest.fixture(scope="module")
def walk_in(
    browser: Browser, address: str, world: World, pictures: Path | None
) -> Callable[[str], Walk]:
    """The head office walks through all pages in a language, when that is first asked for."""

    @cache
    def walk(language: str) -> Walk:
        context, seen = visitor(browser, address, language=language)
        with context:
            seen.log_in(merchant=world.code, login="head", password=PASSWORD)
            taken = Walk(seen=seen, language=language, pictures=pictures, drawn=DRAWN)
            paths = {name: path.format(world=world) for name, path in ADDRESSES.items()}
            taken.through({name: paths[name] for name in PAGES}, judged=AXE.exists())
            taken.complaints = list(seen.complaints)
            if AXE.exists():
                taken.through({name: paths[name] for name in MORE}, read=False)
        return taken

    return walk


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_show_what_they_promise(
    walk_in: Callable[[str], Walk], language: str, size: str
) -> None:
    walk = walk_in(language)

    wrong: list[str] = []
    for name, (_, chinese, english) in PAGES.items():
        found = walk.found[name]
        if found.status != 200:
            wrong.append(f"{name}: status {found.status}")
        if (chinese if language == "zh-hans" else english) not in found.text_by_size[size]:
            wrong.append(f"{name}: {english!r} is missing")
        if found.sideways_by_size[size] > 0:
            wrong.append(f"{name}: {found.sideways_by_size[size]} pixels too wide")
        wrong += [f"{name}: {word} is not translated" for word in CODED.findall(found.own_words)]

    assert wrong == []
    assert walk.seen.hosts <= LOOPBACK
    assert walk.complaints == []


def test_an_english_page_has_no_chinese_of_its_own(
    walk_in: Callable[[str], Walk], world: World
) -> None:
    walk = walk_in("en")

    known = sorted(data_of(world), key=len, reverse=True)
    found = {name: han_of(walk.found[name].text_by_size["desktop"], known=known) for name in PAGES}

    assert {name: left for name, left in found.items() if left} == {}


@needs_axe
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nobody_is_shut_out(walk_in: Callable[[str], Walk], look: Look) -> None:
    faults = walk_in(look.language).faults_in(look)

    assert {name: wrong for name, wrong in faults.items() if wrong} == {}
    assert faults.keys() == ADDRESSES.keys()


def han_of(text: str, *, known: Sequence[str]) -> list[str]:
    """What is Chinese on a page, and was given by nobody."""
    for datum in known:
        text = text.replace(datum, "")
    return re.findall(r"\S*[\u4e00-\u9fff]+\S*", text)


def data_of(world: World) -> set[str]:
    """Names that the merchant and its buyers gave."""
    texts = {"简体中文", "青禾服饰集团", "林静", "旗舰店", "天猫", "小程序商城", "青禾", "远山"}
    texts |= {"上海市", "浦东新区", "测试大道", "号", "钱**", "买家改变主意", "首批铺货"}
    texts |= (
        shares_side.NAMES
        | cards_side.NAMES
        | messages_side.NAMES
        | systems_side.NAMES
        | cases_side.NAMES
        | clocks_side.NAMES
        | presales_side.NAMES
        | staged_side.NAMES
        | agreements_side.NAMES
        | portal_tools_side.NAMES
    )
    texts |= visits_side.NAMES
    texts |= {"天猫会员通", "旧 CRM", "会员", "王**"}
    texts |= {"集团积分", "普通会员", "银卡会员", "金卡会员", "消费积分", "消费成长值", "生日双倍"}
    texts |= {
        "女装",
        "双十一代金券",
        "五十元代金券",
        "视频会员商",
        "视频月卡",
        "欧阳**",
        "欧**",
        "西湖区",
    }
    texts |= {"微信收款", "两件衬衫", "不合身", "缺货", "微信"}
    texts |= {"吴**", "周**", "孙**", "赵**"}
    for place in world.places:
        texts |= {place.name, place.province, place.city, place.district, place.address}
    for sku in world.skus:
        texts |= {sku.name, sku.colour}
    return {text for text in texts if text and HAN.search(text)} | {"钱*满", "钱"}
