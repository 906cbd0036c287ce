"""Breaches over HTTP: claimed, decided, made good, counted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Schema, Status
from pydantic import AwareDatetime, Field

from santong.agreements import contracts
from santong.agreements.api.agreements import ServiceAgreementOut, seen, shown
from santong.agreements.api.routes import (
    Body,
    BreachOut,
    Limit,
    Minor,
    Said,
    breach_shown,
    router,
)
from santong.agreements.selectors.agreements import agreement_by_id
from santong.agreements.selectors.breaches import breach_by_id, breaches_page, kept_and_broken
from santong.agreements.services import claim as claiming
from santong.agreements.services.find_broken import record_done
from santong.agreements.services.pay import try_again
from santong.kernel.errors import FieldInvalid
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of


class TermClaimIn(Body):
    """What was not kept, in words. The same key is the same claim."""

    term: Annotated[int, Field(strict=True, ge=1, le=100)]
    said: Said
    found_by: Literal["buyer", "staff"] = "staff"
    key: Annotated[str, Field(min_length=1, max_length=80)]


class OwedGoodsIn(Body):
    """So many of a SKU of the document."""

    sku_code: Annotated[str, Field(min_length=1, max_length=60)]
    quantity: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class ClaimGrantIn(Body):
    """Without an amount the claim is worth what its term says.

    `goods` are what is sent, or what the money is for; without, it is about the whole document.
    """

    answer: Said
    amount_minor: Minor | None = None
    goods: Annotated[list[OwedGoodsIn], Field(max_length=50)] | None = None


class ClaimRejectIn(Body):
    answer: Said


class TermRemedyIn(Body):
    """What made it good: `case:7`."""

    made_good_by: Annotated[str, Field(min_length=1, max_length=60)]


class TermDoneIn(Body):
    """Shipped, delivered or installed, at an instant that is not to come."""

    what: Literal["ship", "delivery", "install"]
    at: AwareDatetime


class BreachFilter(Schema):
    state: contracts.BreachState | None = None


class KeptAndBrokenOut(Schema):
    """How often terms of a kind were kept and broken, and what the broken ones cost."""

    kind: contracts.Kind
    open: int
    kept: int
    broken: int
    paid_minor: int
    currency: str


@router.get("/breaches", response=Page[BreachOut], auth=requires("agreements.view"))
def list_breaches(
    request: MerchantRequest,
    which: Query[BreachFilter],
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Terms that were not kept, newest first."""
    rows = breaches_page(
        merchant_id=request.merchant_id,
        states=[which.state] if which.state else [],
        location_ids=request.actor.location_ids,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([breach_shown(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.get("/agreement-figures", response=list[KeptAndBrokenOut], auth=requires("agreements.edit"))
def figures(request: MerchantRequest) -> Any:
    """Kept and broken, by kind of term."""
    return kept_and_broken(merchant_id=request.merchant_id)


@router.post(
    "/agreements/{agreement_id}/claims",
    response={201: BreachOut},
    auth=requires("agreements.offer"),
)
def post_claim(request: MerchantRequest, agreement_id: str, body: TermClaimIn) -> Any:
    """Say that a term was not kept; a person decides."""
    made = claiming.claim(
        merchant_id=request.merchant_id,
        agreement_id=seen(request, agreement_id).id,
        term=body.term,
        found_by=body.found_by,
        said=body.said,
        key=body.key,
        now=datetime.now(UTC),
    )
    return Status(201, breach_shown(made))


@router.post(
    "/agreements/{agreement_id}/done",
    response=ServiceAgreementOut,
    auth=requires("agreements.handle"),
)
def post_done(request: MerchantRequest, agreement_id: str, body: TermDoneIn) -> Any:
    """Say that it was shipped, delivered or installed, where no other fact says so."""
    now, found = datetime.now(UTC), seen(request, agreement_id)
    if body.at > now:
        raise FieldInvalid(pointer="/at", reason="not in the future")
    record_done(
        merchant_id=request.merchant_id,
        agreement_id=found.id,
        what=body.what,
        at=body.at,
        now=now,
    )
    return shown(agreement_by_id(merchant_id=request.merchant_id, agreement_id=found.id))


@router.post("/breaches/{breach_id}/grant", response=BreachOut, auth=requires("agreements.handle"))
def post_grant(request: MerchantRequest, breach_id: str, body: ClaimGrantIn) -> Any:
    """Grant a claim: its remedy is owed."""
    return breach_shown(
        claiming.grant(
            merchant_id=request.merchant_id,
            breach_id=_seen(request, breach_id),
            answer=body.answer,
            amount_minor=body.amount_minor,
            goods=[contracts.OwedGoods(**each.dict()) for each in body.goods or ()],
            now=datetime.now(UTC),
        )
    )


@router.post("/breaches/{breach_id}/reject", response=BreachOut, auth=requires("agreements.handle"))
def post_reject(request: MerchantRequest, breach_id: str, body: ClaimRejectIn) -> Any:
    """Reject a claim, with a reason that the buyer reads."""
    return breach_shown(
        claiming.reject(
            merchant_id=request.merchant_id,
            breach_id=_seen(request, breach_id),
            answer=body.answer,
            now=datetime.now(UTC),
        )
    )


@router.post("/breaches/{breach_id}/remedy", response=BreachOut, auth=requires("agreements.handle"))
def post_remedy(request: MerchantRequest, breach_id: str, body: TermRemedyIn) -> Any:
    """Say that goods that were owed have been sent or replaced."""
    return breach_shown(
        claiming.record_remedy(
            merchant_id=request.merchant_id,
            breach_id=_seen(request, breach_id),
            made_good_by=body.made_good_by,
            now=datetime.now(UTC),
        )
    )


@router.post("/breaches/{breach_id}/retry", response=BreachOut, auth=requires("agreements.handle"))
def post_retry(request: MerchantRequest, breach_id: str) -> Any:
    """Try anew what could not be paid."""
    found = _seen(request, breach_id)
    try_again(merchant_id=request.merchant_id, breach_id=found, now=datetime.now(UTC))
    return breach_shown(breach_by_id(merchant_id=request.merchant_id, breach_id=found))


def _seen(request: MerchantRequest, breach_id: str) -> int:
    """A breach at the caller's places. Raises NoSuch."""
    found = breach_by_id(merchant_id=request.merchant_id, breach_id=id_of(breach_id, kind="breach"))
    seen(request, str(found.agreement_id))
    return found.id
