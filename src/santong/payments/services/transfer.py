"""Send a party what it is owed."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import DomainError
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import NewTransfer, Transfer
from santong.payments.services.queue_transfers import queue_transfers


@all_or_nothing
def transfer(
    *,
    merchant_id: int,
    source: str,
    key: str,
    account_code: str,
    party: str,
    receiver: str,
    amount_minor: int,
    currency: str,
    reason: str,
    now: datetime,
    tender_id: int | None = None,
    is_last_share: bool = False,
) -> Transfer:
    """Queue money for a party out of what it may be paid; once for source and key.

    It leaves `payable` now, so that nothing is sent twice; the provider is called after the
    commit. With `tender_id` it is a share out of that payment, never more than the payment has
    left for others; a last share frees what remains of it for the account's holder. How it ends is
    told.

    Raises FieldInvalid, CardNumberSeen, NoSuch, MoreThanPayable, MoreThanLeft,
    PaymentAccountClosed, IntentKeyTaken. Locks the party's account of the ledger, then the tender.
    """
    new = NewTransfer(
        key=key,
        account_code=account_code,
        party=party,
        receiver=receiver,
        amount_minor=amount_minor,
        currency=currency,
        reason=reason,
        tender_id=tender_id,
        is_last_share=is_last_share,
    )
    (queued,) = queue_transfers(merchant_id=merchant_id, source=source, wanted=[new], now=now)
    if isinstance(queued, DomainError):
        raise queued
    return queued
