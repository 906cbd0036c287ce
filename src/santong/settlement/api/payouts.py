"""Payout runs: draft, approve by somebody else, follow, send again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import Field

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.settlement import contracts
from santong.settlement.api.routes import Body, Code, Limit, Minor, PayoutReasonIn, router, shown
from santong.settlement.selectors.payouts import payout_lines_page, payout_run, payout_runs_page
from santong.settlement.services import approve_payouts as approving
from santong.settlement.services import draft_payouts as drafting
from santong.settlement.services import retry_payout as retrying

LINE_IDS = ("id", "run_id", "party_id", "transfer_id", "tender_id")


class PayoutRunIn(Body):
    """A payout of all that is due, from one payment account."""

    account_code: Code
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    minimum_minor: Minor
    limits: contracts.PayoutLimits = contracts.PayoutLimits()
    way: contracts.PayoutWay = "account"


class LinesInStateOut(Schema):
    """How many lines of a run are where."""

    state: contracts.PayoutState
    lines: int


class PayoutRunOut(Schema):
    """A payout run."""

    id: str
    state: contracts.RunState
    currency: str
    account_code: str
    way: contracts.PayoutWay
    minimum_minor: int
    limits: contracts.PayoutLimits
    drafted_by: str
    drafted_at: datetime
    approved_by: str
    approved_at: datetime | None
    ended_at: datetime | None
    lines: int
    amount_minor: int
    lines_by_state: list[LinesInStateOut]


class PayoutLineOut(Schema):
    """One transfer of a run; what was not paid says why."""

    id: str
    run_id: str
    party_id: str
    party_code: str
    number: int
    state: contracts.PayoutState
    amount_minor: int
    currency: str
    attempts: int
    transfer_id: str | None
    tender_id: str | None
    is_last_share: bool
    why: str
    send_at: datetime | None
    ended_at: datetime | None


@router.get("/payout-runs", response=Page[PayoutRunOut], auth=requires("payouts.view"))
def list_payout_runs(
    request: MerchantRequest,
    state: contracts.RunState | None = None,
    cursor: Annotated[str | None, Query()] = None,
    limit: Limit = 50,
) -> Any:
    """Payout runs, newest first."""
    rows = payout_runs_page(
        merchant_id=request.merchant_id, state=state, below_id=before_id(cursor), limit=limit + 1
    )
    return page_of([_run(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post("/payout-runs", response={201: PayoutRunOut}, auth=requires("payouts.run"))
def draft_payout_run(request: MerchantRequest, body: PayoutRunIn) -> Any:
    """Draft a payout of all that is due; nothing is paid before somebody else approves it."""
    run = drafting.draft_payouts(
        merchant_id=request.merchant_id,
        **body.model_dump(exclude={"limits"}),
        limits=body.limits,
        now=datetime.now(UTC),
    )
    return Status(201, _run(run))


@router.get("/payout-runs/{payout_run_id}", response=PayoutRunOut, auth=requires("payouts.view"))
def show_payout_run(request: MerchantRequest, payout_run_id: str) -> Any:
    """A payout run, and how many of its lines are where."""
    run = payout_run(
        merchant_id=request.merchant_id, run_id=id_of(payout_run_id, kind="payout run")
    )
    return _run(run)


@router.get(
    "/payout-runs/{payout_run_id}/lines",
    response=Page[PayoutLineOut],
    auth=requires("payouts.view"),
)
def list_payout_lines(
    request: MerchantRequest,
    payout_run_id: str,
    state: contracts.PayoutState | None = None,
    cursor: Annotated[str | None, Query()] = None,
    limit: Limit = 50,
) -> Any:
    """Lines of a payout run, newest first."""
    run = payout_run(
        merchant_id=request.merchant_id, run_id=id_of(payout_run_id, kind="payout run")
    )
    rows = payout_lines_page(
        merchant_id=request.merchant_id,
        run_id=run.id,
        state=state,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    items = [shown(row, PayoutLineOut, LINE_IDS) for row in rows]
    return page_of(items, limit=limit, ids=[row.id for row in rows])


@router.post(
    "/payout-runs/{payout_run_id}/approve", response=PayoutRunOut, auth=requires("payouts.run")
)
def approve_payout_run(request: MerchantRequest, payout_run_id: str) -> Any:
    """Let a drafted payout be paid, by somebody else than who drafted it."""
    run = approving.approve_payouts(
        merchant_id=request.merchant_id,
        run_id=id_of(payout_run_id, kind="payout run"),
        now=datetime.now(UTC),
    )
    return _run(run)


@router.post(
    "/payout-runs/{payout_run_id}/cancel", response=PayoutRunOut, auth=requires("payouts.run")
)
def cancel_payout_run(request: MerchantRequest, payout_run_id: str, body: PayoutReasonIn) -> Any:
    """Give a payout up that was not approved yet."""
    run = approving.cancel_payouts(
        merchant_id=request.merchant_id,
        run_id=id_of(payout_run_id, kind="payout run"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _run(run)


@router.post(
    "/payout-lines/{payout_line_id}/retry", response=PayoutLineOut, auth=requires("payouts.run")
)
def retry_payout_line(request: MerchantRequest, payout_line_id: str, body: PayoutReasonIn) -> Any:
    """Send a line again that failed or came back."""
    line = retrying.retry_payout(
        merchant_id=request.merchant_id,
        line_id=id_of(payout_line_id, kind="payout line"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return shown(line, PayoutLineOut, LINE_IDS)


def _named(request: MerchantRequest, text: str) -> contracts.PayoutRun:
    return payout_run(merchant_id=request.merchant_id, run_id=id_of(text, kind="payout run"))


def _run(row: contracts.PayoutRun) -> dict[str, Any]:
    counted = [{"state": state, "lines": lines} for state, lines in row.lines_by_state]
    return {**shown(row, PayoutRunOut, ("id",)), "lines_by_state": counted}
