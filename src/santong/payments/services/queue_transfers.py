"""Money for many parties is queued at once; what cannot be says why."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from santong.kernel import audit, crypto
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import (
    LONGEST_CODE,
    LONGEST_KEY,
    LONGEST_OWNER,
    LONGEST_REASON,
    LONGEST_SOURCE,
    AccountKey,
    NewTransfer,
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
from santong.payments.selectors.left_to_share import left_of_tenders
from santong.payments.selectors.transfers import transfer_of
from santong.payments.services.lock import lock_keys
from santong.payments.services.open_intent import new_reference
from santong.payments.services.post_many import post_many
from santong.payments.services.signature import signature

LONGEST_RECEIVER: Final = 200


@all_or_nothing
def queue_transfers(
    *, merchant_id: int, source: str, wanted: Sequence[NewTransfer], now: datetime
) -> list[Transfer | DomainError]:
    """Queue money for parties out of what each may be paid; once for source and key.

    In the order given each is queued, or its place says why not: FieldInvalid, CardNumberSeen,
    NoSuch, MoreThanPayable, MoreThanLeft, PaymentAccountClosed or IntentKeyTaken. It leaves
    `payable` now, so that nothing is sent twice; providers are called after the commit. How it
    ends is told.

    Locks the parties' accounts of the ledger, then tenders.
    """
    refused = {place: no for place, new in enumerate(wanted) if (no := _malformed(source, new))}
    sound = [new for place, new in enumerate(wanted) if place not in refused]
    known = _look(merchant_id, source, sound)
    found = [refused.get(place) or _decide(known, new, now) for place, new in enumerate(wanted)]
    _write(known, now)
    return [row if isinstance(row, DomainError) else transfer_of(row) for row in found]


def receiver_place(reference: str) -> str:
    """Where a receiver's name at the provider is sealed to."""
    return f"payments.receiver:{reference}"


@dataclass(slots=True, kw_only=True)
class _Known:
    """What transfers come out of, locked: `payable` and `left` are what is left of it so far."""

    merchant_id: int
    source: str
    account_by_code: dict[str, PaymentAccount]
    tender_by_id: dict[int, Tender]
    row_by_key: dict[str, Row]
    payable: dict[AccountKey, int]
    left: dict[int, int]
    queued: list[Row] = field(default_factory=list[Row])


def _malformed(source: str, new: NewTransfer) -> DomainError | None:
    try:
        check_text(source, most=LONGEST_SOURCE, pointer="/source", least=1)
        check_text(new.key, most=LONGEST_KEY, pointer="/key", least=1)
        check_text(new.account_code, most=LONGEST_CODE, pointer="/account_code", least=1)
        check_text(new.party, most=LONGEST_OWNER, pointer="/party", least=1)
        check_text(new.receiver, most=LONGEST_RECEIVER, pointer="/receiver", least=1)
        check_no_card(new.receiver, pointer="/receiver")
        check_text(new.reason, most=LONGEST_REASON, pointer="/reason", least=1)
        check_amount(new.amount_minor, pointer="/amount_minor")
    except DomainError as refusal:
        return refusal
    return None


def _look(merchant_id: int, source: str, wanted: Sequence[NewTransfer]) -> _Known:
    accounts = PaymentAccount.objects.of_merchant(merchant_id)
    tender_ids = {new.tender_id for new in wanted if new.tender_id is not None}
    payable = list(dict.fromkeys(_payable(new) for new in wanted))
    # Whoever sends something to these parties waits here; then what was queued can be seen.
    lock_keys(merchant_id=merchant_id, accounts=payable)
    before = Row.objects.of_merchant(merchant_id).filter(
        source=source, key__in=[new.key for new in wanted]
    )
    stands = balances(merchant_id=merchant_id, accounts=payable)
    # Whoever shares out of these payments, or gives them back, waits here.
    tenders = Tender.objects.of_merchant(merchant_id).filter(id__in=tender_ids).lock()
    tender_by_id = {row.id: row for row in tenders} if tender_ids else {}
    return _Known(
        merchant_id=merchant_id,
        source=source,
        account_by_code={
            row.code: row for row in accounts.filter(code__in={new.account_code for new in wanted})
        },
        tender_by_id=tender_by_id,
        row_by_key={row.key: row for row in before.select_related("account")},
        payable={account: stands[account].posted for account in payable},
        left=left_of_tenders(merchant_id=merchant_id, tender_ids=tender_by_id),
    )


def _decide(known: _Known, new: NewTransfer, now: datetime) -> Row | DomainError:
    """The transfer that there is or will be, or why there is none."""
    account = _account(known, new)
    if isinstance(account, DomainError):
        return account
    content = _content_of(new)
    row = known.row_by_key.get(new.key)
    if row is not None:
        return row if row.request_hash == content else IntentKeyTaken(key=new.key)
    short = _short(known, new)
    if short is not None:
        return short
    known.payable[_payable(new)] -= new.amount_minor
    if new.tender_id is not None:
        left = known.left[new.tender_id] - new.amount_minor
        known.left[new.tender_id] = 0 if new.is_last_share else left
    row = known.row_by_key[new.key] = _row(known, new, account, content, now)
    known.queued.append(row)
    return row


def _short(known: _Known, new: NewTransfer) -> DomainError | None:
    payable = known.payable[_payable(new)]
    if new.amount_minor > payable:
        return MoreThanPayable(
            party=new.party, wanted_minor=new.amount_minor, payable_minor=payable
        )
    if new.tender_id is None or new.amount_minor <= known.left[new.tender_id]:
        return None
    return MoreThanLeft(
        tender_id=str(new.tender_id),
        wanted_minor=new.amount_minor,
        left_minor=known.left[new.tender_id],
    )


def _account(known: _Known, new: NewTransfer) -> PaymentAccount | DomainError:
    account = known.account_by_code.get(new.account_code)
    if account is None:
        return NoSuch(kind="payment_account", key=new.account_code)
    if not account.is_open:
        return PaymentAccountClosed(account_code=account.code)
    if account.currency != new.currency:
        return FieldInvalid(pointer="/currency", reason="another than the account's")
    if new.tender_id is None:
        return account
    tender = known.tender_by_id.get(new.tender_id)
    if tender is None or tender.account_id != account.id or tender.state != "captured":
        return FieldInvalid(pointer="/tender_id", reason="no money came in by it at this account")
    return account


def _row(
    known: _Known, new: NewTransfer, account: PaymentAccount, content: str, now: datetime
) -> Row:
    reference = new_reference(now)
    return Row(
        merchant_id=known.merchant_id,
        source=known.source,
        key=new.key,
        request_hash=content,
        account=account,
        tender_id=new.tender_id,
        is_last_share=new.is_last_share,
        party=new.party,
        receiver_sealed=crypto.encrypt(
            merchant_id=known.merchant_id,
            plain=new.receiver.encode(),
            place=receiver_place(reference),
        ),
        reference=reference,
        currency=new.currency,
        amount_minor=new.amount_minor,
        reason=new.reason,
        state="queued",
        queued_at=now,
        actor=signature(),
    )


def _write(known: _Known, now: datetime) -> None:
    rows = Row.objects.bulk_create(known.queued)
    post_many(
        merchant_id=known.merchant_id,
        source=SOURCE,
        txns=[_txn(row, now) for row in rows],
        now=now,
    )
    Work.objects.bulk_create(
        Work(
            merchant_id=known.merchant_id,
            account=row.account,
            about="transfer",
            subject_id=row.id,
            step="transfer",
            due_at=now,
        )
        for row in rows
    )
    audit.record(*map(_queued, rows), now=now)


def _txn(row: Row, now: datetime) -> NewTxn:
    return NewTxn(
        key=f"sent:{row.reference}",
        kind="sent",
        entries=sent_out(
            currency=row.currency,
            account=row.account.code,
            party=row.party,
            amount_minor=row.amount_minor,
        ),
        occurred_at=now,
        reference=f"transfer:{row.id}",
    )


def _payable(new: NewTransfer) -> AccountKey:
    return payable_account(currency=new.currency, party=new.party)


def _content_of(new: NewTransfer) -> str:
    said = f"{new.account_code}|{new.party}|{new.amount_minor}|{new.currency}|{new.tender_id or ''}"
    return hashlib.sha256(said.encode()).hexdigest()


def _queued(row: Row) -> audit.Change:
    return audit.Change(
        action="payments.transfer",
        subject="payment_transfer",
        subject_id=row.id,
        reason=row.reason,
        after={"party": row.party, "amount_minor": row.amount_minor, "state": "queued"},
    )
