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
        "flag",
        "format",
        "level",
        "level_type",
        "member",
        "method",
        "point",
        "query_code",
        "record_id",
        "register_code",
        "result",
        "result_success",
        "serial_no",
        "sign_method",
        "sub_code",
        "success",
        "timestamp",
        "type",
        "v",
        "version",
    }
)
# Long numbers find people: telephones, cards, identity numbers. Instants and numbers that we gave
# ourselves are shown whole.
_OURS: Final = frozenset({"timestamp", "version", "serial_no", "record_id", "app_key"})
_NUMBER: Final = re.compile(r"\d(?:[ -]?\d){6,}")
# What somebody else's programs call things. A sentence of theirs may repeat a name: it is no code.
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_CODE: Final = re.compile(r"[A-Za-z0-9_.:+-]*")
_TIME: Final = re.compile(r"[0-9 :.+-]*")
_TELEPHONE: Final = re.compile(r"\+?\d(?:[ -]?\d){8,}", re.ASCII)
_PHONE: Final = frozenset({"mobile", "phone", "tel"})
_DIGITS_SHOWN: Final = 4


def masked(*, fields: Mapping[str, object]) -> dict[str, object]:
    """Fields of a request or an answer as a log keeps them."""
    return {
        _name(name): _masked(name, value, depth=1)
        for name, value in list(fields.items())[:MOST_FIELDS]
    }


def masked_phone(*, phone: str) -> str:
    """The last four digits, which is enough to recognise one's own; of no number, nothing."""
    return MASK + phone[-_DIGITS_SHOWN:] if _TELEPHONE.fullmatch(phone) else MASK


def shown_code(*, code: str) -> str:
    """A code that somebody answered, word by word; what has not the form of a code is hidden."""
    words = [_coded(word) for word in code.split(" ")]
    return " ".join(words) if all(words) else MASK if code else ""


def _coded(word: str) -> str:
    return _NUMBER.sub(MASK, word) if _CODE.fullmatch(word) else ""


def _name(name: str) -> str:
    return name[:LONGEST_SHOWN] if _WORD.fullmatch(name) and not _NUMBER.search(name) else MASK


def _masked(name: str, value: object, *, depth: int) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        if depth >= DEEPEST:
            return MASK
        inner = cast("Mapping[str, object]", value)
        return {
            _name(str(each)): _masked(str(each), of, depth=depth + 1)
            for each, of in list(inner.items())[:MOST_FIELDS]
        }
    if name in _PHONE and value:
        return masked_phone(phone=str(value))
    if name not in SHOWN or isinstance(value, list | tuple):
        return MASK if value not in ("", [], ()) else ""
    return _shown(name, str(value)[:LONGEST_SHOWN])


def _shown(name: str, text: str) -> str:
    if name in _OURS:
        return text if _CODE.fullmatch(text) or _TIME.fullmatch(text) else MASK
    return _NUMBER.sub(MASK, text) if _CODE.fullmatch(text) else MASK
