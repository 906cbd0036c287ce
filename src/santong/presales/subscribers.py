"""What presales does when it hears of orders and of money."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.facts import subscribe
from santong.orders import public as orders
from santong.orders.events import OrderCancelled, OrderPaid, PaidInPart, PaidWithoutStock
from santong.payments.events import DisputeChanged, TransferEnded
from santong.presales.services.cancel_presale import let_go_what_was_disputed
from santong.presales.services.compensate import SOURCE, follow_transfer
from santong.presales.services.follow_order import follow_end, follow_order
from santong.presales.services.share_kept import share_kept


@subscribe(PaidInPart, OrderPaid, PaidWithoutStock)
def take_in(
    fact: PaidInPart | OrderPaid | PaidWithoutStock, *, merchant_id: int, now: datetime
) -> None:
    """The deposit is in, or all of the money."""
    follow_order(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(OrderCancelled)
def end(fact: OrderCancelled, *, merchant_id: int, now: datetime) -> None:
    """Nobody waits any longer; what was kept is income."""
    if not fact.is_whole:
        return
    follow_end(
        merchant_id=merchant_id, order_id=fact.order_id, is_unpaid=fact.why == "unpaid", now=now
    )
    share_kept(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(DisputeChanged)
def follow_dispute(fact: DisputeChanged, *, merchant_id: int, now: datetime) -> None:
    """A lost deposit ends what waited for the balance; decided, what was kept can be shared."""
    order_id = orders.order_of_document(document=fact.document)
    if order_id is None or fact.state == "opened":
        return
    if fact.state == "lost":
        let_go_what_was_disputed(merchant_id=merchant_id, order_id=order_id, now=now)
    share_kept(merchant_id=merchant_id, order_id=order_id, now=now)


@subscribe(TransferEnded)
def end_compensation(fact: TransferEnded, *, merchant_id: int, now: datetime) -> None:
    """What was sent on top of a deposit arrived, or did not."""
    if fact.source == SOURCE:
        follow_transfer(
            merchant_id=merchant_id,
            transfer_id=fact.transfer_id,
            has_arrived=fact.state == "done",
            why=fact.why,
            now=now,
        )
