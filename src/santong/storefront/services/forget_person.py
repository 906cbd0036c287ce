"""What storefront knows of a person, and how it forgets it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.customers import public as customers
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership
from santong.storefront.models import KeptMessage, MemberSession, Notice, OneTimeCode, PaidJoin
from santong.storefront.selectors.codes import phone_index
from santong.storefront.services.close_sessions import close_sessions_of


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Log a person out everywhere; drop what was sent to their phones, and how they paid.

    Locks the sessions.
    """
    for member_id in _member_ids(merchant_id, person):
        close_sessions_of(
            merchant_id=merchant_id, member_id=member_id, reason="person erased", now=now
        )
        PaidJoin.objects.of_merchant(merchant_id).filter(member_id=member_id).delete()
    indexes = [
        phone_index(merchant_id=merchant_id, phone=each.value)
        for each in person.identifiers
        if each.kind == "phone"
    ]
    for rows in (OneTimeCode.objects, KeptMessage.objects, Notice.objects):
        rows.of_merchant(merchant_id).filter(phone_index__in=indexes).delete()


def export_person(*, merchant_id: int, person: customers.PersonRecord) -> Mapping[str, object]:
    """On which devices a person is logged in, by when that began and ends."""
    rows = MemberSession.objects.of_merchant(merchant_id).filter(
        member_id__in=_member_ids(merchant_id, person)
    )
    return {
        "sessions": [
            {"opened_at": row.opened_at.isoformat(), "expires_at": row.expires_at.isoformat()}
            for row in rows.order_by("id")
        ]
    }


def _member_ids(merchant_id: int, person: customers.PersonRecord) -> list[int]:
    found = membership.members_of_persons(merchant_id=merchant_id, person_ids=person.person_ids)
    return sorted(member.id for member in found.values())
