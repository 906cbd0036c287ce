"""What has changed for a member in another system, and is to be so here too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.models import Card, TierGrant
from santong.membership.rules.calendar import day_of
from santong.membership.rules.expiry import expiry_of
from santong.membership.rules.tiers import Standing, Verdict, kept_until, ranks, window_at
from santong.membership.selectors.experience import experience_in
from santong.membership.selectors.programmes import programme_by_code
from santong.membership.selectors.terms import newest_terms
from santong.membership.services.accounts import (
    SOURCE,
    entries,
    lock_points,
    of_brand,
    of_member,
)
from santong.membership.services.change_tiers import Found, change_tiers
from santong.membership.services.lock_current import lock_current, usable_card
from santong.payments import public as payments

KIND: Final = "take_over"
MOST_POINTS: Final = 10**12
LONGEST_KEY: Final = 80


@all_or_nothing
def take_over(
    *,
    merchant_id: int,
    programme_code: str,
    member_id: int,
    key: str,
    points: int,
    tier: str,
    now: datetime,
) -> bool:
    """Let a member have so many points more or fewer, and another tier, once by the key.

    False where that was done before. Points that are given pay first what is owed; those that are
    taken and not there any more are owed. A tier that the programme does not have, or one beside a
    tier that was granted by hand, is left out. Of what another system says nobody is told as of a
    purchase: no fact leads it back there.

    Raises NoSuch (programme, member), CardMissing, FieldInvalid, Busy. Emits TierChanged. Locks the
    member, then accounts.
    """
    if abs(points) > MOST_POINTS:
        raise FieldInvalid(pointer="/points", reason=f"at most {MOST_POINTS}")
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise FieldInvalid(pointer="/key", reason=f"1 to {LONGEST_KEY} characters")
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    current = lock_current(merchant_id=merchant_id, member_ids=[member_id])[member_id]
    key = f"{KIND}:{key}"
    if points and payments.txn_by_key(merchant_id=merchant_id, source=SOURCE, key=key):
        return False
    taking = _Taking(
        programme=programme,
        card=usable_card(
            merchant_id=merchant_id,
            member_id=current,
            programme_id=programme.id,
            programme_code=programme_code,
        ),
        terms=newest_terms(merchant_id=merchant_id, programme_ids=[programme.id]).get(programme.id),
        now=now,
    )
    if points:
        _post(taking, key, points)
    if tier and tier != taking.card.tier:
        _stand(taking, tier)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taking:
    programme: contracts.Programme
    card: Card
    terms: contracts.PublishedTerms | None
    now: datetime


def _post(taking: _Taking, key: str, points: int) -> None:
    card, now = taking.card, taking.now
    asset = taking.programme.points_asset
    has = lock_points(
        merchant_id=card.merchant_id, asset=asset, member_ids=[card.member_id], now=now
    )[card.member_id]
    to_debt = min(points, has.debt) if points > 0 else min(points + max(has.available, 0), 0)
    rest = payments.NewEntry(
        of_member(asset, "available", card.member_id),
        points - to_debt,
        expires_at=_end(taking) if points > 0 else None,
    )
    payments.post(
        merchant_id=card.merchant_id,
        source=SOURCE,
        txn=payments.NewTxn(
            key=key,
            kind=KIND,
            reference=f"card:{card.id}",
            occurred_at=now,
            entries=(
                *entries(
                    (of_brand(asset, "opening", taking.programme.brand_id), -points),
                    (of_member(asset, "debt", card.member_id), to_debt),
                ),
                *([rest] if rest.amount else []),
            ),
        ),
        now=now,
    )


def _end(taking: _Taking) -> datetime | None:
    """They are good as if they were earned today; when they were, only the other system knows."""
    if taking.terms is None:
        return None
    terms = taking.terms.terms
    today = day_of(taking.now, timezone=terms.timezone)
    return expiry_of(terms.expiry, earned_on=today, timezone=terms.timezone)


def _stand(taking: _Taking, tier: str) -> None:
    card, published, now = taking.card, taking.terms, taking.now
    granted = TierGrant.objects.of_merchant(card.merchant_id).filter(card=card.id, ended_at=None)
    if published is None or tier not in ranks(published.terms.tiers) or granted.exists():
        return
    terms = published.terms
    window = window_at(terms.tier, at=now, timezone=terms.timezone)
    until = kept_until(terms.tier, since=now, timezone=terms.timezone)
    before = card.tier
    change_tiers(
        merchant_id=card.merchant_id,
        found=[
            Found(
                card=card,
                verdict=Verdict(Standing(tier, until), "taken_over"),
                experience=experience_in(
                    merchant_id=card.merchant_id, window_by_card={card.id: window}
                )[card.id],
                window=window,
                terms=published,
            )
        ],
        now=now,
    )
    audit.record(
        audit.Change(
            action="membership.take_over_tier",
            subject="card",
            subject_id=card.id,
            reason="as another system told",
            before={"tier": before},
            after={"tier": tier},
        ),
        now=now,
    )
