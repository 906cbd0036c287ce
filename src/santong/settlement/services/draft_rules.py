"""Draft the next version of the rules, and change the draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.errors import (
    DraftChanged,
    DraftOutdated,
    DraftPassed,
    NotYourDraft,
    TooEarly,
)
from santong.settlement.events import RuleDraftChanged
from santong.settlement.models import RuleDraft
from santong.settlement.rules.terms import check_terms, clean_reason, terms_to_json
from santong.settlement.selectors.rule_drafts import newest_version
from santong.settlement.services.signature import hands


@all_or_nothing
def draft_rules(
    *,
    merchant_id: int,
    base_version: int,
    terms: contracts.SharingTerms,
    reason: str,
    valid_from: datetime | None = None,
    now: datetime,
) -> contracts.RuleDraft:
    """Propose rules instead of the newest version (0: there is none).

    Nothing is shared by them before somebody else publishes them.

    Raises FieldInvalid, TooEarly, DraftOutdated. Emits RuleDraftChanged. Locks nothing.
    """
    reason = _checked(terms, reason, valid_from, now)
    check_base(merchant_id=merchant_id, base_version=base_version)
    row = RuleDraft.objects.create(
        merchant_id=merchant_id,
        state="draft",
        base_version=base_version,
        terms=terms_to_json(terms),
        reason=reason,
        valid_from=valid_from,
        drafted_by=hands(merchant_id=merchant_id),
        drafted_at=now,
        changed_at=now,
    )
    tell_of_draft(row, action="settlement.draft_rules", reason=reason, before={}, now=now)
    return row.as_contract(newest_version=base_version)


@all_or_nothing
def change_rule_draft(
    *,
    merchant_id: int,
    draft_id: int,
    revision: int,
    base_version: int,
    terms: contracts.SharingTerms,
    reason: str,
    valid_from: datetime | None = None,
    now: datetime,
) -> contracts.RuleDraft:
    """Propose something else, as its drafter, who has looked at `revision` of it.

    An outdated draft is taken up anew by this: `base_version` is the newest version then.

    Raises NoSuch, NotYourDraft, DraftPassed, DraftChanged, FieldInvalid, TooEarly, DraftOutdated.
    Emits RuleDraftChanged. Locks the draft.
    """
    row = locked_draft(merchant_id=merchant_id, draft_id=draft_id)
    if row.drafted_by != hands(merchant_id=merchant_id):
        raise NotYourDraft(draft_id=str(draft_id))
    check_waits(row)
    if row.revision != revision:
        raise DraftChanged(draft_id=str(draft_id), revision=row.revision)
    before = {"revision": row.revision, "base_version": row.base_version}
    row.reason = _checked(terms, reason, valid_from, now)
    check_base(merchant_id=merchant_id, base_version=base_version)
    row.terms, row.valid_from, row.base_version = terms_to_json(terms), valid_from, base_version
    row.revision, row.changed_at = row.revision + 1, now
    row.save(
        update_fields=["terms", "valid_from", "base_version", "reason", "revision", "changed_at"]
    )
    tell_of_draft(
        row, action="settlement.change_rule_draft", reason=row.reason, before=before, now=now
    )
    return row.as_contract(newest_version=base_version)


def locked_draft(*, merchant_id: int, draft_id: int) -> RuleDraft:
    """The draft, which nobody else changes until the transaction ends. Raises NoSuch."""
    row = RuleDraft.objects.of_merchant(merchant_id).filter(id=draft_id).lock().first()
    if row is None:
        raise NoSuch(kind="rule draft", key=str(draft_id))
    return row


def check_waits(row: RuleDraft) -> None:
    """Refuse what is decided already. Raises DraftPassed."""
    if row.state != "draft":
        raise DraftPassed(draft_id=str(row.id), state=row.state)


def check_base(*, merchant_id: int, base_version: int) -> None:
    """Refuse what was made from another version than the newest. Raises DraftOutdated."""
    newest = newest_version(merchant_id=merchant_id)
    if base_version != newest:
        raise DraftOutdated(base_version=base_version, newest_version=newest)


def tell_of_draft(
    row: RuleDraft, *, action: str, reason: str, before: Mapping[str, object], now: datetime
) -> None:
    """Into the audit trail, and to whoever listens."""
    audit.record(
        audit.Change(
            action=action,
            subject="rule_draft",
            subject_id=row.id,
            reason=reason,
            before=before,
            after={
                "state": row.state,
                "revision": row.revision,
                "base_version": row.base_version,
            },
        ),
        now=now,
    )
    outbox.publish(
        RuleDraftChanged(
            draft_id=row.id,
            state=row.state,
            revision=row.revision,
            base_version=row.base_version,
        ),
        now=now,
    )


def _checked(
    terms: contracts.SharingTerms, reason: str, valid_from: datetime | None, now: datetime
) -> str:
    check_terms(terms=terms)
    reason = clean_reason(reason)
    if valid_from is not None and valid_from < now:
        raise TooEarly(valid_from=valid_from.isoformat())
    return reason
