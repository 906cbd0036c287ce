"""A method is tried at the developer's own: signed, shown, sent, and its answer explained."""

from __future__ import annotations

import re

import pytest

from santong.openplatform.tests.factories import let_in
from santong.portal.tests.developer import Developer, make_developer

pytestmark = pytest.mark.usefixtures("database")

CALL = "/developers/explorer/call/"
SIGN = re.compile(r"sign=([0-9A-F]{32,64})")


@pytest.fixture
def developer(merchant: int) -> Developer:
    return make_developer(merchant)


def session(developer: Developer, method: str) -> str:
    return developer.send(
        "/developers/explorer/session/", app=developer.made.app_key, method=method
    )


def call(developer: Developer, method: str, **form: str) -> str:
    return developer.send(CALL, app=developer.made.app_key, method=method, **form)


@pytest.mark.parametrize(
    ("carried", "style", "way"),
    [("form", "json", "md5"), ("json", "simplify", "hmac"), ("form", "xml", "hmac-sha256")],
)
def test_a_call_is_signed_shown_and_sent_however_it_is_carried(
    developer: Developer, carried: str, style: str, way: str
) -> None:
    told = session(developer, "taobao.inventory.store.query")

    text = call(
        developer,
        "taobao.inventory.store.query",
        a_page_size="5",
        carried=carried,
        style=style,
        way=way,
        send="1",
    )

    assert "You have a session key for trying." in told
    assert "it went well" in text
    assert "200 OK" in text
    assert SIGN.search(text)
    assert f"sign_method{way}" in text
    assert developer.made.secret not in text
    assert "session***" in text


def test_a_write_that_is_sent_again_from_the_same_page_has_one_effect(
    developer: Developer,
) -> None:
    session(developer, "taobao.inventory.store.manage")
    at = re.search(
        r'name="at" value="(\d+)"',
        developer.client.get(
            "/developers/explorer/?method=taobao.inventory.store.manage"
        ).content.decode(),
    )
    assert at
    form = {
        "a_operate_type": "ADD",
        "a_store_code": "WH-9",
        "a_store_name": "九号仓",
        "a_address": "测试大道 9 号",
        "a_address_area_name": "上海市~上海市~浦东新区",
        "at": at.group(1),
        "send": "1",
    }

    first = call(developer, "taobao.inventory.store.manage", **form)
    second = call(developer, "taobao.inventory.store.manage", **form)

    assert "it went well" in first
    assert "it went well" in second


def test_an_error_is_said_in_words_with_its_argument(developer: Developer) -> None:
    session(developer, "taobao.trade.fullinfo.get")

    text = call(developer, "taobao.trade.fullinfo.get", a_tid="12x", send="1")

    assert "41 · Invalid Arguments" in text
    assert "It is about tid." in text
    assert "What to do:" in text


def test_without_a_session_the_router_says_so(developer: Developer) -> None:
    text = call(developer, "taobao.trade.fullinfo.get", a_tid="12", send="1")

    assert "26 · Missing Session" in text


def test_elsewhere_than_in_a_sandbox_nothing_is_written(merchant: int) -> None:
    developer = make_developer(merchant, is_sandbox=False, state="live")

    refused = session(developer, "taobao.item.sku.price.update")
    let_in(developer.made, merchant)
    told = session(developer, "taobao.item.sku.price.update")
    written = call(developer, "taobao.item.sku.price.update", a_price="1", send="1")
    shown = call(developer, "taobao.item.sku.price.update", a_price="1")
    read = call(developer, "taobao.inventory.store.query", send="1")

    assert refused.startswith("409")
    assert "You have a session key" in told
    assert "a method that writes is not sent from here" in written
    assert SIGN.search(shown)
    assert "it went well" in read


def test_who_may_not_change_apps_signs_nothing(merchant: int) -> None:
    developer = make_developer(merchant, role="clerk")
    answer = developer.client.post(
        CALL, {"app": developer.made.app_key, "method": "taobao.time.get", "send": "1"}
    )

    assert answer.status_code == 403


def test_a_pasted_request_is_looked_at(developer: Developer) -> None:
    shown = call(developer, "taobao.time.get")
    found = SIGN.search(shown)
    assert found
    address = re.search(r'curl "([^"]+)"', shown)
    assert address

    good = developer.send("/developers/signature/check/", request=address.group(1))
    bad = developer.send("/developers/signature/check/", request=address.group(1) + "&num_iid=1")

    assert "This request is signed as it should be." in good
    assert "The parameter num_iid was not signed" in bad
    assert developer.made.secret not in good + bad
