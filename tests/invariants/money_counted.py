"""Money as a model counts it: what was asked for, what came in, what is gone, what is shared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PRICE = 3_333


@dataclass(kw_only=True)
class Tender:
    """One part of what was asked for: what came in, goes back, is fought about, and is gone."""

    id: int
    reference: str
    amount: int
    is_in: bool = False
    is_late: bool = False
    under_way: int = 0
    gone: int = 0
    fought: int = 0

    def left(self) -> int:
        return self.amount - self.under_way - self.gone - self.fought if self.is_in else 0

    def kept(self) -> int:
        return self.amount - self.gone - self.fought if self.is_in else 0


@dataclass(kw_only=True)
class Asked:
    """Money that an order was asked for at once: all of it, or what was still open."""

    intent_id: int
    tenders: list[Tender]
    state: Literal["open", "paid", "cancelled", "expired"] = "open"

    def see(self) -> None:
        if self.state == "open" and all(tender.is_in for tender in self.tenders):
            self.state = "paid"


@dataclass(kw_only=True)
class Sold:
    """An order, and by what it is paid. Once all of it came in it is shared.

    `due` is what nobody owed and has to go back, `sent_back` as much of it as was asked for;
    `back` is what went back of the shares, by what for.
    """

    order_id: int
    line_ids: tuple[int, int]
    pieces: tuple[int, int]
    asked: list[Asked] = field(default_factory=list[Asked])
    state: Literal["placed", "paid", "partly_collected", "ended"] = "placed"
    collected: int = 0
    is_shared: bool = False
    worth: int = 0
    paid: int = 0
    due: int = 0
    sent_back: int = 0
    back: dict[str, int] = field(default_factory=dict[str, int])

    def document(self) -> str:
        return f"order:{self.order_id}"

    def total(self) -> int:
        return sum(self.pieces) * PRICE

    def tenders(self) -> list[Tender]:
        return [tender for asked in self.asked for tender in asked.tenders]

    def there(self) -> int:
        """What could go back."""
        return sum(tender.left() for tender in self.tenders())

    def is_asked(self) -> bool:
        return any(asked.state == "open" for asked in self.asked)

    def is_cancelled(self) -> bool:
        return self.state == "ended" and not self.collected

    def shared(self) -> int:
        return max(0, self.worth - sum(self.back.values())) if self.is_shared else 0

    def take(self, amount: int) -> None:
        """Money came in, on time or late: nobody owes what lies beyond the order."""
        beyond = max(0, self.paid + amount - max(self.total(), self.paid))
        self.due += amount if self.is_cancelled() else beyond
        self.paid += amount
        if self.state == "placed" and self.paid >= self.total():
            self.state, self.is_shared, self.worth = "paid", True, self.total()

    def reverse(self, what_for: str, amount: int) -> None:
        """So much is not shared; what was never shared cannot be taken back."""
        if what_for not in self.back:
            taken = min(amount, self.shared()) if self.is_shared else amount
            self.back |= {what_for: taken} if taken else {}

    def restore(self, what_for: str) -> None:
        self.back.pop(what_for, None)

    def give_up(self) -> None:
        """What was not collected is not owed, nor shared."""
        self.worth = self.collected * PRICE
        self.due += max(0, self.paid - self.worth - self.due)
        self.state = "ended"
        if self.is_cancelled():
            self.end_asking("cancelled")

    def end_asking(self, state: Literal["cancelled", "expired"]) -> None:
        for asked in self.asked:
            if asked.state == "open":
                asked.state = state

    def send_back(self) -> int:
        """As much as there is of what is due and was not asked for yet."""
        more = max(0, min(self.due - self.sent_back, self.there()))
        self.sent_back += more
        return more


@dataclass(frozen=True, kw_only=True)
class Back:
    """A part of a refund, or a dispute, that is not decided."""

    sold: Sold
    tender: Tender
    name: str
    amount: int
    refund_id: int = 0
    is_due: bool = False
