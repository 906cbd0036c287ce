"""A red invoice for a part of a blue one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from santong.invoicing.models import Invoice, InvoiceLine, Sale
from santong.invoicing.models.invoices import invoice_place
from santong.invoicing.models.titles import seal_title
from santong.invoicing.rules.tax import taken_back
from santong.kernel import audit


def take_back(
    *,
    sale: Sale,
    blue: Invoice,
    lines: Sequence[InvoiceLine],
    taken_by_line: Mapping[str, int],
    now: datetime,
) -> Invoice:
    """Ask for a red invoice that takes back so much of a blue one's lines.

    It leaves once the blue one is issued; if that is refused, there is nothing to take back. The
    sale and the blue one are locked, and `lines` are the blue one's.
    """
    sale.invoices += 1
    sale.save(update_fields=["invoices"])
    place = invoice_place(sale_id=sale.id, serial=sale.invoices)
    red_lines = [
        _line(line, taken_by_line[line.key]) for line in lines if line.key in taken_by_line
    ]
    InvoiceLine.objects.bulk_update(lines, ["reversed_minor", "reversed_tax_minor"])
    amount_minor = sum(line.amount_minor for line in red_lines)
    tax_minor = sum(line.tax_minor for line in red_lines)
    row = Invoice.objects.create(
        merchant_id=sale.merchant_id,
        sale=sale,
        serial=sale.invoices,
        seller_id=blue.seller_id,
        kind="red",
        form=blue.form,
        state="requested",
        original=blue,
        key=f"back:{sale.invoices}",
        asked_hash=b"",
        title_kind=blue.title_kind,
        title_sealed=seal_title(merchant_id=sale.merchant_id, title=blue.title(), place=place),
        currency=blue.currency,
        amount_minor=amount_minor,
        tax_minor=tax_minor,
        total_minor=amount_minor + tax_minor,
        reason="returned",
        asked_at=now,
        is_held=blue.seller.red_policy == "held",
        step="confirm",
        next_at=now,
    )
    for line in red_lines:
        line.invoice = row
    InvoiceLine.objects.bulk_create(red_lines)
    audit.record(
        audit.Change(
            action="invoicing.take_back",
            subject="invoice",
            subject_id=row.id,
            reason="money went back",
            after={"original_id": blue.id, "total_minor": row.total_minor},
        ),
        now=now,
    )
    return row


def _line(line: InvoiceLine, total_minor: int) -> InvoiceLine:
    """What is taken back of a blue line; it then knows so."""
    parts = taken_back(
        total_minor,
        left_minor=line.left_minor,
        left_tax_minor=line.tax_minor - line.reversed_tax_minor,
        rate_basis_points=line.rate_basis_points,
    )
    is_whole = line.reversed_minor == 0 and total_minor == line.total_minor
    line.reversed_minor += total_minor
    line.reversed_tax_minor += parts.tax_minor
    return InvoiceLine(
        merchant_id=line.merchant_id,
        number=line.number,
        key=line.key,
        name=line.name,
        specification=line.specification,
        quantity=line.quantity if is_whole else 0,
        tax_code=line.tax_code,
        tax_name=line.tax_name,
        rate_basis_points=line.rate_basis_points,
        amount_minor=parts.amount_minor,
        tax_minor=parts.tax_minor,
    )
