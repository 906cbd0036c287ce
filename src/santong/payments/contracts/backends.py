"""What payments and a tender that is kept in this database say to each other: stored value.

No provider is called: a backend works inside the transaction of whoever calls it, so what it took
and what payments books stand together, or neither does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

SeenStoredState = Literal["authorised", "captured", "voided", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was taken, or went back: how much of it somebody had paid for, and how much was given.

    For a document: `stored_value/{programme}` −principal, `bonus_cost/{programme}` −bonus,
    `document` + both.
    """

    principal_minor: int = 0
    bonus_minor: int = 0

    @property
    def amount_minor(self) -> int:
        """Both together."""
        return self.principal_minor + self.bonus_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAsk:
    """An amount that is to be taken from stored value, under a number of ours.

    `token` is what the holder showed or typed: it stands in no log, no fact and no row. `document`
    names what is paid: `order:17`. What is kept until `expires_at` is free again after it.
    """

    reference: str
    token: str = field(repr=False)
    amount_minor: int
    currency: str
    document: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenStored:
    """How a payment by stored value stands. `their_reference` is the card (`card:17`).

    A payment that `failed` took nothing, and says why by the code of a refusal. It is an answer,
    not an exception: the caller commits, for a secret that was tried has to stay counted.
    """

    state: SeenStoredState
    their_reference: str = ""
    programme: str = ""
    taken: Taken = field(default_factory=Taken)
    why: str = ""


class TenderBackend(Protocol):
    """Stored value as a tender. Called in the caller's transaction; the same reference is the same.

    `authorise` answers `failed` where the holder or the card is at fault; every other command is
    right or raises a DomainError, which dooms the transaction.
    """

    method: str

    def authorise(self, *, merchant_id: int, ask: StoredAsk, now: datetime) -> SeenStored:
        """Keep the whole amount for this reference, or nothing: `authorised` or `failed`.

        `taken` says how a capture of all of it will be split.
        """
        ...

    def capture(
        self, *, merchant_id: int, reference: str, amount_minor: int, now: datetime
    ) -> SeenStored:
        """Take what was kept, or a part of it; the rest is free again. `taken` is what was taken.

        What cannot be captured any more (its time has run out) is `voided`, and took nothing.
        """
        ...

    def void(self, *, merchant_id: int, reference: str, reason: str, now: datetime) -> SeenStored:
        """Let go of what was kept. A captured one stays `captured`; void twice is void once."""
        ...

    def refund(
        self,
        *,
        merchant_id: int,
        reference: str,
        refund_reference: str,
        amount_minor: int,
        reason: str,
        now: datetime,
    ) -> Taken:
        """Put so much back on the card, in the proportion in which this payment took it.

        However it is divided, the parts of all refunds make up what was taken. The same
        `refund_reference` gives the first answer.
        """
        ...
