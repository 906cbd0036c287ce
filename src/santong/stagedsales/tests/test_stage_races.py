"""Stages that are contended come out exactly: real threads, real commits."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from typing import Any

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.stagedsales.contracts import DraftStage, document_of
from santong.stagedsales.errors import ChangePassed, NothingOpen, SalePassed
from santong.stagedsales.events import ContractSigned, StageAccepted, StagePaid
from santong.stagedsales.services.accept_change import accept_change
from santong.stagedsales.services.accept_stage import accept_silently, accept_stage
from santong.stagedsales.services.cancel_sale import cancel_sale
from santong.stagedsales.services.propose_change import propose_change
from santong.stagedsales.services.request_payment import request_payment
from santong.stagedsales.services.sign_contract import sign_contract
from santong.stagedsales.services.take_in_money import take_in_money
from santong.stagedsales.tests.factories import (
    NOW,
    STAGES,
    assert_sound,
    done,
    facts_told,
    hear_all,
    in_scope,
    make_photo_of,
    money_of,
    pay,
    redeemed,
    see,
    signed,
    states,
    tender,
    till,
)

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "3"))


def a_contract(merchant: int) -> int:
    with tenancy.scope(merchant_id=merchant):
        till(merchant)
        return signed(merchant_id=merchant)


def paying(merchant: int, sale_id: int, number: int, key: str, amount: int) -> Callable[[], Any]:
    with tenancy.scope(merchant_id=merchant):
        given = tender(merchant, amount)
    return in_scope(
        merchant, request_payment, sale_id=sale_id, number=number, key=key, tenders=[given]
    )


def kinds(results: list[Any]) -> Counter[str]:
    return Counter(type(each).__name__ for each in results)


def test_a_contract_is_signed_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        sale_id = redeemed(merchant_id=merchant)
        photo = make_photo_of(merchant, sale_id)
    signing = [
        in_scope(
            merchant,
            sign_contract,
            sale_id=sale_id,
            number=f"HT-{number}",
            amount_minor=100_000,
            signed_on=NOW.date(),
            photo_ids=[photo],
        )
        for number in range(6)
    ]

    results = at_once(*signing)

    assert kinds(results) == {"SaleContract": 1, "SalePassed": 5}
    with tenancy.scope(merchant_id=merchant):
        assert len(facts_told(merchant, ContractSigned)) == 1
        assert_sound(merchant)


def test_a_stage_is_paid_once_however_many_tills_take_it(merchant: int, at_once: AtOnce) -> None:
    sale_id = a_contract(merchant)

    results = at_once(
        *[paying(merchant, sale_id, 2, f"till-{number}", 40_000) for number in range(8)]
    )

    paid = [each for each in results if isinstance(each, payments.Intent)]
    assert len(paid) == 1
    assert all(isinstance(each, payments.Intent | NothingOpen) for each in results)
    with tenancy.scope(merchant_id=merchant):
        hear_all(merchant)
        assert money_of(merchant, sale_id, 2).received_minor == 40_000
        assert len(facts_told(merchant, StagePaid)) == 1
        assert_sound(merchant)


def test_money_that_is_heard_of_many_times_at_once_counts_once(
    merchant: int, at_once: AtOnce
) -> None:
    sale_id = a_contract(merchant)
    with tenancy.scope(merchant_id=merchant):
        payments.open_intent(
            merchant_id=merchant,
            new=payments.NewIntent(
                key="double",
                document=document_of(sale_id, 2),
                currency="CNY",
                amount_minor=50_000,
                subject="x",
                expires_at=NOW.replace(year=2027),
                tenders=(tender(merchant, 50_000),),
            ),
            now=NOW,
        )

    results = at_once(
        *[in_scope(merchant, take_in_money, sale_id=sale_id, number=2) for _ in range(8)]
    )

    assert results == [None] * 8
    with tenancy.scope(merchant_id=merchant):
        money = money_of(merchant, sale_id, 2)
        assert (money.received_minor, money.returning_minor) == (50_000, 10_000)
        assert len(facts_told(merchant, StagePaid)) == 1
        assert_sound(merchant)


def test_a_stage_is_paid_and_its_sale_cancelled_and_no_money_is_lost(
    merchant: int, at_once: AtOnce
) -> None:
    for number in range(ROUNDS):
        sale_id = a_contract(merchant)

        results = at_once(
            paying(merchant, sale_id, 2, f"pay-{number}", 40_000),
            in_scope(merchant, cancel_sale, sale_id=sale_id, fault="shop", reason="sold out"),
        )

        surprises = [
            each
            for each in results
            if isinstance(each, Exception) and not isinstance(each, NothingOpen | SalePassed)
        ]
        assert surprises == []
        with tenancy.scope(merchant_id=merchant):
            hear_all(merchant)
            for each in see(merchant, sale_id).money:
                assert each.returning_minor == each.received_minor
            assert_sound(merchant)


def test_a_change_is_agreed_or_a_stage_is_paid_first_and_both_add_up(
    merchant: int, at_once: AtOnce
) -> None:
    for number in range(ROUNDS):
        sale_id = a_contract(merchant)
        with tenancy.scope(merchant_id=merchant):
            change = propose_change(
                merchant_id=merchant,
                sale_id=sale_id,
                amount_minor=120_000,
                drafts=[
                    DraftStage(number=1, terms=STAGES[0]),
                    DraftStage(number=3, terms=STAGES[2]),
                ],
                reason="without the middle",
                now=NOW,
            )

        agreed, paid = at_once(
            in_scope(merchant, accept_change, sale_id=sale_id, version=change.version),
            paying(merchant, sale_id, 2, f"pay-{number}", 40_000),
        )

        assert isinstance(agreed, ChangePassed) == isinstance(paid, payments.Intent)
        with tenancy.scope(merchant_id=merchant):
            hear_all(merchant)
            sale = see(merchant, sale_id)
            assert sale.contract is not None
            total = 120_000 if agreed is None else 100_000
            assert sale.contract.amount_minor == total
            assert sum(each.amount_minor for each in sale.stages) == total
            assert_sound(merchant)


def test_work_is_accepted_once_by_whoever_comes_first(merchant: int, at_once: AtOnce) -> None:
    sale_id = a_contract(merchant)
    with tenancy.scope(merchant_id=merchant):
        pay(merchant, sale_id, 3)
        done(merchant, sale_id, 3)
    later = NOW.replace(month=12)
    accepting = [
        in_scope(merchant, accept_stage, sale_id=sale_id, number=3, by="buyer_page")
        for _ in range(4)
    ]

    results = at_once(*accepting, *[in_scope(merchant, accept_silently, now=later)] * 3)

    assert [each for each in results if isinstance(each, Exception)] == []
    with tenancy.scope(merchant_id=merchant):
        assert len(facts_told(merchant, StageAccepted)) == 1
        assert states(merchant, sale_id) == "in_progress: due planned released"
        assert_sound(merchant)
