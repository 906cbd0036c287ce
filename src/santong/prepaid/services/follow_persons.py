"""Cards follow persons who are one, or two again."""

from __future__ import annotations

from santong.customers import public as customers
from santong.kernel.tenancy import all_or_nothing
from santong.prepaid.models import Card


@all_or_nothing
def follow_persons(*, merchant_id: int, person_ids: tuple[int, ...]) -> int:
    """Let cards lead to who the persons are today to whom they were registered; say how many moved.

    Asked twice, or in another order, it comes to the same. Locks the cards, by id.
    """
    cards = Card.objects.of_merchant(merchant_id).filter(current_person_id__in=person_ids)
    rows = list(cards.lock())
    today = customers.current_ids(
        merchant_id=merchant_id, person_ids={row.person_id for row in rows if row.person_id}
    )
    moved = 0
    for row in rows:
        current = today.get(row.person_id or 0, row.current_person_id)
        if current != row.current_person_id:
            row.current_person_id = current
            row.save(update_fields=["current_person_id"])
            moved += 1
    return moved
