"""Where money comes in."""

from __future__ import annotations

import json
from collections.abc import Iterable

from santong.kernel import crypto
from santong.kernel.errors import NoSuch
from santong.payments.contracts import Access, PaymentAccount
from santong.payments.models import PaymentAccount as Row


def payment_account_by_code(*, merchant_id: int, code: str) -> PaymentAccount:
    """The account of a code. Raises NoSuch."""
    return _row(merchant_id, code).as_contract()


def payment_accounts(*, merchant_id: int) -> list[PaymentAccount]:
    """Every account, by code."""
    rows = Row.objects.of_merchant(merchant_id).order_by("code")
    return [row.as_contract() for row in rows]


def payment_accounts_by_code(
    *, merchant_id: int, codes: Iterable[str]
) -> dict[str, PaymentAccount]:
    """Accounts by their codes. Raises NoSuch."""
    wanted = sorted(set(codes))
    rows = Row.objects.of_merchant(merchant_id).filter(code__in=wanted)
    found = {row.code: row.as_contract() for row in rows}
    for code in wanted:
        if code not in found:
            raise NoSuch(kind="payment_account", key=code)
    return found


def access_of(*, merchant_id: int, code: str, notify_url: str = "") -> Access:
    """What a provider's adapter needs to speak for an account, its secrets opened.

    Raises NoSuch.
    """
    row = _row(merchant_id, code)
    return Access(
        merchant_id=merchant_id,
        account_code=row.code,
        currency=row.currency,
        settings={str(name): str(value) for name, value in row.settings.items()},
        secrets=secrets_of(row=row),
        notify_url=notify_url,
    )


def secrets_of(*, row: Row) -> dict[str, str]:
    """What was sealed with an account, opened."""
    if row.secrets_sealed is None:
        return {}
    plain = crypto.decrypt(
        merchant_id=row.merchant_id,
        sealed=bytes(row.secrets_sealed),
        place=secrets_place(row.code),
    )
    return {str(name): str(value) for name, value in json.loads(plain).items()}


def secrets_place(code: str) -> str:
    """Where an account's secrets are sealed to."""
    return f"payments.account:{code}"


def secret_names(*, merchant_id: int, code: str) -> tuple[str, ...]:
    """Which secrets an account has; what they are is shown to nobody. Raises NoSuch."""
    return tuple(sorted(secrets_of(row=_row(merchant_id, code))))


def _row(merchant_id: int, code: str) -> Row:
    row = Row.objects.of_merchant(merchant_id).filter(code=code).first()
    if row is None:
        raise NoSuch(kind="payment_account", key=code)
    return row
