"""An operator sees how a line fares, stops it, and gives it a new secret that is shown once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from santong.console.tests.desk import Shop, open_shop
from santong.gateway import public as gateway
from santong.gateway.tests.factories import make_line, make_operation, write_refused
from santong.kernel import tenancy
from santong.kernel.models import AuditEntry
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


NEW = {
    "kind": "marketplace",
    "code": "mall",
    "name": "Mall members",
    "app_key": "23100000",
    "sign_method": "hmac-sha256",
    "answers_within_ms": "900",
    "is_bind_query_allowed": "on",
    "is_registration_open": "on",
}


def lines(shop: Shop) -> dict[str, gateway.Connection]:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        found = gateway.connections(merchant_id=shop.world.merchant_id, now=datetime.now(UTC))
    return {each.code: each for each in found}


def trail(shop: Shop) -> list[str]:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        rows = AuditEntry.objects.filter(
            merchant_id=shop.world.merchant_id, subject="connection", actor_kind="staff"
        )
        return list(rows.order_by("id").values_list("action", flat=True))


def test_a_line_is_opened_and_its_secret_is_shown_in_the_answer_alone(
    shop: Shop, connection: gateway.Connection
) -> None:
    desk = shop.desk("head_office")
    form = {**NEW, "storefront_code": connection.storefront_code}

    _, made = desk.send("/console/connections/open/", **form)
    status, again = desk.send("/console/connections/open/", **form)
    _, listed = desk.open("/console/connections/")

    (secret,) = re.findall(r"\b[0-9a-f]{32}\b", made)
    line = lines(shop)["mall"]
    assert "Shown once; it is kept sealed." in made
    assert "Registration by a plain number no" in made
    assert (line.kind, line.app_key, line.answers_within_ms) == ("marketplace", "23100000", 900)
    assert (line.is_registration_open, line.is_plain_registration_allowed) == (True, False)
    assert (status, secret in again, secret in listed) == (409, False, False)
    assert "Mall members" in listed
    assert trail(shop) == ["gateway.create_connection"]


def test_an_older_crm_is_opened_and_stands_behind_a_marketplace(
    shop: Shop, connection: gateway.Connection
) -> None:
    desk = shop.desk("head_office")
    older = {**NEW, "kind": "crm", "code": "old", "name": "Old CRM", "sign_method": "md5"}

    status, refused = desk.send("/console/connections/open/", **older)
    desk.send("/console/connections/open/", **older, url="https://crm.example/spi")
    _, changed = desk.send(
        path(connection, "settings/"),
        name="Line Two",
        sign_method="hmac",
        answers_within_ms="700",
        behind_code="old",
        is_bind_query_allowed="on",
        version=str(connection.version),
    )

    assert (status, "check what you entered url" in refused) == (422, True)
    assert "The settings are in force." in changed
    line = lines(shop)[connection.code]
    assert (line.name, line.behind_code, line.answers_within_ms) == ("Line Two", "old", 700)
    assert (line.is_bind_query_allowed, line.is_registration_open) == (True, False)
    assert trail(shop) == ["gateway.create_connection", "gateway.update_connection"]


def test_settings_that_somebody_else_has_changed_meanwhile_are_not_overwritten(
    shop: Shop, connection: gateway.Connection
) -> None:
    desk = shop.desk("head_office")
    form = {
        "name": "Mine",
        "sign_method": "md5",
        "answers_within_ms": "1200",
        "version": str(connection.version),
    }

    desk.send(path(connection, "settings/"), **{**form, "name": "Theirs"})
    status, text = desk.send(path(connection, "settings/"), **form)

    assert status == 412
    assert "Somebody else changed it; load it again" in text
    assert lines(shop)[connection.code].name == "Theirs"


def test_what_failed_is_seen_and_tried_again_for_a_reason(
    shop: Shop, connection: gateway.Connection
) -> None:
    merchant_id = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        failed = make_operation(merchant_id, connection.id, attempts=3, code="no_answer")
        behind = make_operation(merchant_id, connection.id)
        refused = make_operation(
            merchant_id, connection.id, state="refused", attempts=1, code="isv.no-such-card"
        )
    desk = shop.desk("head_office")

    _, before = desk.open(path(connection))
    status, asked = desk.send(path(connection, "send-now/"), reason="")
    _, after = desk.send(path(connection, "send-now/"), reason="mended")

    assert re.search(rf"{failed} \S+ failed, tried again 3 no_answer", before)
    assert re.search(rf"{behind} \S+ waits behind another 0", before)
    assert re.search(rf"{refused} \S+ refused for good 1 isv.no-such-card", before)
    assert (status, "A field is wrong" in asked) == (422, True)
    assert "2 deliveries are tried again now." in after
    with tenancy.scope(merchant_id=merchant_id):
        queue = gateway.waiting_of(
            merchant_id=merchant_id, connection_id=connection.id, limit=9, refused=0
        )
    assert [each.due_at <= datetime.now(UTC) for each in queue] == [True, True]
    assert trail(shop) == ["gateway.send_now"]


def test_whoever_may_only_look_opens_changes_and_hurries_nothing(
    shop: Shop, connection: gateway.Connection
) -> None:
    desk = shop.desk("brand_operator")

    _, listed = desk.open("/console/connections/")
    _, text = desk.open(path(connection))
    statuses = [
        desk.send(address, **NEW, reason="x", version="1")[0]
        for address in (
            "/console/connections/open/",
            path(connection, "settings/"),
            path(connection, "send-now/"),
        )
    ]

    assert "Open a connection" not in listed
    assert "Change the settings" not in text
    assert statuses == [403, 403, 403]
    assert list(lines(shop)) == [connection.code]


def test_calls_that_nobody_has_signed_are_seen_and_ring_no_alarm(
    shop: Shop, connection: gateway.Connection
) -> None:
    address = f"/spi/members/{shop.code}/{connection.code}?app_key=98765432&sign=0"
    for _ in range(7):
        Client().post(address, ANSWER, content_type="application/json")
    write_refused()

    status, text = shop.desk("head_office").open(path(connection))

    assert status == 200
    assert "7 calls in the last five minutes that nobody we know has signed." in text
    assert re.search(r"another application's key 7 98\*\*\*32 –", text)
    assert "13912345678" not in text
    assert "Nothing has gone over this connection yet." in text
