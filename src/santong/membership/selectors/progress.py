"""How far cards are from the next tier."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.membership import contracts
from santong.membership.rules.progress import missing_to, next_above
from santong.membership.rules.tiers import tier_by_code, window_at, window_of_period
from santong.membership.selectors.experience import experience_in
from santong.membership.selectors.terms import newest_terms


def tier_progress(
    *, merchant_id: int, cards: Collection[contracts.Card], now: datetime
) -> dict[int, contracts.TierProgress]:
    """Where cards stand at `now`, by card; those of programmes without terms are left out."""
    terms_by_programme = {
        programme_id: published.terms
        for programme_id, published in newest_terms(
            merchant_id=merchant_id, programme_ids={card.programme_id for card in cards}
        ).items()
    }
    ranked = [card for card in cards if card.programme_id in terms_by_programme]
    open_now, open_then = {}, {}
    for card in ranked:
        terms = terms_by_programme[card.programme_id]
        open_now[card.id] = window_at(terms.tier, at=now, timezone=terms.timezone)
        if card.tier_until is not None:
            open_then[card.id] = window_of_period(
                terms.tier, until=card.tier_until, timezone=terms.timezone
            )
    gained = experience_in(merchant_id=merchant_id, window_by_card=open_now)
    counted = experience_in(merchant_id=merchant_id, window_by_card=open_then)
    return {
        card.id: _progress(
            card,
            terms_by_programme[card.programme_id],
            gained=gained.get(card.id, 0),
            counted=counted.get(card.id),
        )
        for card in ranked
    }


def _progress(
    card: contracts.Card, terms: contracts.Terms, *, gained: int, counted: int | None
) -> contracts.TierProgress:
    tier = tier_by_code(terms.tiers, card.tier)
    above = next_above(terms.tiers, tier.code)
    return contracts.TierProgress(
        card_id=card.id,
        tier=tier,
        until=card.tier_until,
        experience=gained,
        next_tier=above,
        missing=missing_to(above, experience=gained),
        missing_to_keep=0 if counted is None else missing_to(tier, experience=counted),
    )
