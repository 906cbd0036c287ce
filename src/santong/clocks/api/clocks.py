"""Clocks over HTTP: programs start, pause and stop what they promise themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import AwareDatetime, Field

from santong.clocks import contracts
from santong.clocks.api.routes import Body, CodeOrNothing, Limit, fields, router, seen_everywhere
from santong.clocks.selectors.clocks import history_of_clock
from santong.clocks.selectors.lists import clock_by_id, clocks_page
from santong.clocks.services import cancel as cancelling
from santong.clocks.services import change_due as changing_due
from santong.clocks.services import change_policy as changing_policy
from santong.clocks.services import pause as pausing
from santong.clocks.services import resume as resuming
from santong.clocks.services import start as starting
from santong.clocks.services import stop as stopping
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of

Act = Callable[..., contracts.Clock]
ReasonOrNothing = Annotated[str, Field(max_length=contracts.LONGEST_REASON)]


class ClockIn(Body):
    """A clock to be started: by a policy, due at an instant, or both. Subject and term name it."""

    subject: Annotated[str, Field(max_length=contracts.LONGEST_SUBJECT)]
    term: Annotated[str, Field(max_length=contracts.LONGEST_TERM)]
    policy_code: CodeOrNothing = ""
    due_at: AwareDatetime | None = None
    started_at: AwareDatetime | None = None
    tags: Annotated[dict[str, str], Field(default_factory=dict)]


class ClockHappeningIn(Body):
    """When it happened (by default now), and why."""

    at: AwareDatetime | None = None
    reason: ReasonOrNothing = ""


class ClockDueIn(ClockHappeningIn):
    """The instant at which a clock is due instead."""

    due_at: AwareDatetime


class OtherPolicyIn(ClockHappeningIn):
    """The policy by which a clock goes instead."""

    policy_code: Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_CODE)]


class ClocksAsked(Schema):
    """Which clocks: late, open, resting or ended; of a term, a subject, a store."""

    standing: contracts.Standing | None = None
    term: Annotated[str, Field(max_length=contracts.LONGEST_TERM)] = ""
    subject: Annotated[str, Field(max_length=contracts.LONGEST_SUBJECT)] = ""
    store: Annotated[str, Field(max_length=contracts.LONGEST_TAG)] = ""


class ClockOut(Schema):
    """How long something may take, and took; as of the last thing that happened to it."""

    id: str
    subject: str
    term: str
    state: contracts.ClockState
    policy_code: str
    policy_version: int | None
    started_at: datetime
    target_seconds: int
    elapsed_seconds: int
    due_at: datetime | None
    warn_at: datetime | None
    warned_at: datetime | None
    broken_at: datetime | None
    ended_at: datetime | None
    is_kept: bool | None
    unknown_year: int | None
    tags: dict[str, str]


class ClockEventOut(Schema):
    """What happened to a clock."""

    kind: contracts.EventKind
    at: datetime
    recorded_at: datetime
    reason: str
    due_at: datetime | None


class ClockHistoryOut(Schema):
    """A clock with everything that happened to it."""

    clock: ClockOut
    events: list[ClockEventOut]


@router.get("/clocks", response=Page[ClockOut], auth=requires("clocks.view"))
def list_clocks(
    request: MerchantRequest,
    asked: Annotated[ClocksAsked, Query()],
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Clocks, the newest first; `arrival` finds `arrival_2` as well."""
    rows = clocks_page(
        merchant_id=request.merchant_id,
        sight=seen_everywhere(request),
        **asked.model_dump(),
        below_id=before_id(cursor),
        limit=limit + 1,
        now=datetime.now(UTC),
    )
    return page_of([fields(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post("/clocks", response={201: ClockOut}, auth=requires("clocks.edit"))
def start_clock(request: MerchantRequest, body: ClockIn) -> Any:
    """Start a clock, once for its subject and term."""
    seen_everywhere(request)
    now = datetime.now(UTC)
    started = starting.start(
        merchant_id=request.merchant_id,
        subject=body.subject,
        term=body.term,
        policy_code=body.policy_code or None,
        due_at=body.due_at,
        started_at=body.started_at or now,
        tags=body.tags,
        now=now,
    )
    return Status(201, fields(started))


@router.get("/clocks/{clock_id}", response=ClockHistoryOut, auth=requires("clocks.view"))
def show_clock(request: MerchantRequest, clock_id: str) -> Any:
    """One clock, and everything that happened to it."""
    clock = _clock(request, clock_id)
    events = history_of_clock(merchant_id=request.merchant_id, clock_id=clock.id)
    return {"clock": fields(clock), "events": [fields(each) for each in events]}


@router.post("/clocks/{clock_id}/pause", response=ClockOut, auth=requires("clocks.edit"))
def pause_clock(request: MerchantRequest, clock_id: str, body: ClockHappeningIn) -> Any:
    """Let a clock rest; no time is counted."""
    return _happens(request, clock_id, body, pausing.pause)


@router.post("/clocks/{clock_id}/resume", response=ClockOut, auth=requires("clocks.edit"))
def resume_clock(request: MerchantRequest, clock_id: str, body: ClockHappeningIn) -> Any:
    """Let a clock go on."""
    return _happens(request, clock_id, body, resuming.resume)


@router.post("/clocks/{clock_id}/stop", response=ClockOut, auth=requires("clocks.edit"))
def stop_clock(request: MerchantRequest, clock_id: str, body: ClockHappeningIn) -> Any:
    """What was promised has happened, in time or late."""
    return _happens(request, clock_id, body, stopping.stop)


@router.post("/clocks/{clock_id}/cancel", response=ClockOut, auth=requires("clocks.edit"))
def cancel_clock(request: MerchantRequest, clock_id: str, body: ClockHappeningIn) -> Any:
    """Nothing is promised any more."""
    return _happens(request, clock_id, body, cancelling.cancel)


@router.post("/clocks/{clock_id}/due", response=ClockOut, auth=requires("clocks.edit"))
def change_clock_due(request: MerchantRequest, clock_id: str, body: ClockDueIn) -> Any:
    """Let a clock be due at another instant."""
    return _happens(request, clock_id, body, changing_due.change_due, due_at=body.due_at)


@router.post("/clocks/{clock_id}/policy", response=ClockOut, auth=requires("clocks.edit"))
def change_clock_policy(request: MerchantRequest, clock_id: str, body: OtherPolicyIn) -> Any:
    """Let a clock go by another policy; what it has counted and rested stays."""
    change = changing_policy.change_policy
    return _happens(request, clock_id, body, change, policy_code=body.policy_code)


def _happens(
    request: MerchantRequest, clock_id: str, body: ClockHappeningIn, act: Act, **said: object
) -> dict[str, Any]:
    clock = _clock(request, clock_id)
    now = datetime.now(UTC)
    stands = act(
        merchant_id=request.merchant_id,
        subject=clock.subject,
        term=clock.term,
        at=body.at or now,
        reason=body.reason,
        now=now,
        **said,
    )
    return fields(stands)


def _clock(request: MerchantRequest, clock_id: str) -> contracts.Clock:
    return clock_by_id(
        merchant_id=request.merchant_id,
        clock_id=id_of(clock_id, kind="clock"),
        sight=seen_everywhere(request),
    )
