"""Somebody takes a gift card by its link."""

from __future__ import annotations

from datetime import datetime

from santong.customers import public as customers
from santong.kernel import audit, outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.errors import CardUnusable, GiftGone
from santong.prepaid.events import CardGiven
from santong.prepaid.models import Gift
from santong.prepaid.selectors.sealing import token_hash
from santong.prepaid.services.lock import lock_card


@all_or_nothing
def take_gift(*, merchant_id: int, token: str, person_id: int, now: datetime) -> contracts.Card:
    """Register an offered card to whoever has the link: the first one has it, and nobody else.

    The secret that the giver knows is worth nothing from then on. Taken twice by the same person
    is taken once; a giver may take their own gift back this way.

    Raises NoSuch (gift), GiftGone, CardUnusable, Busy. Emits CardGiven. Locks the card.
    """
    hashed = token_hash(merchant_id=merchant_id, token=token)
    gifts = Gift.objects.of_merchant(merchant_id).filter(token_hash=hashed)
    card_id = gifts.values_list("card_id", flat=True).first()
    if card_id is None:
        raise NoSuch(kind="gift", key="")
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    gift = gifts.get()
    found: contracts.Card = card.as_contract()
    if gift.state == "claimed" and gift.taker_person_id == person_id:
        return found
    if gift.state != "offered" or gift.expires_at <= now:
        raise GiftGone(state="expired" if gift.state == "offered" else gift.state)
    if card.state != "active":
        raise CardUnusable(state=card.state)
    today = customers.current_ids(merchant_id=merchant_id, person_ids=[person_id])
    card.person_id, card.current_person_id = person_id, today.get(person_id, person_id)
    card.secret_hash, card.valid_until = b"", None
    card.save(update_fields=["person_id", "current_person_id", "secret_hash", "valid_until"])
    gift.state, gift.taker_person_id, gift.ended_at = "claimed", person_id, now
    gift.save(update_fields=["state", "taker_person_id", "ended_at"])
    audit.record(
        audit.Change(
            action="prepaid.take_gift",
            subject="prepaid_card",
            subject_id=card.id,
            reason="taken by its link",
            after={"gift_id": gift.id},
        ),
        now=now,
    )
    outbox.publish(
        CardGiven(card_id=card.id, programme_id=card.programme_id, gift_id=gift.id), now=now
    )
    taken: contracts.Card = card.as_contract()
    return taken
