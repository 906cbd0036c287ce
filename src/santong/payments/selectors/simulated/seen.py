"""How payments, refunds and transfers stand at the simulated provider, by its own books."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from santong.payments.contracts.providers import (
    DisputeState,
    Seen,
    SeenDispute,
    SeenMove,
    SeenMoveState,
)
from santong.payments.models import (
    SimulatedDispute,
    SimulatedPayment,
    SimulatedRefund,
    SimulatedTransfer,
)

_MOVES: Final[Mapping[str, SeenMoveState]] = {
    "working": "working",
    "done": "done",
    "failed": "failed",
    "returned": "returned",
}
_DISPUTES: Final[Mapping[str, DisputeState]] = {"opened": "opened", "won": "won", "lost": "lost"}


def payment_name(payment: SimulatedPayment) -> str:
    """The provider's name for a payment. Letters keep it from looking like a card number."""
    return f"sp{payment.id:x}"


def refund_name(refund: SimulatedRefund) -> str:
    """The provider's name for a refund."""
    return f"sr{refund.id:x}"


def transfer_name(transfer: SimulatedTransfer) -> str:
    """The provider's name for a transfer."""
    return f"st{transfer.id:x}"


def dispute_name(dispute: SimulatedDispute) -> str:
    """The provider's name for a dispute."""
    return f"sd{dispute.id:x}"


def payment_seen(payment: SimulatedPayment, *, now: datetime) -> Seen:
    """A payment, as it stands at an instant: whoever has not paid in time has not paid."""
    is_over = payment.state == "waiting" and now >= payment.expires_at
    match "closed" if is_over else payment.state:
        case "paid":
            return Seen(
                state="paid",
                their_reference=payment_name(payment),
                amount_minor=payment.paid_minor,
                fee_minor=payment.fee_minor,
                payer=payment.payer,
                at=payment.ended_at,
            )
        case "authorised":
            return Seen(
                state="authorised",
                their_reference=payment_name(payment),
                amount_minor=payment.amount_minor,
                payer=payment.payer,
                at=payment.ended_at,
            )
        case "closed":
            why = "expired" if is_over else payment.why
            return Seen(state="closed", their_reference=payment_name(payment), why=why)
        case "failed":
            return Seen(state="failed", their_reference=payment_name(payment), why=payment.why)
        case _:
            return Seen(state="waiting", their_reference=payment_name(payment))


def refund_seen(refund: SimulatedRefund) -> SeenMove:
    """A refund as it stands."""
    return SeenMove(
        state=_MOVES[refund.state],
        their_reference=refund_name(refund),
        amount_minor=refund.amount_minor,
        at=refund.ended_at,
        why=refund.why,
    )


def transfer_seen(transfer: SimulatedTransfer) -> SeenMove:
    """A transfer as it stands."""
    return SeenMove(
        state=_MOVES[transfer.state],
        their_reference=transfer_name(transfer),
        amount_minor=transfer.amount_minor,
        at=transfer.ended_at or transfer.done_at,
        why=transfer.why,
    )


def dispute_seen(dispute: SimulatedDispute, *, payment_reference: str) -> SeenDispute:
    """A dispute as it stands."""
    return SeenDispute(
        state=_DISPUTES[dispute.state],
        their_reference=dispute_name(dispute),
        payment_reference=payment_reference,
        amount_minor=dispute.amount_minor,
        at=dispute.ended_at or dispute.opened_at,
    )
