"""The member centre in a real browser: in both languages, in a hand and on a desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from santong.kernel import attempts
from santong.storefront.tests.factories import code_sent_to, new_phone
from santong.storefront.urls import urlpatterns
from tests.pages.axe import AXE, bring_along, faults, needs_axe
from tests.pages.centre import CARDS, COUPONS, LADDER, NAME, Centre, make_centre
from tests.pages.conftest import a_browser
from tests.pages.looks import LOOKS, SIZES, Look
from tests.pages.site import LOOPBACK, Visit, visitor
from tests.pages.test_pages import CODED, HAN, han_of
from tests.pages.walk import Walk

NewMember = Callable[..., Visit]

# By name: where it is, and what stands on it in Chinese and in English; first those of the door.
DOOR: dict[str, tuple[str, str, str]] = {
    "log_in": ("log-in/", "获取验证码", "Send me a code"),
    "join": ("join/?store=S001&guide=G017", "上海南京路店", "上海南京路店"),
    "terms": ("terms/", "您的权利", "Your rights"),
}
INSIDE: dict[str, tuple[str, str, str]] = {
    "card": ("card/", "结账时出示", "Show this at the till"),
    "points": ("points/", "待到账", "On their way"),
    "wallet": ("wallet/", "双十一满减券", "from ¥300 on"),
    "past": ("wallet/?show=used", "已使用", "used"),
    "over": ("wallet/?show=over", "已失效", "Over"),
    "coupon": ("wallet/{centre.coupon_ids[0]}/", "复制券码", "Copy the code"),
    "to_use": ("wallet/{centre.coupon_ids[5]}/", "立即使用", "Use this coupon now"),
    "claim": ("claim/{centre.batch_code}/", "立即领取", "Take it"),
    "early": ("claim/{centre.early_code}/", "开始领取", "You can take it from"),
    "stored": ("stored/", "储值卡与礼品卡", "Prepaid and gift cards"),
    "stored_card": ("stored/{centre.card_ids[0]}/", "本金", "Principal"),
    "gift_card": ("stored/{centre.card_ids[1]}/", "赠送给他人", "Give this card away"),
    "gift": ("gift/?token=nowhere", "送您一张礼品卡", "A gift card for you"),
    "orders": ("orders/", "售后服务", "After-sales service"),
    "mine": ("mine/", "我的资料与设置", "My data and settings"),
    "consents": ("consents/", "短信告知优惠信息", "Offers by text message"),
    "data": ("data/", "下载我的数据", "Download my data"),
    "erase": ("data/erase/", "此操作无法撤销", "This cannot be undone."),
    "no_such_coupon": ("wallet/999999999/", "找不到该内容", "There is no such thing"),
}
# Forms of other pages, and the pages that only follow on another.
NOT_PAGES = {
    "faces",
    "home",
    "coupon_use",
    "after_sale",
    "stored_register",
    "stored_pay",
    "stored_give",
    "stored_keep",
    "stored_secret",
    "code",
    "send_again",
    "log_out",
    "agree",
    "export",
    "erase_code",
}


@pytest.fixture(scope="module")
def centre(unblocked: None) -> Centre:
    return make_centre()


@pytest.fixture(scope="module")
def browser(address: str, centre: Centre) -> Iterator[Browser]:
    """As for the other pages, without the world that they need."""
    with a_browser() as found:
        yield found


@pytest.fixture
def member(browser: Browser, address: str, centre: Centre) -> Iterator[NewMember]:
    """Opens browser windows, by default for the member who has everything."""
    contexts: list[BrowserContext] = []

    def open_one(*, language: str = "zh-hans", size: str = "phone", is_in: bool = True) -> Visit:
        context, found = visitor(browser, address, language=language, size=size)
        contexts.append(context)
        if is_in:
            log_in(found, centre)
        return found

    yield open_one
    for context in contexts:
        context.close()


def log_in(seen: Visit, centre: Centre) -> None:
    """The whole way in, as somebody does it."""
    forget_counts(centre, centre.phone)
    seen.go(centre.path("log-in/"))
    seen.page.fill("#phone", centre.phone)
    seen.page.click("button.big")
    seen.page.fill("#code", code_sent_to(centre.merchant_id, centre.phone))
    seen.page.click("button.big")
    seen.page.wait_for_url("**/card/")


def forget_counts(centre: Centre, phone: str) -> None:
    for seconds in (60, 3_600, 86_400):
        attempts.forget(subject=f"code-to:{centre.merchant_id}:+86{phone}:{seconds}")


def test_no_page_is_left_out() -> None:
    names = {str(each.name) for each in urlpatterns}

    more = {"to_use", "past", "over", "early", "no_such_coupon", "gift_card"}
    assert names - NOT_PAGES == (DOOR.keys() | INSIDE.keys()) - more


@pytest.fixture(scope="module")
def walk_in(
    browser: Browser, address: str, centre: Centre, pictures: Path | None
) -> Callable[[str], Walk]:
    """A member's walk through the door and inside, taken when it is first asked for."""

    @cache
    def walk(language: str) -> Walk:
        context, seen = visitor(browser, address, language=language, size="phone")
        with context:
            taken = Walk(seen=seen, language=language, pictures=pictures, prefix="m_")
            taken.through(paths(centre, DOOR), judged=False)
            log_in(seen, centre)
            taken.through(paths(centre, INSIDE), judged=AXE.exists())
            taken.complaints = list(seen.complaints)
            if AXE.exists():
                taken.through(paths(centre, {"terms": DOOR["terms"]}), read=False)
        return taken

    return walk


def paths(centre: Centre, pages: dict[str, tuple[str, str, str]]) -> dict[str, str]:
    return {name: centre.path(path.format(centre=centre)) for name, (path, _, _) in pages.items()}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_show_what_they_promise(
    walk_in: Callable[[str], Walk], language: str, size: str
) -> None:
    walk = walk_in(language)

    wrong: list[str] = []
    for name, (_, chinese, english) in (DOOR | INSIDE).items():
        found = walk.found[name]
        text = found.text_by_size[size]
        if found.status != (404 if name == "no_such_coupon" else 200):
            wrong.append(f"{name}: status {found.status}")
        if (chinese if language == "zh-hans" else english) not in text:
            wrong.append(f"{name}: {english!r} is missing")
        if found.sideways_by_size[size] > 0:
            wrong.append(f"{name}: {found.sideways_by_size[size]} pixels too wide")
        own = re.sub(r"(kernel|storefront)\.no_such\S*", "", text)
        wrong += [f"{name}: {word} is not translated" for word in CODED.findall(own)]

    assert wrong == []
    assert walk.seen.hosts <= LOOPBACK
    assert [each for each in walk.complaints if "404" not in each] == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_code_that_pays_and_a_link_that_gives_fit_the_screen(
    member: NewMember, centre: Centre, screenshots: Path, language: str, size: str
) -> None:
    seen = member(language=language, size=size)
    shown: dict[str, tuple[int, int]] = {}

    for verb in ("pay", "give", "secret"):
        seen.go(centre.path(f"stored/{centre.card_ids[1]}/"))
        if verb != "give" and (kept := seen.page.query_selector("form[action$='/keep/'] button")):
            kept.click()
        seen.page.click(f"form[action$='/{verb}/'] button")
        seen.page.screenshot(path=screenshots / f"m_{verb}-{size}-{language}.png", full_page=True)
        shown[verb] = (seen.page.locator("svg.qr").count(), seen.sideways())

    assert shown == {"pay": (1, 0), "give": (1, 0), "secret": (0, 0)}


def test_an_english_page_has_no_chinese_of_its_own(
    walk_in: Callable[[str], Walk], centre: Centre
) -> None:
    walk = walk_in("en")

    known = sorted(data_of(centre), key=len, reverse=True)
    found = {
        name: han_of(walk.found[name].text_by_size["phone"], known=known) for name in DOOR | INSIDE
    }

    assert {name: left for name, left in found.items() if left} == {}


def data_of(centre: Centre) -> set[str]:
    """Names that the merchant gave."""
    texts = {NAME, "中文", centre.store.name, "青禾积分", "远山积分", "沈**", "周年庆"}
    texts |= {"羊毛大衣", "驼色"}
    texts |= {each.name for each in centre.programmes} | {
        each.card_name for each in centre.programmes
    }
    texts |= {tier.name for tier in LADDER} | {tier.benefits for tier in LADDER}
    texts |= {name for _, name, _, _ in COUPONS} | {name for _, name in CARDS}
    return {text for text in texts if HAN.search(text)}


@needs_axe
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nobody_is_shut_out(walk_in: Callable[[str], Walk], look: Look) -> None:
    faults = walk_in(look.language).faults_in(look)

    assert {name: wrong for name, wrong in faults.items() if wrong} == {}
    assert faults.keys() == INSIDE.keys() | {"terms"}


@needs_axe
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_way_in_shuts_nobody_out(
    member: NewMember, centre: Centre, screenshots: Path, look: Look
) -> None:
    seen = member(language=look.language, is_in=False)
    seen.page.emulate_media(color_scheme=look.light)
    seen.page.set_viewport_size(look.screen)
    bring_along(seen.page)
    phone = new_phone()
    forget_counts(centre, phone)
    wrong: dict[str, list[str]] = {}

    def note(name: str) -> None:
        seen.settle()
        seen.page.screenshot(path=screenshots / f"m_{name}-{look}.png", full_page=True)
        if found := faults(seen):
            wrong[name] = found

    seen.go(centre.path(DOOR["join"][0]))
    note("scan")
    seen.page.fill("#phone", "12345")
    seen.page.click("button.big")
    note("phone_refused")
    seen.page.fill("#phone", phone)
    seen.page.click("button.big")
    note("code")
    seen.page.fill("#code", "12345")
    seen.page.click("button.big")
    note("code_refused")
    seen.page.fill("#code", code_sent_to(centre.merchant_id, phone))
    seen.page.click("button.big")
    note("agree")
    seen.page.check("#agree")
    seen.page.click("button.big")
    note("welcome")

    assert wrong == {}
    assert seen.page.url.endswith("/card/")


def test_older_entries_come_below_without_a_new_page(member: NewMember, centre: Centre) -> None:
    seen = member(language="en")
    seen.go(centre.path("points/"))
    before = seen.page.locator("#entries > li:not(.more)").count()

    seen.page.click("#entries .more a")
    seen.page.locator("#entries > li").nth(before + 1).wait_for()

    assert before == 20
    assert seen.page.locator("#entries > li:not(.more)").count() == 30
    assert seen.page.url.endswith("/points/")


def test_a_switch_takes_effect_with_one_tap(member: NewMember, centre: Centre) -> None:
    seen = member(language="en")
    seen.go(centre.path("consents/"))
    switch = seen.page.get_by_role("switch", name="Offers by e-mail")
    assert not switch.is_checked()

    switch.click()
    seen.settle()
    after_giving = seen.page.get_by_role("switch", name="Offers by e-mail").is_checked()
    seen.page.get_by_role("switch", name="Offers by e-mail").click()
    seen.settle()

    assert after_giving
    assert not seen.page.get_by_role("switch", name="Offers by e-mail").is_checked()


def test_an_experience_card_is_used_with_one_tap(
    member: NewMember, centre: Centre, screenshots: Path
) -> None:
    seen = member()
    seen.go(centre.path(f"wallet/{centre.coupon_ids[6]}/"))

    seen.page.get_by_role("button", name="立即使用").click()
    seen.page.get_by_text("您已享有金卡会员，有效至").wait_for()
    seen.page.screenshot(path=screenshots / "m_used-phone-zh-hans.png", full_page=True)

    assert seen.sideways() == 0
    assert seen.complaints == []
    seen.go(centre.path("card/"))
    assert "金卡会员" in seen.text()


def test_the_way_in_works_without_scripts(browser: Browser, address: str, centre: Centre) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    forget_counts(centre, centre.phone)

    page.goto(address + centre.path("points/"))
    page.fill("#phone", centre.phone)
    page.click("button.big")
    page.fill("#code", code_sent_to(centre.merchant_id, centre.phone))
    page.click("button.big")
    page.click("#entries .more a")
    page.wait_for_load_state()

    assert "/points/?" in page.url
    context.close()


def test_pages_are_kept_by_nobody(member: NewMember, centre: Centre) -> None:
    seen = member()

    answer = seen.page.goto(seen.address + centre.path("card/"))

    assert answer is not None
    assert "no-store" in answer.headers["cache-control"]
