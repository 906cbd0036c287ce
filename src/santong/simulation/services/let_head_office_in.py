from __future__ import annotations

import secrets
from datetime import datetime

from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.simulation.contracts import LogIn

LOGIN = "headoffice"
ROLE = "head_office"
_PASSWORD_BYTES = 9


def let_head_office_in(*, merchant_id: int, merchant_code: str, now: datetime) -> LogIn | None:
    """Give a merchant of ours somebody who sees all of it in the console; None if they are there.

    The password is new and kept nowhere. Emits what creating staff emits.
    """
    with tenancy.scope(merchant_id=merchant_id):
        if any(person.login == LOGIN for person in merchants.staff(merchant_id=merchant_id)):
            return None
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        created = merchants.create_staff(
            merchant_id=merchant_id, login=LOGIN, name="Head office", password=password, now=now
        )
        merchants.grant_role(merchant_id=merchant_id, staff_id=created.staff.id, role=ROLE, now=now)
    return LogIn(merchant=merchant_code, login=LOGIN, password=password, role=ROLE)
