"""Periods of tiers end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from santong.kernel.tenancy import all_or_nothing
from santong.membership.contracts import PublishedTerms
from santong.membership.models import Card, TierGrant
from santong.membership.rules.tiers import (
    Standing,
    Verdict,
    Window,
    after_grant,
    at_period_end,
    window_of_period,
)
from santong.membership.selectors.experience import experience_in, graced_cards
from santong.membership.selectors.terms import newest_terms
from santong.membership.services.change_tiers import Found, change_tiers
from santong.membership.services.lock import lock_members_unless_busy


@all_or_nothing
def review_tiers(*, merchant_id: int, now: datetime, limit: int) -> int:
    """Look again at tiers whose period has ended, `limit` cards at most; say how many.

    A tier is kept where it was earned again, and falls by the grace of the terms otherwise; one
    that was granted gives way to what stood before. A card of which several periods have ended is
    looked at once for each, run by run. Whoever is busy is left for the next time.

    Emits TierChanged. Locks members.
    """
    due = Card.objects.of_merchant(merchant_id).filter(tier_until__lte=now).exclude(state="merged")
    asked = list(due.order_by("tier_until", "id").values_list("id", "member_id")[:limit])
    free = lock_members_unless_busy(
        merchant_id=merchant_id, member_ids=[member_id for _, member_id in asked]
    )
    cards = list(
        due.filter(id__in=[card_id for card_id, member_id in asked if member_id in free]).order_by(
            "id"
        )
    )
    if not cards:
        return 0
    ending = _Ending.of(merchant_id, cards)
    change_tiers(merchant_id=merchant_id, found=[ending.review(card) for card in cards], now=now)
    TierGrant.objects.of_merchant(merchant_id).filter(
        id__in=[grant.id for grant in ending.grants.values()]
    ).update(ended_at=now)
    return len(cards)


@dataclass(frozen=True, slots=True)
class _Ending:
    """What is asked of cards whose period ends."""

    terms: Mapping[int, PublishedTerms]
    windows: Mapping[int, Window]
    experience: Mapping[int, int]
    graced: set[int]
    grants: Mapping[int, TierGrant]

    @classmethod
    def of(cls, merchant_id: int, cards: Sequence[Card]) -> _Ending:
        terms = newest_terms(
            merchant_id=merchant_id, programme_ids={card.programme_id for card in cards}
        )
        windows = {card.id: _window(terms[card.programme_id], card) for card in cards}
        grants = TierGrant.objects.of_merchant(merchant_id).filter(
            card__in=list(windows), ended_at__isnull=True
        )
        return cls(
            terms=terms,
            windows=windows,
            experience=experience_in(merchant_id=merchant_id, window_by_card=windows),
            graced=graced_cards(merchant_id=merchant_id, card_ids=list(windows)),
            grants={grant.card_id: grant for grant in grants},
        )

    def review(self, card: Card) -> Found:
        published = self.terms[card.programme_id]
        return Found(
            card=card,
            verdict=self._verdict(card, published),
            experience=self.experience[card.id],
            window=self.windows[card.id],
            terms=published,
        )

    def _verdict(self, card: Card, published: PublishedTerms) -> Verdict:
        assert card.tier_until is not None, "only what has an end is due"
        about: dict[str, Any] = {
            "experience": self.experience[card.id],
            "at": card.tier_until,
            "timezone": published.terms.timezone,
        }
        ladder, terms = published.terms.tiers, published.terms.tier
        has = Standing(card.tier, card.tier_until, is_graced=card.id in self.graced)
        grant = self.grants.get(card.id)
        if grant is None or grant.tier != card.tier:
            return at_period_end(ladder, terms, now_has=has, **about)
        before = Standing(grant.before_tier, grant.before_until)
        return after_grant(ladder, terms, granted=has, before=before, **about)


def _window(published: PublishedTerms, card: Card) -> Window:
    assert card.tier_until is not None, "only what has an end is due"
    return window_of_period(
        published.terms.tier, until=card.tier_until, timezone=published.terms.timezone
    )
