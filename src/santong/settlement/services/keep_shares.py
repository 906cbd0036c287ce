"""A marketplace keeps its own share of what it collects: nobody pays it out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F

from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.settlement.models import Entry, Share
from santong.settlement.selectors.ledger import owner_of_party

KEPT = "kept of what it collected"
GIVEN_BACK = "given back with what it had collected"
# Whoever is busy with a share at this moment leaves it for the next time.
_CLAIM = """
SELECT s.id, s.party_id, l.document, l.currency, (s.left_minor - s.kept_minor)::bigint
FROM settlement_share s
JOIN settlement_sale l ON l.merchant_id = %(merchant)s AND l.id = s.sale_id
WHERE s.merchant_id = %(merchant)s AND s.is_due AND s.kept_minor IS NOT NULL
  AND s.left_minor <> s.kept_minor AND s.id > %(after)s
ORDER BY s.id LIMIT %(limit)s FOR NO KEY UPDATE OF s SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class Looked:
    """Shares that were looked at: how many were kept, and after which one to go on, if any."""

    kept: int
    after_id: int | None


@all_or_nothing
def keep_shares(*, merchant_id: int, after_id: int, limit: int, now: datetime) -> Looked:
    """Settle due shares of marketplaces with the money that they collected for the same sale.

    What a marketplace is owed it has kept: its account has that much less, and it is owed nothing
    more. What goes back to the buyer it gives back, and what it bears it pays in. A share of money
    that came in elsewhere stays owed.

    Locks shares, then accounts of the ledger.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"merchant": merchant_id, "after": after_id, "limit": limit})
        found = cursor.fetchall()
    at = payments.collected_at(
        merchant_id=merchant_id, documents=sorted({document for _, _, document, *_ in found})
    )
    minor_by_place: defaultdict[tuple[int, str, str], int] = defaultdict(int)
    kept: list[int] = []
    for share_id, party_id, document, currency, minor in found:
        if document in at:
            minor_by_place[party_id, at[document], currency] += minor
            kept.append(share_id)
    Share.objects.of_merchant(merchant_id).filter(id__in=kept).update(kept_minor=F("left_minor"))
    for (party_id, account_code, currency), minor in sorted(minor_by_place.items()):
        if minor:
            entry = _entry(merchant_id, party_id, currency, minor, now)
            payments.record_kept(
                merchant_id=merchant_id,
                account_code=account_code,
                party=owner_of_party(party_id),
                reference=f"kept:{entry.id}",
                amount_minor=minor,
                reason=entry.reason,
                now=now,
            )
    return Looked(len(kept), found[-1][0] if len(found) == limit else None)


def _entry(merchant_id: int, party_id: int, currency: str, minor: int, now: datetime) -> Entry:
    is_kept = minor > 0
    return Entry.objects.create(
        merchant_id=merchant_id,
        party_id=party_id,
        kind="paid_out" if is_kept else "came_back",
        currency=currency,
        amount_minor=-minor,
        at=now,
        reason=KEPT if is_kept else GIVEN_BACK,
    )
