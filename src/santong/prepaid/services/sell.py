"""Sell a card: it is made, and money is asked for it."""

from __future__ import annotations

import secrets
from datetime import datetime

from santong.customers import public as customers
from santong.kernel import audit, crypto
from santong.kernel.errors import Busy
from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.models import Card
from santong.prepaid.rules.fields import check_amount, check_buyer, check_key
from santong.prepaid.rules.numbers import TAIL, number_of, secret_of
from santong.prepaid.rules.terms import good_until
from santong.prepaid.selectors.cards import card_row
from santong.prepaid.selectors.programmes import programme_by_code, terms_of
from santong.prepaid.selectors.sealing import (
    number_index,
    number_place,
    opened_number,
    secret_hash,
)
from santong.prepaid.services.ask_top_up import ask_top_up, hash_of, top_up_named
from santong.prepaid.services.insert import insert

NOBODY = contracts.Buyer()


@all_or_nothing
def sell(
    *,
    merchant_id: int,
    programme_code: str,
    key: str,
    amount_minor: int,
    offer_code: str = "",
    person_id: int | None = None,
    buyer: contracts.Buyer = NOBODY,
    now: datetime,
) -> contracts.Sold:
    """Make a card, registered to a person or for whoever bears it, and ask for its first money.

    It can be used once the money for its top-up's document has come in. The same key gives the
    card that is there, without its secret, which was shown once.

    Raises NoSuch (programme), NothingOnSale, PurchaseRefused, NoSuchOffer, PrepaidKeyTaken,
    FieldInvalid, Busy.
    """
    check_key(key)
    check_amount(amount_minor)
    check_buyer(buyer)
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    published = terms_of(merchant_id=merchant_id, programme=programme)
    request_hash = hash_of(
        amount_minor=amount_minor,
        offer_code=offer_code,
        buyer=buyer,
        programme_code=programme_code,
        person_id=person_id,
    )
    before = top_up_named(merchant_id=merchant_id, key=key, request_hash=request_hash)
    if before is not None:
        card = before.card
        return contracts.Sold(
            card=card.as_contract(),
            top_up=before.as_contract(),
            number=opened_number(card),
            secret="",
        )
    number, secret = number_of(secrets.token_bytes(24)), secret_of(secrets.token_bytes(24))
    index = number_index(merchant_id=merchant_id, number=number)
    row = Card(
        merchant_id=merchant_id,
        programme_id=programme.id,
        number_index=index,
        number_sealed=crypto.encrypt(
            merchant_id=merchant_id, plain=number.encode(), place=number_place(index=index)
        ),
        tail=number[-TAIL:],
        secret_hash=secret_hash(merchant_id=merchant_id, index=index, secret=secret),
        person_id=person_id,
        current_person_id=_today(merchant_id, person_id),
        state="issued",
        valid_until=good_until(published.terms, is_registered=person_id is not None, now=now),
        issued_at=now,
    )
    insert(row, taken=Busy(), constraints=("a_card_has_its_own_number",))
    card = card_row(merchant_id=merchant_id, card_id=row.id)
    top_up = ask_top_up(
        merchant_id=merchant_id,
        card=card,
        published=published,
        key=key,
        request_hash=request_hash,
        amount_minor=amount_minor,
        offer_code=offer_code,
        buyer=buyer,
        now=now,
    )
    audit.record(
        audit.Change(
            action="prepaid.sell",
            subject="prepaid_card",
            subject_id=card.id,
            reason="sold",
            after={"programme": programme.code, "amount_minor": amount_minor, "offer": offer_code},
        ),
        now=now,
    )
    return contracts.Sold(
        card=card.as_contract(), top_up=top_up.as_contract(), number=number, secret=secret
    )


def _today(merchant_id: int, person_id: int | None) -> int | None:
    if person_id is None:
        return None
    found = customers.current_ids(merchant_id=merchant_id, person_ids=[person_id])
    return found.get(person_id, person_id)
