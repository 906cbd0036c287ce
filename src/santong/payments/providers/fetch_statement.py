"""A provider's statement of a day is fetched, outside of any transaction."""

from __future__ import annotations

from datetime import date

from django.db import connection

from santong.kernel import tenancy
from santong.payments.providers.registry import provider_named
from santong.payments.selectors.payment_accounts import access_of, payment_account_by_code


def fetch_statement(*, merchant_id: int, account_code: str, day: date) -> bytes | None:
    """The day's file as the provider gives it; None where the provider gives none.

    Called in no transaction: it takes as long as the provider takes. Raises Unreachable, Refused,
    NoSuch.
    """
    assert not connection.in_atomic_block, "nothing slow happens inside a transaction"
    with tenancy.scope(merchant_id=merchant_id, request_id="payments.fetch_statement"):
        account = payment_account_by_code(merchant_id=merchant_id, code=account_code)
        provider = provider_named(account.provider)
        if provider is None or "statement" not in provider.abilities:
            return None
        access = access_of(merchant_id=merchant_id, code=account_code)
    return provider.statement(access=access, day=day)
