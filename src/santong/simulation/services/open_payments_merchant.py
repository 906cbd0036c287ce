from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from santong.kernel import cells, jobs, tenancy
from santong.merchants import public as merchants
from santong.payments import public as payments
from santong.simulation.rules.paid.plan import CURRENCY, METHODS, TIMEZONE

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
    with transaction.atomic():
        merchant_id = _merchant_id(code)
        with tenancy.scope(merchant_id=merchant_id):
            merchants.open_merchant(
                merchant_id=merchant_id,
                code=code,
                name=f"Olist payments {code}",
                currency=CURRENCY,
                timezone=TIMEZONE,
                language="en",
                now=now,
            )
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


def _merchant_id(code: str) -> int:
    try:
        return cells.merchant_by_code(code).merchant_id
    except cells.UnknownMerchant:
        return cells.register_merchant(code=code, cell=cells.all_cells()[0])
