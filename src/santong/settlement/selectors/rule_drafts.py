"""Drafts of rules: which wait, and from which version they were made."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.settlement import contracts
from santong.settlement.models import RuleDraft, RulePolicy, RuleSet

BY_TWO = contracts.RulePolicy(may_publish_alone=False, reason="", changed_by="", changed_at=None)


def newest_version(*, merchant_id: int) -> int:
    """The number of the newest version of the rules; 0 before the first."""
    newest = RuleSet.objects.of_merchant(merchant_id).order_by("-version").first()
    return newest.version if newest else 0


def rule_draft(*, merchant_id: int, draft_id: int) -> contracts.RuleDraft:
    """One draft. Raises NoSuch."""
    row = RuleDraft.objects.of_merchant(merchant_id).filter(id=draft_id).first()
    if row is None:
        raise NoSuch(kind="rule draft", key=str(draft_id))
    return row.as_contract(newest_version=newest_version(merchant_id=merchant_id))


def rule_drafts_page(
    *,
    merchant_id: int,
    state: contracts.DraftState | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.RuleDraft]:
    """Drafts, the newest first."""
    rows = RuleDraft.objects.of_merchant(merchant_id)
    if state is not None:
        rows = rows.filter(state=state)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    newest = newest_version(merchant_id=merchant_id)
    return [row.as_contract(newest_version=newest) for row in rows.order_by("-id")[:limit]]


def rule_policy(*, merchant_id: int) -> contracts.RulePolicy:
    """How many people publish rules: two, where nobody said otherwise."""
    row = RulePolicy.objects.of_merchant(merchant_id).first()
    return row.as_contract() if row else BY_TWO
