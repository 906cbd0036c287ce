"""Claims against carriers and suppliers: opened, handed in, answered, paid."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from santong.aftersales import contracts
from santong.aftersales.errors import ClaimPassed, KeyTaken
from santong.aftersales.events import CarrierClaimChanged
from santong.aftersales.models import Case, Claim
from santong.aftersales.rules import states
from santong.aftersales.rules.fields import check_key, clean_reason
from santong.aftersales.services.signature import signature
from santong.kernel import audit, outbox
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.payments import public as payments

MOST_MINOR: Final = 10**11
LONGEST_CODE: Final = 60


@all_or_nothing
def open_claim(*, merchant_id: int, new: contracts.NewClaim, now: datetime) -> contracts.Claim:
    """Ask a carrier or a supplier for something, once for its key.

    Raises NoSuch (case, order), FieldInvalid, KeyTaken. Emits CarrierClaimChanged.
    """
    _check(merchant_id, new)
    first = Claim.objects.of_merchant(merchant_id).filter(key=new.key).first()
    if first is not None:
        if (first.amount_minor, first.party_code) != (new.amount_minor, new.party_code):
            raise KeyTaken(key=new.key)
        answered: contracts.Claim = first.as_contract()
        return answered
    row = Claim.objects.create(
        merchant_id=merchant_id,
        key=new.key,
        party=new.party,
        party_code=new.party_code.strip(),
        what=new.what,
        state="open",
        amount_minor=new.amount_minor,
        currency=new.currency,
        reason=clean_reason(new.reason),
        deadline_on=new.deadline_on,
        case_id=new.case_id,
        order_id=new.order_id,
        parcel_number=new.parcel_number.strip(),
        opened_at=now,
        opened_by=signature(),
    )
    _tell(row, before="", reason=row.reason, now=now)
    opened: contracts.Claim = row.as_contract()
    return opened


@all_or_nothing
def submit_claim(*, merchant_id: int, claim_id: int, reason: str, now: datetime) -> contracts.Claim:
    """It was handed in, or contested. Raises NoSuch, ClaimPassed, FieldInvalid."""

    def change(row: Claim) -> None:
        row.submitted_at, row.ended_at = row.submitted_at or now, None

    return _step(merchant_id, claim_id, "submitted", reason=reason, now=now, change=change)


@all_or_nothing
def grant_claim(
    *, merchant_id: int, claim_id: int, granted_minor: int, reason: str, now: datetime
) -> contracts.Claim:
    """So much of it was granted. Raises NoSuch, ClaimPassed, FieldInvalid."""
    _check_amount(granted_minor, pointer="/granted_minor")

    def change(row: Claim) -> None:
        row.granted_minor, row.answer = granted_minor, clean_reason(reason)

    return _step(merchant_id, claim_id, "accepted", reason=reason, now=now, change=change)


@all_or_nothing
def refuse_claim(*, merchant_id: int, claim_id: int, reason: str, now: datetime) -> contracts.Claim:
    """They will not pay. It can be contested. Raises NoSuch, ClaimPassed, FieldInvalid."""

    def change(row: Claim) -> None:
        row.answer, row.ended_at = clean_reason(reason), now

    return _step(merchant_id, claim_id, "refused", reason=reason, now=now, change=change)


@all_or_nothing
def record_claim_money(
    *,
    merchant_id: int,
    claim_id: int,
    received_minor: int,
    document: str,
    account_code: str,
    now: datetime,
) -> contracts.Claim:
    """The money has come to one of our accounts, under a document that says so.

    It is booked in the ledger, under the claim's number: the account has it, and the costs that it
    makes good are so much less. It pays for no document of a buyer's.

    Raises NoSuch (claim, payment account), ClaimPassed, FieldInvalid. Emits CarrierClaimChanged.
    Locks the claim, then the payment account.
    """
    _check_amount(received_minor, pointer="/received_minor")
    if not 0 < len(document.strip()) <= 80:  # noqa: PLR2004  the column
        raise FieldInvalid(pointer="/document", reason="what says that the money has come")

    def change(row: Claim) -> None:
        row.received_minor, row.received_document = received_minor, document.strip()
        row.received_at_account = account_code
        row.granted_minor = row.granted_minor or received_minor
        row.ended_at = now

    paid = _step(merchant_id, claim_id, "paid", reason="the money has come", now=now, change=change)
    payments.record_claim_paid(
        merchant_id=merchant_id,
        account_code=account_code,
        party=f"{paid.party}:{paid.party_code}",
        reference=paid.number,
        their_reference=paid.received_document,
        amount_minor=received_minor,
        currency=paid.currency,
        moved_at=now,
        reason=f"claim {paid.number}: {paid.what}",
        now=now,
    )
    return paid


@all_or_nothing
def withdraw_claim(
    *, merchant_id: int, claim_id: int, reason: str, now: datetime
) -> contracts.Claim:
    """It is not pursued. Raises NoSuch, ClaimPassed, FieldInvalid."""

    def change(row: Claim) -> None:
        row.ended_at = now

    return _step(merchant_id, claim_id, "withdrawn", reason=reason, now=now, change=change)


def _check(merchant_id: int, new: contracts.NewClaim) -> None:
    check_key(new.key)
    _check_amount(new.amount_minor, pointer="/amount_minor")
    _among(new.party, contracts.CLAIM_PARTIES, pointer="/party")
    _among(new.what, contracts.CLAIM_WHATS, pointer="/what")
    if not 0 < len(new.party_code.strip()) <= LONGEST_CODE:
        raise FieldInvalid(pointer="/party_code", reason=f"1 to {LONGEST_CODE} characters")
    if len(new.parcel_number) > LONGEST_CODE:
        raise FieldInvalid(pointer="/parcel_number", reason=f"at most {LONGEST_CODE} characters")
    if len(new.currency) != 3 or not new.currency.isupper():  # noqa: PLR2004  ISO 4217
        raise FieldInvalid(pointer="/currency", reason="three capital letters")
    if new.case_id is not None:
        known = Case.objects.of_merchant(merchant_id).filter(id=new.case_id)
        if not known.exists():
            raise NoSuch(kind="case", key=str(new.case_id))
    if new.order_id is not None:
        orders.order_by_id(merchant_id=merchant_id, order_id=new.order_id)


def _among(word: str, known: Collection[str], *, pointer: str) -> None:
    if word not in known:
        raise FieldInvalid(pointer=pointer, reason=f"one of {', '.join(known)}")


def _check_amount(amount_minor: int, *, pointer: str) -> None:
    if not 0 < amount_minor <= MOST_MINOR:
        raise FieldInvalid(pointer=pointer, reason=f"1 to {MOST_MINOR}")


def _step(
    merchant_id: int,
    claim_id: int,
    to: str,
    *,
    reason: str,
    now: datetime,
    change: Callable[[Claim], None],
) -> contracts.Claim:
    row: Claim | None = Claim.objects.of_merchant(merchant_id).filter(id=claim_id).lock().first()
    if row is None:
        raise NoSuch(kind="claim", key=str(claim_id))
    before = row.state
    if to not in states.CLAIM[before]:
        raise ClaimPassed(claim=row.number, state=before, wanted=to)
    row.state = to
    change(row)
    row.save()
    _tell(row, before=before, reason=clean_reason(reason), now=now)
    return row.as_contract()


def _tell(row: Claim, *, before: str, reason: str, now: datetime) -> None:
    audit.record(
        audit.Change(
            action=f"aftersales.claim_{row.state}",
            subject="carrier_claim",
            subject_id=row.id,
            reason=reason,
            before={"state": before},
            after={"state": row.state, "received_minor": row.received_minor},
        ),
        now=now,
    )
    outbox.publish(
        CarrierClaimChanged(
            claim_id=row.id,
            number=row.number,
            party=row.party,
            party_code=row.party_code,
            state=row.state,
            currency=row.currency,
            amount_minor=row.amount_minor,
            granted_minor=row.granted_minor,
            received_minor=row.received_minor,
        ),
        now=now,
    )
