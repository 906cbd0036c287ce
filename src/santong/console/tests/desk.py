"""People of a small merchant at their screens, who talk HTTP and nothing else."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from santong.fulfilment import public as fulfilment
from santong.kernel import cells, relay, tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import PASSWORD, make_staff
from santong.orders import public as orders
from santong.routing.tests.factories import NOW, World, make_world, new_order, promise

TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", flags=re.DOTALL)

_keys = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody logged in."""

    client: Client

    def open(self, path: str) -> tuple[int, str]:
        """The status of a page, and its text as a reader sees it."""
        return _read(self.client.get(path))

    def questions(self, path: str) -> int:
        """How often a page asks the database, once what is remembered has been asked."""
        self.client.get(path)
        with CaptureQueriesContext(connection) as asked:
            answer = self.client.get(path)
        assert answer.status_code == 200, path
        return len(asked)

    def send(self, path: str, **form: str) -> tuple[int, str]:
        """The status of the answer to a form, and the text of the page that follows."""
        answer = self.client.post(path, {"key": f"desk-{next(_keys)}", **form}, follow=True)
        return _read(answer)


@dataclass(frozen=True, slots=True)
class Shop:
    """Three stores, an order, and whoever sits down at a desk."""

    world: World
    code: str

    def desk(self, role: str | None, *, at: int | None = None, name: str = "林静") -> Desk:
        """A new person with a role, at one place or everywhere."""
        with tenancy.scope(merchant_id=self.world.merchant_id):
            person = make_staff(self.world.merchant_id, role=role, location_id=at, name=name)
        client = Client(headers={"accept-language": "en"})
        client.post(
            "/log-in/",
            {"merchant": self.code, "login": person.login, "password": PASSWORD, "next": ""},
        )
        client.cookies["django_language"] = "en"
        return Desk(client)

    def order(self, **given: Any) -> orders.Order:
        """A paid order whose work has begun."""
        with tenancy.scope(merchant_id=self.world.merchant_id):
            placed = promise(self.world, new_order(self.world, **given))
            fulfilment.start_order(merchant_id=self.world.merchant_id, order_id=placed.id, now=NOW)
            return placed

    def work(self, order: orders.Order) -> list[fulfilment.FulfilmentOrder]:
        with tenancy.scope(merchant_id=self.world.merchant_id):
            return fulfilment.work_of(merchant_id=self.world.merchant_id, order_id=order.id)


def open_shop(merchant_id: int, **stock: int) -> Shop:
    with tenancy.scope(merchant_id=merchant_id):
        code = merchants.merchant(merchant_id=merchant_id).code
        return Shop(make_world(merchant_id, **stock), code)


def tell_all() -> None:
    """What the relay does all day."""
    for cell in cells.all_cells():
        relay.drain(cell=cell, wait_seconds=120)


def _read(answer: Any) -> tuple[int, str]:
    text = TAGS.sub(" ", answer.content.decode())
    return answer.status_code, re.sub(r"\s+", " ", unescape(text)).strip()
