"""What a webhook's settings may look like."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from santong.kernel.errors import FieldInvalid
from santong.messaging.contracts import LONGEST_NAME, LONGEST_URL
from santong.messaging.rules.topics import NAMES

# Scheme, host, perhaps a port, path and query: no user, no password, no fragment.
_URL: Final = re.compile(
    r"https?://(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?(?:[/?][!-\"$-~]*)?", re.ASCII
)


def check_name(*, name: str) -> None:
    """Refuse a name that cannot be shown. Raises FieldInvalid."""
    if not 0 < len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise FieldInvalid(pointer="/name", reason=f"1 to {LONGEST_NAME} printable characters")


def check_url(*, url: str) -> None:
    """Refuse an address that cannot be called. Raises FieldInvalid."""
    if len(url) > LONGEST_URL or not _URL.fullmatch(url):
        raise FieldInvalid(pointer="/url", reason="an http or https address without a password")


def check_topics(*, topics: Collection[str]) -> None:
    """Refuse topics that do not exist. Raises FieldInvalid."""
    if not topics:
        raise FieldInvalid(pointer="/topics", reason="at least one topic")
    for topic in topics:
        if topic not in NAMES:
            raise FieldInvalid(pointer="/topics", reason=f"there is no topic {topic[:60]!r}")
