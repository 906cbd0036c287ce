"""Cards of one programme, for whoever reads a base page by page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from santong.membership import contracts
from santong.membership.models import Card

Stretch = tuple[datetime | None, datetime | None]
ANY_TIME: Stretch = (None, None)


def cards_of_programme(
    *,
    merchant_id: int,
    programme: contracts.Programme,
    tiers: Collection[str] = (),
    opened: Stretch = ANY_TIME,
    active: Stretch = ANY_TIME,
    offset: int = 0,
    limit: int = 50,
) -> list[contracts.Card]:
    """Cards that stand, the newest first; `tiers` and stretches narrow, their ends excluded."""
    rows = _standing(merchant_id, programme.id, tiers, opened, active).order_by("-id")
    return [row.as_contract(programme_code=programme.code) for row in rows[offset : offset + limit]]


def count_cards(
    *,
    merchant_id: int,
    programme: contracts.Programme,
    tiers: Collection[str] = (),
    opened: Stretch = ANY_TIME,
    active: Stretch = ANY_TIME,
) -> int:
    """How many cards that would be."""
    return int(_standing(merchant_id, programme.id, tiers, opened, active).count())


def _standing(
    merchant_id: int, programme_id: int, tiers: Collection[str], opened: Stretch, active: Stretch
) -> QuerySet[Card]:
    rows = Card.objects.of_merchant(merchant_id).filter(
        programme=programme_id, state__in=("active", "dormant")
    )
    if tiers:
        rows = rows.filter(tier__in=list(tiers))
    for field, (since, until) in (("opened_at", opened), ("last_active_at", active)):
        if since is not None:
            rows = rows.filter(**{f"{field}__gte": since})
        if until is not None:
            rows = rows.filter(**{f"{field}__lt": until})
    return rows
