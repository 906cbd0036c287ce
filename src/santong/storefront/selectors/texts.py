"""The text that members agree to, as proof of what they saw."""

from __future__ import annotations

import hashlib
from functools import cache

from django.template.loader import get_template

from santong.storefront.rules.texts import text_of


@cache
def text_hash(language: str, version: str) -> str:
    """The SHA-256 of a version of the text in a language: what a proof of consent names."""
    source: str = get_template(text_of(language, version=version)).template.source  # type: ignore[attr-defined]  # a template of Django's
    return hashlib.sha256(source.encode()).hexdigest()
