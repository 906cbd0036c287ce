from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.contrib.auth.hashers import check_password, make_password

from santong.kernel import attempts, cells, tenancy
from santong.merchants.errors import LogInRefused, TooManyTries
from santong.merchants.models import StaffUser
from santong.merchants.rules.fields import folded_login

WITHIN = timedelta(minutes=15)
MOST_BY_LOGIN = 5
MOST_BY_ADDRESS = 50

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Proven:
    """Somebody who has just given the right password."""

    merchant_id: int
    staff_id: int
    name: str
    language: str
    must_change_password: bool
    password_hash: str


def prove_password(
    *, merchant_code: str, login: str, password: str, address: str, now: datetime
) -> Proven:
    """See whether merchant, log-in and password belong together.

    At most five tries in 15 minutes for a log-in are looked at, and 50 from one address, however
    many come at once; a good one starts its log-in's count anew. An unknown merchant or log-in is
    answered like a wrong password, after the same work. No transaction is open while the password
    is hashed. Raises LogInRefused, TooManyTries, `cells.MerchantIsMoving`.
    """
    by_login = f"log-in:{merchant_code.strip().lower()}:{folded_login(login)}"
    by_address = f"address:{attempts.network_of(address)}"
    _take(by_address, MOST_BY_ADDRESS, now)
    _take(by_login, MOST_BY_LOGIN, now)
    found = _find(merchant_code.strip().lower(), folded_login(login), now)
    if not check_password(password, found.password_hash if found else nobodys_hash()) or not found:
        log.warning("log_in_refused", merchant=merchant_code[:40], known=found is not None)
        raise LogInRefused
    attempts.forget(subject=by_login)
    attempts.give_back(subject=by_address, taken_at=now)
    return found


@functools.cache
def nobodys_hash() -> str:
    """What the password of somebody who does not exist is compared with."""
    return make_password("nobody's password")


def _take(subject: str, most: int, now: datetime) -> None:
    wait = attempts.take(subject=subject, most=most, within=WITHIN, now=now)
    if wait is not None:
        raise TooManyTries(retry_after_seconds=max(1, -int(-wait.total_seconds() // 1)))


def _find(merchant_code: str, login: str, now: datetime) -> Proven | None:
    nobodys_hash()
    try:
        merchant_id = cells.merchant_by_code(merchant_code).merchant_id
        with tenancy.scope(merchant_id=merchant_id):
            person: StaffUser | None = (
                StaffUser.objects.of_merchant(merchant_id).filter(login=login).first()
            )
    except cells.UnknownMerchant:
        return None
    if person is None or not person.is_active:
        return None
    if person.password_expires_at is not None and person.password_expires_at <= now:
        return None
    return Proven(
        merchant_id=merchant_id,
        staff_id=person.id,
        name=person.name,
        language=person.language,
        must_change_password=person.must_change_password,
        password_hash=person.password,
    )
