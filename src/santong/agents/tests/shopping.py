"""A buying agent in tests: a platform with a profile on this machine, talking HTTP to a shop."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.test import Client

from santong.agents.contracts import UCP_VERSION
from santong.agents.selectors.invariants import check_invariants
from santong.agents.services.set_shop import set_shop
from santong.catalog.tests.factories import make_sku, make_style
from santong.inventory import public as inventory
from santong.inventory.tests.factories import make_level
from santong.kernel import cells, tenancy
from santong.merchants.tests.factories import make_storefront
from santong.orders import public as orders
from santong.orders.tests.factories import make_payment
from santong.stores.tests.factories import make_location

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
CAPABILITIES = (
    "dev.ucp.shopping.checkout",
    "dev.ucp.shopping.fulfillment",
    "dev.ucp.shopping.catalog.search",
    "dev.ucp.shopping.catalog.lookup",
)
ADDRESS = {
    "first_name": "小满",
    "last_name": "钱",
    "phone_number": "+8619900001111",
    "street_address": "文三路 90 号",
    "address_locality": "杭州市",
    "address_region": "浙江省",
    "address_country": "CN",
    "postal_code": "310012",
}
_keys = itertools.count(1)


def profile_of(
    *, version: str = UCP_VERSION, capabilities: tuple[str, ...] = CAPABILITIES
) -> dict[str, Any]:
    """A platform's profile with these capabilities."""
    return {
        "ucp": {
            "version": version,
            "services": {},
            "capabilities": {name: [{"version": version}] for name in capabilities},
            "payment_handlers": {},
        }
    }


@contextmanager
def platform(profiles: Mapping[str, Any]) -> Iterator[str]:
    """A server on this machine that publishes profiles by path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path in profiles
            body = json.dumps(profiles.get(self.path)).encode()
            self.send_response(200 if known else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class Shop:
    """A storefront that is open to agents, and the ids of what it sells."""

    merchant_id: int
    base: str
    coat: str
    scarf: str
    store: str
    sku_ids: Mapping[str, int] = field(default_factory=dict)


def open_shop(merchant_id: int, *, coats: int = 3, is_open: bool = True) -> Shop:
    """Coats in two sizes and a scarf, in a store in Hangzhou; delivery costs ten yuan."""
    make_storefront(merchant_id, code="flagship")
    style = make_style(merchant_id=merchant_id)
    coat = make_sku(merchant_id=merchant_id, style_code=style.code, size="M", code="COAT-M")
    make_sku(merchant_id=merchant_id, style_code=style.code, size="L", code="COAT-L")
    scarf = make_sku(merchant_id=merchant_id, code="SCARF", list_price_minor=9_900, size="")
    place = make_location(merchant_id=merchant_id)
    for sku, on_hand in ((coat, coats), (scarf, 5)):
        make_level(merchant_id=merchant_id, on_hand=on_hand, location_id=place.id, sku_id=sku.id)
    set_shop(
        merchant_id=merchant_id,
        storefront_code="flagship",
        is_open=is_open,
        freight_minor=1_000,
        free_from_minor=200_000,
        terms_url="https://shop.example/terms",
        privacy_url="https://shop.example/privacy",
        returns_url="",
        now=NOW,
    )
    return Shop(
        merchant_id,
        f"/ucp/{cells.code_of(merchant_id)}/flagship",
        f"sku-{coat.id}",
        f"sku-{scarf.id}",
        f"store-{place.id}",
        {"coat": coat.id, "scarf": scarf.id, "style": style.id},
    )


@dataclass(frozen=True)
class Agent:
    """Somebody with a profile, at one shop."""

    base: str
    profile: str

    def get(self, path: str) -> tuple[int, Any]:
        return _read(Client().get(f"{self.base}{path}", headers=self._headers("")))

    def post(self, path: str, body: Any = None, *, key: str = "") -> tuple[int, Any]:
        return self._send("post", path, body, key)

    def put(self, path: str, body: Any, *, key: str = "") -> tuple[int, Any]:
        return self._send("put", path, body, key)

    def _send(self, method: str, path: str, body: Any, key: str) -> tuple[int, Any]:
        answer = getattr(Client(), method)(
            f"{self.base}{path}",
            json.dumps(body if body is not None else {}),
            content_type="application/json",
            headers=self._headers(key or f"agent-{next(_keys)}"),
        )
        return _read(answer)

    def _headers(self, key: str) -> dict[str, str]:
        headers = {"UCP-Agent": f'profile="{self.profile}"', "Request-Id": "r-1"}
        return {**headers, "Idempotency-Key": key} if key else headers


def wanted(shop: Shop, *, quantity: int = 1, **given: Any) -> dict[str, Any]:
    """A coat."""
    return {"line_items": [{"item": {"id": shop.coat}, "quantity": quantity}], **given}


def sent_to(**given: Any) -> dict[str, Any]:
    """A way that goes to an address."""
    destination = {**ADDRESS, **given}
    return {"methods": [{"type": "shipping", "destinations": [destination]}]}


def collected_at(store: str) -> dict[str, Any]:
    """A way that ends in a store."""
    return {"methods": [{"type": "pickup", "selected_destination_id": store}]}


def codes(document: Any) -> set[str]:
    """What the messages of an answer are about."""
    return {message["code"] for message in document.get("messages", [])}


def total(document: Any, kind: str = "total") -> int:
    """One of an answer's totals."""
    (found,) = [each["amount"] for each in document["totals"] if each["type"] == kind]
    amount: int = found
    return amount


def begun(agent: Agent, shop: Shop, **given: Any) -> dict[str, Any]:
    status, session = agent.post("/checkout-sessions", wanted(shop, **given))
    assert status == 201, session
    found: dict[str, Any] = session
    return found


def paid(shop: Shop, order_id: int) -> None:
    with tenancy.scope(merchant_id=shop.merchant_id):
        order = orders.order_by_id(merchant_id=shop.merchant_id, order_id=order_id)
        orders.record_payment(
            merchant_id=shop.merchant_id,
            order_id=order_id,
            payment=make_payment(amount_minor=order.total_minor),
            now=datetime.now(UTC),
        )


def only_order(shop: Shop) -> orders.Order:
    with tenancy.scope(merchant_id=shop.merchant_id):
        (found,) = orders.orders_page(merchant_id=shop.merchant_id)
        return found


def sound(shop: Shop) -> bool:
    with tenancy.scope(merchant_id=shop.merchant_id):
        found = check_invariants(merchant_id=shop.merchant_id)
        found += inventory.check_invariants(merchant_id=shop.merchant_id)
    assert found == []
    return True


def _read(answer: Any) -> tuple[int, Any]:
    return answer.status_code, json.loads(answer.content)
