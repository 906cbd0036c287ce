"""What was sold by an order, as invoices see it: opened once, with the rates of that moment."""

from __future__ import annotations

from collections.abc import Sequence

from santong.catalog import public as catalog
from santong.invoicing import contracts
from santong.invoicing.models import Sale, SaleLine
from santong.invoicing.rules.rates import freight_rate, rate_for
from santong.invoicing.rules.sellers import seller_for
from santong.invoicing.rules.tax import payable_by_line
from santong.invoicing.selectors.sellers import sellers, tax_rates
from santong.invoicing.services.lock_sale import lock_sale
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.payments import public as payments
from santong.stores import public as stores

STORED_VALUE = ("prepaid", "gift_card")
NOBODY = contracts.RatedAs(tax_code="", tax_name="", rate_basis_points=0)


@all_or_nothing
def open_sale(*, merchant_id: int, order: orders.Order) -> tuple[Sale, list[SaleLine]]:
    """The sale of an order that was paid in full, its row locked; whoever comes first writes it.

    Lines for which nobody was set up to issue find their seller as soon as there is one.

    Locks the sale.
    """
    document = orders.document_of(order_id=order.id)
    Sale.objects.bulk_create(
        [
            Sale(
                merchant_id=merchant_id,
                document=document,
                order_id=order.id,
                member_id=order.member_id,
                location_id=order.seller_location_id or order.pickup_location_id,
                currency=order.currency,
                sold_at=order.placed_at,
            )
        ],
        ignore_conflicts=True,
    )
    found = Sale.objects.of_merchant(merchant_id).filter(document=document).values_list("id")
    ((sale_id,),) = found
    sale, lines = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    if not lines:
        lines = _lines(sale, order)
        SaleLine.objects.bulk_create(lines)
    elif any(line.seller_id is None for line in lines):
        _find_sellers(lines, _lines(sale, order))
    return sale, lines


def _lines(sale: Sale, order: orders.Order) -> list[SaleLine]:
    payable = payable_by_line(
        [line.line_total_minor for line in order.lines],
        freight_minor=order.freight_minor,
        without_invoice_minor=_stored_value(sale),
    )
    about = _About(sale, order)
    rows = [
        SaleLine(
            merchant_id=sale.merchant_id,
            sale=sale,
            key=str(line.id),
            number=line.number,
            name=line.sku_name,
            specification=about.specification(line),
            quantity=line.quantity,
            payable_minor=amount,
            **_issued_by(*about.of_goods(line)),
        )
        for line, amount in zip(order.lines, payable, strict=False)
    ]
    if order.freight_minor:
        rows.append(
            SaleLine(
                merchant_id=sale.merchant_id,
                sale=sale,
                key=contracts.FREIGHT,
                number=max((line.number for line in order.lines), default=0) + 1,
                name="运费",
                quantity=1,
                payable_minor=payable[-1],
                **_issued_by(*about.of_freight()),
            )
        )
    return rows


def _stored_value(sale: Sale) -> int:
    """What was paid by cards whose sale was invoiced, untaxed, when they were charged."""
    intents = payments.intents_of(merchant_id=sale.merchant_id, document=sale.document)
    return sum(
        tender.captured_minor
        for intent in intents
        for tender in intent.tenders
        if tender.method in STORED_VALUE
    )


class _About:
    """What decides about the lines of one order: whose place, which goods, which rates."""

    def __init__(self, sale: Sale, order: orders.Order) -> None:
        merchant_id, self.at = sale.merchant_id, sale.sold_at
        self.sellers = sellers(merchant_id=merchant_id)
        self.rates = tax_rates(merchant_id=merchant_id)
        place_id = order.seller_location_id
        places = stores.locations_by_id(
            merchant_id=merchant_id, location_ids=[place_id] if place_id else []
        )
        self.dealer_id = places[place_id].dealer_id if place_id in places else None
        shop = merchants.storefront_by_id(
            merchant_id=merchant_id, storefront_id=order.storefront_id
        )
        self.brand_id = shop.brand_id
        self.goods = catalog.skus_by_id(
            merchant_id=merchant_id, sku_ids={line.sku_id for line in order.lines}
        )

    def specification(self, line: orders.OrderLine) -> str:
        sku = self.goods[line.sku_id]
        return "/".join(part for part in (sku.colour, sku.size) if part)[:100]

    def of_goods(self, line: orders.OrderLine) -> tuple[contracts.Seller | None, contracts.RatedAs]:
        sku = self.goods[line.sku_id]
        seller = self._seller(sku.brand_id)
        rated = rate_for(
            self.rates,
            sku_code=sku.code,
            category=sku.category,
            at=self.at,
            default=seller.default_rate if seller else NOBODY,
        )
        return seller, rated

    def of_freight(self) -> tuple[contracts.Seller | None, contracts.RatedAs]:
        seller = self._seller(self.brand_id)
        default = seller.default_rate if seller else NOBODY
        return seller, freight_rate(self.rates, at=self.at, default=default)

    def _seller(self, brand_id: int | None) -> contracts.Seller | None:
        return seller_for(self.sellers, dealer_id=self.dealer_id, brand_id=brand_id)


def _issued_by(
    seller: contracts.Seller | None, rated: contracts.RatedAs
) -> dict[str, int | str | None]:
    return {
        "seller_id": seller.id if seller else None,
        "tax_code": rated.tax_code,
        "tax_name": rated.tax_name,
        "rate_basis_points": rated.rate_basis_points,
    }


def _find_sellers(lines: Sequence[SaleLine], anew: Sequence[SaleLine]) -> None:
    by_key = {line.key: line for line in anew}
    fields = ("seller_id", "tax_code", "tax_name", "rate_basis_points")
    for line in lines:
        if line.seller_id is None:
            for name in fields:
                setattr(line, name, getattr(by_key[line.key], name))
    SaleLine.objects.bulk_update(lines, ["seller", "tax_code", "tax_name", "rate_basis_points"])
