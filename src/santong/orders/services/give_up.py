"""What giving orders up writes: lines, stock, refunds, trail, facts. The orders are locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.db.models import F

from santong.inventory import public as inventory
from santong.kernel import audit, outbox
from santong.orders import contracts
from santong.orders.events import MoneyForfeited, OrderCancelled, RefundOwed
from santong.orders.models import Order, OrderLine, PaymentEvent
from santong.orders.models.payments import refund_due_row
from santong.orders.rules.holders import holder_of
from santong.orders.rules.payment import GivenUp, split_of_given_up
from santong.orders.rules.progress import kept_minor, state_of, with_rest_cancelled
from santong.orders.services.lock_order import Lines
from santong.orders.services.spend_points import give_back_points

Why = Literal["asked", "unpaid"]


def give_up(
    orders: Sequence[tuple[Order, Lines]],
    *,
    why: Why,
    reason: str,
    now: datetime,
    forfeit_minor: int = 0,
) -> list[contracts.Order]:
    """Cancel what has not been shipped of some orders of one merchant.

    Unpaid, each keeps what it was to keep for that; asked for, they keep `forfeit_minor`.
    """
    refunds, changes, facts = [], [], []
    # Members before stock levels, as placing does, and in one order.
    for row, lines in sorted(orders, key=lambda each: each[0].member_id or 0):
        give_back_points(row=row, before=lines, after=with_rest_cancelled(lines), now=now)
    for row, lines in orders:
        before = row.state
        after = with_rest_cancelled(lines)
        split = _split(row, after, row.forfeit_minor if why == "unpaid" else forfeit_minor)
        _settle(row, after, split, now)
        inventory.release(
            merchant_id=row.merchant_id,
            holder=holder_of(order_id=row.id),
            reason=f"order_cancelled_{why}",
            now=now,
        )
        if split.refund_minor:
            refunds.append(
                refund_due_row(
                    order=row, external_id="cancelled", amount_minor=split.refund_minor, now=now
                )
            )
        changes.append(_change(row, before, reason))
        facts += _facts(row, lines, why, split)
    rows = [row for row, _ in orders]
    _write(rows, refunds)
    audit.record(*changes, now=now)
    outbox.publish(*facts, now=now)
    return [row.as_contract(lines=with_rest_cancelled(lines)) for row, lines in orders]


def _split(row: Order, after: Lines, forfeit_minor: int) -> GivenUp:
    return split_of_given_up(
        paid_minor=row.paid_minor,
        worth_minor=kept_minor(after, freight_minor=row.freight_minor),
        settled_minor=row.refund_due_minor + row.forfeited_minor,
        forfeit_minor=forfeit_minor,
    )


def _settle(row: Order, after: Lines, split: GivenUp, now: datetime) -> None:
    row.state = state_of(after, before=row.state)  # type: ignore[arg-type]
    row.refund_due_minor += split.refund_minor
    row.forfeited_minor += split.kept_minor
    row.hold_until = row.give_up_at = None
    if row.state == "cancelled":
        row.cancelled_at = now
    else:
        row.shipped_at = row.shipped_at or now
    if row.state == "delivered":
        row.delivered_at = row.delivered_at or now


def _write(rows: Sequence[Order], refunds: Sequence[PaymentEvent]) -> None:
    merchant_id = rows[0].merchant_id
    Order.objects.of_merchant(merchant_id).bulk_update(
        rows,
        [
            "state",
            "refund_due_minor",
            "forfeited_minor",
            "hold_until",
            "give_up_at",
            "cancelled_at",
            "shipped_at",
            "delivered_at",
        ],
    )
    OrderLine.objects.of_merchant(merchant_id).filter(order__in=[row.id for row in rows]).update(
        cancelled_quantity=F("quantity") - F("shipped_quantity")
    )
    if refunds:
        PaymentEvent.objects.bulk_create(refunds)


def _change(row: Order, before: str, reason: str) -> audit.Change:
    return audit.Change(
        action="orders.cancel",
        subject="order",
        subject_id=row.id,
        reason=reason,
        before={"state": before},
        after={
            "state": row.state,
            "refund_due_minor": row.refund_due_minor,
            **({"forfeited_minor": row.forfeited_minor} if row.forfeited_minor else {}),
        },
    )


def _facts(row: Order, lines: Lines, why: Why, split: GivenUp) -> list[object]:
    facts: list[object] = [
        OrderCancelled(
            order_id=row.id,
            why=why,
            is_whole=row.state == "cancelled",
            quantity_by_line={line.id: line.open_quantity for line in lines if line.open_quantity},
        )
    ]
    if split.kept_minor:
        facts.append(
            MoneyForfeited(order_id=row.id, currency=row.currency, amount_minor=split.kept_minor)
        )
    if split.refund_minor:
        facts.append(
            RefundOwed(
                order_id=row.id,
                why="cancelled",
                currency=row.currency,
                amount_minor=split.refund_minor,
                owed_minor=row.refund_due_minor,
            )
        )
    return facts
