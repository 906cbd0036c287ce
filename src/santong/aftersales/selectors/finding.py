"""Which order somebody means who types or scans something in a store, on the phone, anywhere."""

from __future__ import annotations

from santong.aftersales.rules.numbers import case_id_of
from santong.aftersales.selectors.cases import cases_page
from santong.aftersales.selectors.documents import order_behind
from santong.orders import public as orders

MOST_FOUND = 20


def orders_meant(*, merchant_id: int, text: str) -> list[orders.Order]:
    """Orders that are called so: by number, document, case or telephone; newest first.

    Goods of any store can be brought to any other, so nothing is kept from whoever may open cases.
    """
    typed = text.strip()
    if not typed:
        return []
    for found in (
        _by_document(merchant_id, typed),
        _by_case(merchant_id, typed),
        orders.orders_page(merchant_id=merchant_id, external_number=typed, limit=MOST_FOUND),
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


def _by_phone(merchant_id: int, typed: str) -> list[orders.Order]:
    digits = [sign for sign in typed if sign.isdigit()]
    if len(digits) < 7:  # noqa: PLR2004  shorter is no telephone number
        return []
    return orders.orders_page(merchant_id=merchant_id, phone=typed, limit=MOST_FOUND)
