"""Who buys stands nowhere in clear text: not in a table, not in a log, not in a kept answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import LazySettings
from django.db import connection
from structlog.testing import capture_logs

from santong.gateway.tests.factories import (
    make_document,
    make_payment_document,
    make_stocked_shop,
)
from santong.gateway.tests.test_api import Channel, make_channel
from santong.kernel import cells, relay, tenancy
from santong.orders import public as orders

NAME = "欧阳测不准"
PHONE = "18655554444"
STREET = "梧桐巷七十七号"
POSTCODE = "310999"
NOTE = "到了打 18655554444 找欧阳测不准"
SECRETS = (NAME, PHONE, "186 5555 4444", STREET, POSTCODE, NOTE)
RECIPIENT = {
    "name": NAME,
    "phone": "+86 186 5555 4444",
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "address": STREET,
    "postcode": POSTCODE,
    "latitude": 30.27412345,
    "longitude": 120.15512345,
}
COORDINATES = ("30.27412345", "120.15512345")


def texts_of_the_cell(merchant_id: int) -> Iterator[tuple[str, str]]:
    """Every value of every column that could hold text, with the name of its column."""
    with tenancy.scope(merchant_id=merchant_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND data_type IN"
            " ('text', 'character varying', 'bytea', 'json', 'jsonb', 'ARRAY', 'double precision')"
        )
        columns = cursor.fetchall()
        assert len(columns) > 100
        for table, column, kind in columns:
            shown = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(
                f'SELECT {shown} FROM "{table}" WHERE "{column}" IS NOT NULL'  # noqa: S608
            )
            for (value,) in cursor.fetchall():
                yield f"{table}.{column}", value


def spelled(secret: str) -> set[str]:
    """A secret as text, as JSON escapes it, and as an escaped byte string shows it."""
    escaped = "".join(chr(byte) if byte < 128 else f"\\{byte:03o}" for byte in secret.encode())
    return {secret, json.dumps(secret)[1:-1], escaped}


def live_through_everything(channel: Channel) -> str:
    """An order of this person goes through all that a channel can do with it; gives its id."""
    document = make_document(recipient=RECIPIENT, buyer_note=NOTE)
    placed = json.loads(channel.post("/orders", document).content)
    path = f"/orders/{placed['order']['id']}"
    assert channel.post("/orders", document).status_code == 200
    assert channel.post("/orders", document | {"buyer_note": "other"}).status_code == 409
    assert channel.post("/orders", document | {"currency": "yuan"}).status_code == 422
    many = {"orders": [make_document(recipient=RECIPIENT, buyer_note=NOTE) for _ in range(3)]}
    assert channel.post("/orders/bulk", many).status_code == 200
    assert channel.post(f"{path}/payments", make_payment_document()).status_code == 200
    revealed = channel.post(f"{path}/reveal-recipient", {"reason": "label"})
    assert json.loads(revealed.content)["phone"] == "+86 186 5555 4444"
    assert channel.get(path).status_code == 200
    assert channel.get(f"{path}/timeline").status_code == 200
    assert channel.post(f"{path}/cancel", {"reason": "asked"}).status_code == 200
    order_id: str = placed["order"]["id"]
    return order_id


def test_nothing_of_a_buyer_stands_in_any_table_or_log(
    merchant: int, caplog: pytest.LogCaptureFixture, settings: LazySettings
) -> None:
    settings.SANTONG_LOG_REQUESTS = True
    caplog.set_level(logging.DEBUG)
    make_stocked_shop(merchant)
    channel = make_channel(merchant)

    with capture_logs() as logged:
        live_through_everything(channel)
        relay.drain(cell=cells.cell_of(merchant), wait_seconds=120)

    found = [
        f"{place}: {secret}"
        for place, text in texts_of_the_cell(merchant)
        for secret in (*SECRETS, *COORDINATES)
        for spelling in spelled(secret)
        if spelling in text
    ]
    told = f"{logged} {caplog.text}"
    assert found == []
    assert logged
    assert [secret for secret in SECRETS if secret in told] == []


def test_the_search_would_find_a_name_in_clear_text(merchant: int) -> None:
    make_stocked_shop(merchant)
    careless = make_document(guide_code=NAME, recipient=RECIPIENT)
    make_channel(merchant).post("/orders", careless)

    places = {
        place
        for place, text in texts_of_the_cell(merchant)
        for spelling in spelled(NAME)
        if spelling in text
    }

    assert "orders_order.guide_code" in places


def test_answers_show_masks(merchant: int) -> None:
    make_stocked_shop(merchant)
    channel = make_channel(merchant)

    answer = channel.post("/orders", make_document(recipient=RECIPIENT, buyer_note=NOTE))

    shown = answer.content.decode()
    assert [secret for secret in (PHONE, STREET, POSTCODE) if secret in shown] == []
    assert json.loads(shown)["order"]["recipient"]["name"] == "欧**"


def test_a_sealed_recipient_opens_only_in_its_own_order(merchant: int) -> None:
    make_stocked_shop(merchant)
    channel = make_channel(merchant)
    first, second = (
        json.loads(channel.post("/orders", make_document(recipient=RECIPIENT)).content)
        for _ in range(2)
    )
    ids = [int(taken["order"]["id"]) for taken in (first, second)]
    with tenancy.scope(merchant_id=merchant), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order SET recipient_sealed ="
            " (SELECT recipient_sealed FROM orders_order WHERE id = %s) WHERE id = %s",
            ids,
        )

    with tenancy.scope(merchant_id=merchant), pytest.raises(InvalidTag):
        orders.reveal_recipient(
            merchant_id=merchant, order_id=ids[1], reason="label", now=datetime.now(UTC)
        )
