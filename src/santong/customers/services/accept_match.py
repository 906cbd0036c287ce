"""Somebody has looked: the two are one."""

from __future__ import annotations

from datetime import datetime

from santong.customers import contracts
from santong.customers.services.decide_match import decide_match
from santong.customers.services.merge import merge
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def accept_match(*, merchant_id: int, match_id: int, reason: str, now: datetime) -> contracts.Merge:
    """Join the two persons of a match, as `merge` does; it can be undone.

    Raises NoSuch, MatchDecided, SamePerson, PersonErased, FieldInvalid. Emits PersonsMerged. Locks
    the match, then merging and both persons.
    """
    row = decide_match(merchant_id=merchant_id, match_id=match_id, reason=reason, now=now)
    joined = merge(
        merchant_id=merchant_id,
        first_id=row.first_id,
        second_id=row.second_id,
        reason=reason,
        now=now,
    )
    row.state = "accepted"
    row.save(update_fields=["state", "decided_at", "reason"])
    return joined
