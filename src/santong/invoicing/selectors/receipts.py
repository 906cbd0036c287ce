"""The e-receipt of a sale: what was bought, taken off and paid, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.invoicing import contracts
from santong.invoicing.errors import LinkOver
from santong.invoicing.models import Sale, SaleLine
from santong.invoicing.selectors.invoices import invoices_of
from santong.invoicing.selectors.links import Link
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.stores import public as stores

PREFIX = "/i/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt as its page shows it. Nobody's name is on it."""

    sale_id: int
    order: orders.Order
    storefront: str
    place: str
    seller_names: tuple[str, ...]
    sold_at: datetime
    discount_minor: int
    payments: Sequence[orders.Payment]
    return_until: datetime | None
    left_minor: int
    can_ask: bool
    to_invoice: tuple[contracts.SaleLine, ...]
    invoices: tuple[contracts.Invoice, ...]


def receipt_path(*, token: str) -> str:
    """Where a token's receipt answers."""
    return f"{PREFIX}{token}/"


def sale_of_link(*, link: Link) -> Sale:
    """The sale that a link opens. Raises LinkOver where its round is over."""
    rows = Sale.objects.of_merchant(link.merchant_id)
    sale = rows.filter(id=link.sale_id, link_round=link.round).first()
    if sale is None:
        raise LinkOver
    return sale


def receipt_of(*, merchant_id: int, sale: Sale) -> Receipt:
    """The receipt of a sale."""
    order = orders.order_by_id(merchant_id=merchant_id, order_id=sale.order_id)
    shop = merchants.storefront_by_id(merchant_id=merchant_id, storefront_id=order.storefront_id)
    lines = list(
        SaleLine.objects.of_merchant(merchant_id).filter(sale=sale).select_related("seller")
    )
    places = stores.locations_by_id(
        merchant_id=merchant_id, location_ids=[sale.location_id] if sale.location_id else []
    )
    return Receipt(
        sale_id=sale.id,
        order=order,
        storefront=shop.name,
        place=places[sale.location_id].name if sale.location_id in places else "",
        seller_names=tuple(dict.fromkeys(line.seller.name for line in lines if line.seller)),
        sold_at=sale.sold_at,
        discount_minor=order.discount_minor + sum(line.discount_minor for line in order.lines),
        payments=[
            each
            for each in orders.payments_of(merchant_id=merchant_id, order_id=order.id)
            if each.kind == "payment"
        ],
        return_until=_return_until(sale, lines),
        left_minor=sum(
            line.payable_minor - line.returned_minor - line.covered_minor for line in lines
        ),
        can_ask=all(line.seller_id is not None for line in lines),
        to_invoice=tuple(
            each for each in (line.as_contract() for line in lines) if each.left_minor
        ),
        invoices=tuple(invoices_of(merchant_id=merchant_id, document=sale.document)),
    )


def _return_until(sale: Sale, lines: Sequence[SaleLine]) -> datetime | None:
    """The earliest end of what its sellers grant, counted from the sale."""
    days = [line.seller.return_days for line in lines if line.seller and line.seller.return_days]
    return sale.sold_at + timedelta(days=min(days)) if days else None
