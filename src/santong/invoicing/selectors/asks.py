"""What an issuer is asked for an invoice."""

from __future__ import annotations

from santong.invoicing import contracts
from santong.invoicing.models import Invoice, InvoiceLine
from santong.invoicing.selectors.sellers import access_of

UNIT = "件"


def access_of_invoice(row: Invoice) -> contracts.Access:
    """Everything needed to speak for the seller of an invoice."""
    return access_of(row.seller)


def issue_ask(row: Invoice) -> contracts.IssueAsk:
    """A blue invoice as its issuer is asked for it. What cost nothing is not on it."""
    return contracts.IssueAsk(
        reference=row.reference,
        form="special" if row.form == "special" else "ordinary",
        title=row.title(),
        currency=row.currency,
        lines=_lines(row),
        remark=row.sale.document,
    )


def red_ask(row: Invoice) -> contracts.RedAsk:
    """A red invoice as its issuer is asked for it."""
    assert row.original is not None, "a red invoice takes back a blue one"
    return contracts.RedAsk(
        reference=row.reference,
        blue_reference=row.original.reference,
        blue_number=row.original.number,
        reason="returned",
        lines=_lines(row),
    )


def _lines(row: Invoice) -> tuple[contracts.AskLine, ...]:
    found = InvoiceLine.objects.of_merchant(row.merchant_id).filter(invoice=row)
    return tuple(
        contracts.AskLine(
            number=line.number,
            name=f"*{line.tax_name}*{line.name}"[:100],
            specification=line.specification,
            unit=UNIT if line.quantity else "",
            quantity=line.quantity,
            rated=line.as_contract().rated,
            amount_minor=line.amount_minor,
            tax_minor=line.tax_minor,
        )
        for line in found.order_by("number")
        if line.total_minor
    )
