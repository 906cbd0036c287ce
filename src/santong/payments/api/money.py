"""Money over HTTP: asked for, captured, given back.

A provider is called after the answer: read the intent again to see what the buyer is to be shown.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from santong.kernel.errors import FieldInvalid, PermissionMissing
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.payments import contracts
from santong.payments.api.shapes import (
    IntentIn,
    IntentOut,
    NumberedTenderIn,
    PaymentAccountIn,
    PaymentAccountOut,
    PaymentAccountsOut,
    PaymentReasonIn,
    RefundConfirmIn,
    RefundIn,
    RefundOut,
    RefundRetryIn,
    account_out,
    intent_out,
    refund_out,
)
from santong.payments.providers.registry import PROVIDERS
from santong.payments.selectors.intents import intent_by_id, intents_page
from santong.payments.selectors.payment_accounts import payment_accounts
from santong.payments.selectors.refunds import refund_by_id, refunds_page
from santong.payments.services import add_tender as adding
from santong.payments.services import cancel_intent as cancelling
from santong.payments.services import capture_intent as capturing
from santong.payments.services import confirm_refund as confirming
from santong.payments.services import give_up_refund as giving_up
from santong.payments.services import open_intent as opening
from santong.payments.services import open_payment_account as accounts
from santong.payments.services import refund as refunding
from santong.payments.services import retry_refund as retrying

router = Router(tags=["payments"])


class IntentFilter(Schema):
    """Which intents."""

    state: contracts.IntentState | None = None
    document: Annotated[str | None, Field(max_length=contracts.LONGEST_DOCUMENT)] = None
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class RefundFilter(Schema):
    """Which refunds."""

    state: contracts.RefundState | None = None
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@router.get("/payments/intents", response=Page[IntentOut], auth=requires("payments.view"))
def list_intents(request: MerchantRequest, wanted: Query[IntentFilter]) -> Any:
    """Intents, newest first."""
    found = intents_page(
        merchant_id=_of_everywhere(request),
        state=wanted.state,
        document=wanted.document,
        below_id=before_id(wanted.cursor),
        limit=wanted.limit + 1,
    )
    return page_of(
        [intent_out(intent) for intent in found],
        limit=wanted.limit,
        ids=[intent.id for intent in found],
    )


@router.post("/payments/intents", response={201: IntentOut}, auth=requires("payments.take"))
def open_intent(request: MerchantRequest, body: IntentIn) -> Any:
    """Ask for money for a document that is not an order; an order's is asked for there."""
    if body.document.startswith("order:"):
        raise FieldInvalid(pointer="/document", reason="ask for an order's money at the order")
    now = datetime.now(UTC)
    tenders = tuple(tender.as_contract() for tender in body.tenders)
    intent = opening.open_intent(
        merchant_id=_of_everywhere(request),
        new=contracts.NewIntent(
            key=f"api:{request.headers['Idempotency-Key']}"[: contracts.LONGEST_KEY],
            document=body.document,
            currency=body.currency,
            amount_minor=body.amount_minor,
            subject=body.subject,
            expires_at=now + timedelta(minutes=body.expires_in_minutes),
            tenders=tenders,
            authorise_only=body.authorise_only,
            return_url=body.return_url,
        ),
        now=now,
    )
    return Status(201, intent_out(intent))


@router.get("/payments/intents/{intent_id}", response=IntentOut, auth=requires("payments.view"))
def read_intent(request: MerchantRequest, intent_id: str) -> Any:
    """One intent with its parts."""
    found = intent_by_id(
        merchant_id=_of_everywhere(request), intent_id=id_of(intent_id, kind="payment_intent")
    )
    return intent_out(found)


@router.post(
    "/payments/intents/{intent_id}/tenders", response=IntentOut, auth=requires("payments.take")
)
def add_tender(request: MerchantRequest, intent_id: str, body: NumberedTenderIn) -> Any:
    """One more part of an intent."""
    intent = adding.add_tender(
        merchant_id=_of_everywhere(request),
        intent_id=id_of(intent_id, kind="payment_intent"),
        number=body.number,
        new=body.as_contract(),
        now=datetime.now(UTC),
    )
    return intent_out(intent)


@router.post(
    "/payments/intents/{intent_id}/capture", response=IntentOut, auth=requires("payments.take")
)
def capture_intent(request: MerchantRequest, intent_id: str) -> Any:
    """Take what was authorised."""
    intent = capturing.capture_intent(
        merchant_id=_of_everywhere(request),
        intent_id=id_of(intent_id, kind="payment_intent"),
        now=datetime.now(UTC),
    )
    return intent_out(intent)


@router.post(
    "/payments/intents/{intent_id}/cancel", response=IntentOut, auth=requires("payments.take")
)
def cancel_intent(request: MerchantRequest, intent_id: str, body: PaymentReasonIn) -> Any:
    """Ask no longer."""
    intent = cancelling.cancel_intent(
        merchant_id=_of_everywhere(request),
        intent_id=id_of(intent_id, kind="payment_intent"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return intent_out(intent)


@router.get("/payments/refunds", response=Page[RefundOut], auth=requires("payments.view"))
def list_refunds(request: MerchantRequest, wanted: Query[RefundFilter]) -> Any:
    """Refunds, newest first."""
    found = refunds_page(
        merchant_id=_of_everywhere(request),
        states=(wanted.state,) if wanted.state else (),
        below_id=before_id(wanted.cursor),
        limit=wanted.limit + 1,
    )
    return page_of(
        [refund_out(refund) for refund in found],
        limit=wanted.limit,
        ids=[refund.id for refund in found],
    )


@router.post("/payments/refunds", response={201: RefundOut}, auth=requires("payments.refund"))
def refund(request: MerchantRequest, body: RefundIn) -> Any:
    """Give money of a document back, along the tenders by which it came in."""
    found = refunding.refund(
        merchant_id=_of_everywhere(request),
        document=body.document,
        key=f"api:{request.headers['Idempotency-Key']}"[: contracts.LONGEST_KEY],
        amount_minor=body.amount_minor,
        currency=body.currency,
        reason=body.reason,
        tender_id=_tender_id(body.tender_id),
        now=datetime.now(UTC),
    )
    return Status(201, refund_out(found))


@router.get("/payments/refunds/{refund_id}", response=RefundOut, auth=requires("payments.view"))
def read_refund(request: MerchantRequest, refund_id: str) -> Any:
    """One refund with its parts."""
    found = refund_by_id(
        merchant_id=_of_everywhere(request), refund_id=id_of(refund_id, kind="payment_refund")
    )
    return refund_out(found)


@router.post(
    "/payments/refunds/{refund_id}/retry", response=RefundOut, auth=requires("payments.refund")
)
def retry_refund(request: MerchantRequest, refund_id: str, body: RefundRetryIn) -> Any:
    """Try again what a provider would not give back."""
    found = retrying.retry_refund(
        merchant_id=_of_everywhere(request),
        refund_id=id_of(refund_id, kind="payment_refund"),
        reason=body.reason,
        tender_id=_tender_id(body.tender_id),
        now=datetime.now(UTC),
    )
    return refund_out(found)


@router.post(
    "/payments/refunds/{refund_id}/give-up", response=RefundOut, auth=requires("payments.refund")
)
def give_up_refund(request: MerchantRequest, refund_id: str, body: PaymentReasonIn) -> Any:
    """Leave it at what went back: the rest was settled otherwise, or is not owed."""
    found = giving_up.give_up_refund(
        merchant_id=_of_everywhere(request),
        refund_id=id_of(refund_id, kind="payment_refund"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return refund_out(found)


@router.post(
    "/payments/refund-parts/{part_id}/confirm",
    response=RefundOut,
    auth=requires("payments.handle"),
)
def confirm_refund(request: MerchantRequest, part_id: str, body: RefundConfirmIn) -> Any:
    """Say whether a channel has given back what it collected."""
    found = confirming.confirm_refund(
        merchant_id=_of_everywhere(request),
        part_id=id_of(part_id, kind="refund_part"),
        went=body.went,
        their_reference=body.their_reference,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return refund_out(found)


@router.get("/payments/accounts", response=PaymentAccountsOut, auth=requires("payments.view"))
def list_accounts(request: MerchantRequest) -> Any:
    """Where money comes in."""
    found = payment_accounts(merchant_id=_of_everywhere(request))
    return PaymentAccountsOut(items=[account_out(account) for account in found])


@router.post(
    "/payments/accounts", response={201: PaymentAccountOut}, auth=requires("payments.edit")
)
def open_account(request: MerchantRequest, body: PaymentAccountIn) -> Any:
    """Open a payment account at a provider."""
    if body.provider not in PROVIDERS:
        raise FieldInvalid(pointer="/provider", reason=f"one of {', '.join(PROVIDERS)}")
    found = accounts.open_payment_account(
        merchant_id=_of_everywhere(request),
        code=body.code,
        provider=body.provider,
        method=body.method,
        name=body.name,
        currency=body.currency,
        settings=body.settings,
        secrets=body.secrets,
        fee_per_million=body.fee_per_million,
        now=datetime.now(UTC),
    )
    return Status(201, account_out(found))


def _tender_id(text: str | None) -> int | None:
    return id_of(text, kind="tender") if text else None


def _of_everywhere(request: MerchantRequest) -> int:
    """The merchant, for whoever works at no single place. Raises PermissionMissing.

    Where a document belongs is not known here: who works at a store asks for the money of the
    store's orders at the orders.
    """
    if request.actor.location_ids is not None:
        raise PermissionMissing(permission="payments")
    return request.merchant_id
