"""A presale order is let go before its balance is paid."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.presales import contracts
from santong.presales.errors import PresalePassed
from santong.presales.models import Presale
from santong.presales.selectors.presales import presale_by_id
from santong.presales.services.end_presale import end_presale
from santong.presales.services.lock import lock_presale, lock_presale_of


@all_or_nothing
def cancel_presale(
    *, merchant_id: int, presale_id: int, reason: str, now: datetime
) -> contracts.Presale:
    """Let a presale order go for its buyer, before the balance; twice is once.

    Of a deposit that is in, what was agreed is kept; all else goes back. Its units are free again.

    Raises NoSuch, FieldInvalid, PresalePassed. Emits PresaleCancelled. Locks the presale order, its
    order, its offer, then stock levels.
    """
    check_reason(reason)
    row = lock_presale(merchant_id=merchant_id, presale_id=presale_id)
    if row.state != "cancelled":
        if row.state not in ("asked", "deposit_paid"):
            raise PresalePassed(presale_id=str(row.id), state=row.state)
        order = orders.claim_order(merchant_id=merchant_id, order_id=row.order_id)
        # Facts of its money, or of its end, may still be on their way to us.
        if order.state != "placed":
            raise PresalePassed(presale_id=str(row.id), state=order.state)
        is_in = order.paid_minor >= row.deposit_minor
        _let_go(row, order, row.forfeit_minor if is_in else 0, reason, now)
    return presale_by_id(merchant_id=merchant_id, presale_id=presale_id)


@all_or_nothing
def let_go_what_was_disputed(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """The buyer has got the deposit back from the provider: nothing is left to wait for.

    What else came in goes back. Nothing happens to an order that is paid or has ended.

    Emits PresaleCancelled. Locks the presale order, its order, its offer, then stock levels.
    """
    row = lock_presale_of(merchant_id=merchant_id, order_id=order_id)
    if row is None or row.state not in ("asked", "deposit_paid"):
        return
    order = orders.claim_order(merchant_id=merchant_id, order_id=order_id)
    if order.state == "placed":
        _let_go(row, order, 0, "the deposit was lost in a dispute", now)


def check_reason(reason: str) -> None:
    """Refuse a reason that says nothing, or names somebody. Raises FieldInvalid."""
    if not 0 < len(reason.strip()) <= contracts.LONGEST_REASON:
        raise FieldInvalid(pointer="/reason", reason=f"1 to {contracts.LONGEST_REASON} characters")
    check_prose(reason)


def _let_go(
    row: Presale, order: orders.Order, forfeit_minor: int, reason: str, now: datetime
) -> None:
    """The units before stock: whoever joins takes them in this order, too."""
    kept = min(forfeit_minor, order.paid_minor - order.refund_due_minor)
    end_presale(row, state="cancelled", kept_minor=kept, reason=reason, now=now)
    given_up = orders.cancel_order(
        merchant_id=row.merchant_id,
        order_id=row.order_id,
        reason=reason,
        forfeit_minor=kept,
        now=now,
    )
    assert given_up.forfeited_minor == kept, "the order keeps what the presale order says"
