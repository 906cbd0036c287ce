"""A red invoice that was refused, or is held, is sent on its way."""

from __future__ import annotations

from datetime import datetime

from santong.invoicing import contracts
from santong.invoicing.errors import StatePassed
from santong.invoicing.models import Invoice
from santong.invoicing.rules.fields import LONGEST_REASON
from santong.invoicing.selectors.invoices import invoice_by_id
from santong.invoicing.services.lock_sale import lock_sale
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.nameless import check_prose
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def ask_anew(*, merchant_id: int, invoice_id: int, reason: str, now: datetime) -> contracts.Invoice:
    """Let a held red invoice go, or ask for a refused one under a new reference; done twice, once.

    A blue one that was refused is over: whoever wants it asks for a new one.

    Raises NoSuch, FieldInvalid, StatePassed. Locks the sale, then the invoice.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} characters")
    check_prose(reason)
    place = Invoice.objects.of_merchant(merchant_id).filter(id=invoice_id)
    sale_id = place.values_list("sale_id", flat=True).first()
    if sale_id is None:
        raise NoSuch(kind="invoice", key=str(invoice_id))
    lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    row = place.lock()[0]
    before = {"state": row.state, "is_held": row.is_held, "round": row.round}
    if row.kind == "red" and row.state == "refused":
        row.round += 1
        row.state, row.step, row.confirmation, row.why = "requested", "confirm", "", ""
    elif not (row.kind == "red" and row.state == "requested" and row.is_held):
        raise StatePassed(invoice_id=str(invoice_id), state=row.state)
    row.is_held, row.attempts, row.next_at = False, 0, now
    row.save()
    audit.record(
        audit.Change(
            action="invoicing.ask_anew",
            subject="invoice",
            subject_id=row.id,
            reason=reason,
            before=before,
            after={"state": row.state, "is_held": row.is_held, "round": row.round},
        ),
        now=now,
    )
    return invoice_by_id(merchant_id=merchant_id, invoice_id=invoice_id)
