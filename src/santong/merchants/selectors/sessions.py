"""Who is working in a browser."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import Actor
from santong.merchants.models import Session, StaffUser
from santong.merchants.rules.access import NO_ACCESS
from santong.merchants.rules.keys import Key
from santong.merchants.selectors.access import access_of_staff


def open_session_of(*, key: Key, now: datetime) -> Session | None:
    """The session that a cookie opens, with its owner, if both are still good."""
    found: Session | None = (
        Session.objects.of_merchant(key.merchant_id)
        .filter(key_hash=key.hashed, expires_at__gt=now, staff__is_active=True)
        .select_related("staff")
        .first()
    )
    return found


def actor_of_staff(*, person: StaffUser) -> Actor:
    """Who somebody is and what they may do now: nothing, until a one-time password is changed."""
    access = (
        NO_ACCESS
        if person.must_change_password
        else access_of_staff(merchant_id=person.merchant_id, staff_id=person.id)
    )
    return Actor(
        kind="staff",
        id=str(person.id),
        name=person.name,
        permissions=access.permissions,
        location_ids=access.places,
        location_ids_by_permission=access.places_by_permission,
    )
