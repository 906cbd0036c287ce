"""What a replay of payments has found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from santong.simulation.rules.paid.plan import PaidOrder, Sums
from santong.simulation.rules.paid.reasons import Why
from santong.simulation.rules.published.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidProof:
    """The books, beside the files: by way to pay, by instalments and by order."""

    tenders_by_method: Mapping[str, int]
    minor_by_method: Mapping[str, int]
    ledger_by_method: Mapping[str, int]
    tenders_by_instalments: Mapping[int, int]
    intents: int
    orders_compared: int
    orders_differing: int

    @property
    def minor(self) -> int:
        """All that came in, by the books."""
        return sum(self.minor_by_method.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """So many documents that differ, by category and by what that comes from."""

    category: str
    why: Why
    count: int
    minor: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidReconciled:
    """What the reconciliation made of documents and of statements."""

    documents: int
    equal: int
    owed_minor: int
    paid_minor: int
    explained: tuple[Explained, ...]
    left_open: int
    unexplained_minor: int
    statements: int
    statement_lines: int
    statement_matched: int
    statement_differences: int
    statement_minor: int
    statement_unexplained_minor: int

    @property
    def count_by_category(self) -> dict[str, int]:
        """How many documents differ in each way."""
        found: dict[str, int] = {}
        for each in self.explained:
            found[each.category] = found.get(each.category, 0) + each.count
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidReport:
    """A replay of payments, and what was found."""

    made_at: datetime
    directory: str
    merchant_code: str
    orders: tuple[PaidOrder, ...]
    sums: Sums
    proof: PaidProof
    reconciled: PaidReconciled
    findings: tuple[str, ...]
    tally: Tally
    seconds_by_part: Mapping[str, float]

    @property
    def is_proven(self) -> bool:
        """Whether books, files and statements agree to the minor unit."""
        proof, sums = self.proof, self.sums
        return (
            proof.minor_by_method == sums.minor_by_method == proof.ledger_by_method
            and proof.tenders_by_method == sums.count_by_method
            and proof.tenders_by_instalments == sums.count_by_instalments
            and self.reconciled.statement_minor == sums.minor
            and not proof.orders_differing
            and not self.reconciled.left_open
            and not self.reconciled.unexplained_minor
            and not self.reconciled.statement_unexplained_minor
            and not self.findings
        )
