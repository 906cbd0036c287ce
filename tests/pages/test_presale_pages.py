"""A buyer's presale order in a real browser: in both languages, in a hand and on a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from santong.kernel import cells, tenancy
from santong.merchants import public as merchants
from santong.presales import public as presales
from santong.presales.models import Presale
from santong.presales.tests.factories import (
    make_presale,
    make_shop,
    make_terms,
    pay_part,
    tell_all,
)
from tests.pages.axe import faults, needs_axe, unfold
from tests.pages.conftest import a_browser
from tests.pages.looks import LOOKS, SIZES, Look
from tests.pages.site import LOOPBACK, Visit

WORDS = {
    "zh-hans": {
        "deposit": ("现在应付定金", "抵 ¥200.00", "商家保留定金 ¥100.00", "双倍返还定金"),
        "waiting": ("定金已收到", "总共应付", "¥900.00"),
        "balance": ("现在应付尾款", "用微信支付支付 ¥800.00"),
        "cancelled": ("此预售订单已取消", "应退给您"),
    },
    "en": {
        "deposit": ("Deposit to pay now", "counts for ¥200.00", "the shop keeps ¥100.00 of it"),
        "waiting": ("Your deposit is in.", "To pay in all", "¥900.00"),
        "balance": ("Balance to pay now", "Pay ¥800.00 by WeChat Pay"),
        "cancelled": ("This presale order is cancelled.", "Goes back to you"),
    },
}


@dataclass(frozen=True, slots=True)
class Shop:
    """Presale orders at each step, and a link that is over."""

    pages: dict[str, str]


@pytest.fixture(scope="module")
def shop(unblocked: None) -> Shop:
    now = datetime.now(UTC)
    home = next(cell for cell in cells.all_cells() if cell.name == "main")
    code = f"presales-{now:%H%M%S%f}"
    merchant_id = cells.register_merchant(code=code, cell=home)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code=code, name="青禾服饰集团", currency="CNY", now=now
        )
        make_shop(merchant_id)
        part = _offer(merchant_id, "part", now, forfeit="part", forfeit_bp=5_000)
        whole = _offer(merchant_id, "whole", now)
        joined = {
            "deposit": make_presale(merchant_id, whole, now=now),
            "waiting": make_presale(merchant_id, whole, now=now),
            "balance": make_presale(merchant_id, whole, now=now),
            "cancelled": make_presale(merchant_id, part, now=now),
        }
        for name in ("waiting", "balance", "cancelled"):
            pay_part(merchant_id, joined[name], "deposit", now=now)
        tell_all(merchant_id, now=now)
        _open_balance(merchant_id, joined["balance"], now)
        presales.cancel_presale(
            merchant_id=merchant_id, presale_id=joined["cancelled"].id, reason="no", now=now
        )
        pages = {
            name: presales.path_of(merchant_id=merchant_id, presale=each)
            for name, each in joined.items()
        }
    return Shop(pages=pages | {"gone": "/b/nothing/"})


def _offer(
    merchant_id: int, code: str, now: datetime, *, forfeit: str = "all", forfeit_bp: int = 0
) -> presales.Offer:
    drafted = presales.draft_offer(
        merchant_id=merchant_id,
        code=code,
        storefront_code="flagship",
        terms=make_terms(
            forfeit=forfeit,
            forfeit_bp=forfeit_bp,
            deposit_from=now - timedelta(hours=1),
            deposit_until=now + timedelta(days=3),
            balance_from=now + timedelta(days=5),
            balance_until=now + timedelta(days=6),
            ships_after=(now + timedelta(days=12)).date(),
        ),
        now=now,
    )
    return presales.publish_offer(merchant_id=merchant_id, offer_id=drafted.id, now=now)


def _open_balance(merchant_id: int, presale: presales.Presale, now: datetime) -> None:
    """Days have passed: its window opened an hour ago."""
    Presale.objects.of_merchant(merchant_id).filter(id=presale.id).update(
        balance_from=now - timedelta(hours=1)
    )


@pytest.fixture(scope="module")
def browser(address: str, shop: Shop) -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_buyer_sees_what_to_pay_when_and_what_happens_if_not(
    buyer: Callable[..., Visit], shop: Shop, screenshots: Path, language: str, size: str
) -> None:
    seen = buyer(language=language, size=size)

    for name, words in WORDS[language].items():
        assert seen.go(shop.pages[name]) == 200
        unfold(seen.page, within="main")
        seen.page.screenshot(path=screenshots / f"b_{name}-{size}-{language}.png", full_page=True)
        text = seen.text()
        assert [word for word in words if word not in text] == []
        assert seen.sideways() <= 0
    assert seen.go(shop.pages["gone"]) == 404
    assert seen.hosts <= LOOPBACK
    assert [each for each in seen.complaints if "404" not in each] == []


@needs_axe
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nobody_is_shut_out_of_a_presale_order(
    buyer: Callable[..., Visit], shop: Shop, screenshots: Path, look: Look
) -> None:
    seen = buyer(language=look.language)
    seen.page.emulate_media(color_scheme=look.light)
    seen.page.set_viewport_size(look.screen)
    wrong: dict[str, list[str]] = {}

    for name, path in shop.pages.items():
        seen.go(path)
        unfold(seen.page, within="main")
        seen.page.screenshot(path=screenshots / f"b_{name}-{look}.png", full_page=True)
        if found := faults(seen):
            wrong[name] = found

    assert wrong == {}
