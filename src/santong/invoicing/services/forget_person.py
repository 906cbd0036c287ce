"""Titles of a person are forgotten; what the law keeps of an invoice stays on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import F

from santong.customers import public as customers
from santong.invoicing import contracts
from santong.invoicing.models import Invoice, KeptTitle, Sale
from santong.invoicing.models.titles import seal_title
from santong.invoicing.rules.masking import on_the_invoice
from santong.invoicing.selectors.persons import members_of_person, sales_of_person
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing

NOBODY = contracts.Title(kind="person", name="")


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Forget the remembered titles of a person, end their links, untie their sales from them.

    An issued invoice is kept as long as the law asks (发票管理办法, five years and more), with the
    name that stands on it and no way to reach anybody: sealed, found by its number, by no member
    and by no link. What never became an invoice forgets its title.

    Locks the sales, then their invoices.
    """
    member_ids = members_of_person(merchant_id=merchant_id, person=person)
    KeptTitle.objects.of_merchant(merchant_id).filter(member_id__in=member_ids).delete()
    sale_ids = [row.id for row in sales_of_person(merchant_id=merchant_id, person=person).lock()]
    rows = Invoice.objects.of_merchant(merchant_id).filter(sale__in=sale_ids).lock()
    for row in rows:
        title = row.title()
        title = replace(NOBODY, kind=title.kind) if _never_was(row) else on_the_invoice(title)
        row.title_sealed = seal_title(merchant_id=merchant_id, title=title, place=row.place)
        # A keyed hash of all that was asked: with it a guess could be tried.
        row.asked_hash = b""
        row.save(update_fields=["title_sealed", "asked_hash"])
    Sale.objects.of_merchant(merchant_id).filter(id__in=sale_ids).update(
        member_id=None, link_round=F("link_round") + 1
    )
    audit.record(
        *(
            audit.Change(
                action="invoicing.forget_buyer",
                subject="sale",
                subject_id=sale_id,
                reason="the person was erased",
            )
            for sale_id in sale_ids
        ),
        now=now,
    )


def _never_was(row: Invoice) -> bool:
    """A red one that was refused is owed, and will be one."""
    return row.state == "cancelled" or (row.state == "refused" and row.kind == "blue")
