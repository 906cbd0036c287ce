"""One more part of an intent."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import MOST_TENDERS, Intent, NewIntent, NewTender, Seen
from santong.payments.errors import IntentPassed, MoreThanAsked, PaymentAccountClosed
from santong.payments.models import Intent as IntentRow
from santong.payments.models import PaymentAccount, Tender, Work
from santong.payments.rules.intents import check_tender
from santong.payments.selectors.intents import intent_by_id
from santong.payments.services.open_intent import new_reference, sealed_token
from santong.payments.services.take_here import here, settle_here


@all_or_nothing
def add_tender(
    *,
    merchant_id: int,
    intent_id: int,
    number: int,
    new: NewTender,
    now: datetime,
    seen: Seen | None = None,
) -> Intent:
    """Add a part to an open intent; the same number with the same content is the same part.

    `number` is one more than the parts that it has. Parts that failed or were closed leave room
    for others. `seen` is what is known already.

    Raises FieldInvalid, CardNumberSeen, NoSuch, IntentPassed, MoreThanAsked,
    PaymentAccountClosed. Emits MoneyReceived. Locks the intent, then accounts of the ledger.
    """
    check_tender(new)
    row = _locked(merchant_id, intent_id)
    if _is_there(row, number, new):
        return intent_by_id(merchant_id=merchant_id, intent_id=intent_id)
    account = _account(merchant_id, new.account_code, row)
    _check_room(row, number, new, now)
    reference = new_reference(now)
    is_here = account.provider in here()
    sealed = None if is_here else sealed_token(merchant_id, reference, new.token)
    tender = Tender.objects.create(
        merchant_id=merchant_id,
        intent=row,
        account=account,
        number=number,
        reference=reference,
        amount_minor=new.amount_minor,
        state="asked",
        way=new.way,
        token_sealed=bytes.fromhex(sealed.removeprefix("\\x")) if sealed else None,
        change_minor=new.change_minor,
        instalments=new.instalments,
        asked_at=now,
    )
    row.planned_minor += new.amount_minor
    row.tenders_made = number
    row.save(update_fields=["planned_minor", "tenders_made"])
    audit.record(_added(row, account, new), now=now)
    if seen is None and not is_here:
        Work.objects.create(
            merchant_id=merchant_id,
            account=account,
            about="payment",
            subject_id=tender.id,
            step="ask",
            due_at=now,
        )
    else:
        settle_here(
            merchant_id=merchant_id,
            reference=reference,
            new=new,
            provider=account.provider,
            intent=_as_new(row),
            seen=seen,
            now=now,
        )
    return intent_by_id(merchant_id=merchant_id, intent_id=intent_id)


def _locked(merchant_id: int, intent_id: int) -> IntentRow:
    row = IntentRow.objects.of_merchant(merchant_id).filter(id=intent_id).lock().first()
    if row is None:
        raise NoSuch(kind="payment_intent", key=str(intent_id))
    return row


def _is_there(row: IntentRow, number: int, new: NewTender) -> bool:
    if number > row.tenders_made:
        return False
    tenders = Tender.objects.of_merchant(row.merchant_id).select_related("account")
    before = tenders.get(intent=row, number=number)
    was = (before.account.code, before.amount_minor, before.instalments)
    if was != (new.account_code, new.amount_minor, new.instalments):
        raise FieldInvalid(pointer="/number", reason="stands for another part")
    return True


def _account(merchant_id: int, code: str, row: IntentRow) -> PaymentAccount:
    account = PaymentAccount.objects.of_merchant(merchant_id).filter(code=code).first()
    if account is None:
        raise NoSuch(kind="payment_account", key=code)
    if not account.is_open:
        raise PaymentAccountClosed(account_code=code)
    if account.currency != row.currency:
        raise FieldInvalid(pointer="/account_code", reason="other currency")
    return account


def _check_room(row: IntentRow, number: int, new: NewTender, now: datetime) -> None:
    if row.state != "open" or row.expires_at <= now:
        raise IntentPassed(intent_id=str(row.id), state=row.state)
    if number != row.tenders_made + 1 or number > MOST_TENDERS * 4:
        raise FieldInvalid(pointer="/number", reason=f"the next is {row.tenders_made + 1}")
    left = row.amount_minor - row.planned_minor
    if new.amount_minor > left:
        raise MoreThanAsked(
            intent_id=str(row.id), wanted_minor=new.amount_minor, left_minor=max(0, left)
        )


def _as_new(row: IntentRow) -> NewIntent:
    return NewIntent(
        key=row.key,
        document=row.document,
        currency=row.currency,
        amount_minor=row.amount_minor,
        subject=row.subject,
        expires_at=row.expires_at,
        authorise_only=row.authorise_only,
    )


def _added(row: IntentRow, account: PaymentAccount, new: NewTender) -> audit.Change:
    return audit.Change(
        action="payments.add_tender",
        subject="payment_intent",
        subject_id=row.id,
        reason=row.document,
        after={"account": account.code, "amount_minor": new.amount_minor},
    )
