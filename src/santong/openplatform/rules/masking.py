"""What the log may show of a call: what its method says is nobody's, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, cast

MASK: Final = "***"
LONGEST_SHOWN: Final = 120
DEEPEST: Final = 5
MOST_FIELDS: Final = 60
MOST_ITEMS: Final = 20

# The system's own parameters and what answers have in common.
SHOWN: Final = frozenset(
    {
        "app_key",
        "code",
        "customerId",
        "err_code",
        "flag",
        "format",
        "method",
        "msg",
        "page_no",
        "page_size",
        "partner_id",
        "request_id",
        "result_code",
        "sign_method",
        "simplify",
        "sub_code",
        "success",
        "target_app_key",
        "timestamp",
        "total_results",
        "v",
    }
)
# What is signed with, or opens something, is not shown whoever says that it may be.
HIDDEN: Final = frozenset(
    {
        "access_token",
        "authorization",
        "client_secret",
        "password",
        "refresh_token",
        "secret",
        "session",
        "sign",
        "token",
    }
)
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
# Long numbers find people: telephones, cards, identity numbers.
_PHONE: Final = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d){8}(?!\d)")


def masked(*, fields: Mapping[str, object], shown: frozenset[str]) -> dict[str, object]:
    """Fields of a request or an answer as the log keeps them."""
    return _mapping(fields, shown | SHOWN, depth=1)


def plain_text(text: str, *, most: int) -> str:
    """A text with nothing in it that a screen or a database would stumble over."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:most])


def _mapping(
    fields: Mapping[str, object], shown: frozenset[str], *, depth: int
) -> dict[str, object]:
    return {
        _name(str(name)): _value(str(name), value, shown, depth=depth)
        for name, value in list(fields.items())[:MOST_FIELDS]
    }


def _name(name: str) -> str:
    return name[:LONGEST_SHOWN] if _WORD.fullmatch(name) else MASK


def _value(name: str, value: object, shown: frozenset[str], *, depth: int) -> object:
    if value is None or isinstance(value, bool) or value in ("", 0):
        return value
    if isinstance(value, Mapping | list | tuple):
        return _inner(name, cast("object", value), shown, depth=depth)
    if name in HIDDEN or name not in shown:
        return MASK
    if isinstance(value, int):
        return value
    return _PHONE.sub(MASK, plain_text(str(value), most=LONGEST_SHOWN))


def _inner(name: str, value: object, shown: frozenset[str], *, depth: int) -> object:
    if depth >= DEEPEST or name in HIDDEN:
        return MASK
    if isinstance(value, Mapping):
        return _mapping(cast("Mapping[str, object]", value), shown, depth=depth + 1)
    items = list(cast("list[object]", value))[:MOST_ITEMS]
    return [_value(name, each, shown, depth=depth + 1) for each in items]
