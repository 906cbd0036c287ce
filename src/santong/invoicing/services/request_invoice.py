"""Somebody asks for an invoice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from santong.invoicing import contracts
from santong.invoicing.errors import (
    KeyTaken,
    MoreThanPaid,
    NothingToInvoice,
    NotPaid,
    SellerMissing,
)
from santong.invoicing.models import Invoice, InvoiceLine, Sale, SaleLine, Seller
from santong.invoicing.models.invoices import invoice_place
from santong.invoicing.models.titles import seal_title
from santong.invoicing.rules.fields import LONGEST_KEY, checked_title
from santong.invoicing.rules.tax import split
from santong.invoicing.selectors.invoices import invoices_of
from santong.invoicing.services.follow_money import follow_locked, requested
from santong.invoicing.services.open_sale import open_sale
from santong.kernel import audit, crypto, outbox
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.models import MerchantQuerySet
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders

Wanted = Sequence[tuple[SaleLine, int]]


@all_or_nothing
def request_invoice(
    *,
    merchant_id: int,
    order_id: int,
    title: contracts.Title,
    form: contracts.Form,
    key: str,
    amount_by_line: Mapping[str, int] | None = None,
    now: datetime,
) -> list[contracts.Invoice]:
    """Ask for invoices of an order to one title: one of each seller, for all that is left.

    With `amount_by_line`, for so much of these lines; `freight` names the carriage. The same key
    is the same request.

    Raises NoSuch, TitleInvalid, FieldInvalid, NotPaid, NothingToInvoice, MoreThanPaid,
    SellerMissing, KeyTaken. Emits InvoiceRequested. Locks the sale.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise FieldInvalid(pointer="/key", reason=f"1 to {LONGEST_KEY} characters")
    title = checked_title(title, form=form)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    document = orders.document_of(order_id=order.id)
    if order.paid_at is None:
        raise NotPaid(document=document)
    sale, lines = open_sale(merchant_id=merchant_id, order=order)
    asked_hash = _hash(merchant_id, title, form, amount_by_line)
    if _came_before(sale, key, asked_hash):
        return _shown(sale, _of_key(sale, key))
    lines = follow_locked(sale=sale, lines=lines, order=order, now=now)
    wanted = _wanted(document, lines, amount_by_line)
    made = [
        _made(sale, seller, here, title=title, form=form, key=key, asked_hash=asked_hash, now=now)
        for seller, here in _by_seller(merchant_id, wanted)
    ]
    for line, amount in wanted:
        line.covered_minor += amount
    SaleLine.objects.bulk_update([line for line, _ in wanted], ["covered_minor"])
    sale.save(update_fields=["invoices"])
    _tell(sale, made, now)
    return _shown(sale, made)


def _came_before(sale: Sale, key: str, asked_hash: bytes) -> bool:
    """Whether this request came; under one key there is one."""
    known = _of_key(sale, key).values_list("asked_hash", flat=True)
    if any(bytes(each) != asked_hash for each in known):
        raise KeyTaken(key=key)
    return bool(known)


def _of_key(sale: Sale, key: str) -> MerchantQuerySet[Invoice]:
    rows: MerchantQuerySet[Invoice] = Invoice.objects.of_merchant(sale.merchant_id)
    return rows.filter(sale=sale, kind="blue", key=key)


def _shown(sale: Sale, rows: Iterable[Invoice]) -> list[contracts.Invoice]:
    ids = {row.id for row in rows}
    every = invoices_of(merchant_id=sale.merchant_id, document=sale.document)
    return [each for each in every if each.id in ids]


def _hash(
    merchant_id: int,
    title: contracts.Title,
    form: contracts.Form,
    amount_by_line: Mapping[str, int] | None,
) -> bytes:
    asked = [asdict(title), form, amount_by_line and sorted(amount_by_line.items())]
    value = json.dumps(asked, sort_keys=True)
    return crypto.blind_index(merchant_id=merchant_id, value=value, purpose="invoicing.request")


def _wanted(
    document: str, lines: Sequence[SaleLine], amount_by_line: Mapping[str, int] | None
) -> Wanted:
    """So much of these lines; what cost nothing is on no invoice."""
    left = {
        line.key: line.payable_minor - line.returned_minor - line.covered_minor for line in lines
    }
    asked = amount_by_line if amount_by_line is not None else left
    for key, amount in asked.items():
        if key not in left:
            raise NoSuch(kind="line", key=key[:40])
        if not 0 <= amount <= left[key]:
            raise MoreThanPaid(line=key, left_minor=left[key])
    wanted = [(line, asked[line.key]) for line in lines if asked.get(line.key)]
    if not wanted:
        raise NothingToInvoice(document=document)
    return wanted


def _by_seller(merchant_id: int, wanted: Wanted) -> list[tuple[Seller, Wanted]]:
    """What each seller issues. The seller of the first line comes first."""
    by_seller: dict[int, list[tuple[SaleLine, int]]] = {}
    for line, amount in wanted:
        if line.seller_id is None:
            raise SellerMissing(line=line.key)
        by_seller.setdefault(line.seller_id, []).append((line, amount))
    sellers = Seller.objects.of_merchant(merchant_id).in_bulk(by_seller)
    for seller_id, here in by_seller.items():
        if not sellers[seller_id].is_open:
            raise SellerMissing(line=here[0][0].key)
    return [(sellers[seller_id], here) for seller_id, here in by_seller.items()]


def _made(
    sale: Sale,
    seller: Seller,
    wanted: Wanted,
    *,
    title: contracts.Title,
    form: contracts.Form,
    key: str,
    asked_hash: bytes,
    now: datetime,
) -> Invoice:
    sale.invoices += 1
    lines = [_line(sale, line, amount, number) for number, (line, amount) in enumerate(wanted, 1)]
    place = invoice_place(sale_id=sale.id, serial=sale.invoices)
    amount_minor = sum(line.amount_minor for line in lines)
    tax_minor = sum(line.tax_minor for line in lines)
    row = Invoice.objects.create(
        merchant_id=sale.merchant_id,
        sale=sale,
        serial=sale.invoices,
        seller=seller,
        kind="blue",
        form=form,
        state="requested",
        key=key,
        asked_hash=asked_hash,
        title_kind=title.kind,
        title_sealed=seal_title(merchant_id=sale.merchant_id, title=title, place=place),
        currency=sale.currency,
        amount_minor=amount_minor,
        tax_minor=tax_minor,
        total_minor=amount_minor + tax_minor,
        asked_at=now,
        step="issue",
        next_at=now,
    )
    for line in lines:
        line.invoice = row
    InvoiceLine.objects.bulk_create(lines)
    return row


def _line(sale: Sale, line: SaleLine, total_minor: int, number: int) -> InvoiceLine:
    parts = split(total_minor, rate_basis_points=line.rate_basis_points)
    # Of a part of a line nobody knows how many pieces it is: neither they nor a price are shown.
    quantity = line.quantity if total_minor == line.payable_minor else 0
    return InvoiceLine(
        merchant_id=sale.merchant_id,
        number=number,
        key=line.key,
        name=line.name,
        specification=line.specification,
        quantity=quantity,
        tax_code=line.tax_code,
        tax_name=line.tax_name,
        rate_basis_points=line.rate_basis_points,
        amount_minor=parts.amount_minor,
        tax_minor=parts.tax_minor,
    )


def _tell(sale: Sale, made: Sequence[Invoice], now: datetime) -> None:
    audit.record(
        *(
            audit.Change(
                action="invoicing.request",
                subject="invoice",
                subject_id=row.id,
                reason="asked for",
                after={"document": sale.document, "total_minor": row.total_minor},
            )
            for row in made
        ),
        now=now,
    )
    outbox.publish(*(requested(sale, row) for row in made), now=now)
