"""Refunds, transfers and disputes at the simulated provider, and its statement."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.payments.contracts.providers import Access, Ask, Refused, SeenMove, Unreachable
from santong.payments.providers.simulated import Simulated
from santong.payments.services.act_as_buyer import BuyersAction, act_as_buyer
from santong.payments.services.simulated.settle_due import settle_due
from santong.payments.tests.at_providers import (
    Clock,
    balance_there,
    make_access,
    make_ask,
    make_refund,
    make_transfer,
)
from santong.payments.tests.factories import NOW

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def paid(simulated: Simulated, access: Access) -> Ask:
    """129.00 that were paid; 0.77 of it is the provider's."""
    ask = make_ask(way="scan")
    simulated.ask(access=access, ask=ask)
    return ask


def settle(access: Access, clock: Clock) -> int:
    with tenancy.scope(merchant_id=access.merchant_id):
        return settle_due(merchant_id=access.merchant_id, now=clock(), limit=100)


def act(access: Access, ask: Ask, action: BuyersAction) -> None:
    with tenancy.scope(merchant_id=access.merchant_id):
        act_as_buyer(
            merchant_id=access.merchant_id, reference=ask.reference, action=action, now=NOW
        )


def test_a_refund_is_done_at_once_where_all_is_calm(
    simulated: Simulated, access: Access, paid: Ask
) -> None:
    back = make_refund(paid, 900)

    moved = simulated.refund(access=access, ask=back)

    assert (moved.state, moved.amount_minor, moved.at) == ("done", 900, NOW)
    assert simulated.refund(access=access, ask=back) == moved
    assert balance_there(access) == 12_823 - 900


@pytest.mark.parametrize("mood", ["refund_works", "refund_fails"])
def test_a_refund_may_take_its_time_and_fail_then(
    simulated: Simulated, access: Access, clock: Clock, paid: Ask, mood: str
) -> None:
    back = make_refund(paid, 12_900, reason=f"mood:{mood}")
    moved = simulated.refund(access=access, ask=back)
    with pytest.raises(Refused, match="MORE_THAN_PAID"):
        simulated.refund(access=access, ask=make_refund(paid, 1))
    at_first = balance_there(access)

    clock.move(minutes=5)
    ended = simulated.query_refund(
        access=access, reference=back.reference, payment_reference=paid.reference
    )

    assert moved.state == "working"
    assert at_first == 12_823
    assert ended.state == ("done" if mood == "refund_works" else "failed")
    assert balance_there(access) == (-77 if mood == "refund_works" else 12_823)
    again = make_refund(paid, 1)
    if ended.state == "failed":
        assert simulated.refund(access=access, ask=again).state == "done"


def test_refunds_at_once_never_give_back_more_than_was_paid(
    simulated: Simulated, access: Access, paid: Ask, at_once: Any
) -> None:
    asks = [make_refund(paid, 5_000) for _ in range(6)]

    results = at_once(
        *[lambda each=each: simulated.refund(access=access, ask=each) for each in asks]
    )

    assert sum(isinstance(each, SeenMove) for each in results) == 2
    assert {each.code for each in results if isinstance(each, Refused)} == {"MORE_THAN_PAID"}
    assert balance_there(access) == 12_823 - 10_000


def test_a_payment_is_refunded_only_so_often(simulated: Simulated, merchant: int) -> None:
    access = make_access(merchant, most_refunds="2")
    ask = make_ask(way="scan")
    simulated.ask(access=access, ask=ask)
    for _ in range(2):
        simulated.refund(access=access, ask=make_refund(ask, 1))

    with pytest.raises(Refused, match="TOO_MANY_REFUNDS"):
        simulated.refund(access=access, ask=make_refund(ask, 1))


def test_a_refund_that_timed_out_was_done(simulated: Simulated, access: Access, paid: Ask) -> None:
    back = make_refund(paid, 900, reason="mood:done_unheard")

    with pytest.raises(Unreachable):
        simulated.refund(access=access, ask=back)

    found = simulated.query_refund(
        access=access, reference=back.reference, payment_reference=paid.reference
    )
    assert found.state == "done"
    assert balance_there(access) == 12_823 - 900


def test_a_refund_of_what_was_not_paid_is_refused(simulated: Simulated, access: Access) -> None:
    ask = make_ask()
    simulated.ask(access=access, ask=ask)

    with pytest.raises(Refused, match="NOT_PAID"):
        simulated.refund(access=access, ask=make_refund(ask, 1))
    with pytest.raises(Refused, match="NO_SUCH_PAYMENT"):
        simulated.refund(access=access, ask=make_refund(make_ask(), 1))


@pytest.mark.parametrize("ends_as", ["done", "failed"])
def test_a_share_is_taken_out_of_a_payment(
    simulated: Simulated, access: Access, paid: Ask, ends_as: str
) -> None:
    receiver = "dealer-7" if ends_as == "done" else "unknown-7"
    share = make_transfer(4_000, payment_reference=paid.reference, receiver=receiver)

    moved = simulated.transfer(access=access, ask=share)

    assert moved.state == ends_as
    assert simulated.transfer(access=access, ask=share) == moved
    assert simulated.query_transfer(access=access, reference=share.reference) == moved
    assert balance_there(access) == 12_823 - (4_000 if ends_as == "done" else 0)
    with pytest.raises(Refused, match="MORE_THAN_PAID"):
        simulated.transfer(
            access=access, ask=make_transfer(12_901, payment_reference=paid.reference)
        )


def test_shares_at_once_never_exceed_the_payment(
    simulated: Simulated, access: Access, paid: Ask, at_once: Any
) -> None:
    asks = [make_transfer(6_000, payment_reference=paid.reference) for _ in range(5)]

    results = at_once(
        *[lambda each=each: simulated.transfer(access=access, ask=each) for each in asks]
    )

    assert sum(isinstance(each, SeenMove) for each in results) == 2
    assert balance_there(access) == 12_823 - 12_000


def test_after_the_last_share_there_is_none(
    simulated: Simulated, access: Access, paid: Ask
) -> None:
    last = make_transfer(100, payment_reference=paid.reference, is_last_share=True)
    simulated.transfer(access=access, ask=last)

    with pytest.raises(Refused, match="SHARED_OUT"):
        simulated.transfer(access=access, ask=make_transfer(1, payment_reference=paid.reference))


@pytest.mark.parametrize(
    ("given", "terms", "code"),
    [
        ({"receiver": ""}, {}, "NO_RECEIVER"),
        ({}, {"most_transferred_minor": "99"}, "LIMIT_EXCEEDED"),
        ({"payment_reference": "R0"}, {}, "NO_SUCH_PAYMENT"),
    ],
)
def test_a_transfer_that_cannot_be_made_is_refused_and_leaves_nothing(
    simulated: Simulated,
    merchant: int,
    given: dict[str, str],
    terms: dict[str, str],
    code: str,
) -> None:
    access = make_access(merchant, **terms)
    ask = make_transfer(100, **given)

    with pytest.raises(Refused) as refused:
        simulated.transfer(access=access, ask=ask)

    assert refused.value.code == code
    assert simulated.query_transfer(access=access, reference=ask.reference).state == "unknown"


def test_only_so_many_shares_come_out_of_a_payment(simulated: Simulated, merchant: int) -> None:
    access = make_access(merchant, most_transfers="1")
    ask = make_ask(way="scan")
    simulated.ask(access=access, ask=ask)
    simulated.transfer(access=access, ask=make_transfer(1, payment_reference=ask.reference))

    with pytest.raises(Refused, match="TOO_MANY_TRANSFERS"):
        simulated.transfer(access=access, ask=make_transfer(1, payment_reference=ask.reference))


def test_a_transfer_may_come_back_days_later(
    simulated: Simulated, access: Access, clock: Clock, paid: Ask
) -> None:
    sent = make_transfer(4_000, receiver="returns-7", payment_reference=paid.reference)
    moved = simulated.transfer(access=access, ask=sent)
    meanwhile = balance_there(access)

    clock.move(days=2)
    settled = settle(access, clock)

    assert moved.state == "done"
    assert meanwhile == 12_823 - 4_000
    assert settled == 1
    found = simulated.query_transfer(access=access, reference=sent.reference)
    assert (found.state, found.why) == ("returned", "RECEIVERS_ACCOUNT_CLOSED")
    assert balance_there(access) == 12_823
    assert settle(access, clock) == 0


@pytest.mark.parametrize("decided", ["decide_for_the_shop", "decide_for_the_buyer"])
def test_a_dispute_takes_what_is_left_until_it_is_decided(
    simulated: Simulated, access: Access, paid: Ask, decided: BuyersAction
) -> None:
    simulated.refund(access=access, ask=make_refund(paid, 900))

    act(access, paid, "dispute")
    disputed = balance_there(access)
    with pytest.raises(Refused, match="MORE_THAN_PAID"):
        simulated.refund(access=access, ask=make_refund(paid, 1))
    with pytest.raises(Refused, match="NOTHING_TO_DISPUTE"):
        act(access, paid, "dispute")
    act(access, paid, decided)

    assert disputed == -77
    assert balance_there(access) == (11_923 if decided == "decide_for_the_shop" else -77)
    with pytest.raises(Refused, match="NO_DISPUTE"):
        act(access, paid, decided)


def test_two_sweepers_settle_each_move_once(
    simulated: Simulated, access: Access, clock: Clock, paid: Ask, at_once: Any
) -> None:
    backs = [make_refund(paid, 100, reason="mood:refund_works") for _ in range(3)]
    for back in backs:
        simulated.refund(access=access, ask=back)
    simulated.transfer(access=access, ask=make_transfer(50, reason="mood:transfer_works"))
    clock.move(minutes=5)

    results = at_once(*[lambda: settle(access, clock) for _ in range(3)])

    assert sum(results) == 4
    assert balance_there(access) == 12_823 - 350


def test_a_statement_is_a_day_of_the_books(
    simulated: Simulated, access: Access, clock: Clock, paid: Ask
) -> None:
    back = make_refund(paid, 900)
    simulated.refund(access=access, ask=back)
    clock.move(days=1)
    simulated.transfer(access=access, ask=make_transfer(1_000))

    first, second = (
        simulated.statement(access=access, day=(NOW + timedelta(days=n)).date()).decode()
        for n in (0, 1)
    )

    head, columns, payment, refund, total, end = first.split("\r\n")
    assert head == "#simulated,main,2026-11-11,CNY,2,0,11923"
    assert columns == "type,our_reference,their_reference,time,amount_minor,fee_minor,status"
    assert payment.startswith(f"payment,{paid.reference},sp")
    assert payment.endswith(",2026-11-11T15:27:00+08:00,12900,77,done")
    assert refund.startswith(f"refund,{back.reference},sr")
    assert refund.endswith(",-900,0,done")
    assert (total, end) == ("#total,2,,,12000,77,", "")
    assert second.split("\r\n")[0] == "#simulated,main,2026-11-12,CNY,1,11923,10923"
