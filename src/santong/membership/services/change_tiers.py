"""Write down what reviews of tiers have found. The members are locked by whoever calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.kernel import outbox
from santong.kernel.bulk import overwrite
from santong.membership.contracts import PublishedTerms
from santong.membership.events import TierChanged
from santong.membership.models import Card, TierChange
from santong.membership.rules.tiers import Verdict, Window
from santong.membership.services.signature import signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A review of one card that changed something."""

    card: Card
    verdict: Verdict
    experience: int
    window: Window
    terms: PublishedTerms
    reason: str = ""


def change_tiers(*, merchant_id: int, found: Sequence[Found], now: datetime) -> None:
    """Give cards their tiers, keep the reasons, tell who stands elsewhere. Emits TierChanged."""
    changes = [each for each in found if each.verdict.why]
    if not changes:
        return
    actor = signature()
    TierChange.objects.bulk_create(
        [
            TierChange(
                merchant_id=merchant_id,
                card_id=each.card.id,
                from_tier=each.card.tier,
                to_tier=each.verdict.standing.tier,
                why=each.verdict.why or "",
                reason=each.reason,
                experience=each.experience,
                counted_from=each.window.counted_from,
                counted_until=each.window.counted_until,
                kept_until=each.verdict.standing.until,
                terms_id=each.terms.id,
                at=now,
                actor=actor,
            )
            for each in changes
        ]
    )
    facts = [
        TierChanged(
            member_id=each.card.member_id,
            programme_id=each.card.programme_id,
            card_id=each.card.id,
            from_tier=each.card.tier,
            to_tier=each.verdict.standing.tier,
            why=each.verdict.why or "",
        )
        for each in changes
        if each.card.tier != each.verdict.standing.tier
    ]
    for each in changes:
        if each.card.tier != each.verdict.standing.tier:
            each.card.tier_since = now
        each.card.tier = each.verdict.standing.tier
        each.card.tier_until = each.verdict.standing.until
    overwrite([each.card for each in changes], fields=["tier", "tier_since", "tier_until"])
    outbox.publish(*facts, now=now)
