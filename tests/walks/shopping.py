"""An order of handles that a buyer paid by their wallet."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from santong.kernel import tenancy
from santong.payments.services.act_as_buyer import act_as_buyer
from tests.journeys.test_a_wooden_door import ADDRESS
from tests.walks.steps import BUYER
from tests.walks.town import Town, let_workers_work

HANDLE_MINOR = 19_900
_numbers = itertools.count(1)


def paid_order(town: Town, *, handles: int = 1) -> str:
    """Sold by the dealer's showroom, paid in the mini program; its id."""
    document: dict[str, Any] = {
        "storefront_code": "mini",
        "external_number": f"MP20261123{next(_numbers):04}",
        "placed_at": datetime.now(UTC).isoformat(),
        "currency": "CNY",
        "seller_location_code": "XH",
        "lines": [{"sku_code": "HANDLE", "quantity": handles, "unit_price_minor": HANDLE_MINOR}],
        "recipient": {**BUYER, **ADDRESS},
    }
    order = town.office.post("/orders", document, expect=201)["order"]
    asked = town.office.post(
        f"/orders/{order['id']}/payment-requests",
        {"tenders": [{"account_code": "wallet", "amount_minor": order["total"]["amount_minor"]}]},
        expect=201,
    )
    let_workers_work(town)
    intent = town.office.get(f"/payments/intents/{asked['intent_id']}")
    with tenancy.scope(merchant_id=town.merchant_id):
        act_as_buyer(
            merchant_id=town.merchant_id,
            reference=intent["tenders"][0]["reference"],
            action="pay",
            now=datetime.now(UTC),
        )
    let_workers_work(town)
    assert town.office.get(f"/orders/{order['id']}")["state"] == "paid"
    return str(order["id"])
