"""What differs between two versions of the rules, as sentences in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from santong.console.selectors.share_words import (
    RuleWords,
    words_of_due,
    words_of_owners,
    words_of_rule,
)
from santong.settlement import public as settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsWords:
    """All terms of a version, to be read."""

    rules: tuple[RuleWords, ...]
    owners: tuple[RuleWords, ...]
    rest_due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWords:
    """One thing that differs: how it was, and how it is."""

    kind: str
    before: RuleWords | None
    after: RuleWords | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceWords:
    """All that differs; what has no row of its own is a sentence."""

    count: int
    changes: tuple[ChangeWords, ...]
    sentences: tuple[str, ...]


def words_of_terms(*, terms: settlement.SharingTerms, currency: str) -> TermsWords:
    """Terms as they are read: rule by rule, and what holds between owners."""
    return TermsWords(
        rules=tuple(words_of_rule(rule=each, currency=currency) for each in terms.rules),
        owners=tuple(words_of_owners(terms=each, currency=currency) for each in terms.owners),
        rest_due=words_of_due(basis=terms.rest_due.basis, days=terms.rest_due.days),
    )


def words_of_difference(
    *, before: settlement.SharingTerms, after: settlement.SharingTerms, currency: str
) -> DifferenceWords:
    """What was added, removed and changed from one version to another."""
    found = settlement.changes_between(before=before, after=after)
    rules = [
        ChangeWords(
            kind=each.kind,
            before=words_of_rule(rule=each.before, currency=currency) if each.before else None,
            after=words_of_rule(rule=each.after, currency=currency) if each.after else None,
        )
        for each in found.rules
    ]
    owners = [
        ChangeWords(
            kind=each.kind,
            before=words_of_owners(terms=each.before, currency=currency) if each.before else None,
            after=words_of_owners(terms=each.after, currency=currency) if each.after else None,
        )
        for each in found.owners
    ]
    return DifferenceWords(
        count=found.count, changes=(*rules, *owners), sentences=tuple(_sentences(found))
    )


def _sentences(found: settlement.TermsChange) -> list[str]:
    said: list[str] = []
    if found.rest_due:
        before, after = (words_of_due(basis=due.basis, days=due.days) for due in found.rest_due)
        said.append(
            _("What no rule takes: %(before)s before, %(after)s now")
            % {"before": before, "after": after}
        )
    if found.is_reordered:
        said.append(_("The rules stand in another order: it decides who gets the odd cent"))
    return said
