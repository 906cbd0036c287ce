"""Somebody makes a bearer card their own."""

from __future__ import annotations

from datetime import datetime

from santong.customers import public as customers
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.errors import AlreadyRegistered, CardUnusable
from santong.prepaid.selectors.cards import card_by_id
from santong.prepaid.services.change_state import change_state
from santong.prepaid.services.check_card import SECOND
from santong.prepaid.services.forget_person import FORGOTTEN
from santong.prepaid.services.lock import lock_card
from santong.prepaid.services.try_token import try_token

REGISTERED = "registered to a person"


@all_or_nothing
def register(*, merchant_id: int, person_id: int, token: str, now: datetime) -> contracts.Checked:
    """Register the card of a number and its secret to a person: it never ends from then on.

    A wrong try is an answer, and counts. Registered twice to the same person is registered once. A
    card whose holder was forgotten with too much on it can be used again.

    Raises AlreadyRegistered, CardUnusable, Busy. Emits CardStateChanged. Locks the number's
    counter, then the card.
    """
    tried = try_token(merchant_id=merchant_id, token=token, now=now)
    if tried.card_id is None:
        wait = -(-tried.wait // SECOND) if tried.wait else 0
        return contracts.Checked(is_right=False, wait_seconds=wait)
    card = lock_card(merchant_id=merchant_id, card_id=tried.card_id)
    today = customers.current_ids(merchant_id=merchant_id, person_ids=[person_id])
    current = today.get(person_id, person_id)
    if card.current_person_id not in (None, current):
        raise AlreadyRegistered
    if card.current_person_id is None:
        if card.state == "closed" or (card.state == "frozen" and card.why != FORGOTTEN):
            raise CardUnusable(state=card.state)
        card.person_id, card.current_person_id, card.valid_until = person_id, current, None
        card.save(update_fields=["person_id", "current_person_id", "valid_until"])
        audit.record(
            audit.Change(
                action="prepaid.register",
                subject="prepaid_card",
                subject_id=card.id,
                reason=REGISTERED,
                after={"is_registered": True},
            ),
            now=now,
        )
        if card.state in ("frozen", "expired"):
            change_state(card, to="active", among=("frozen", "expired"), reason=REGISTERED, now=now)
    return contracts.Checked(
        is_right=True, card=card_by_id(merchant_id=merchant_id, card_id=card.id)
    )
