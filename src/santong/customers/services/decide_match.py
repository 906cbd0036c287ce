"""What accepting and rejecting a match have in common."""

from __future__ import annotations

from datetime import datetime

from santong.customers.errors import MatchDecided
from santong.customers.models import Match
from santong.customers.rules.reasons import checked_reason
from santong.customers.selectors.graph import profile_of
from santong.customers.selectors.persons import rows_of
from santong.customers.services.locks import lock_graph
from santong.kernel.errors import NoSuch


def decide_match(*, merchant_id: int, match_id: int, reason: str, now: datetime) -> Match:
    """The match, locked and still open, with the reason and the moment of a decision.

    Raises NoSuch, MatchDecided, FieldInvalid.
    """
    lock_graph(merchant_id=merchant_id)
    row: Match | None = Match.objects.of_merchant(merchant_id).filter(id=match_id).lock().first()
    if row is None:
        raise NoSuch(kind="match", key=str(match_id))
    if row.state != "open":
        raise MatchDecided(match_id=match_id, state=row.state)
    names = [
        profile_of(rows_of(merchant_id=merchant_id, person_id=each)).name
        for each in (row.first_id, row.second_id)
    ]
    row.reason = checked_reason(reason, unnamed=names)
    row.decided_at = now
    return row
