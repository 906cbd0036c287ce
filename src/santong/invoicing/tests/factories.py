"""Things of invoicing for tests: say what the test is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from santong.invoicing import contracts
from santong.invoicing.providers.work import work_off
from santong.invoicing.rules.taxpayers import check_character
from santong.invoicing.services.request_invoice import request_invoice
from santong.invoicing.services.set_seller import set_seller
from santong.orders import public as orders
from santong.orders.tests.factories import make_new_line, make_paid_order, make_shop

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
CLOTHES = contracts.RatedAs(
    tax_code="1040201010000000000", tax_name="服装", rate_basis_points=1_300
)
PROMPT: Mapping[str, str] = {"mood": "prompt"}


def taxpayer_number(serial: int = 1, *, area: str = "330106") -> str:
    """A number as the standard asks, of nobody."""
    first = f"91{area}MA{serial:07}"
    return first + check_character(first)


BUYER = contracts.Title(kind="company", name="杭州某某贸易有限公司", number=taxpayer_number(7))
PERSON = contracts.Title(kind="person", name="王小明")


def make_seller(
    merchant_id: int,
    *,
    code: str = "house",
    settings: Mapping[str, str] = PROMPT,
    **given: Any,
) -> contracts.Seller:
    values: dict[str, Any] = {
        "name": "青禾服饰有限公司",
        "taxpayer_number": taxpayer_number(),
        "default_rate": CLOTHES,
    }
    return set_seller(
        merchant_id=merchant_id, code=code, settings=settings, **{**values, **given}, now=NOW
    )


def make_sold(
    merchant_id: int, *, quantities: tuple[int, ...] = (2, 1), price_minor: int = 19_900
) -> orders.Order:
    """A paid order of the flagship storefront: so many of each SKU."""
    codes = [f"COAT-{place}" for place in range(len(quantities))]
    make_shop(merchant_id, sku_codes=codes)
    return make_paid_order(
        merchant_id,
        lines=[
            make_new_line(sku_code=code, quantity=quantity, unit_price_minor=price_minor)
            for code, quantity in zip(codes, quantities, strict=True)
        ],
    )


def ask(merchant_id: int, order: orders.Order, **given: Any) -> list[contracts.Invoice]:
    """Somebody asks for all of it."""
    values: dict[str, Any] = {"title": BUYER, "form": "ordinary", "key": "first", "now": NOW}
    return request_invoice(merchant_id=merchant_id, order_id=order.id, **{**values, **given})


def work(merchant_id: int, *, now: datetime = NOW, rounds: int = 1) -> None:
    """Issuers are asked, so many times."""
    for _ in range(rounds):
        work_off(merchant_id=merchant_id, clock=lambda: now)
