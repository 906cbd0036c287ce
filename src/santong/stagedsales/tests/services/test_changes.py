"""What was agreed changes when its buyer agrees, and money follows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from santong.payments import public as payments
from santong.settlement import public as settlement
from santong.stagedsales.contracts import DraftStage, SaleChange, StageTerms, document_of
from santong.stagedsales.errors import BelowAccepted, ChangePassed, SalePassed
from santong.stagedsales.events import ContractChanged
from santong.stagedsales.services.accept_change import accept_change
from santong.stagedsales.services.cancel_sale import cancel_sale
from santong.stagedsales.services.end_change import decline_change, withdraw_change
from santong.stagedsales.services.propose_change import propose_change
from santong.stagedsales.services.request_payment import request_payment
from santong.stagedsales.tests.factories import (
    NOW,
    accept,
    assert_sound,
    done,
    facts_told,
    give_back,
    hear_all,
    money_of,
    new_key,
    pay,
    see,
    signed,
    states,
)


def draft(number: int = 0, *, fixed: int = 0, due: Any = "milestone") -> DraftStage:
    terms = StageTerms(
        name=f"stage {number}",
        basis="fixed" if fixed else "remainder",
        due=due,
        amount_minor=fixed,
    )
    return DraftStage(number=number, terms=terms)


def propose(merchant_id: int, sale_id: int, amount: int, *drafts: DraftStage) -> SaleChange:
    return propose_change(
        merchant_id=merchant_id,
        sale_id=sale_id,
        amount_minor=amount,
        drafts=drafts,
        reason="another wardrobe",
        now=NOW,
    )


def agree(merchant_id: int, sale_id: int, version: int) -> None:
    accept_change(merchant_id=merchant_id, sale_id=sale_id, version=version, now=NOW)
    hear_all(merchant_id)


def amounts(merchant_id: int, sale_id: int) -> list[int]:
    return [each.amount_minor for each in see(merchant_id, sale_id).stages]


def after_stage_two(merchant_id: int) -> int:
    """300.00 and 400.00 are paid; the last 300.00 are open."""
    sale_id = signed(merchant_id=merchant_id)
    pay(merchant_id, sale_id, 1)
    pay(merchant_id, sale_id, 2)
    return sale_id


def test_nothing_changes_until_the_buyer_agrees(merchant_id: int) -> None:
    sale_id = after_stage_two(merchant_id)

    change = propose(merchant_id, sale_id, 150_000, draft(3, fixed=50_000), draft())

    assert (change.version, change.state, change.refund_minor) == (2, "proposed", 0)
    assert [(number, amount) for number, _, amount in change.stages] == [
        (1, 30_000),
        (2, 40_000),
        (3, 50_000),
        (4, 30_000),
    ]
    assert amounts(merchant_id, sale_id) == [30_000, 40_000, 30_000]
    agree(merchant_id, sale_id, 2)
    agree(merchant_id, sale_id, 2)
    assert amounts(merchant_id, sale_id) == [30_000, 40_000, 50_000, 30_000]
    sale = see(merchant_id, sale_id)
    assert sale.contract is not None
    assert (sale.contract.amount_minor, sale.contract.version) == (150_000, 2)
    assert len(facts_told(merchant_id, ContractChanged)) == 1
    assert_sound(merchant_id)


def test_below_what_is_paid_the_difference_goes_back_with_the_change(merchant_id: int) -> None:
    sale_id = after_stage_two(merchant_id)

    change = propose(merchant_id, sale_id, 55_000)
    agree(merchant_id, sale_id, change.version)
    give_back(merchant_id, sale_id)

    assert change.refund_minor == 15_000
    assert amounts(merchant_id, sale_id) == [30_000, 25_000, 0]
    assert states(merchant_id, sale_id) == "in_progress: paid paid waived"
    assert money_of(merchant_id, sale_id, 2).returned_minor == 15_000
    shared = settlement.shared_sale(merchant_id=merchant_id, document=document_of(sale_id, 2))
    assert shared.left_minor == 25_000
    assert_sound(merchant_id)


def test_what_was_accepted_stays(merchant_id: int) -> None:
    sale_id = after_stage_two(merchant_id)
    done(merchant_id, sale_id, 2)
    accept(merchant_id, sale_id, 2)

    with pytest.raises(BelowAccepted):
        propose(merchant_id, sale_id, 39_999)


def test_what_was_asked_for_is_asked_no_longer(merchant_id: int) -> None:
    sale_id = after_stage_two(merchant_id)
    payments.open_payment_account(
        merchant_id=merchant_id,
        code="wallet",
        provider="simulated",
        method="wechat_pay",
        name="wallet",
        currency="CNY",
        now=NOW,
    )
    asked = request_payment(
        merchant_id=merchant_id,
        sale_id=sale_id,
        number=3,
        key=new_key(),
        tenders=[payments.NewTender(account_code="wallet", amount_minor=30_000)],
        now=NOW,
    )
    change = propose(merchant_id, sale_id, 90_000, draft(3))

    agree(merchant_id, sale_id, change.version)

    found = payments.intent_by_id(merchant_id=merchant_id, intent_id=asked.id)
    assert found.state == "cancelled"
    assert amounts(merchant_id, sale_id) == [30_000, 40_000, 20_000]
    assert_sound(merchant_id)


def test_a_change_passes_when_a_stage_is_paid_meanwhile(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    change = propose(merchant_id, sale_id, 90_000, draft(1, fixed=30_000), draft(2))
    pay(merchant_id, sale_id, 2)

    with pytest.raises(ChangePassed) as refused:
        agree(merchant_id, sale_id, change.version)

    assert refused.value.state == "outdated"


def test_of_two_proposals_the_newer_counts(merchant_id: int) -> None:
    sale_id = after_stage_two(merchant_id)
    first = propose(merchant_id, sale_id, 90_000, draft(3))
    second = propose(merchant_id, sale_id, 95_000, draft(3))

    with pytest.raises(ChangePassed), transaction.atomic():
        agree(merchant_id, sale_id, first.version)
    agree(merchant_id, sale_id, second.version)

    assert amounts(merchant_id, sale_id) == [30_000, 40_000, 25_000]
    assert [each.state for each in see(merchant_id, sale_id).changes] == ["withdrawn", "accepted"]


@pytest.mark.parametrize("end", [decline_change, withdraw_change])
def test_what_is_declined_or_withdrawn_changes_nothing(merchant_id: int, end: Any) -> None:
    sale_id = after_stage_two(merchant_id)
    change = propose(merchant_id, sale_id, 90_000, draft(3))

    for _ in range(2):
        end(merchant_id=merchant_id, sale_id=sale_id, version=change.version, now=NOW)

    with pytest.raises(ChangePassed), transaction.atomic():
        agree(merchant_id, sale_id, change.version)
    assert amounts(merchant_id, sale_id) == [30_000, 40_000, 30_000]


def test_a_cancelled_sale_is_not_changed(merchant_id: int) -> None:
    sale_id = after_stage_two(merchant_id)
    change = propose(merchant_id, sale_id, 90_000, draft(3))
    cancel_sale(merchant_id=merchant_id, sale_id=sale_id, fault="buyer", reason="no", now=NOW)

    with pytest.raises(ChangePassed), transaction.atomic():
        agree(merchant_id, sale_id, change.version)
    with pytest.raises(SalePassed):
        propose(merchant_id, sale_id, 90_000, draft(3))


def test_a_stage_whose_work_is_done_is_due_after_a_change_as_well(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    done(merchant_id, sale_id, 2)
    change = propose(
        merchant_id,
        sale_id,
        90_000,
        draft(1, fixed=30_000, due="signing"),
        draft(2),
    )

    agree(merchant_id, sale_id, change.version)

    assert states(merchant_id, sale_id) == "in_progress: due due waived"
