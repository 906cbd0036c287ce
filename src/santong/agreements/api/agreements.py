"""Agreements over HTTP: offered, accepted, superseded, given up, checked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema, Status
from pydantic import Field

from santong.agreements import contracts
from santong.agreements.api.routes import (
    AgreementTermOut,
    Body,
    BreachOut,
    Code,
    Days,
    Document,
    Limit,
    Minor,
    Reason,
    Terms,
    breach_shown,
    router,
    term_shown,
    terms_in,
)
from santong.agreements.errors import AgreementPassed
from santong.agreements.selectors.agreements import agreement_by_id, agreements_page
from santong.agreements.selectors.links import has_page, page_path, token_of
from santong.agreements.selectors.papers import paper_of
from santong.agreements.selectors.verification import verify_agreement
from santong.agreements.services import accept as accepting
from santong.agreements.services import cancel as cancelling
from santong.agreements.services import offer as offering
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of


class AgreementBuyerIn(Body):
    """Whom it is offered to; kept sealed, and shown to nobody by this API."""

    name: Annotated[str, Field(max_length=100)] = ""
    phone: Annotated[str, Field(max_length=30)] = ""


class NewAgreementIn(Body):
    """Terms for a document. An order says itself what it comes to; others need a total."""

    document: Document
    terms: Terms
    total_minor: Minor = 1
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "CNY"
    category: contracts.Category = "other"
    template_code: Code = ""
    template_version: Annotated[int, Field(strict=True, ge=0, le=100_000)] = 0
    location_id: Annotated[str, Field(max_length=20)] | None = None
    buyer: AgreementBuyerIn = AgreementBuyerIn()
    offer_days: Days | None = None


class SupersedeIn(Body):
    terms: Terms
    offer_days: Days | None = None


class AcceptanceIn(Body):
    """How the buyer accepted, as at a checkout. `signed_in` is their log-in there."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    signed_in: Annotated[str, Field(max_length=60)] = ""


class AgreementEndIn(Body):
    reason: Reason


class ChainLinkOut(Schema):
    """Where an accepted agreement stands in its merchant's chain."""

    number: int
    hash: str
    prev_hash: str
    linked_at: datetime


class ServiceAgreementOut(Schema):
    """What is promised beside the goods, and how it stands."""

    id: str
    number: int
    document: str
    version: int
    state: contracts.AgreementState
    category: contracts.Category
    template_code: str
    template_version: int
    currency: str
    total_minor: int
    timezone: str
    offered_at: datetime | None
    expires_at: datetime | None
    accepted_at: datetime | None
    accepted_how: contracts.How | None
    accepted_name: str
    ended_at: datetime | None
    end_reason: str
    claims_until: datetime | None
    supersedes_id: str | None
    superseded_by_id: str | None
    has_paper: bool
    link: ChainLinkOut | None
    terms: list[AgreementTermOut]
    breaches: list[BreachOut]


class OfferedOut(ServiceAgreementOut):
    """An offer with the path of its buyer's page."""

    path: str


class AgreementLinkOut(Schema):
    """Where the page of an agreement's buyer answers."""

    path: str


class AgreementFindingOut(Schema):
    """One thing that is not as it was accepted: where, what it was, what it is."""

    kind: contracts.FindingKind
    where: str
    expected: str
    found: str


class VerificationOut(Schema):
    """What checking came to. `is_unchanged` if rows, record, chain, paper and files agree."""

    is_unchanged: bool
    is_paper_there: bool
    is_erased: bool
    checked_at: datetime
    findings: list[AgreementFindingOut]


class AgreementFilter(Schema):
    document: Annotated[str, Field(max_length=60)] = ""
    state: contracts.AgreementState | None = None


@router.get("/agreements", response=Page[ServiceAgreementOut], auth=requires("agreements.view"))
def list_agreements(
    request: MerchantRequest,
    which: Query[AgreementFilter],
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Agreements, newest first."""
    rows = agreements_page(
        merchant_id=request.merchant_id,
        states=[which.state] if which.state else [],
        document=which.document,
        location_ids=request.actor.location_ids,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([shown(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post("/agreements", response={201: OfferedOut}, auth=requires("agreements.offer"))
def offer_agreement(request: MerchantRequest, response: HttpResponse, body: NewAgreementIn) -> Any:
    """Offer terms for a document. The buyer's page answers under `path`."""
    location_id = body.location_id and id_of(body.location_id, kind="location")
    made = offering.offer(
        merchant_id=request.merchant_id,
        new=contracts.NewAgreement(
            document=body.document,
            terms=terms_in(body.terms),
            total_minor=body.total_minor,
            currency=body.currency,
            category=body.category,
            template_code=body.template_code,
            template_version=body.template_version,
            location_id=location_id or None,
            buyer=contracts.Buyer(name=body.buyer.name, phone=body.buyer.phone),
        ),
        offer_days=body.offer_days,
        now=datetime.now(UTC),
    )
    return Status(201, _once(made, response))


@router.get(
    "/agreements/{agreement_id}", response=ServiceAgreementOut, auth=requires("agreements.view")
)
def get_agreement(request: MerchantRequest, agreement_id: str) -> Any:
    """One agreement."""
    return shown(seen(request, agreement_id))


@router.post(
    "/agreements/{agreement_id}/supersede",
    response={201: OfferedOut},
    auth=requires("agreements.offer"),
)
def supersede_agreement(
    request: MerchantRequest, response: HttpResponse, agreement_id: str, body: SupersedeIn
) -> Any:
    """Offer other terms for the same document; what was accepted holds until these are."""
    made = offering.supersede(
        merchant_id=request.merchant_id,
        agreement_id=seen(request, agreement_id).id,
        terms=terms_in(body.terms),
        offer_days=body.offer_days,
        now=datetime.now(UTC),
    )
    return Status(201, _once(made, response))


@router.post(
    "/agreements/{agreement_id}/link",
    response={201: OfferedOut},
    auth=requires("agreements.offer"),
)
def renew_agreement_link(
    request: MerchantRequest, response: HttpResponse, agreement_id: str
) -> Any:
    """Another link for the buyer; the one of before opens nothing any more."""
    made = offering.renew_link(
        merchant_id=request.merchant_id,
        agreement_id=seen(request, agreement_id).id,
        now=datetime.now(UTC),
    )
    return Status(201, _once(made, response))


@router.get(
    "/agreements/{agreement_id}/link", response=AgreementLinkOut, auth=requires("agreements.offer")
)
def get_agreement_link(request: MerchantRequest, response: HttpResponse, agreement_id: str) -> Any:
    """The buyer's link, which opens their page until it is renewed."""
    response["Cache-Control"] = "no-store"
    found = seen(request, agreement_id)
    if not has_page(found):
        raise AgreementPassed(state=found.state)
    token = token_of(merchant_id=request.merchant_id, agreement=found)
    return {"path": page_path(token=token)}


@router.post(
    "/agreements/{agreement_id}/accept",
    response=ServiceAgreementOut,
    auth=requires("agreements.offer"),
)
def accept_agreement(request: MerchantRequest, agreement_id: str, body: AcceptanceIn) -> Any:
    """Say that the buyer accepted at a checkout of the caller's."""
    return shown(
        accepting.accept(
            merchant_id=request.merchant_id,
            agreement_id=seen(request, agreement_id).id,
            acceptance=contracts.Acceptance(
                how="channel", name=body.name, signed_in=body.signed_in
            ),
            now=datetime.now(UTC),
        )
    )


@router.post(
    "/agreements/{agreement_id}/cancel",
    response=ServiceAgreementOut,
    auth=requires("agreements.handle"),
)
def cancel_agreement(request: MerchantRequest, agreement_id: str, body: AgreementEndIn) -> Any:
    """Give an offer or what was accepted up, with a reason."""
    return shown(
        cancelling.cancel(
            merchant_id=request.merchant_id,
            agreement_id=seen(request, agreement_id).id,
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


@router.get(
    "/agreements/{agreement_id}/verification",
    response=VerificationOut,
    auth=requires("agreements.view"),
)
def verify(request: MerchantRequest, agreement_id: str) -> Any:
    """Check rows, record, chain, paper and files; what has changed is said field by field."""
    return verify_agreement(
        merchant_id=request.merchant_id,
        agreement_id=seen(request, agreement_id).id,
        now=datetime.now(UTC),
    )


@router.get("/agreements/{agreement_id}/paper", auth=requires("agreements.view"))
def get_paper(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """The signed paper, as PDF."""
    asked: MerchantRequest = request  # type: ignore[assignment]
    found = seen(asked, agreement_id)
    paper = paper_of(merchant_id=asked.merchant_id, agreement_id=found.id)
    return HttpResponse(paper, content_type="application/pdf")


def seen(request: MerchantRequest, agreement_id: str) -> contracts.Agreement:
    """An agreement at the caller's places. Raises NoSuch."""
    return agreement_by_id(
        merchant_id=request.merchant_id,
        agreement_id=id_of(agreement_id, kind="agreement"),
        location_ids=request.actor.location_ids,
    )


def shown(row: contracts.Agreement) -> dict[str, Any]:
    """An agreement as the API shows it."""
    plain = (
        *("number", "document", "version", "state", "category", "template_code"),
        *("template_version", "currency", "total_minor", "timezone", "offered_at"),
        *("expires_at", "accepted_at", "accepted_how", "accepted_name", "ended_at"),
        *("end_reason", "claims_until", "link"),
    )
    return {
        **{name: getattr(row, name) for name in plain},
        "id": str(row.id),
        "supersedes_id": row.supersedes_id and str(row.supersedes_id),
        "superseded_by_id": row.superseded_by_id and str(row.superseded_by_id),
        "has_paper": row.paper_id is not None,
        "terms": [
            term_shown(term, currency=row.currency, outcome=outcome)
            for term, outcome in zip(row.terms, row.outcome_by_term, strict=True)
        ],
        "breaches": [breach_shown(each) for each in row.breaches],
    }


def _once(made: contracts.Offered, response: HttpResponse) -> dict[str, Any]:
    """An answer that holds a secret is not kept for a repeated command."""
    response["Cache-Control"] = "no-store"
    return {**shown(made.agreement), "path": page_path(token=made.token)}
