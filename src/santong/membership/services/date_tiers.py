"""Say until when tiers are kept of which nobody has said so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from santong.kernel.bulk import overwrite
from santong.kernel.tenancy import all_or_nothing
from santong.membership.contracts import PublishedTerms
from santong.membership.models import Card
from santong.membership.rules.tiers import begun_by_hand, upper_tiers
from santong.membership.selectors.programmes import programmes
from santong.membership.selectors.terms import newest_terms
from santong.membership.services.lock import lock_members_unless_busy


@all_or_nothing
def date_tiers(*, merchant_id: int, now: datetime, limit: int) -> int:
    """Give tiers without an end the one that the terms promise, `limit` cards at most; how many.

    A base that came in before its programme promised anything has such tiers, and so has one that
    came in with a tier and no date when nobody looked. A tier counts from when the card got it,
    or from when the terms in force were published: nobody falls by terms that came later. From
    then on it is reviewed as any other. Whoever is busy is left for the next time.

    Locks members.
    """
    terms = newest_terms(
        merchant_id=merchant_id,
        programme_ids=[programme.id for programme in programmes(merchant_id=merchant_id)],
    )
    wanted = _endless(terms)
    if not wanted:
        return 0
    undated = (
        Card.objects.of_merchant(merchant_id)
        .filter(wanted, tier_until__isnull=True)
        .exclude(tier="")
        .exclude(state="merged")
    )
    asked = list(undated.values_list("id", "member_id")[:limit])
    free = lock_members_unless_busy(
        merchant_id=merchant_id, member_ids=[member_id for _, member_id in asked]
    )
    mine = [card_id for card_id, member_id in asked if member_id in free]
    cards = list(undated.filter(id__in=mine).order_by("id"))
    for card in cards:
        _date(card, terms[card.programme_id], now)
    overwrite(cards, fields=["tier_until"])
    return len(cards)


def _endless(terms: Mapping[int, PublishedTerms]) -> Q:
    """Cards of the tiers that can be lost, by programme; nothing where no tier can."""
    found = Q()
    for programme_id, published in terms.items():
        if upper := upper_tiers(published.terms.tiers):
            found |= Q(programme=programme_id, tier__in=sorted(upper))
    return found


def _date(card: Card, published: PublishedTerms, now: datetime) -> None:
    since = max(card.tier_since or now, published.published_at)
    card.tier_until = begun_by_hand(
        published.terms.tiers,
        published.terms.tier,
        code=card.tier,
        since=since,
        timezone=published.terms.timezone,
    ).until
