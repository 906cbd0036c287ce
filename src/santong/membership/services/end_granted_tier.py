"""A tier that was given until a moment ends before it."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.membership.models import Card, TierGrant
from santong.membership.rules.purchases import clean_reason
from santong.membership.rules.tiers import Standing, after_grant, window_at
from santong.membership.selectors.experience import experience_in
from santong.membership.selectors.programmes import programme_by_code
from santong.membership.selectors.terms import terms_of
from santong.membership.services.change_tiers import Found, change_tiers
from santong.membership.services.lock_current import lock_current


@all_or_nothing
def end_granted_tier(
    *,
    merchant_id: int,
    member_id: int,
    programme_code: str,
    tier: str,
    valid_until: datetime,
    reason: str,
    now: datetime,
) -> bool:
    """End the grant of this tier until this moment; what stood before stands again, or more.

    False where it is not there any more: it has ended by itself, or was ended before.

    Raises NoSuch, NothingPromised, FieldInvalid, Busy. Emits TierChanged. Locks the member.
    """
    reason = clean_reason(reason)
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    current = lock_current(merchant_id=merchant_id, member_ids=[member_id])[member_id]
    cards = Card.objects.of_merchant(merchant_id).filter(member=current, programme=programme.id)
    grants = TierGrant.objects.of_merchant(merchant_id).filter(
        card__in=cards, tier=tier, valid_until=valid_until, ended_at=None
    )
    grant = grants.select_related("card").first()
    if grant is None:
        return False
    _end(grant, reason=reason, now=now)
    grants.update(ended_at=now)
    return True


def _end(grant: TierGrant, *, reason: str, now: datetime) -> None:
    merchant_id, card = grant.merchant_id, grant.card
    if card.tier != grant.tier:
        return  # more was earned meanwhile
    published = terms_of(merchant_id=merchant_id, programme_id=card.programme_id)
    ladder, terms = published.terms.tiers, published.terms.tier
    window = window_at(terms, at=now, timezone=published.terms.timezone)
    experience = experience_in(merchant_id=merchant_id, window_by_card={card.id: window})[card.id]
    verdict = after_grant(
        ladder,
        terms,
        granted=Standing(card.tier, card.tier_until),
        before=Standing(grant.before_tier, grant.before_until),
        experience=experience,
        at=now,
        timezone=published.terms.timezone,
    )
    change_tiers(
        merchant_id=merchant_id,
        found=[
            Found(
                card=card,
                verdict=verdict,
                experience=experience,
                window=window,
                terms=published,
                reason=reason,
            )
        ],
        now=now,
    )
    audit.record(
        audit.Change(
            action="membership.end_granted_tier",
            subject="card",
            subject_id=card.id,
            reason=reason,
            before={"tier": grant.tier},
            after={"tier": verdict.standing.tier},
        ),
        now=now,
    )
