"""A bearer card has ended, and somebody asks for what is on it."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.errors import CardUnusable
from santong.prepaid.rules.fields import clean_reason
from santong.prepaid.rules.terms import good_until
from santong.prepaid.selectors.programmes import terms_of
from santong.prepaid.services.change_state import change_state
from santong.prepaid.services.lock import lock_card


@all_or_nothing
def extend(*, merchant_id: int, card_id: int, reason: str, now: datetime) -> contracts.Card:
    """Make a bearer card good again, from now for as long as the terms say: what is on it stays.

    Principal is never lost by the clock. A registered card never ends, and stays as it is.

    Raises NoSuch, CardUnusable (frozen, closed), NothingOnSale, FieldInvalid, Busy. Emits
    CardStateChanged. Locks the card.
    """
    reason = clean_reason(reason)
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    if card.state in ("closed", "frozen"):
        raise CardUnusable(state=card.state)
    terms = terms_of(merchant_id=merchant_id, programme=card.programme.as_contract()).terms
    before = card.valid_until
    card.valid_until = good_until(terms, is_registered=card.person_id is not None, now=now)
    card.save(update_fields=["valid_until"])
    audit.record(
        audit.Change(
            action="prepaid.extend",
            subject="prepaid_card",
            subject_id=card.id,
            reason=reason,
            before={"valid_until": before.isoformat() if before else None},
            after={"valid_until": card.valid_until.isoformat() if card.valid_until else None},
        ),
        now=now,
    )
    if card.state == "expired":
        change_state(card, to="active", among=("expired",), reason=reason, now=now)
    found: contracts.Card = card.as_contract()
    return found
