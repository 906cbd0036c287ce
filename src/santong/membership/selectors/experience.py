"""How much experience counts, and what tiers came of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from santong.kernel.wire import Statement, array, texts
from santong.membership import contracts
from santong.membership.models import TierChange
from santong.membership.rules.tiers import Window
from santong.membership.selectors.statements import run

_IN_WINDOWS = Statement("""
SELECT w.card_id, coalesce(sum(e.amount), 0)::bigint
FROM unnest(%(cards)s::bigint[], %(since)s::timestamptz[], %(until)s::timestamptz[])
  AS w(card_id, since, until)
JOIN membership_card mine ON mine.id = w.card_id AND mine.merchant_id = %(merchant)s
JOIN membership_card c ON c.merchant_id = mine.merchant_id AND c.member_id = mine.member_id
  AND c.programme_id = mine.programme_id
LEFT JOIN membership_experienceentry e ON e.card_id = c.id AND e.merchant_id = c.merchant_id
  AND e.at >= w.since AND e.at < w.until
GROUP BY 1
""")


def experience_in(*, merchant_id: int, window_by_card: Mapping[int, Window]) -> dict[int, int]:
    """What each card has gained within its window, with the cards that were merged into it."""
    if not window_by_card:
        return {}
    windows = window_by_card.values()
    rows = run(
        _IN_WINDOWS,
        {
            "merchant": merchant_id,
            "cards": array(window_by_card),
            "since": texts([window.counted_from.isoformat() for window in windows]),
            "until": texts([window.counted_until.isoformat() for window in windows]),
        },
    )
    return dict(rows)


def tier_changes_of(
    *, merchant_id: int, card_id: int, before_id: int, limit: int
) -> list[contracts.TierChange]:
    """Tiers that a card reached, kept, lost or was given, newest first."""
    rows = (
        TierChange.objects.of_merchant(merchant_id)
        .filter(card=card_id, id__lt=before_id)
        .order_by("-id")[:limit]
    )
    return [row.as_contract() for row in rows]


def graced_cards(*, merchant_id: int, card_ids: Collection[int]) -> set[int]:
    """Cards whose tier is kept by grace: a period of it was their last change."""
    rows = (
        TierChange.objects.of_merchant(merchant_id)
        .filter(card__in=list(card_ids))
        .order_by("card", "-id")
        .distinct("card")
        .values_list("card", "why")
    )
    return {card for card, why in rows if why == "graced"}
