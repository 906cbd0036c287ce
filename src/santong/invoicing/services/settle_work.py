"""What an issuer has answered, or that it has not, is written down."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from santong.invoicing import contracts
from santong.invoicing.events import InvoiceCancelled, InvoiceIssued, InvoiceRefused
from santong.invoicing.models import Invoice, InvoiceLine, Sale, SaleLine
from santong.invoicing.models.invoices import ON_ITS_WAY
from santong.invoicing.rules.pace import pause
from santong.invoicing.rules.steps import following
from santong.invoicing.services.claim_work import Parcel
from santong.invoicing.services.lock_sale import lock_sale
from santong.kernel import outbox
from santong.kernel.nameless import without_persons
from santong.kernel.tenancy import all_or_nothing

Outcome = contracts.Answer | contracts.Confirmation | None


@all_or_nothing
def settle_work(
    *, merchant_id: int, parcel: Parcel, outcome: Outcome, why: str = "", now: datetime
) -> bool:
    """Take the answer to a claimed call; false if somebody else has claimed the invoice since.

    A blue one that is refused covers nothing any more, and red ones that waited for it are over.

    Emits InvoiceIssued, InvoiceRefused, InvoiceCancelled. Locks the sale, then its invoices.
    """
    place = Invoice.objects.of_merchant(merchant_id).filter(id=parcel.invoice_id)
    sale, _ = lock_sale(merchant_id=merchant_id, sale_id=place.values_list("sale_id", flat=True)[0])
    row = place.lock()[0]
    if row.claim != parcel.claim or row.state not in ON_ITS_WAY:
        return False
    after = following(
        kind="red" if row.kind == "red" else "blue", step=parcel.step, outcome=outcome
    )
    row.state, row.step = after.state, after.step
    row.claimed_until = None
    # That an answer is late does not say why the one before was missing.
    row.why = _said(outcome, why) or ("" if after.step == "none" else row.why)
    if isinstance(outcome, contracts.Confirmation) and outcome.number:
        row.confirmation = outcome.number
    facts: list[object] = []
    if after.step == "none":
        row.next_at = None
        facts = _ended(sale, row, outcome, now)
    elif after.is_soon and outcome is not None:
        row.next_at = now
    else:
        row.next_at = now + pause(attempts=row.attempts)
    row.save()
    outbox.publish(*facts, now=now)
    return True


def _said(outcome: Outcome, why: str) -> str:
    """What is kept of what another system said names nobody."""
    said = why if outcome is None else outcome.why
    return without_persons("".join(c for c in said if c.isprintable()))[:200]


def _ended(sale: Sale, row: Invoice, outcome: Outcome, now: datetime) -> list[object]:
    if row.state == "issued":
        assert isinstance(outcome, contracts.Answer)
        row.number = outcome.number
        row.issued_at = outcome.issued_at or now
        return [_issued(sale, row)]
    told: list[object] = [
        InvoiceRefused(
            invoice_id=row.id,
            document=sale.document,
            seller_id=row.seller_id,
            kind="red" if row.kind == "red" else "blue",
            why=row.why,
        )
    ]
    return [*told, *_uncover(sale, row)] if row.kind == "blue" else told


def _issued(sale: Sale, row: Invoice) -> InvoiceIssued:
    assert row.issued_at is not None
    return InvoiceIssued(
        invoice_id=row.id,
        document=sale.document,
        seller_id=row.seller_id,
        kind="red" if row.kind == "red" else "blue",
        original_id=row.original_id,
        number=row.number,
        issued_at=row.issued_at,
        currency=row.currency,
        amount_minor=row.amount_minor,
        tax_minor=row.tax_minor,
        total_minor=row.total_minor,
    )


def _uncover(sale: Sale, row: Invoice) -> list[object]:
    """What it covered can be invoiced again; there is nothing that red ones could take back."""
    lines = InvoiceLine.objects.of_merchant(row.merchant_id).filter(invoice=row)
    for line in lines:
        SaleLine.objects.of_merchant(row.merchant_id).filter(sale=sale, key=line.key).update(
            covered_minor=F("covered_minor") - line.left_minor
        )
    lines.update(reversed_minor=0, reversed_tax_minor=0)
    waiting = Invoice.objects.of_merchant(row.merchant_id).filter(original=row).lock()
    told: list[object] = []
    for red in waiting:
        red.state, red.step, red.next_at = "cancelled", "none", None
        red.is_held = False
        red.save(update_fields=["state", "step", "next_at", "is_held"])
        told.append(
            InvoiceCancelled(
                invoice_id=red.id, document=sale.document, seller_id=red.seller_id, kind="red"
            )
        )
    return told
