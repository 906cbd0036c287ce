"""What too many have says nothing about anybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.customers.contracts import Kind
from santong.customers.selectors.settings import caps
from santong.kernel import audit
from santong.kernel.wire import Statement, array, from_octets, octets, texts

# Persons who turned out to be one count once.
_CROWDED = Statement("""
SELECT w.blind_index::text, w.kind
FROM unnest(%(indexes)s::bytea[], %(kinds)s::text[], %(most)s::int[])
  AS w(blind_index, kind, most)
WHERE (
  SELECT count(DISTINCT p.current_id)
  FROM customers_identity i JOIN customers_person p ON p.id = i.person_id
  WHERE i.merchant_id = %(merchant)s AND i.blind_index = w.blind_index AND i.ended_at IS NULL
) > w.most
""")
_MARK = Statement("""
WITH marked AS (
  INSERT INTO customers_sharedidentifier (merchant_id, blind_index, kind, shared_since)
  SELECT %(merchant)s, w.blind_index, w.kind, %(now)s::timestamptz
  FROM unnest(%(indexes)s::bytea[], %(kinds)s::text[]) AS w(blind_index, kind)
  ON CONFLICT (merchant_id, blind_index) DO NOTHING
)
UPDATE customers_identity SET joins = false
WHERE merchant_id = %(merchant)s AND blind_index = ANY (%(indexes)s::bytea[])
  AND joins AND ended_at IS NULL
RETURNING id, person_id
""")


def mark_shared(
    *, merchant_id: int, identifiers: Mapping[bytes, Kind], now: datetime
) -> frozenset[bytes]:
    """Of identifiers that one more person has, let those join nobody that too many have now.

    They are locked. Whom one joined until now keeps it as something known.
    """
    if not identifiers:
        return frozenset()
    most = caps(merchant_id=merchant_id)
    rows = _CROWDED.rows(
        {
            "merchant": str(merchant_id),
            "indexes": texts(map(octets, identifiers)),
            "kinds": texts(identifiers.values()),
            "most": array(most[kind] for kind in identifiers.values()),
        }
    )
    if not rows:
        return frozenset()
    freed = _MARK.rows(
        {
            "merchant": str(merchant_id),
            "indexes": texts(octets(from_octets(index)) for index, _ in rows),
            "kinds": texts(kind for _, kind in rows),
            "now": now.isoformat(),
        }
    )
    audit.record(
        *(
            audit.Change(
                action="customers.mark_shared",
                subject="person",
                subject_id=person_id,
                reason="more persons have it than it may join",
                before={"identity_id": identity_id, "joins": True},
                after={"identity_id": identity_id, "joins": False},
            )
            for identity_id, person_id in freed
        ),
        now=now,
    )
    return frozenset(from_octets(index) for index, _ in rows)
