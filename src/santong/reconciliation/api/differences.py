"""Differences over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Query, Schema
from pydantic import Field

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.reconciliation import contracts
from santong.reconciliation.api.fields import (
    CountedOut,
    DifferenceOut,
    DifferencesSummaryOut,
    difference,
    written,
)
from santong.reconciliation.api.routes import Body, Note, router
from santong.reconciliation.rules.days import day_of
from santong.reconciliation.selectors import differences as selecting
from santong.reconciliation.services import work_on


class DifferencesIn(Schema):
    """Which differences are asked for."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: str | None = None
    account_code: Annotated[str, Field(max_length=60)] = ""
    day: date | None = None
    category: contracts.Category | None = None
    state: contracts.DifferenceState | None = None
    file_id: str = ""
    owner: Annotated[str, Field(max_length=120)] = ""


class ClaimDifferenceIn(Body):
    """Whoever sends this looks into it."""

    note: Note
    due_on: date | None = None


class WaitIn(Body):
    """It will resolve itself by then."""

    note: Note
    due_on: date


class NotedIn(Body):
    """Why."""

    note: Note


@router.get(
    "/reconciliation/differences",
    response=Page[DifferenceOut],
    auth=requires("reconciliation.view"),
)
def list_differences(request: MerchantRequest, asked: Query[DifferencesIn]) -> Any:
    """Differences, newest first; without a state, those that still differ."""
    rows = selecting.differences_page(
        merchant_id=request.merchant_id,
        before_id=before_id(asked.cursor),
        limit=asked.limit + 1,
        account_code=asked.account_code,
        day=asked.day,
        category=asked.category or "",
        state=asked.state or "",
        file_id=id_of(asked.file_id, kind="statement_file") if asked.file_id else None,
        owner=asked.owner,
    )
    return page_of(
        [difference(row) for row in rows], limit=asked.limit, ids=[row.id for row in rows]
    )


@router.get(
    "/reconciliation/differences/summary",
    response=DifferencesSummaryOut,
    auth=requires("reconciliation.view"),
)
def summarise_differences(request: MerchantRequest) -> Any:
    """How much differs, in which way, and since when."""
    merchant_id = request.merchant_id
    return {
        "counted": [written(row, CountedOut) for row in selecting.counted(merchant_id=merchant_id)],
        "open_by_age_days": selecting.ages(
            merchant_id=merchant_id, today=day_of(datetime.now(UTC))
        ),
        "unexplained_minor_by_account": selecting.unexplained(merchant_id=merchant_id),
    }


@router.get(
    "/reconciliation/differences/{difference_id}",
    response=DifferenceOut,
    auth=requires("reconciliation.view"),
)
def show_difference(request: MerchantRequest, difference_id: str) -> Any:
    """A difference, and what can be done about it."""
    row = selecting.difference_by_id(
        merchant_id=request.merchant_id, difference_id=id_of(difference_id, kind="difference")
    )
    return difference(row)


@router.post(
    "/reconciliation/differences/{difference_id}/claim",
    response=DifferenceOut,
    auth=requires("reconciliation.work"),
)
def claim_difference(request: MerchantRequest, difference_id: str, body: ClaimDifferenceIn) -> Any:
    """Take it on: from now on it is the caller's."""
    return difference(
        work_on.claim(
            **_named(request, difference_id), due_on=body.due_on, note=body.note, now=_now()
        )
    )


@router.post(
    "/reconciliation/differences/{difference_id}/wait",
    response=DifferenceOut,
    auth=requires("reconciliation.work"),
)
def wait_for_difference(request: MerchantRequest, difference_id: str, body: WaitIn) -> Any:
    """Expect it to resolve itself until a day."""
    return difference(
        work_on.wait(
            **_named(request, difference_id), due_on=body.due_on, note=body.note, now=_now()
        )
    )


@router.post(
    "/reconciliation/differences/{difference_id}/explain",
    response=DifferenceOut,
    auth=requires("reconciliation.work"),
)
def explain_difference(request: MerchantRequest, difference_id: str, body: NotedIn) -> Any:
    """Say why it is right as it is."""
    return difference(work_on.explain(**_named(request, difference_id), note=body.note, now=_now()))


@router.post(
    "/reconciliation/differences/{difference_id}/correct",
    response=DifferenceOut,
    auth=requires("reconciliation.work"),
)
def correct_difference(request: MerchantRequest, difference_id: str, body: NotedIn) -> Any:
    """Take it into the books: they then say what the provider says."""
    return difference(work_on.correct(**_named(request, difference_id), note=body.note, now=_now()))


@router.post(
    "/reconciliation/differences/{difference_id}/write-off",
    response=DifferenceOut,
    auth=requires("reconciliation.work"),
)
def write_difference_off(request: MerchantRequest, difference_id: str, body: NotedIn) -> Any:
    """Book it as a loss or a gain; a large one waits for somebody else to agree."""
    return difference(
        work_on.write_off(**_named(request, difference_id), note=body.note, now=_now())
    )


@router.post(
    "/reconciliation/differences/{difference_id}/approve",
    response=DifferenceOut,
    auth=requires("reconciliation.work"),
)
def approve_write_off(request: MerchantRequest, difference_id: str, body: NotedIn) -> Any:
    """Agree to a write-off that somebody else has proposed."""
    return difference(work_on.approve(**_named(request, difference_id), note=body.note, now=_now()))


@router.post(
    "/reconciliation/differences/{difference_id}/reject",
    response=DifferenceOut,
    auth=requires("reconciliation.work"),
)
def reject_write_off(request: MerchantRequest, difference_id: str, body: NotedIn) -> Any:
    """Do not agree to a write-off."""
    return difference(work_on.reject(**_named(request, difference_id), note=body.note, now=_now()))


def _named(request: MerchantRequest, difference_id: str) -> dict[str, int]:
    return {
        "merchant_id": request.merchant_id,
        "difference_id": id_of(difference_id, kind="difference"),
    }


def _now() -> datetime:
    return datetime.now(UTC)
