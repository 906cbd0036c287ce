"""Invoices follow the money of their sale: what goes back is cut from requests, or taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Sum

from santong.invoicing import contracts
from santong.invoicing.events import InvoiceCancelled, InvoiceRequested
from santong.invoicing.models import Invoice, InvoiceLine, MoneyBack, Sale, SaleLine
from santong.invoicing.rules.going_back import Cover, plan, returned_by_line
from santong.invoicing.rules.tax import split
from santong.invoicing.services.open_sale import open_sale
from santong.invoicing.services.take_back import take_back
from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders

LIVE = ("requested", "sent", "issued")


@all_or_nothing
def follow_money(
    *, merchant_id: int, order_id: int, refund_key: str = "", refunded_minor: int = 0, now: datetime
) -> None:
    """Let the invoices of an order follow what was cancelled of it, and one refund.

    Requests that have not left are cut down or cancelled; what was sent or issued is followed by
    red invoices for exactly that part. A refund that comes twice under its key counts once.

    Raises NoSuch. Emits InvoiceRequested (red ones), InvoiceCancelled. Locks the sale, then its
    invoices.
    """
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    if order.paid_at is None:
        return
    sale, lines = open_sale(merchant_id=merchant_id, order=order)
    if refund_key:
        MoneyBack.objects.bulk_create(
            [
                MoneyBack(
                    merchant_id=merchant_id,
                    sale=sale,
                    key=refund_key,
                    amount_minor=refunded_minor,
                    at=now,
                )
            ],
            ignore_conflicts=True,
        )
    follow_locked(sale=sale, lines=lines, order=order, now=now)


def follow_locked(
    *, sale: Sale, lines: Sequence[SaleLine], order: orders.Order, now: datetime
) -> list[SaleLine]:
    """The same for a sale whose row is locked; gives its lines as they are then."""
    returned = _returned(sale, lines, order)
    room = {line.key: line.payable_minor - returned[line.key] for line in lines}
    beyond = [line for line in lines if line.covered_minor > room[line.key]]
    facts: list[object] = []
    if beyond:
        blue = list(
            Invoice.objects.of_merchant(sale.merchant_id)
            .filter(sale=sale, kind="blue", state__in=LIVE)
            .select_related("seller")
            .lock()
        )
        found = InvoiceLine.objects.of_merchant(sale.merchant_id).filter(invoice__in=blue)
        by_invoice: dict[int, list[InvoiceLine]] = {row.id: [] for row in blue}
        for line in found.order_by("invoice_id", "number"):
            by_invoice[line.invoice_id].append(line)
        made = plan(
            room_by_line={line.key: room[line.key] for line in beyond},
            covers=_covers(blue, by_invoice),
        )
        for row in blue:
            facts += _cut(sale, row, by_invoice[row.id], made.cuts.get(row.id, {}), now)
            if row.id in made.reds:
                taken = made.reds[row.id]
                red = take_back(
                    sale=sale, blue=row, lines=by_invoice[row.id], taken_by_line=taken, now=now
                )
                facts.append(requested(sale, red))
    _write(lines, returned)
    outbox.publish(*facts, now=now)
    return list(lines)


def requested(sale: Sale, row: Invoice) -> InvoiceRequested:
    """The fact that an invoice was asked for."""
    return InvoiceRequested(
        invoice_id=row.id,
        document=sale.document,
        seller_id=row.seller_id,
        kind="red" if row.kind == "red" else "blue",
        original_id=row.original_id,
        currency=row.currency,
        total_minor=row.total_minor,
    )


def _returned(sale: Sale, lines: Sequence[SaleLine], order: orders.Order) -> dict[str, int]:
    refunded = (
        MoneyBack.objects.of_merchant(sale.merchant_id)
        .filter(sale=sale)
        .aggregate(total=Sum("amount_minor"))["total"]
    )
    kept = {
        str(line.id): (line.quantity - line.cancelled_quantity, line.cancelled_quantity)
        for line in order.lines
    }
    is_anything_left = any(left for left, _ in kept.values())
    kept[contracts.FREIGHT] = (int(is_anything_left), int(not is_anything_left))
    return returned_by_line(
        payable_by_line={line.key: line.payable_minor for line in lines},
        kept_by_line=kept,
        known_by_line={line.key: line.returned_minor for line in lines},
        # What was paid too much is on no invoice.
        refunded_minor=max(0, (refunded or 0) - order.overpaid_minor),
    )


def _covers(
    blue: Sequence[Invoice], by_invoice: Mapping[int, Sequence[InvoiceLine]]
) -> list[Cover]:
    return [
        Cover(
            invoice_id=row.id,
            state=row.state,  # type: ignore[arg-type]  # the constraint vouches
            line=line.key,
            left_minor=line.left_minor,
        )
        for row in blue
        for line in by_invoice[row.id]
    ]


def _cut(
    sale: Sale,
    row: Invoice,
    lines: Sequence[InvoiceLine],
    cut_by_line: Mapping[str, int],
    now: datetime,
) -> list[object]:
    """Take something off a request that has not left; what is left of nothing is cancelled."""
    if not cut_by_line:
        return []
    before = row.total_minor
    if sum(cut_by_line.values()) == before:
        row.state, row.step, row.next_at = "cancelled", "none", None
        row.save(update_fields=["state", "step", "next_at"])
        _record(row, before, now)
        return [
            InvoiceCancelled(
                invoice_id=row.id, document=sale.document, seller_id=row.seller_id, kind="blue"
            )
        ]
    for line in lines:
        cut = cut_by_line.get(line.key, 0)
        parts = split(line.total_minor - cut, rate_basis_points=line.rate_basis_points)
        if cut:
            line.quantity = 0
        line.amount_minor, line.tax_minor = parts.amount_minor, parts.tax_minor
    InvoiceLine.objects.bulk_update(lines, ["quantity", "amount_minor", "tax_minor"])
    row.amount_minor = sum(line.amount_minor for line in lines)
    row.tax_minor = sum(line.tax_minor for line in lines)
    row.total_minor = row.amount_minor + row.tax_minor
    row.save(update_fields=["amount_minor", "tax_minor", "total_minor"])
    _record(row, before, now)
    return []


def _record(row: Invoice, before: int, now: datetime) -> None:
    audit.record(
        audit.Change(
            action="invoicing.cut",
            subject="invoice",
            subject_id=row.id,
            reason="money went back",
            before={"total_minor": before},
            after={"state": row.state, "total_minor": row.total_minor},
        ),
        now=now,
    )


def _write(lines: Sequence[SaleLine], returned: Mapping[str, int]) -> None:
    changed = [line for line in lines if line.returned_minor != returned[line.key]]
    for line in changed:
        line.returned_minor = returned[line.key]
        line.covered_minor = min(line.covered_minor, line.payable_minor - line.returned_minor)
    if changed:
        SaleLine.objects.bulk_update(changed, ["returned_minor", "covered_minor"])
