"""A draft of rules on past orders, side by side with the rules that would hold without it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.console.selectors.share_changes import DifferenceWords, words_of_difference
from santong.console.selectors.statement_lines import numbers_of_documents
from santong.settlement import public as settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a draft changes: in words, and for whom by how much.

    `standing_version` is what would hold from then on (0: nothing). `later` are versions that
    begin after the draft would: from then on they hold, and the draft does not.
    """

    standing_version: int
    difference: DifferenceWords
    compared: settlement.Compared
    numbers: dict[str, str]
    party_by_code: dict[str, settlement.Party]
    later: tuple[settlement.RuleSet, ...]


def trial_of(
    *,
    merchant_id: int,
    terms: settlement.SharingTerms,
    valid_from: datetime | None,
    currency: str,
    now: datetime,
) -> Trial:
    """Try terms on the newest sales. Raises FieldInvalid."""
    begins = valid_from or now
    standing = settlement.rule_set_at(merchant_id=merchant_id, at=begins)
    before = standing.terms if standing else settlement.SharingTerms()
    compared = settlement.compare_rules(merchant_id=merchant_id, before=before, after=terms)
    return Trial(
        standing_version=standing.version if standing else 0,
        difference=words_of_difference(before=before, after=terms, currency=currency),
        compared=compared,
        numbers=numbers_of_documents(
            merchant_id=merchant_id, documents=[each.document for each in compared.samples]
        ),
        party_by_code=settlement.parties_by_code(
            merchant_id=merchant_id, codes={each.party_code for each in compared.parties}
        ),
        later=tuple(settlement.rule_sets_after(merchant_id=merchant_id, at=begins)),
    )
