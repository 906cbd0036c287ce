"""The page where the buyer behind an agent pays, in a real browser, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from santong.agents import contracts
from santong.agents.selectors.sessions import page_path_of
from santong.agents.selectors.shops import open_shop as shop_for_agents
from santong.agents.services.ask_payment import ask_payment
from santong.agents.services.complete_session import complete_session
from santong.agents.services.keep_session import cancel_session, create_session
from santong.agents.tests.shopping import ADDRESS, open_shop
from santong.kernel import cells, tenancy
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.orders.tests.factories import make_payment
from santong.payments import public as payments
from tests.pages.axe import faults, needs_axe
from tests.pages.conftest import a_browser
from tests.pages.looks import LOOKS, SIZES, Look
from tests.pages.site import LOOPBACK, Visit

PLATFORM = "https://agent.example/profile.json"
WORDS = {
    "zh-hans": {
        "choosing": ("您的智能助手还没有选好", "总共应付"),
        "ready": ("请让您的智能助手提交订单", "¥1,309.00"),
        "placed": ("现在应付", "¥1,309.00", "商品为您保留到", "用微信支付支付 ¥1,309.00", "钱**"),
        "asked": ("正在准备微信支付",),
        "collected": ("到店自提：西湖银泰店",),
        "completed": ("已全部付清",),
        "canceled": ("此订单已取消",),
    },
    "en": {
        "choosing": ("Your assistant is still putting this together.", "To pay in all"),
        "ready": ("Tell your assistant to place the order", "¥1,309.00"),
        "placed": ("To pay now", "The goods are kept for you until", "Pay ¥1,309.00 by WeChat Pay"),
        "asked": ("WeChat Pay is being prepared",),
        "collected": ("You collect it at 西湖银泰店",),
        "completed": ("All is paid. Thank you!",),
        "canceled": ("This order was given up.",),
    },
}


@dataclass(frozen=True, slots=True)
class Shop:
    """Sessions at each step, and a link of nobody's."""

    pages: dict[str, str]


@pytest.fixture(scope="module")
def shop(unblocked: None) -> Shop:
    now = datetime.now(UTC)
    home = next(cell for cell in cells.all_cells() if cell.name == "main")
    code = f"agents-{now:%H%M%S%f}"
    merchant_id = cells.register_merchant(code=code, cell=home)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code=code, name="青禾服饰集团", currency="CNY", now=now
        )
        sold = open_shop(merchant_id, coats=9)
        payments.open_payment_account(
            merchant_id=merchant_id,
            code="wallet",
            provider="simulated",
            method="wechat_pay",
            currency="CNY",
            name="微信支付",
            now=now,
        )
        home_address = contracts.Address(id="home", **ADDRESS)
        line = (contracts.AskedLine(item_id=sold.coat, quantity=1),)
        sent = contracts.Asked(lines=line, method="shipping", addresses=(home_address,))
        collected = contracts.Asked(
            lines=line,
            method="pickup",
            destination_id=sold.store,
            buyer=contracts.Buyer(first_name="小满", last_name="钱", phone_number="19900001111"),
        )
        asked = {
            "choosing": contracts.Asked(lines=line),
            "ready": sent,
            "placed": sent,
            "asked": sent,
            "collected": collected,
            "completed": sent,
            "canceled": sent,
        }
        rows = {name: _session(merchant_id, each, now) for name, each in asked.items()}
        for name in ("placed", "asked", "collected", "completed", "canceled"):
            _complete(merchant_id, rows[name], now)
        _pay(merchant_id, now)
        _ask(merchant_id, rows["asked"], now)
        cancel_session(
            merchant_id=merchant_id,
            shop=shop_for_agents(merchant_id=merchant_id, storefront_code="flagship"),
            platform=PLATFORM,
            row_id=rows["canceled"],
            now=now,
        )
    pages = {name: page_path_of(merchant_id=merchant_id, row_id=row) for name, row in rows.items()}
    return Shop(pages=pages | {"gone": "/u/nothing/"})


def _session(merchant_id: int, asked: contracts.Asked, now: datetime) -> int:
    return create_session(
        merchant_id=merchant_id,
        shop=shop_for_agents(merchant_id=merchant_id, storefront_code="flagship"),
        platform=PLATFORM,
        asked=asked,
        now=now,
    ).id


def _complete(merchant_id: int, row_id: int, now: datetime) -> None:
    standing = complete_session(
        merchant_id=merchant_id,
        shop=shop_for_agents(merchant_id=merchant_id, storefront_code="flagship"),
        platform=PLATFORM,
        row_id=row_id,
        now=now,
    )
    assert standing is None


def _pay(merchant_id: int, now: datetime) -> None:
    """The money for the last but one that was placed."""
    order = orders.orders_page(merchant_id=merchant_id)[1]
    orders.record_payment(
        merchant_id=merchant_id,
        order_id=order.id,
        payment=make_payment(amount_minor=order.total_minor),
        now=now,
    )


def _ask(merchant_id: int, row_id: int, now: datetime) -> None:
    ask_payment(
        merchant_id=merchant_id,
        row_id=row_id,
        account_code="wallet",
        key="page",
        return_url="http://127.0.0.1/",
        now=now,
    )


@pytest.fixture(scope="module")
def browser(address: str, shop: Shop) -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_buyer_sees_what_the_agent_chose_and_pays_it(
    buyer: Callable[..., Visit], shop: Shop, screenshots: Path, language: str, size: str
) -> None:
    seen = buyer(language=language, size=size)

    for name, words in WORDS[language].items():
        assert seen.go(shop.pages[name]) == 200
        seen.page.screenshot(path=screenshots / f"u_{name}-{size}-{language}.png", full_page=True)
        text = seen.text()
        assert [word for word in words if word not in text] == [], name
        assert seen.sideways() <= 0
    assert seen.go(shop.pages["gone"]) == 404
    assert seen.hosts <= LOOPBACK
    assert [each for each in seen.complaints if "404" not in each] == []


def test_a_buyer_is_led_to_where_they_pay(buyer: Callable[..., Visit], shop: Shop) -> None:
    seen = buyer(language="en")
    seen.go(shop.pages["collected"])

    seen.page.get_by_role("button", name="by WeChat Pay").click()

    assert seen.page.url.endswith(shop.pages["collected"])
    assert seen.page.get_by_role("button", name="by WeChat Pay").count() == 1


@needs_axe
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nobody_is_shut_out_of_a_checkout(
    buyer: Callable[..., Visit], shop: Shop, screenshots: Path, look: Look
) -> None:
    seen = buyer(language=look.language)
    seen.page.emulate_media(color_scheme=look.light)
    seen.page.set_viewport_size(look.screen)
    wrong: dict[str, list[str]] = {}

    for name in ("choosing", "placed", "asked", "completed", "gone"):
        seen.go(shop.pages[name])
        seen.page.screenshot(path=screenshots / f"u_{name}-{look}.png", full_page=True)
        if found := faults(seen):
            wrong[name] = found

    assert wrong == {}
