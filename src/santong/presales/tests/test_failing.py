"""The merchant cannot deliver; the buyer fights about the deposit; money goes its own way."""

from __future__ import annotations

import pytest
from django.db import transaction

from santong.orders import public as orders
from santong.payments import public as payments
from santong.payments.tests.factories import end_refunds, end_transfer, fight
from santong.presales import contracts
from santong.presales.errors import CompensationPaid, DepositDisputed, PresalePassed
from santong.presales.models import Compensation
from santong.presales.selectors.presales import compensation_of
from santong.presales.services.compensate import fail_presale, party_of, pay_compensation
from santong.presales.tests.factories import (
    BALANCE,
    BALANCE_FROM,
    BALANCE_UNTIL,
    DEPOSIT,
    GRACE,
    NOW,
    again,
    assert_sound,
    books,
    make_deposit,
    make_offer,
    make_paid,
    make_presale,
    make_shop,
    order_of,
    pay_part,
    tell_all,
    told,
)
from santong.settlement import public as settlement

CLOSED = BALANCE_UNTIL + GRACE


def fail(merchant_id: int, presale: contracts.Presale) -> contracts.Presale:
    failed = fail_presale(
        merchant_id=merchant_id, presale_id=presale.id, reason="the maker is bankrupt", now=NOW
    )
    tell_all(merchant_id, now=NOW)
    return failed


def transfer_id_of(merchant_id: int, presale: contracts.Presale) -> int:
    row = Compensation.objects.of_merchant(merchant_id).get(presale_id=presale.id)
    assert row.transfer_id is not None
    return row.transfer_id


def tender_of(merchant_id: int, presale: contracts.Presale) -> payments.Tender:
    (intent,) = payments.intents_of(merchant_id=merchant_id, document=presale.document)
    return intent.tenders[0]


def test_who_fails_after_an_earnest_gives_it_back_twofold(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_deposit(merchant_id, make_offer(merchant_id))

    failed = fail(merchant_id, presale)
    end_refunds(merchant_id=merchant_id, document=presale.document, now=NOW)
    end_transfer(
        merchant_id=merchant_id,
        transfer_id=transfer_id_of(merchant_id, presale),
        state="done",
        now=NOW,
    )
    tell_all(merchant_id, now=NOW)

    assert (failed.state, failed.kept_minor) == ("failed", 0)
    assert order_of(merchant_id, presale).refund_due_minor == DEPOSIT
    assert books(merchant_id, "document", presale.document) == 0
    owed = compensation_of(merchant_id=merchant_id, presale_id=presale.id)
    assert owed is not None
    assert (owed.amount_minor, owed.state) == (DEPOSIT, "paid")
    assert books(merchant_id, "payable", party_of(presale.id)) == 0
    assert books(merchant_id, "compensation", "presales") == -DEPOSIT
    assert told(merchant_id, "presale_failed")[0]["compensation_minor"] == DEPOSIT
    assert_sound(merchant_id)


def test_a_deposit_that_was_never_at_stake_is_given_back_once(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_deposit(merchant_id, make_offer(merchant_id, forfeit="none"))

    fail(merchant_id, presale)

    assert compensation_of(merchant_id=merchant_id, presale_id=presale.id) is None
    assert order_of(merchant_id, presale).refund_due_minor == DEPOSIT
    assert_sound(merchant_id)


def test_who_fails_after_all_was_paid_gives_all_back_and_the_deposit_on_top(
    merchant_id: int,
) -> None:
    make_shop(merchant_id)
    presale = make_paid(merchant_id, make_offer(merchant_id))

    fail(merchant_id, presale)

    assert order_of(merchant_id, presale).refund_due_minor == DEPOSIT + BALANCE
    owed = compensation_of(merchant_id=merchant_id, presale_id=presale.id)
    assert owed is not None
    assert owed.amount_minor == DEPOSIT
    assert_sound(merchant_id)


def test_before_the_deposit_nothing_is_owed(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_presale(merchant_id, make_offer(merchant_id))

    fail(merchant_id, presale)

    assert compensation_of(merchant_id=merchant_id, presale_id=presale.id) is None
    assert_sound(merchant_id)


def test_a_buyer_whom_the_provider_does_not_know_is_paid_by_hand(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_presale(merchant_id, make_offer(merchant_id))
    pay_part(merchant_id, presale, "deposit", now=NOW, payer="")
    tell_all(merchant_id, now=NOW)
    fail(merchant_id, presale)

    paid = pay_compensation(
        merchant_id=merchant_id, presale_id=presale.id, reference="bank 4711", now=NOW
    )

    assert (paid.state, paid.reference) == ("paid", "bank 4711")
    assert books(merchant_id, "payable", party_of(presale.id)) == 0
    with pytest.raises(CompensationPaid), transaction.atomic():
        pay_compensation(
            merchant_id=merchant_id, presale_id=presale.id, reference="bank 4712", now=NOW
        )
    assert_sound(merchant_id)


def test_what_could_not_be_sent_is_owed_again(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_deposit(merchant_id, make_offer(merchant_id))
    fail(merchant_id, presale)

    end_transfer(
        merchant_id=merchant_id,
        transfer_id=transfer_id_of(merchant_id, presale),
        state="failed",
        why="no such wallet",
        now=NOW,
    )
    tell_all(merchant_id, now=NOW)

    owed = compensation_of(merchant_id=merchant_id, presale_id=presale.id)
    assert owed is not None
    assert (owed.state, owed.why) == ("owed", "no such wallet")
    assert books(merchant_id, "payable", party_of(presale.id)) == DEPOSIT
    assert_sound(merchant_id)


def test_what_has_ended_does_not_fail(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_deposit(merchant_id, make_offer(merchant_id))
    orders.expire_unpaid(merchant_id=merchant_id, now=CLOSED)

    with pytest.raises(PresalePassed), transaction.atomic():
        fail(merchant_id, presale)
    tell_all(merchant_id, now=CLOSED)
    with pytest.raises(PresalePassed), transaction.atomic():
        fail(merchant_id, presale)


def test_while_the_deposit_is_fought_about_the_balance_waits(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_deposit(merchant_id, make_offer(merchant_id))
    tender = tender_of(merchant_id, presale)
    fight(merchant_id=merchant_id, tender_id=tender.id, state="opened", amount=DEPOSIT)

    with pytest.raises(DepositDisputed), transaction.atomic():
        pay_part(merchant_id, presale, "balance", now=BALANCE_FROM)
    fight(merchant_id=merchant_id, tender_id=tender.id, state="won", amount=DEPOSIT)
    tell_all(merchant_id, now=BALANCE_FROM)
    pay_part(merchant_id, presale, "balance", now=BALANCE_FROM)
    tell_all(merchant_id, now=BALANCE_FROM)

    assert again(merchant_id, presale).state == "paid"
    assert_sound(merchant_id)


def test_a_deposit_lost_in_a_dispute_ends_it_and_nothing_is_kept(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_deposit(merchant_id, make_offer(merchant_id))
    tender = tender_of(merchant_id, presale)

    for state in ("opened", "lost"):
        fight(merchant_id=merchant_id, tender_id=tender.id, state=state, amount=DEPOSIT)
    tell_all(merchant_id, now=NOW)

    ended = again(merchant_id, presale)
    assert (ended.state, ended.kept_minor, ended.shared_minor) == ("cancelled", 0, None)
    assert books(merchant_id, "document", presale.document) == 0
    assert_sound(merchant_id)


@pytest.mark.parametrize(("outcome", "shared"), [("won", DEPOSIT), ("lost", 0)])
def test_what_is_kept_is_shared_when_the_dispute_is_decided(
    merchant_id: int, outcome: str, shared: int
) -> None:
    make_shop(merchant_id)
    presale = make_deposit(merchant_id, make_offer(merchant_id))
    tender = tender_of(merchant_id, presale)
    fight(merchant_id=merchant_id, tender_id=tender.id, state="opened", amount=DEPOSIT)
    orders.expire_unpaid(merchant_id=merchant_id, now=CLOSED)
    tell_all(merchant_id, now=CLOSED)

    waiting = again(merchant_id, presale)
    fight(merchant_id=merchant_id, tender_id=tender.id, state=outcome, amount=DEPOSIT)  # type: ignore[arg-type]
    tell_all(merchant_id, now=CLOSED)

    assert (waiting.state, waiting.shared_minor) == ("forfeited", None)
    assert again(merchant_id, presale).shared_minor == shared
    assert settlement.check_invariants(merchant_id=merchant_id) == []
    assert_sound(merchant_id)


def test_a_dispute_after_it_was_shared_takes_the_shares_back(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_deposit(merchant_id, make_offer(merchant_id))
    tender = tender_of(merchant_id, presale)
    orders.expire_unpaid(merchant_id=merchant_id, now=CLOSED)
    tell_all(merchant_id, now=CLOSED)

    fight(merchant_id=merchant_id, tender_id=tender.id, state="opened", amount=DEPOSIT)
    tell_all(merchant_id, now=CLOSED)

    sale = settlement.shared_sale(merchant_id=merchant_id, document=presale.document)
    assert sale.left_minor == 0
    assert settlement.check_invariants(merchant_id=merchant_id) == []
    assert_sound(merchant_id)


def test_a_deposit_that_somebody_gave_back_by_hand_is_no_income(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_deposit(merchant_id, make_offer(merchant_id))
    payments.refund(
        merchant_id=merchant_id,
        document=presale.document,
        key="goodwill",
        amount_minor=4_000,
        currency="CNY",
        reason="goodwill",
        now=NOW,
    )
    end_refunds(merchant_id=merchant_id, document=presale.document, now=NOW)

    orders.expire_unpaid(merchant_id=merchant_id, now=CLOSED)
    tell_all(merchant_id, now=CLOSED)

    assert again(merchant_id, presale).shared_minor == DEPOSIT - 4_000
    assert books(merchant_id, "document", presale.document) == DEPOSIT - 4_000
    assert settlement.check_invariants(merchant_id=merchant_id) == []
    assert_sound(merchant_id)
