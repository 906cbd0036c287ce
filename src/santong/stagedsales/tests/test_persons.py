"""What stagedsales knows of a person is theirs to take along, and is forgotten when they ask."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import transaction

from santong.customers import public as customers
from santong.evidence import public as evidence
from santong.stagedsales.contracts import Buyer, MaskedBuyer, subject_of
from santong.stagedsales.errors import SaleLinkOver, SaleStillOpen
from santong.stagedsales.models import StagedSale
from santong.stagedsales.selectors.links import check_link, link_of, link_path
from santong.stagedsales.selectors.persons import export_person
from santong.stagedsales.selectors.sales import sales_page
from santong.stagedsales.selectors.sealing import opened_buyer
from santong.stagedsales.services.cancel_sale import cancel_sale
from santong.stagedsales.services.forget_person import forget_person
from santong.stagedsales.tests.factories import (
    NOW,
    accept,
    assert_sound,
    done,
    give_back,
    pay,
    see,
    signed,
)

LI = Buyer(name="李小红", phone="139 0000 1111", note="周末联系")
PERSON = customers.PersonRecord(
    person_ids=(7,),
    identifiers=(customers.Identifier(kind="phone", value="+8613900001111"),),
)


def bought(merchant_id: int) -> int:
    return signed(merchant_id=merchant_id, buyer=LI)


def test_a_person_takes_their_sales_along_and_nobody_elses(merchant_id: int) -> None:
    mine = bought(merchant_id)
    signed(merchant_id=merchant_id)

    taken = json.dumps(export_person(merchant_id=merchant_id, person=PERSON), ensure_ascii=False)

    (sale,) = json.loads(taken)["staged_sales"]
    assert (sale["id"], sale["state"]) == (str(mine), "contracted")
    assert sale["buyer"] == {"name": LI.name, "phone": LI.phone, "note": LI.note}
    assert sale["contract"]["amount_minor"] == 100_000
    assert sum(stage["amount_minor"] for stage in sale["stages"]) == 100_000


def test_nobody_is_forgotten_while_something_is_agreed(merchant_id: int) -> None:
    sale_id = bought(merchant_id)

    with pytest.raises(SaleStillOpen) as refused, transaction.atomic():
        forget_person(merchant_id=merchant_id, person=PERSON, now=NOW)

    assert refused.value.sale_ids == [str(sale_id)]
    assert opened_buyer(StagedSale.objects.get(id=sale_id)) == LI


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_who_bought_is_forgotten_and_what_was_sold_and_paid_stays(
    merchant_id: int, *, is_cancelled: bool
) -> None:
    sale_id = bought(merchant_id)
    other = signed(merchant_id=merchant_id)
    path = link_path(merchant_id=merchant_id, sale_id=sale_id, now=NOW)
    end(merchant_id, sale_id, is_cancelled=is_cancelled)
    before = see(merchant_id, sale_id)

    forget_person(merchant_id=merchant_id, person=PERSON, now=NOW + timedelta(hours=1))

    after = see(merchant_id, sale_id)
    row = StagedSale.objects.get(id=sale_id)
    assert opened_buyer(row) == Buyer(name="", phone="", note="")
    assert after.buyer == MaskedBuyer(name="", phone="")
    assert (row.phone_index, row.member_id, row.request_hash) == (None, None, "")
    assert (after.state, after.money, after.stages) == (before.state, before.money, before.stages)
    kept = evidence.of_subject(merchant_id=merchant_id, subject=subject_of(sale_id))
    assert kept
    assert all(each.erased_at is not None for each in kept)
    with pytest.raises(SaleLinkOver), transaction.atomic():
        check_link(link=link_of(token=path.split("/")[2]), now=NOW + timedelta(hours=1))
    assert sales_page(merchant_id=merchant_id, phone=LI.phone) == []
    assert export_person(merchant_id=merchant_id, person=PERSON) == {"staged_sales": []}
    assert opened_buyer(StagedSale.objects.get(id=other)).name
    assert_sound(merchant_id)


def end(merchant_id: int, sale_id: int, *, is_cancelled: bool) -> None:
    """Called off, or paid and accepted to the end."""
    if is_cancelled:
        cancel_sale(
            merchant_id=merchant_id, sale_id=sale_id, fault="shop", reason="sold out", now=NOW
        )
        give_back(merchant_id, sale_id)
        return
    for number in (1, 2, 3):
        pay(merchant_id, sale_id, number)
        done(merchant_id, sale_id, number)
        accept(merchant_id, sale_id, number)
