"""The page on which a merchant authorises an app, in a real browser: in a hand and on a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser

from santong.kernel import cells, tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import PASSWORD, make_brand, make_staff
from santong.openplatform import public as openplatform
from santong.openplatform.tests.factories import let_in, make_app
from tests.pages.axe import faults, needs_axe
from tests.pages.conftest import a_browser
from tests.pages.looks import LOOKS, SIZES, Look
from tests.pages.site import LOOPBACK, Visit

WORDS = {
    "zh-hans": ("授权 青禾ERP", "商品通", "查看和调整库存", "脱敏", "随时撤销", "仅限这些品牌"),
    "en": ("Authorise 青禾ERP", "Goods", "correct stock", "Masked", "revoke this", "these brands"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A merchant, an app that asks it, and the addresses at which it does."""

    code: str
    merchant_id: int
    app_key: str
    pages: dict[str, str]


@pytest.fixture(scope="module")
def asked(unblocked: None, address: str) -> Asked:
    now = datetime.now(UTC)
    home = next(cell for cell in cells.all_cells() if cell.name == "main")
    owner, seller = (
        cells.register_merchant(code=f"{who}-{now:%H%M%S%f}", cell=home)
        for who in ("isv", "consent")
    )
    for merchant_id, name in ((owner, "青禾软件"), (seller, "青禾服饰集团")):
        code = cells.code_of(merchant_id)
        with tenancy.scope(merchant_id=merchant_id):
            merchants.open_merchant(merchant_id=merchant_id, code=code, name=name, now=now)
    with tenancy.scope(merchant_id=seller):
        make_brand(seller, name="青禾")
        make_brand(seller, name="远山")
        make_staff(seller, login="head", name="林静")
        make_staff(seller, login="clerk", name="韩梅", role="clerk")
    # Another origin than the page's own, as an app's is: the browser has to be told that it may.
    back = f"http://localhost:{urlsplit(address).port}/healthz"
    app = make_app(
        owner,
        name="青禾ERP",
        packs=("goods", "orders", "members"),
        personal_data="encrypted",
        redirect_uris=(back,),
        now=now,
    )
    known = make_app(owner, name="青禾报表", packs=("goods",), redirect_uris=(back,), now=now)
    let_in(known, seller, now=now)
    named = {"response_type": "code", "client_id": app.app_key, "redirect_uri": back, "state": "1"}
    log_in = {**named, "client_id": known.app_key, "scope": "openid profile"}
    elsewhere = {**named, "redirect_uri": "https://evil.example/"}
    pages = {"consent": named, "log_in": log_in, "unknown": elsewhere}
    return Asked(
        code=cells.code_of(seller),
        merchant_id=seller,
        app_key=app.app_key,
        pages={name: f"/oauth/authorize?{urlencode(query)}" for name, query in pages.items()},
    )


@pytest.fixture(scope="module")
def browser(address: str, asked: Asked) -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_somebody_reads_what_an_app_asks_for_and_authorises_it(
    asked: Asked,
    buyer: Callable[..., Visit],
    screenshots: Path,
    language: str,
    size: str,
) -> None:
    seen = buyer(language=language, size=size)

    seen.go(asked.pages["consent"])
    seen.page.fill("#merchant", asked.code)
    seen.page.fill("#login", "head")
    seen.page.fill("#password", PASSWORD)
    seen.page.click("button.go")
    seen.settle()

    text = seen.text()
    assert [word for word in WORDS[language] if word not in text] == []
    assert seen.sideways() <= 0
    seen.page.screenshot(path=screenshots / f"oauth_consent-{size}-{language}.png", full_page=True)
    seen.page.check("input[name=personal_data][value=none]")
    seen.page.check("input[name=reach][value=brands]")
    # The merchant may have authorised it before, in another language.
    for brand in seen.page.locator("input[name=brands]").all():
        brand.uncheck()
    seen.page.click("button.go")
    seen.settle()
    seen.page.screenshot(path=screenshots / f"oauth_refused-{size}-{language}.png", full_page=True)
    assert seen.page.is_visible("[role=alert]"), "no brand was chosen"
    assert seen.page.is_checked("input[name=reach][value=brands]"), "what was chosen stays"
    seen.page.check("input[name=brands] >> nth=0")
    seen.page.click("button.go")
    seen.settle()
    assert seen.page.url.startswith("http://localhost:"), seen.complaints
    assert "code=sac_" in seen.page.url
    assert "state=1" in seen.page.url
    assert seen.hosts <= LOOPBACK
    with tenancy.scope(merchant_id=asked.merchant_id):
        given = openplatform.authorisation_of(merchant_id=asked.merchant_id, app_key=asked.app_key)
    assert given is not None
    assert (given.brand_ids is None, given.personal_data) == (False, "none")


@needs_axe
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nobody_is_shut_out_of_the_consent(
    asked: Asked, buyer: Callable[..., Visit], screenshots: Path, look: Look
) -> None:
    wrong: dict[str, list[str]] = {}
    for login, names in (("head", list(asked.pages)), ("clerk", ["consent"])):
        seen = buyer(language=look.language)
        seen.page.emulate_media(color_scheme=look.light)
        seen.page.set_viewport_size(look.screen)
        seen.log_in(merchant=asked.code, login=login, password=PASSWORD)
        for name in names:
            wrong |= _looked_at(seen, asked.pages[name], f"{login}_{name}-{look}", screenshots)

    assert wrong == {}


def _looked_at(seen: Visit, path: str, name: str, screenshots: Path) -> dict[str, list[str]]:
    seen.go(path)
    seen.page.screenshot(path=screenshots / f"oauth_{name}.png", full_page=True)
    found = faults(seen)
    return {name: found} if found else {}
