from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.http.etags import refuse_moved
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.models import Language, Merchant, Session, StaffUser
from santong.merchants.rules.fields import clean_name
from santong.merchants.selectors.tokens import forget_tokens
from santong.merchants.services.keep_head_office import keep_head_office, manages_all
from santong.merchants.services.refuse_excess import refuse_superiors


@all_or_nothing
def update_staff(
    *,
    merchant_id: int,
    staff_id: int,
    name: str | None = None,
    language: str | None = None,
    is_active: bool | None = None,
    expected_version: int,
    now: datetime,
) -> contracts.Staff:
    """Change somebody who is still as the caller saw them; what is not given stays.

    Who is disabled is logged out everywhere at once; their tokens stop within five seconds. Raises
    NoSuch, VersionMoved, LastHeadOffice, MoreThanOwnPermissions, FieldInvalid. Locks the merchant,
    then the person.
    """
    Merchant.objects.of_merchant(merchant_id).lock().first()
    person: StaffUser | None = (
        StaffUser.objects.of_merchant(merchant_id).filter(id=staff_id).lock().first()
    )
    if person is None:
        raise NoSuch(kind="staff", key=str(staff_id))
    refuse_moved(expected=expected_version, version=person.version)
    refuse_superiors(merchant_id=merchant_id, staff_id=staff_id)
    if language is not None and language not in Language.values:
        raise FieldInvalid(pointer="/language", reason=f"one of {', '.join(Language.values)}")
    before = {"language": person.language, "is_active": person.is_active}
    person.name = person.name if name is None else clean_name(name, most=60)
    person.language = language or person.language
    person.is_active = person.is_active if is_active is None else is_active
    person.version += 1
    person.save(update_fields=["name", "language", "is_active", "version"])
    if not person.is_active:
        Session.objects.of_merchant(merchant_id).filter(staff_id=staff_id).delete()
        if manages_all(merchant_id=merchant_id, staff_id=staff_id):
            keep_head_office(merchant_id=merchant_id)
    forget_tokens()
    audit.record(
        audit.Change(
            action="merchants.update_staff",
            subject="staff",
            subject_id=person.id,
            reason="changed",
            before=before,
            after={"language": person.language, "is_active": person.is_active},
        ),
        now=now,
    )
    return person.as_contract()
