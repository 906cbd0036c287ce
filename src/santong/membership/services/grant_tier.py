"""Give a tier by hand."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import TierGranted
from santong.membership.models import Card, TierGrant
from santong.membership.rules.purchases import clean_reason
from santong.membership.rules.tiers import Standing, Verdict, ranks, window_at
from santong.membership.selectors.experience import experience_in
from santong.membership.selectors.programmes import programme_by_code
from santong.membership.selectors.terms import terms_of
from santong.membership.services.change_tiers import Found, change_tiers
from santong.membership.services.lock_current import lock_current, usable_card
from santong.membership.services.signature import signature


@all_or_nothing
def grant_tier(
    *,
    merchant_id: int,
    member_id: int,
    programme_code: str,
    tier: str,
    valid_until: datetime,
    reason: str,
    now: datetime,
) -> contracts.Card:
    """Give a member a higher tier until a moment; then what stood before stands again.

    Raises NoSuch (programme, member), CardMissing, NothingPromised, TierGranted, FieldInvalid (the
    tier is unknown or not higher, the end has passed), Busy. Emits TierChanged. Locks the member.
    """
    reason = clean_reason(reason)
    if valid_until <= now:
        raise FieldInvalid(pointer="/valid_until", reason="ends later than now")
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    current = lock_current(merchant_id=merchant_id, member_ids=[member_id])[member_id]
    card = usable_card(
        merchant_id=merchant_id,
        member_id=current,
        programme_id=programme.id,
        programme_code=programme_code,
    )
    published = terms_of(merchant_id=merchant_id, programme_id=programme.id)
    rank = ranks(published.terms.tiers)
    if tier not in rank or rank[tier] <= rank.get(card.tier, 0):
        raise FieldInvalid(pointer="/tier", reason="a tier above the one that the member has")
    standing = TierGrant.objects.of_merchant(merchant_id).filter(card=card.id, ended_at=None)
    if (other := standing.first()) is not None:
        raise TierGranted(tier=other.tier)
    given = TierGrant.objects.create(
        merchant_id=merchant_id,
        card_id=card.id,
        tier=tier,
        before_tier=card.tier,
        before_until=card.tier_until,
        reason=reason,
        granted_by=signature(),
        granted_at=now,
        valid_until=valid_until,
    )
    _change(card, published, given, now=now)
    changed: contracts.Card = card.as_contract(programme_code=programme_code)
    return changed


def _change(
    card: Card, published: contracts.PublishedTerms, granted: TierGrant, *, now: datetime
) -> None:
    merchant_id, before = card.merchant_id, card.tier
    window = window_at(published.terms.tier, at=now, timezone=published.terms.timezone)
    experience = experience_in(merchant_id=merchant_id, window_by_card={card.id: window})
    change_tiers(
        merchant_id=merchant_id,
        found=[
            Found(
                card=card,
                verdict=Verdict(Standing(granted.tier, granted.valid_until), "granted"),
                experience=experience[card.id],
                window=window,
                terms=published,
                reason=granted.reason,
            )
        ],
        now=now,
    )
    audit.record(
        audit.Change(
            action="membership.grant_tier",
            subject="card",
            subject_id=card.id,
            reason=granted.reason,
            before={"tier": before},
            after={"tier": granted.tier, "until": granted.valid_until.isoformat()},
        ),
        now=now,
    )
