"""Webhooks over HTTP, from the first to the replay; and who may not."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.merchants.tests.factories import make_token
from santong.messaging.senders.rounds import deliver_due
from santong.messaging.tests.factories import PAID, SHIPPED, findings, make_messages
from santong.messaging.tests.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)

_keys = itertools.count(1)


def _now() -> datetime:
    return datetime.now(UTC)


class Program:
    """A program with a token."""

    def __init__(self, merchant_id: int, **given: Any) -> None:
        with tenancy.scope(merchant_id=merchant_id):
            self._secret = make_token(merchant_id, **given)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        return Client().generic(
            method,
            f"/api/v1{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self._secret}",
                "Idempotency-Key": f"messaging-{next(_keys)}",
                **headers,
            },
        )

    def read(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        answer = self.ask(method, path, body, **headers)
        assert answer.status_code < 300, answer.content
        return json.loads(answer.content)


def test_a_webhook_from_its_setting_up_to_its_replay(merchant: int, receiver: Receiver) -> None:
    program = Program(merchant)
    wanted = {"name": "ERP", "url": receiver.url, "topics": [PAID]}
    made = program.read("POST", "/webhooks", wanted)
    path = f"/webhooks/{made['webhook']['id']}"
    read = program.ask("GET", path)
    changed = program.read("PATCH", path, {"topics": [PAID, SHIPPED]}, **{"If-Match": read["ETag"]})
    stale = program.ask("PATCH", path, {"name": "WMS"}, **{"If-Match": read["ETag"]})
    rotated = program.read("POST", f"{path}/secrets", {"reason": "yearly"})
    third = program.ask("POST", f"{path}/secrets", {"reason": "too soon"})
    paused = program.read("POST", f"{path}/pause", {"reason": "moves"})
    make_messages(merchant, ["order_id:1", "order_id:2"], topic=SHIPPED, now=_now())
    waits = program.read("GET", path)
    program.read("POST", f"{path}/resume", {"reason": "moved"})
    tested = program.read("POST", f"{path}/test")
    deliver_due(merchant_id=merchant, clock=_now)
    program.read("POST", f"{path}/replays", {"from_number": 2, "reason": "lost"})
    program.read("POST", f"{path}/replays", {"only_number": 1, "reason": "lost"})
    deliver_due(merchant_id=merchant, clock=_now)

    tries = program.read("GET", f"{path}/deliveries?outcome=delivered")["items"]
    log = program.read("GET", "/messages?after=1")
    assert made["secret"]["secret"].startswith("whsec_")
    assert "secret" not in json.loads(read.content)
    assert changed["topics"] == [PAID, SHIPPED]
    assert stale.status_code == 412
    assert (rotated["number"], third.status_code) == (2, 409)
    assert (paused["state"], waits["waiting"]) == ("paused", 2)
    assert sorted(receiver.numbers()) == [1, 1, 2, 2, int(tested["from_number"])]
    assert sorted(each["number"] for each in tries) == ["1", "1", "2", "2", "3"]
    assert [each["number"] for each in log["items"]] == ["2", "3"]
    assert log["next_after"] == "3"
    assert findings(merchant) == []


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"topics": ["santong.nothing.v1"]}, "/topics"),
        ({"url": "ftp://erp.example/"}, "/url"),
        ({"url": "https://user:word@erp.example/"}, "/url"),
        ({"name": "\u202e"}, "/name"),
    ],
)
def test_what_could_not_work_is_refused(merchant: int, wrong: dict[str, Any], pointer: str) -> None:
    wanted = {"name": "ERP", "url": "https://erp.example/hook", "topics": [PAID], **wrong}

    answer = Program(merchant).ask("POST", "/webhooks", wanted)

    assert answer.status_code == 422
    assert json.loads(answer.content)["pointer"] == pointer


def test_a_replay_names_one_place_to_begin_at(merchant: int) -> None:
    program = Program(merchant)
    wanted = {"name": "ERP", "url": "https://erp.example/hook", "topics": [PAID]}
    path = f"/webhooks/{program.read('POST', '/webhooks', wanted)['webhook']['id']}/replays"

    both = program.ask("POST", path, {"from_number": 1, "only_number": 1, "reason": "r"})
    nothing = program.ask("POST", path, {"reason": "r"})
    naive = program.ask("POST", path, {"since": "2026-11-11T00:00:00", "reason": "r"})
    later = program.ask("POST", path, {"only_number": 7, "reason": "r"})

    statuses = [each.status_code for each in (both, nothing, naive, later)]
    assert statuses == [422, 422, 422, 404]


def test_only_who_may_see_messages_sees_webhooks(merchant: int) -> None:
    clerk = Program(merchant, role="clerk", permissions=["orders.view"])

    assert clerk.ask("GET", "/webhooks").status_code == 403
