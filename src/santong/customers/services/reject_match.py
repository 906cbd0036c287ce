"""Somebody has looked: the two are two."""

from __future__ import annotations

from datetime import datetime

from santong.customers import contracts
from santong.customers.models import Apart
from santong.customers.services.decide_match import decide_match
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def reject_match(*, merchant_id: int, match_id: int, reason: str, now: datetime) -> contracts.Match:
    """Keep that two persons are two: never proposed again, and joined by nothing automatic.

    Raises NoSuch, MatchDecided, FieldInvalid. Locks the match.
    """
    row = decide_match(merchant_id=merchant_id, match_id=match_id, reason=reason, now=now)
    row.state = "rejected"
    row.save(update_fields=["state", "decided_at", "reason"])
    Apart.objects.bulk_create(
        [
            Apart(
                merchant_id=merchant_id,
                first_id=row.first_id,
                second_id=row.second_id,
                why="rejected",
                decided_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    audit.record(
        audit.Change(
            action="customers.reject_match",
            subject="person",
            subject_id=row.second_id,
            reason=row.reason,
            after={"apart_from": row.first_id},
        ),
        now=now,
    )
    return row.as_contract()
