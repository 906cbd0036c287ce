"""A warehouse with coats, an ERP that speaks for it, and what it says."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.kernel.signing import timestamp_of, top_sign
from santong.openplatform.tests.factories import make_app
from santong.orders.tests.factories import make_shop
from santong.qimen import public as qimen
from santong.qimen.spi.receive import receive
from santong.qimen.tests.factories import NOW, make_contract
from santong.stores.tests.factories import make_location

_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Somebody who says things over a contract."""

    merchant_id: int
    contract: qimen.Contract
    secret: str
    location_id: int
    sku_id: int

    def say(self, method: str, body: str, *, now: datetime = NOW) -> ET.Element:
        """A document, signed just now, and its answer."""
        raw = body.encode()
        query = self.query(method, raw, made_at=now)
        answer = receive(query=query, body=raw, address="127.0.0.1", request_id="", now=now)
        return ET.fromstring(answer)  # noqa: S314  our own answer

    def query(self, method: str, body: bytes, *, made_at: datetime) -> str:
        """The address of a signed call."""
        params = {
            "method": f"taobao.qimen.{method}",
            "app_key": self.contract.app_key,
            "customerId": self.contract.customer_id,
            "timestamp": timestamp_of(now=made_at),
            "format": "xml",
            "v": "2.0",
            "sign_method": "hmac-sha256",
        }
        sign = top_sign(method="hmac-sha256", secret=self.secret, params=params, body=body)
        return urlencode({**params, "sign": sign})

    def stock(self) -> tuple[int, int]:
        """What is on hand, and what of it is firmly promised."""
        with tenancy.scope(merchant_id=self.merchant_id):
            (level,) = inventory.levels_of(
                merchant_id=self.merchant_id,
                location_ids=[self.location_id],
                sku_ids=[self.sku_id],
            )
        return level.on_hand, level.allocated

    def assert_sound(self) -> None:
        with tenancy.scope(merchant_id=self.merchant_id):
            assert qimen.check_invariants(merchant_id=self.merchant_id) == []
            assert inventory.check_invariants(merchant_id=self.merchant_id) == []


def open_desk(
    merchant_id: int,
    *,
    on_hand: int = 10,
    sku_code: str = "COAT",
    app: dict[str, Any] | None = None,
    **given: Any,
) -> Desk:
    """An ERP's contract with a warehouse that holds so many coats, in scopes of its own."""
    made = make_app(merchant_id, **(app or {}))
    with tenancy.scope(merchant_id=merchant_id):
        sku_id = make_shop(merchant_id, sku_codes=[sku_code])[sku_code]
        place = make_location(
            merchant_id=merchant_id, code=f"SH{next(_numbers):02}", kind="warehouse"
        )
        inventory.receive(
            merchant_id=merchant_id,
            location_id=place.id,
            quantity_by_sku={sku_id: on_hand},
            reason="opening",
            key="opening",
            now=NOW,
        )
        wanted: dict[str, Any] = {
            "app_key": made.app_key,
            "warehouses": (qimen.Warehouse(code="WH-SH01", location_code=place.code),),
            "storefront_by_shop": {"三通旗舰店": "flagship"},
            "owner_code": "OWNER1",
        }
        contract = make_contract(merchant_id, **(wanted | given))
    return Desk(
        merchant_id=merchant_id,
        contract=contract,
        secret=made.secret,
        location_id=place.id,
        sku_id=sku_id,
    )


def code_of(answer: ET.Element) -> str:
    """Nothing where it went well, else why not."""
    return "" if answer.findtext("flag") == "success" else answer.findtext("code") or "?"
