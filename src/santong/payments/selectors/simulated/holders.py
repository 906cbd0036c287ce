"""Accounts at the simulated provider."""

from __future__ import annotations

from santong.kernel import crypto
from santong.payments.models import SimulatedAccount
from santong.payments.rules.simulated.terms import Holder, terms_of


def secret_place(*, account_code: str) -> str:
    """Where an account's secret is sealed."""
    return f"payments.simulated_account:{account_code}"


def holder_of(*, merchant_id: int, account_code: str) -> Holder:
    """Whose account it is. It is known once something was asked for over it."""
    account = SimulatedAccount.objects.of_merchant(merchant_id).get(account_code=account_code)
    return Holder(
        merchant_id=merchant_id,
        account_code=account_code,
        terms=terms_of(account.settings),
        is_told=bool(account.notify_url and secret_of(account)),
    )


def secret_of(account: SimulatedAccount) -> str:
    """What notices of an account are signed with."""
    place = secret_place(account_code=account.account_code)
    sealed = bytes(account.secret_sealed)
    return crypto.decrypt(merchant_id=account.merchant_id, sealed=sealed, place=place).decode()
