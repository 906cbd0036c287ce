"""A buyer's pages of cases in a real browser: in both languages, in a hand and on a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from santong.aftersales import public as aftersales
from santong.aftersales.tests.factories import (
    accept,
    make_bought,
    make_case,
    make_stock,
    receive,
    show_photo,
)
from santong.kernel import cells, tenancy
from santong.merchants import public as merchants
from santong.payments import public as payments
from tests.pages.axe import faults, needs_axe, unfold
from tests.pages.conftest import a_browser
from tests.pages.looks import LOOKS, SIZES, Look
from tests.pages.site import LOOPBACK, Visit

WORDS = {"zh-hans": ("申请售后", "选择商品", "您的申请"), "en": ("After the sale", "Which goods")}


@dataclass(frozen=True, slots=True)
class Shop:
    """An order with cases that stand at different points, and a link that is over."""

    pages: dict[str, str]


@pytest.fixture(scope="module")
def shop(unblocked: None) -> Shop:
    now = datetime.now(UTC)
    home = next(cell for cell in cells.all_cells() if cell.name == "main")
    code = f"cases-{now:%H%M%S%f}"
    merchant_id = cells.register_merchant(code=code, cell=home)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code=code, name="青禾服饰集团", currency="CNY", now=now
        )
        bought = make_bought(merchant_id, quantities=(4, 1))
        make_stock(bought)
        token = aftersales.open_link(
            merchant_id=merchant_id, order_id=bought.order.id, days=30, now=now
        )
        asked = make_case(bought, kind="resend", way_back="none", reason="missing_part")
        show_photo(bought, asked)
        awaited = make_case(bought, words="袖口有点紧")
        mended = make_case(bought, kind="repair", reason="defective")
        for case in (awaited, mended):
            aftersales.decide_case(
                merchant_id=merchant_id,
                case_id=case.id,
                decided=aftersales.Decided(),
                reason="",
                now=now,
            )
        payments.open_payment_account(
            merchant_id=merchant_id,
            code="wechat",
            provider="simulated",
            method="wechat_pay",
            name="微信支付",
            currency="CNY",
            now=now,
        )
        unit = aftersales.NewUnit(
            sku_code=bought.order.lines[0].sku_code, quantity=1, price_minor=25_900
        )
        dearer = accept(bought, make_case(bought, kind="exchange"), units=(unit,))
        receive(bought, mended)
        aftersales.quote_repair(
            merchant_id=merchant_id,
            case_id=mended.id,
            quote_minor=8_000,
            diagnosis="拉链需要更换",
            now=now,
        )
    return Shop(
        pages={
            "order": f"/c/{token}/",
            "asked": f"/c/{token}/{asked.number}/",
            "awaited": f"/c/{token}/{awaited.number}/",
            "mended": f"/c/{token}/{mended.number}/",
            "dearer": f"/c/{token}/{dearer.number}/",
            "gone": "/c/nothing/",
        }
    )


@pytest.fixture(scope="module")
def browser(address: str, shop: Shop) -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_buyer_asks_follows_and_answers(
    buyer: Callable[..., Visit], shop: Shop, screenshots: Path, language: str, size: str
) -> None:
    seen = buyer(language=language, size=size)

    assert seen.go(shop.pages["order"]) == 200
    text = seen.text()
    assert [word for word in WORDS[language] if word not in text] == []
    for name, path in shop.pages.items():
        seen.go(path)
        seen.page.screenshot(path=screenshots / f"c_{name}-{size}-{language}.png", full_page=True)
        assert seen.sideways() <= 0
    seen.go(shop.pages["order"])
    seen.page.select_option("#reason", "wrong_size")
    seen.page.select_option("#way", "mail")
    seen.page.fill("#words", "too tight")
    seen.page.click("button.big")
    seen.settle()
    assert seen.page.input_value("#words") == "too tight"
    seen.go(shop.pages["asked"])
    seen.page.fill("#text", "thank you")
    seen.page.click("button[value=write]")
    seen.settle()
    assert "thank you" in seen.text()
    seen.go(shop.pages["dearer"])
    assert "微信支付" in seen.text()
    assert seen.go(shop.pages["gone"]) == 404
    assert seen.hosts <= LOOPBACK
    assert [each for each in seen.complaints if "404" not in each and "422" not in each] == []


@needs_axe
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nobody_is_shut_out_of_a_case(
    buyer: Callable[..., Visit], shop: Shop, screenshots: Path, look: Look
) -> None:
    seen = buyer(language=look.language)
    seen.page.emulate_media(color_scheme=look.light)
    seen.page.set_viewport_size(look.screen)
    wrong: dict[str, list[str]] = {}

    for name, path in shop.pages.items():
        seen.go(path)
        unfold(seen.page, within="main")
        if found := faults(seen):
            wrong[name] = found

    assert wrong == {}
