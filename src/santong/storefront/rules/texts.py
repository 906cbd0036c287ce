"""What members agree to: which text, in which version."""

from __future__ import annotations

# A changed text is a new version, in a file of its own: proofs name the one that was read.
VERSION = "2026-11"
# What stands where somebody pays, and becomes a member by it.
PAYING_VERSION = "pay-2026-11"
LANGUAGES = ("zh-hans", "en")


def text_of(language: str, *, version: str = VERSION) -> str:
    """The template that holds the text in a language; Chinese where there is no other."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    return f"storefront/texts/{version}.{known}.html"


def version_in(language: str, *, version: str = VERSION) -> str:
    """How a proof names the text that somebody read."""
    return f"{version}.{language if language in LANGUAGES else LANGUAGES[0]}"
