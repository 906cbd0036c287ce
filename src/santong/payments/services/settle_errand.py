"""How a call to a provider ended."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.payments.contracts import Errand, Seen, SeenMove, Shown
from santong.payments.rules.errands import Next, next_of_move, next_of_payment
from santong.payments.rules.tenders import LIVE
from santong.payments.selectors.statements import values_of
from santong.payments.services.see_payment import lock_payment, see_payment
from santong.payments.services.see_refund import see_refund
from santong.payments.services.see_transfer import see_transfer

# Only whoever still holds the claim says what is asked next.
_NEXT: Final = Statement("""
UPDATE payments_work
SET step = coalesce(%(step)s::text, step), due_at = %(due)s::timestamptz,
  attempts = %(attempts)s::int,
  code = %(code)s::text, claimed_until = NULL
WHERE merchant_id = %(merchant)s::bigint AND id = %(id)s::bigint AND claim = %(claim)s::bigint
""")
_SHOW: Final = Statement("""
UPDATE payments_tender SET payload = %(payload)s::text
WHERE merchant_id = %(merchant)s::bigint AND reference = %(reference)s::text
""")


@all_or_nothing
def settle_payment_errand(
    *,
    merchant_id: int,
    errand: Errand,
    seen: Seen | None,
    now: datetime,
    shown: Shown | None = None,
    code: str = "",
) -> None:
    """Take in what was answered about a payment, and say what is asked next.

    `seen` is None where no answer came; `code` is the provider's word for why.

    Emits MoneyReceived. Locks the intent, then the work and accounts of the ledger.
    """
    if seen is not None:
        after = see_payment(merchant_id=merchant_id, reference=errand.reference, seen=seen, now=now)
        state = after.state
    else:
        state = lock_payment(merchant_id=merchant_id, reference=errand.reference).state
    if shown is not None and shown.payload:
        _SHOW.later(
            values_of(
                {
                    "merchant": merchant_id,
                    "reference": errand.reference,
                    "payload": shown.payload[:4000],
                }
            )
        )
    if seen is not None and seen.state == "unknown" and errand.step == "close" and state in LIVE:
        # Nobody there has heard of it, and nobody will: it was never asked.
        see_payment(
            merchant_id=merchant_id,
            reference=errand.reference,
            seen=Seen(state="closed", why="never_asked"),
            now=now,
        )
    following = next_of_payment(errand, state=state, seen=seen, now=now)
    _go_on(merchant_id, errand, following, code)


@all_or_nothing
def settle_move_errand(
    *,
    merchant_id: int,
    errand: Errand,
    seen: SeenMove | None,
    now: datetime,
    code: str = "",
) -> None:
    """Take in what was answered about a refund or a transfer, and say what is asked next.

    Emits RefundDone, RefundFailed, TransferEnded. Locks what `see_refund` or `see_transfer` locks.
    """
    if seen is not None and errand.about == "refund":
        see_refund(merchant_id=merchant_id, reference=errand.reference, seen=seen, now=now)
    elif seen is not None:
        see_transfer(merchant_id=merchant_id, reference=errand.reference, seen=seen, now=now)
    _go_on(merchant_id, errand, next_of_move(errand, seen=seen, now=now), code)


def _go_on(merchant_id: int, errand: Errand, following: Next, code: str) -> None:
    _NEXT.later(
        values_of(
            {
                "merchant": merchant_id,
                "id": errand.work_id,
                "claim": errand.claim,
                "step": following.step,
                "due": following.due_at,
                "attempts": following.attempts,
                "code": code[:60],
            }
        )
    )
