from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, crypto
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.errors import CodeTaken
from santong.merchants.models import Dealer
from santong.merchants.rules.fields import clean_code, clean_contact, clean_name
from santong.merchants.selectors.parts import contact_place
from santong.merchants.services.insert import insert


@all_or_nothing
def create_dealer(
    *, merchant_id: int, code: str, name: str, contact: str = "", now: datetime
) -> contracts.Dealer:
    """Enter a dealer; whom to call there is sealed. Raises CodeTaken, FieldInvalid."""
    dealer = Dealer(
        merchant_id=merchant_id, code=clean_code(code), name=clean_name(name), created_at=now
    )
    contact = clean_contact(contact)
    if contact:
        dealer.contact_sealed = crypto.encrypt(
            merchant_id=merchant_id, plain=contact.encode(), place=contact_place(dealer.code)
        )
    insert(dealer, taken=CodeTaken("dealer", code), constraint="a_dealer_has_its_own_code")
    audit.record(
        audit.Change(
            action="merchants.create_dealer",
            subject="dealer",
            subject_id=dealer.id,
            reason="created",
            after={"code": dealer.code, "name": dealer.name, "has_contact": bool(contact)},
        ),
        now=now,
    )
    return dealer.as_contract(contact=contact)
