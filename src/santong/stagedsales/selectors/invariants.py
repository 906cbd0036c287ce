"""What must always hold, asked of all rows at once."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from santong.kernel.doctor import Finding
from santong.payments import public as payments
from santong.stagedsales.contracts import document_of, sale_of_document
from santong.stagedsales.models import SaleDocument

MOST_FINDINGS = 50
PAGE = 500
LARGEST_ID = 2**63 - 1
BOOKS = "the books have of a document what came in and has not gone back"
ASKED = "nothing is asked for that is not open"

_RULES = {
    "stages come to what the contract is worth": """
SELECT format('sale %%s: stages %%s, contract %%s', c.sale_id, coalesce(s.total, 0), c.amount_minor)
FROM stagedsales_contract c LEFT JOIN (
  SELECT sale_id, sum(amount_minor) AS total FROM stagedsales_stage
  WHERE merchant_id = %(merchant)s GROUP BY 1
) s ON s.sale_id = c.sale_id
WHERE c.merchant_id = %(merchant)s AND coalesce(s.total, 0) <> c.amount_minor
""",
    "exactly one stage takes the remainder": """
SELECT format('sale %%s', c.sale_id) FROM stagedsales_contract c
WHERE c.merchant_id = %(merchant)s AND 1 <> (
  SELECT count(*) FROM stagedsales_stage s WHERE s.merchant_id = c.merchant_id
    AND s.sale_id = c.sale_id AND s.basis = 'remainder')
""",
    "a stage counts as paid what is there of its document's money": """
SELECT format('sale %%s, stage %%s: %%s of %%s', s.sale_id, s.number, s.paid_minor,
  d.received_minor - d.returning_minor)
FROM stagedsales_stage s JOIN stagedsales_saledocument d
  ON d.merchant_id = s.merchant_id AND d.sale_id = s.sale_id AND d.number = s.document_number
WHERE s.merchant_id = %(merchant)s
  AND s.paid_minor <> least(s.amount_minor, d.received_minor - d.returning_minor
    + least(d.given_minor, greatest(0, d.keep_minor - d.received_minor + d.returning_minor)))
""",
    "every stage has its document, and every document its stage": """
SELECT format('sale %%s, document %%s', coalesce(s.sale_id, d.sale_id),
  coalesce(s.document_number, d.number))
FROM stagedsales_stage s
FULL JOIN stagedsales_saledocument d
  ON d.merchant_id = s.merchant_id AND d.sale_id = s.sale_id AND d.number = s.document_number
WHERE coalesce(s.merchant_id, d.merchant_id) = %(merchant)s
  AND (d.id IS NULL OR (s.id IS NULL AND d.number <> 0))
""",
    "of a contract that stands, stages keep what they come to": """
SELECT format('sale %%s, stage %%s: keeps %%s of %%s', s.sale_id, s.number, d.keep_minor,
  s.amount_minor)
FROM stagedsales_stage s JOIN stagedsales_saledocument d
  ON d.merchant_id = s.merchant_id AND d.sale_id = s.sale_id AND d.number = s.document_number
JOIN stagedsales_stagedsale h ON h.id = s.sale_id AND h.merchant_id = s.merchant_id
WHERE s.merchant_id = %(merchant)s
  AND h.state IN ('contracted', 'in_progress', 'accepted', 'closed')
  AND d.keep_minor <> s.amount_minor
""",
    "a sale under contract has one, and no other has": """
SELECT format('sale %%s is %%s', h.id, h.state) FROM stagedsales_stagedsale h
LEFT JOIN stagedsales_contract c ON c.merchant_id = h.merchant_id AND c.sale_id = h.id
WHERE h.merchant_id = %(merchant)s AND (
  (h.state IN ('contracted', 'in_progress', 'accepted', 'closed') AND c.id IS NULL)
  OR (h.state IN ('reserved', 'deposit_paid', 'code_issued', 'redeemed', 'expired')
    AND c.id IS NOT NULL))
""",
    "a code stands as its sale does": """
SELECT format('sale %%s is %%s, its code %%s', h.id, h.state, coalesce(r.state, 'none'))
FROM stagedsales_stagedsale h
LEFT JOIN stagedsales_redemptioncode r ON r.merchant_id = h.merchant_id AND r.sale_id = h.id
WHERE h.merchant_id = %(merchant)s AND (
  (h.state = 'reserved' AND r.id IS NOT NULL)
  OR (h.state = 'code_issued' AND r.state IS DISTINCT FROM 'issued')
  OR (h.state IN ('redeemed', 'contracted', 'in_progress', 'accepted', 'closed')
    AND r.state IS DISTINCT FROM 'redeemed')
  OR (h.state IN ('expired', 'cancelled', 'refunded') AND r.state = 'issued'))
""",
    "what ended before its contract keeps nothing": """
SELECT format('sale %%s keeps %%s', h.id, d.keep_minor)
FROM stagedsales_stagedsale h JOIN stagedsales_saledocument d
  ON d.merchant_id = h.merchant_id AND d.sale_id = h.id
LEFT JOIN stagedsales_contract c ON c.merchant_id = h.merchant_id AND c.sale_id = h.id
WHERE h.merchant_id = %(merchant)s AND c.id IS NULL
  AND h.state IN ('expired', 'cancelled', 'refunded') AND d.keep_minor <> 0
""",
}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Compare stages with contracts, with their money, and that with the books.

    Facts of payments that nobody has told yet make the money differ for as long. Nothing depends
    on `now`.
    """
    del now
    return [
        Finding(context="stagedsales", rule=rule, detail=detail)
        for rule, details in (
            *((rule, _details(statement, merchant_id)) for rule, statement in _RULES.items()),
            (BOOKS, _against_the_books(merchant_id)),
            (ASKED, _asked_for_nothing(merchant_id)),
        )
        for detail in _first(details)
    ]


def _against_the_books(merchant_id: int) -> list[str]:
    """What came in and has not gone back, beside what the ledger has of each document."""
    rows = SaleDocument.objects.of_merchant(merchant_id).select_related("sale").order_by("id")
    accounts = {
        row: payments.document_account(
            currency=row.sale.currency, document=document_of(row.sale_id, row.number)
        )
        for row in rows
    }
    stands = payments.balances(merchant_id=merchant_id, accounts=list(accounts.values()))
    return [
        f"{account.owner}: {row.received_minor - row.returned_minor}, in the books {posted}"
        for row, account in accounts.items()
        if (posted := stands[account].posted) != row.received_minor - row.returned_minor
    ]


def _asked_for_nothing(merchant_id: int) -> list[str]:
    """Intents that are open for documents of which nothing is to come in."""
    found: list[str] = []
    below = LARGEST_ID
    while page := payments.intents_page(
        merchant_id=merchant_id, state="open", below_id=below, limit=PAGE
    ):
        below = page[-1].id
        asked = {sale_of_document(each.document): each for each in page}
        rows = SaleDocument.objects.of_merchant(merchant_id).filter(
            sale__in=[of[0] for of in asked if of is not None]
        )
        found += [
            f"{asked[row.sale_id, row.number].document} asks for more than is open"
            for row in rows
            if (row.sale_id, row.number) in asked
            and _rest_of(asked[row.sale_id, row.number]) > row.as_contract().open_minor
        ]
    return found


def _rest_of(intent: payments.Intent) -> int:
    return intent.amount_minor - intent.received_minor


def _details(statement: str, merchant_id: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"merchant": merchant_id})
        return [detail for (detail,) in cursor.fetchall()]


def _first(found: list[str]) -> list[str]:
    if len(found) <= MOST_FINDINGS:
        return found
    return [*found[:MOST_FINDINGS], f"and {len(found) - MOST_FINDINGS} more"]
