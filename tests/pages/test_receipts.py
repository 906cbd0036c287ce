"""A buyer's receipt in a real browser: in both languages, in a hand and on a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from santong.invoicing import public as invoicing
from santong.invoicing.selectors.receipts import receipt_path
from santong.invoicing.tests.factories import BUYER, ask, make_seller, make_sold, work
from santong.kernel import cells, tenancy
from santong.merchants import public as merchants
from tests.pages.axe import faults, needs_axe, unfold
from tests.pages.conftest import a_browser
from tests.pages.looks import LOOKS, SIZES, Look
from tests.pages.site import LOOPBACK, Visit

WORDS = {"zh-hans": ("电子小票", "申请开票", "已开具"), "en": ("Receipt", "Ask for", "Issued")}


@dataclass(frozen=True, slots=True)
class Shop:
    """A receipt that can still be invoiced, one that is, and a link that is over."""

    pages: dict[str, str]


@pytest.fixture(scope="module")
def shop(unblocked: None) -> Shop:
    now = datetime.now(UTC)
    home = next(cell for cell in cells.all_cells() if cell.name == "main")
    code = f"receipts-{now:%H%M%S%f}"
    merchant_id = cells.register_merchant(code=code, cell=home)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code=code, name="青禾服饰集团", currency="CNY", now=now
        )
        make_seller(merchant_id, return_days=7)
        order = make_sold(merchant_id, quantities=(2, 1, 5))
        token = invoicing.open_link(merchant_id=merchant_id, order_id=order.id, days=30, now=now)
        ask(merchant_id, order, amount_by_line={str(order.lines[0].id): 39_800})
    work(merchant_id, now=now)
    with tenancy.scope(merchant_id=merchant_id):
        invoicing.follow_money(
            merchant_id=merchant_id,
            order_id=order.id,
            refund_key="1",
            refunded_minor=130_000,
            now=now,
        )
    return Shop(pages={"receipt": receipt_path(token=token), "gone": "/i/nothing/"})


@pytest.fixture(scope="module")
def browser(address: str, shop: Shop) -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_buyer_sees_the_receipt_asks_and_follows(
    buyer: Callable[..., Visit], shop: Shop, screenshots: Path, language: str, size: str
) -> None:
    seen = buyer(language=language, size=size)

    assert seen.go(shop.pages["receipt"]) == 200
    unfold(seen.page, within="main")
    seen.page.screenshot(path=screenshots / f"i_receipt-{size}-{language}.png", full_page=True)
    text = seen.text()
    assert [word for word in WORDS[language] if word not in text] == []
    assert seen.sideways() <= 0
    seen.page.fill("#name", BUYER.name)
    seen.page.fill("#number", "91330106MA0000007X")
    seen.page.click("button.big")
    seen.settle()
    seen.page.screenshot(path=screenshots / f"i_refused-{size}-{language}.png", full_page=True)
    assert seen.page.input_value("#name") == BUYER.name
    assert seen.page.is_visible("#why")
    assert seen.go(shop.pages["gone"]) == 404
    assert seen.hosts <= LOOPBACK
    assert [each for each in seen.complaints if "404" not in each and "422" not in each] == []


@needs_axe
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nobody_is_shut_out_of_a_receipt(
    buyer: Callable[..., Visit], shop: Shop, screenshots: Path, look: Look
) -> None:
    seen = buyer(language=look.language)
    seen.page.emulate_media(color_scheme=look.light)
    seen.page.set_viewport_size(look.screen)
    wrong: dict[str, list[str]] = {}

    for name, path in shop.pages.items():
        seen.go(path)
        unfold(seen.page, within="main")
        seen.page.screenshot(path=screenshots / f"i_{name}-{look}.png", full_page=True)
        if found := faults(seen):
            wrong[name] = found

    assert wrong == {}
