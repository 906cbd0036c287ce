"""What documents owe, compared with what was paid for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentPair:
    """A document, what its lines come to (none: nothing was sold), and what was paid for it.

    None paid is not nothing paid: no payment is known at all.
    """

    document: str
    owed_minor: int | None
    paid_minor: int | None


@dataclass(frozen=True, slots=True)
class DocumentsCompared:
    """What a comparison found: how many agree, how many differ by category, and the sums.

    `unexplained_minor` is what no difference accounts for.
    """

    documents: int
    equal: int
    count_by_category: Mapping[str, int]
    owed_minor: int
    paid_minor: int
    differences_minor: int

    @property
    def unexplained_minor(self) -> int:
        """What was paid beyond what was owed, less what the differences say."""
        return self.paid_minor - self.owed_minor - self.differences_minor
