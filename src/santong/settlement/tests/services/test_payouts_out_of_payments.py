"""Shares leave the payments that they are shares of, as far as these let them out."""

from __future__ import annotations

from santong.payments import public as payments
from santong.payments.tests.factories import make_paid_by, transfers_asked
from santong.settlement import contracts
from santong.settlement.contracts import PayoutLimits, Rule
from santong.settlement.services.retry_payout import retry_payout
from santong.settlement.services.send_payouts import send_payouts
from santong.settlement.tests.factories import (
    NOW,
    Shop,
    assert_sound,
    can_be_paid,
    lines_of,
    make_run,
    make_shop,
    owe_clerk,
    owed,
    publish,
    tell,
)

# A line: whom, how much, out of which payment, and whether that frees the rest of it.
Line = tuple[str, int, int | None, bool]


def a_shop(merchant_id: int) -> Shop:
    """Its clerks get a tenth at once."""
    publish(
        merchant_id,
        Rule(code="clerk", role="clerk", rate_bp=1_000, due=contracts.Due(days=0)),
    )
    return make_shop(merchant_id)


def sell(shop: Shop, *, guide: str = "G1", price_minor: int = 10_000, is_here: bool = True) -> int:
    """A sale of which a clerk is due a tenth; the tender that paid it here, or nothing."""
    sale = owe_clerk(shop, guide=guide, price_minor=price_minor)
    can_be_paid(shop.merchant_id, f"clerk:{guide}")
    if not is_here:
        return 0
    return paid(sale, shop.merchant_id)


def paid(sale: contracts.SharedSale, merchant_id: int) -> int:
    """The tender that paid a sale at the account that parties are paid from."""
    return make_paid_by(
        merchant_id=merchant_id,
        document=sale.document,
        amount=sale.paid_minor,
        payer="oA1",
        account="simulated",
    )


def a_run(merchant_id: int, *, limits: PayoutLimits | None = None) -> contracts.PayoutRun:
    return make_run(merchant_id, way="payments", limits=limits)


def planned(merchant_id: int, run: contracts.PayoutRun) -> list[Line]:
    return [
        (line.party_code, line.amount_minor, line.tender_id, line.is_last_share)
        for line in lines_of(merchant_id, run)
    ]


def asked(merchant_id: int) -> list[tuple[int, bool, bool]]:
    """What providers are asked to give: how much, whether out of a payment, whether the last."""
    return sorted(
        (each.amount_minor, bool(each.payment_reference), each.is_last_share)
        for each in transfers_asked(merchant_id=merchant_id)
    )


def test_each_share_leaves_its_payment_and_the_last_frees_the_rest(merchant_id: int) -> None:
    shop = a_shop(merchant_id)
    first, second = sell(shop), sell(shop, price_minor=5_000)

    run = a_run(merchant_id)
    sent = send_payouts(merchant_id=merchant_id, limit=10, now=NOW)

    assert run.way == "payments"
    assert sorted(planned(merchant_id, run)) == [
        ("clerk:G1", 500, second, True),
        ("clerk:G1", 1_000, first, True),
    ]
    assert sent == 2
    assert asked(merchant_id) == [(500, True, True), (1_000, True, True)]
    for line in lines_of(merchant_id, run):
        tell(merchant_id, line, "done")
    assert owed(merchant_id, "clerk:G1") == (0, 0)
    assert_sound(merchant_id)


def test_what_was_not_paid_here_leaves_the_account(merchant_id: int) -> None:
    shop = a_shop(merchant_id)
    here = sell(shop)
    sell(shop, price_minor=5_000, is_here=False)

    run = a_run(merchant_id)

    assert planned(merchant_id, run) == [
        ("clerk:G1", 1_000, here, True),
        ("clerk:G1", 500, None, False),
    ]


def test_a_payment_is_asked_no_more_often_than_its_provider_allows(merchant_id: int) -> None:
    shop = a_shop(merchant_id)
    tender = sell(shop)

    run = a_run(merchant_id, limits=PayoutLimits(most_minor=400, requests_per_payment=2))

    assert planned(merchant_id, run) == [
        ("clerk:G1", 334, tender, False),
        ("clerk:G1", 333, tender, False),
        ("clerk:G1", 333, None, False),
    ]
    assert [line.number for line in lines_of(merchant_id, run)] == [1, 2, 3]


def test_what_one_run_has_planned_is_not_planned_out_of_the_payment_again(
    merchant_id: int,
) -> None:
    shop = a_shop(merchant_id)
    tender = sell(shop)

    first, second = a_run(merchant_id), a_run(merchant_id)

    assert planned(merchant_id, first) == [("clerk:G1", 1_000, tender, True)]
    assert planned(merchant_id, second) == [("clerk:G1", 1_000, None, False)]
    assert send_payouts(merchant_id=merchant_id, limit=10, now=NOW) == 1


def test_what_its_payment_has_given_back_meanwhile_leaves_the_account(merchant_id: int) -> None:
    shop = a_shop(merchant_id)
    tender = sell(shop)
    run = a_run(merchant_id)
    document = payments.tender_by_id(merchant_id=merchant_id, tender_id=tender).document
    payments.refund(
        merchant_id=merchant_id,
        document=document,
        key="back",
        amount_minor=9_500,
        currency="CNY",
        reason="too small",
        now=NOW,
    )

    send_payouts(merchant_id=merchant_id, limit=10, now=NOW)

    (line,) = lines_of(merchant_id, run)
    assert (line.state, line.tender_id, line.is_last_share) == ("sent", None, False)
    assert asked(merchant_id) == [(1_000, False, False)]


def test_a_share_that_failed_is_sent_out_of_its_payment_again(merchant_id: int) -> None:
    shop = a_shop(merchant_id)
    tender = sell(shop)
    run = a_run(merchant_id)
    send_payouts(merchant_id=merchant_id, limit=10, now=NOW)
    (line,) = lines_of(merchant_id, run)
    tell(merchant_id, line, "failed", why="name differs")

    retry_payout(merchant_id=merchant_id, line_id=line.id, reason="name put right", now=NOW)
    send_payouts(merchant_id=merchant_id, limit=10, now=NOW)

    (again,) = lines_of(merchant_id, run)
    assert (again.state, again.attempts, again.tender_id) == ("sent", 2, tender)
    assert again.transfer_id != line.transfer_id
    assert_sound(merchant_id)


def test_a_payment_is_not_freed_while_another_has_a_share_of_it(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(
        merchant_id,
        Rule(code="clerk", role="clerk", rate_bp=1_000, due=contracts.Due(days=0)),
        Rule(code="seller", role="seller", rate_bp=500, due=contracts.Due(days=30)),
    )
    sale = owe_clerk(shop, seller=shop.franchise_code)
    can_be_paid(merchant_id, "clerk:G1")
    tender = paid(sale, merchant_id)

    run = a_run(merchant_id)

    assert planned(merchant_id, run) == [("clerk:G1", 1_000, tender, False)]
