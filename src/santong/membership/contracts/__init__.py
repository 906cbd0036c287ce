"""What other contexts know of members."""

from __future__ import annotations

from santong.membership.contracts.members import (
    CARD_STATES,
    JOIN_KINDS,
    LONGEST_CODE,
    LONGEST_GUIDE,
    LONGEST_NUMBER,
    MEMBER_STATES,
    Attribution,
    Binding,
    Card,
    CardState,
    Joined,
    JoinKind,
    JoinSource,
    Member,
    MemberState,
    Pool,
    Programme,
)

__all__ = [
    "CARD_STATES",
    "JOIN_KINDS",
    "LONGEST_CODE",
    "LONGEST_GUIDE",
    "LONGEST_NUMBER",
    "MEMBER_STATES",
    "Attribution",
    "Binding",
    "Card",
    "CardState",
    "JoinKind",
    "JoinSource",
    "Joined",
    "Member",
    "MemberState",
    "Pool",
    "Programme",
]
