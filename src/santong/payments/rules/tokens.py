"""What a till hands in instead of a card or a banknote: a few named values as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from santong.payments.contracts.providers import Refused
from santong.payments.rules.card_numbers import refuse_card_numbers

_TERMINAL: Final = re.compile(r"[0-9A-Za-z]{1,11}")
_APPROVAL: Final = re.compile(r"[0-9A-Za-z]{0,8}")
_TAIL: Final = re.compile(r"[0-9]{0,4}")
_TILL: Final = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,40}")
_CLERK: Final = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{0,60}")
LONGEST_TOKEN: Final = 600
MOST_MINOR: Final = 10**11


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What a card terminal says of a payment that it has approved."""

    terminal: str
    trace: str
    approval: str
    card_tail: str
    amount_minor: int
    approved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tendered:
    """What a clerk says of the cash that was handed over."""

    till: str
    clerk: str
    tendered_minor: int


def approved(token: str) -> Approved:
    """Read a terminal's token: `terminal`, `trace`, `approval`, `tail`, `amount_minor`, `at`.

    Raises Refused where a value is missing, does not fit, or looks like a card number.
    """
    said = _said(token, {"terminal", "trace", "amount_minor", "at"}, {"approval", "tail"})
    return Approved(
        terminal=_text(said, "terminal", _TERMINAL),
        trace=_text(said, "trace", _TERMINAL),
        approval=_text(said, "approval", _APPROVAL),
        card_tail=_text(said, "tail", _TAIL),
        amount_minor=_amount(said, "amount_minor"),
        approved_at=_instant(said, "at"),
    )


def tendered(token: str) -> Tendered:
    """Read a till's token: `till`, `tendered_minor` and, if it is told, `clerk`. Raises Refused."""
    said = _said(token, {"till", "tendered_minor"}, {"clerk"})
    return Tendered(
        till=_text(said, "till", _TILL),
        clerk=_text(said, "clerk", _CLERK),
        tendered_minor=_amount(said, "tendered_minor"),
    )


def _said(token: str, needed: set[str], others: set[str]) -> dict[str, Any]:
    refuse_card_numbers(token)
    try:
        found = json.loads(token) if len(token) <= LONGEST_TOKEN else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused("TOKEN_INVALID")
    said = cast("dict[str, Any]", found)
    if not needed <= said.keys() <= needed | others:
        raise Refused("TOKEN_INVALID", ",".join(sorted(needed - said.keys())))
    # As they are stored: what JSON escapes hid is looked at again.
    refuse_card_numbers(*(str(value) for value in said.values()))
    return said


def _text(said: dict[str, Any], name: str, shape: re.Pattern[str]) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise Refused("TOKEN_INVALID", name)
    return value


def _amount(said: dict[str, Any], name: str) -> int:
    value = said[name]
    if type(value) is not int or not 0 < value <= MOST_MINOR:
        raise Refused("TOKEN_INVALID", name)
    return value


def _instant(said: dict[str, Any], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(said[name])
    except (TypeError, ValueError):
        raise Refused("TOKEN_INVALID", name) from None
    if found.tzinfo is None:
        raise Refused("TOKEN_INVALID", name)
    return found
