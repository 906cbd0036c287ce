"""Claims against carriers and suppliers over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Header, Query, Schema, Status
from pydantic import Field

from santong.aftersales import contracts
from santong.aftersales.api.routes import (
    Body,
    CaseReasonIn,
    Code,
    Limit,
    Minor,
    Why,
    fields,
    router,
)
from santong.aftersales.selectors.claims import claim_by_id, claim_sums, claims_page
from santong.aftersales.services import go_on_claim as claiming
from santong.evidence import public as evidence
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of

IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key")]


class CarrierClaimOut(Schema):
    """A claim: what was asked, what was granted, what has come in."""

    id: str
    number: str
    party: contracts.ClaimParty
    party_code: str
    what: contracts.ClaimWhat
    state: contracts.ClaimState
    amount_minor: int
    granted_minor: int
    received_minor: int
    currency: str
    reason: str
    deadline_on: date | None
    case_id: str | None
    order_id: str | None
    parcel_number: str
    opened_at: datetime
    opened_by: str
    submitted_at: datetime | None
    ended_at: datetime | None
    answer: str
    received_document: str
    received_at_account: str
    age_days: int


class CarrierClaimSumOut(Schema):
    """What claims of one party come to."""

    party: contracts.ClaimParty
    party_code: str
    currency: str
    claims: int
    asked_minor: int
    granted_minor: int
    received_minor: int


class CarrierClaimIn(Body):
    """What is asked of whom."""

    party: contracts.ClaimParty
    party_code: Code
    what: contracts.ClaimWhat
    amount_minor: Minor
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    reason: Why
    deadline_on: date | None = None
    case_id: str | None = None
    order_id: str | None = None
    parcel_number: Annotated[str, Field(max_length=60)] = ""


class GrantedIn(Body):
    """What was granted."""

    granted_minor: Minor
    reason: Why


class ClaimMoneyIn(Body):
    """What came in, at which of our accounts, and the document that says so."""

    received_minor: Minor
    account_code: Code
    document: Annotated[str, Field(min_length=1, max_length=80)]


@router.get("/carrier-claims", response=Page[CarrierClaimOut], auth=requires("claims.handle"))
def list_carrier_claims(
    request: MerchantRequest,
    state: contracts.ClaimState | None = None,
    cursor: Annotated[str | None, Query()] = None,
    limit: Limit = 50,
) -> Any:
    """Claims, newest first."""
    rows = claims_page(
        merchant_id=request.merchant_id,
        state=state or "",
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([_shown(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.get(
    "/carrier-claims/sums", response=list[CarrierClaimSumOut], auth=requires("claims.handle")
)
def list_carrier_claim_sums(request: MerchantRequest) -> Any:
    """What claims of each party come to."""
    return [fields(row) for row in claim_sums(merchant_id=request.merchant_id)]


@router.get("/carrier-claims/{claim_id}", response=CarrierClaimOut, auth=requires("claims.handle"))
def show_carrier_claim(request: MerchantRequest, claim_id: str) -> Any:
    """One claim."""
    return _shown(_claim(request, claim_id))


@router.post("/carrier-claims", response={201: CarrierClaimOut}, auth=requires("claims.handle"))
def open_carrier_claim(
    request: MerchantRequest, body: CarrierClaimIn, idempotency_key: IdempotencyKey
) -> Any:
    """Ask a carrier or a supplier for something."""
    said = body.dict()
    said["case_id"] = id_of(body.case_id, kind="case") if body.case_id else None
    said["order_id"] = id_of(body.order_id, kind="order") if body.order_id else None
    row = claiming.open_claim(
        merchant_id=request.merchant_id,
        new=contracts.NewClaim(**said, key=f"api:{idempotency_key}"[: contracts.LONGEST_KEY]),
        now=datetime.now(UTC),
    )
    return Status(201, _shown(row))


@router.post(
    "/carrier-claims/{claim_id}/submit", response=CarrierClaimOut, auth=requires("claims.handle")
)
def submit_carrier_claim(request: MerchantRequest, claim_id: str, body: CaseReasonIn) -> Any:
    """It was handed in, or contested."""
    return _shown(claiming.submit_claim(**_of(request, claim_id), reason=body.reason))


@router.post(
    "/carrier-claims/{claim_id}/grant", response=CarrierClaimOut, auth=requires("claims.handle")
)
def grant_carrier_claim(request: MerchantRequest, claim_id: str, body: GrantedIn) -> Any:
    """So much was granted."""
    row = claiming.grant_claim(
        **_of(request, claim_id), granted_minor=body.granted_minor, reason=body.reason
    )
    return _shown(row)


@router.post(
    "/carrier-claims/{claim_id}/refuse", response=CarrierClaimOut, auth=requires("claims.handle")
)
def refuse_carrier_claim(request: MerchantRequest, claim_id: str, body: CaseReasonIn) -> Any:
    """They will not pay."""
    return _shown(claiming.refuse_claim(**_of(request, claim_id), reason=body.reason))


@router.post(
    "/carrier-claims/{claim_id}/money", response=CarrierClaimOut, auth=requires("claims.handle")
)
def record_carrier_claim_money(request: MerchantRequest, claim_id: str, body: ClaimMoneyIn) -> Any:
    """The money has come."""
    row = claiming.record_claim_money(
        **_of(request, claim_id),
        received_minor=body.received_minor,
        document=body.document,
        account_code=body.account_code,
    )
    return _shown(row)


@router.post(
    "/carrier-claims/{claim_id}/withdraw", response=CarrierClaimOut, auth=requires("claims.handle")
)
def withdraw_carrier_claim(request: MerchantRequest, claim_id: str, body: CaseReasonIn) -> Any:
    """It is not pursued."""
    return _shown(claiming.withdraw_claim(**_of(request, claim_id), reason=body.reason))


def _shown(row: contracts.Claim) -> dict[str, Any]:
    return fields(row, age_days=row.age_days(datetime.now(UTC)))


def _claim(request: MerchantRequest, claim_id: str) -> contracts.Claim:
    return claim_by_id(merchant_id=request.merchant_id, claim_id=id_of(claim_id, kind="claim"))


def _of(request: MerchantRequest, claim_id: str) -> dict[str, Any]:
    claim = _claim(request, claim_id)
    return {"merchant_id": request.merchant_id, "claim_id": claim.id, "now": datetime.now(UTC)}


def _subject(request: MerchantRequest, claim_id: str) -> str:
    return f"claim:{_claim(request, claim_id).id}"


evidence.evidence_endpoints(
    router=router,
    path="/carrier-claims/{claim_id}",
    thing="carrier_claim",
    view="claims.handle",
    edit="claims.handle",
    subject_of=_subject,
)
