"""Connections are set up, rotated and paused; their secrets are seen once."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from santong.gateway import public as gateway
from santong.gateway.models import Connection
from santong.gateway.selectors.lines import line_by_code, line_by_id
from santong.gateway.tests.factories import NOW, make_line
from santong.gateway.tests.platform import BIND_QUERY, make_connected_shop, phone
from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid, NoSuch, VersionMoved
from santong.orders.tests.factories import make_shop

pytestmark = pytest.mark.usefixtures("database")

HOUR = timedelta(hours=1)
SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


@pytest.fixture
def shop(merchant: int) -> int:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
    return merchant


def test_a_line_is_set_up_and_its_secret_is_sealed(shop: int) -> None:
    with tenancy.scope(merchant_id=shop):
        made, secret = make_line(shop, session="6100sess", mix_key="Ab3dE9")

        line = line_by_code(merchant_id=shop, code=made.code)
        shown = gateway.connection_by_id(merchant_id=shop, connection_id=made.id, now=NOW)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c::text || s::text FROM gateway_connection c"
                " JOIN gateway_connectionsecret s ON s.connection_id = c.id WHERE c.id = %s",
                [made.id],
            )
            (stored,) = cursor.fetchone()

    assert line is not None
    assert line.good_secrets(now=NOW) == (secret,)
    assert line.session == "6100sess"
    assert shown == made
    assert shown.live_secrets == 1
    for hidden in (secret, "6100sess", "Ab3dE9"):
        assert hidden not in stored
        assert hidden.encode().hex() not in stored
        assert hidden not in repr(line)


def test_while_a_secret_is_rotated_two_are_good_and_then_one(shop: int) -> None:
    with tenancy.scope(merchant_id=shop):
        made, old = make_line(shop)

        new = rotated(shop, made.id, older_lives=HOUR)

        line = line_by_id(merchant_id=shop, connection_id=made.id)
        assert line is not None
        assert line.good_secrets(now=NOW) == (new.secret, old)
        assert line.good_secrets(now=NOW + HOUR) == (new.secret,)
        assert new.older_until == NOW + HOUR


def test_a_third_secret_waits_until_the_oldest_has_ended(shop: int) -> None:
    with tenancy.scope(merchant_id=shop):
        made, _ = make_line(shop)
        rotated(shop, made.id, older_lives=HOUR)

    with (
        tenancy.scope(merchant_id=shop),
        pytest.raises(gateway.TwoSecretsAlready) as refused,
    ):
        rotated(shop, made.id, older_lives=HOUR)

    with tenancy.scope(merchant_id=shop):
        assert refused.value.older_until == NOW + HOUR
        third = rotated(shop, made.id, older_lives=HOUR, now=NOW + HOUR)
        assert third.number == 3


def test_after_a_leak_every_older_secret_ends_at_once(shop: int) -> None:
    with tenancy.scope(merchant_id=shop):
        made, _ = make_line(shop)
        rotated(shop, made.id, older_lives=HOUR)

        newest = rotated(shop, made.id, older_lives=timedelta(0))

        line = line_by_id(merchant_id=shop, connection_id=made.id)
        assert line is not None
        assert line.good_secrets(now=NOW) == (newest.secret,)
        assert gateway.check_invariants(merchant_id=shop, now=NOW) == []


def test_two_rotations_at_once_give_one_newest_secret(
    shop: int, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=shop):
        made, _ = make_line(shop)

    def rotate() -> gateway.NewSecret:
        with tenancy.scope(merchant_id=shop):
            return rotated(shop, made.id, older_lives=HOUR)

    results = at_once(*[rotate] * 6)

    done = [result for result in results if isinstance(result, gateway.NewSecret)]
    refused = [result for result in results if isinstance(result, gateway.TwoSecretsAlready)]
    assert (len(done), len(refused)) == (1, 5)
    with tenancy.scope(merchant_id=shop):
        assert gateway.check_invariants(merchant_id=shop, now=NOW) == []
        found = gateway.connection_by_id(merchant_id=shop, connection_id=made.id, now=NOW)
        assert found.live_secrets == 2


def test_a_paused_line_is_known_as_paused_and_resumes(shop: int) -> None:
    with tenancy.scope(merchant_id=shop):
        made, _ = make_line(shop)
        asked: dict[str, Any] = {
            "merchant_id": shop,
            "connection_id": made.id,
            "reason": "maintenance",
        }

        paused = gateway.pause_connection(**asked, now=NOW)
        again = gateway.pause_connection(**asked, now=NOW)
        resumed = gateway.resume_connection(**asked, now=NOW)

    assert (paused.state, again, resumed.state) == ("paused", paused, "active")


def test_what_is_not_given_stays(shop: int) -> None:
    with tenancy.scope(merchant_id=shop):
        crm, _ = make_line(shop, kind="crm", storefront_code="", url="https://crm.example/spi")
        made, _ = make_line(shop, session="6100sess")
        change = gateway.ConnectionChange(behind_code=crm.code, is_registration_open=False)
        asked: dict[str, Any] = {"merchant_id": shop, "connection_id": made.id, "now": NOW}

        changed = gateway.update_connection(**asked, change=change, expected_version=1)

        line = line_by_id(merchant_id=shop, connection_id=made.id)
        assert (changed.behind_code, changed.is_registration_open) == (crm.code, False)
        assert changed.name == made.name
        assert line is not None
        assert (line.behind_id, line.session) == (crm.id, "6100sess")
        with pytest.raises(VersionMoved):
            gateway.update_connection(**asked, change=change, expected_version=1)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"code": "Über"}, "/code"),
        ({"app_key": ""}, "/app_key"),
        ({"storefront_code": ""}, "/storefront_code"),
        ({"kind": "crm", "url": ""}, "/url"),
        ({"url": "ftp://x"}, "/url"),
        ({"url": "https://user:pass@x/"}, "/url"),
        ({"url": "https://x/\nHost: y"}, "/url"),
        ({"secret": "short"}, "/secret"),
        ({"session": "a b"}, "/session"),
        ({"answers_within_ms": 99}, "/answers_within_ms"),
        ({"behind_code": "nobody"}, "/behind_code"),
        ({"name": "\x00"}, "/name"),
    ],
)
def test_what_could_not_work_is_refused(shop: int, given: dict[str, Any], pointer: str) -> None:
    with tenancy.scope(merchant_id=shop), pytest.raises(FieldInvalid) as refused:
        make_line(shop, **given)

    assert refused.value.pointer == pointer
    with tenancy.scope(merchant_id=shop):
        assert gateway.connections(merchant_id=shop, now=NOW) == []


def test_a_code_is_taken_once_and_a_storefront_must_be_there(shop: int) -> None:
    with tenancy.scope(merchant_id=shop):
        made, _ = make_line(shop, code="tmall")

    with tenancy.scope(merchant_id=shop), pytest.raises(gateway.ConnectionCodeTaken) as refused:
        make_line(shop, code="tmall")
    with tenancy.scope(merchant_id=shop), pytest.raises(NoSuch):
        make_line(shop, storefront_code="nowhere")

    assert refused.value.connection_id == made.id


def rotated(merchant_id: int, connection_id: int, **given: Any) -> gateway.NewSecret:
    asked: dict[str, Any] = {"secret": "", "reason": "yearly", "now": NOW} | given
    return gateway.rotate_secret(merchant_id=merchant_id, connection_id=connection_id, **asked)


def test_a_setting_that_is_changed_counts_for_the_next_call(merchant: int) -> None:
    shop = make_connected_shop(merchant)
    question = {"mobile": phone()}
    before = shop.platform.call(BIND_QUERY, question)

    with tenancy.scope(merchant_id=merchant):
        gateway.update_connection(
            merchant_id=merchant,
            connection_id=shop.connection.id,
            change=gateway.ConnectionChange(is_bind_query_allowed=False),
            expected_version=shop.connection.version,
            now=NOW,
        )
    after = shop.platform.call(BIND_QUERY, question)

    assert (before["bind_code"], after["bind_code"]) == ("E04", "E05")
    assert after["failCode"] == "isv.permission-denied"


def test_a_setting_that_another_process_has_changed_counts_within_a_second(merchant: int) -> None:
    shop = make_connected_shop(merchant)
    question = {"mobile": phone()}
    shop.platform.call(BIND_QUERY, question)

    with tenancy.scope(merchant_id=merchant):
        Connection.objects.of_merchant(merchant).update(is_bind_query_allowed=False)
    time.sleep(1.05)

    assert shop.platform.call(BIND_QUERY, question)["bind_code"] == "E05"
