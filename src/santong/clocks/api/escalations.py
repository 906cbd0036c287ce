"""Escalations over HTTP: who was told of what is late, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from santong.clocks import contracts
from santong.clocks.api.routes import Body, Limit, fields, router, seen_everywhere
from santong.clocks.selectors.lists import escalation_by_id, escalations_page
from santong.clocks.services import answer_escalation as answering
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of


class EscalationNoteIn(Body):
    """What was done about it."""

    note: Annotated[str, Field(max_length=contracts.LONGEST_NOTE)] = ""


class EscalationOut(Schema):
    """A role was told of a clock; without a store: everywhere."""

    id: str
    clock_id: str
    subject: str
    term: str
    policy_code: str
    clock_state: contracts.ClockState
    due_at: datetime | None
    basis: contracts.StepBasis
    value: int
    role: str
    store: str
    state: contracts.EscalationState
    told_at: datetime
    seen_at: datetime | None
    seen_by: str
    ended_at: datetime | None
    ended_by: str
    note: str


@router.get("/clock-escalations", response=Page[EscalationOut], auth=requires("clocks.view"))
def list_escalations(
    request: MerchantRequest,
    is_open: bool = True,  # noqa: FBT001, FBT002  a word of the query
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Who was told of what, the newest first: what is open, or what has ended."""
    seen_everywhere(request)
    rows = escalations_page(
        merchant_id=request.merchant_id,
        heard=None,
        is_open=is_open,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([fields(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post(
    "/clock-escalations/{escalation_id}/see", response=EscalationOut, auth=requires("clocks.edit")
)
def see_escalation(request: MerchantRequest, escalation_id: str) -> Any:
    """Somebody looks after it."""
    seen_everywhere(request)
    wanted = id_of(escalation_id, kind="escalation")
    answering.see_escalation(
        merchant_id=request.merchant_id, escalation_id=wanted, now=datetime.now(UTC)
    )
    return _shown(request, wanted)


@router.post(
    "/clock-escalations/{escalation_id}/finish",
    response=EscalationOut,
    auth=requires("clocks.edit"),
)
def finish_escalation(request: MerchantRequest, escalation_id: str, body: EscalationNoteIn) -> Any:
    """It was dealt with."""
    seen_everywhere(request)
    wanted = id_of(escalation_id, kind="escalation")
    answering.finish_escalation(
        merchant_id=request.merchant_id,
        escalation_id=wanted,
        note=body.note,
        now=datetime.now(UTC),
    )
    return _shown(request, wanted)


def _shown(request: MerchantRequest, escalation_id: int) -> dict[str, Any]:
    found = escalation_by_id(
        merchant_id=request.merchant_id, escalation_id=escalation_id, heard=None
    )
    return fields(found)
