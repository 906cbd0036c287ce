"""A rule by event rests, or goes on."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts.events import EventRule
from santong.benefits.models import EventRule as RuleRow
from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.nameless import check_prose
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def switch_event_rule(
    *, merchant_id: int, rule_id: int, is_active: bool, reason: str, now: datetime
) -> EventRule:
    """Let a rule rest or go on; what happened while it rested is not made up for.

    Raises FieldInvalid, NoSuch. Locks the rule.
    """
    check_prose(reason)
    rows = RuleRow.objects.of_merchant(merchant_id).filter(id=rule_id)
    row: RuleRow | None = rows.lock().first()
    if row is None:
        raise NoSuch(kind="event rule", key=str(rule_id))
    if row.is_active != is_active:
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        audit.record(
            audit.Change(
                action="benefits.switch_event_rule",
                subject="benefit_rule",
                subject_id=row.id,
                reason=reason,
                before={"is_active": not is_active},
                after={"is_active": is_active},
            ),
            now=now,
        )
    return row.as_contract()
