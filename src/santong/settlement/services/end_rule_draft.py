"""A draft of rules that will not be published."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.errors import NotYourDraft, OwnDraft
from santong.settlement.models import RuleDraft
from santong.settlement.rules.terms import clean_reason
from santong.settlement.selectors.rule_drafts import rule_draft
from santong.settlement.services.draft_rules import check_waits, locked_draft, tell_of_draft
from santong.settlement.services.signature import hands


@all_or_nothing
def withdraw_rule_draft(
    *, merchant_id: int, draft_id: int, reason: str, now: datetime
) -> contracts.RuleDraft:
    """Take a draft back, as its drafter. Withdrawing twice withdraws once.

    Raises NoSuch, NotYourDraft, DraftPassed, FieldInvalid. Emits RuleDraftChanged. Locks the draft.
    """
    reason, person = clean_reason(reason), hands(merchant_id=merchant_id)
    row = locked_draft(merchant_id=merchant_id, draft_id=draft_id)
    if row.drafted_by != person:
        raise NotYourDraft(draft_id=str(draft_id))
    return _ended(row, to="withdrawn", person=person, reason=reason, now=now)


@all_or_nothing
def decline_rule_draft(
    *, merchant_id: int, draft_id: int, reason: str, now: datetime
) -> contracts.RuleDraft:
    """Say no to a draft, as somebody else than its drafter. Declining twice declines once.

    Raises NoSuch, OwnDraft, DraftPassed, FieldInvalid. Emits RuleDraftChanged. Locks the draft.
    """
    reason, person = clean_reason(reason), hands(merchant_id=merchant_id)
    row = locked_draft(merchant_id=merchant_id, draft_id=draft_id)
    if row.drafted_by == person:
        raise OwnDraft(draft_id=str(draft_id))
    return _ended(row, to="declined", person=person, reason=reason, now=now)


def _ended(
    row: RuleDraft, *, to: contracts.DraftState, person: str, reason: str, now: datetime
) -> contracts.RuleDraft:
    if row.state != to or row.ended_by != person:
        check_waits(row)
        row.state, row.ended_by, row.ended_at, row.ended_why = to, person, now, reason
        row.save(update_fields=["state", "ended_by", "ended_at", "ended_why"])
        tell_of_draft(
            row,
            action="settlement.end_rule_draft",
            reason=reason,
            before={"state": "draft"},
            now=now,
        )
    return rule_draft(merchant_id=row.merchant_id, draft_id=row.id)
