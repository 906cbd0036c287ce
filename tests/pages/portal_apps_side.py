"""The portal's pages about apps, as the head office of the pages' merchant sees them."""

from __future__ import annotations

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "portal_landing": ("/developers/", "商品通", "Function packs"),
    "portal_home": ("/developers/home/", "自有应用", "Own apps"),
}
# What forms are sent to.
COMMANDS: set[str] = set()
