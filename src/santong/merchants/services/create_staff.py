from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.hashers import make_password

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.errors import CodeTaken
from santong.merchants.models import Language, StaffUser
from santong.merchants.rules.fields import clean_login, clean_name
from santong.merchants.rules.sessions import ONE_TIME_PASSWORD
from santong.merchants.services.insert import insert

# No letter or digit that is easily taken for another.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


@all_or_nothing
def create_staff(
    *,
    merchant_id: int,
    login: str,
    name: str,
    language: str = "zh-hans",
    password: str | None = None,
    now: datetime,
) -> contracts.NewStaff:
    """Let somebody log in; what they may do comes with grants.

    Without a password a one-time password is made: it is good for seven days and must be changed
    at the first log-in. Raises CodeTaken, FieldInvalid.
    """
    if language not in Language.values:
        raise FieldInvalid(pointer="/language", reason=f"one of {', '.join(Language.values)}")
    chosen = password if password is not None else one_time_password()
    person = StaffUser(
        merchant_id=merchant_id,
        login=clean_login(login),
        name=clean_name(name, most=60),
        language=language,
        password=make_password(chosen),
        must_change_password=password is None,
        password_expires_at=now + ONE_TIME_PASSWORD if password is None else None,
        created_at=now,
    )
    insert(person, taken=CodeTaken("staff", login), constraint="a_login_names_one_person")
    audit.record(
        audit.Change(
            action="merchants.create_staff",
            subject="staff",
            subject_id=person.id,
            reason="created",
            after={"login": person.login},
        ),
        now=now,
    )
    return contracts.NewStaff(staff=person.as_contract(), password=chosen)


def one_time_password() -> str:
    """Twelve characters that can be read out over the telephone: 59 bits."""
    letters = "".join(secrets.choice(_READABLE) for _ in range(12))
    return "-".join([letters[:4], letters[4:8], letters[8:]])
