"""The phone to which a member's codes are sent."""

from __future__ import annotations

from datetime import datetime

from santong.customers import public as customers
from santong.kernel import tenancy


def phone_of(*, merchant_id: int, person_id: int, reason: str, now: datetime) -> str | None:
    """The number (E.164) that says who a person is and was seen last; the trail says why.

    The system asks, for the member themselves: nobody else sees it.
    """
    with tenancy.acting_as(tenancy.SYSTEM):
        person = customers.reveal_person(
            merchant_id=merchant_id, person_id=person_id, reason=reason, now=now
        )
    phones = [
        each
        for each in person.identifiers
        if each.kind == "phone" and each.joins and each.ended_at is None
    ]
    newest = max(phones, key=lambda each: each.last_seen_at, default=None)
    return None if newest is None else newest.value
