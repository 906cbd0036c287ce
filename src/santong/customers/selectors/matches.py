"""Who may be the same person."""

from __future__ import annotations

from santong.customers import contracts
from santong.customers.models import Match


def matches_page(
    *,
    merchant_id: int,
    state: contracts.MatchState | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.Match]:
    """Matches, newest first."""
    rows = Match.objects.of_merchant(merchant_id)
    if state is not None:
        rows = rows.filter(state=state)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]
