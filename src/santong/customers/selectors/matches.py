"""Who may be the same person, and who was looked at already."""

from __future__ import annotations

from santong.customers import contracts
from santong.customers.models import Apart, Match, Person
from santong.customers.rules.matching import Known
from santong.customers.rules.profiles import NOTHING
from santong.customers.selectors.graph import clusters, profile_of


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


def people_to_match(*, merchant_id: int, after_id: int, limit: int) -> tuple[list[Known], int]:
    """Current persons of whom something is known, by id, and the last id that was looked at."""
    rows = Person.objects.of_merchant(merchant_id).filter(state="active", id__gt=after_id)
    ids = list(rows.order_by("id").values_list("id", flat=True)[:limit])
    people = [
        Known(person_id=person_id, profile=profile_of(own))
        for person_id, own in clusters(merchant_id=merchant_id, current_ids=ids).items()
    ]
    return [each for each in people if each.profile != NOTHING], ids[-1] if ids else 0


def pairs_looked_at(*, merchant_id: int) -> frozenset[tuple[int, int]]:
    """Pairs that were proposed before or found apart, as the persons whom they are now."""
    matched = Match.objects.of_merchant(merchant_id)
    apart = Apart.objects.of_merchant(merchant_id)
    now_at = ("first__current_id", "second__current_id")
    return frozenset(
        (min(pair), max(pair))
        for rows in (matched, apart)
        for pair in rows.values_list(*now_at).iterator()
    )
