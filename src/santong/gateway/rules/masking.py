"""What a call log may show of a call: what is known to be nobody's, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, cast

MASK: Final = "***"
LONGEST_SHOWN: Final = 80
DEEPEST: Final = 4
MOST_FIELDS: Final = 40

# Values under these names are shown; whatever else is sent is only known to have been there.
SHOWN: Final = frozenset(
    {
        "app_key",
        "bind_code",
        "bindable",
        "code",
        "error_code",
        "failCode",
        "failMessage",
        "flag",
        "format",
        "level",
        "level_type",
        "member",
        "message",
        "method",
        "msg",
        "point",
        "query_code",
        "record_id",
        "register_code",
        "result",
        "result_success",
        "serial_no",
        "sign_method",
        "sub_code",
        "sub_msg",
        "success",
        "timestamp",
        "type",
        "v",
        "version",
    }
)
# Long numbers in a text somebody else wrote: telephones, cards, identity numbers. Instants and
# numbers that we gave ourselves are shown whole.
_OURS: Final = frozenset({"timestamp", "version", "serial_no", "record_id", "app_key"})
_NUMBER: Final = re.compile(r"\d(?:[ -]?\d){6,}")
_PHONE: Final = frozenset({"mobile", "phone", "tel"})
_DIGITS_SHOWN: Final = 4


def masked(*, fields: Mapping[str, object]) -> dict[str, object]:
    """Fields of a request or an answer as a log keeps them."""
    return {
        name[:LONGEST_SHOWN]: _masked(name, value, depth=1)
        for name, value in list(fields.items())[:MOST_FIELDS]
    }


def masked_phone(*, phone: str) -> str:
    """The last four digits, which is enough to recognise one's own."""
    return MASK + phone[-_DIGITS_SHOWN:] if len(phone) > 2 * _DIGITS_SHOWN else MASK


def _masked(name: str, value: object, *, depth: int) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        if depth >= DEEPEST:
            return MASK
        inner = cast("Mapping[str, object]", value)
        return {
            str(each)[:LONGEST_SHOWN]: _masked(str(each), of, depth=depth + 1)
            for each, of in list(inner.items())[:MOST_FIELDS]
        }
    if name in _PHONE:
        return masked_phone(phone=str(value))
    if name not in SHOWN or isinstance(value, list | tuple):
        return MASK if value not in ("", [], ()) else ""
    text = str(value)[:LONGEST_SHOWN]
    return text if name in _OURS else _NUMBER.sub(MASK, text)
