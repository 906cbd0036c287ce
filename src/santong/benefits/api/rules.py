"""Rules by event over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema, Status
from pydantic import Field

from santong.benefits.api.fields import Body, Code, Id, Limit, Name, Reason, written
from santong.benefits.api.routes import router
from santong.benefits.contracts.events import Event, EventRule
from santong.benefits.selectors.event_rules import event_rules_page
from santong.benefits.services.create_event_rule import create_event_rule
from santong.benefits.services.switch_event_rule import switch_event_rule
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of


class RuleIn(Body):
    """When this happens to a member, they are given this and told that."""

    code: Code
    name: Name
    event: Event
    programme_id: Id | None = None
    to_tier: Annotated[str, Field(max_length=60)] = ""
    days_before: Annotated[int, Field(strict=True, ge=0, le=60)] = 0
    batch_id: Id | None = None
    package_id: Id | None = None
    message_template: Annotated[str, Field(max_length=60)] = ""
    message_channel: Annotated[str, Field(max_length=20)] = "sms"


class SwitchIn(Body):
    is_active: bool
    reason: Reason


class RuleOut(Schema):
    id: str
    code: str
    name: str
    event: Event
    programme_id: str | None
    to_tier: str
    days_before: int
    batch_id: str | None
    package_id: str | None
    message_template: str
    message_channel: str
    is_active: bool


_rule = written(
    *("id", "code", "name", "event", "programme_id", "to_tier", "days_before", "batch_id"),
    *("package_id", "message_template", "message_channel", "is_active"),
)


@router.get("/benefit-rules", response=Page[RuleOut], auth=requires("benefits.view"))
def list_rules(request: MerchantRequest, cursor: str | None = None, limit: Limit = 50) -> Any:
    """Rules by event, newest first."""
    rows: list[EventRule] = event_rules_page(
        merchant_id=request.merchant_id, before_id=before_id(cursor), limit=limit + 1
    )
    return page_of([_rule(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post("/benefit-rules", response={201: RuleOut}, auth=requires("benefits.edit"))
def post_rule(request: MerchantRequest, body: RuleIn) -> Any:
    """Say what members are given and told when something happens to them."""
    made = create_event_rule(
        merchant_id=request.merchant_id,
        code=body.code,
        name=body.name,
        event=body.event,
        programme_id=_id(body.programme_id, "programme"),
        to_tier=body.to_tier,
        days_before=body.days_before,
        batch_id=_id(body.batch_id, "batch"),
        package_id=_id(body.package_id, "package"),
        message_template=body.message_template,
        message_channel=body.message_channel,
        now=datetime.now(UTC),
    )
    return Status(201, _rule(made))


@router.post("/benefit-rules/{rule_id}/switch", response=RuleOut, auth=requires("benefits.edit"))
def post_switch(request: MerchantRequest, rule_id: str, body: SwitchIn) -> Any:
    """Let a rule rest, or go on."""
    changed = switch_event_rule(
        merchant_id=request.merchant_id,
        rule_id=id_of(rule_id, kind="event rule"),
        is_active=body.is_active,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _rule(changed)


def _id(text: str | None, kind: str) -> int | None:
    return id_of(text, kind=kind) if text is not None else None
