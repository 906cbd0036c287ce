"""Codes, names and limits as they are kept."""

from __future__ import annotations

import re

from santong.benefits.contracts import ClaimWindow, Limits, Validity
from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_CURRENCY = re.compile(r"[A-Z]{3}")
LONGEST_NAME = 100
LONGEST_CONTRACT = 60
LONGEST_REASON = 200
MOST_ALARM = 10**9
MOST_DAYS = 3_650
MOST_COUPONS = 1_000_000_000
MOST_BUDGET = 10**15


def clean_code(code: str) -> str:
    """Letters, digits, dot, dash and underscore. Raises FieldInvalid."""
    if not _CODE.fullmatch(code):
        raise FieldInvalid(pointer="/code", reason="letters, digits, . - _; at most 60")
    return code


def clean_name(name: str) -> str:
    """Raises FieldInvalid."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise FieldInvalid(pointer="/name", reason=f"1 to {LONGEST_NAME} characters")
    return name


def clean_reason(reason: str) -> str:
    """Why somebody changed something: it names nobody. Raises FieldInvalid."""
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} characters")
    check_prose(reason)
    return reason


def check_contract(*, contract_number: str, alarm_below: int) -> None:
    """Raises FieldInvalid."""
    if len(contract_number) > LONGEST_CONTRACT:
        raise FieldInvalid(
            pointer="/contract_number", reason=f"at most {LONGEST_CONTRACT} characters"
        )
    if not 0 <= alarm_below <= MOST_ALARM:
        raise FieldInvalid(pointer="/alarm_below", reason=f"0 to {MOST_ALARM}")


def clean_currency(currency: str) -> str:
    """Raises FieldInvalid."""
    if not _CURRENCY.fullmatch(currency):
        raise FieldInvalid(pointer="/currency", reason="three capital letters")
    return currency


def check_limits(limits: Limits) -> None:
    """Raises FieldInvalid."""
    for name, limit in (
        ("total", limits.total),
        ("per_member", limits.per_member),
        ("per_day", limits.per_day),
    ):
        if limit is not None and not 0 < limit <= MOST_COUPONS:
            raise FieldInvalid(pointer=f"/limits/{name}", reason=f"1 to {MOST_COUPONS}")


def check_window(window: ClaimWindow) -> None:
    """Raises FieldInvalid."""
    if window.closes_at is not None and window.closes_at <= window.opens_at:
        raise FieldInvalid(pointer="/window/closes_at", reason="before it opens")


def check_validity(validity: Validity) -> None:
    """By dates or by days, and not over before it begins. Raises FieldInvalid."""
    if validity.days is not None and validity.valid_until is not None:
        raise FieldInvalid(pointer="/validity/days", reason="by dates or by days, not both")
    if validity.days is not None and not 0 < validity.days <= MOST_DAYS:
        raise FieldInvalid(pointer="/validity/days", reason=f"1 to {MOST_DAYS}")
    begins, ends = validity.valid_from, validity.valid_until
    if begins is not None and ends is not None and ends <= begins:
        raise FieldInvalid(pointer="/validity/valid_until", reason="before it begins")


def check_policy(*, budget_minor: int | None, grace_days: int) -> None:
    """Raises FieldInvalid."""
    if budget_minor is not None and not 0 < budget_minor <= MOST_BUDGET:
        raise FieldInvalid(pointer="/budget_minor", reason=f"1 to {MOST_BUDGET}")
    if not 0 <= grace_days <= MOST_DAYS:
        raise FieldInvalid(pointer="/grace_days", reason=f"0 to {MOST_DAYS}")
