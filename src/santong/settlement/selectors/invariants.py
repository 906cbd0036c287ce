"""What must always hold, asked of all rows at once, and of the ledger."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import connection

from santong.kernel.doctor import Finding
from santong.payments import public as payments
from santong.settlement.models import Entry, PayoutLine
from santong.settlement.selectors.ledger import balances_of_parties

MOST_FINDINGS = 50
CHUNK = 1_000

_RULES = {
    "what is left of a sale's shares is what is left of the sale": """
SELECT format('%%s: shares %%s, sale %%s', s.document, coalesce(sum(h.left_minor), 0), s.left_minor)
FROM settlement_sale s
LEFT JOIN settlement_share h ON h.sale_id = s.id AND h.merchant_id = %(merchant)s
WHERE s.merchant_id = %(merchant)s
GROUP BY s.id HAVING coalesce(sum(h.left_minor), 0) <> s.left_minor LIMIT 51
""",
    "a part's shares add up to what was paid for it": """
SELECT format('part %%s: shares %%s, paid %%s', p.id, coalesce(sum(h.amount_minor), 0),
  p.paid_minor)
FROM settlement_part p
LEFT JOIN settlement_share h ON h.part_id = p.id AND h.merchant_id = %(merchant)s
WHERE p.merchant_id = %(merchant)s
GROUP BY p.id HAVING coalesce(sum(h.amount_minor), 0) <> p.paid_minor LIMIT 51
""",
    "parts that are not superseded are the whole of their line": """
SELECT format('line %%s of sale %%s: parts %%s, paid %%s', l.number, l.sale_id,
  coalesce(sum(p.paid_minor), 0), l.paid_minor)
FROM settlement_saleline l
LEFT JOIN settlement_part p ON p.line_id = l.id AND p.state = 'open'
  AND p.merchant_id = %(merchant)s
WHERE l.merchant_id = %(merchant)s
GROUP BY l.id HAVING coalesce(sum(p.paid_minor), 0) > l.paid_minor LIMIT 51
""",
    "what is left of a party's shares of a sale is the sum of its entries": """
SELECT format('sale %%s, party %%s: entries %%s, left %%s', sale_id, party_id, sum(entered),
  sum(owed))
FROM (
  SELECT sale_id, party_id, 0 AS entered, left_minor AS owed FROM settlement_share
  WHERE merchant_id = %(merchant)s
  UNION ALL
  SELECT sale_id, party_id, amount_minor, 0 FROM settlement_entry
  WHERE merchant_id = %(merchant)s AND sale_id IS NOT NULL AND kind NOT IN ('corrected', 'borne')
) both_sides
GROUP BY sale_id, party_id HAVING sum(entered) <> sum(owed) LIMIT 51
""",
    "what one party bears for others is what they are given": """
SELECT format('sale %%s: %%s', sale_id, sum(amount_minor)) FROM settlement_entry
WHERE merchant_id = %(merchant)s AND kind = 'borne'
GROUP BY sale_id HAVING sum(amount_minor) <> 0 LIMIT 51
""",
}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Compare sales with their shares, shares with their entries, and parties with the ledger."""
    del now
    found: list[Finding] = []
    for rule, statement in _RULES.items():
        with connection.cursor() as cursor:
            cursor.execute(statement, {"merchant": merchant_id})
            details = [detail for (detail,) in cursor.fetchall()]
        found += [Finding("settlement", rule, detail) for detail in _cut(details)]
    return [*found, *_apart_from_the_ledger(merchant_id)]


def _apart_from_the_ledger(merchant_id: int) -> list[Finding]:
    owed = _sums(merchant_id)
    details = []
    for currency, minor_by_party in owed.items():
        ids = sorted(minor_by_party)
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            stand = balances_of_parties(merchant_id=merchant_id, party_ids=chunk, currency=currency)
            for each in chunk:
                booked = stand[each].pending_minor + stand[each].payable_minor
                apart = booked - minor_by_party[each]
                if apart and apart != _unheard(merchant_id, each, currency):
                    details.append(
                        f"party {each}: entries {minor_by_party[each]}, ledger {booked}, {currency}"
                    )
    rule = "a party is owed the sum of its entries"
    return [Finding("settlement", rule, detail) for detail in _cut(details)]


def _unheard(merchant_id: int, party_id: int, currency: str) -> int:
    """What came back to a party, and nobody has told us yet."""
    lines = PayoutLine.objects.of_merchant(merchant_id).filter(
        party=party_id, run__currency=currency, state__in=["sent", "done"]
    )
    unheard = 0
    for transfer_id, minor in lines.values_list("transfer_id", "amount_minor"):
        assert transfer_id is not None, "what was sent is a transfer"
        sent = payments.transfer_by_id(merchant_id=merchant_id, transfer_id=transfer_id)
        if sent.state in {"failed", "returned"}:
            unheard += minor
    return unheard


def _sums(merchant_id: int) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT currency, party_id, sum(amount_minor)::bigint FROM {Entry._meta.db_table}"  # noqa: S608  a table's own name
            " WHERE merchant_id = %s GROUP BY currency, party_id",
            [merchant_id],
        )
        for currency, party_id, minor in cursor.fetchall():
            found[currency][party_id] = minor
    return found


def _cut(details: list[str]) -> list[str]:
    if len(details) <= MOST_FINDINGS:
        return details
    return [*details[:MOST_FINDINGS], "and more"]
