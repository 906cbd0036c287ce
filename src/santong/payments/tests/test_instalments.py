"""In how many parts a buyer pays a tender off is kept with it; to us all of it comes in at once."""

from __future__ import annotations

import pytest

from santong.kernel.errors import FieldInvalid
from santong.payments import public as payments
from santong.payments.errors import IntentKeyTaken
from santong.payments.rules.intents import hash_of_intent
from santong.payments.tests.money import NOW, make_account, new_intent, paid, tender


def test_each_tender_keeps_its_instalments_and_brings_all_at_once(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    parts = (tender("simulated", 6_000, instalments=12), tender("simulated", 4_000))

    intent = payments.open_intent(
        merchant_id=merchant_id,
        new=new_intent(tenders=parts),
        seen={1: paid(6_000), 2: paid(4_000)},
        now=NOW,
    )

    assert [part.instalments for part in intent.tenders] == [12, 1]
    assert (intent.state, intent.received_minor) == ("paid", 10_000)


def test_a_part_that_comes_later_has_its_own(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    opened = payments.open_intent(merchant_id=merchant_id, new=new_intent(tenders=()), now=NOW)

    def added(instalments: int) -> payments.Intent:
        return payments.add_tender(
            merchant_id=merchant_id,
            intent_id=opened.id,
            number=1,
            new=tender("simulated", 10_000, instalments=instalments),
            now=NOW,
        )

    assert [part.instalments for part in added(3).tenders] == [3]
    assert added(3) == added(3)
    with pytest.raises(FieldInvalid):
        added(4)


@pytest.mark.parametrize(
    "instalments",
    [
        pytest.param(0, id="none"),
        pytest.param(-1, id="less-than-none"),
        pytest.param(121, id="more-than-anybody-lends"),
    ],
)
def test_there_is_one_at_least(merchant_id: int, instalments: int) -> None:
    make_account(merchant_id=merchant_id)
    wanted = new_intent(tenders=(tender("simulated", 10_000, instalments=instalments),))

    with pytest.raises(FieldInvalid) as refused:
        payments.open_intent(merchant_id=merchant_id, new=wanted, now=NOW)

    assert refused.value.pointer == "/tenders/0/instalments"


def test_another_number_of_instalments_is_another_request(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    asked = new_intent(tenders=(tender("simulated", 10_000, instalments=6),))
    payments.open_intent(merchant_id=merchant_id, new=asked, now=NOW)
    other = new_intent(
        key=asked.key,
        document=asked.document,
        tenders=(tender("simulated", 10_000, instalments=12),),
    )

    with pytest.raises(IntentKeyTaken):
        payments.open_intent(merchant_id=merchant_id, new=other, now=NOW)


def test_what_was_asked_before_instalments_were_counted_is_the_same_request() -> None:
    known = new_intent(
        key="k", document="order:1", tenders=(tender("simulated", 10_000, instalments=1),)
    )

    assert hash_of_intent(known) == (
        "0627fa89f328a62f2fc4f8be37a804ca9e1d409e96912ccc47e0c639a5d3bf83"
    )
