"""Coupons by how their member sees them: `rules.validity.wallet_state`, as a condition."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from santong.benefits.contracts import WalletState


def in_states(states: Collection[WalletState], *, now: datetime) -> Q:
    """Those that stand in one of these states at a moment; all of them without any."""
    standing = _standing(now)
    found = Q()
    for state in states:
        found |= standing[state]
    return found


def _standing(now: datetime) -> dict[WalletState, Q]:
    is_over = Q(valid_until__isnull=False, valid_until__lte=now)
    free = Q(state="issued", is_frozen=False)
    return {
        "used": Q(state__in=("redeemed", "returned")),
        "void": Q(state__in=("void", "created")),
        "expired": Q(state="expired") | (free & is_over),
        "frozen": Q(state__in=("issued", "held"), is_frozen=True),
        "held": Q(state="held", is_frozen=False),
        "upcoming": free & ~is_over & Q(valid_from__gt=now),
        "usable": free & ~is_over & Q(valid_from__lte=now),
    }
