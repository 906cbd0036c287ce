"""A supplier asks for its money."""

from __future__ import annotations

from datetime import date, datetime

from santong.benefits.contracts.supplies import Invoice
from santong.benefits.errors import KeyTaken
from santong.benefits.models import Supplier, SupplierInvoice
from santong.benefits.rules.fields import clean_currency
from santong.benefits.selectors.statements import signature
from santong.benefits.selectors.supplies import supplier_statement
from santong.benefits.services.insert import insert
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_name
from santong.kernel.tenancy import all_or_nothing

LONGEST_NUMBER = 60
MOST_MINOR = 10**15


@all_or_nothing
def record_invoice(
    *,
    merchant_id: int,
    supplier_id: int,
    number: str,
    month: date,
    amount_minor: int,
    currency: str = "CNY",
    now: datetime,
) -> Invoice:
    """Put a supplier's invoice beside what was counted: it matches to the minor unit, or differs.

    The same number again, also at the same moment, gives the first comparison.

    Raises KeyTaken, FieldInvalid, NoSuch. Locks the supplier.
    """
    if not 0 < len(number) <= LONGEST_NUMBER:
        raise FieldInvalid(pointer="/number", reason=f"1 to {LONGEST_NUMBER} characters")
    check_name(number, pointer="/number")
    if not -MOST_MINOR <= amount_minor <= MOST_MINOR:
        raise FieldInvalid(pointer="/amount_minor", reason="out of range")
    # Two who record the same invoice follow one another, and the second finds the first's answer.
    list(Supplier.objects.of_merchant(merchant_id).filter(id=supplier_id).lock())
    counted = supplier_statement(
        merchant_id=merchant_id,
        supplier_id=supplier_id,
        month=month,
        currency=clean_currency(currency),
    )
    known = SupplierInvoice.objects.of_merchant(merchant_id)
    if first := known.filter(supplier_id=supplier_id, number=number).first():
        asked = (month.replace(day=1), amount_minor, currency)
        if (first.month, first.amount_minor, first.currency) != asked:
            raise KeyTaken(key=number)
        return _told(first, is_new=False)
    row = SupplierInvoice(
        merchant_id=merchant_id,
        supplier_id=supplier_id,
        number=number,
        month=counted.month,
        amount_minor=amount_minor,
        counted_minor=counted.amount_minor,
        currency=currency,
        state="matched" if amount_minor == counted.amount_minor else "differs",
        recorded_at=now,
        actor=signature(),
    )
    insert(row, taken=KeyTaken(key=number), constraint="an_invoice_comes_once")
    audit.record(
        audit.Change(
            action="benefits.record_invoice",
            subject="benefit_supplier",
            subject_id=supplier_id,
            reason=number,
            after={"amount_minor": amount_minor, "counted_minor": counted.amount_minor},
        ),
        now=now,
    )
    return _told(row, is_new=True)


def _told(row: SupplierInvoice, *, is_new: bool) -> Invoice:
    return Invoice(
        id=row.id,
        supplier_id=row.supplier_id,
        number=row.number,
        month=row.month,
        amount_minor=row.amount_minor,
        counted_minor=row.counted_minor,
        currency=row.currency,
        state="matched" if row.state == "matched" else "differs",
        is_new=is_new,
    )
