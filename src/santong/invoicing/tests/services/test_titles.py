"""Titles are remembered, at most ten, and forgotten with whose they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from santong.customers import public as customers
from santong.invoicing import public as invoicing
from santong.invoicing.contracts import MOST_TITLES
from santong.invoicing.errors import LinkOver
from santong.invoicing.models import Invoice, KeptTitle, Sale
from santong.invoicing.selectors.links import link_of, token_of
from santong.invoicing.selectors.receipts import sale_of_link
from santong.invoicing.selectors.titles import titles_of
from santong.invoicing.services.drop_title import drop_title
from santong.invoicing.services.forget_person import forget_person
from santong.invoicing.services.keep_title import keep_title
from santong.invoicing.tests.factories import (
    BUYER,
    NOW,
    PERSON,
    ask,
    make_seller,
    make_sold,
    work,
)
from santong.kernel import tenancy
from santong.membership.tests.factories import make_member

AtOnce = Callable[..., list[Any]]


def keep(merchant_id: int, member_id: int, place: int) -> int:
    return keep_title(
        merchant_id=merchant_id,
        member_id=member_id,
        title=replace(BUYER, name=f"第 {place} 家公司"),
        now=NOW + timedelta(minutes=place),
    )


def test_of_more_than_ten_titles_the_one_unused_for_longest_goes(merchant_id: int) -> None:
    for place in range(MOST_TITLES):
        keep(merchant_id, 1, place)
    keep(merchant_id, 1, 0)

    keep(merchant_id, 1, 100)

    names = [each.title.name for each in titles_of(merchant_id=merchant_id, member_id=1)]
    assert len(names) == MOST_TITLES
    assert names[0] == "第 100 家公司"
    # The first was used again before; it took its own slot, at its old moment.
    assert "第 1 家公司" in names or "第 0 家公司" in names


def test_a_title_that_is_kept_twice_is_kept_once_and_dropped_twice_is_dropped(
    merchant_id: int,
) -> None:
    slot = keep(merchant_id, 1, 1)

    assert keep(merchant_id, 1, 1) == slot
    for _ in range(2):
        drop_title(merchant_id=merchant_id, member_id=1, slot=slot)
    assert titles_of(merchant_id=merchant_id, member_id=1) == []


def test_many_titles_at_once_are_ten_at_most(merchant: int, at_once: AtOnce) -> None:
    def one(place: int) -> Callable[[], Any]:
        def run() -> int:
            with tenancy.scope(merchant_id=merchant):
                return keep(merchant, 1, place)

        return run

    results = at_once(*[one(place) for place in range(14)])

    assert [each for each in results if isinstance(each, Exception)] == []
    with tenancy.scope(merchant_id=merchant):
        assert len(titles_of(merchant_id=merchant, member_id=1)) == MOST_TITLES


def test_what_is_forgotten_of_a_person_is_all_but_the_name_on_an_issued_invoice(
    merchant_id: int,
) -> None:
    make_seller(merchant_id)
    order = make_sold(merchant_id)
    member = make_member(merchant_id=merchant_id).member
    mine = replace(PERSON, email="wang@example.com", phone="13800138000")
    half = {str(order.lines[0].id): 100}
    ask(merchant_id, order, title=mine, amount_by_line=half)
    work(merchant_id)
    ask(merchant_id, order, title=mine, key="second", amount_by_line=half)
    Sale.objects.of_merchant(merchant_id).update(member_id=member.id)
    Invoice.objects.of_merchant(merchant_id).filter(key="second").update(
        state="cancelled", step="none", next_at=None
    )
    keep_title(merchant_id=merchant_id, member_id=member.id, title=mine, now=NOW)
    sale = Sale.objects.of_merchant(merchant_id).get()
    token = token_of(sale=sale, until=NOW + timedelta(days=1))
    person = customers.PersonRecord(person_ids=(member.person_id,), identifiers=())
    before = invoicing.export_person(merchant_id=merchant_id, person=person)

    forget_person(merchant_id=merchant_id, person=person, now=NOW)

    after = invoicing.export_person(merchant_id=merchant_id, person=person)
    issued, dropped = Invoice.objects.of_merchant(merchant_id).order_by("id")
    assert [len(each) for each in before.values()] == [1, 2]  # type: ignore[arg-type]
    assert after == {"titles": [], "invoices": []}
    assert issued.title() == PERSON
    assert dropped.title() == replace(PERSON, name="")
    assert not KeptTitle.objects.of_merchant(merchant_id).exists()
    with pytest.raises(LinkOver):
        sale_of_link(link=link_of(token=token, now=NOW))


def test_a_link_is_good_until_its_day_and_not_with_one_letter_changed(merchant_id: int) -> None:
    make_seller(merchant_id)
    order = make_sold(merchant_id)
    token = invoicing.open_link(merchant_id=merchant_id, order_id=order.id, days=2, now=NOW)
    link = link_of(token=token, now=NOW + timedelta(days=1))

    assert sale_of_link(link=link).order_id == order.id
    with pytest.raises(LinkOver):
        link_of(token=token, now=NOW + timedelta(days=2))
    changed = [
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        for place in range(len(token))
    ]
    opened = [each for each in ["", "x", token + "A", "é" * len(token), *changed] if opens(each)]
    assert opened == []


def opens(token: str) -> bool:
    try:
        link_of(token=token, now=NOW)
    except LinkOver:
        return False
    return True
