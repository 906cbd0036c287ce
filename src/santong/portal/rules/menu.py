"""Where the menu of the portal leads, and who sees what of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

OPEN: Final = "console.open"
VIEW: Final = "apps.view"

# The name of each page's address, and the permission that shows it.
APPS: Final = (("portal_home", VIEW),)
TOOLS: Final[tuple[tuple[str, str], ...]] = (
    ("portal_docs", VIEW),
    ("portal_explorer", VIEW),
    ("portal_signature", VIEW),
    ("portal_calls", VIEW),
)
MENU: Final = (*APPS, *TOOLS)


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together, as the frame draws them: here all of them do."""

    name: str
    pages: tuple[str, ...]
    is_current: bool


def menu_for(*, permissions: Collection[str]) -> Sequence[Group]:
    """The pages that these permissions open; no group where they open none."""
    pages = tuple(page for page, needed in MENU if needed in permissions)
    return [Group("portal", pages, is_current=True)] if pages else []
