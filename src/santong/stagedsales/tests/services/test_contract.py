"""A contract is signed, its stages fall due, are paid, accepted and released."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.kernel.errors import FieldInvalid
from santong.kernel.facts import fact_types, subscribers
from santong.orders.events import OrderDelivered
from santong.settlement import public as settlement
from santong.settlement.tests.factories import owed, publish
from santong.stagedsales.contracts import StageTerms, document_of
from santong.stagedsales.errors import (
    CodeRefused,
    ContractNumberTaken,
    DeliveryBlocked,
    NothingOpen,
    SalePassed,
    StagePassed,
    TooManyCodeTries,
)
from santong.stagedsales.events import ContractSigned, SaleClosed, StageDue, StagePaid
from santong.stagedsales.selectors.sales import unpaid_gates
from santong.stagedsales.selectors.sealing import acceptance_code
from santong.stagedsales.services.accept_stage import accept_by_code, accept_silently
from santong.stagedsales.services.fall_due import fall_due
from santong.stagedsales.services.record_delivery import record_delivery
from santong.stagedsales.services.request_payment import request_payment
from santong.stagedsales.tests.factories import (
    NOW,
    STAGES,
    TERMS,
    accept,
    assert_sound,
    come_in_unasked,
    done,
    facts_told,
    give_back,
    hear_all,
    make_photo_of,
    make_plan,
    money_of,
    new_key,
    pay,
    redeemed,
    see,
    sign,
    signed,
    states,
    tender,
    with_code,
)

DAY = timedelta(days=1)


def test_a_sale_from_its_contract_to_its_end(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    assert states(merchant_id, sale_id) == "contracted: due planned planned"

    pay(merchant_id, sale_id, 1)
    assert states(merchant_id, sale_id) == "in_progress: paid planned planned"
    done(merchant_id, sale_id, 1)
    accept(merchant_id, sale_id, 1)
    done(merchant_id, sale_id, 2)
    assert states(merchant_id, sale_id) == "in_progress: released due planned"
    pay(merchant_id, sale_id, 2)
    accept(merchant_id, sale_id, 2)
    done(merchant_id, sale_id, 3)
    accept(merchant_id, sale_id, 3)
    assert states(merchant_id, sale_id) == "accepted: released released due"
    pay(merchant_id, sale_id, 3)

    assert states(merchant_id, sale_id) == "closed: released released released"
    assert [each.amount_minor for each in see(merchant_id, sale_id).stages] == [
        30_000,
        40_000,
        30_000,
    ]
    assert [each.number for each in facts_told(merchant_id, StagePaid)] == [1, 2, 3]
    assert len(facts_told(merchant_id, SaleClosed)) == 1
    assert len(facts_told(merchant_id, ContractSigned)) == 1
    assert_sound(merchant_id)


def test_the_deposit_counts_for_its_stage_under_its_own_document(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)

    first = see(merchant_id, sale_id).stages[0]
    assert (first.document, first.paid_minor) == (document_of(sale_id, 0), TERMS.deposit_minor)
    assert first.open_minor == 30_000 - TERMS.deposit_minor
    pay(merchant_id, sale_id, 1)
    assert money_of(merchant_id, sale_id, 0).received_minor == 30_000


def test_stages_are_shared_by_the_day_of_signing_and_due_once_accepted(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    pay(merchant_id, sale_id, 1)
    document = document_of(sale_id, 0)
    before = settlement.shared_sale(merchant_id=merchant_id, document=document)

    done(merchant_id, sale_id, 1)
    accept(merchant_id, sale_id, 1)

    after = settlement.shared_sale(merchant_id=merchant_id, document=document)
    assert (before.paid_minor, before.accepted_at) == (30_000, None)
    assert after.accepted_at == NOW


def test_a_contract_has_a_number_of_its_own_and_a_photo_of_this_sale(merchant_id: int) -> None:
    sale_id, other_id = (redeemed(merchant_id=merchant_id) for _ in range(2))
    sign(merchant_id, other_id, number="HT-1")

    with pytest.raises(ContractNumberTaken), transaction.atomic():
        sign(merchant_id, sale_id, number=" HT-1 ")
    foreign = make_photo_of(merchant_id, other_id, colour="red")
    for photos in ([], [foreign]):
        with pytest.raises(FieldInvalid) as refused, transaction.atomic():
            sign(merchant_id, sale_id, photo_ids=photos)
        assert refused.value.pointer == "/photo_ids"
    with pytest.raises(FieldInvalid) as later, transaction.atomic():
        sign(merchant_id, sale_id, signed_on=date(2026, 11, 13))
    assert later.value.pointer == "/signed_on"
    assert see(merchant_id, sale_id).state == "redeemed"


def test_nothing_is_signed_before_the_store_has_the_code_or_twice(merchant_id: int) -> None:
    early, _ = with_code(merchant_id=merchant_id)
    sale_id = signed(merchant_id=merchant_id)

    for each in (early, sale_id):
        with pytest.raises(SalePassed), transaction.atomic():
            sign(merchant_id, each)


def test_a_contract_below_the_deposits_stage_is_refused_at_its_field(merchant_id: int) -> None:
    plan = make_plan(
        merchant_id=merchant_id, deposit_minor=20_000, stages=(STAGES[0], STAGES[2]), credited_to=1
    )
    sale_id = redeemed(merchant_id=merchant_id, plan=plan)

    with pytest.raises(FieldInvalid) as refused:
        sign(merchant_id, sale_id, amount_minor=66_000)

    assert refused.value.pointer == "/credited_to"


def test_what_was_signed_stays_when_the_plan_moves_on(merchant_id: int) -> None:
    plan = make_plan(merchant_id=merchant_id)
    sale_id = redeemed(merchant_id=merchant_id, plan=plan)
    stages = (STAGES[0], replace(STAGES[1], amount_minor=5_000), STAGES[2])

    sign(merchant_id, sale_id, stages=stages)

    assert [each.amount_minor for each in see(merchant_id, sale_id).stages] == [
        30_000,
        5_000,
        65_000,
    ]


def test_stages_fall_due_by_the_clock(merchant_id: int) -> None:
    stages = (
        replace(STAGES[0], due="days_after", due_days=3),
        replace(STAGES[1], due="date", due_on=date(2026, 11, 20)),
        STAGES[2],
    )
    plan = make_plan(merchant_id=merchant_id, stages=stages)
    sale_id = signed(merchant_id=merchant_id, plan=plan)

    counted = [fall_due(merchant_id=merchant_id, now=NOW + days * DAY) for days in (2, 3, 4, 8, 9)]

    assert counted == [0, 1, 0, 0, 1]
    assert states(merchant_id, sale_id) == "contracted: due due planned"
    assert [each.number for each in facts_told(merchant_id, StageDue)] == [1, 2]


def test_a_date_that_was_left_open_has_to_be_named_on_signing(merchant_id: int) -> None:
    plan = make_plan(
        merchant_id=merchant_id, stages=(STAGES[0], replace(STAGES[1], due="date"), STAGES[2])
    )
    sale_id = redeemed(merchant_id=merchant_id, plan=plan)

    with pytest.raises(FieldInvalid) as refused:
        sign(merchant_id, sale_id)

    assert refused.value.pointer == "/stages/1/due_on"


def test_silence_accepts_what_was_done_and_nothing_else(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    done(merchant_id, sale_id, 3)

    assert accept_silently(merchant_id=merchant_id, now=NOW + 7 * DAY - timedelta(seconds=1)) == 0
    assert accept_silently(merchant_id=merchant_id, now=NOW + 7 * DAY) == 1
    assert accept_silently(merchant_id=merchant_id, now=NOW + 30 * DAY) == 0

    last = see(merchant_id, sale_id).stages[2]
    assert (last.accepted_by, last.state) == ("silence", "due")


def test_a_stage_without_acceptance_is_released_when_it_is_paid(merchant_id: int) -> None:
    plan = make_plan(
        merchant_id=merchant_id,
        stages=(replace(STAGES[0], waits_for_acceptance=False), *STAGES[1:]),
    )
    sale_id = signed(merchant_id=merchant_id, plan=plan)

    pay(merchant_id, sale_id, 1)

    assert states(merchant_id, sale_id) == "in_progress: released planned planned"
    assert see(merchant_id, sale_id).stages[0].accepted_by == "payment"


def test_work_that_is_not_done_is_not_accepted(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)

    with pytest.raises(StagePassed):
        accept(merchant_id, sale_id, 2)


def test_the_buyers_six_digits_accept_and_wrong_ones_are_counted(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    done(merchant_id, sale_id, 2)
    right = acceptance_code(merchant_id=merchant_id, sale_id=sale_id, number=2)
    wrong = f"{(int(right) + 1) % 10**6:06}"

    def show(code: str) -> Any:
        return accept_by_code(
            merchant_id=merchant_id, sale_id=sale_id, number=2, code=code, now=NOW
        )

    answers = [show(wrong) for _ in range(4)]
    first = show(right)
    blocked = [show(wrong) for _ in range(2)][-1]

    assert all(isinstance(each, CodeRefused) for each in answers)
    assert first is None
    assert isinstance(blocked, TooManyCodeTries)
    assert see(merchant_id, sale_id).stages[1].accepted_by == "buyer_code"


def test_what_has_to_be_paid_first_blocks_the_delivery(merchant_id: int) -> None:
    plan = make_plan(
        merchant_id=merchant_id,
        stages=(
            STAGES[0],
            replace(STAGES[1], gates_delivery=True),
            replace(STAGES[2], due="delivery"),
        ),
    )
    sale_id = signed(merchant_id=merchant_id, plan=plan)

    with pytest.raises(DeliveryBlocked) as refused, transaction.atomic():
        record_delivery(merchant_id=merchant_id, sale_id=sale_id, now=NOW)
    assert refused.value.numbers == [2]
    assert unpaid_gates(merchant_id=merchant_id, subject=f"stagedsale:{sale_id}") == [2]
    pay(merchant_id, sale_id, 2)
    for _ in range(2):
        record_delivery(merchant_id=merchant_id, sale_id=sale_id, now=NOW)
    assert states(merchant_id, sale_id) == "in_progress: due paid due"


def test_the_order_of_a_sale_delivers_it(merchant_id: int) -> None:
    plan = make_plan(
        merchant_id=merchant_id, stages=(*STAGES[:2], replace(STAGES[2], due="delivery"))
    )
    sale_id = signed(merchant_id=merchant_id, plan=plan, order_id=17)
    fact = OrderDelivered(order_id=17, quantity_by_line={1: 1}, is_whole=True)

    for _ in range(2):
        subscribers()["stagedsales"]["orders.order_delivered.v1"](
            fact, merchant_id=merchant_id, now=NOW
        )

    assert states(merchant_id, sale_id) == "contracted: due planned due"


def work_accepted(sale_id: int, **about: Any) -> Any:
    """What is told of a visit for a sale that its buyer has accepted."""
    values = {
        "visit_id": 1,
        "document": f"stagedsale:{sale_id}",
        "service_type": "install",
        "provider_code": "fit",
        "technician_id": 1,
        "accepted_by": "buyer_code",
        "accepted_at": NOW,
    }
    return fact_types()["fieldservice.visit_accepted.v1"].cls(**{**values, **about})


def test_who_only_measured_has_delivered_and_finished_nothing(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    before = see(merchant_id, sale_id)

    subscribers()["stagedsales"]["fieldservice.visit_accepted.v1"](
        work_accepted(sale_id, is_preparation=True), merchant_id=merchant_id, now=NOW
    )

    assert see(merchant_id, sale_id) == before


def test_an_accepted_visit_delivers_and_accepts(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    fact = work_accepted(sale_id)

    for _ in range(2):
        subscribers()["stagedsales"]["fieldservice.visit_accepted.v1"](
            fact, merchant_id=merchant_id, now=NOW
        )

    sale = see(merchant_id, sale_id)
    assert sale.delivered_at == NOW
    assert states(merchant_id, sale_id) == "in_progress: due planned due"
    assert sale.stages[2].accepted_by == "visit"


def test_who_did_the_work_is_paid_of_the_stage_that_was_accepted_with_it(
    merchant_id: int,
) -> None:
    publish(
        merchant_id,
        settlement.Rule(
            code="install",
            role="installer",
            rate_bp=5_000,
            due=settlement.Due(basis="acceptance", days=0),
        ),
    )
    sale_id = signed(merchant_id=merchant_id)
    accepted = work_accepted(sale_id)
    subscribers()["stagedsales"]["fieldservice.visit_accepted.v1"](
        accepted, merchant_id=merchant_id, now=NOW
    )

    pay(merchant_id, sale_id, 3)
    settlement.release_due(merchant_id=merchant_id, limit=100, now=NOW)

    shared = settlement.shared_sale(merchant_id=merchant_id, document=document_of(sale_id, 3))
    stage = see(merchant_id, sale_id).stages[2]
    (share,) = [each for each in shared.shares if each.role == "installer"]
    assert (share.party_code, share.left_minor) == ("installer:fit", stage.amount_minor // 2)
    assert owed(merchant_id, "installer:fit") == (0, stage.amount_minor // 2)
    assert_sound(merchant_id)


def test_a_stage_has_one_open_request_and_is_paid_whole_by_several_tenders(
    merchant_id: int,
) -> None:
    sale_id = signed(merchant_id=merchant_id)
    done(merchant_id, sale_id, 2)

    request_payment(
        merchant_id=merchant_id,
        sale_id=sale_id,
        number=2,
        key=new_key(),
        tenders=[tender(merchant_id, 15_000), tender(merchant_id, 25_000)],
        now=NOW,
    )
    hear_all(merchant_id)

    assert states(merchant_id, sale_id) == "in_progress: due paid planned"
    with pytest.raises(NothingOpen):
        pay(merchant_id, sale_id, 2, amount_minor=1)


def test_money_of_a_stage_that_came_twice_goes_back_and_shares_stay(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    pay(merchant_id, sale_id, 2)

    come_in_unasked(merchant_id, sale_id, 2, 40_000)
    give_back(merchant_id, sale_id)

    money = money_of(merchant_id, sale_id, 2)
    assert (money.received_minor, money.returned_minor) == (80_000, 40_000)
    shared = settlement.shared_sale(merchant_id=merchant_id, document=document_of(sale_id, 2))
    assert shared.left_minor == shared.paid_minor
    assert_sound(merchant_id)


def test_one_stage_is_enough(merchant_id: int) -> None:
    whole = StageTerms(name="全款", basis="remainder", due="signing", waits_for_acceptance=False)
    plan = make_plan(merchant_id=merchant_id, stages=(whole,))
    sale_id = redeemed(merchant_id=merchant_id, plan=plan)

    sign(merchant_id, sale_id, amount_minor=TERMS.deposit_minor)

    assert states(merchant_id, sale_id) == "closed: released"
