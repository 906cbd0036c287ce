"""Give money to somebody else at the simulated provider."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts.providers import Refused, SeenMove, TransferAsk
from santong.payments.models import SimulatedPayment, SimulatedTransfer
from santong.payments.models.simulated import LONGEST_TEXT
from santong.payments.rules.simulated.moods import moods_named
from santong.payments.rules.simulated.terms import Holder
from santong.payments.selectors.simulated.seen import transfer_seen
from santong.payments.services.simulated.lock_payment import lock_payment
from santong.payments.services.simulated.settle_transfer import settle_transfer

# Receivers that show by their name what becomes of what they are given.
NOBODY = "unknown"
SENDS_BACK = "returns"
LONGEST_RECEIVER = 120


@all_or_nothing
def transfer_out(*, holder: Holder, ask: TransferAsk, now: datetime) -> SeenMove:
    """Give so much out of a payment, or out of the account, once for its reference.

    Raises Refused. Locks the payment that it comes out of.
    """
    payment = _payment(holder, ask, now)
    made, is_new = SimulatedTransfer.objects.get_or_create(
        merchant_id=holder.merchant_id,
        reference=ask.reference,
        defaults=_asked(holder, payment, ask, now),
    )
    transfer = SimulatedTransfer.objects.filter(pk=made.pk).lock().get()
    if is_new:
        _check(holder, payment, ask)
        _take_out(payment, ask)
    elif not _is_the_same(transfer, payment, holder, ask):
        raise Refused("REFERENCE_TAKEN")
    if transfer.settles_at is not None and now >= transfer.settles_at:
        settle_transfer(holder=holder, payment=payment, transfer=transfer, now=now)
    return transfer_seen(transfer)


def _payment(holder: Holder, ask: TransferAsk, now: datetime) -> SimulatedPayment | None:
    if not ask.payment_reference:
        return None
    payment = lock_payment(holder=holder, reference=ask.payment_reference, now=now)
    if payment is None or payment.state != "paid":
        raise Refused("NO_SUCH_PAYMENT")
    return payment


def _asked(
    holder: Holder, payment: SimulatedPayment | None, ask: TransferAsk, now: datetime
) -> dict[str, object]:
    named = moods_named(ask.reason)
    is_nobody = ask.receiver.startswith(NOBODY)
    fails = is_nobody or holder.falls("transfer_fails", about=ask.reference, named=named)
    works = fails or holder.falls("transfer_works", about=ask.reference, named=named)
    returned = ask.receiver.startswith(SENDS_BACK) or holder.falls(
        "transfer_returned", about=ask.reference, named=named
    )
    pause = holder.after(30, "transfer", ask.reference, spread=150) if works else holder.after(0)
    return {
        "account_code": holder.account_code,
        "receiver": ask.receiver[:LONGEST_RECEIVER],
        "payment": payment,
        "amount_minor": ask.amount_minor,
        "reason": ask.reason[:LONGEST_TEXT],
        "ends_as": "failed" if fails else "returned" if returned else "done",
        "asked_at": now,
        "settles_at": now if is_nobody else now + pause,
    }


def _check(holder: Holder, payment: SimulatedPayment | None, ask: TransferAsk) -> None:
    if ask.amount_minor > holder.terms.most_transferred_minor:
        raise Refused("LIMIT_EXCEEDED")
    if not ask.receiver:
        raise Refused("NO_RECEIVER")
    if payment is None:
        return
    if payment.is_shared_out:
        raise Refused("SHARED_OUT")
    if payment.transfers >= holder.terms.most_transfers:
        raise Refused("TOO_MANY_TRANSFERS")
    left = payment.paid_minor - payment.refunded_minor - payment.disputed_minor
    if payment.transferred_minor + ask.amount_minor > left:
        raise Refused("MORE_THAN_PAID")


def _take_out(payment: SimulatedPayment | None, ask: TransferAsk) -> None:
    if payment is not None:
        payment.transferred_minor += ask.amount_minor
        payment.transfers += 1
        payment.is_shared_out = ask.is_last_share
        payment.save(update_fields=["transferred_minor", "transfers", "is_shared_out"])


def _is_the_same(
    transfer: SimulatedTransfer,
    payment: SimulatedPayment | None,
    holder: Holder,
    ask: TransferAsk,
) -> bool:
    return (
        transfer.account_code == holder.account_code
        and transfer.amount_minor == ask.amount_minor
        and transfer.receiver == ask.receiver[:LONGEST_RECEIVER]
        and transfer.payment_id == (payment.id if payment else None)
    )
