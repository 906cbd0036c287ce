"""Rules of sharing are drafted on a phone: rows come and go, the draft is tried, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from santong.kernel import tenancy
from santong.settlement import public as settlement
from tests.pages.axe import AXE, faults, too_wide, unfold
from tests.pages.conftest import NewVisit
from tests.pages.looks import SMALLEST
from tests.pages.site import LOOPBACK, Visit
from tests.pages.test_pages import CODED
from tests.pages.walk import own_words
from tests.pages.world import World

LOOKS = [("zh-hans", "phone"), ("en", "desktop")]
WORDS = {
    "zh-hans": ("添加规则", "须由另一人发布"),
    "en": ("Add a rule", "another person has to publish"),
}


def wrong_on(seen: Visit, name: str) -> list[str]:
    """What keeps somebody from using the page as it stands."""
    unfold(seen.page, within="main")
    found = faults(seen) if AXE.exists() else too_wide(seen)
    found += [f"{word} is not translated" for word in CODED.findall(own_words(seen))]
    return [f"{name}: {each}" for each in found]


@pytest.mark.parametrize(("language", "size"), LOOKS, ids=["phone", "desk"])
def test_rules_are_drafted_row_by_row_tried_and_kept(
    visit: NewVisit, world: World, screenshots: Path, language: str, size: str
) -> None:
    seen = visit(language=language, size=size)
    page, wrong = seen.page, list[str]()
    add, another = WORDS[language]
    if size == "phone":
        page.set_viewport_size(SMALLEST)
    seen.go("/console/share-rules/drafts/new/")
    rows = page.locator("fieldset:has([name^='rules.'])").count()

    page.click(f"button:text-is('{add}')")
    page.wait_for_selector(f"[name='rules.{rows}.code']")
    seen.settle()
    is_ready = page.evaluate("document.activeElement.name")
    page.fill(f"[name='rules.{rows}.code']", "bonus")
    page.fill(f"[name='rules.{rows}.rate']", "a tenth")
    page.fill("[name=reason]", "2027 Q2")
    page.click("form.draft .actions button:not([name])")
    page.wait_for_selector(f"[name='rules.{rows}.rate'][aria-invalid]")
    seen.settle()
    page.screenshot(path=screenshots / f"rule_refused-{size}-{language}.png", full_page=True)
    kept = page.input_value(f"[name='rules.{rows}.code']"), page.input_value("[name=reason]")
    wrong += wrong_on(seen, "refused")
    page.fill(f"[name='rules.{rows}.rate']", "3")
    page.press(f"[name='rules.{rows}.rate']", "Enter")
    page.wait_for_selector("#tried")
    seen.settle()
    page.screenshot(path=screenshots / f"rule_tried-{size}-{language}.png", full_page=True)
    wrong += wrong_on(seen, "tried")
    page.click("form.draft section .actions button:not([name])")
    page.wait_for_selector(f"text={another}")
    seen.settle()
    page.screenshot(path=screenshots / f"rule_kept-{size}-{language}.png", full_page=True)
    wrong += wrong_on(seen, "kept")

    assert is_ready == f"rules.{rows}.code"
    assert kept == ("bonus", "2027 Q2")
    assert wrong == []
    assert seen.hosts <= LOOPBACK
    with tenancy.scope(merchant_id=world.merchant_id):
        draft = settlement.rule_drafts_page(merchant_id=world.merchant_id, state="draft")[0]
    assert [each.rate_bp for each in draft.terms.rules if each.code == "bonus"] == [300]


def test_rows_come_and_go_without_a_script(visit: NewVisit) -> None:
    seen = visit()
    page = seen.page
    page.route("**/*.js", lambda route: route.abort())
    seen.go("/console/share-rules/drafts/new/")
    rows = page.locator("fieldset:has([name^='rules.'])").count()

    page.click("button:text-is('添加规则')")
    page.wait_for_selector(f"[name='rules.{rows}.code']")
    page.fill(f"[name='rules.{rows}.code']", "bonus")
    page.click("button[value='remove:rules.0']")
    page.wait_for_selector("[name='rules.0.code']", state="detached")

    assert page.input_value(f"[name='rules.{rows}.code']") == "bonus"
    assert page.locator("fieldset:has([name^='rules.'])").count() == rows
