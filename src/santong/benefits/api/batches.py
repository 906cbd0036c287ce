"""Benefits, batches and packages over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema, Status
from pydantic import Field, StrictInt, StrictStr

from santong.benefits import contracts
from santong.benefits.api.fields import (
    Body,
    Code,
    Count,
    Days,
    Id,
    Key,
    Limit,
    Minor,
    Moment,
    Name,
    Reason,
    written,
)
from santong.benefits.api.routes import router
from santong.benefits.selectors.batches import batches_page, benefits_page
from santong.benefits.selectors.funnel import funnel_of
from santong.benefits.selectors.issues import issue_progress
from santong.benefits.selectors.limits import batch_by_id
from santong.benefits.services import activate_batch as activating
from santong.benefits.services import approve_batch as approving
from santong.benefits.services import end_batch as ending
from santong.benefits.services import pause_batch as pausing
from santong.benefits.services import resume_batch as resuming
from santong.benefits.services.create_benefit import create_benefit
from santong.benefits.services.create_package import create_package
from santong.benefits.services.draft_batch import draft_batch
from santong.benefits.services.issue import issue
from santong.benefits.services.raise_limit import raise_limit
from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.membership import public as membership

MOST_MEMBERS = 10_000
BATCH = "batch"

Terms = dict[str, StrictInt | StrictStr]


class BenefitIn(Body):
    """Something that can be given. Each kind has terms of its own."""

    code: Code
    name: Name
    kind: contracts.Kind
    terms: Annotated[Terms, Field(max_length=20)]
    currency: Annotated[str, Field(min_length=3, max_length=3)] | None = None


class BenefitOut(Schema):
    id: str
    code: str
    name: str
    kind: contracts.Kind
    terms: dict[str, int | str]
    currency: str | None


class BatchIn(Body):
    """Coupons of one benefit under the same limits. None: as many as are wanted, or without end."""

    benefit_id: Id
    code: Code
    name: Name
    limit_total: Count | None = None
    limit_per_member: Count | None = None
    limit_per_day: Count | None = None
    opens_at: Moment
    closes_at: Moment | None = None
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    valid_days: Days | None = None
    return_policy: contracts.ReturnPolicy = "restore"
    grace_days: Days = 0
    budget_minor: Minor | None = None
    supply_id: Id | None = None


class BatchOut(Schema):
    id: str
    code: str
    name: str
    benefit_id: str
    kind: contracts.Kind
    state: contracts.BatchState
    terms: dict[str, int | str]
    currency: str | None
    limit_total: int | None
    limit_per_member: int | None
    limit_per_day: int | None
    opens_at: datetime
    closes_at: datetime | None
    valid_from: datetime | None
    valid_until: datetime | None
    valid_days: int | None
    return_policy: contracts.ReturnPolicy
    grace_days: int
    budget_minor: int | None
    spent_minor: int
    supply_id: str | None


class BatchReasonIn(Body):
    reason: Reason


class LimitIn(Body):
    """More than before, in all."""

    limit_total: Count
    reason: Reason


class FunnelLineOut(Schema):
    channel: str
    granted: int
    claimed: int
    redeemed: int
    revisited: int
    amount_minor: int
    expired: int


class FunnelOut(Schema):
    """What became of a batch's coupons, by the channel that gave them."""

    batch_id: str
    limit_total: int | None
    given: int
    budget_minor: int | None
    spent_minor: int
    lines: list[FunnelLineOut]


class IssueIn(Body):
    """One coupon of the batch for each of these members. The same key is the same issue."""

    member_ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_MEMBERS)]
    key: Key


class IssueOut(Schema):
    """How far a mass issue has come."""

    run_id: str
    batch_id: str
    state: str
    total: int
    issued: int
    refused: int


class PackageIn(Body):
    """Benefits that are given together: so many of each batch, by its id."""

    code: Code
    name: Name
    quantity_by_batch: Annotated[dict[str, Count], Field(min_length=1, max_length=20)]


class PackageOut(Schema):
    id: str
    code: str
    name: str
    quantity_by_batch: dict[str, int]


_benefit = written("id", "code", "name", "kind", "terms", "currency")
_issue = written("run_id", "batch_id", "state", "total", "issued", "refused")
_line = written("channel", "granted", "claimed", "redeemed", "revisited", "amount_minor", "expired")
_funnel = written("batch_id", "limit_total", "given", "budget_minor", "spent_minor")
_of_batch = written(
    *("id", "code", "name", "benefit_id", "kind", "state", "terms", "currency", "return_policy"),
    *("grace_days", "budget_minor", "spent_minor", "supply_id"),
)


def _batch(row: contracts.Batch) -> dict[str, Any]:
    return {
        **_of_batch(row),
        "limit_total": row.limits.total,
        "limit_per_member": row.limits.per_member,
        "limit_per_day": row.limits.per_day,
        "opens_at": row.window.opens_at,
        "closes_at": row.window.closes_at,
        "valid_from": row.validity.valid_from,
        "valid_until": row.validity.valid_until,
        "valid_days": row.validity.days,
    }


@router.get("/benefits", response=Page[BenefitOut], auth=requires("benefits.view"))
def list_benefits(request: MerchantRequest, cursor: str | None = None, limit: Limit = 50) -> Any:
    """What can be given, newest first."""
    rows = benefits_page(
        merchant_id=request.merchant_id, before_id=before_id(cursor), limit=limit + 1
    )
    return page_of([_benefit(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post("/benefits", response={201: BenefitOut}, auth=requires("benefits.edit"))
def post_benefit(request: MerchantRequest, body: BenefitIn) -> Any:
    """Say what can be given, on which terms."""
    made = create_benefit(
        merchant_id=request.merchant_id,
        code=body.code,
        name=body.name,
        kind=body.kind,
        terms=dict(body.terms),
        currency=body.currency,
        now=datetime.now(UTC),
    )
    return Status(201, _benefit(made))


@router.get("/benefit-batches", response=Page[BatchOut], auth=requires("benefits.view"))
def list_batches(request: MerchantRequest, cursor: str | None = None, limit: Limit = 50) -> Any:
    """Batches, newest first."""
    rows = batches_page(
        merchant_id=request.merchant_id, before_id=before_id(cursor), limit=limit + 1
    )
    return page_of([_batch(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post("/benefit-batches", response={201: BatchOut}, auth=requires("benefits.edit"))
def post_batch(request: MerchantRequest, body: BatchIn) -> Any:
    """Draft a batch; somebody else approves it."""
    made = draft_batch(
        merchant_id=request.merchant_id,
        benefit_id=id_of(body.benefit_id, kind="benefit"),
        code=body.code,
        name=body.name,
        limits=contracts.Limits(
            total=body.limit_total,
            per_member=body.limit_per_member,
            per_day=body.limit_per_day,
        ),
        window=contracts.ClaimWindow(opens_at=body.opens_at, closes_at=body.closes_at),
        validity=contracts.Validity(
            valid_from=body.valid_from, valid_until=body.valid_until, days=body.valid_days
        ),
        return_policy=body.return_policy,
        grace_days=body.grace_days,
        budget_minor=body.budget_minor,
        supply_id=id_of(body.supply_id, kind="supply") if body.supply_id else None,
        now=datetime.now(UTC),
    )
    return Status(201, _batch(made))


@router.get("/benefit-batches/{batch_id}", response=BatchOut, auth=requires("benefits.view"))
def get_batch(request: MerchantRequest, batch_id: str) -> Any:
    """One batch."""
    row = batch_by_id(merchant_id=request.merchant_id, batch_id=id_of(batch_id, kind=BATCH))
    return _batch(row.as_contract())


@router.post(
    "/benefit-batches/{batch_id}/approve", response=BatchOut, auth=requires("benefits.approve")
)
def approve(request: MerchantRequest, batch_id: str, body: BatchReasonIn) -> Any:
    """Approve a draft of somebody else's."""
    return _batch(approving.approve_batch(**_step(request, batch_id, body)))


@router.post(
    "/benefit-batches/{batch_id}/activate", response=BatchOut, auth=requires("benefits.edit")
)
def activate(request: MerchantRequest, batch_id: str, body: BatchReasonIn) -> Any:
    """Let an approved batch be claimed, if what it promises can be delivered."""
    return _batch(activating.activate_batch(**_step(request, batch_id, body)))


@router.post("/benefit-batches/{batch_id}/pause", response=BatchOut, auth=requires("benefits.edit"))
def pause(request: MerchantRequest, batch_id: str, body: BatchReasonIn) -> Any:
    """Stop a batch for a while; what members have can still be used."""
    return _batch(pausing.pause_batch(**_step(request, batch_id, body)))


@router.post(
    "/benefit-batches/{batch_id}/resume", response=BatchOut, auth=requires("benefits.edit")
)
def resume(request: MerchantRequest, batch_id: str, body: BatchReasonIn) -> Any:
    """Let a paused batch be claimed again."""
    return _batch(resuming.resume_batch(**_step(request, batch_id, body)))


@router.post("/benefit-batches/{batch_id}/end", response=BatchOut, auth=requires("benefits.edit"))
def end(request: MerchantRequest, batch_id: str, body: BatchReasonIn) -> Any:
    """End a batch for good."""
    return _batch(ending.end_batch(**_step(request, batch_id, body)))


@router.post(
    "/benefit-batches/{batch_id}/limit", response=BatchOut, auth=requires("benefits.approve")
)
def post_limit(request: MerchantRequest, batch_id: str, body: LimitIn) -> Any:
    """Let a running batch give out more."""
    raise_limit(**_step(request, batch_id, body), limit_total=body.limit_total)
    return get_batch(request, batch_id)


@router.get(
    "/benefit-batches/{batch_id}/funnel", response=FunnelOut, auth=requires("benefits.view")
)
def get_funnel(request: MerchantRequest, batch_id: str) -> Any:
    """Granted, claimed, redeemed, revisited."""
    row = funnel_of(merchant_id=request.merchant_id, batch_id=id_of(batch_id, kind=BATCH))
    return {**_funnel(row), "lines": [_line(line) for line in row.lines]}


@router.post(
    "/benefit-batches/{batch_id}/issues",
    response={202: IssueOut},
    auth=requires("benefits.edit"),
)
def post_issue(request: MerchantRequest, batch_id: str, body: IssueIn) -> Any:
    """Give one coupon each to many members; the worker does it, part by part."""
    wanted = [id_of(member_id, kind="member") for member_id in body.member_ids]
    known = membership.members_by_id(merchant_id=request.merchant_id, member_ids=set(wanted))
    for member_id in wanted:
        if member_id not in known:
            raise NoSuch(kind="member", key=str(member_id))
    begun = issue(
        merchant_id=request.merchant_id,
        batch_id=id_of(batch_id, kind=BATCH),
        member_ids=wanted,
        channel="console",
        key=body.key,
        now=datetime.now(UTC),
    )
    return Status(202, _issue(begun))


@router.get("/benefit-issues/{run_id}", response=IssueOut, auth=requires("benefits.view"))
def get_issue(request: MerchantRequest, run_id: str) -> Any:
    """How far a mass issue has come."""
    row = issue_progress(merchant_id=request.merchant_id, run_id=id_of(run_id, kind="issue run"))
    return _issue(row)


@router.post("/benefit-packages", response={201: PackageOut}, auth=requires("benefits.edit"))
def post_package(request: MerchantRequest, body: PackageIn) -> Any:
    """Put benefits together that are given together."""
    made = create_package(
        merchant_id=request.merchant_id,
        code=body.code,
        name=body.name,
        quantity_by_batch={
            id_of(batch_id, kind=BATCH): quantity
            for batch_id, quantity in body.quantity_by_batch.items()
        },
        now=datetime.now(UTC),
    )
    return Status(
        201,
        {
            "id": str(made.id),
            "code": made.code,
            "name": made.name,
            "quantity_by_batch": {
                str(batch_id): quantity for batch_id, quantity in made.quantity_by_batch
            },
        },
    )


def _step(request: MerchantRequest, batch_id: str, body: BatchReasonIn | LimitIn) -> dict[str, Any]:
    return {
        "merchant_id": request.merchant_id,
        "batch_id": id_of(batch_id, kind=BATCH),
        "reason": body.reason,
        "now": datetime.now(UTC),
    }
