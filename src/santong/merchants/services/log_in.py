from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel import tenancy
from santong.merchants.errors import LogInRefused
from santong.merchants.models import StaffUser
from santong.merchants.services.open_session import open_session
from santong.merchants.services.prove_password import Proven, prove_password


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Somebody who is in, with the value of their cookie."""

    cookie: str
    language: str
    must_change_password: bool


def log_in(
    *,
    merchant_code: str,
    login: str,
    password: str,
    address: str,
    request_id: str,
    now: datetime,
) -> LoggedIn:
    """Open a session for whoever gives the right password. Opens its own scopes.

    Raises LogInRefused, TooManyTries, `cells.MerchantIsMoving`. Locks the person.
    """
    proven = prove_password(
        merchant_code=merchant_code, login=login, password=password, address=address, now=now
    )
    return open_for(proven=proven, request_id=request_id, now=now)


def open_for(*, proven: Proven, request_id: str, now: datetime) -> LoggedIn:
    """Open a session for somebody who has proved their password, unless it has changed since.

    Raises LogInRefused, `cells.MerchantIsMoving`. Locks the person.
    """
    actor = tenancy.Actor(kind="staff", id=str(proven.staff_id), name=proven.name)
    with tenancy.scope(merchant_id=proven.merchant_id, actor=actor, request_id=request_id):
        person = (
            StaffUser.objects.of_merchant(proven.merchant_id)
            .filter(id=proven.staff_id, is_active=True, password=proven.password_hash)
            .lock()
            .first()
        )
        if person is None:
            raise LogInRefused
        cookie = open_session(merchant_id=proven.merchant_id, staff_id=person.id, now=now)
    return LoggedIn(cookie, proven.language, proven.must_change_password)
