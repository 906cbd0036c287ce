"""The tables of membership."""

from __future__ import annotations

from santong.membership.models.bindings import Binding, BoundIdentity
from santong.membership.models.members import Attribution, Card, Member, MemberMerge
from santong.membership.models.programmes import Pool, Programme

__all__ = [
    "Attribution",
    "Binding",
    "BoundIdentity",
    "Card",
    "Member",
    "MemberMerge",
    "Pool",
    "Programme",
]
