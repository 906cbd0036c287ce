"""The portal's tools for developers, as the head office of the pages' merchant sees them."""

from __future__ import annotations

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {}
# What forms are sent to.
COMMANDS: set[str] = set()
