"""The console's pages as head office, a brand, a dealer and a store open them."""

from __future__ import annotations

import http.client
import re
import statistics
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.cookies import SimpleCookie
from urllib.parse import urlencode

HEAD_OFFICE, BRAND, DEALER = "headoffice", "brand-cx", "dealer-02"
MANAGER, CLERK = "manager-0001", "clerk-0001-1"


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and who opens it."""

    name: str
    path: str
    login: str = HEAD_OFFICE


@dataclass(frozen=True, slots=True)
class Visit:
    """How long one page took."""

    page: Page
    first_ms: float
    median_ms: float


@dataclass(slots=True)
class Reader:
    """Somebody with a browser that has logged in."""

    site: http.client.HTTPConnection
    cookies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def log_in(cls, *, port: int, login: str, password: str) -> Reader:
        reader = cls(http.client.HTTPConnection("127.0.0.1", port, timeout=120))
        _, _, page = reader.ask("/log-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        form = {
            "csrfmiddlewaretoken": token[1],
            "merchant": "demo",
            "login": login,
            "password": password,
            "next": "",
        }
        status, _, _ = reader.ask("/log-in/", form=form)
        assert status == HTTPStatus.FOUND, f"{login} cannot log in: {status}"
        return reader

    def visit(self, page: Page, *, views: int) -> Visit:
        """Open a page once, and then again and again."""
        times = []
        for _ in range(views + 1):
            began = time.perf_counter()
            status, where, _ = self.ask(page.path)
            times.append((time.perf_counter() - began) * 1000)
            if status != HTTPStatus.OK:
                raise SystemExit(f"{page.name} ({page.path}): {status} {where}")
        return Visit(page, times[0], statistics.median(times[1:]))

    def ask(self, path: str, *, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.site.request(
            "GET" if form is None else "POST", path, form and urlencode(form), headers
        )
        answer = self.site.getresponse()
        page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.update((name, kept.value) for name, kept in SimpleCookie(line).items())
        return answer.status, answer.headers.get("Location", ""), page


@dataclass(frozen=True, slots=True)
class Known:
    """Things of the merchant whose pages are opened."""

    newest: int
    oldest: int
    middle: int
    number: str
    storefronts: list[int]
    sku: int
    sku_code: str
    busy: tuple[int, int]  # the place and SKU with the most movements
    movement: int
    place: int
    idle: int  # the place that was asked least
    own: int  # the place of the manager
    own_sku: int
    own_order: int | None


def pages_of(*, merchant_id: int) -> list[Page]:
    """Every page that a GET shows, plain and in the ways that make it work hardest."""
    known = _known(merchant_id)
    today = datetime.now(UTC).date()
    days = {"today": today, "half a year ago": today - timedelta(days=182)}
    return [
        Page("today", "/console/"),
        Page("orders", "/console/orders/"),
        Page("orders, in the middle", f"/console/orders/?cursor={_cursor(known.middle)}"),
        Page("orders, the last page", f"/console/orders/?cursor={_cursor(known.oldest + 40)}"),
        *(
            Page(f"orders {state}", f"/console/orders/?state={state}")
            for state in (
                *("placed", "paid", "paid_without_stock", "partly_shipped", "shipped"),
                *("delivered", "cancelled"),
            )
        ),
        *(
            Page(f"orders of storefront {place}", f"/console/orders/?storefront={storefront}")
            for place, storefront in enumerate((*known.storefronts[:2], known.storefronts[-1]))
        ),
        Page(
            "orders of a storefront, cancelled",
            f"/console/orders/?storefront={known.storefronts[-1]}&state=cancelled",
        ),
        Page(
            "orders of a new storefront, cancelled",
            f"/console/orders/?storefront={known.storefronts[0]}&state=cancelled",
        ),
        Page(
            "orders of a storefront, paid",
            f"/console/orders/?storefront={known.storefronts[1]}&state=paid",
        ),
        Page("orders by number", f"/console/orders/?number={known.number}"),
        Page("orders by a number that is not there", "/console/orders/?number=nowhere"),
        *(Page(f"orders of {name}", f"/console/orders/?day={day}") for name, day in days.items()),
        Page("orders of a day before the first", "/console/orders/?day=2001-01-01"),
        *(
            Page(f"orders of {name}, {state}", f"/console/orders/?day={day}&state={state}")
            for name, day in days.items()
            for state in ("cancelled", "paid")
        ),
        Page(
            "orders of half a year ago at a storefront",
            f"/console/orders/?day={days['half a year ago']}&storefront={known.storefronts[0]}",
        ),
        Page("an order, the newest", f"/console/orders/{known.newest}/"),
        Page("an order, half a year old", f"/console/orders/{known.middle}/"),
        Page("stock", "/console/stock/"),
        Page("stock, by code", f"/console/stock/?search={known.sku_code}"),
        Page("stock, by a word", f"/console/stock/?{urlencode({'search': '衣'})}"),
        Page("stock of a SKU", f"/console/stock/skus/{known.sku}/"),
        Page("stock at a place", f"/console/stock/places/{known.place}/"),
        Page("a level with its movements", _level(known)),
        Page("a level, older movements", f"{_level(known)}?cursor={_cursor(known.movement)}"),
        Page("shortfalls", "/console/stock/short/"),
        Page("places", "/console/places/"),
        Page("places, by a word", f"/console/places/?{urlencode({'search': '店'})}"),
        Page("places, their points", "/console/places/points.json"),
        Page("a place", f"/console/places/{known.place}/"),
        Page("a place with little work", f"/console/places/{known.idle}/"),
        Page("choosing a queue", "/console/store/"),
        Page("a queue", f"/console/store/{known.place}/"),
        Page("exceptions", "/console/exceptions/"),
        *(
            Page(name, f"/console/{name}/")
            for name in (
                *("members", "programmes", "requests", "matches", "liability"),
                *("benefits", "redeem", "connections"),
                *("shares", "share-rules", "parties", "payouts", "statements"),
                *("invoices", "cards"),
            )
        ),
        Page("payments", "/console/payments/"),
        *(
            Page(f"payments {state}", f"/console/payments/?state={state}")
            for state in ("open", "paid")
        ),
        Page("payments by cash", "/console/payments/?method=cash"),
        Page("payments by an order's number", f"/console/payments/?document={known.number}"),
        Page("payments by a number that is not there", "/console/payments/?reference=nowhere"),
        *(
            Page(f"payments of {name}", f"/console/payments/?day={day}")
            for name, day in days.items()
        ),
        Page("money that waits", "/console/payments/exceptions/"),
        Page("payment accounts", "/console/payments/accounts/"),
        Page("reconciliation", "/console/reconciliation/"),
        Page("differences", "/console/reconciliation/differences/"),
        Page("a month to close", "/console/reconciliation/months/"),
        Page("facts", "/console/facts/"),
        Page("staff", "/console/staff/"),
        Page("tokens", "/console/tokens/"),
        *(
            page
            for login, who in ((BRAND, "a brand"), (DEALER, "a dealer"), (MANAGER, "a store"))
            for page in (
                Page(f"{who}: today", "/console/", login),
                Page(f"{who}: orders", "/console/orders/", login),
                Page(f"{who}: orders paid", "/console/orders/?state=paid", login),
                Page(f"{who}: orders cancelled", "/console/orders/?state=cancelled", login),
                Page(
                    f"{who}: orders of half a year ago",
                    f"/console/orders/?day={days['half a year ago']}",
                    login,
                ),
                Page(f"{who}: stock", "/console/stock/", login),
                Page(f"{who}: stock of a SKU", f"/console/stock/skus/{known.sku}/", login),
                Page(f"{who}: shortfalls", "/console/stock/short/", login),
                Page(f"{who}: places", "/console/places/", login),
            )
        ),
        *(
            Page(f"{who}: statements", "/console/statements/", login)
            for login, who in ((DEALER, "a dealer"), (MANAGER, "a store"), (CLERK, "a clerk"))
        ),
        Page("a store: its own place", f"/console/places/{known.own}/", MANAGER),
        Page("a store: exceptions", "/console/exceptions/", MANAGER),
        Page("a store: a level", f"/console/stock/places/{known.own}/{known.own_sku}/", MANAGER),
        Page("a clerk: queue", f"/console/store/{known.own}/", CLERK),
        *(
            [Page("a clerk: an order to send", f"/console/orders/{known.own_order}/", CLERK)]
            if known.own_order
            else []
        ),
    ]


def _level(known: Known) -> str:
    place, sku = known.busy
    return f"/console/stock/places/{place}/{sku}/"


def _cursor(row_id: int) -> str:
    from santong.kernel.http.pages import cursor_after  # noqa: PLC0415  after Django is set up

    return cursor_after(row_id)


def _known(merchant_id: int) -> Known:
    from django.db import connection  # noqa: PLC0415  after Django is set up

    from santong.kernel import tenancy  # noqa: PLC0415
    from santong.merchants import public as merchants  # noqa: PLC0415

    def row(query: str, *values: object) -> tuple:  # type: ignore[type-arg]
        cursor.execute(query, values)
        found = cursor.fetchone()
        assert found, query
        return tuple(found)

    with tenancy.scope(merchant_id=merchant_id), connection.cursor() as cursor:
        oldest, newest = row("SELECT min(id), max(id) FROM orders_order")
        middle = (oldest + newest) // 2
        (number,) = row("SELECT external_number FROM orders_order WHERE id = %s", middle)
        cursor.execute(
            "SELECT s.id FROM merchants_storefront s"
            " ORDER BY (SELECT count(*) FROM orders_order o WHERE o.storefront_id = s.id)"
        )
        storefronts = [found[0] for found in cursor.fetchall()]
        sku, place, _ = row(
            "SELECT sku_id, location_id, count(*) FROM inventory_stockmovement"
            " GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1"
        )
        busy = (place, sku)
        (movement,) = row(
            "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY id) FROM inventory_stockmovement"
            " WHERE sku_id = %s AND location_id = %s",
            *(sku, place),
        )
        (code,) = row("SELECT code FROM catalog_sku WHERE id = %s", sku)
        place, _ = row(
            "SELECT location_id, count(*) FROM fulfilment_fulfilmentorder"
            " WHERE state IN ('offered', 'accepted', 'picking', 'packed', 'ready_for_pickup')"
            " GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
        )
        idle, _ = row(
            "SELECT l.id, (SELECT count(*) FROM fulfilment_offer o WHERE o.location_id = l.id)"
            " FROM stores_location l ORDER BY 2, 1 LIMIT 1"
        )
        manager = next(
            person for person in merchants.staff(merchant_id=merchant_id) if person.login == MANAGER
        )
        (own,) = row("SELECT location_id FROM merchants_rolegrant WHERE staff_id = %s", manager.id)
        (own_sku,) = row(
            "SELECT sku_id FROM inventory_stocklevel WHERE location_id = %s LIMIT 1", own
        )
        (own_order,) = row(
            "SELECT max(order_id) FROM fulfilment_fulfilmentorder WHERE location_id = %s"
            " AND state IN ('offered', 'accepted', 'picking', 'packed', 'handed_over')",
            own,
        )
    return Known(
        newest=newest,
        oldest=oldest,
        middle=middle,
        number=number,
        storefronts=storefronts,
        sku=sku,
        sku_code=code,
        busy=busy,
        movement=movement,
        place=place,
        idle=idle,
        own=own,
        own_sku=own_sku,
        own_order=own_order,
    )
