"""What checkout sessions know of a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from santong.agents.models import CheckoutSession
from santong.customers import public as customers
from santong.kernel.masking import phone_key

_CHUNK: Final = 500


def sessions_of_person(
    *, merchant_id: int, person: customers.PersonRecord
) -> Iterator[CheckoutSession]:
    """Sessions in which one of a person's numbers stands, and which still hold what was given.

    Each is opened and looked at: a month of them is all there is.
    """
    wanted = {phone_key(phone) for phone in person.phones}
    rows = CheckoutSession.objects.of_merchant(merchant_id).filter(erased_at__isnull=True)
    last = 0
    while found := list(rows.filter(id__gt=last).order_by("id")[:_CHUNK]):
        last = found[-1].id
        yield from (row for row in found if _phones_in(row) & wanted)


def export_person(*, merchant_id: int, person: customers.PersonRecord) -> Mapping[str, object]:
    """What agents were told of a person while they shopped for them, in plain JSON."""
    return {
        "checkout_sessions": [
            {
                "id": str(row.id),
                "state": row.state,
                "platform": row.platform,
                "created_at": row.created_at.isoformat(),
                "buyer": row.asked().as_json()["buyer"],
                "addresses": list(row.asked().as_json()["addresses"]),
            }
            for row in sessions_of_person(merchant_id=merchant_id, person=person)
        ]
    }


def _phones_in(row: CheckoutSession) -> set[str]:
    asked = row.asked()
    written = [asked.buyer.phone_number, *(each.phone_number for each in asked.addresses)]
    return {phone_key(phone) for phone in written if phone}
