"""Money as a model counts it: what was asked for, what came in, what is gone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Tender:
    """One part of what was asked for: what came in, goes back, is fought about, and is gone."""

    reference: str
    amount: int
    is_in: bool = False
    under_way: int = 0
    gone: int = 0
    fought: int = 0

    def left(self) -> int:
        return self.amount - self.under_way - self.gone - self.fought if self.is_in else 0

    def kept(self) -> int:
        return self.amount - self.gone - self.fought if self.is_in else 0


@dataclass
class Sold:
    """An order, and by what it is paid. Once all of it came in it is shared."""

    order_id: int
    intent_id: int
    tenders: list[Tender]

    def is_shared(self) -> bool:
        return all(tender.is_in for tender in self.tenders)

    def shared(self) -> int:
        return sum(tender.kept() for tender in self.tenders) if self.is_shared() else 0

    def document(self) -> str:
        return f"order:{self.order_id}"


@dataclass(frozen=True)
class Back:
    """A part of a refund, or a dispute, that is not decided."""

    tender: Tender
    name: str
    amount: int
