"""Statements: each party sees its own, agrees, or disputes a line and is answered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import Field

from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.settlement import contracts
from santong.settlement.api.parties import ENTRY_IDS, PartyEntryOut
from santong.settlement.api.routes import (
    Body,
    Limit,
    Reason,
    check_seen,
    router,
    seen_by,
    shown,
)
from santong.settlement.selectors.statements import (
    claims_page,
    entries_page,
    statement_by_id,
    statements_page,
)
from santong.settlement.services import answer_claim as answering
from santong.settlement.services import close_month as closing
from santong.settlement.services import confirm_statement as confirming
from santong.settlement.services import dispute_entry as disputing

_FIRST_YEAR, _LAST_YEAR = 2000, 2999
CLAIM_IDS = ("id", "statement_id", "entry_id", "party_id")
Correction = Annotated[int, Field(strict=True, ge=-contracts.MOST_MINOR, le=contracts.MOST_MINOR)]


class PartyStatementOut(Schema):
    """A party's month: what it was owed, what came and went, what it is owed."""

    id: str
    party_id: str
    party_code: str
    party_name: str
    month: date
    currency: str
    counted_from: datetime
    counted_until: datetime
    opening_minor: int
    shared_minor: int
    reversed_minor: int
    paid_out_minor: int
    corrected_minor: int
    closing_minor: int
    entries: int
    state: contracts.StatementState
    closed_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None


class ClosedMonthOut(Schema):
    """How many statements a month got."""

    month: date
    statements: int


class DisputeIn(Body):
    """Which line is wrong, and why."""

    entry_id: str
    reason: Reason


class AcceptedIn(Body):
    """So much more is payable to the party, or less."""

    correction_minor: Correction
    reason: Reason


class RefusedIn(Body):
    """Why the line is right."""

    reason: Reason


class ClaimOut(Schema):
    """A disputed line, and its answer."""

    id: str
    statement_id: str
    entry_id: str
    party_id: str
    reason: str
    claimed_by: str
    claimed_at: datetime
    state: contracts.ClaimState
    answer: str
    answered_by: str
    answered_at: datetime | None
    correction_minor: int


@router.get("/statements", response=Page[PartyStatementOut], auth=requires("statements.view"))
def list_statements(
    request: MerchantRequest,
    month: str | None = None,
    cursor: Annotated[str | None, Query()] = None,
    limit: Limit = 50,
) -> Any:
    """Statements that the caller may see, newest first."""
    rows = statements_page(
        merchant_id=request.merchant_id,
        party_ids=seen_by(request),
        month=_month(month) if month else None,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([_statement(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.get(
    "/statements/{statement_id}", response=PartyStatementOut, auth=requires("statements.view")
)
def show_statement(request: MerchantRequest, statement_id: str) -> Any:
    """One statement."""
    return _statement(_seen(request, statement_id))


@router.get(
    "/statements/{statement_id}/lines",
    response=Page[PartyEntryOut],
    auth=requires("statements.view"),
)
def list_statement_lines(
    request: MerchantRequest,
    statement_id: str,
    cursor: Annotated[str | None, Query()] = None,
    limit: Limit = 50,
) -> Any:
    """Lines of a statement, newest first, each with its document and rule."""
    statement = _seen(request, statement_id)
    rows = entries_page(
        merchant_id=request.merchant_id,
        party_id=statement.party_id,
        currency=statement.currency,
        since=statement.counted_from,
        until=statement.counted_until,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    items = [shown(row, PartyEntryOut, ENTRY_IDS) for row in rows]
    return page_of(items, limit=limit, ids=[row.id for row in rows])


@router.post(
    "/statement-months/{month}/close", response=ClosedMonthOut, auth=requires("shares.edit")
)
def close_statement_month(request: MerchantRequest, month: str) -> Any:
    """Close a month (2026-11) a day after its end: every party gets its statement."""
    first = _month(month)
    closed = closing.close_month(
        merchant_id=request.merchant_id, month=first, now=datetime.now(UTC)
    )
    return {"month": first, "statements": closed}


@router.post(
    "/statements/{statement_id}/confirm",
    response=PartyStatementOut,
    auth=requires("statements.dispute"),
)
def confirm_statement(request: MerchantRequest, statement_id: str) -> Any:
    """Agree with a statement."""
    statement = _seen(request, statement_id)
    row = confirming.confirm_statement(
        merchant_id=request.merchant_id, statement_id=statement.id, now=datetime.now(UTC)
    )
    return _statement(row)


@router.post(
    "/statements/{statement_id}/claims",
    response={201: ClaimOut},
    auth=requires("statements.dispute"),
)
def dispute_statement_line(request: MerchantRequest, statement_id: str, body: DisputeIn) -> Any:
    """Dispute a line of a statement."""
    statement = _seen(request, statement_id)
    row = disputing.dispute_entry(
        merchant_id=request.merchant_id,
        statement_id=statement.id,
        entry_id=id_of(body.entry_id, kind="statement line"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return Status(201, shown(row, ClaimOut, CLAIM_IDS))


@router.get("/claims", response=Page[ClaimOut], auth=requires("statements.view"))
def list_claims(
    request: MerchantRequest,
    state: contracts.ClaimState | None = None,
    cursor: Annotated[str | None, Query()] = None,
    limit: Limit = 50,
) -> Any:
    """Disputed lines that the caller may see, newest first."""
    rows = claims_page(
        merchant_id=request.merchant_id,
        party_ids=seen_by(request),
        state=state,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    items = [shown(row, ClaimOut, CLAIM_IDS) for row in rows]
    return page_of(items, limit=limit, ids=[row.id for row in rows])


@router.post("/claims/{claim_id}/accept", response=ClaimOut, auth=requires("shares.edit"))
def accept_claim(request: MerchantRequest, claim_id: str, body: AcceptedIn) -> Any:
    """Give a party right, and put right what was wrong."""
    row = answering.accept_claim(
        merchant_id=request.merchant_id,
        claim_id=id_of(claim_id, kind="claim"),
        correction_minor=body.correction_minor,
        answer=body.reason,
        now=datetime.now(UTC),
    )
    return shown(row, ClaimOut, CLAIM_IDS)


@router.post("/claims/{claim_id}/refuse", response=ClaimOut, auth=requires("shares.edit"))
def refuse_claim(request: MerchantRequest, claim_id: str, body: RefusedIn) -> Any:
    """Say why a disputed line is right."""
    row = answering.refuse_claim(
        merchant_id=request.merchant_id,
        claim_id=id_of(claim_id, kind="claim"),
        answer=body.reason,
        now=datetime.now(UTC),
    )
    return shown(row, ClaimOut, CLAIM_IDS)


def _seen(request: MerchantRequest, text: str) -> contracts.Statement:
    row = statement_by_id(
        merchant_id=request.merchant_id, statement_id=id_of(text, kind="statement")
    )
    check_seen(request, row.party_id, kind="statement", key=row.id)
    return row


def _statement(row: contracts.Statement) -> dict[str, Any]:
    return shown(row, PartyStatementOut, ("id", "party_id"))


def _month(text: str) -> date:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NoSuch(kind="month", key=text[:40]) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise NoSuch(kind="month", key=text[:40])
    return found
