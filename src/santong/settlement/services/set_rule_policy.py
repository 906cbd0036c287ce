"""Say whether one person may publish rules alone."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.models import RulePolicy
from santong.settlement.rules.terms import clean_reason
from santong.settlement.selectors.rule_drafts import rule_policy
from santong.settlement.services.add_version import wait_for_turn
from santong.settlement.services.signature import signature


@all_or_nothing
def set_rule_policy(
    *, merchant_id: int, may_publish_alone: bool, reason: str, now: datetime
) -> contracts.RulePolicy:
    """Let one person be enough to publish rules, or ask for two again.

    Raises FieldInvalid. Others who publish wait.
    """
    reason = clean_reason(reason)
    wait_for_turn(merchant_id=merchant_id)
    before = rule_policy(merchant_id=merchant_id)
    row, _ = RulePolicy.objects.update_or_create(
        merchant_id=merchant_id,
        defaults={
            "may_publish_alone": may_publish_alone,
            "reason": reason,
            "changed_by": signature(),
            "changed_at": now,
        },
    )
    audit.record(
        audit.Change(
            action="settlement.set_rule_policy",
            subject="rule_policy",
            subject_id=row.id,
            reason=reason,
            before={"may_publish_alone": before.may_publish_alone},
            after={"may_publish_alone": may_publish_alone},
        ),
        now=now,
    )
    return row.as_contract()
