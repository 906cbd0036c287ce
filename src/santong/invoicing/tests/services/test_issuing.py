"""An invoice from its request to its number, by an office that answers as it likes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from santong.catalog import public as catalog
from santong.catalog.tests.factories import make_sku
from santong.invoicing import public as invoicing
from santong.invoicing.contracts import Title
from santong.invoicing.events import InvoiceIssued, InvoiceRefused
from santong.invoicing.models import SaleLine, SimulatedInvoice
from santong.invoicing.tests.factories import (
    BUYER,
    NOW,
    PERSON,
    ask,
    make_seller,
    make_sold,
    taxpayer_number,
    work,
)
from santong.membership.tests.factories import facts_told
from santong.merchants.tests.factories import make_brand
from santong.orders.tests.factories import make_new_line, make_paid_order, make_shop

HOUR = timedelta(hours=1)


def covered(merchant_id: int) -> list[int]:
    rows = SaleLine.objects.of_merchant(merchant_id).order_by("sale_id", "number")
    return list(rows.values_list("covered_minor", flat=True))


def test_an_order_is_invoiced_with_its_tax_and_gets_its_number(merchant_id: int) -> None:
    make_seller(merchant_id)
    order = make_sold(merchant_id)

    (asked,) = ask(merchant_id, order)
    work(merchant_id)

    found = invoicing.invoice_by_id(merchant_id=merchant_id, invoice_id=asked.id)
    assert asked.state == "requested"
    assert found.state == "issued"
    assert len(found.number) == 20
    assert found.title == BUYER
    assert (found.amount_minor, found.tax_minor, found.total_minor) == (52_832, 6_868, 59_700)
    assert [(line.name, line.quantity, line.total_minor) for line in found.lines] == [
        ("羊毛大衣 驼色 M", 2, 39_800),
        ("羊毛大衣 驼色 M", 1, 19_900),
    ]
    (told,) = facts_told(merchant_id=merchant_id, kind=InvoiceIssued)
    assert (told.number, told.total_minor) == (found.number, 59_700)
    assert invoicing.check_invariants(merchant_id=merchant_id) == []


@pytest.mark.parametrize("mood", ["slow", "lost", "unheard"])
def test_an_office_that_is_late_forgetful_or_deaf_issues_once(merchant_id: int, mood: str) -> None:
    make_seller(merchant_id, settings={"mood": mood})
    (asked,) = ask(merchant_id, make_sold(merchant_id))

    for hours in range(6):
        work(merchant_id, now=NOW + hours * HOUR)

    found = invoicing.invoice_by_id(merchant_id=merchant_id, invoice_id=asked.id)
    assert found.state == "issued"
    assert SimulatedInvoice.objects.of_merchant(merchant_id).exclude(number="").count() == 1


def test_what_a_dead_office_was_asked_stays_sent(merchant_id: int) -> None:
    make_seller(merchant_id, settings={"mood": "dead"})
    (asked,) = ask(merchant_id, make_sold(merchant_id))

    for hours in range(4):
        work(merchant_id, now=NOW + hours * HOUR)

    found = invoicing.invoice_by_id(merchant_id=merchant_id, invoice_id=asked.id)
    assert (found.state, found.why) == ("sent", "timed out")


def test_what_is_refused_can_be_asked_for_again(merchant_id: int) -> None:
    make_seller(merchant_id, settings={"mood": "prompt", "quota_minor": "59699"})
    order = make_sold(merchant_id)
    (asked,) = ask(merchant_id, order)

    work(merchant_id)

    found = invoicing.invoice_by_id(merchant_id=merchant_id, invoice_id=asked.id)
    assert (found.state, found.why) == ("refused", "quota exceeded")
    assert covered(merchant_id) == [0, 0]
    (told,) = facts_told(merchant_id=merchant_id, kind=InvoiceRefused)
    assert told.why == "quota exceeded"
    make_seller(merchant_id)
    (again,) = ask(merchant_id, order, key="second")
    work(merchant_id)
    assert invoicing.invoice_by_id(merchant_id=merchant_id, invoice_id=again.id).state == "issued"


def test_a_number_that_the_office_does_not_know_is_refused(merchant_id: int) -> None:
    make_seller(merchant_id)
    nobody = replace(BUYER, number=taxpayer_number(area="000000"))
    (asked,) = ask(merchant_id, make_sold(merchant_id), title=nobody)

    work(merchant_id)

    found = invoicing.invoice_by_id(merchant_id=merchant_id, invoice_id=asked.id)
    assert (found.state, found.why) == ("refused", "the buyer's number is wrong")


def test_the_same_key_is_the_same_request(merchant_id: int) -> None:
    make_seller(merchant_id)
    order = make_sold(merchant_id)

    first = ask(merchant_id, order)
    again = ask(merchant_id, order)

    assert again == first
    with pytest.raises(invoicing.KeyTaken), transaction.atomic():
        ask(merchant_id, order, title=PERSON)
    assert covered(merchant_id) == [39_800, 19_900]


def test_an_order_is_invoiced_in_parts_to_several_titles_and_never_beyond(merchant_id: int) -> None:
    make_seller(merchant_id)
    order = make_sold(merchant_id)
    first, second = (str(line.id) for line in order.lines)

    ask(merchant_id, order, amount_by_line={first: 19_900}, key="a")
    ask(merchant_id, order, amount_by_line={first: 10_000, second: 19_900}, title=PERSON, key="b")
    with pytest.raises(invoicing.MoreThanPaid) as refused, transaction.atomic():
        ask(merchant_id, order, amount_by_line={first: 9_901}, key="c")

    assert refused.value.left_minor == 9_900
    assert covered(merchant_id) == [29_900, 19_900]
    (rest,) = ask(merchant_id, order, key="d")
    assert rest.total_minor == 9_900
    with pytest.raises(invoicing.NothingToInvoice):
        ask(merchant_id, order, key="e")


def test_each_seller_issues_for_its_own_goods(merchant_id: int) -> None:
    brand = make_brand(merchant_id)
    make_seller(merchant_id)
    make_seller(merchant_id, code="brand", brand_id=brand.id)
    catalog.create_style(
        merchant_id=merchant_id, code="OURS", name="衬衫", brand_id=brand.id, now=NOW
    )
    make_shop(merchant_id)
    make_sku(merchant_id=merchant_id, code="SHIRT", style_code="OURS")
    order = make_paid_order(
        merchant_id, lines=[make_new_line(), make_new_line(sku_code="SHIRT", quantity=2)]
    )

    made = ask(merchant_id, order)
    work(merchant_id)

    assert [(each.seller_code, each.total_minor) for each in made] == [
        ("house", 19_900),
        ("brand", 39_800),
    ]
    states = {
        each.state
        for each in invoicing.invoices_of(merchant_id=merchant_id, document=f"order:{order.id}")
    }
    assert states == {"issued"}


def test_what_was_sold_before_keeps_its_seller(merchant_id: int) -> None:
    house = make_seller(merchant_id)
    order = make_sold(merchant_id)
    ask(merchant_id, order, amount_by_line={str(order.lines[0].id): 1}, key="a")
    make_seller(merchant_id, code="brand", brand_id=make_brand(merchant_id).id)

    (rest,) = ask(merchant_id, order, key="b")

    assert rest.seller_id == house.id


def test_nothing_is_asked_of_nobody(merchant_id: int) -> None:
    order = make_sold(merchant_id)

    with pytest.raises(invoicing.SellerMissing):
        ask(merchant_id, order)


def test_a_seller_who_comes_later_issues_for_what_had_none(merchant_id: int) -> None:
    order = make_sold(merchant_id)
    invoicing.follow_money(merchant_id=merchant_id, order_id=order.id, now=NOW)
    make_seller(merchant_id)

    (made,) = ask(merchant_id, order)

    assert made.lines[0].rated.rate_basis_points == 1_300


TITLES = [
    (Title(kind="company", name="某某公司", number=""), "/title/number"),
    (Title(kind="company", name="某某公司", number=taxpayer_number()[:-1] + "I"), "/title/number"),
    (Title(kind="person", name="王小明", number=taxpayer_number()), "/title/kind"),
    (Title(kind="person", name="  "), "/title/name"),
    (Title(kind="person", name="<b>王</b>"), "/title/name"),
    (Title(kind="person", name="王\udc80"), "/title/name"),
    (Title(kind="person", name="王小明", email="nobody"), "/title/email"),
]


@pytest.mark.parametrize(("title", "pointer"), TITLES)
def test_a_title_is_as_the_office_takes_it(merchant_id: int, title: Title, pointer: str) -> None:
    make_seller(merchant_id)

    with pytest.raises(invoicing.TitleInvalid) as refused:
        ask(merchant_id, make_sold(merchant_id), title=title)

    assert refused.value.pointer == pointer


def test_a_special_invoice_is_a_companys(merchant_id: int) -> None:
    make_seller(merchant_id)

    with pytest.raises(invoicing.TitleInvalid):
        ask(merchant_id, make_sold(merchant_id), title=PERSON, form="special")
