"""What membership does when it hears facts.

Members follow persons who are one, or two; points follow orders, and holds that have run out.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from santong.customers.events import MergeUndone, PersonsMerged
from santong.kernel.errors import NoSuch
from santong.kernel.facts import subscribe
from santong.membership.errors import CardMissing, NotAuthorised, NothingPromised
from santong.membership.selectors.orders import (
    SOURCE,
    BoughtLine,
    key_of_order,
    purchase_of_order,
)
from santong.membership.services.accrue import accrue
from santong.membership.services.claw_back import claw_back
from santong.membership.services.end_held_burn import end_held_burn
from santong.membership.services.part import part
from santong.membership.services.record_delivery import record_delivery
from santong.membership.services.unite import unite
from santong.orders.events import MemberBought, OrderCancelled, OrderDelivered
from santong.payments.events import HoldExpired

log = structlog.get_logger(__name__)


@subscribe(PersonsMerged)
def unite_members(fact: PersonsMerged, *, merchant_id: int, now: datetime) -> None:
    """Their members are one."""
    unite(
        merchant_id=merchant_id,
        merge_id=fact.merge_id,
        kept_person_id=fact.kept_id,
        gone_person_id=fact.gone_id,
        now=now,
    )


@subscribe(MergeUndone)
def part_members(fact: MergeUndone, *, merchant_id: int, now: datetime) -> None:
    """Their members are two again."""
    part(merchant_id=merchant_id, merge_id=fact.merge_id, now=now)


@subscribe(HoldExpired)
def give_up_checkout(fact: HoldExpired, *, merchant_id: int, now: datetime) -> None:
    """The points that it held can be spent again."""
    end_held_burn(merchant_id=merchant_id, hold_id=fact.hold_id, now=now)


@subscribe(MemberBought)
def count_purchase(fact: MemberBought, *, merchant_id: int, now: datetime) -> None:
    """A member paid for an order: it brings what the storefront's programme promises."""
    purchase = purchase_of_order(
        merchant_id=merchant_id,
        order_id=fact.order_id,
        member_id=fact.member_id,
        storefront_id=fact.storefront_id,
        location_id=fact.seller_location_id or fact.pickup_location_id,
        guide_code=fact.guide_code,
        bought_at=fact.bought_at,
        currency=fact.currency,
        lines=[
            BoughtLine(line.line_id, line.sku_id, line.quantity, line.amount_minor)
            for line in fact.lines
        ],
    )
    if purchase is None:
        return
    try:
        with transaction.atomic():
            accrue(merchant_id=merchant_id, purchase=purchase, now=now)
    except (CardMissing, NothingPromised, NotAuthorised) as refused:
        log.info("purchase_brings_nothing", order_id=fact.order_id, why=refused.code)


@subscribe(OrderCancelled)
def take_back(fact: OrderCancelled, *, merchant_id: int, now: datetime) -> None:
    """What is not sent brings nothing: its points are taken back, if it had brought any."""
    try:
        with transaction.atomic():
            claw_back(
                merchant_id=merchant_id,
                source=SOURCE,
                key=key_of_order(fact.order_id),
                return_key="cancelled",
                quantity_by_line=fact.quantity_by_line,
                now=now,
            )
    except NoSuch:
        return


@subscribe(OrderDelivered)
def begin_return_period(fact: OrderDelivered, *, merchant_id: int, now: datetime) -> None:
    """The last of it has come: its points are certain once it can no longer be returned."""
    if not fact.is_whole:
        return
    try:
        with transaction.atomic():
            record_delivery(
                merchant_id=merchant_id,
                source=SOURCE,
                key=key_of_order(fact.order_id),
                delivered_at=now,
            )
    except NoSuch:
        return
