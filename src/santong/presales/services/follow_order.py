"""What a presale order does when its order has moved: money came in, or it was given up."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.presales.events import BalancePaid, DepositTaken
from santong.presales.models import Presale
from santong.presales.rules.states import end_of_order
from santong.presales.services.end_presale import end_presale
from santong.presales.services.lock import lock_presale_of


@all_or_nothing
def follow_order(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """Bring a presale order to where its order is; asked again, nothing more happens.

    The deposit in, its order waits until the balance's time is over, with its stock, and keeps of
    the money what was agreed if the balance never comes. All the money in, it is paid.

    Emits DepositTaken, BalancePaid. Locks the presale order, then its order and stock levels.
    """
    row = lock_presale_of(merchant_id=merchant_id, order_id=order_id)
    if row is None:
        return
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    if order.is_paid:
        _pay(row, order, now)
    elif order.state == "placed" and row.state == "asked" and _is_in(row, order, now):
        _take_deposit(row, now)


@all_or_nothing
def follow_end(*, merchant_id: int, order_id: int, is_unpaid: bool, now: datetime) -> None:
    """End a presale order whose order was given up, by the clock or by somebody; once.

    Its units are free again, and what was kept of its money is to be shared.

    Emits PresaleLapsed, DepositForfeited, PresaleCancelled. Locks the presale order, its offer.
    """
    row = lock_presale_of(merchant_id=merchant_id, order_id=order_id)
    if row is None or row.ended_at is not None:
        return
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    end_presale(
        row,
        state=end_of_order(before=row.state, is_unpaid=is_unpaid),  # type: ignore[arg-type]  # the constraint vouches
        kept_minor=order.forfeited_minor,
        reason="unpaid when its time was over" if is_unpaid else "its order was cancelled",
        now=now,
    )


def _is_in(row: Presale, order: orders.Order, now: datetime) -> bool:
    """Whether the deposit came before it was too late to wait for the balance."""
    return order.paid_minor >= row.deposit_minor and now < row.closes_at


def _take_deposit(row: Presale, now: datetime) -> None:
    orders.extend_hold(
        merchant_id=row.merchant_id,
        order_id=row.order_id,
        hold_until=row.closes_at,
        give_up_at=row.closes_at,
        forfeit_minor=row.forfeit_minor,
        reason="presale: the deposit is in, until its balance's time is over",
        now=now,
    )
    row.state, row.deposit_paid_at = "deposit_paid", now
    row.save(update_fields=["state", "deposit_paid_at"])
    _record(row, "presales.take_deposit", before="asked", now=now)
    outbox.publish(
        DepositTaken(
            presale_id=row.id,
            offer_id=row.offer_id,
            order_id=row.order_id,
            units=row.units,
            currency=row.currency,
            deposit_minor=row.deposit_minor,
            balance_minor=row.balance_minor,
            balance_from=row.balance_from,
            balance_until=row.balance_until,
        ),
        now=now,
    )


def _pay(row: Presale, order: orders.Order, now: datetime) -> None:
    if row.state not in ("asked", "deposit_paid"):
        return
    before, row.state, row.paid_at = row.state, "paid", order.paid_at or now
    row.deposit_paid_at = row.deposit_paid_at or row.paid_at
    row.save(update_fields=["state", "paid_at", "deposit_paid_at"])
    _record(row, "presales.take_balance", before=before, now=now)
    outbox.publish(
        BalancePaid(
            presale_id=row.id,
            offer_id=row.offer_id,
            order_id=row.order_id,
            units=row.units,
            currency=row.currency,
            total_minor=order.total_minor,
        ),
        now=now,
    )


def _record(row: Presale, action: str, *, before: str, now: datetime) -> None:
    audit.record(
        audit.Change(
            action=action,
            subject="presale",
            subject_id=row.id,
            reason=row.number,
            before={"state": before},
            after={"state": row.state},
        ),
        now=now,
    )
