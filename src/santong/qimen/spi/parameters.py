"""What stands in the address of a call."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from santong.qimen.rules.xml import Unreadable

MOST_PARAMETERS: Final = 60
LONGEST_QUERY: Final = 8_000


def parameters_of(*, query: str) -> dict[str, str]:
    """The query by name, decoded. Raises Unreadable, also where a name stands there twice."""
    if len(query) > LONGEST_QUERY:
        raise Unreadable(path="?", reason="too long")
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS
        )
    except ValueError:
        raise Unreadable(path="?", reason="not a query") from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable(path="?", reason="a parameter stands there twice")
    return found
