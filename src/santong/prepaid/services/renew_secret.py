"""A card gets another secret: the old one was forgotten, or somebody else knows it."""

from __future__ import annotations

import secrets
from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.prepaid.errors import NotYours
from santong.prepaid.rules.numbers import secret_of
from santong.prepaid.selectors.sealing import secret_hash
from santong.prepaid.services.lock import lock_card


@all_or_nothing
def renew_secret(*, merchant_id: int, card_id: int, person_id: int, now: datetime) -> str:
    """Give the holder a new secret, once; the old one is worth nothing from now on.

    Raises NoSuch, NotYours, Busy. Locks the card.
    """
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    if card.current_person_id != person_id:
        raise NotYours
    secret = secret_of(secrets.token_bytes(24))
    card.secret_hash = secret_hash(
        merchant_id=merchant_id, index=bytes(card.number_index), secret=secret
    )
    card.save(update_fields=["secret_hash"])
    audit.record(
        audit.Change(
            action="prepaid.renew_secret",
            subject="prepaid_card",
            subject_id=card.id,
            reason="asked by the holder",
        ),
        now=now,
    )
    return secret
