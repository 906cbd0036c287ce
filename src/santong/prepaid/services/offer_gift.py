"""A holder gives a gift card away by a link."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.errors import CardUnusable, NotYours, OtherKind, PaymentsUnderWay
from santong.prepaid.models import Gift, PayCode, Use
from santong.prepaid.selectors.sealing import token_hash
from santong.prepaid.services.lock import lock_card

GOOD_FOR = timedelta(days=7)
TOKEN_BYTES = 24


@all_or_nothing
def offer_gift(
    *, merchant_id: int, card_id: int, person_id: int, now: datetime
) -> contracts.Offered:
    """Offer a gift card to whoever takes it first within seven days; meanwhile nothing is spent.

    An offer that stands is replaced: the old link is worth nothing.

    Raises NoSuch, NotYours, OtherKind (not a gift card), CardUnusable, PaymentsUnderWay, Busy.
    Locks the card.
    """
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    if card.current_person_id != person_id:
        raise NotYours
    if card.programme.kind != "gift":
        raise OtherKind(kind=card.programme.kind)
    if card.state != "active":
        raise CardUnusable(state=card.state)
    held = Use.objects.of_merchant(merchant_id).filter(
        card=card_id, state="held", expires_at__gt=now
    )
    for use in held[:1]:
        raise PaymentsUnderWay(held_minor=use.principal_minor + use.bonus_minor)
    Gift.objects.of_merchant(merchant_id).filter(card=card_id, state="offered").update(
        state="withdrawn", ended_at=now
    )
    PayCode.objects.of_merchant(merchant_id).filter(card=card_id).delete()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = Gift.objects.create(
        merchant_id=merchant_id,
        card_id=card_id,
        token_hash=token_hash(merchant_id=merchant_id, token=token),
        giver_person_id=person_id,
        state="offered",
        offered_at=now,
        expires_at=now + GOOD_FOR,
    )
    return contracts.Offered(gift=row.as_contract(), token=token)
