"""Cards, what is put on them, and what is taken from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

CardState = Literal["issued", "active", "frozen", "closed", "expired"]
CARD_STATES: tuple[CardState, ...] = get_args(CardState)

TopUpState = Literal["asked", "landed", "cancelled", "returned"]
TOP_UP_STATES: tuple[TopUpState, ...] = get_args(TopUpState)

UseState = Literal["held", "captured", "released"]
USE_STATES: tuple[UseState, ...] = get_args(UseState)

GiftState = Literal["offered", "claimed", "withdrawn"]
GIFT_STATES: tuple[GiftState, ...] = get_args(GiftState)

BuyerKind = Literal["person", "company"]
BUYER_KINDS: tuple[BuyerKind, ...] = get_args(BuyerKind)

IdentityKind = Literal["", "id_card", "passport", "business_licence", "other"]
IDENTITY_KINDS: tuple[IdentityKind, ...] = get_args(IdentityKind)

LONGEST_KEY = 120
LONGEST_REFERENCE = 80
LONGEST_DOCUMENT = 60
_TOP_UP = "topup:"
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who pays for what is put on a card, as far as the law asks.

    `identity` is the number of the document that was shown; it is kept sealed. `in_one_go_minor`
    is what is bought in one go where that is more than this card.
    """

    kind: BuyerKind = "person"
    is_cash: bool = False
    in_one_go_minor: int = 0
    identity_kind: IdentityKind = ""
    identity: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card. Whoever may see its whole number asks for it by itself."""

    id: int
    programme_code: str
    programme_name: str
    kind: str
    currency: str
    tail: str
    state: CardState
    is_registered: bool
    person_id: int | None
    has_secret: bool
    valid_until: datetime | None
    issued_at: datetime
    why: str

    @property
    def owner(self) -> str:
        """Whose accounts in the ledger are this card's."""
        return owner_of(self.id)


def owner_of(card_id: int) -> str:
    """Whose accounts in the ledger are a card's."""
    return f"card:{card_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """So much bonus is gone after this moment, if it is not used."""

    amount_minor: int
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBalance:
    """What can be spent of a card, what is kept for payments under way, and what ends when."""

    card_id: int
    principal_minor: int
    bonus_minor: int
    held_minor: int
    endings: tuple[Ending, ...]

    @property
    def amount_minor(self) -> int:
        """All that can be spent."""
        return self.principal_minor + self.bonus_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp:
    """Money for a card: asked for, then paid as `document`, then on the card."""

    id: int
    card_id: int
    key: str
    state: TopUpState
    amount_minor: int
    bonus_minor: int
    currency: str
    offer_code: str
    asked_at: datetime
    landed_at: datetime | None
    paid_back_minor: int

    @property
    def document(self) -> str:
        """What payments knows it by."""
        return document_of(self.id)


def document_of(top_up_id: int) -> str:
    """What payments knows a top-up by."""
    return f"{_TOP_UP}{top_up_id}"


def top_up_of(document: str) -> int | None:
    """The top-up that a document of payments stands for, if it is one."""
    number = document.removeprefix(_TOP_UP)
    is_one = number != document and number.isascii() and number.isdigit()
    return int(number) if is_one and len(number) <= _MOST_DIGITS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """A card as it is handed over. The secret is shown this once: we keep only a hash of it."""

    card: Card
    top_up: TopUp
    number: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A payment by a card: kept for it, or taken; and what of it went back."""

    id: int
    card_id: int
    reference: str
    document: str
    state: UseState
    principal_minor: int
    bonus_minor: int
    refunded_principal_minor: int
    refunded_bonus_minor: int
    expires_at: datetime | None
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """An amount, principal and bonus apart."""

    principal_minor: int = 0
    bonus_minor: int = 0

    @property
    def amount_minor(self) -> int:
        """Both together."""
        return self.principal_minor + self.bonus_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A card at its end: what was paid back along which top-up, and the bonus that was lost."""

    card_id: int
    paid_back_minor: int
    forfeited_minor: int
    paid_back_by_document: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Whether a number and its secret are right. Too many wrong ones, and one has to wait."""

    is_right: bool
    wait_seconds: int = 0
    card: Card | None = None
    balance: CardBalance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """A card on its way to somebody else."""

    id: int
    card_id: int
    state: GiftState
    offered_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A gift as it is sent: whoever has the token first has the card. It is shown this once."""

    gift: Gift
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayCode:
    """What a holder shows at the till instead of number and secret; once, for two minutes."""

    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One line of a card's statement: principal and bonus apart, signed as the card sees them."""

    txn_id: int
    kind: str
    principal_minor: int
    bonus_minor: int
    reference: str
    reason: str
    at: datetime
