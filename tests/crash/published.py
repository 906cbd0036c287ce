"""Published orders for a replay that is killed and goes on: few places, many orders."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

from santong.simulation.tests.factories import make_olist_files

SELLERS, PRODUCTS, ORDERS = 5, 15, 800
BEGINS = datetime(2017, 10, 1, 8)  # noqa: DTZ001  the files name no zone


def publish(folder: Path, *, seed: int) -> Path:
    """Files as a marketplace publishes them, the same for the same seed."""
    chance = random.Random(seed)
    folder.mkdir()
    numbers = [f"replayed-{number}" for number in range(ORDERS)]
    products = [f"product-{number}" for number in range(2, PRODUCTS)]
    sellers = [f"seller-{number}" for number in range(2, SELLERS)]
    return make_olist_files(
        folder,
        rows={
            "sellers": [{"seller_id": seller} for seller in sellers],
            "products": [{"product_id": product} for product in products],
            "orders": [
                {"order_id": number, **_times(BEGINS + timedelta(minutes=10 * place))}
                for place, number in enumerate(numbers)
            ],
            "order_items": [
                {
                    "order_id": number,
                    "order_item_id": str(item),
                    "product_id": chance.choice(products),
                    "seller_id": chance.choice(sellers),
                }
                for number in numbers
                for item in range(1, chance.choice((1, 1, 2)) + 1)
            ],
            "order_payments": [{"order_id": number} for number in numbers],
        },
    )


def _times(placed_at: datetime) -> dict[str, str]:
    def after(days: int) -> str:
        return f"{placed_at + timedelta(days=days):%Y-%m-%d %H:%M:%S}"

    return {
        "order_purchase_timestamp": after(0),
        "order_approved_at": after(0),
        "order_delivered_carrier_date": after(2),
        "order_delivered_customer_date": after(8),
        "order_estimated_delivery_date": after(16),
    }
