"""A receipt and an invoice on paper."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from santong.invoicing import contracts
from santong.invoicing.rules.drawing import qr
from santong.invoicing.rules.pdf import Paper, fitted
from santong.invoicing.rules.tax import rate_text
from santong.invoicing.selectors.receipts import Receipt
from santong.kernel.money import money_text

LEFT, RIGHT, LOWEST = 48, 547, 780
STEP = 16
# Numbers of the simulated office: its province does not exist.
SIMULATED = "99"


def receipt_paper(receipt: Receipt, *, house: str, address: str) -> bytes:
    """The e-receipt, with a code that leads to the request for an invoice."""
    order, paper = receipt.order, Paper()
    paper.text(LEFT, 60, house, size=16)
    paper.text(LEFT, 82, f"{_('Receipt')}  {order.external_number}")
    paper.text(LEFT, 98, _place(receipt))
    y = 130
    paper.line(LEFT, y - 14, RIGHT, y - 14)
    for line in order.lines:
        y = _room(paper, y)
        paper.text(LEFT, y, fitted(f"{line.sku_name} x {line.quantity}", size=10, width=380))
        paper.text(
            RIGHT, y, _money(line.unit_price_minor * line.quantity, order.currency), is_right=True
        )
        y += STEP
    for name, minor in _sums(receipt):
        y = _room(paper, y)
        paper.text(LEFT, y, name)
        paper.text(RIGHT, y, _money(minor, order.currency), is_right=True)
        y += STEP
    y = _room(paper, y + 4, least=200)
    paper.line(LEFT, y - 14, RIGHT, y - 14)
    if receipt.return_until:
        paper.text(
            LEFT, y, _("Can be returned until %(day)s") % {"day": _day(receipt.return_until)}
        )
        y += STEP
    drawn = qr(address)
    paper.text(LEFT, y, _("Scan to ask for an invoice"))
    paper.squares(LEFT - 8, y + 4, side=3, dark=drawn.dark)
    return paper.to_bytes()


def invoice_paper(invoice: contracts.Invoice) -> bytes:
    """A copy of an issued invoice. What counts is the office's own file under its number."""
    paper, sign = Paper(), -1 if invoice.kind == "red" else 1
    title = _("Special e-invoice") if invoice.form == "special" else _("Ordinary e-invoice")
    paper.text(LEFT, 60, f"{title} ({_('red')})" if sign < 0 else title, size=16)
    paper.text(LEFT, 84, f"{_('Invoice number')} {invoice.number}")
    if invoice.issued_at:
        paper.text(RIGHT, 84, _day(invoice.issued_at), is_right=True)
    y = 112
    for name, value in (
        (_("Invoiced to"), invoice.title.name),
        (_("Taxpayer number"), invoice.title.number),
        (_("Seller"), invoice.seller_name),
    ):
        if value:
            paper.text(LEFT, y, f"{name}: {fitted(value, size=10, width=420)}")
            y += STEP
    y += 14
    paper.line(LEFT, y - 14, RIGHT, y - 14)
    for place, name in ((330, _("Amount")), (390, _("Rate")), (470, _("Tax")), (RIGHT, _("Total"))):
        paper.text(place, y, name, is_right=True)
    y += STEP
    for line in invoice.lines:
        if not line.total_minor:
            continue
        y = _room(paper, y)
        paper.text(LEFT, y, fitted(f"*{line.rated.tax_name}*{line.name}", size=10, width=220))
        paper.text(330, y, _money(sign * line.amount_minor, invoice.currency), is_right=True)
        paper.text(390, y, rate_text(line.rated.rate_basis_points), is_right=True)
        paper.text(470, y, _money(sign * line.tax_minor, invoice.currency), is_right=True)
        paper.text(RIGHT, y, _money(sign * line.total_minor, invoice.currency), is_right=True)
        y += STEP
    y = _room(paper, y)
    paper.line(LEFT, y - 12, RIGHT, y - 12)
    paper.text(LEFT, y + 4, _("Total with tax"))
    paper.text(330, y + 4, _money(sign * invoice.amount_minor, invoice.currency), is_right=True)
    paper.text(470, y + 4, _money(sign * invoice.tax_minor, invoice.currency), is_right=True)
    paper.text(RIGHT, y + 4, _money(sign * invoice.total_minor, invoice.currency), is_right=True)
    paper.text(LEFT, y + 32, _note(invoice), size=9)
    return paper.to_bytes()


def _sums(receipt: Receipt) -> list[tuple[str, int]]:
    order = receipt.order
    found = [(_("Freight"), order.freight_minor)] if order.freight_minor else []
    if receipt.discount_minor:
        found.append((_("Discount"), -receipt.discount_minor))
    return [*found, (_("Total"), order.total_minor)]


def _place(receipt: Receipt) -> str:
    place = receipt.place or receipt.storefront
    return f"{place}  {date_format(timezone.localtime(receipt.sold_at), 'SHORT_DATETIME_FORMAT')}"


def _day(at: object) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")  # type: ignore[arg-type]


def _note(invoice: contracts.Invoice) -> str:
    if invoice.number[2:4] == SIMULATED:
        return _("Issued by the simulated tax office: not an invoice.")
    return _("A copy. The invoice itself can be checked at the tax office by its number.")


def _money(minor: int, currency: str) -> str:
    return money_text(minor=minor, currency=currency)


def _room(paper: Paper, y: int, *, least: int = STEP) -> int:
    if y + least <= LOWEST:
        return y
    paper.turn()
    return 60
