"""What axe-core finds wrong with a page for people who read, hear or drive it in another way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Page

AXE = Path(settings.VAR) / "web/node_modules/axe-core/axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

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


def violations(page: Page, *, within: str = "") -> list[str]:
    """Each broken rule with the element that breaks it, and how."""
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
        "within => document.querySelectorAll(within + ' details')"
        ".forEach(each => { each.open = true })",
        within,
    )
