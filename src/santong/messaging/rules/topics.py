"""What can be heard outside: topics, and the fact of ours that each is made of.

A topic of ours is a CloudEvents type; its data are the fact's own fields. Facts that are only for
ourselves, and those that could carry personal data, have no topic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Topic:
    """A CloudEvents type, and the fact that it tells of."""

    name: str
    fact: str


_TABLE: Final = """
santong.order.placed.v1                 orders.order_placed.v1
santong.order.paid.v1                   orders.order_paid.v1
santong.order.paid_in_part.v1           orders.paid_in_part.v1
santong.order.paid_without_stock.v1     orders.paid_without_stock.v1
santong.order.cancelled.v1              orders.order_cancelled.v1
santong.order.shipped.v1                orders.order_shipped.v1
santong.order.delivered.v1              orders.order_delivered.v1
santong.order.refund_owed.v1            orders.refund_owed.v1
santong.order.routed.v1                 routing.order_routed.v1
santong.fulfilment.offered.v1           fulfilment.fulfilment_offered.v1
santong.fulfilment.accepted.v1          fulfilment.fulfilment_accepted.v1
santong.fulfilment.declined.v1          fulfilment.fulfilment_declined.v1
santong.fulfilment.reassigned.v1        fulfilment.fulfilment_reassigned.v1
santong.fulfilment.packed.v1            fulfilment.fulfilment_packed.v1
santong.fulfilment.ready_for_pickup.v1  fulfilment.ready_for_pickup.v1
santong.parcel.handed_over.v1           fulfilment.parcel_handed_over.v1
santong.parcel.delivered.v1             fulfilment.parcel_delivered.v1
santong.exception.opened.v1             fulfilment.exception_opened.v1
santong.exception.closed.v1             fulfilment.exception_closed.v1
santong.stock.received.v1               inventory.stock_received.v1
santong.stock.adjusted.v1               inventory.stock_adjusted.v1
santong.stock.counted.v1                inventory.stock_counted.v1
santong.stock.sold_at_till.v1           inventory.till_sale_recorded.v1
santong.stock.consumed.v1               inventory.stock_consumed.v1
santong.shortfall.opened.v1             inventory.shortfall_opened.v1
santong.shortfall.closed.v1             inventory.shortfall_closed.v1
santong.sku.created.v1                  catalog.sku_created.v1
santong.sku.changed.v1                  catalog.sku_changed.v1
santong.location.opened.v1              stores.location_opened.v1
santong.location.changed.v1             stores.location_changed.v1
santong.payment.received.v1             payments.money_received.v1
santong.payment.ended.v1                payments.intent_ended.v1
santong.refund.done.v1                  payments.refund_done.v1
santong.refund.failed.v1                payments.refund_failed.v1
santong.dispute.changed.v1              payments.dispute_changed.v1
santong.member.joined.v1                membership.member_joined.v1
santong.member.closed.v1                membership.member_closed.v1
santong.member.bound.v1                 membership.member_bound.v1
santong.member.unbound.v1               membership.member_unbound.v1
santong.member.tier_changed.v1          membership.tier_changed.v1
santong.points.accrued.v1               membership.points_accrued.v1
santong.points.burned.v1                membership.points_burned.v1
santong.points.clawed_back.v1           membership.points_clawed_back.v1
santong.coupon.issued.v1                benefits.coupon_issued.v1
santong.coupon.redeemed.v1              benefits.coupon_redeemed.v1
santong.coupon.voided.v1                benefits.coupon_voided.v1
santong.invoice.issued.v1               invoicing.invoice_issued.v1
santong.invoice.refused.v1              invoicing.invoice_refused.v1
santong.payout.ended.v1                 settlement.payout_ended.v1
santong.agreement.broken.v1             agreements.term_broken.v1
santong.agreement.remedy_owed.v1        agreements.remedy_owed.v1
santong.visit.booked.v1                 fieldservice.visit_booked.v1
santong.visit.rescheduled.v1            fieldservice.visit_rescheduled.v1
santong.visit.done.v1                   fieldservice.visit_done.v1
santong.visit.accepted.v1               fieldservice.visit_accepted.v1
santong.visit.cancelled.v1              fieldservice.visit_cancelled.v1
santong.case.opened.v1                  aftersales.case_opened.v1
santong.case.decided.v1                 aftersales.case_decided.v1
santong.case.ended.v1                   aftersales.case_ended.v1
santong.presale.joined.v1               presales.presale_joined.v1
santong.presale.balance_paid.v1         presales.balance_paid.v1
santong.stage.paid.v1                   stagedsales.stage_paid.v1
santong.connection.alarm.v1             gateway.connection_alarm.v1
santong.connection.recovered.v1         gateway.connection_recovered.v1
"""

TOPICS: Final[tuple[Topic, ...]] = tuple(
    Topic(*line.split()) for line in _TABLE.strip().splitlines()
)
TOPIC_OF_FACT: Final[Mapping[str, str]] = {topic.fact: topic.name for topic in TOPICS}
# What "send a test message" sends; nobody subscribes to it.
TEST_TOPIC: Final = "santong.test.v1"
NAMES: Final = frozenset(topic.name for topic in TOPICS)
