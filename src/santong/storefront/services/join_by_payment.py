"""Whoever pays becomes a member (支付即会员), where the merchant has said so."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from santong.customers import public as customers
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.payments import public as payments
from santong.storefront.models import PaidJoin, PayToJoin
from santong.storefront.rules.texts import PAYING_VERSION, version_in
from santong.storefront.selectors.paid_joins import (
    has_declined,
    pay_to_join_at,
    payer_index_of,
)
from santong.storefront.selectors.texts import text_hash
from santong.stores import public as stores

# What a membership cannot do without; nobody has agreed to more by paying.
MEMBERSHIP = customers.Topic(purpose="service", channel="storefront")

log = structlog.get_logger(__name__)


@all_or_nothing
def join_by_payment(*, merchant_id: int, order_id: int, tender_id: int, now: datetime) -> None:
    """Make whoever paid for an order of nobody a member, once, and the order theirs.

    Nothing happens where it is not switched on, where the provider named nobody, or where they
    have declined before. Whoever has a card keeps it, and consents to nothing anew.

    Raises NoSuch (order). Emits what joining, consenting and linking emit. Locks the person and
    the member, then the order.
    """
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    switch = pay_to_join_at(
        merchant_id=merchant_id,
        storefront_id=order.storefront_id,
        location_id=order.seller_location_id,
    )
    if order.member_id is not None or order.state == "cancelled" or switch is None:
        return
    payer = payments.payer_of(merchant_id=merchant_id, tender_id=tender_id)
    index = payer_index_of(merchant_id=merchant_id, payer=payer)
    if not payer or has_declined(merchant_id=merchant_id, payer_index=index):
        return
    try:
        with transaction.atomic():
            _join(order, switch, payer=payer, index=index, now=now)
    except (membership.ProgrammeClosed, NoSuch) as refused:
        log.info("paying_makes_no_member", order_id=order_id, why=refused.code)


def _join(
    order: orders.Order, switch: PayToJoin, *, payer: str, index: bytes, now: datetime
) -> None:
    merchant_id = switch.merchant_id
    source = _source(merchant_id, order)
    joined = membership.join(
        merchant_id=merchant_id,
        programme_code=switch.programme_code,
        # The provider issued the name to one account; the storefront's own log-in gives the same.
        identifiers=[
            customers.Identifier("storefront", payer, order.storefront_code, is_verified=True)
        ],
        profile=None,
        source=source,
        now=now,
    )
    made = PaidJoin(
        merchant_id=merchant_id,
        order_id=order.id,
        member_id=joined.member.id,
        payer_index=index,
        is_new=joined.is_new,
        state="joined",
        joined_at=now,
    )
    PaidJoin.objects.bulk_create([made], ignore_conflicts=True)
    if joined.is_new_card:
        _consent(merchant_id, joined.member.person_id, source.kind, now)
    orders.link_member(
        merchant_id=merchant_id, order_id=order.id, member_id=joined.member.id, now=now
    )


def _source(merchant_id: int, order: orders.Order) -> membership.JoinSource:
    """At the till where a place sold it, at the checkout elsewhere; with whoever advised."""
    place_id = order.seller_location_id
    places = stores.locations_by_id(
        merchant_id=merchant_id, location_ids=[place_id] if place_id else []
    )
    return membership.JoinSource(
        kind="till" if place_id in places else "checkout",
        channel="payment",
        storefront_code=order.storefront_code,
        location_code=places[place_id].code if place_id in places else "",
        guide_code=order.guide_code,
    )


def _consent(merchant_id: int, person_id: int, place: str, now: datetime) -> None:
    """The wording stood where they paid, in the merchant's language."""
    language = merchants.merchant(merchant_id=merchant_id).language
    customers.give_consent(
        merchant_id=merchant_id,
        person_id=person_id,
        topic=MEMBERSHIP,
        text_version=version_in(language, version=PAYING_VERSION),
        text_hash=text_hash(language, PAYING_VERSION),
        place=place,
        given_at=now,
        now=now,
    )
