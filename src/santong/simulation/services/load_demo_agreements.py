from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from santong.agreements import public as agreements
from santong.kernel import tenancy
from santong.orders import public as orders
from santong.simulation.rules.demo.household import at_noon
from santong.simulation.rules.demo.shape import CURRENCY, Recipient

# An address that nobody has.
ADDRESS: Final = "203.0.113.7"
A_WHILE: Final = timedelta(minutes=25)
# Three days to bring it, and half a per cent of the price for each day more.
_SOON: Final = (
    agreements.Term(
        number=1,
        kind="delivery_window",
        params={"after_days": 3, "days": 2},
        remedy="compensate",
        amount=agreements.Amount(basis="share", value=200, per="day"),
        cap_minor=30_000,
    ),
    agreements.Term(number=2, kind="damage", params={"report_hours": 72}, remedy="replace"),
)


class _Promise(NamedTuple):
    """An agreement for an order: by which template (none: terms of its own), what came when."""

    order: str
    category: Literal["furniture", "appliances", "jewellery"]
    template: str
    days_ago: int
    is_accepted: bool = True
    done: tuple[tuple[str, int], ...] = ()


_PROMISES: Final = (
    _Promise("fridge", "appliances", "appliances", 11, done=(("delivery", 8), ("install", 7))),
    _Promise("table", "furniture", "furniture", 10, done=(("delivery", 5),)),
    # Promised for the fourth day before today at the latest, and there a day after that.
    _Promise("shelf", "furniture", "", 9, done=(("delivery", 3),)),
    _Promise("gift", "jewellery", "jewellery", 3),
    _Promise("dining", "furniture", "furniture", 2, is_accepted=False),
)


def offer_demo_agreements(
    *,
    merchant_id: int,
    order_by_name: Mapping[str, orders.Order],
    buyer_by_order: Mapping[str, Recipient],
    now: datetime,
) -> None:
    """Templates of the trades, and what was promised for some orders, accepted or not yet; once.

    No scope is open. Emits what agreements emit.
    """
    with tenancy.scope(merchant_id=merchant_id):
        if not agreements.templates(merchant_id=merchant_id):
            _publish_templates(merchant_id, at_noon(now, 20))
    for promise in _PROMISES:
        with tenancy.scope(merchant_id=merchant_id):
            order, buyer = order_by_name[promise.order], buyer_by_order[promise.order]
            _promise(merchant_id, promise, order, buyer, now)


def follow_demo_agreements(
    *, merchant_id: int, order_by_name: Mapping[str, orders.Order], now: datetime
) -> None:
    """What was brought and installed stops the clocks of agreements, in time or late.

    Told again by the facts, it is known; what a broken one costs goes back by them. No scope is
    open. Emits what clocks emit.
    """
    for promise in _PROMISES:
        document = orders.document_of(order_id=order_by_name[promise.order].id)
        with tenancy.scope(merchant_id=merchant_id):
            (made,) = agreements.agreements_of(merchant_id=merchant_id, document=document)
            for what, days_ago in promise.done:
                at = at_noon(now, days_ago)
                agreements.record_done(
                    merchant_id=merchant_id, agreement_id=made.id, what=what, at=at, now=at
                )


def _publish_templates(merchant_id: int, now: datetime) -> None:
    for proposal in agreements.PROPOSALS.values():
        agreements.publish_template(
            merchant_id=merchant_id,
            code=proposal.code,
            name=proposal.name,
            category=proposal.category,
            terms=proposal.terms,
            newest=0,
            now=now,
        )


def _promise(
    merchant_id: int, promise: _Promise, order: orders.Order, buyer: Recipient, now: datetime
) -> None:
    document = orders.document_of(order_id=order.id)
    if agreements.agreements_of(merchant_id=merchant_id, document=document):
        return
    at = at_noon(now, promise.days_ago) + A_WHILE
    day = at.date()
    terms = agreements.PROPOSALS[promise.category].terms if promise.template else _SOON
    made = agreements.offer(
        merchant_id=merchant_id,
        new=agreements.NewAgreement(
            document=document,
            terms=agreements.on_day(terms=terms, day=day),
            total_minor=order.total_minor,
            currency=CURRENCY,
            category=promise.category,
            template_code=promise.template,
            template_version=1 if promise.template else 0,
            buyer=agreements.Buyer(name=buyer.name, phone=buyer.phone),
        ),
        now=at,
    ).agreement
    if promise.is_accepted:
        agreements.accept(
            merchant_id=merchant_id,
            agreement_id=made.id,
            acceptance=agreements.Acceptance(how="name", name=buyer.name, address=ADDRESS),
            now=at + A_WHILE,
        )
