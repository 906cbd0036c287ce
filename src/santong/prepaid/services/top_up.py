"""Ask for more money for a card."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.errors import CardUnusable
from santong.prepaid.rules.fields import check_amount, check_buyer, check_key
from santong.prepaid.selectors.programmes import terms_of
from santong.prepaid.services.ask_top_up import ask_top_up, hash_of, top_up_named
from santong.prepaid.services.lock import lock_card
from santong.prepaid.services.sell import NOBODY


@all_or_nothing
def top_up(
    *,
    merchant_id: int,
    card_id: int,
    key: str,
    amount_minor: int,
    offer_code: str = "",
    buyer: contracts.Buyer = NOBODY,
    now: datetime,
) -> contracts.TopUp:
    """Ask for money for a card; it is on the card once it has come in for the top-up's document.

    What was asked before and may still come in counts: two top-ups never lift a card above what
    its profile allows. The same key gives the top-up that is there.

    Raises NoSuch (card), CardUnusable, NothingOnSale, PurchaseRefused, NoSuchOffer,
    PrepaidKeyTaken, FieldInvalid, Busy. Locks the card.
    """
    check_key(key)
    check_amount(amount_minor)
    check_buyer(buyer)
    request_hash = hash_of(
        amount_minor=amount_minor, offer_code=offer_code, buyer=buyer, card_id=card_id
    )
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    before = top_up_named(merchant_id=merchant_id, key=key, request_hash=request_hash)
    if before is None:
        if card.state not in ("issued", "active"):
            raise CardUnusable(state=card.state)
        before = ask_top_up(
            merchant_id=merchant_id,
            card=card,
            published=terms_of(merchant_id=merchant_id, programme=card.programme.as_contract()),
            key=key,
            request_hash=request_hash,
            amount_minor=amount_minor,
            offer_code=offer_code,
            buyer=buyer,
            now=now,
        )
    found: contracts.TopUp = before.as_contract()
    return found
