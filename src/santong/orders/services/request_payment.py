"""Ask a buyer for what is still to be paid of an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.orders.errors import NothingToPay
from santong.orders.rules.holders import document_of
from santong.orders.services.lock_order import lock_order
from santong.payments import public as payments

# Somebody who stands at the till or looks at a code does not take longer.
ASKED_FOR: Final = timedelta(minutes=30)
LONGEST_KEY: Final = 100


@all_or_nothing
def request_payment(
    *,
    merchant_id: int,
    order_id: int,
    key: str,
    tenders: Sequence[payments.NewTender],
    now: datetime,
    amount_minor: int | None = None,
    expires_at: datetime | None = None,
    return_url: str = "",
) -> payments.Intent:
    """Open an intent for what an order is still owed (or a part of it), once for the key.

    The parts given are asked for; others may be added. The order is paid when the money is in.
    What lies in other intents of the order is not asked for again. It can be paid for half an hour,
    or until `expires_at`; a provider's page leads back to `return_url`.

    Raises NoSuch, FieldInvalid, NothingToPay, and what opening an intent raises. Emits
    MoneyReceived. Locks the order, then the intent.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise FieldInvalid(pointer="/key", reason=f"1 to {LONGEST_KEY} characters")
    row, lines = lock_order(merchant_id=merchant_id, order_id=order_id)
    document = document_of(order_id=order_id)
    named = f"{document}:{key}"
    asked_before = payments.intent_by_key(merchant_id=merchant_id, key=named)
    open_minor = row.total_minor - row.paid_minor
    wanted = amount_minor if amount_minor is not None else open_minor
    if asked_before is None:
        if row.state != "placed" or open_minor <= 0:
            raise NothingToPay(order_id=str(order_id), state=row.state)
        if not 0 < wanted <= open_minor:
            raise FieldInvalid(pointer="/amount_minor", reason=f"1 to {open_minor}")
    elif amount_minor is None:
        wanted = asked_before.amount_minor
    return payments.open_intent(
        merchant_id=merchant_id,
        new=payments.NewIntent(
            key=named,
            document=document,
            currency=row.currency,
            amount_minor=wanted,
            subject=_subject(row.external_number, [line.sku_name for line in lines]),
            expires_at=expires_at or now + ASKED_FOR,
            tenders=tuple(tenders),
            return_url=return_url,
        ),
        now=now,
    )


def _subject(number: str, names: Sequence[str]) -> str:
    """What a buyer reads in their wallet."""
    shown = names[0] if names else number
    return shown[:100] if len(names) < 2 else f"{shown[:80]} …"  # noqa: PLR2004
