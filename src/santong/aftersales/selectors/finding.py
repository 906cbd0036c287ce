"""Which order somebody means who types or scans something in a store, on the phone, anywhere."""

from __future__ import annotations

from santong.aftersales.rules.numbers import case_id_of
from santong.aftersales.selectors.cases import cases_page
from santong.aftersales.selectors.documents import order_behind
from santong.catalog import public as catalog
from santong.fulfilment import public as fulfilment
from santong.orders import public as orders

MOST_FOUND = 20


def orders_meant(*, merchant_id: int, text: str) -> list[orders.Order]:
    """Orders that are called so; newest first.

    By number, document (an order, or a staged sale whose goods went out), case, the carrier's
    number on a parcel, telephone; or by a barcode or SKU with it: `6901234567892 13800138000`.

    Goods of any store can be brought to any other, so nothing is kept from whoever may open cases.
    """
    typed = text.strip()
    if not typed:
        return []
    for found in (
        _by_document(merchant_id, typed),
        _by_case(merchant_id, typed),
        orders.orders_page(merchant_id=merchant_id, external_number=typed, limit=MOST_FOUND),
        _by_parcel(merchant_id, typed),
        _by_item(merchant_id, typed),
        _by_phone(merchant_id, typed),
    ):
        if found:
            return found
    return []


def _by_document(merchant_id: int, typed: str) -> list[orders.Order]:
    found = order_behind(merchant_id=merchant_id, document=typed[:40])
    return [found] if found else []


def _by_case(merchant_id: int, typed: str) -> list[orders.Order]:
    case_id = case_id_of(typed)
    if case_id is None:
        return []
    cases = [
        case
        for case in cases_page(merchant_id=merchant_id, below_id=case_id + 1, limit=1)
        if case.id == case_id
    ]
    ids = [case.order_id for case in cases]
    return list(orders.orders_by_id(merchant_id=merchant_id, order_ids=ids).values())


def _by_parcel(merchant_id: int, typed: str) -> list[orders.Order]:
    ids = fulfilment.orders_of_parcel(merchant_id=merchant_id, tracking_number=typed[:64])
    found = orders.orders_by_id(merchant_id=merchant_id, order_ids=ids)
    return [found[order_id] for order_id in dict.fromkeys(ids) if order_id in found]


def _by_item(merchant_id: int, typed: str) -> list[orders.Order]:
    """What is scanned from the goods says nothing alone: the telephone is typed beside it."""
    item, _, phone = typed.partition(" ")
    if not phone.strip():
        return []
    sku_ids = {
        sku.id
        for sku in (
            *catalog.skus_by_barcode(merchant_id=merchant_id, scanned=[item]).values(),
            *catalog.skus_by_code(merchant_id=merchant_id, codes=[item]).values(),
        )
    }
    return [
        order
        for order in _by_phone(merchant_id, phone)
        if any(line.sku_id in sku_ids for line in order.lines)
    ]


def _by_phone(merchant_id: int, typed: str) -> list[orders.Order]:
    digits = [sign for sign in typed if sign.isdigit()]
    if len(digits) < 7:  # noqa: PLR2004  shorter is no telephone number
        return []
    return orders.orders_page(merchant_id=merchant_id, phone=typed, limit=MOST_FOUND)
