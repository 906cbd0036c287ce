"""Publish rules of sharing alone, where that is allowed."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import tenancy
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.errors import SecondPersonNeeded
from santong.settlement.rules.terms import clean_reason
from santong.settlement.selectors.rule_drafts import rule_policy
from santong.settlement.services.add_version import add_version, wait_for_turn
from santong.settlement.services.signature import signature


@all_or_nothing
def publish_rules(
    *,
    merchant_id: int,
    terms: contracts.SharingTerms,
    reason: str,
    valid_from: datetime | None = None,
    now: datetime,
) -> contracts.RuleSet:
    """Share by new rules what is paid from an instant on (now, without one): the next version.

    What was shared stays as it was. One person does this alone only where head office has allowed
    it; else rules are drafted (`draft_rules`) and somebody else publishes them. Santong itself is
    no person: an installation is set up by this.

    Raises SecondPersonNeeded, FieldInvalid, TooEarly. Emits RulesPublished. Others who publish
    wait.
    """
    wait_for_turn(merchant_id=merchant_id)
    is_person = tenancy.current().actor.kind != "system"
    if is_person and not rule_policy(merchant_id=merchant_id).may_publish_alone:
        raise SecondPersonNeeded
    row = add_version(
        merchant_id=merchant_id,
        terms=terms,
        reason=clean_reason(reason),
        valid_from=valid_from,
        drafted_by="",
        published_by=signature(),
        now=now,
    )
    return row.as_contract()
