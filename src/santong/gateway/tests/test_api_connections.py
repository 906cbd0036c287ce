"""Connections over HTTP: what programs and the console ask."""

from __future__ import annotations

import json
from typing import Any

import pytest

from santong.gateway.tests.platform import BIND, BIND_QUERY, Shop, make_connected_shop, phone
from santong.gateway.tests.test_api import Channel, make_channel
from santong.kernel import tenancy
from santong.kernel.models import OutboxEvent

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def shop(merchant: int) -> Shop:
    return make_connected_shop(merchant)


@pytest.fixture
def office(shop: Shop) -> Channel:
    return make_channel(shop.merchant_id)


def path(shop: Shop, what: str = "") -> str:
    return f"/connections/{shop.connection.id}{what}"


def read(answer: Any) -> Any:
    assert answer.status_code < 300, answer.content
    return json.loads(answer.content)


def test_a_line_is_set_up_and_its_secret_is_in_the_first_answer_only(
    shop: Shop, office: Channel
) -> None:
    wanted = {
        "code": "jd",
        "name": "京东",
        "kind": "marketplace",
        "app_key": "1",
        "storefront_code": shop.storefront,
    }

    made = office.post("/connections", wanted, key="k")
    again = office.post("/connections", wanted, key="k")
    listed = read(office.get("/connections"))

    secret = read(made)["secret"]["secret"]
    assert (made.status_code, len(secret), made["Cache-Control"]) == (201, 32, "no-store")
    assert again.status_code == 409
    assert [item["code"] for item in listed["items"]] == [shop.connection.code, "jd"]
    assert secret not in json.dumps(listed)


def test_rotated_paused_and_resumed(shop: Shop, office: Channel) -> None:
    rotated = read(office.post(path(shop, "/secrets"), {"reason": "yearly"}))
    third = office.post(path(shop, "/secrets"), {"reason": "again"})
    paused = read(office.post(path(shop, "/pause"), {"reason": "maintenance"}))
    resumed = read(office.post(path(shop, "/resume"), {"reason": "done"}))

    assert (rotated["number"], third.status_code) == (2, 409)
    assert json.loads(third.content)["code"] == "gateway.two_secrets_already"
    assert (paused["state"], resumed["state"], resumed["live_secrets"]) == ("paused", "active", 2)


def test_the_log_and_the_health_show_what_was_called(shop: Shop, office: Channel) -> None:
    for _ in range(3):
        shop.platform.call(BIND_QUERY, {"mobile": phone()})

    calls = read(office.get(path(shop, "/calls?limit=2")))
    rest = read(office.get(path(shop, f"/calls?limit=2&cursor={calls['next_cursor']}")))
    failed = read(office.get(path(shop, "/calls?failed=true")))
    health = read(office.get("/connections/health?hours=1"))

    assert [len(page["items"]) for page in (calls, rest, failed)] == [2, 1, 0]
    assert calls["items"][0]["request"]["mobile"].startswith("***")
    (method,) = health["methods"]
    assert (method["calls"], method["failures"], method["percentage"]) == (3, 0, "0.00 %")
    assert [line["breaker"] for line in health["lines"]] == ["closed"]
    assert read(office.get("/connection-alarms?standing=true"))["items"] == []


def test_a_trial_tells_what_would_be_answered_and_changes_nothing(
    shop: Shop, office: Channel
) -> None:
    number = phone()
    member_id = shop.join(number, points=12)
    with tenancy.scope(merchant_id=shop.merchant_id):
        before = OutboxEvent.objects.filter(merchant_id=shop.merchant_id).count()

    tried = read(
        office.post(
            path(shop, "/try"),
            {
                "method": BIND,
                "fields": {"mobile": number, "ouid": "AAH1", "type": 1},
                "reason": "a shopper asks",
            },
        )
    )

    assert (tried["outcome"], tried["document"]["member"]["point"]) == ("ok", 12)
    assert shop.bindings(member_id) == []
    with tenancy.scope(merchant_id=shop.merchant_id):
        assert OutboxEvent.objects.filter(merchant_id=shop.merchant_id).count() == before
    assert shop.log() == []


@pytest.mark.parametrize(
    ("method", "fields", "pointer"),
    [
        ("tmall.fly", {}, "/method"),
        (BIND, {"mobile": "13800000001", "ouid": "A"}, "/fields/type"),
        (BIND_QUERY, {}, "/fields/mobile"),
    ],
)
def test_a_trial_that_makes_no_sense_names_the_field(
    shop: Shop, office: Channel, method: str, fields: dict[str, Any], pointer: str
) -> None:
    answer = office.post(path(shop, "/try"), {"method": method, "fields": fields, "reason": "why"})

    assert answer.status_code == 422
    assert json.loads(answer.content)["pointer"] == pointer


def test_a_trial_of_what_is_refused_says_why(shop: Shop, office: Channel) -> None:
    fields = {"mobile": phone(), "ouid": "A", "type": "1"}

    tried = read(
        office.post(path(shop, "/try"), {"method": BIND, "fields": fields, "reason": "why"})
    )

    assert (tried["outcome"], tried["code"]) == ("no", "membership.not_a_member")
    assert tried["document"]["bind_code"] == "E01"


def test_whoever_may_only_look_changes_nothing(shop: Shop) -> None:
    clerk = make_channel(shop.merchant_id, permissions=["connections.view"])

    answers = [
        clerk.post(path(shop, "/pause"), {"reason": "x"}),
        clerk.post(path(shop, "/secrets"), {"reason": "x"}),
        clerk.post(path(shop, "/try"), {"method": BIND, "fields": {}, "reason": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert read(clerk.get(path(shop)))["state"] == "active"
