"""What channels hand in, for tests."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from santong.gateway import public as gateway
from santong.gateway.models import Operation
from santong.gateway.spi.refusals import write_counted
from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.orders.tests.factories import make_shop
from santong.stores import public as stores

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)

_numbers = itertools.count(1)


def make_stocked_shop(merchant_id: int, *, on_hand: int = 10) -> dict[str, int]:
    """A flagship storefront, a coat and a shirt, and one warehouse that holds so many of each.

    Committed, in a scope of its own; gives the ids of the SKUs by code.
    """
    with tenancy.scope(merchant_id=merchant_id):
        sku_ids = make_shop(merchant_id, sku_codes=["COAT", "SHIRT"])
        warehouse = stores.open_location(
            merchant_id=merchant_id,
            code="W1",
            name="杭州仓",
            kind="warehouse",
            latitude=30.3,
            longitude=120.2,
            now=NOW,
        )
        inventory.receive(
            merchant_id=merchant_id,
            location_id=warehouse.id,
            quantity_by_sku=dict.fromkeys(sku_ids.values(), on_hand),
            reason="opening",
            key="R1",
            now=NOW,
        )
    return sku_ids


def make_document(**given: Any) -> dict[str, Any]:
    """An unpaid order of one coat, as JSON."""
    document: dict[str, Any] = {
        "storefront_code": "flagship",
        "external_number": f"TB{next(_numbers):08}",
        "placed_at": "2026-11-11T15:20:00+08:00",
        "currency": "CNY",
        "lines": [{"sku_code": "COAT", "quantity": 1, "unit_price_minor": 19_900}],
        "recipient": {
            "name": "李桂花",
            "phone": "13911112222",
            "province": "浙江省",
            "city": "杭州市",
            "district": "西湖区",
            "address": "文三路 90 号",
        },
    }
    return document | given


def make_payment_document(amount_minor: int = 19_900) -> dict[str, Any]:
    return {
        "external_id": f"WX{next(_numbers):08}",
        "provider": "wallet",
        "amount_minor": amount_minor,
        "currency": "CNY",
        "paid_at": "2026-11-11T15:25:00+08:00",
    }


def make_line(merchant_id: int, **given: Any) -> tuple[gateway.Connection, str]:
    """A marketplace's connection to the shop that `make_shop` opens, and its secret."""
    number = next(_numbers)
    wanted: dict[str, Any] = {
        "code": f"line-{number}",
        "name": "天猫会员通",
        "kind": "marketplace",
        "app_key": "12129701",
        "storefront_code": "flagship",
        "secret": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    }
    connection, secret = gateway.create_connection(
        merchant_id=merchant_id, wanted=gateway.NewConnection(**(wanted | given)), now=NOW
    )
    return connection, secret.secret


def make_operation(merchant_id: int, connection_id: int, **given: Any) -> str:
    """Something that an older CRM is to take over an hour from now; its serial number."""
    later = datetime.now(UTC) + timedelta(hours=1)
    wanted: dict[str, Any] = {
        "lane": 7,
        "serial_no": f"burn:{next(_numbers)}",
        "method": "alibaba.member.point.operate",
        "body_sealed": b"",
        "due_at": later,
        "created_at": NOW,
        "ended_at": later if given.get("state") == "refused" else None,
    }
    row = Operation.objects.create(
        merchant_id=merchant_id, connection_id=connection_id, **(wanted | given)
    )
    return row.serial_no


def write_refused() -> None:
    """What this process has counted of refused calls stands in the database."""
    write_counted(now=datetime.now(UTC) + timedelta(seconds=10))
