"""What payments look like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from santong.payments import contracts

Minor = Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_MINOR)]
Setting = Annotated[str, Field(max_length=8000)]
Text = Annotated[str, Field(min_length=1, max_length=120)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class TenderIn(Body):
    """One part of what is to be paid."""

    account_code: Annotated[str, Field(min_length=1, max_length=40)]
    amount_minor: Minor
    way: contracts.Way = "qr"
    token: Annotated[str, Field(max_length=512)] = ""
    change_minor: Annotated[int, Field(strict=True, ge=0, le=contracts.MOST_MINOR)] = 0
    instalments: Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_INSTALMENTS)] = 1

    def as_contract(self) -> contracts.NewTender:
        """As the service takes it."""
        return contracts.NewTender(
            account_code=self.account_code,
            amount_minor=self.amount_minor,
            way=self.way,
            token=self.token,
            change_minor=self.change_minor,
            instalments=self.instalments,
        )


class IntentIn(Body):
    """Ask for money for a document."""

    document: Annotated[str, Field(min_length=3, max_length=contracts.LONGEST_DOCUMENT)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    amount_minor: Minor
    subject: Text
    tenders: Annotated[
        list[TenderIn], Field(default_factory=list, max_length=contracts.MOST_TENDERS)
    ]
    authorise_only: bool = False
    expires_in_minutes: Annotated[int, Field(strict=True, ge=1, le=60 * 24 * 7)] = 30
    return_url: Annotated[str, Field(max_length=500)] = ""


class NumberedTenderIn(TenderIn):
    """One more part of an intent: `number` is one more than it has."""

    number: Annotated[int, Field(strict=True, ge=1, le=1000)]


class PaymentReasonIn(Body):
    """Why somebody asks."""

    reason: Text


class RefundIn(Body):
    """Give money of a document back."""

    document: Annotated[str, Field(min_length=3, max_length=contracts.LONGEST_DOCUMENT)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    amount_minor: Minor
    reason: Text
    tender_id: str | None = None


class RefundRetryIn(Body):
    """Try what failed again, along one tender or as it is planned."""

    reason: Text
    tender_id: str | None = None


class RefundConfirmIn(Body):
    """Whether a channel has given the money back."""

    went: bool
    their_reference: Annotated[str, Field(max_length=contracts.LONGEST_THEIR_REFERENCE)] = ""
    reason: Annotated[str, Field(max_length=120)] = ""


class PaymentAccountIn(Body):
    """A payment account; what is secret of it is never shown again."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    provider: Annotated[str, Field(min_length=1, max_length=40)]
    method: contracts.Method
    name: Annotated[str, Field(min_length=1, max_length=100)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    settings: Annotated[dict[str, Setting], Field(default_factory=dict)]
    secrets: Annotated[dict[str, Setting], Field(default_factory=dict)]
    fee_per_million: Annotated[int, Field(strict=True, ge=0, le=200_000)] = 0


class TenderOut(Schema):
    """One part of an intent. `payload` is what the buyer is shown."""

    id: str
    number: int
    account_code: str
    provider: str
    method: str
    way: str
    reference: str
    their_reference: str
    amount_minor: int
    state: str
    captured_minor: int
    refunded_minor: int
    refundable_minor: int
    change_minor: int
    instalments: int
    is_late: bool
    why: str
    payload: str
    captured_at: datetime | None


class IntentOut(Schema):
    """What is to be paid, what came in and what went back."""

    id: str
    document: str
    subject: str
    currency: str
    amount_minor: int
    state: str
    received_minor: int
    refunded_minor: int
    authorise_only: bool
    opened_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    tenders: list[TenderOut]


class RefundPartOut(Schema):
    """What goes back along one tender."""

    id: str
    tender_id: str
    account_code: str
    method: str
    reference: str
    their_reference: str
    amount_minor: int
    state: str
    why: str
    done_at: datetime | None


class RefundOut(Schema):
    """What goes back for a document."""

    id: str
    document: str
    currency: str
    amount_minor: int
    done_minor: int
    failed_minor: int
    given_up_minor: int
    reason: str
    state: str
    asked_at: datetime
    parts: list[RefundPartOut]


class PaymentAccountOut(Schema):
    """Where money comes in."""

    code: str
    provider: str
    method: str
    name: str
    currency: str
    is_open: bool
    fee_per_million: int


class PaymentAccountsOut(Schema):
    items: list[PaymentAccountOut]


def intent_out(intent: contracts.Intent) -> IntentOut:
    """An intent as HTTP shows it."""
    return IntentOut(
        id=str(intent.id),
        document=intent.document,
        subject=intent.subject,
        currency=intent.currency,
        amount_minor=intent.amount_minor,
        state=intent.state,
        received_minor=intent.received_minor,
        refunded_minor=intent.refunded_minor,
        authorise_only=intent.authorise_only,
        opened_at=intent.opened_at,
        expires_at=intent.expires_at,
        ended_at=intent.ended_at,
        tenders=[_tender(tender) for tender in intent.tenders],
    )


def _tender(tender: contracts.Tender) -> TenderOut:
    return TenderOut(
        id=str(tender.id),
        number=tender.number,
        account_code=tender.account_code,
        provider=tender.provider,
        method=tender.method,
        way=tender.way,
        reference=tender.reference,
        their_reference=tender.their_reference,
        amount_minor=tender.amount_minor,
        state=tender.state,
        captured_minor=tender.captured_minor,
        refunded_minor=tender.refunded_minor,
        refundable_minor=tender.refundable_minor,
        change_minor=tender.change_minor,
        instalments=tender.instalments,
        is_late=tender.is_late,
        why=tender.why,
        payload=tender.payload,
        captured_at=tender.captured_at,
    )


def refund_out(refund: contracts.Refund) -> RefundOut:
    """A refund as HTTP shows it."""
    return RefundOut(
        id=str(refund.id),
        document=refund.document,
        currency=refund.currency,
        amount_minor=refund.amount_minor,
        done_minor=refund.done_minor,
        failed_minor=refund.failed_minor,
        given_up_minor=refund.given_up_minor,
        reason=refund.reason,
        state=refund.state,
        asked_at=refund.asked_at,
        parts=[
            RefundPartOut(
                id=str(part.id),
                tender_id=str(part.tender_id),
                account_code=part.account_code,
                method=part.method,
                reference=part.reference,
                their_reference=part.their_reference,
                amount_minor=part.amount_minor,
                state=part.state,
                why=part.why,
                done_at=part.done_at,
            )
            for part in refund.parts
        ],
    )


def account_out(account: contracts.PaymentAccount) -> PaymentAccountOut:
    """An account as HTTP shows it."""
    return PaymentAccountOut(
        code=account.code,
        provider=account.provider,
        method=account.method,
        name=account.name,
        currency=account.currency,
        is_open=account.is_open,
        fee_per_million=account.fee_per_million,
    )
