"""Of whom a marketplace asks stands nowhere in clear text: in no table, log or kept answer."""

from __future__ import annotations

import json

import pytest
from structlog.testing import capture_logs

from santong.gateway.spi.deliver import deliver
from santong.gateway.tests.factories import NOW, make_line
from santong.gateway.tests.platform import BIND, BIND_QUERY, REGISTER, make_connected_shop
from santong.gateway.tests.simulated import APP_KEY, SECRET, Simulated
from santong.gateway.tests.test_personal_data import spelled, texts_of_the_cell
from santong.kernel import tenancy

pytestmark = pytest.mark.usefixtures("database")

PHONE = "18677776666"
UNKNOWN = "18677775555"
NICK = "欧阳测不到"
OUID = "AAH-nobody-may-see-this"
SECRETS = (PHONE, UNKNOWN, NICK, OUID)


def test_nobody_is_named_anywhere(merchant: int, side: Simulated) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_line(
            merchant,
            code="old",
            kind="crm",
            storefront_code="",
            app_key=APP_KEY,
            secret=SECRET,
            url=side.url,
        )
    shop = make_connected_shop(merchant, behind_code="old", url=side.url)
    asked = {"mobile": PHONE, "taobao_nick": NICK, "ouid": OUID}
    side.members[UNKNOWN] = {"point": 5, "nick": NICK, "mobile": UNKNOWN}
    side.moods.turns = ["gone", "broken"]

    with capture_logs() as logged:
        for fields in (asked, {**asked, "mobile": UNKNOWN}, {"mobile": [PHONE]}):
            for method in (BIND_QUERY, BIND, REGISTER, "tmall.fly", PHONE):
                shop.platform.call(method, {**fields, "type": "1"})
            address, body, content_type, headers = shop.platform.signed(BIND, fields)
            shop.platform.send(address, body + PHONE.encode(), content_type, headers)
        for _ in range(4):
            deliver(merchant_id=merchant, clock=lambda: NOW.replace(year=2027))

    assert len(side.heard) > 3
    wanted = {form for secret in SECRETS for form in spelled(secret)}
    found = {
        (place, form)
        for place, value in texts_of_the_cell(merchant)
        for form in wanted
        if form in value
    }
    assert found == set()
    told = json.dumps(logged, ensure_ascii=False, default=str)
    assert [form for form in wanted if form in told] == []
