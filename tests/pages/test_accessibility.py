"""Every page for people who see little, use no mouse, or hold a small phone in the dark."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from playwright.sync_api import Page, ViewportSize
from tests.pages.axe import AXE, unfold, unseen_focus, violations
from tests.pages.conftest import NewVisit
from tests.pages.site import Visit
from tests.pages.test_pages import PAGES
from tests.pages.world import PASSWORD, World, make_world

from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy

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
SMALLEST: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1440, "height": 900}


class Look(NamedTuple):
    """How somebody looks at a page."""

    light: Literal["light", "dark"]
    screen: ViewportSize
    language: str

    def __str__(self) -> str:
        return f"{self.light}-{self.screen['width']}-{self.language}"


# Both widths in both lights; the language changes with either, so that each meets each.
LOOKS = [
    Look("light", SMALLEST, "zh-hans"),
    Look("dark", DESK, "zh-hans"),
    Look("dark", SMALLEST, "en"),
    Look("light", DESK, "en"),
]
MOST_TABS = 300

needs_axe = pytest.mark.skipif(
    not AXE.exists(), reason="axe-core comes with the web tools that ./santong test installs"
)


@needs_axe
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nobody_is_shut_out(visit: NewVisit, world: World, screenshots: Path, look: Look) -> None:
    seen = visit(language=look.language)
    seen.page.emulate_media(color_scheme=look.light)
    seen.page.set_viewport_size(look.screen)
    wrong: dict[str, list[str]] = {}
    for name, path in ADDRESSES.items():
        seen.go(path.format(world=world))
        if name in {"today", "places", "batch", "liability", "card_programme"}:
            seen.page.wait_for_selector("[data-drawn=yes]")
        unfold(seen.page, within="main")
        seen.page.screenshot(path=screenshots / f"{name}-{look}.png", full_page=True)
        if found := faults(seen):
            wrong[name] = found

    assert wrong == {}


@needs_axe
@pytest.mark.parametrize("name", ["order_offered", "store_queue", "exceptions"])
def test_a_clerks_pages_shut_nobody_out(
    visit: NewVisit, world: World, screenshots: Path, name: str
) -> None:
    seen = visit(login="clerk")
    seen.page.set_viewport_size(SMALLEST)

    seen.go(ADDRESSES[name].format(world=world))
    unfold(seen.page, within="main")
    seen.page.screenshot(path=screenshots / f"clerk_{name}-light-360-zh-hans.png", full_page=True)

    assert faults(seen) == []


@needs_axe
def test_the_card_of_who_is_logged_in_shuts_nobody_out(visit: NewVisit) -> None:
    seen = visit()
    seen.page.set_viewport_size(SMALLEST)
    seen.go("/console/")

    unfold(seen.page, within=".bar")

    assert faults(seen, within=".bar") == []


@needs_axe
def test_a_page_that_shuts_people_out_is_found(visit: NewVisit) -> None:
    seen = visit(login="")
    seen.page.set_content(
        "<html lang=en><title>x</title><main><h1>x</h1><p style='color:#999'>pale</p>"
        "<button></button><input style='outline:none;width:900px'></main></html>"
    )
    seen.page.set_viewport_size(SMALLEST)

    found = " ".join(faults(seen))

    assert "color-contrast" in found
    assert "button-name" in found
    assert "outline:none" in found
    assert "too wide" in found


def faults(seen: Visit, *, within: str = "") -> list[str]:
    return [*violations(seen.page, within=within), *unseen_focus(seen.page), *too_wide(seen)]


def too_wide(seen: Visit) -> list[str]:
    return [f"{seen.sideways()} pixels too wide"] if seen.sideways() > 0 else []


@pytest.fixture
def phone(visit: NewVisit) -> Visit:
    """The clerk's phone, with nobody logged in."""
    seen = visit(size="phone", login="")
    seen.page.set_viewport_size(SMALLEST)
    return seen


def test_a_stores_work_is_done_by_keyboard_alone(phone: Visit) -> None:
    world = make_world(name="远航服饰集团")  # whose work nobody else does
    page, work_id = phone.page, world.work_ids["offered"]
    job = f"#work-{work_id}"
    phone.go("/log-in/")

    write(page, "#merchant", world.code)
    write(page, "#login", "clerk")
    write(page, "#password", PASSWORD)
    press(page, "button.go")
    phone.go(f"/console/store/{world.store.id}/")
    press(page, f"{job} form[action$='/accept/'] button")
    press(page, f"{job} form[action$='/start-picking/'] button")
    press(page, f"{job} form[action$='/picked/'] button")
    press(page, f"{job} form[action$='/pack/'] button")
    write(page, f"{job} [name=carrier]", "sf")
    write(page, f"{job} [name=tracking_number]", f"SFKEYS{work_id}")
    press(page, f"{job} form[action$='/hand-over/'] button")

    with tenancy.scope(merchant_id=world.merchant_id):
        sent = fulfilment.work_by_id(merchant_id=world.merchant_id, fulfilment_order_id=work_id)
    assert sent.state == "handed_over"


def write(page: Page, control: str, text: str) -> None:
    tab_to(page, control)
    page.keyboard.type(text)


def press(page: Page, button: str) -> None:
    tab_to(page, button)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Page, control: str) -> None:
    """Go there with the tabulator key, and with nothing else."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", control):
            return
    pytest.fail(f"the tabulator does not lead to {control}")
