from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
    validate_password,
)
from django.core.exceptions import ValidationError

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.merchants.errors import LogInRefused, PasswordTooWeak
from santong.merchants.models import Session, StaffUser

SHORTEST = 10
LONGEST = 200
_VALIDATORS: list[Any] = [
    MinimumLengthValidator(SHORTEST),
    CommonPasswordValidator(),
    UserAttributeSimilarityValidator(("login", "name")),
]


@all_or_nothing
def set_password(
    *, merchant_id: int, staff_id: int, proven_hash: str, new_password: str, now: datetime
) -> None:
    """Change the password of somebody who has just proved the old one; ends all their sessions.

    Raises PasswordTooWeak; LogInRefused if the password has changed since. Locks the person.
    """
    person: StaffUser | None = (
        StaffUser.objects.of_merchant(merchant_id)
        .filter(id=staff_id, is_active=True)
        .lock()
        .first()
    )
    if person is None or person.password != proven_hash:
        raise LogInRefused
    refuse_weak(new_password, person)
    person.password = make_password(new_password)
    person.must_change_password = False
    person.password_expires_at = None
    person.save(update_fields=["password", "must_change_password", "password_expires_at"])
    Session.objects.of_merchant(merchant_id).filter(staff_id=staff_id).delete()
    audit.record(
        audit.Change(
            action="merchants.set_password",
            subject="staff",
            subject_id=staff_id,
            reason="changed by its owner",
        ),
        now=now,
    )


def refuse_weak(new_password: str, person: StaffUser) -> None:
    """Refuse what is short, common, like the name, or the same again. Raises PasswordTooWeak."""
    if len(new_password) > LONGEST:
        raise PasswordTooWeak(reason="password_too_long")
    try:
        validate_password(new_password, person, _VALIDATORS)
    except ValidationError as weak:
        reason = weak.error_list[0].code or "password_too_weak"
        raise PasswordTooWeak(reason=reason) from None
    if check_password(new_password, person.password):
        raise PasswordTooWeak(reason="password_not_new")
