"""Rules of sharing: look, check, try on past orders, publish."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import AwareDatetime, Field

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.settlement import contracts
from santong.settlement.api.routes import Body, Limit, Reason, router, shown
from santong.settlement.rules.terms import check_terms
from santong.settlement.selectors.rule_sets import rule_set_by_id, rule_sets_page
from santong.settlement.selectors.simulation import simulate_rules
from santong.settlement.services import publish_rules as publishing
from santong.settlement.services.lock_sale import document_of_order

MOST_SIMULATED = 200


class ShareTermsIn(Body):
    """Rules of sharing, and terms between owners."""

    terms: contracts.SharingTerms


class ShareRulesIn(ShareTermsIn):
    """Rules that are to be in force for what is paid from an instant on; without one, from now."""

    reason: Reason
    valid_from: AwareDatetime | None = None


class TrialIn(ShareTermsIn):
    """Rules, and orders of the past to try them on."""

    order_ids: Annotated[list[str], Field(min_length=1, max_length=MOST_SIMULATED)]


class ShareRulesOut(Schema):
    """A version of the rules."""

    id: str
    version: int
    terms: contracts.SharingTerms
    reason: str
    valid_from: datetime
    drafted_by: str
    published_by: str
    published_at: datetime


class CheckedOut(Schema):
    """Rules by which one can share."""

    rules: int
    owners: int


class TrialPartyOut(Schema):
    """What a party got of an order, and would have got."""

    party_code: str
    before_minor: int
    after_minor: int


class TrialOut(Schema):
    """An order, shared by other rules."""

    document: str
    currency: str
    changes: list[TrialPartyOut]


class TrialsOut(Schema):
    """Orders, shared by other rules; those that are not shared are left out."""

    items: list[TrialOut]


@router.get("/share-rules", response=Page[ShareRulesOut], auth=requires("shares.view"))
def list_share_rules(
    request: MerchantRequest, cursor: Annotated[str | None, Query()] = None, limit: Limit = 50
) -> Any:
    """Versions of the rules, newest first."""
    rows = rule_sets_page(
        merchant_id=request.merchant_id, below_id=before_id(cursor), limit=limit + 1
    )
    items = [shown(row, ShareRulesOut, ("id",)) for row in rows]
    return page_of(items, limit=limit, ids=[row.id for row in rows])


@router.get("/share-rules/{rule_set_id}", response=ShareRulesOut, auth=requires("shares.view"))
def show_share_rules(request: MerchantRequest, rule_set_id: str) -> Any:
    """One version of the rules."""
    row = rule_set_by_id(
        merchant_id=request.merchant_id, rule_set_id=id_of(rule_set_id, kind="rule set")
    )
    return shown(row, ShareRulesOut, ("id",))


@router.post("/share-rules/check", response=CheckedOut, auth=requires("shares.edit"))
def check_share_rules(request: MerchantRequest, body: ShareTermsIn) -> Any:
    """Say whether rules make sense; nothing is written."""
    check_terms(terms=body.terms)
    return {"rules": len(body.terms.rules), "owners": len(body.terms.owners)}


@router.post("/share-rules/simulate", response=TrialsOut, auth=requires("shares.edit"))
def simulate_share_rules(request: MerchantRequest, body: TrialIn) -> Any:
    """How past orders would have been shared by these rules; nothing is written."""
    found = simulate_rules(
        merchant_id=request.merchant_id,
        terms=body.terms,
        documents=[document_of_order(id_of(each, kind="order")) for each in body.order_ids],
    )
    return {"items": found}


@router.post("/share-rules", response={201: ShareRulesOut}, auth=requires("shares.edit"))
def publish_share_rules(request: MerchantRequest, body: ShareRulesIn) -> Any:
    """Publish rules alone, for what is paid from now on, or later.

    What was shared stays as it was. It takes two people (a draft, and somebody else who publishes
    it) unless head office has said that one is enough.
    """
    row = publishing.publish_rules(
        merchant_id=request.merchant_id,
        terms=body.terms,
        reason=body.reason,
        valid_from=body.valid_from,
        now=datetime.now(UTC),
    )
    return Status(201, shown(row, ShareRulesOut, ("id",)))
