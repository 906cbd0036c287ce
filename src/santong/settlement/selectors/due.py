"""What parties are due of which documents, and what was taken out of payments for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection
from django.db.models import Sum

from santong.settlement.contracts import DueOfDocument
from santong.settlement.models import PayoutLine, Share

# What was due long ago was paid long ago: the newest comes first.
_DUE = """
SELECT p.id, d.document, d.due_minor
FROM unnest(%(parties)s::bigint[]) WITH ORDINALITY AS p(id, place)
CROSS JOIN LATERAL (
  SELECT l.document, sum(s.left_minor)::bigint AS due_minor, max(s.due_at) AS due_at
  FROM (
    SELECT sale_id, left_minor, due_at FROM settlement_share
    WHERE merchant_id = %(merchant)s AND party_id = p.id AND is_due AND left_minor > 0
    ORDER BY due_at DESC LIMIT %(most)s
  ) s
  JOIN settlement_sale l ON l.merchant_id = %(merchant)s AND l.id = s.sale_id
  WHERE l.currency = %(currency)s
  GROUP BY l.document
) d
ORDER BY p.place, d.due_at DESC, d.document
"""
# What is planned, under way or done.
_STANDS = ("planned", "sent", "done")


def due_of_documents(
    *, merchant_id: int, party_ids: Sequence[int], currency: str, most: int
) -> list[DueOfDocument]:
    """What parties are due by document, of the newest `most` shares of each, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE,
            {
                "merchant": merchant_id,
                "parties": list(party_ids),
                "currency": currency,
                "most": most,
            },
        )
        rows = cursor.fetchall()
    return [
        DueOfDocument(party_id=party_id, document=document, amount_minor=minor)
        for party_id, document, minor in rows
    ]


def taken_out_of(
    *, merchant_id: int, tender_ids: Collection[int]
) -> dict[tuple[int, int, bool], int]:
    """What is planned for, sent to or has come to parties out of payments.

    By party, tender and whether it is only planned.
    """
    rows = (
        PayoutLine.objects.of_merchant(merchant_id)
        .filter(tender_id__in=tender_ids, state__in=_STANDS)
        .values_list("party_id", "tender_id", "state")
        .annotate(minor=Sum("amount_minor"))
    )
    found: dict[tuple[int, int, bool], int] = {}
    for party_id, tender_id, state, minor in rows:
        key = (party_id, tender_id, state == "planned")
        found[key] = found.get(key, 0) + minor
    return found


def owed_of_documents(
    *, merchant_id: int, documents: Collection[str], unpaid_kinds: Collection[str]
) -> dict[str, int]:
    """What all who are paid out are owed of documents, due or not."""
    rows = (
        Share.objects.of_merchant(merchant_id)
        .filter(sale__document__in=documents, left_minor__gt=0)
        .exclude(party__kind__in=unpaid_kinds)
        .values_list("sale__document")
        .annotate(minor=Sum("left_minor"))
    )
    return dict(rows)
