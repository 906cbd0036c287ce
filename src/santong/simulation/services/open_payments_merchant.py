from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.kernel import jobs
from santong.payments import public as payments
from santong.simulation.rules.paid.plan import CURRENCY, METHODS, TIMEZONE
from santong.simulation.services.enter_merchant import replayed_merchant

# What kind of money each way to pay brings, as payments knows it.
_METHOD: Final[dict[str, payments.Method]] = {
    "credit_card": "card",
    "debit_card": "card",
    "boleto": "external",
    "voucher": "external",
}
_NAME: Final = {
    "credit_card": "Cartão de crédito",
    "debit_card": "Cartão de débito",
    "boleto": "Boleto bancário",
    "voucher": "Vale",
}


def open_payments_merchant(*, code: str, now: datetime) -> int:
    """Enter a merchant for whom a marketplace collects in four ways; gives its id.

    One that is there is gone on with. Its scheduled jobs are paused: days pass for it faster than
    for others. Emits what opening it emits.
    """
    with replayed_merchant(
        code=code, name=f"Olist payments {code}", currency=CURRENCY, timezone=TIMEZONE, now=now
    ) as merchant_id:
        jobs.pause_jobs(merchant_id=merchant_id, reason="its past is replayed", now=now)
        for method in METHODS:
            payments.open_payment_account(
                merchant_id=merchant_id,
                code=method,
                provider="external",
                method=_METHOD[method],
                name=_NAME[method],
                currency=CURRENCY,
                now=now,
            )
    return merchant_id
