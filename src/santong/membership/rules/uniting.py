"""Two members turn out to be one person: who carries on, and what becomes of cards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from santong.membership.contracts import CardState, MemberState


@dataclass(frozen=True, slots=True)
class Side:
    """One of two members."""

    member_id: int
    state: MemberState
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A card as it stands."""

    card_id: int
    programme_id: int
    state: CardState


def in_order(one: Side, other: Side) -> tuple[Side, Side]:
    """Who carries on, and who is carried: a member before one who had left, then the older."""
    first, second = sorted(
        (one, other), key=lambda side: (side.state == "closed", side.joined_at, side.member_id)
    )
    return first, second


def carried_state(card: Held, *, taken: Collection[int], kept_state: MemberState) -> CardState:
    """What a card becomes that moves to the member who carries on.

    It stays a card where that member has none in its programme; otherwise its number only leads
    there, as does that of a card which was closed and comes to a member who has not left.
    """
    if card.programme_id in taken or (card.state == "closed") != (kept_state == "closed"):
        return "merged"
    return card.state


def state_of(
    cards: Iterable[CardState], *, before: MemberState
) -> Literal["active", "dormant", "closed"]:
    """The state of a member with these cards."""
    states: Sequence[CardState] = [state for state in cards if state != "merged"]
    if before == "closed":
        return "closed"
    return "active" if "active" in states else "dormant"
