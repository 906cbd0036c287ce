"""A buyer's page of a staged sale in a real browser: in both languages, in a hand and on a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from santong.kernel import cells, tenancy
from santong.merchants import public as merchants
from santong.payments.tests.money import make_account
from santong.stagedsales.tests.factories import make_place
from tests.pages.axe import faults, needs_axe, unfold
from tests.pages.conftest import a_browser
from tests.pages.looks import LOOKS, SIZES, Look
from tests.pages.site import LOOPBACK, Visit
from tests.pages.staged_side import make_staged_side

# What stands on the page of each sale, in Chinese and in English.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "reserved": {"zh-hans": ("定金", "支付方式"), "en": ("The deposit is", "Pay by")},
    "coded": {"zh-hans": ("到店时出示", "有效期至"), "en": ("Show this code", "Good until")},
    "fresh": {"zh-hans": ("请在门店签订合同",), "en": ("Next you sign the contract",)},
    "running": {
        "zh-hans": ("同意变更", "确认验收", "合同", "¥400.00"),
        "en": ("I agree to the change", "I accept the work", "Contract", "¥400.00"),
    },
}


@pytest.fixture(scope="module")
def paths(unblocked: None) -> dict[str, str]:
    now = datetime.now(UTC)
    home = next(cell for cell in cells.all_cells() if cell.name == "main")
    code = f"staged-{now:%H%M%S%f}"
    merchant_id = cells.register_merchant(code=code, cell=home)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code=code, name="青禾家居", currency="CNY", now=now
        )
        make_account(merchant_id=merchant_id, name="微信支付")
        place = make_place(merchant_id)
        side = make_staged_side(merchant_id=merchant_id, location_id=place, now=now)
    return {name: f"/s/{token}/" for name, token in side.tokens.items()}


@pytest.fixture(scope="module")
def browser(address: str, paths: dict[str, str]) -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_buyer_sees_what_is_to_be_done(
    buyer: Callable[..., Visit],
    paths: dict[str, str],
    screenshots: Path,
    language: str,
    size: str,
) -> None:
    seen = buyer(language=language, size=size)

    missing: dict[str, list[str]] = {}
    for name, path in paths.items():
        assert seen.go(path) == 200
        unfold(seen.page, within="main")
        seen.page.screenshot(path=screenshots / f"s_{name}-{size}-{language}.png", full_page=True)
        text = seen.text()
        missing[name] = [word for word in WORDS[name][language] if word not in text]
        assert seen.sideways() <= 0

    assert missing == {name: [] for name in WORDS}
    assert seen.go("/s/nothing/") == 404
    assert seen.hosts <= LOOPBACK
    assert [each for each in seen.complaints if "404" not in each] == []


@needs_axe
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nobody_is_shut_out_of_a_staged_sale(
    buyer: Callable[..., Visit], paths: dict[str, str], look: Look
) -> None:
    seen = buyer(language=look.language)
    seen.page.emulate_media(color_scheme=look.light)
    seen.page.set_viewport_size(look.screen)
    wrong: dict[str, list[str]] = {}

    for name, path in paths.items():
        seen.go(path)
        unfold(seen.page, within="main")
        if found := faults(seen):
            wrong[name] = found

    assert wrong == {}
