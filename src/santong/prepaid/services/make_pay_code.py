"""A holder wants to pay at a till without showing number and secret."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.errors import CardUnusable, NotYours
from santong.prepaid.models import PayCode
from santong.prepaid.rules.numbers import pay_code_of
from santong.prepaid.selectors.sealing import code_hash
from santong.prepaid.services.lock import lock_card

GOOD_FOR = timedelta(minutes=2)


@all_or_nothing
def make_pay_code(
    *, merchant_id: int, card_id: int, person_id: int, now: datetime
) -> contracts.PayCode:
    """Give the holder a code that pays once within two minutes, in place of the one before.

    Raises NoSuch, NotYours, CardUnusable, Busy. Locks the card.
    """
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    if card.current_person_id != person_id:
        raise NotYours
    if card.state != "active":
        raise CardUnusable(state=card.state)
    code = pay_code_of(secrets.token_bytes(24))
    PayCode.objects.update_or_create(
        merchant_id=merchant_id,
        card_id=card_id,
        defaults={
            "code_hash": code_hash(merchant_id=merchant_id, code=code),
            "expires_at": now + GOOD_FOR,
            "reference": "",
        },
    )
    return contracts.PayCode(code=code, expires_at=now + GOOD_FOR)
