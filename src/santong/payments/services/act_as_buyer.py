"""What buyers do at the simulated provider, for whoever tries it out."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, get_args

from santong.kernel.models import MerchantQuerySet
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts.providers import Refused, Seen
from santong.payments.models import SimulatedPayment
from santong.payments.rules.simulated.moods import Mood
from santong.payments.rules.simulated.terms import Holder
from santong.payments.selectors.simulated.holders import holder_of
from santong.payments.selectors.simulated.seen import payment_seen
from santong.payments.services.simulated.dispute_payment import decide_dispute, open_dispute
from santong.payments.services.simulated.lock_payment import lock_payment
from santong.payments.services.simulated.take_payment import end_payment, take_payment

BuyersAction = Literal[
    "pay",
    "refuse",
    "pay_and_lose_the_notice",
    "pay_and_tell_late",
    "pay_and_tell_twice",
    "pay_and_tell_in_disorder",
    "pay_every_code",
    "dispute",
    "decide_for_the_shop",
    "decide_for_the_buyer",
]
BUYERS_ACTIONS: Final[tuple[BuyersAction, ...]] = get_args(BuyersAction)

_NAMED: Final[dict[str, frozenset[Mood]]] = {
    "pay": frozenset(),
    "pay_every_code": frozenset(),
    "pay_and_lose_the_notice": frozenset({"notice_lost"}),
    "pay_and_tell_late": frozenset({"notice_late"}),
    "pay_and_tell_twice": frozenset({"notice_twice"}),
    "pay_and_tell_in_disorder": frozenset({"waiting_told_last"}),
}


@all_or_nothing
def act_as_buyer(*, merchant_id: int, reference: str, action: BuyersAction, now: datetime) -> Seen:
    """Pay or refuse a payment at the simulated provider, or dispute it; how it stands then.

    Of pay, refuse, close and expiry at the same moment the first one stands. `pay_every_code`
    pays all codes that wait with the same subject: two references of one intent. Raises Refused.
    Locks the payments.
    """
    found = SimulatedPayment.objects.of_merchant(merchant_id).filter(reference=reference).first()
    if found is None:
        raise Refused("NO_SUCH_PAYMENT")
    holder = holder_of(merchant_id=merchant_id, account_code=found.account_code)
    if action == "pay_every_code":
        # All at once: two who pay every code do not wait for one another.
        list(_codes_of(found).lock())
    payment = lock_payment(holder=holder, reference=reference, now=now)
    assert payment is not None
    _act(holder, payment, action, now)
    return payment_seen(payment, now=now)


def _act(holder: Holder, payment: SimulatedPayment, action: BuyersAction, now: datetime) -> None:
    match action:
        case "dispute":
            open_dispute(holder=holder, payment=payment, now=now)
        case "decide_for_the_shop":
            decide_dispute(holder=holder, payment=payment, state="won", now=now)
        case "decide_for_the_buyer":
            decide_dispute(holder=holder, payment=payment, state="lost", now=now)
        case "refuse":
            _check_that_it_waits(payment)
            end_payment(holder=holder, payment=payment, state="failed", why="REFUSED", now=now)
        case _:
            _check_that_it_waits(payment)
            take_payment(holder=holder, payment=payment, now=now, named=_NAMED[action])
            if action == "pay_every_code":
                _pay_the_others(holder, payment, now)


def _check_that_it_waits(payment: SimulatedPayment) -> None:
    if payment.state != "waiting":
        raise Refused("NOT_WAITING", payment.state)


def _codes_of(payment: SimulatedPayment) -> MerchantQuerySet[SimulatedPayment]:
    """All that waits for the same, the payment itself among it."""
    return SimulatedPayment.objects.of_merchant(payment.merchant_id).filter(
        account_code=payment.account_code, subject=payment.subject, state="waiting"
    )


def _pay_the_others(holder: Holder, payment: SimulatedPayment, now: datetime) -> None:
    for other in _codes_of(payment).filter(expires_at__gt=now).exclude(pk=payment.pk).lock():
        take_payment(holder=holder, payment=other, now=now)
