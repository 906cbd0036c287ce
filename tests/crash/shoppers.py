"""Shoppers over HTTP: they order, pay in parts, twice or late, complain, cancel and return.

What a shopper does with order number n is drawn from the seed and n alone, so that a failure's seed
tells the same story again. A call that is not answered is made again with the same key.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from tests.crash.money_world import ACCOUNTS

# How a shopper pays a part, of a hundred.
WAYS: Final = {
    "pay": 52,
    "pay_and_lose_the_notice": 12,
    "pay_and_tell_late": 10,
    "pay_and_tell_twice": 12,
    "pay_and_tell_in_disorder": 10,
    "refuse": 4,
}
# What becomes of an order, of a hundred.
FATES: Final = {
    "kept": 60,
    "cancelled": 20,
    "cancelled_before_paying": 6,
    "returned_in_part": 6,
    "disputed_and_won": 2,
    "disputed_and_lost": 1,
    "disputed_and_cancelled": 1,
    "paid_twice": 3,
    "left": 1,
}
AT_ONCE: Final = 16
PAUSE_SECONDS: Final = 0.3
PATIENCE_SECONDS: Final = 240
# A double-submitted value: whoever has the page may pay, and proves that they come from it.
_CSRF: Final = "s" * 32


@dataclass
class Line:
    """One connection of a shopper, made anew when it breaks."""

    port: int
    token: str
    retries: int = 0
    _open: http.client.HTTPConnection | None = None

    def call(
        self, method: str, path: str, body: object = None, *, key: str = ""
    ) -> tuple[int, Any]:
        """Call the API until it answers; who is killed meanwhile answers later."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        text = json.dumps(body) if body is not None else None
        return self._until_answered(method, f"/api/v1{path}", text, headers, json.loads)

    def submit(self, path: str, action: str) -> int:
        """Press a button of the provider's page."""
        body = urlencode({"action": action, "csrfmiddlewaretoken": _CSRF})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={_CSRF}",
        }
        status, _ = self._until_answered("POST", path, body, headers, len)
        return status

    def _until_answered(
        self,
        method: str,
        path: str,
        body: str | None,
        headers: dict[str, str],
        read: Callable[[bytes], Any],
    ) -> tuple[int, Any]:
        while True:
            try:
                if self._open is None:
                    self._open = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                self._open.request(method, path, body, headers)
                answer = self._open.getresponse()
                content = answer.read()
                if answer.status not in {429, 503}:
                    return answer.status, read(content)
            except (OSError, http.client.HTTPException):
                if self._open is not None:
                    self._open.close()
                self._open = None
            self.retries += 1
            time.sleep(0.1)


@dataclass
class Bought:
    """An order under way: what is asked for, what is shown, and what becomes of it."""

    number: int
    chance: random.Random
    fate: str
    order_id: str = ""
    total: int = 0
    pages: list[str] = field(default_factory=list)
    requests: int = 0
    since: float = field(default_factory=time.monotonic)


class Shopper(threading.Thread):
    """Works off numbers of orders, some at once, until none is left."""

    def __init__(
        self,
        *,
        port: int,
        token: str,
        skus: Sequence[str],
        seed: int,
        next_number: Callable[[], int | None],
    ) -> None:
        super().__init__(daemon=True)
        self.line = Line(port, token)
        self.skus, self.seed, self.next_number = skus, seed, next_number
        self.did: Counter[str] = Counter()
        self.failure = ""

    def run(self) -> None:
        try:
            under_way: list[Bought] = []
            while True:
                while len(under_way) < AT_ONCE and (number := self.next_number()) is not None:
                    under_way.append(self._order(number))
                if not under_way:
                    return
                under_way = [bought for bought in under_way if not self._go_on(bought)]
                time.sleep(PAUSE_SECONDS)
        except Exception as problem:  # noqa: BLE001  told by whoever started the thread
            self.failure = repr(problem)

    def _order(self, number: int) -> Bought:
        chance = random.Random(f"{self.seed}:{number}")
        bought = Bought(number, chance, _drawn(chance, FATES))
        lines: list[dict[str, Any]] = [
            {"sku_code": sku, "quantity": 1, "unit_price_minor": chance.randint(3, 29_999)}
            for sku in chance.sample(list(self.skus), chance.choice((1, 1, 2)))
        ]
        status, body = self.line.call(
            "POST", "/orders?if_short=refuse", _document(number, lines), key=f"storm-{number}"
        )
        assert status in {200, 201}, (number, status, body)
        bought.order_id = body["order"]["id"]
        bought.total = sum(line["unit_price_minor"] for line in lines)
        self.did["orders"] += 1
        if bought.fate != "left":
            self._ask(bought)
        return bought

    def _ask(self, bought: Bought) -> None:
        bought.requests += 1
        status, body = self.line.call(
            "POST",
            f"/orders/{bought.order_id}/payment-requests",
            {"tenders": _tenders(bought.chance, bought.total)},
            key=f"ask-{bought.number}-{bought.requests}",
        )
        # Who waits too long finds the order given up, or some of the first asking paid already.
        assert status in {200, 201, 409, 422}, (bought.number, status, body)
        self.did["asked" if status < 400 else "asked_too_late"] += 1

    def _go_on(self, bought: Bought) -> bool:
        """See whether the pages are there, and then end the story; whether it has ended."""
        if bought.fate == "left":
            return True
        _, body = self.line.call("GET", f"/orders/{bought.order_id}/payment-requests")
        asked = body["items"]
        waiting = [each for each in asked if each["state"] == "open"]
        if not waiting:
            return True
        shown = waiting[-1]["shown"]
        if not all(shown):
            late = time.monotonic() - bought.since > PATIENCE_SECONDS
            self.did["gave_up_waiting"] += late
            return late
        return self._pay(bought, [urlsplit(page).path for page in shown], waiting[-1]["intent_id"])

    def _pay(self, bought: Bought, pages: list[str], intent_id: str) -> bool:
        if bought.fate == "paid_twice" and bought.requests == 1:
            self.line.call(
                "POST",
                f"/payments/intents/{intent_id}/cancel",
                {"reason": "asked anew"},
                key=f"anew-{bought.number}",
            )
            self._press(bought, pages)
            self._ask(bought)
            return False
        if bought.fate == "cancelled_before_paying":
            self._cancel(bought)
        self._press(bought, pages)
        self._afterwards(bought, pages)
        return True

    def _press(self, bought: Bought, pages: list[str]) -> None:
        for page in pages:
            way = _drawn(bought.chance, WAYS)
            status = self.line.submit(page, way)
            # Said again after no answer, it was done the first time.
            assert status in {302, 409}, (bought.number, way, status)
            self.did[way if status == 302 else "page_says_too_late"] += 1

    def _afterwards(self, bought: Bought, pages: list[str]) -> None:
        if bought.fate in {"cancelled", "disputed_and_cancelled"}:
            if bought.fate != "cancelled":
                self._dispute(bought, pages[0], "")
            self._cancel(bought)
        elif bought.fate == "returned_in_part":
            self._return_some(bought)
        elif bought.fate.startswith("disputed"):
            decision = "shop" if bought.fate.endswith("won") else "buyer"
            self._dispute(bought, pages[0], f"decide_for_the_{decision}")

    def _cancel(self, bought: Bought) -> None:
        status, body = self.line.call(
            "POST",
            f"/orders/{bought.order_id}/cancel",
            {"reason": "changed my mind"},
            key=f"cancel-{bought.number}",
        )
        assert status == 200, (bought.number, status, body)
        self.did["cancelled"] += 1

    def _return_some(self, bought: Bought) -> None:
        """Some of the money is asked back, in two parts; it may not have been heard of yet."""
        for part in range(2):
            amount = bought.chance.randint(1, max(1, bought.total // 3))
            status, body = self.line.call(
                "POST",
                "/payments/refunds",
                {
                    "document": f"order:{bought.order_id}",
                    "amount_minor": amount,
                    "currency": "CNY",
                    "reason": "returned",
                },
                key=f"return-{bought.number}-{part}",
            )
            assert status in {201, 409}, (bought.number, status, body)
            self.did["returned" if status == 201 else "returned_too_early"] += 1

    def _dispute(self, bought: Bought, page: str, decision: str) -> None:
        for action in ("dispute", decision):
            if action:
                status = self.line.submit(page, action)
                assert status in {302, 409}, (bought.number, action, status)
                self.did[action if status == 302 else "no_dispute"] += 1


def _drawn(chance: random.Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _tenders(chance: random.Random, total: int) -> list[dict[str, Any]]:
    """One, two or three parts by either account, which come to the total."""
    count = min(total, chance.choice((1, 1, 2, 2, 2, 3)))
    cuts = sorted(chance.sample(range(1, total), count - 1)) if count > 1 else []
    return [
        {"account_code": chance.choice(ACCOUNTS), "amount_minor": until - since}
        for since, until in zip([0, *cuts], [*cuts, total], strict=True)
    ]


def _document(number: int, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "storefront_code": "flagship",
        "external_number": f"S{number}",
        "placed_at": datetime.now(UTC).isoformat(),
        "currency": "CNY",
        "lines": lines,
        "recipient": {
            "name": "钱小满",
            "phone": "19900001111",
            "province": "上海市",
            "city": "上海市",
            "district": "黄浦区",
            "address": "测试路 1 号",
            "latitude": 31.23,
            "longitude": 121.48,
        },
    }
