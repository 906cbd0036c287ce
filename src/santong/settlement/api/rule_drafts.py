"""Drafts of rules: proposed by one person, published or declined by another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import AwareDatetime, Field

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.settlement import contracts
from santong.settlement.api.routes import Body, Limit, Reason, router, shown
from santong.settlement.api.rules import ShareRulesOut, ShareTermsIn
from santong.settlement.selectors.rule_drafts import rule_draft, rule_drafts_page, rule_policy
from santong.settlement.services import draft_rules as drafting
from santong.settlement.services import end_rule_draft as ending
from santong.settlement.services import publish_rule_draft as publishing
from santong.settlement.services import set_rule_policy as setting

IDS = ("id", "rule_set_id")
Version = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]


class RuleDraftIn(ShareTermsIn):
    """Rules to be published by somebody else, made from the newest version (0: there is none)."""

    base_version: Version
    reason: Reason
    valid_from: AwareDatetime | None = None


class RuleDraftChangeIn(RuleDraftIn):
    """What a draft is to be instead of the revision that was looked at."""

    revision: Version


class RevisionIn(Body):
    """The revision that was looked at."""

    revision: Version


class DraftReasonIn(Body):
    """Why a draft is withdrawn or declined."""

    reason: Reason


class RulePolicyIn(Body):
    """Whether one person is enough to publish rules, and why."""

    may_publish_alone: bool
    reason: Reason


class RuleDraftOut(Schema):
    """A draft of rules."""

    id: str
    state: contracts.DraftState
    revision: int
    base_version: int
    newest_version: int
    is_outdated: bool
    terms: contracts.SharingTerms
    reason: str
    valid_from: datetime | None
    drafted_by: str
    drafted_at: datetime
    changed_at: datetime
    ended_by: str
    ended_at: datetime | None
    ended_why: str
    rule_set_id: str | None


class RulePolicyOut(Schema):
    """How many people publish rules."""

    may_publish_alone: bool
    reason: str
    changed_by: str
    changed_at: datetime | None


@router.get("/share-rule-drafts", response=Page[RuleDraftOut], auth=requires("shares.view"))
def list_rule_drafts(
    request: MerchantRequest,
    state: contracts.DraftState | None = None,
    cursor: Annotated[str | None, Query()] = None,
    limit: Limit = 50,
) -> Any:
    """Drafts of rules, newest first."""
    rows = rule_drafts_page(
        merchant_id=request.merchant_id, state=state, below_id=before_id(cursor), limit=limit + 1
    )
    items = [shown(row, RuleDraftOut, IDS) for row in rows]
    return page_of(items, limit=limit, ids=[row.id for row in rows])


@router.post("/share-rule-drafts", response={201: RuleDraftOut}, auth=requires("shares.edit"))
def draft_share_rules(request: MerchantRequest, body: RuleDraftIn) -> Any:
    """Propose the next version of the rules; somebody else publishes it."""
    row = drafting.draft_rules(
        merchant_id=request.merchant_id,
        base_version=body.base_version,
        terms=body.terms,
        reason=body.reason,
        valid_from=body.valid_from,
        now=datetime.now(UTC),
    )
    return Status(201, shown(row, RuleDraftOut, IDS))


@router.get(
    "/share-rule-drafts/{rule_draft_id}", response=RuleDraftOut, auth=requires("shares.view")
)
def show_rule_draft(request: MerchantRequest, rule_draft_id: str) -> Any:
    """One draft; where rules were published since it was made, it says so."""
    row = rule_draft(merchant_id=request.merchant_id, draft_id=_id(rule_draft_id))
    return shown(row, RuleDraftOut, IDS)


@router.post(
    "/share-rule-drafts/{rule_draft_id}/change",
    response=RuleDraftOut,
    auth=requires("shares.edit"),
)
def change_rule_draft(request: MerchantRequest, rule_draft_id: str, body: RuleDraftChangeIn) -> Any:
    """Propose something else, as the drafter; takes an outdated draft up anew."""
    row = drafting.change_rule_draft(
        merchant_id=request.merchant_id,
        draft_id=_id(rule_draft_id),
        revision=body.revision,
        base_version=body.base_version,
        terms=body.terms,
        reason=body.reason,
        valid_from=body.valid_from,
        now=datetime.now(UTC),
    )
    return shown(row, RuleDraftOut, IDS)


@router.post(
    "/share-rule-drafts/{rule_draft_id}/publish",
    response={201: ShareRulesOut},
    auth=requires("shares.edit"),
)
def publish_rule_draft(request: MerchantRequest, rule_draft_id: str, body: RevisionIn) -> Any:
    """Make the draft the next version, as somebody else than its drafter."""
    row = publishing.publish_rule_draft(
        merchant_id=request.merchant_id,
        draft_id=_id(rule_draft_id),
        revision=body.revision,
        now=datetime.now(UTC),
    )
    return Status(201, shown(row, ShareRulesOut, ("id",)))


@router.post(
    "/share-rule-drafts/{rule_draft_id}/decline",
    response=RuleDraftOut,
    auth=requires("shares.edit"),
)
def decline_rule_draft(request: MerchantRequest, rule_draft_id: str, body: DraftReasonIn) -> Any:
    """Say no to the draft, as somebody else than its drafter."""
    row = ending.decline_rule_draft(
        merchant_id=request.merchant_id,
        draft_id=_id(rule_draft_id),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return shown(row, RuleDraftOut, IDS)


@router.post(
    "/share-rule-drafts/{rule_draft_id}/withdraw",
    response=RuleDraftOut,
    auth=requires("shares.edit"),
)
def withdraw_rule_draft(request: MerchantRequest, rule_draft_id: str, body: DraftReasonIn) -> Any:
    """Take the draft back, as its drafter."""
    row = ending.withdraw_rule_draft(
        merchant_id=request.merchant_id,
        draft_id=_id(rule_draft_id),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return shown(row, RuleDraftOut, IDS)


@router.get("/share-rule-policy", response=RulePolicyOut, auth=requires("shares.view"))
def show_rule_policy(request: MerchantRequest) -> Any:
    """How many people publish rules: two, unless head office has said otherwise."""
    return shown(rule_policy(merchant_id=request.merchant_id), RulePolicyOut, ())


@router.post("/share-rule-policy", response=RulePolicyOut, auth=requires("merchants.edit"))
def set_rule_policy(request: MerchantRequest, body: RulePolicyIn) -> Any:
    """Let one person be enough to publish rules, or ask for two again."""
    row = setting.set_rule_policy(
        merchant_id=request.merchant_id,
        may_publish_alone=body.may_publish_alone,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return shown(row, RulePolicyOut, ())


def _id(text: str) -> int:
    return id_of(text, kind="rule draft")
