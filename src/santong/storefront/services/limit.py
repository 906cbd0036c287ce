"""How often codes may be asked for and typed. Counted before anything is looked at."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from santong.kernel import attempts
from santong.storefront.errors import TooManyTries
from santong.storefront.rules.codes import (
    MOST_BY_ADDRESS,
    MOST_BY_PHONE,
    MOST_WRONG_BY_ADDRESS,
)

Limit = tuple[int, timedelta]


def count_request(*, merchant_id: int, phone: str, address: str, now: datetime) -> None:
    """Count a request for a code, by the address that it came from and by the phone.

    Runs outside any transaction, so that a refusal does not take its own count back. Raises
    TooManyTries.
    """
    _take(f"code-from:{attempts.network_of(address)}", MOST_BY_ADDRESS, now)
    _take(f"code-to:{merchant_id}:{phone}", MOST_BY_PHONE, now)


def count_try(*, address: str, now: datetime) -> None:
    """Count a typed code by the address that it came from, before it is looked at.

    Runs outside any transaction. Raises TooManyTries.
    """
    _take(_tries_of(address), [MOST_WRONG_BY_ADDRESS], now)


def give_back_try(*, address: str, taken_at: datetime) -> None:
    """A good code is not counted."""
    _, span = MOST_WRONG_BY_ADDRESS
    attempts.give_back(subject=_within(_tries_of(address), span), taken_at=taken_at)


def _tries_of(address: str) -> str:
    return f"code-typed:{attempts.network_of(address)}"


def _within(subject: str, span: timedelta) -> str:
    return f"{subject}:{int(span.total_seconds())}"


def _take(subject: str, limits: Iterable[Limit], now: datetime) -> None:
    for most, span in limits:
        wait = attempts.take(subject=_within(subject, span), most=most, within=span, now=now)
        if wait is not None:
            seconds = max(1, math.ceil(wait.total_seconds()))
            raise TooManyTries(retry_after_seconds=seconds)
