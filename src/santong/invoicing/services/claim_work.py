"""Whoever works on invoices claims what is due, for a time: nobody else works on it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from santong.invoicing import contracts
from santong.invoicing.models import Invoice
from santong.invoicing.rules.pace import CLAIMED_FOR
from santong.invoicing.selectors.asks import access_of_invoice, issue_ask, red_ask
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

# What leaves is `sent` before anybody is called: money that goes back from now on is followed by
# a red one. A red one leaves only when its blue one is there.
_CLAIM: Final = Statement("""
WITH due AS MATERIALIZED (
  SELECT i.id FROM invoicing_invoice i
  WHERE i.merchant_id = %(merchant)s::bigint
    AND i.state IN ('requested', 'sent', 'waiting_confirmation') AND NOT i.is_held
    AND i.next_at <= %(now)s::timestamptz
    AND (i.claimed_until IS NULL OR i.claimed_until <= %(now)s::timestamptz)
    AND (i.original_id IS NULL OR EXISTS (
      SELECT FROM invoicing_invoice b
      WHERE b.merchant_id = i.merchant_id AND b.id = i.original_id AND b.state = 'issued'))
  ORDER BY i.next_at, i.id
  LIMIT %(most)s::int
  FOR NO KEY UPDATE OF i SKIP LOCKED
)
UPDATE invoicing_invoice i
SET claim = i.claim + 1, claimed_until = %(until)s::timestamptz, attempts = i.attempts + 1,
  state = CASE i.state WHEN 'requested' THEN 'sent' ELSE i.state END
FROM due WHERE i.id = due.id
RETURNING i.id, i.claim
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One call that is claimed: who is called, what is asked, and how it is settled."""

    invoice_id: int
    claim: int
    issuer: str
    step: contracts.Step
    reference: str
    access: contracts.Access
    blue: contracts.IssueAsk | None
    red: contracts.RedAsk | None
    confirmation: str


@all_or_nothing
def claim_work(*, merchant_id: int, most: int, now: datetime) -> list[Parcel]:
    """Claim what is due. Locks the invoices that it claims, and waits for none."""
    claims: dict[int, int] = dict(
        _CLAIM.rows(
            {
                "merchant": str(merchant_id),
                "most": str(most),
                "until": (now + CLAIMED_FOR).isoformat(),
                "now": now.isoformat(),
            }
        )
    )
    rows = Invoice.objects.of_merchant(merchant_id).filter(id__in=claims)
    return [
        _parcel(row, claims[row.id])
        for row in rows.select_related("seller", "original").order_by("next_at", "id")
    ]


def _parcel(row: Invoice, claim: int) -> Parcel:
    return Parcel(
        invoice_id=row.id,
        claim=claim,
        issuer=row.seller.issuer,
        step=row.step,  # type: ignore[arg-type]  # the choices vouch
        reference=row.reference,
        access=access_of_invoice(row),
        blue=issue_ask(row) if row.kind == "blue" else None,
        red=red_ask(row) if row.kind == "red" else None,
        confirmation=row.confirmation,
    )
