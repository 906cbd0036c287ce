"""What happens to money, in a page of Python: slow, alone, and easy to believe."""

from __future__ import annotations

from dataclasses import dataclass, field

LIVE = ("asked", "waiting", "authorised")


class Refused(Exception):
    """It must be refused, and nothing may have happened."""


@dataclass
class Tender:
    amount: int
    state: str = "asked"
    captured: int = 0
    asked_back: int = 0
    gone_back: int = 0
    fought: int = 0

    def refundable(self) -> int:
        return max(0, self.captured - self.asked_back - self.fought)


@dataclass
class Intent:
    document: str
    amount: int
    authorise_only: bool
    tenders: list[Tender]
    state: str = "open"

    def received(self) -> int:
        return sum(tender.captured for tender in self.tenders)

    def is_live(self) -> bool:
        return self.state in {"open", "authorised"}

    def left(self) -> int:
        planned = sum(t.captured or t.amount for t in self.tenders if t.captured or t.state in LIVE)
        return self.amount - planned

    def settle(self) -> None:
        if not self.is_live():
            return
        authorised = sum(t.amount for t in self.tenders if t.state == "authorised")
        if self.received() >= self.amount:
            self.state = "paid"
        else:
            enough = self.received() + authorised >= self.amount
            self.state = "authorised" if enough else "open"


@dataclass
class Part:
    tender: Tender
    amount: int
    state: str = "queued"


@dataclass
class Transfer:
    amount: int
    state: str = "queued"


@dataclass
class Money:
    """Intents by document, refunds, what a party is owed and sent, and what the account holds."""

    intents: list[Intent] = field(default_factory=list)
    payable: int = 0
    transit: int = 0
    account: int = 0
    fought: int = 0

    def open(self, intent: Intent) -> None:
        if any(i.document == intent.document and i.is_live() for i in self.intents):
            raise Refused
        self.intents.append(intent)

    def add(self, intent: Intent, amount: int) -> None:
        if intent.state != "open" or amount > intent.left():
            raise Refused
        intent.tenders.append(Tender(amount))

    def see(self, intent: Intent, tender: Tender, state: str) -> None:
        if state == "paid" and tender.state != "captured":
            tender.state = "captured"
            tender.captured = tender.amount
            self.account += tender.amount
        elif tender.state in LIVE:
            becomes = {
                ("asked", "waiting"): "waiting",
                ("asked", "authorised"): "authorised",
                ("waiting", "authorised"): "authorised",
                ("asked", "closed"): "closed",
                ("waiting", "closed"): "closed",
                ("authorised", "closed"): "voided",
                ("asked", "failed"): "failed",
                ("waiting", "failed"): "failed",
            }
            tender.state = becomes.get((tender.state, state), tender.state)
        intent.settle()

    def end(self, intent: Intent, state: str) -> None:
        if intent.is_live():
            intent.state = state
        elif intent.state != state:
            raise Refused

    def tenders_of(self, document: str) -> list[Tender]:
        return [t for i in self.intents if i.document == document for t in i.tenders]

    def net(self, document: str) -> int:
        return sum(t.captured - t.gone_back for t in self.tenders_of(document))

    def check_refund(self, document: str, amount: int) -> None:
        if sum(tender.refundable() for tender in self.tenders_of(document)) < amount:
            raise Refused

    def see_part(self, part: Part, state: str) -> None:
        if part.state == "done" or (part.state == "failed" and state != "done"):
            return
        if state == "done":
            if part.state == "failed":
                if part.tender.asked_back + part.amount > part.tender.captured:
                    return
                part.tender.asked_back += part.amount
            part.state = "done"
            part.tender.gone_back += part.amount
            self.account -= part.amount
        elif state == "failed":
            part.state = "failed"
            part.tender.asked_back -= part.amount
        elif part.state == "queued":
            part.state = "sent"

    def dispute(self, tender: Tender, amount: int) -> int:
        fought = min(amount, tender.refundable())
        is_unsure = amount > fought and tender.asked_back > tender.gone_back
        if fought <= 0 or is_unsure:
            raise Refused
        tender.fought += fought
        self.account -= fought
        self.fought += fought
        return fought

    def decide(self, tender: Tender, fought: int, *, is_won: bool) -> None:
        tender.fought -= fought
        self.fought -= fought
        if is_won:
            self.account += fought
        else:
            tender.asked_back += fought
            tender.gone_back += fought

    def send(self, amount: int) -> Transfer:
        if amount > self.payable:
            raise Refused
        self.payable -= amount
        self.transit += amount
        return Transfer(amount)

    def see_transfer(self, transfer: Transfer, state: str) -> None:
        if transfer.state in {"queued", "sent"}:
            if state == "working":
                transfer.state = "sent"
                return
            self.transit -= transfer.amount
            if state == "done":
                transfer.state = "done"
                self.account -= transfer.amount
            else:
                transfer.state = "failed"
                self.payable += transfer.amount
        elif transfer.state == "done" and state in {"failed", "returned"}:
            transfer.state = "returned"
            self.account += transfer.amount
            self.payable += transfer.amount
