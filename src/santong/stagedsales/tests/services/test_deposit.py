"""A deposit is paid, a code is had, and what is not used comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.kernel.errors import FieldInvalid
from santong.payments import public as payments
from santong.stagedsales.contracts import Buyer
from santong.stagedsales.errors import (
    NothingOpen,
    NotOffered,
    OnlyWhole,
    SaleLinkOver,
    SalePassed,
    StagedKeyTaken,
)
from santong.stagedsales.events import CodeIssued, DepositPaid, SaleCancelled
from santong.stagedsales.models import RedemptionCode, StagedSale
from santong.stagedsales.selectors.links import check_link, link_of, link_path
from santong.stagedsales.selectors.sales import code_for_buyer
from santong.stagedsales.services.cancel_sale import cancel_sale
from santong.stagedsales.services.expire_sales import expire_sales
from santong.stagedsales.services.publish_plan import publish_plan
from santong.stagedsales.services.renew_link import renew_link
from santong.stagedsales.services.request_payment import request_payment
from santong.stagedsales.tests.factories import (
    BUYER,
    NOW,
    TERMS,
    assert_sound,
    come_in_unasked,
    facts_told,
    give_back,
    hear_all,
    make_plan,
    make_sale,
    money_of,
    new_key,
    pay,
    see,
    tender,
    with_code,
)


def test_a_paid_deposit_brings_a_code_once(merchant_id: int) -> None:
    sale_id, code = with_code(merchant_id=merchant_id)

    sale = see(merchant_id, sale_id)
    assert sale.state == "code_issued"
    assert sale.code is not None
    assert code.endswith(sale.code.tail)
    assert sale.code.expires_at == NOW + timedelta(days=TERMS.code_days)
    assert len(facts_told(merchant_id, DepositPaid)) == 1
    assert len(facts_told(merchant_id, CodeIssued)) == 1
    assert_sound(merchant_id)


def test_neither_code_nor_buyer_stands_in_a_table(merchant_id: int) -> None:
    sale_id, code = with_code(merchant_id=merchant_id)

    row = StagedSale.objects.get(id=sale_id)
    kept = RedemptionCode.objects.get(sale=sale_id)
    assert BUYER.name.encode() not in bytes(row.buyer_sealed)
    assert code not in repr([getattr(kept, each.name) for each in kept._meta.fields])
    assert see(merchant_id, sale_id).buyer.phone == "199****1111"
    assert code_for_buyer(merchant_id=merchant_id, sale_id=sale_id) == code


def test_asked_again_it_is_the_same_sale_and_the_same_link(merchant_id: int) -> None:
    plan = make_plan(merchant_id=merchant_id)
    first = make_sale(merchant_id=merchant_id, plan=plan, key="the-same")
    shop = see(merchant_id, first.sale_id).storefront_id

    again = make_sale(merchant_id=merchant_id, plan=plan, key="the-same", storefront_id=shop)

    assert again == first
    assert link_of(token=again.token).thing_id == first.sale_id
    other = Buyer(name="李四", phone="19900002222")
    with pytest.raises(StagedKeyTaken), transaction.atomic():
        make_sale(
            merchant_id=merchant_id, plan=plan, key="the-same", storefront_id=shop, buyer=other
        )


def test_a_link_ends_when_it_is_renewed_or_long_after_the_sale(merchant_id: int) -> None:
    made = make_sale(merchant_id=merchant_id)
    of: dict[str, Any] = {"merchant_id": merchant_id, "sale_id": made.sale_id}

    token = renew_link(**of, now=NOW)

    check_link(link=link_of(token=token), now=NOW + timedelta(days=4000))
    with pytest.raises(SaleLinkOver):
        check_link(link=link_of(token=made.token), now=NOW)
    cancel_sale(**of, fault="buyer", reason="no more", now=NOW)
    assert link_path(**of, now=NOW + timedelta(days=399)) == f"/s/{token}/"
    assert link_path(**of, now=NOW + timedelta(days=400)) == ""
    with pytest.raises(SaleLinkOver):
        check_link(link=link_of(token=token), now=NOW + timedelta(days=400))


def test_what_is_withdrawn_is_not_sold(merchant_id: int) -> None:
    plan = make_plan(merchant_id=merchant_id)
    publish_plan(
        merchant_id=merchant_id,
        code=plan.code,
        terms=plan.terms,
        reason="season is over",
        is_offered=False,
        now=NOW,
    )

    with pytest.raises(NotOffered):
        make_sale(merchant_id=merchant_id, plan=plan)


def test_who_has_no_telephone_number_is_refused_at_the_field(merchant_id: int) -> None:
    with pytest.raises(FieldInvalid) as refused:
        make_sale(merchant_id=merchant_id, buyer=Buyer(name="x", phone="none"))

    assert refused.value.pointer == "/buyer/phone"


def test_a_deposit_is_paid_whole_and_by_one_request_at_a_time(merchant_id: int) -> None:
    sale_id = make_sale(merchant_id=merchant_id).sale_id
    deposit = TERMS.deposit_minor

    with pytest.raises(OnlyWhole) as refused, transaction.atomic():
        pay(merchant_id, sale_id, 0, amount_minor=deposit - 1)
    assert refused.value.open_minor == deposit
    pay(merchant_id, sale_id, 0)
    with pytest.raises(NothingOpen), transaction.atomic():
        pay(merchant_id, sale_id, 0, amount_minor=deposit)


def test_the_same_request_is_answered_the_same(merchant_id: int) -> None:
    sale_id = make_sale(merchant_id=merchant_id).sale_id
    key = new_key()
    asked = [
        request_payment(
            merchant_id=merchant_id,
            sale_id=sale_id,
            number=0,
            key=key,
            tenders=[tender(merchant_id, TERMS.deposit_minor)],
            now=NOW,
        )
        for _ in range(2)
    ]

    assert asked[0].id == asked[1].id
    assert money_of(merchant_id, sale_id).received_minor == TERMS.deposit_minor


def test_money_that_came_twice_goes_back_once(merchant_id: int) -> None:
    sale_id, _ = with_code(merchant_id=merchant_id)

    come_in_unasked(merchant_id, sale_id, 0, TERMS.deposit_minor)
    come_in_unasked(merchant_id, sale_id, 0, 1)

    money = money_of(merchant_id, sale_id)
    assert money.received_minor == 2 * TERMS.deposit_minor + 1
    assert money.returning_minor == TERMS.deposit_minor + 1
    assert see(merchant_id, sale_id).state == "code_issued"
    assert_sound(merchant_id)


def test_nobody_pays_in_time_and_late_money_goes_back(merchant_id: int) -> None:
    sale_id = make_sale(merchant_id=merchant_id).sale_id
    later = NOW + timedelta(minutes=TERMS.payable_minutes)

    assert expire_sales(merchant_id=merchant_id, now=later - timedelta(seconds=1)) == 0
    assert expire_sales(merchant_id=merchant_id, now=later) == 1
    with pytest.raises(NothingOpen), transaction.atomic():
        request_payment(
            merchant_id=merchant_id,
            sale_id=sale_id,
            number=0,
            key=new_key(),
            tenders=[],
            now=later,
        )
    come_in_unasked(merchant_id, sale_id, 0, TERMS.deposit_minor, now=later)
    give_back(merchant_id, sale_id, now=later)

    assert see(merchant_id, sale_id).state == "refunded"
    assert money_of(merchant_id, sale_id).returned_minor == TERMS.deposit_minor
    assert_sound(merchant_id)


def test_a_deposit_that_is_in_but_was_not_heard_of_counts_when_time_runs_out(
    merchant_id: int,
) -> None:
    sale_id = make_sale(merchant_id=merchant_id).sale_id
    later = NOW + timedelta(minutes=TERMS.payable_minutes)
    payments.open_intent(
        merchant_id=merchant_id,
        new=payments.NewIntent(
            key=new_key(),
            document=f"stagedsale:{sale_id}-0",
            currency="CNY",
            amount_minor=TERMS.deposit_minor,
            subject="x",
            expires_at=later,
            tenders=(tender(merchant_id, TERMS.deposit_minor),),
        ),
        now=NOW,
    )

    assert expire_sales(merchant_id=merchant_id, now=later) == 0
    assert see(merchant_id, sale_id).state == "code_issued"


def test_a_code_nobody_used_gives_its_whole_deposit_back_after_the_grace(merchant_id: int) -> None:
    sale_id, _ = with_code(merchant_id=merchant_id)
    over = NOW + timedelta(days=TERMS.code_days)
    ends = over + timedelta(hours=TERMS.grace_hours)

    assert expire_sales(merchant_id=merchant_id, now=over) == 0
    assert expire_sales(merchant_id=merchant_id, now=ends) == 1
    assert see(merchant_id, sale_id).state == "expired"
    give_back(merchant_id, sale_id, now=ends)

    assert see(merchant_id, sale_id).state == "refunded"
    assert money_of(merchant_id, sale_id).returned_minor == TERMS.deposit_minor
    assert_sound(merchant_id)


def test_before_the_contract_all_of_the_deposit_comes_back(merchant_id: int) -> None:
    sale_id, _ = with_code(merchant_id=merchant_id)

    back = cancel_sale(
        merchant_id=merchant_id, sale_id=sale_id, fault="buyer", reason="changed mind", now=NOW
    )
    hear_all(merchant_id)
    give_back(merchant_id, sale_id)

    assert back == TERMS.deposit_minor
    assert see(merchant_id, sale_id).state == "refunded"
    (told,) = facts_told(merchant_id, SaleCancelled)
    assert (told.refund_minor, told.kept_minor, told.had_contract) == (
        TERMS.deposit_minor,
        0,
        False,
    )
    assert code_for_buyer(merchant_id=merchant_id, sale_id=sale_id) == ""
    with pytest.raises(SalePassed), transaction.atomic():
        cancel_sale(
            merchant_id=merchant_id, sale_id=sale_id, fault="buyer", reason="again", now=NOW
        )
    assert_sound(merchant_id)
