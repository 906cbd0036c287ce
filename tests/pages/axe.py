"""What axe-core finds wrong with a page for people who read, hear or drive it in another way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.pages.site import Visit

AXE = Path(settings.VAR) / "web/node_modules/axe-core/axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
needs_axe = pytest.mark.skipif(
    not AXE.exists(), reason="axe-core comes with the web tools that ./santong test installs"
)

_RUN = """
async ([tags, within]) => (await axe.run(within || document, {runOnly: {type: 'tag', values: tags},
    resultTypes: ['violations']})).violations.flatMap(rule => rule.nodes.map(
    node => [rule.id, node.target.join(' '), node.failureSummary.split('\\n').slice(1).join(' ')]))
"""
# What a keyboard can reach, and does not show that it is there.
_UNSEEN = """
() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
  .filter(each => each.checkVisibility({checkVisibilityCSS: true}))
  .filter(each => {
    each.focus({focusVisible: true});
    const looks = getComputedStyle(each);
    return document.activeElement === each
      && (looks.outlineStyle === 'none' || parseFloat(looks.outlineWidth) < 2);
  }).map(each => each.outerHTML.slice(0, 120))
"""


def faults(seen: Visit, *, within: str = "") -> list[str]:
    """All that shuts somebody out of the open page."""
    return [*violations(seen.page, within=within), *unseen_focus(seen.page), *too_wide(seen)]


def too_wide(seen: Visit) -> list[str]:
    """A page that must be moved sideways to be read."""
    return [f"{seen.sideways()} pixels too wide"] if seen.sideways() > 0 else []


def bring_along(page: Page) -> None:
    """Have axe-core in every page that is opened from now on: it is read by the browser once."""
    page.add_init_script(path=AXE)


def violations(page: Page, *, within: str = "") -> list[str]:
    """Each broken rule with the element that breaks it, and how."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate(_RUN, [list(TAGS), within])
    return [" · ".join(each) for each in found]


def unseen_focus(page: Page) -> list[str]:
    """Controls that look the same with the focus on them."""
    found: list[str] = page.evaluate(_UNSEEN)
    return found


def unfold(page: Page, *, within: str) -> None:
    """Open what is folded away in a part of the page, so that it is looked at too."""
    page.evaluate(
        "within => document.querySelectorAll(within + ' details:not([open])')"
        ".forEach(each => { each.open = true; each.wasFolded = true })",
        within,
    )


def fold_again(page: Page) -> None:
    """Close what `unfold` opened."""
    page.evaluate(
        "document.querySelectorAll('details')"
        ".forEach(each => { if (each.wasFolded) each.open = each.wasFolded = false })"
    )
