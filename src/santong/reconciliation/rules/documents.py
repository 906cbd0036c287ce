"""What a document owes, compared with what was paid for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from santong.reconciliation.contracts import Category, DocumentPair, DocumentsCompared

# Two cents: what rounding lines one by one does to a document.
MOST_ROUNDING_MINOR = 2


def category_of(
    pair: DocumentPair, *, rounding_minor: int = MOST_ROUNDING_MINOR
) -> Category | None:
    """Why a document's sides differ; None where they do not.

    Nothing sold is told before all else, also where nothing was paid: a document without lines
    is never simply right.
    """
    if pair.owed_minor is None:
        return "nothing_sold"
    if pair.paid_minor is None:
        return "not_paid"
    difference = pair.paid_minor - pair.owed_minor
    if not difference:
        return None
    if abs(difference) <= rounding_minor:
        return "document_rounding"
    return "paid_more" if difference > 0 else "paid_less"


def amounts(pair: DocumentPair) -> tuple[int, int]:
    """What was paid and what was owed, with nothing for what is not known."""
    return pair.paid_minor or 0, pair.owed_minor or 0


@dataclass(slots=True)
class Tally:
    """What a comparison has found so far."""

    documents: int = 0
    equal: int = 0
    owed_minor: int = 0
    paid_minor: int = 0
    differences_minor: int = 0
    count_by_category: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, pair: DocumentPair, category: Category | None) -> None:
        """Count a pair."""
        paid, owed = amounts(pair)
        self.documents += 1
        self.owed_minor += owed
        self.paid_minor += paid
        if category is None:
            self.equal += 1
            return
        self.differences_minor += paid - owed
        self.count_by_category[category] = self.count_by_category.get(category, 0) + 1

    def result(self) -> DocumentsCompared:
        """What has been counted."""
        return DocumentsCompared(
            documents=self.documents,
            equal=self.equal,
            count_by_category=dict(self.count_by_category),
            owed_minor=self.owed_minor,
            paid_minor=self.paid_minor,
            differences_minor=self.differences_minor,
        )


def compare(pairs: Iterable[DocumentPair]) -> DocumentsCompared:
    """How documents stand, all of them counted once."""
    tally = Tally()
    for pair in pairs:
        tally.add(pair, category_of(pair))
    return tally.result()
