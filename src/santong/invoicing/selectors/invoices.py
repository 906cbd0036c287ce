"""Reading invoices. Titles are in clear text; whoever shows them masks them or may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from santong.invoicing import contracts
from santong.invoicing.models import Invoice, InvoiceLine
from santong.kernel.errors import NoSuch
from santong.kernel.models import MerchantQuerySet


def invoice_by_id(
    *, merchant_id: int, invoice_id: int, location_ids: frozenset[int] | None = None
) -> contracts.Invoice:
    """One invoice. With `location_ids`, only of what was sold at one of them. Raises NoSuch."""
    rows = Invoice.objects.of_merchant(merchant_id).filter(id=invoice_id)
    found = shown(seen_at(rows, location_ids))
    if not found:
        raise NoSuch(kind="invoice", key=str(invoice_id))
    return found[0]


def invoices_of(*, merchant_id: int, document: str) -> list[contracts.Invoice]:
    """All invoices of a document, oldest first."""
    rows = Invoice.objects.of_merchant(merchant_id).filter(sale__document=document)
    return shown(seen_at(rows, None).order_by("id"))


def invoices_page(
    *,
    merchant_id: int,
    state: contracts.State | None = None,
    document: str | None = None,
    number: str | None = None,
    location_ids: frozenset[int] | None = None,
    below_id: int,
    limit: int,
) -> list[contracts.Invoice]:
    """Invoices, newest first."""
    rows = Invoice.objects.of_merchant(merchant_id).filter(id__lt=below_id)
    if state is not None:
        rows = rows.filter(state=state)
    if document is not None:
        rows = rows.filter(sale__document=document)
    if number is not None:
        rows = rows.filter(number=number)
    return shown(seen_at(rows, location_ids).order_by("-id")[:limit])


def shown(rows: Iterable[Invoice]) -> list[contracts.Invoice]:
    """Rows with their lines and sellers."""
    found = list(rows)
    if not found:
        return []
    by_invoice: dict[int, list[InvoiceLine]] = defaultdict(list)
    lines = InvoiceLine.objects.of_merchant(found[0].merchant_id).filter(
        invoice_id__in=[row.id for row in found]
    )
    for line in lines.order_by("invoice_id", "number"):
        by_invoice[line.invoice_id].append(line)
    return [_as_contract(row, by_invoice[row.id]) for row in found]


def seen_at(
    rows: MerchantQuerySet[Invoice], location_ids: frozenset[int] | None
) -> MerchantQuerySet[Invoice]:
    """Those that the staff of some places may see: what was sold at one of them."""
    rows = rows.select_related("sale", "seller")
    if location_ids is None:
        return rows
    return rows.filter(sale__location_id__in=sorted(location_ids))


def _as_contract(row: Invoice, lines: list[InvoiceLine]) -> contracts.Invoice:
    return contracts.Invoice(
        id=row.id,
        document=row.sale.document,
        seller_id=row.seller_id,
        seller_code=row.seller.code,
        seller_name=row.seller.name,
        kind="red" if row.kind == "red" else "blue",
        form="special" if row.form == "special" else "ordinary",
        state=row.state,  # type: ignore[arg-type]  # the constraint vouches
        is_held=row.is_held,
        reference=row.reference,
        number=row.number,
        original_id=row.original_id,
        title=row.title(),
        currency=row.currency,
        amount_minor=row.amount_minor,
        tax_minor=row.tax_minor,
        total_minor=row.total_minor,
        reversed_minor=sum(line.reversed_minor for line in lines),
        reason=row.reason,
        why=row.why,
        asked_at=row.asked_at,
        issued_at=row.issued_at,
        lines=tuple(line.as_contract() for line in lines),
    )
