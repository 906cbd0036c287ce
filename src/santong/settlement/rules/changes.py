"""What differs between two versions of the terms."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from santong.settlement.contracts import (
    OwnersChange,
    OwnerTerms,
    Rule,
    RuleChange,
    SharingTerms,
    TermsChange,
)


def changes_between(*, before: SharingTerms, after: SharingTerms) -> TermsChange:
    """What was added, removed and changed: rules by their code, terms of owners by whom they bind.

    Removed ones come first, then the others in the order of `after`. Rules that all stay as they
    are in another order are `is_reordered`: that moves no more than which of two rounds up.
    """
    old, new = ({rule.code: rule for rule in each.rules} for each in (before, after))
    kept_before = [code for code in old if code in new]
    kept_after = [code for code in new if code in old]
    is_due_other = before.rest_due != after.rest_due
    return TermsChange(
        rules=(
            *(RuleChange(kind="removed", before=old[c], after=None) for c in old if c not in new),
            *(
                _rule_change(old.get(code), rule)
                for code, rule in new.items()
                if _is_other(old.get(code), rule)
            ),
        ),
        owners=_owners_changes(before, after),
        rest_due=(before.rest_due, after.rest_due) if is_due_other else None,
        is_reordered=kept_before != kept_after,
    )


def _rule_change(before: Rule | None, after: Rule) -> RuleChange:
    if before is None:
        return RuleChange(kind="added", before=None, after=after)
    return RuleChange(kind="changed", before=before, after=after, fields=_differing(before, after))


def _owners_changes(before: SharingTerms, after: SharingTerms) -> tuple[OwnersChange, ...]:
    old, new = (
        {(terms.goods_of, terms.dealer): terms for terms in each.owners} for each in (before, after)
    )
    return (
        *(
            OwnersChange(kind="removed", before=terms, after=None)
            for key, terms in old.items()
            if key not in new
        ),
        *(
            _owners_change(old.get(key), terms)
            for key, terms in new.items()
            if _is_other(old.get(key), terms)
        ),
    )


def _owners_change(before: OwnerTerms | None, after: OwnerTerms) -> OwnersChange:
    if before is None:
        return OwnersChange(kind="added", before=None, after=after)
    return OwnersChange(
        kind="changed", before=before, after=after, fields=_differing(before, after)
    )


def _is_other(before: Any, after: Any) -> bool:
    return bool(before != after)


def _differing(before: Any, after: Any) -> tuple[str, ...]:
    return tuple(
        each.name
        for each in fields(after)
        if getattr(before, each.name) != getattr(after, each.name)
    )
