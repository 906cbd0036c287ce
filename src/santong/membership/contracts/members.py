"""Programmes, members, and what ties a member to programmes, places and storefronts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

MemberState = Literal["active", "dormant", "closed", "merged"]
MEMBER_STATES: tuple[MemberState, ...] = get_args(MemberState)

CardState = Literal["active", "dormant", "closed", "merged"]
CARD_STATES: tuple[CardState, ...] = get_args(CardState)

JoinKind = Literal["scan", "till", "checkout", "storefront", "guide", "import", "console"]
JOIN_KINDS: tuple[JoinKind, ...] = get_args(JoinKind)

LONGEST_CODE = 40
LONGEST_NUMBER = 40
LONGEST_GUIDE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Points that count alike in every programme that shares them."""

    id: int
    code: str
    name: str

    @property
    def points_asset(self) -> str:
        """The ledger's name for its points."""
        return f"points:{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFace:
    """How a programme's card looks: text on a ground, `#rrggbb`, and a picture of this host.

    Without colours of its own it has one of those that the house gives.
    """

    ground: str = ""
    ink: str = ""
    picture: str = ""
    picture_alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What a brand offers its members: its own card face and tiers, a pool's points."""

    id: int
    code: str
    name: str
    brand_id: int
    pool_id: int
    pool_code: str
    card_name: str
    card_prefix: str
    dormant_after_days: int
    is_open: bool
    face: CardFace = CardFace()

    @property
    def points_asset(self) -> str:
        """The ledger's name for the points of its pool."""
        return f"points:{self.pool_code}"

    @property
    def experience_asset(self) -> str:
        """The ledger's name for its experience."""
        return f"experience:{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A member's place in one programme. A merged card still finds its member by its number."""

    id: int
    member_id: int
    programme_id: int
    programme_code: str
    number: str
    tier: str
    tier_since: datetime | None
    tier_until: datetime | None
    state: CardState
    opened_at: datetime
    last_active_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person as the merchant's programmes know them."""

    id: int
    number: str
    person_id: int
    state: MemberState
    joined_at: datetime
    joined_by: JoinKind
    cards: tuple[Card, ...]

    @property
    def owner(self) -> str:
        """Whose accounts these are, as the ledger says it."""
        return f"member:{self.id}"

    def card_of(self, programme_code: str) -> Card | None:
        """The card in a programme, leaving out those that were merged into it."""
        return next(
            (
                card
                for card in self.cards
                if card.programme_code == programme_code and card.state != "merged"
            ),
            None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinSource:
    """Where, by whom and how somebody was won."""

    kind: JoinKind
    channel: str = ""
    storefront_code: str = ""
    location_code: str = ""
    guide_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The member and the card; `is_new` tells a new member, `is_new_card` a new card."""

    member: Member
    card: Card
    is_new: bool
    is_new_card: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who or what is credited with a card."""

    id: int
    member_id: int
    card_id: int
    programme_id: int
    kind: JoinKind
    channel: str
    storefront_code: str
    location_id: int | None
    guide_code: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """An account on a storefront that shows the member there, or did."""

    id: int
    member_id: int
    storefront_code: str
    state: Literal["bound", "unbound"]
    bound_at: datetime
    unbound_at: datetime | None


BindKind = Literal["bindable", "already_bound", "several", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSummary:
    """What a storefront shows of a member: the card of its programme, its tier, and points."""

    member_id: int
    member_number: str
    card_number: str
    tier: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BindAnswer:
    """Whether an account may be bound to the member whom a number finds; `member` where one is."""

    kind: BindKind
    member: MemberSummary | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Who is bound now; `is_new` is false where the account was bound to them before."""

    member: Member
    binding: Binding
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """Who is a member on a storefront now, and by which account."""

    joined: Joined
    binding: Binding
    is_new_binding: bool
