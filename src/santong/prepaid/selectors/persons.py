"""What prepaid knows of a person."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from santong.customers import public as customers
from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.models import Card, Gift, TopUp
from santong.prepaid.selectors.sealing import opened_number


def export_person(*, merchant_id: int, person: customers.PersonRecord) -> Mapping[str, object]:
    """Cards of a person with their numbers, what was put on them, gifts, the books: plain JSON."""
    ids = person.person_ids
    cards = list(
        Card.objects.of_merchant(merchant_id)
        .filter(Q(person_id__in=ids) | Q(current_person_id__in=ids))
        .select_related("programme")
        .order_by("id")
    )
    top_ups = TopUp.objects.of_merchant(merchant_id).filter(card__in=cards).order_by("id")
    gifts = Gift.objects.of_merchant(merchant_id).filter(
        Q(giver_person_id__in=ids) | Q(taker_person_id__in=ids)
    )
    return {
        "cards": [
            {
                "id": str(card.id),
                "programme": card.programme.name,
                "number": opened_number(card),
                "state": card.state,
                "issued_at": card.issued_at.isoformat(),
            }
            for card in cards
        ],
        "top_ups": [
            {
                "card_id": str(row.card_id),
                "state": row.state,
                "amount_minor": row.amount_minor,
                "bonus_minor": row.bonus_minor,
                "asked_at": row.asked_at.isoformat(),
            }
            for row in top_ups
        ],
        "gifts": [
            {
                "card_id": str(gift.card_id),
                "state": gift.state,
                "is_giver": gift.giver_person_id in ids,
                "offered_at": gift.offered_at.isoformat(),
            }
            for gift in gifts.order_by("id")
        ],
        "ledger": payments.export_owners(
            merchant_id=merchant_id, owners=[contracts.owner_of(card.id) for card in cards]
        ),
    }
