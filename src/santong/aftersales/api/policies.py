"""What is granted after the sale, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from santong.aftersales import contracts
from santong.aftersales.api.routes import Body, MinorOrNothing, Why, fields, router
from santong.aftersales.contracts.policies import Replaced
from santong.aftersales.selectors.policies import current_policy, current_warranty
from santong.aftersales.services.publish_policy import publish_policy, publish_warranty
from santong.kernel.http.auth import MerchantRequest, requires

Days = Annotated[int, Field(strict=True, ge=0, le=3_650)]
Hours = Annotated[int, Field(strict=True, ge=1, le=8_760)]
Months = Annotated[int, Field(strict=True, ge=0, le=600)]


class CasePolicyTerms(Body):
    """What is granted without anything being agreed; days are counted from the delivery."""

    return_days: Days = 7
    exchange_days: Days = 15
    fault_days: Days = 30
    buyer_pays_freight: list[contracts.Reason] = Field(default_factory=list)
    photo_for: list[contracts.Reason] = Field(default_factory=list)
    kinds_by_category: dict[str, list[contracts.Kind]] = Field(default_factory=dict)
    alone_minor: MinorOrNothing = 0
    sends_replacement: Replaced = "on_receipt"
    reply_hours: Hours = 4
    decide_hours: Hours = 48
    refund_hours: Hours = 72


class CasePolicyIn(Body):
    """A policy, and why it is another one."""

    terms: CasePolicyTerms
    reason: Why


class CasePolicyOut(Schema):
    """A version of the policy; version 0 holds while none was published."""

    version: int
    terms: CasePolicyTerms
    reason: str
    published_by: str
    published_at: datetime | None


class WarrantyTermsIn(Body):
    """For how many months goods are repaired for nothing."""

    months: Months = 0
    months_by_category: dict[str, Months] = Field(default_factory=dict)
    months_by_sku: dict[str, Months] = Field(default_factory=dict)


class WarrantyIn(Body):
    """A warranty, and why it is another one."""

    terms: WarrantyTermsIn
    reason: Why


class WarrantyOut(Schema):
    """A version of the warranty; version 0, which promises nothing, holds while none was."""

    version: int
    terms: WarrantyTermsIn
    reason: str
    published_by: str
    published_at: datetime | None


@router.get("/case-policy", response=CasePolicyOut, auth=requires("cases.view"))
def show_case_policy(request: MerchantRequest) -> Any:
    """What is granted now."""
    return _said(current_policy(merchant_id=request.merchant_id))


@router.put("/case-policy", response=CasePolicyOut, auth=requires("cases.policies"))
def put_case_policy(request: MerchantRequest, body: CasePolicyIn) -> Any:
    """Let cases be decided by other rules from now on; decided ones keep theirs."""
    said = body.terms.dict()
    terms = contracts.CasePolicy(
        **{
            **said,
            "buyer_pays_freight": tuple(said["buyer_pays_freight"]),
            "photo_for": tuple(said["photo_for"]),
            "kinds_by_category": {
                category: tuple(kinds) for category, kinds in said["kinds_by_category"].items()
            },
        }
    )
    row = publish_policy(
        merchant_id=request.merchant_id, terms=terms, reason=body.reason, now=datetime.now(UTC)
    )
    return _said(row)


@router.get("/case-warranty", response=WarrantyOut, auth=requires("cases.view"))
def show_case_warranty(request: MerchantRequest) -> Any:
    """For how long goods are good."""
    return _said(current_warranty(merchant_id=request.merchant_id))


@router.put("/case-warranty", response=WarrantyOut, auth=requires("cases.policies"))
def put_case_warranty(request: MerchantRequest, body: WarrantyIn) -> Any:
    """Promise another warranty from now on."""
    row = publish_warranty(
        merchant_id=request.merchant_id,
        terms=contracts.WarrantyTerms(**body.terms.dict()),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _said(row)


def _said(row: contracts.Policy | contracts.Warranty) -> dict[str, Any]:
    return fields(row, terms=fields(row.terms))
