"""A dealer's month on a phone: their own books, large enough to tap, and a line put in doubt."""

from __future__ import annotations

import pytest

from tests.pages.conftest import NewVisit
from tests.pages.site import LOOPBACK, Visit
from tests.pages.world import World

SMALLEST_TARGET = 44
NOT_THEIRS = ("总部", "导购", "平台")
SMALL = (
    "least => [...document.querySelectorAll('#own button, #own input:not([type=hidden]),"
    " #own a.month, #own a.button, #own summary')].filter(each => each.offsetParent"
    " && each.getBoundingClientRect().height < least).map(each => each.outerHTML)"
)


@pytest.fixture
def dealer(visit: NewVisit) -> Visit:
    """The dealer's phone, the smallest that is sold."""
    seen = visit(size="phone", login="dealer")
    seen.page.set_viewport_size({"width": 360, "height": 740})
    seen.go("/console/statements/")
    return seen


def test_a_dealer_checks_their_month_and_says_which_line_is_wrong(
    dealer: Visit, world: World
) -> None:
    page = dealer.page
    listed, too_wide = page.inner_text("#own"), [dealer.sideways()]
    page.click("a.month")
    dealer.settle()
    page.click("article:last-of-type >> text=这一行有误")
    too_wide.append(dealer.sideways())
    small = page.evaluate(SMALL, SMALLEST_TARGET)
    page.fill("article:last-of-type [name=reason]", "差一分")
    page.click("article:last-of-type >> button:text-is('对该行提出异议')")
    page.wait_for_selector("text=已登记，由总部答复。")

    foreign = dealer.go(f"/console/statements/{world.shares.statement_id}/")

    assert [word for word in NOT_THEIRS if word in listed] == []
    assert [pixels for pixels in too_wide if pixels > 0] == []
    assert small == []
    assert foreign == 404
    assert dealer.hosts <= LOOPBACK
