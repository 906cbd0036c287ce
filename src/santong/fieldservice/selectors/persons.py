"""What fieldservice knows of a person."""

from __future__ import annotations

from collections.abc import Mapping

from santong.customers import public as customers
from santong.fieldservice.models import Visit
from santong.kernel import crypto
from santong.kernel.models import MerchantQuerySet

PURPOSE = "fieldservice.phone"


def phone_index(*, merchant_id: int, phone: str) -> bytes | None:
    """What equal telephone numbers have in common; none without a number."""
    number = customers.e164(phone=phone)
    if not number:
        return None
    return crypto.blind_index(merchant_id=merchant_id, value=number, purpose=PURPOSE)


def visits_of_person(
    *, merchant_id: int, person: customers.PersonRecord
) -> MerchantQuerySet[Visit]:
    """The visits for which one of a person's numbers was given."""
    indexes = [phone_index(merchant_id=merchant_id, phone=phone) for phone in person.phones]
    rows = Visit.objects.of_merchant(merchant_id)
    return rows.filter(phone_index__in=[index for index in indexes if index])


def export_person(*, merchant_id: int, person: customers.PersonRecord) -> Mapping[str, object]:
    """What fieldservice knows of a person, in plain JSON: who came to them, when, what for."""
    rows = visits_of_person(merchant_id=merchant_id, person=person)
    return {"visits": [_plain(row) for row in rows.select_related("service_type").order_by("id")]}


def _plain(row: Visit) -> dict[str, object]:
    known = row.contact()
    return {
        "id": str(row.id),
        "document": row.document,
        "service": row.service_type.name,
        "state": row.state,
        "requested_at": row.requested_at.isoformat(),
        "starts_at": row.starts_at.isoformat() if row.starts_at else None,
        "contact": {"name": known.contact.name, "phone": known.contact.phone},
        "place": {
            "province": known.place.province,
            "city": known.place.city,
            "district": known.place.district,
            "address": known.place.address,
        },
    }
