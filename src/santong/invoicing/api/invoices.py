"""Invoices over HTTP. Who is a person shows masked: the invoice itself is the buyer's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import Field

from santong.invoicing import contracts
from santong.invoicing.api.routes import Body, Key, Limit, Minor, Reason, TitleIn, router
from santong.invoicing.rules.masking import masked
from santong.invoicing.selectors.hindrances import hindrances
from santong.invoicing.selectors.invoices import invoice_by_id, invoices_page
from santong.invoicing.selectors.receipts import receipt_path
from santong.invoicing.services import ask_anew as asking_anew
from santong.invoicing.services.open_link import open_link
from santong.invoicing.services.request_invoice import request_invoice
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.orders import public as orders

MOST_LINES = 501

PLAIN = (
    *("document", "seller_code", "seller_name", "kind", "form", "state", "is_held", "number"),
    *("currency", "amount_minor", "tax_minor", "total_minor", "reversed_minor"),
    *("reason", "why", "asked_at", "issued_at"),
)
PLAIN_OF_LINE = (
    *("number", "key", "name", "specification", "quantity"),
    *("amount_minor", "tax_minor", "total_minor", "reversed_minor"),
)

LineKey = Annotated[str, Field(min_length=1, max_length=30)]


class InvoiceRequestIn(Body):
    """An invoice of an order. Without lines all that is left; else so much of these lines.

    A line is named by its id, the carriage by `freight`. The same key is the same request.
    """

    title: TitleIn
    form: contracts.Form = "ordinary"
    lines: Annotated[dict[LineKey, Minor], Field(max_length=MOST_LINES)] | None = None
    key: Key


class SaleInvoiceLineOut(Schema):
    number: int
    key: str
    name: str
    specification: str
    quantity: int
    tax_code: str
    tax_name: str
    rate_basis_points: int
    amount_minor: int
    tax_minor: int
    total_minor: int
    reversed_minor: int


class SaleInvoiceOut(Schema):
    """An invoice from its request on; the amounts of a red one are what it takes back."""

    id: str
    document: str
    seller_id: str
    seller_code: str
    seller_name: str
    kind: contracts.Kind
    form: contracts.Form
    state: contracts.State
    is_held: bool
    number: str
    original_id: str | None
    title_kind: contracts.TitleKind
    title_name: str
    title_number: str
    currency: str
    amount_minor: int
    tax_minor: int
    total_minor: int
    reversed_minor: int
    reason: str
    why: str
    asked_at: datetime
    issued_at: datetime | None
    lines: list[SaleInvoiceLineOut]


class InvoiceFilter(Schema):
    state: contracts.State | None = None
    order_id: Annotated[str | None, Field(max_length=20)] = None
    number: Annotated[str | None, Field(max_length=20)] = None


class HindranceOut(Schema):
    """An invoice that somebody has to look at, and why."""

    kind: contracts.HindranceKind
    words: str
    invoice: SaleInvoiceOut


class AskAnewIn(Body):
    reason: Reason


class ReceiptLinkIn(Body):
    """For how many days the buyer's link is good."""

    days: Annotated[int, Field(strict=True, ge=1, le=366)] = 180


class ReceiptLinkOut(Schema):
    path: str


@router.get("/invoices", response=Page[SaleInvoiceOut], auth=requires("invoices.view"))
def list_invoices(
    request: MerchantRequest,
    which: Query[InvoiceFilter],
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Invoices, newest first."""
    order_id = which.order_id and id_of(which.order_id, kind="order")
    rows = invoices_page(
        merchant_id=request.merchant_id,
        state=which.state,
        document=f"order:{order_id}" if order_id else None,
        number=which.number,
        location_ids=request.actor.location_ids,
        below_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([shown(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.get("/invoices/{invoice_id}", response=SaleInvoiceOut, auth=requires("invoices.view"))
def get_invoice(request: MerchantRequest, invoice_id: str) -> Any:
    """One invoice."""
    return shown(_seen(request, invoice_id))


@router.get("/invoice-exceptions", response=list[HindranceOut], auth=requires("invoices.view"))
def list_hindrances(request: MerchantRequest) -> Any:
    """What somebody has to look at: oldest first, at most 200."""
    found = hindrances(merchant_id=request.merchant_id, location_ids=request.actor.location_ids)
    return [
        {"kind": each.kind, "words": each.words, "invoice": shown(each.invoice)} for each in found
    ]


@router.post(
    "/orders/{order_id}/invoices",
    response={201: list[SaleInvoiceOut]},
    auth=requires("invoices.issue"),
)
def post_request(request: MerchantRequest, order_id: str, body: InvoiceRequestIn) -> Any:
    """Ask for the invoices of an order: one of each seller whose goods are in it."""
    order = _order(request, order_id)
    made = request_invoice(
        merchant_id=request.merchant_id,
        order_id=order.id,
        title=body.title.title(),
        form=body.form,
        key=body.key,
        amount_by_line=body.lines,
        now=datetime.now(UTC),
    )
    return Status(201, [shown(each) for each in made])


@router.post(
    "/invoices/{invoice_id}/ask-anew", response=SaleInvoiceOut, auth=requires("invoices.edit")
)
def ask_anew(request: MerchantRequest, invoice_id: str, body: AskAnewIn) -> Any:
    """Let a held red invoice go, or ask for a refused one anew."""
    row = _seen(request, invoice_id)
    return shown(
        asking_anew.ask_anew(
            merchant_id=request.merchant_id,
            invoice_id=row.id,
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


@router.post(
    "/orders/{order_id}/receipt-links",
    response={201: ReceiptLinkOut},
    auth=requires("invoices.issue"),
)
def post_link(request: MerchantRequest, order_id: str, body: ReceiptLinkIn) -> Any:
    """A link for the buyer: the receipt, and where they ask for their invoice."""
    order = _order(request, order_id)
    token = open_link(
        merchant_id=request.merchant_id, order_id=order.id, days=body.days, now=datetime.now(UTC)
    )
    return Status(201, {"path": receipt_path(token=token)})


def shown(row: contracts.Invoice) -> dict[str, Any]:
    """An invoice as the API shows it."""
    title = masked(row.title)
    return {
        **{name: getattr(row, name) for name in PLAIN},
        "id": str(row.id),
        "seller_id": str(row.seller_id),
        "original_id": None if row.original_id is None else str(row.original_id),
        "title_kind": title.kind,
        "title_name": title.name,
        "title_number": title.number,
        "lines": [_line(line) for line in row.lines],
    }


def _line(line: contracts.InvoiceLine) -> dict[str, Any]:
    return {
        **{name: getattr(line, name) for name in PLAIN_OF_LINE},
        "tax_code": line.rated.tax_code,
        "tax_name": line.rated.tax_name,
        "rate_basis_points": line.rated.rate_basis_points,
    }


def _seen(request: MerchantRequest, invoice_id: str) -> contracts.Invoice:
    return invoice_by_id(
        merchant_id=request.merchant_id,
        invoice_id=id_of(invoice_id, kind="invoice"),
        location_ids=request.actor.location_ids,
    )


def _order(request: MerchantRequest, order_id: str) -> orders.Order:
    return orders.order_by_id(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        location_ids=request.actor.location_ids,
    )
