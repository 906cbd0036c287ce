"""Raise who has earned it, at once; look again at who had something taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from santong.membership.contracts import PublishedTerms
from santong.membership.models import Card
from santong.membership.rules.tiers import Standing, Verdict, after_return, upgraded, window_at
from santong.membership.selectors.experience import experience_in
from santong.membership.services.change_tiers import Found, change_tiers

Review = Callable[..., Verdict]


def raise_tiers(
    *,
    merchant_id: int,
    cards: Sequence[Card],
    terms_by_programme: Mapping[int, PublishedTerms],
    now: datetime,
) -> None:
    """Give each card the tier that its experience has earned, if that is higher."""
    _review(merchant_id, cards, terms_by_programme, upgraded, now)


def review_after_return(
    *,
    merchant_id: int,
    cards: Sequence[Card],
    terms_by_programme: Mapping[int, PublishedTerms],
    now: datetime,
) -> None:
    """Take a tier that is no longer earned, where the terms say that a return does so."""
    _review(merchant_id, cards, terms_by_programme, after_return, now)


def _review(
    merchant_id: int,
    cards: Sequence[Card],
    terms_by_programme: Mapping[int, PublishedTerms],
    review: Review,
    now: datetime,
) -> None:
    windows = {
        card.id: window_at(
            (published := terms_by_programme[card.programme_id]).terms.tier,
            at=now,
            timezone=published.terms.timezone,
        )
        for card in cards
    }
    experience = experience_in(merchant_id=merchant_id, window_by_card=windows)
    found = []
    for card in cards:
        published = terms_by_programme[card.programme_id]
        verdict = review(
            published.terms.tiers,
            published.terms.tier,
            now_has=Standing(card.tier, card.tier_until),
            experience=experience[card.id],
            at=now,
            timezone=published.terms.timezone,
        )
        found.append(
            Found(
                card=card,
                verdict=verdict,
                experience=experience[card.id],
                window=windows[card.id],
                terms=published,
            )
        )
    change_tiers(merchant_id=merchant_id, found=found, now=now)
