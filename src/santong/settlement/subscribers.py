"""What settlement does when it hears facts: orders are paid, sent, received and cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from santong.fieldservice.events import VisitAccepted
from santong.fulfilment import public as fulfilment
from santong.fulfilment.events import ParcelDelivered, ParcelHandedOver
from santong.kernel.facts import subscribe
from santong.orders import public as orders
from santong.orders.events import OrderCancelled, OrderDelivered, OrderPaid, PaidWithoutStock
from santong.payments import public as payments
from santong.payments.events import DisputeChanged, RefundDone, TransferEnded
from santong.settlement.contracts import ReversalKind
from santong.settlement.errors import MoreThanLeft
from santong.settlement.selectors.ledger import SOURCE
from santong.settlement.selectors.refunded_lines import bearer_of, lines_of_part
from santong.settlement.selectors.sales import is_reversed, is_shared, left_of_sale
from santong.settlement.services.assign_filler import assign_filler
from santong.settlement.services.cancel_pieces import cancel_pieces
from santong.settlement.services.end_payout import end_payout
from santong.settlement.services.freeze_shares import freeze_shares
from santong.settlement.services.lock_sale import document_of_order
from santong.settlement.services.name_installer import name_installer
from santong.settlement.services.record_acceptance import record_acceptance
from santong.settlement.services.record_receipt import record_receipt
from santong.settlement.services.restore_shares import restore_shares
from santong.settlement.services.reverse_shares import reverse_shares

log = structlog.get_logger(__name__)

_ALL_LINES: Mapping[int, int] = {}
# Work whose goods have left the place.
_LEFT = frozenset({"handed_over", "delivered"})


@subscribe(OrderPaid, PaidWithoutStock)
def share(fact: OrderPaid | PaidWithoutStock, *, merchant_id: int, now: datetime) -> None:
    """All the money is in, whether or not the stock is firm."""
    freeze_shares(merchant_id=merchant_id, order_id=fact.order_id, now=now)
    _follow_what_went_back(merchant_id, document_of_order(fact.order_id), now)


@subscribe(ParcelHandedOver)
def name_filler(fact: ParcelHandedOver, *, merchant_id: int, now: datetime) -> None:
    """Goods have left a place: it has filled them."""
    _see_who_filled(merchant_id, fact.order_id, now)


@subscribe(ParcelDelivered)
def name_counter(fact: ParcelDelivered, *, merchant_id: int, now: datetime) -> None:
    """Goods were collected at a counter, or a parcel has come."""
    _see_who_filled(merchant_id, fact.order_id, now)


@subscribe(OrderDelivered)
def begin_return_period(fact: OrderDelivered, *, merchant_id: int, now: datetime) -> None:
    """The last of it has come."""
    if fact.is_whole:
        _receive(merchant_id, fact.order_id, now)


@subscribe(OrderCancelled)
def take_back(fact: OrderCancelled, *, merchant_id: int, now: datetime) -> None:
    """What will not be sent is not shared; with that, the rest may have come already."""
    if not is_shared(merchant_id=merchant_id, document=document_of_order(fact.order_id)):
        return
    cancel_pieces(
        merchant_id=merchant_id,
        order_id=fact.order_id,
        quantity_by_line=fact.quantity_by_line,
        is_whole=fact.is_whole,
        now=now,
    )
    order = orders.order_by_id(merchant_id=merchant_id, order_id=fact.order_id)
    if order.state == "delivered":
        _receive(merchant_id, fact.order_id, now)


@subscribe(VisitAccepted)
def pay_who_did_the_work(fact: VisitAccepted, *, merchant_id: int, now: datetime) -> None:
    """The buyer of an order has accepted the work; who owns another document says so itself."""
    order_id = orders.order_of_document(document=fact.document)
    if (
        fact.is_preparation
        or order_id is None
        or not is_shared(merchant_id=merchant_id, document=fact.document)
    ):
        return
    name_installer(
        merchant_id=merchant_id, document=fact.document, installer=fact.provider_code, now=now
    )
    record_acceptance(merchant_id=merchant_id, document=fact.document, accepted_at=fact.accepted_at)


@subscribe(RefundDone)
def give_back(fact: RefundDone, *, merchant_id: int, now: datetime) -> None:
    """Money went back. What an order owed (cancelled, overpaid) was taken from shares with it."""
    _give_back(
        merchant_id, fact.document, fact.key, (fact.refund_id, fact.part_id, fact.amount_minor), now
    )


@subscribe(DisputeChanged)
def follow_dispute(fact: DisputeChanged, *, merchant_id: int, now: datetime) -> None:
    """Nobody is paid what may have to go back; what is won stands again."""
    key = f"dispute:{fact.dispute_id}"
    if fact.state == "won":
        if is_reversed(merchant_id=merchant_id, document=fact.document, key=key):
            restore_shares(
                merchant_id=merchant_id,
                document=fact.document,
                key=key,
                reason="dispute won",
                now=now,
            )
        return
    if not is_reversed(merchant_id=merchant_id, document=fact.document, key=key):
        _reverse(merchant_id, fact.document, key, "dispute", fact.amount_minor, now=now)


@subscribe(TransferEnded)
def end_line(fact: TransferEnded, *, merchant_id: int, now: datetime) -> None:
    """What was sent arrived, or did not, or came back."""
    if fact.source == SOURCE:
        end_payout(
            merchant_id=merchant_id,
            transfer_id=fact.transfer_id,
            state=fact.state,
            why=fact.why,
            now=now,
        )


def _reverse(
    merchant_id: int,
    document: str,
    key: str,
    kind: ReversalKind,
    amount_minor: int,
    *,
    lines: Mapping[int, int] = _ALL_LINES,
    bearer_id: int | None = None,
    now: datetime,
) -> None:
    """As much as is still shared: what came in beyond the order was never shared.

    Of the lines that were named, as long as they have so much left; else of all of them.
    """
    if is_reversed(merchant_id=merchant_id, document=document, key=key):
        return
    amount = min(amount_minor, left_of_sale(merchant_id=merchant_id, document=document))
    about: dict[str, Any] = {
        "merchant_id": merchant_id,
        "document": document,
        "key": key,
        "kind": kind,
        "amount_minor": amount,
        "bearer_id": bearer_id,
        "reason": kind,
        "now": now,
    }
    if amount and sum(lines.values()) == amount:
        try:
            with transaction.atomic():
                reverse_shares(**about, amount_by_line=lines)
        except MoreThanLeft:
            log.info("shares_of_all_lines_go_back", document=document, key=key)
        else:
            return
    if amount:
        reverse_shares(**about)


def _give_back(
    merchant_id: int, document: str, key: str, what: tuple[int, int, int], now: datetime
) -> None:
    """One part of a refund, by the refund's key: its id, the part's, and how much."""
    if key.startswith(f"due:{document}:"):
        return
    refund_id, part_id, amount_minor = what
    lines = lines_of_part(
        merchant_id=merchant_id, document=document, key=key, refund_id=refund_id, part_id=part_id
    )
    _reverse(
        merchant_id,
        document,
        f"refund:{part_id}",
        "refund",
        amount_minor,
        lines=lines,
        bearer_id=bearer_of(merchant_id=merchant_id, document=document, key=key),
        now=now,
    )


def _follow_what_went_back(merchant_id: int, document: str, now: datetime) -> None:
    """Of what had come in some may have gone back already, before all of it was in."""
    for refund in payments.refunds_of(merchant_id=merchant_id, document=document):
        for part in refund.parts:
            if part.state == "done":
                what = (refund.id, part.id, part.amount_minor)
                _give_back(merchant_id, document, refund.key, what, now)
    for dispute in payments.disputes_of(merchant_id=merchant_id, document=document):
        if dispute.state != "won":
            key = f"dispute:{dispute.id}"
            _reverse(merchant_id, document, key, "dispute", dispute.amount_minor, now=now)


def _receive(merchant_id: int, order_id: int, now: datetime) -> None:
    """What is told of a counter comes after the receipt: who filled it is asked first."""
    _see_who_filled(merchant_id, order_id, now)
    document = document_of_order(order_id)
    if is_shared(merchant_id=merchant_id, document=document):
        record_receipt(merchant_id=merchant_id, document=document, received_at=now, now=now)


def _see_who_filled(merchant_id: int, order_id: int, now: datetime) -> None:
    if not is_shared(merchant_id=merchant_id, document=document_of_order(order_id)):
        return
    for work in fulfilment.work_of(merchant_id=merchant_id, order_id=order_id):
        if work.state in _LEFT:
            assign_filler(
                merchant_id=merchant_id,
                order_id=order_id,
                location_id=work.location_id,
                quantity_by_line={line.order_line_id: line.quantity for line in work.lines},
                key=f"work:{work.id}",
                now=now,
            )
