"""Calls that nobody we know has signed leave a count, whoever floods us with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from santong.gateway import public as gateway
from santong.gateway.models import RefusedCalls
from santong.gateway.rules.refusals import Counted, Counters, Place, masked_key, minute_of
from santong.gateway.services.forget_calls import forget_calls
from santong.gateway.tests.factories import NOW, write_refused
from santong.gateway.tests.platform import BIND_QUERY, Platform, Shop, make_connected_shop, phone
from santong.gateway.tests.test_personal_data import texts_of_the_cell
from santong.kernel import tenancy

pytestmark = pytest.mark.usefixtures("database")

AtOnce = Callable[..., list[Any]]


@pytest.fixture
def shop(merchant: int) -> Shop:
    return make_connected_shop(merchant)


def refused(shop: Shop) -> list[gateway.Refused]:
    """What was refused, all of it written."""
    write_refused()
    with tenancy.scope(merchant_id=shop.merchant_id):
        return gateway.refused_calls_of(
            merchant_id=shop.merchant_id, connection_id=shop.connection.id, limit=100
        )


def stranger(shop: Shop, **given: Any) -> Platform:
    return Platform(path=shop.platform.path, secret="not-the-secret", **given)


def unsigned(shop: Shop, fields: dict[str, str]) -> None:
    address, body, content_type, headers = shop.platform.signed(BIND_QUERY, fields)
    shop.platform.send(address.partition("&sign=")[0], body, content_type, headers)


def test_each_reason_is_counted_with_nothing_of_the_call(shop: Shop) -> None:
    number = phone()
    asked = {"mobile": number, "nick": "欧阳测不见"}
    for _ in range(3):
        stranger(shop).call(BIND_QUERY, asked)
    stranger(shop, app_key="98765432").call("tmall.fly", asked)
    shop.platform.call(BIND_QUERY, asked, now=datetime.now(UTC) - timedelta(hours=1))
    unsigned(shop, asked)

    found = {each.code: each for each in refused(shop)}

    assert {code: each.calls for code, each in found.items()} == {
        "wrong_sign": 3,
        "other_app_key": 1,
        "stale": 1,
        "unsigned": 1,
    }
    assert (found["other_app_key"].app_key, found["other_app_key"].method) == ("98***32", "")
    assert found["wrong_sign"].method == BIND_QUERY
    assert shop.log() == []
    for secret in (number, "欧阳测不见"):
        assert [
            place for place, text in texts_of_the_cell(shop.merchant_id) if secret in text
        ] == []


def test_a_flood_is_a_few_rows_and_trips_nothing(shop: Shop, at_once: AtOnce) -> None:
    def flood() -> int:
        outsider = stranger(shop)
        for number in range(25):
            outsider.app_key = f"{number:08}"
            outsider.call(BIND_QUERY, {"mobile": f"1380000{number:04}"})
            unsigned(shop, {"mobile": phone()})
        return 25

    began = datetime.now(UTC)
    sent = sum(at_once(*[flood] * 6))
    minutes = int((datetime.now(UTC) - began).total_seconds() // 60) + 2
    answer = shop.platform.call(BIND_QUERY, {"mobile": phone()})

    rows = refused(shop)
    assert len(rows) <= 3 * minutes
    assert sum(row.calls for row in rows) == 2 * sent
    assert answer["bind_code"] == "E04"
    with tenancy.scope(merchant_id=shop.merchant_id):
        (line,) = gateway.line_states(merchant_id=shop.merchant_id)
        counts = gateway.judge_connection(
            merchant_id=shop.merchant_id,
            connection_id=shop.connection.id,
            now=datetime.now(UTC),
        )
        assert line.breaker == "closed"
        assert (counts.calls, counts.failures) == (1, 0)
        assert gateway.alarms(merchant_id=shop.merchant_id, before_id=2**63 - 1, limit=5) == []
        lately = gateway.refused_since(
            merchant_id=shop.merchant_id,
            connection_id=shop.connection.id,
            since=began - timedelta(minutes=1),
        )
        assert lately == 2 * sent


def test_counts_are_dropped_after_a_week(shop: Shop) -> None:
    stranger(shop).call(BIND_QUERY, {})
    assert len(refused(shop)) == 1

    with tenancy.scope(merchant_id=shop.merchant_id):
        forget_calls(merchant_id=shop.merchant_id, now=datetime.now(UTC) + timedelta(days=6))
        assert RefusedCalls.objects.of_merchant(shop.merchant_id).count() == 1
        forget_calls(merchant_id=shop.merchant_id, now=datetime.now(UTC) + timedelta(days=8))
        assert RefusedCalls.objects.of_merchant(shop.merchant_id).count() == 0


def test_a_process_counts_in_a_bounded_place_and_writes_once_a_second() -> None:
    counters = Counters()
    one = Counted(calls=1, last_at=NOW, app_key="", method="")
    places = [
        Place(merchant_id=1, connection_id=number, code="unsigned", minute=minute_of(at=NOW))
        for number in range(3_000)
    ]
    for place in places:
        counters.add(place, one)
        counters.add(place, one)

    first = counters.due(now=NOW)
    counters.add(places[0], one)

    assert (len(first), {each.calls for each in first.values()}) == (1_000, {2})
    assert counters.due(now=NOW + timedelta(milliseconds=900)) == {}
    assert len(counters.due(now=NOW + timedelta(milliseconds=1_000))) == 1


@pytest.mark.parametrize(
    ("app_key", "shown"),
    [("", ""), ("12129701", "12***01"), ("short", "***"), ("x" * 60, "***"), ("欧阳" * 5, "***")],
)
def test_a_key_is_masked(app_key: str, shown: str) -> None:
    assert masked_key(app_key=app_key) == shown
