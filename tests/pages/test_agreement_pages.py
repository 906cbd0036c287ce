"""A buyer's agreement in a real browser: read, signed with a finger, accepted, and looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from santong.agreements import public as agreements
from santong.kernel import cells, tenancy
from santong.merchants import public as merchants
from tests.pages.agreements_side import make_agreements_side
from tests.pages.axe import faults, needs_axe, unfold
from tests.pages.conftest import a_browser
from tests.pages.looks import LOOKS, SIZES, Look
from tests.pages.site import LOOPBACK, Visit

WORDS = {
    "zh-hans": ("服务约定", "没有任何改动", "有约定没有做到"),
    "en": ("Service agreement", "nothing has been changed", "Something was not kept"),
}
ACCEPTED = {"zh-hans": "已确认", "en": "Accepted"}


@dataclass(frozen=True, slots=True)
class Shop:
    """An agreement that was accepted, and how to make offers."""

    merchant_id: int
    accepted: str

    def offer(self) -> str:
        """The path of a new offer's page."""
        now = datetime.now(UTC)
        proposal = agreements.PROPOSALS["appliances"]
        with tenancy.scope(merchant_id=self.merchant_id):
            made = agreements.offer(
                merchant_id=self.merchant_id,
                new=agreements.NewAgreement(
                    document=f"stagedsale:{now:%H%M%S%f}",
                    terms=agreements.on_day(terms=proposal.terms, day=now.date()),
                    total_minor=459_900,
                    currency="CNY",
                    category="appliances",
                ),
                now=now,
            )
        return f"/a/{made.token}/"


@pytest.fixture(scope="module")
def shop(unblocked: None) -> Shop:
    now = datetime.now(UTC)
    home = next(cell for cell in cells.all_cells() if cell.name == "main")
    code = f"agreements-{now:%H%M%S%f}"
    merchant_id = cells.register_merchant(code=code, cell=home)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code=code, name="和木家居", currency="CNY", now=now
        )
        made = make_agreements_side(merchant_id=merchant_id, now=now)
    return Shop(merchant_id=merchant_id, accepted=f"/a/{made.token}/")


@pytest.fixture(scope="module")
def browser(address: str, shop: Shop) -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_buyer_signs_and_finds_it_unchanged(
    buyer: Callable[..., Visit], shop: Shop, screenshots: Path, language: str, size: str
) -> None:
    seen = buyer(language=language, size=size)

    assert seen.go(shop.offer()) == 200
    seen.page.screenshot(path=screenshots / f"a_offer-{size}-{language}.png", full_page=True)
    assert seen.sideways() <= 0
    seen.page.check("#agreed")
    seen.page.fill("#name", "王小明")
    box = seen.page.locator("#pad").bounding_box()
    assert box is not None
    seen.page.locator("#pad").scroll_into_view_if_needed()
    box = seen.page.locator("#pad").bounding_box()
    assert box is not None
    seen.page.mouse.move(box["x"] + 40, box["y"] + 60)
    seen.page.mouse.down()
    seen.page.mouse.move(box["x"] + 120, box["y"] + 20, steps=8)
    seen.page.mouse.move(box["x"] + 180, box["y"] + 70, steps=8)
    seen.page.mouse.up()
    seen.page.click("button.big")
    seen.settle()
    seen.page.screenshot(path=screenshots / f"a_signed-{size}-{language}.png", full_page=True)

    assert ACCEPTED[language] in seen.text()
    assert seen.go(shop.accepted) == 200
    unfold(seen.page, within="main")
    seen.page.screenshot(path=screenshots / f"a_accepted-{size}-{language}.png", full_page=True)
    text = seen.text()
    assert [word for word in WORDS[language] if word not in text] == []
    assert seen.sideways() <= 0
    assert seen.hosts <= LOOPBACK
    assert seen.complaints == []


@needs_axe
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nobody_is_shut_out_of_an_agreement(
    buyer: Callable[..., Visit], shop: Shop, screenshots: Path, look: Look
) -> None:
    seen = buyer(language=look.language)
    seen.page.emulate_media(color_scheme=look.light)
    seen.page.set_viewport_size(look.screen)
    wrong: dict[str, list[str]] = {}

    for name, path in {"offer": shop.offer(), "accepted": shop.accepted}.items():
        seen.go(path)
        unfold(seen.page, within="main")
        seen.page.screenshot(path=screenshots / f"a_{name}-{look}.png", full_page=True)
        if found := faults(seen):
            wrong[name] = found

    assert wrong == {}
