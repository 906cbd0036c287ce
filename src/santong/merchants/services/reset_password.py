from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.models import Session, StaffUser
from santong.merchants.rules.sessions import ONE_TIME_PASSWORD
from santong.merchants.services.create_staff import one_time_password
from santong.merchants.services.refuse_excess import refuse_superiors


@all_or_nothing
def reset_password(
    *, merchant_id: int, staff_id: int, reason: str, now: datetime
) -> contracts.NewStaff:
    """Give somebody a one-time password in place of the one they have; ends all their sessions.

    Raises NoSuch, MoreThanOwnPermissions. Locks the person.
    """
    person: StaffUser | None = (
        StaffUser.objects.of_merchant(merchant_id).filter(id=staff_id).lock().first()
    )
    if person is None:
        raise NoSuch(kind="staff", key=str(staff_id))
    refuse_superiors(merchant_id=merchant_id, staff_id=staff_id)
    chosen = one_time_password()
    person.password = make_password(chosen)
    person.must_change_password = True
    person.password_expires_at = now + ONE_TIME_PASSWORD
    person.version += 1
    person.save(
        update_fields=["password", "must_change_password", "password_expires_at", "version"]
    )
    Session.objects.of_merchant(merchant_id).filter(staff_id=staff_id).delete()
    audit.record(
        audit.Change(
            action="merchants.reset_password",
            subject="staff",
            subject_id=staff_id,
            reason=reason,
        ),
        now=now,
    )
    return contracts.NewStaff(staff=person.as_contract(), password=chosen)
