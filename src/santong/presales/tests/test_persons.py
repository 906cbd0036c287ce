"""A person is erased: what they took stays counted, and leads to nobody."""

from __future__ import annotations

from santong.customers import public as customers
from santong.presales.models import OfferBuyer, Presale
from santong.presales.selectors.buyers import buyer_index
from santong.presales.services.forget_person import forget_person
from santong.presales.tests.factories import (
    NOW,
    assert_sound,
    buyer,
    make_deposit,
    make_offer,
    make_presale,
    make_shop,
)


def record(phone: str) -> customers.PersonRecord:
    """What customers says of a person with one number, in the writing that it keeps."""
    identifier = customers.Identifier(kind="phone", value=f"+86{phone}")
    return customers.PersonRecord(person_ids=(1,), identifiers=(identifier,))


def test_nothing_is_found_by_the_number_of_somebody_who_was_erased(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)
    gone, other = buyer(), buyer()
    make_deposit(merchant_id, offer, recipient=gone)
    make_presale(merchant_id, offer, recipient=gone)
    make_presale(merchant_id, offer, recipient=other)

    for _ in range(2):
        forget_person(merchant_id=merchant_id, person=record(gone.phone), now=NOW)

    known = buyer_index(merchant_id=merchant_id, phone=gone.phone)
    for table in (Presale, OfferBuyer):
        assert not table.objects.of_merchant(merchant_id).filter(buyer_index=known).exists()
    kept = buyer_index(merchant_id=merchant_id, phone=other.phone)
    assert Presale.objects.of_merchant(merchant_id).filter(buyer_index=kept).count() == 1
    assert_sound(merchant_id)
