"""Publish a draft of rules that somebody else made."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.errors import DraftChanged, OwnDraft
from santong.settlement.rules.terms import terms_from_json
from santong.settlement.selectors.rule_sets import rule_set_by_id
from santong.settlement.services.add_version import add_version, wait_for_turn
from santong.settlement.services.draft_rules import (
    check_base,
    check_waits,
    locked_draft,
    tell_of_draft,
)
from santong.settlement.services.signature import hands


@all_or_nothing
def publish_rule_draft(
    *, merchant_id: int, draft_id: int, revision: int, now: datetime
) -> contracts.RuleSet:
    """Make a draft the next version, by somebody else than its drafter, who looked at `revision`.

    Whoever publishes twice publishes once.

    Raises NoSuch, DraftPassed, OwnDraft, DraftChanged, DraftOutdated, TooEarly, FieldInvalid.
    Emits RulesPublished, RuleDraftChanged. Others who publish wait; locks the draft.
    """
    person = hands(merchant_id=merchant_id)
    wait_for_turn(merchant_id=merchant_id)
    draft = locked_draft(merchant_id=merchant_id, draft_id=draft_id)
    if draft.state == "published" and draft.ended_by == person and draft.revision == revision:
        return rule_set_by_id(merchant_id=merchant_id, rule_set_id=draft.rule_set_id or 0)
    check_waits(draft)
    if draft.drafted_by == person:
        raise OwnDraft(draft_id=str(draft_id))
    if draft.revision != revision:
        raise DraftChanged(draft_id=str(draft_id), revision=draft.revision)
    check_base(merchant_id=merchant_id, base_version=draft.base_version)
    row = add_version(
        merchant_id=merchant_id,
        terms=terms_from_json(draft.terms),
        reason=draft.reason,
        valid_from=draft.valid_from,
        drafted_by=draft.drafted_by,
        published_by=person,
        now=now,
    )
    draft.state, draft.ended_by, draft.ended_at, draft.rule_set = "published", person, now, row
    draft.save(update_fields=["state", "ended_by", "ended_at", "rule_set"])
    tell_of_draft(
        draft,
        action="settlement.publish_rule_draft",
        reason=draft.reason,
        before={"state": "draft"},
        now=now,
    )
    return row.as_contract()
