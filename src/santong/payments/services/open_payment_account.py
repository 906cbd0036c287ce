"""Open an account where money comes in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from santong.kernel import audit, crypto
from santong.kernel.bulk import insert_new
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import MOST_FEE_PER_MILLION, Method, PaymentAccount
from santong.payments.errors import PaymentAccountTaken
from santong.payments.models import PaymentAccount as Row
from santong.payments.rules.books import asset_of
from santong.payments.rules.provider_settings import problems_of_settings
from santong.payments.rules.txns import check_text
from santong.payments.selectors.payment_accounts import secrets_place
from santong.payments.services.open_asset import open_asset

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,39}")


@all_or_nothing
def open_payment_account(
    *,
    merchant_id: int,
    code: str,
    provider: str,
    method: Method,
    name: str,
    currency: str,
    now: datetime,
    settings: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    fee_per_million: int = 0,
) -> PaymentAccount:
    """Open a payment account, or give the one that is there with the same provider and currency.

    What it is given of secrets is sealed and never shown again. `fee_per_million` is what the
    contract with the provider says; what the provider really takes is compared with it.

    Raises FieldInvalid, PaymentAccountTaken. Locks nothing.
    """
    if not _CODE.fullmatch(code):
        raise FieldInvalid(pointer="/code", reason="small letters, digits and _.:- , at most 40")
    check_text(name, most=100, pointer="/name", least=1)
    if not 0 <= fee_per_million <= MOST_FEE_PER_MILLION:
        raise FieldInvalid(pointer="/fee_per_million", reason=f"0 to {MOST_FEE_PER_MILLION}")
    for problem in problems_of_settings(
        provider=provider, settings=settings or {}, secrets=secrets or {}
    ):
        raise FieldInvalid(pointer=problem.pointer, reason=problem.reason)
    open_asset(
        merchant_id=merchant_id,
        code=asset_of(currency=currency),
        kind="money",
        currency=currency,
        now=now,
    )
    row = Row(
        merchant_id=merchant_id,
        code=code,
        provider=provider,
        method=method,
        name=name,
        currency=currency,
        settings=dict(settings or {}),
        secrets_sealed=_sealed(merchant_id, code, secrets),
        fee_per_million=fee_per_million,
        opened_at=now,
    )
    made = insert_new([row], unique=["merchant_id", "code"])
    found = Row.objects.of_merchant(merchant_id).get(code=code)
    if (found.provider, found.currency, found.method) != (provider, currency, method):
        raise PaymentAccountTaken(account_code=code)
    if made:
        audit.record(_opened(found), now=now)
    return found.as_contract()


def _sealed(merchant_id: int, code: str, secrets: Mapping[str, str] | None) -> bytes | None:
    if not secrets:
        return None
    return crypto.encrypt(
        merchant_id=merchant_id,
        plain=json.dumps(dict(secrets)).encode(),
        place=secrets_place(code),
    )


def _opened(row: Row) -> audit.Change:
    return audit.Change(
        action="payments.open_account",
        subject="payment_account",
        subject_id=row.id,
        reason="opened",
        after={"code": row.code, "provider": row.provider, "currency": row.currency},
    )
