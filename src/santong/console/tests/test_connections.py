"""An operator sees how a line fares, stops it, and gives it a new secret that is shown once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from santong.console.tests.desk import Shop, open_shop
from santong.gateway import public as gateway
from santong.gateway.tests.factories import make_line
from santong.kernel import tenancy
from santong.merchants import public as merchants

ANSWER = {"mobile": "13912345678", "nick": "t_shopper_0123456789"}


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant)


@pytest.fixture
def connection(shop: Shop) -> gateway.Connection:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        shops = merchants.storefronts(merchant_id=shop.world.merchant_id)
        return make_line(shop.world.merchant_id, name="Line One", storefront_code=shops[0].code)[0]


def call(shop: Shop, connection: gateway.Connection, **given: Any) -> None:
    made: dict[str, Any] = {
        "connection_id": connection.id,
        "direction": "in",
        "method": "member.bindquery",
        "milliseconds": 20,
        "outcome": "ok",
        "code": "SUC",
        "request": ANSWER,
        "answer": {},
    }
    now = datetime.now(UTC) - timedelta(seconds=20)
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        gateway.log_call(
            merchant_id=shop.world.merchant_id, call=gateway.CallMade(**(made | given)), now=now
        )


def path(connection: gateway.Connection, step: str = "") -> str:
    return f"/console/connections/{connection.id}/{step}"


def secrets_of(shop: Shop, connection: gateway.Connection) -> int:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        return gateway.connection_by_id(
            merchant_id=shop.world.merchant_id,
            connection_id=connection.id,
            now=datetime.now(UTC),
        ).live_secrets


def test_the_alarm_stands_in_the_words_of_the_trade(
    shop: Shop, connection: gateway.Connection
) -> None:
    for number in range(33):
        failed = number < 4
        call(shop, connection, outcome="failed" if failed else "ok", code="x" if failed else "SUC")
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        gateway.judge_connection(
            merchant_id=shop.world.merchant_id,
            connection_id=connection.id,
            now=datetime.now(UTC),
        )

    status, text = shop.desk("head_office").open("/console/connections/")

    assert status == 200
    assert "Line One : 4 failures, 12.12 %" in text
    assert "4 12.12 %" in text


def test_the_log_names_nobody_and_shows_failures_alone_if_asked(
    shop: Shop, connection: gateway.Connection
) -> None:
    call(shop, connection, method="member.register")
    call(shop, connection, outcome="failed", code="timeout")
    desk = shop.desk("brand_operator")

    _, everything = desk.open(path(connection))
    _, failures = desk.open(path(connection, "?calls=failed"))

    assert "13912345678" not in everything
    assert "t_shopper_0123456789" not in everything
    assert everything.count("member.register") == 2  # by method, and in the log
    assert failures.count("member.register") == 1
    assert "timeout" in failures


def test_a_line_is_paused_for_a_reason_and_works_again(
    shop: Shop, connection: gateway.Connection
) -> None:
    desk = shop.desk("head_office")

    _, refused = desk.send(path(connection, "pause/"), reason="")
    _, paused = desk.send(path(connection, "pause/"), reason="double points are wrong")
    _, resumed = desk.send(path(connection, "resume/"), reason="mended")

    assert "A field is wrong" in refused
    assert "The connection is paused" in paused
    assert "The connection works again" in resumed


def test_a_new_secret_is_shown_once_and_a_third_is_refused(
    shop: Shop, connection: gateway.Connection
) -> None:
    desk = shop.desk("head_office")
    form = {"reason": "yearly", "older_lives": "1440"}

    _, shown = desk.send(path(connection, "rotate/"), **form)
    _, later = desk.open(path(connection))
    status, again = desk.send(path(connection, "rotate/"), **form)

    (secret,) = re.findall(r"\b[0-9a-f]{32}\b", shown)
    assert secret not in later
    assert status == 409
    assert not re.search(r"\b[0-9a-f]{32}\b", again)
    assert secrets_of(shop, connection) == 2


def test_whoever_may_only_look_is_offered_no_command(
    shop: Shop, connection: gateway.Connection
) -> None:
    desk = shop.desk("brand_operator")

    _, text = desk.open(path(connection))
    status, _ = desk.send(path(connection, "rotate/"), reason="x", older_lives="60")

    assert "Make a new secret" not in text
    assert status == 403
    assert secrets_of(shop, connection) == 1
