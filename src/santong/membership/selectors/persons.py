"""What membership knows of a person."""

from __future__ import annotations

from collections.abc import Mapping

from santong.customers import public as customers
from santong.membership.models import Binding
from santong.membership.selectors.members import member_ids_of_persons, members_by_id
from santong.payments import public as payments


def export_person(*, merchant_id: int, person: customers.PersonRecord) -> Mapping[str, object]:
    """Members, cards, accounts on storefronts and the books of a person, in plain JSON."""
    ids = member_ids_of_persons(merchant_id=merchant_id, person_ids=person.person_ids)
    members = members_by_id(merchant_id=merchant_id, member_ids=ids)
    bindings = Binding.objects.of_merchant(merchant_id).filter(member_id__in=ids).order_by("id")
    return {
        "members": [
            {
                "id": str(member.id),
                "number": member.number,
                "state": member.state,
                "joined_at": member.joined_at.isoformat(),
                "cards": [
                    {"number": card.number, "tier": card.tier, "state": card.state}
                    for card in member.cards
                ],
            }
            for _, member in sorted(members.items())
        ],
        "accounts": [
            {
                "storefront_code": binding.storefront_code,
                "state": binding.state,
                "bound_at": binding.bound_at.isoformat(),
            }
            for binding in bindings
        ],
        "ledger": payments.export_owners(
            merchant_id=merchant_id, owners=[f"member:{member_id}" for member_id in ids]
        ),
    }
