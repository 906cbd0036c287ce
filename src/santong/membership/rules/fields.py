"""What codes, names and sources may look like."""

from __future__ import annotations

import re

from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose
from santong.membership.contracts import (
    JOIN_KINDS,
    LONGEST_CODE,
    LONGEST_GUIDE,
    JoinSource,
)

LONGEST_NAME = 120
LONGEST_CARD_NAME = 60
LONGEST_CHANNEL = 20
LONGEST_PLACE = 60
LONGEST_REASON = 200
MOST_DAYS = 36_500

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_PREFIX = re.compile(r"[0-9]{1,8}")


def clean_code(code: str) -> str:
    """The code of a pool or a programme. Raises FieldInvalid."""
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise FieldInvalid(
            pointer="/code", reason="1 to 40 letters, digits, dots, hyphens, underscores"
        )
    return code


def clean_name(name: str, *, pointer: str = "/name", most: int = LONGEST_NAME) -> str:
    """A name without its outer spaces. Raises FieldInvalid."""
    return _text(name.strip(), pointer=pointer, least=1, most=most)


def clean_prefix(prefix: str) -> str:
    """What the numbers of a programme's cards begin with. Raises FieldInvalid."""
    if not _PREFIX.fullmatch(prefix):
        raise FieldInvalid(pointer="/card_prefix", reason="one to eight digits")
    return prefix


def clean_days(days: int) -> int:
    """After how many days without a sign somebody is dormant. Raises FieldInvalid."""
    if not 1 <= days <= MOST_DAYS:
        raise FieldInvalid(pointer="/dormant_after_days", reason=f"from 1 to {MOST_DAYS}")
    return days


def check_source(source: JoinSource) -> None:
    """Refuse a source that cannot be recorded. Raises FieldInvalid."""
    if source.kind not in JOIN_KINDS:
        raise FieldInvalid(pointer="/source/kind", reason=f"one of {', '.join(JOIN_KINDS)}")
    _text(source.channel, pointer="/source/channel", most=LONGEST_CHANNEL)
    _text(source.storefront_code, pointer="/source/storefront_code", most=LONGEST_PLACE)
    _text(source.location_code, pointer="/source/location_code", most=LONGEST_PLACE)
    _text(source.guide_code, pointer="/source/guide_code", most=LONGEST_GUIDE)
    if source.kind == "guide" and not source.guide_code:
        raise FieldInvalid(pointer="/source/guide_code", reason="a guide is named")


def _text(value: str, *, pointer: str, most: int, least: int = 0) -> str:
    if not least <= len(value) <= most or (value and not value.isprintable()):
        raise FieldInvalid(pointer=pointer, reason=f"{least} to {most} printable characters")
    return value


def clean_reason(reason: str) -> str:
    """Why something is done, as it is kept: it names nobody. Raises FieldInvalid."""
    check_prose(reason)
    return _text(reason.strip(), pointer="/reason", least=1, most=LONGEST_REASON)
