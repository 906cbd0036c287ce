"""A rule by event is made."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts.events import Event, EventRule
from santong.benefits.errors import CodeTaken
from santong.benefits.models import EventRule as RuleRow
from santong.benefits.rules.fields import clean_code, clean_name
from santong.benefits.rules.occasions import DAYS_BEFORE_MOST
from santong.benefits.selectors.limits import batch_by_id
from santong.benefits.selectors.packages import package_by_id
from santong.benefits.services.insert import insert
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership

MESSAGE_CHANNELS = ("sms", "email", "wechat", "app", "storefront")
LONGEST_TEMPLATE = 60


@all_or_nothing
def create_event_rule(
    *,
    merchant_id: int,
    code: str,
    name: str,
    event: Event,
    programme_id: int | None = None,
    to_tier: str = "",
    days_before: int = 0,
    batch_id: int | None = None,
    package_id: int | None = None,
    message_template: str = "",
    message_channel: str = "sms",
    now: datetime,
) -> EventRule:
    """Say what members are given and told when something happens to them.

    Raises CodeTaken, FieldInvalid, NoSuch.
    """
    _check(to_tier, days_before, message_template, message_channel)
    if batch_id is None and package_id is None and not message_template:
        raise FieldInvalid(pointer="/batch_id", reason="the rule does nothing")
    if programme_id is not None:
        membership.programme_by_id(merchant_id=merchant_id, programme_id=programme_id)
    if batch_id is not None:
        batch_by_id(merchant_id=merchant_id, batch_id=batch_id)
    if package_id is not None:
        package_by_id(merchant_id=merchant_id, package_id=package_id)
    row = RuleRow(
        merchant_id=merchant_id,
        code=clean_code(code),
        name=clean_name(name),
        event=event,
        programme_id=programme_id,
        to_tier=to_tier,
        days_before=days_before,
        batch_id=batch_id,
        package_id=package_id,
        message_template=message_template,
        message_channel=message_channel,
        is_active=True,
        created_at=now,
    )
    insert(row, taken=CodeTaken(kind="event rule", key=code), constraint="a_rule_has_its_own_code")
    audit.record(
        audit.Change(
            action="benefits.create_event_rule",
            subject="benefit_rule",
            subject_id=row.id,
            reason="created",
            after={"code": row.code, "event": event},
        ),
        now=now,
    )
    return row.as_contract()


def _check(to_tier: str, days_before: int, template: str, channel: str) -> None:
    if len(to_tier) > LONGEST_TEMPLATE:
        raise FieldInvalid(pointer="/to_tier", reason=f"at most {LONGEST_TEMPLATE} characters")
    if not 0 <= days_before <= DAYS_BEFORE_MOST:
        raise FieldInvalid(pointer="/days_before", reason=f"0 to {DAYS_BEFORE_MOST}")
    if len(template) > LONGEST_TEMPLATE:
        raise FieldInvalid(pointer="/message_template", reason="at most 60 characters")
    if channel not in MESSAGE_CHANNELS:
        raise FieldInvalid(pointer="/message_channel", reason="no channel of messages")
