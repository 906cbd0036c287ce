"""Pages for people who see little, use no mouse, or hold a small phone in the dark.

Every page is looked at for them in `test_pages`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy
from tests.pages.axe import faults, needs_axe, unfold
from tests.pages.conftest import NewVisit
from tests.pages.looks import SMALLEST
from tests.pages.site import Visit
from tests.pages.test_pages import ADDRESSES
from tests.pages.world import PASSWORD, World, make_world

MOST_TABS = 300


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
