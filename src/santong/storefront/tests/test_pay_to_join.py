"""Whoever pays becomes a member, once, where it is switched on; and may decline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.customers import public as customers
from santong.kernel import tenancy
from santong.kernel.errors import NoSuch
from santong.membership import public as membership
from santong.membership.tests.factories import NOW, facts_told, make_programme
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.orders.events import MemberBought
from santong.orders.tests.factories import make_order, make_payment, make_shop
from santong.payments.tests.factories import make_paid_by
from santong.storefront.errors import CannotDecline
from santong.storefront.models import PaidJoin
from santong.storefront.selectors.paid_joins import paid_join_of
from santong.storefront.services.decline_join import decline_join
from santong.storefront.services.join_by_payment import MEMBERSHIP, join_by_payment
from santong.storefront.services.set_pay_to_join import set_pay_to_join

AtOnce = Callable[..., list[Any]]
OPEN_ID = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"


def open_shop(merchant_id: int, *, is_on: bool = True) -> membership.Programme:
    """A storefront where paying makes members of a programme."""
    make_shop(merchant_id)
    programme = make_programme(merchant_id=merchant_id)
    switch(merchant_id, programme, is_on=is_on)
    return programme


def switch(merchant_id: int, programme: membership.Programme, *, is_on: bool) -> None:
    set_pay_to_join(
        merchant_id=merchant_id,
        storefront_id=merchants.storefront_by_code(merchant_id=merchant_id, code="flagship").id,
        location_id=None,
        programme_code=programme.code,
        is_on=is_on,
        now=NOW,
    )


def paid_order(merchant_id: int, *, payer: str = OPEN_ID, **given: Any) -> tuple[orders.Order, int]:
    """An order that somebody has paid, and the tender; the order has not heard of it yet."""
    order = make_order(merchant_id, **given)
    tender_id = make_paid_by(
        merchant_id=merchant_id,
        document=orders.document_of(order_id=order.id),
        amount=order.total_minor,
        payer=payer,
    )
    return order, tender_id


def hear(merchant_id: int, order: orders.Order, tender_id: int) -> orders.Order:
    join_by_payment(merchant_id=merchant_id, order_id=order.id, tender_id=tender_id, now=NOW)
    return orders.order_by_id(merchant_id=merchant_id, order_id=order.id)


def take_in(merchant_id: int, order: orders.Order) -> None:
    orders.record_payment(
        merchant_id=merchant_id,
        order_id=order.id,
        payment=make_payment(amount_minor=19_900),
        now=NOW,
    )


@pytest.mark.parametrize("is_paid_first", [True, False])
def test_whoever_pays_is_a_member_and_the_order_counts_once(
    merchant_id: int, *, is_paid_first: bool
) -> None:
    programme = open_shop(merchant_id)
    order, tender_id = paid_order(merchant_id, guide_code="G017")

    if is_paid_first:
        take_in(merchant_id, order)
    linked = hear(merchant_id, order, tender_id)
    hear(merchant_id, order, tender_id)
    if not is_paid_first:
        take_in(merchant_id, order)

    assert linked.member_id is not None
    member = membership.member_by_id(merchant_id=merchant_id, member_id=linked.member_id)
    assert member.card_of(programme.code) is not None
    assert member.joined_by == "checkout"
    (credit,) = membership.attributions_of(merchant_id=merchant_id, member_id=member.id)
    assert (credit.channel, credit.storefront_code, credit.guide_code) == (
        "payment",
        "flagship",
        "G017",
    )
    (consent,) = customers.consents_of(merchant_id=merchant_id, person_id=member.person_id)
    assert (consent.topic, consent.is_granted, consent.place) == (MEMBERSHIP, True, "checkout")
    assert consent.text_version.startswith("pay-")
    (bought,) = facts_told(merchant_id=merchant_id, kind=MemberBought)
    assert (bought.order_id, bought.member_id) == (order.id, member.id)


def test_one_payer_is_one_member_and_consents_once(merchant_id: int) -> None:
    open_shop(merchant_id)

    members = {
        hear(merchant_id, *paid_order(merchant_id)).member_id,
        hear(merchant_id, *paid_order(merchant_id)).member_id,
    }
    other = hear(merchant_id, *paid_order(merchant_id, payer="somebody-else")).member_id

    assert len(members) == 1
    assert other not in members
    assert [row.is_new for row in PaidJoin.objects.of_merchant(merchant_id).order_by("id")] == [
        True,
        False,
        True,
    ]


def test_nothing_happens_where_it_is_off_or_nobody_is_named(merchant_id: int) -> None:
    programme = open_shop(merchant_id, is_on=False)
    off = hear(merchant_id, *paid_order(merchant_id))
    switch(merchant_id, programme, is_on=True)

    nameless = hear(merchant_id, *paid_order(merchant_id, payer=""))

    assert (off.member_id, nameless.member_id) == (None, None)
    assert membership.members_page(merchant_id=merchant_id, before_id=2**62, limit=9) == []


def test_whoever_declines_is_no_member_and_is_not_won_again(merchant_id: int) -> None:
    open_shop(merchant_id)
    order, tender_id = paid_order(merchant_id)
    take_in(merchant_id, order)
    member_id = hear(merchant_id, order, tender_id).member_id
    assert member_id is not None

    for _ in range(2):
        decline_join(merchant_id=merchant_id, order_id=order.id, now=NOW + timedelta(days=6))

    after = orders.order_by_id(merchant_id=merchant_id, order_id=order.id)
    assert after.member_id is None
    assert membership.member_by_id(merchant_id=merchant_id, member_id=member_id).state == "closed"
    found = paid_join_of(merchant_id=merchant_id, order_id=order.id)
    assert found is not None
    assert found.state == "declined"
    assert hear(merchant_id, *paid_order(merchant_id)).member_id is None


def test_only_a_new_member_declines_and_not_too_late(merchant_id: int) -> None:
    open_shop(merchant_id)
    first, tender_id = paid_order(merchant_id)
    hear(merchant_id, first, tender_id)
    second, tender_id = paid_order(merchant_id)
    hear(merchant_id, second, tender_id)

    for order, days in ((first, 8), (second, 0)):
        with pytest.raises(CannotDecline), transaction.atomic():
            decline_join(merchant_id=merchant_id, order_id=order.id, now=NOW + timedelta(days=days))
    with pytest.raises(NoSuch):
        decline_join(merchant_id=merchant_id, order_id=10**9, now=NOW)


def test_one_payer_of_many_orders_at_once_is_one_member(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        open_shop(merchant)
        paid = [paid_order(merchant) for _ in range(4)]

    def hearing(order: orders.Order, tender_id: int) -> Callable[[], Any]:
        def run() -> int | None:
            with tenancy.scope(merchant_id=merchant):
                return hear(merchant, order, tender_id).member_id

        return run

    results = at_once(*[hearing(*each) for each in [*paid, *paid]])

    assert len(set(results)) == 1
    assert isinstance(results[0], int)
    with tenancy.scope(merchant_id=merchant):
        rows = PaidJoin.objects.of_merchant(merchant)
        assert rows.count() == 4
        assert rows.filter(is_new=True).count() == 1
        assert membership.check_invariants(merchant_id=merchant) == []
