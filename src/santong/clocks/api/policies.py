"""Policies over HTTP: what is promised, whom it is told, and what it would mean now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema, Status
from pydantic import AwareDatetime, Field

from santong.clocks import contracts
from santong.clocks.api.routes import (
    Body,
    Code,
    CodeOrNothing,
    Name,
    Reason,
    fields,
    router,
    seen_everywhere,
)
from santong.clocks.selectors.policies import policies, policy_by_code
from santong.clocks.selectors.trial import trial_of
from santong.clocks.services import publish_policy as publishing
from santong.kernel.http.auth import MerchantRequest, requires


class TellingStepIn(Body):
    """Who is told: at a share of the time in percent, or so many seconds after the breach."""

    basis: contracts.StepBasis
    value: Annotated[int, Field(strict=True, ge=0, le=contracts.MOST_AFTER_SECONDS)]
    role: Annotated[str, Field(max_length=40)]
    place: contracts.StepPlace = "everywhere"
    is_at_once: bool = False


class ClockPromiseIn(Body):
    """So many seconds of a calendar's time. People are told by the other calendar, if named."""

    calendar_code: Code
    tell_calendar_code: CodeOrNothing = ""
    target_seconds: Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_TARGET_SECONDS)]
    warn_percent: Annotated[int, Field(strict=True, ge=0, le=99)] = 0
    steps: Annotated[
        list[TellingStepIn], Field(default_factory=list, max_length=contracts.MOST_STEPS)
    ]


class ClockPolicyIn(ClockPromiseIn):
    """What a policy is to promise from now on."""

    name: Name
    is_in_use: bool = True
    reason: Reason


class PolicyTrialIn(ClockPromiseIn):
    """A promise that is only tried, from an instant on: by default now."""

    started_at: AwareDatetime | None = None


class TellingStepOut(Schema):
    """Who is told, and when."""

    basis: contracts.StepBasis
    value: int
    role: str
    place: contracts.StepPlace
    is_at_once: bool


class ClockPolicyOut(Schema):
    """A policy as it holds now."""

    id: str
    code: str
    name: str
    version: int
    calendar_code: str
    tell_calendar_code: str
    target_seconds: int
    warn_percent: int
    steps: list[TellingStepOut]
    is_in_use: bool


class ClockPoliciesOut(Schema):
    """Every policy."""

    items: list[ClockPolicyOut]


class PolicyTrialOut(Schema):
    """When a clock would be warned of, due, and told of, step by step."""

    started_at: datetime
    warn_at: datetime | None
    due_at: datetime | None
    tell_at: list[datetime | None]
    unknown_years: list[int]


@router.get("/clock-policies", response=ClockPoliciesOut, auth=requires("clocks.view"))
def list_clock_policies(request: MerchantRequest) -> Any:
    """Every policy as it holds now."""
    seen_everywhere(request)
    return {"items": [_shown(each) for each in policies(merchant_id=request.merchant_id)]}


@router.get("/clock-policies/{policy_code}", response=ClockPolicyOut, auth=requires("clocks.view"))
def show_clock_policy(request: MerchantRequest, policy_code: str) -> Any:
    """One policy as it holds now."""
    seen_everywhere(request)
    return _shown(policy_by_code(merchant_id=request.merchant_id, code=policy_code))


@router.post(
    "/clock-policies/{policy_code}/versions",
    response={201: ClockPolicyOut},
    auth=requires("clocks.edit"),
)
def publish_clock_policy(request: MerchantRequest, policy_code: str, body: ClockPolicyIn) -> Any:
    """Let a policy promise this from now on; clocks that run keep theirs."""
    seen_everywhere(request)
    published = publishing.publish_policy(
        merchant_id=request.merchant_id,
        code=policy_code,
        name=body.name,
        calendar_code=body.calendar_code,
        tell_calendar_code=body.tell_calendar_code,
        promise=_promise(body),
        is_in_use=body.is_in_use,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return Status(201, _shown(published))


@router.post("/clock-policy-trials", response=PolicyTrialOut, auth=requires("clocks.view"))
def try_clock_policy(request: MerchantRequest, body: PolicyTrialIn) -> Any:
    """Say when a clock would be due that began now, and who would be told. Keeps nothing."""
    seen_everywhere(request)
    return trial_of(
        merchant_id=request.merchant_id,
        calendar_code=body.calendar_code,
        tell_calendar_code=body.tell_calendar_code,
        promise=_promise(body),
        started_at=body.started_at or datetime.now(UTC),
    )


def _promise(body: ClockPromiseIn) -> contracts.Promise:
    return contracts.Promise(
        target_seconds=body.target_seconds,
        warn_percent=body.warn_percent,
        steps=tuple(contracts.Step(**step.model_dump()) for step in body.steps),
    )


def _shown(policy: contracts.Policy) -> dict[str, Any]:
    return {**fields(policy), **fields(policy.promise)}
