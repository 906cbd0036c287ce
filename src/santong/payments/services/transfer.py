"""Send a party what it is owed."""

from __future__ import annotations

import hashlib
from datetime import datetime

from santong.kernel import audit, crypto
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import (
    LONGEST_KEY,
    LONGEST_OWNER,
    LONGEST_REASON,
    LONGEST_SOURCE,
    NewTxn,
    Transfer,
)
from santong.payments.errors import (
    IntentKeyTaken,
    MoreThanLeft,
    MoreThanPayable,
    PaymentAccountClosed,
)
from santong.payments.models import PaymentAccount, Tender, Work
from santong.payments.models import Transfer as Row
from santong.payments.rules.books import SOURCE, payable_account, sent_out
from santong.payments.rules.intents import check_no_card
from santong.payments.rules.txns import check_amount, check_text
from santong.payments.selectors.balances import balances
from santong.payments.selectors.left_to_share import left_of_tender
from santong.payments.selectors.transfers import transfer_of
from santong.payments.services.lock import lock_keys
from santong.payments.services.open_intent import new_reference
from santong.payments.services.post import post
from santong.payments.services.signature import signature


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

    Raises FieldInvalid, NoSuch, MoreThanPayable, MoreThanLeft, PaymentAccountClosed,
    IntentKeyTaken. Locks the party's account of the ledger, then the tender.
    """
    check_text(source, most=LONGEST_SOURCE, pointer="/source", least=1)
    check_text(key, most=LONGEST_KEY, pointer="/key", least=1)
    check_text(party, most=LONGEST_OWNER, pointer="/party", least=1)
    check_text(receiver, most=200, pointer="/receiver", least=1)
    check_no_card(receiver, pointer="/receiver")
    check_text(reason, most=LONGEST_REASON, pointer="/reason", least=1)
    check_amount(amount_minor, pointer="/amount_minor")
    account = _account(merchant_id, account_code, currency)
    _check_tender(merchant_id, tender_id, account)
    said = f"{account_code}|{party}|{amount_minor}|{currency}|{tender_id or ''}"
    content = hashlib.sha256(said.encode()).hexdigest()
    payable = payable_account(currency=currency, party=party)
    # Whoever sends something to this party waits here; then what was queued can be seen.
    lock_keys(merchant_id=merchant_id, accounts=[payable])
    before = _before(merchant_id, source, key, content)
    if before is not None:
        return transfer_of(before)
    stands = balances(merchant_id=merchant_id, accounts=[payable])[payable].posted
    if amount_minor > stands:
        raise MoreThanPayable(party=party, wanted_minor=amount_minor, payable_minor=stands)
    if tender_id is not None:
        _check_left(merchant_id, tender_id, amount_minor)
    reference = new_reference(now)
    row = Row.objects.create(
        merchant_id=merchant_id,
        source=source,
        key=key,
        request_hash=content,
        account=account,
        tender_id=tender_id,
        is_last_share=is_last_share,
        party=party,
        receiver_sealed=crypto.encrypt(
            merchant_id=merchant_id, plain=receiver.encode(), place=receiver_place(reference)
        ),
        reference=reference,
        currency=currency,
        amount_minor=amount_minor,
        reason=reason,
        state="queued",
        queued_at=now,
        actor=signature(),
    )
    post(
        merchant_id=merchant_id,
        source=SOURCE,
        txn=NewTxn(
            key=f"sent:{reference}",
            kind="sent",
            entries=sent_out(
                currency=currency, account=account_code, party=party, amount_minor=amount_minor
            ),
            occurred_at=now,
            reference=f"transfer:{row.id}",
        ),
        now=now,
    )
    Work.objects.create(
        merchant_id=merchant_id,
        account=account,
        about="transfer",
        subject_id=row.id,
        step="transfer",
        due_at=now,
    )
    audit.record(_queued(row), now=now)
    return transfer_of(row)


def receiver_place(reference: str) -> str:
    """Where a receiver's name at the provider is sealed to."""
    return f"payments.receiver:{reference}"


def _account(merchant_id: int, code: str, currency: str) -> PaymentAccount:
    account = PaymentAccount.objects.of_merchant(merchant_id).filter(code=code).first()
    if account is None:
        raise NoSuch(kind="payment_account", key=code)
    if not account.is_open:
        raise PaymentAccountClosed(account_code=code)
    if account.currency != currency:
        raise FieldInvalid(pointer="/currency", reason="another than the account's")
    return account


def _check_tender(merchant_id: int, tender_id: int | None, account: PaymentAccount) -> None:
    if tender_id is None:
        return
    tender = Tender.objects.of_merchant(merchant_id).filter(id=tender_id).first()
    if tender is None or tender.account_id != account.id or tender.state != "captured":
        raise FieldInvalid(pointer="/tender_id", reason="no money came in by it at this account")


def _check_left(merchant_id: int, tender_id: int, amount_minor: int) -> None:
    """Whoever shares out of this payment, or gives it back, waits here."""
    Tender.objects.of_merchant(merchant_id).filter(id=tender_id).lock().get()
    left = left_of_tender(merchant_id=merchant_id, tender_id=tender_id)
    if amount_minor > left:
        raise MoreThanLeft(tender_id=str(tender_id), wanted_minor=amount_minor, left_minor=left)


def _before(merchant_id: int, source: str, key: str, content: str) -> Row | None:
    before = (
        Row.objects.of_merchant(merchant_id)
        .filter(source=source, key=key)
        .select_related("account")
        .first()
    )
    if before is not None and before.request_hash != content:
        raise IntentKeyTaken(key=key)
    return before


def _queued(row: Row) -> audit.Change:
    return audit.Change(
        action="payments.transfer",
        subject="payment_transfer",
        subject_id=row.id,
        reason=row.reason,
        after={"party": row.party, "amount_minor": row.amount_minor, "state": "queued"},
    )
