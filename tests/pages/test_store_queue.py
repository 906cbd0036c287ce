"""A store's work on a phone, tap by tap."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy
from tests.pages.conftest import NewVisit
from tests.pages.site import Visit
from tests.pages.world import World

SMALLEST_TARGET = 44


@pytest.fixture
def queue(visit: NewVisit) -> Visit:
    """The clerk's phone, the smallest that is sold."""
    seen = visit(size="phone", login="clerk")
    seen.page.set_viewport_size({"width": 360, "height": 740})
    seen.go("/console/store/")
    return seen


def job(page: Page, world: World, number: str) -> str:
    return f"#work-{world.work_ids[number]}"


def state_of(world: World, number: str) -> str:
    with tenancy.scope(merchant_id=world.merchant_id):
        return fulfilment.work_by_id(
            merchant_id=world.merchant_id, fulfilment_order_id=world.work_ids[number]
        ).state


def test_whoever_works_in_one_place_is_there_at_once(queue: Visit, world: World) -> None:
    assert queue.page.url.endswith(f"/console/store/{world.store.id}/")
    assert queue.sideways() <= 0
    small = queue.page.evaluate(
        "least => [...document.querySelectorAll('#queue button, #queue input:not([type=hidden]),"
        " #queue select, #queue summary')].filter(each => each.offsetParent"
        " && each.getBoundingClientRect().height < least).map(each => each.outerHTML)",
        SMALLEST_TARGET,
    )
    assert small == []


def test_an_order_goes_from_the_offer_to_the_carrier(queue: Visit, world: World) -> None:
    page = queue.page
    one = job(page, world, "offered")

    page.click(f"{one} >> button:text-is('接单')")
    page.click(f"{one} >> button:text-is('开始拣货')")
    page.click(f"{one} >> button:text-is('拣货完成')")
    page.click(f"{one} >> button:text-is('已打包')")
    page.fill(f"{one} [name=carrier]", "sf")
    page.fill(f"{one} [name=tracking_number]", "SF-FROM-THE-PHONE")
    page.click(f"{one} >> button:text-is('已交承运商')")
    page.wait_for_selector("text=已交承运商。")

    assert state_of(world, "offered") == "handed_over"
    assert queue.complaints == []


def test_two_taps_are_one_step(queue: Visit, world: World) -> None:
    page = queue.page
    form = page.locator(f"{job(page, world, 'split')} form[action$='/accept/']")
    fields = form.evaluate("form => Object.fromEntries(new FormData(form))")
    action = queue.address + str(form.get_attribute("action"))

    answers = [
        page.request.post(action, form=fields, max_redirects=0, headers={"Referer": page.url})
        for _ in range(2)
    ]

    assert [answer.status for answer in answers] == [302, 302]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert state_of(world, "split") == "accepted"


def test_what_was_typed_stays_when_it_is_refused(queue: Visit, world: World) -> None:
    page = queue.page
    one = job(page, world, "packed")
    taken = f"SF{world.work_ids['shipped']:012}"

    page.fill(f"{one} [name=carrier]", "sf")
    page.fill(f"{one} [name=tracking_number]", taken)
    page.click(f"{one} >> button:text-is('已交承运商')")

    assert page.inner_text(f"{one} [role=alert]") == "该运单号已属于其他包裹"
    assert page.input_value(f"{one} [name=tracking_number]") == taken
    assert state_of(world, "packed") == "packed"


def test_a_wrong_code_is_counted_and_the_right_one_hands_over(queue: Visit, world: World) -> None:
    page = queue.page
    one = job(page, world, "pickup")

    page.fill(f"{one} [name=code]", "WRONG1")
    page.click(f"{one} >> button:text-is('交给买家')")

    assert page.inner_text(f"{one} [role=alert]") == "取货码错误"
    assert state_of(world, "pickup") == "ready_for_pickup"


def test_a_place_says_why_it_cannot_send(queue: Visit, world: World) -> None:
    page = queue.page
    one = job(page, world, "accepted")

    page.click(f"{one} >> text=无法发货")
    page.select_option(f"{one} form[action$='/decline/'] [name=reason]", "no_time")
    page.click(f"{one} button.danger")
    page.wait_for_selector("text=已拒单")

    assert state_of(world, "accepted") == "declined"


def test_an_operator_must_say_why_they_look_at_a_buyer(visit: NewVisit, world: World) -> None:
    seen = visit()
    seen.go(f"/console/orders/{world.order_ids['offered']}/")
    assert "19900001111" not in seen.text()

    seen.page.click("text=查看明文")
    seen.page.fill("form[action$='/reveal/'] [name=reason]", "买家来电核对地址")
    seen.page.click("form[action$='/reveal/'] button")

    assert re.search(r"19900001111", seen.text())


def test_a_correction_below_nothing_is_refused_beside_its_field(
    visit: NewVisit, world: World
) -> None:
    seen = visit()
    seen.go(f"/console/stock/places/{world.places[2].id}/{world.skus[0].id}/")

    seen.page.fill("form[action$='/adjust/'] [name=delta]", "-9999")
    seen.page.fill("form[action$='/adjust/'] [name=reason]", "盘亏")
    seen.page.click("form[action$='/adjust/'] button")

    assert seen.page.inner_text("form[action$='/adjust/'] [role=alert]") == "更正后库存会为负"
    assert seen.page.input_value("form[action$='/adjust/'] [name=delta]") == "-9999"
