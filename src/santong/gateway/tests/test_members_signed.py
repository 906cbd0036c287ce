"""As the brand's CRM: who signed a call, when, and whether it makes any sense."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from santong.gateway import public as gateway
from santong.gateway.tests.platform import (
    BIND,
    BIND_QUERY,
    FORM,
    MEMBER_QUERY,
    REGISTER,
    Shop,
    make_connected_shop,
    phone,
)
from santong.kernel import cells, tenancy

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def shop(merchant: int) -> Shop:
    return make_connected_shop(merchant)


REFUSED = {
    "bind_code": "E05",
    "bindable": False,
    "success": "false",
    "failCode": "sign-check-failure",
    "failMessage": "Illegal request",
}


@pytest.mark.parametrize(
    "given",
    [
        {"minutes": -11},
        {"minutes": 11},
        {"query": {"app_key": "99999999"}},
        {"query": {"timestamp": ""}},
        {"query": {"timestamp": "yesterday"}},
    ],
)
def test_an_old_or_foreign_call_is_refused(shop: Shop, given: dict[str, Any]) -> None:
    number = phone()
    shop.join(number)
    # From now, not from when the tests were collected.
    if "minutes" in given:
        given = {"now": datetime.now(UTC) + timedelta(minutes=given["minutes"])}

    assert shop.platform.call(BIND_QUERY, {"mobile": number}, **given) == REFUSED
    assert shop.log() == []


def test_what_is_changed_after_it_was_signed_is_refused(shop: Shop) -> None:
    address, body, content_type, headers = shop.platform.signed(BIND_QUERY, {"mobile": phone()})

    tampered = [
        (address, body + b" ", content_type, headers),
        (address.replace("bind.query", "register"), body, content_type, headers),
        (address + "&extra=1", body, content_type, headers),
        (address.split("&sign=")[0], body, content_type, headers),
        (address, body, "application/xml;charset=gbk", {"x-a": "b"}),
    ]

    for call in tampered:
        answer = json.loads(shop.platform.send(*call).content)
        assert answer["failCode"] == "sign-check-failure", call


def test_a_name_that_comes_twice_is_refused_though_its_signature_fits(shop: Shop) -> None:
    """A method in the form would be signed, and the one in the query carried out."""
    fields = {"mobile": phone(), "ouid": "AAH1", "method": BIND_QUERY, "type": "1"}
    address, body, content_type, headers = shop.platform.signed(
        BIND_QUERY, fields, content_type=FORM
    )

    answer = shop.platform.send(
        address.replace(f"method={BIND_QUERY}", f"method={BIND}"), body, content_type, headers
    )
    doubled = shop.platform.send(address + "&v=1.0", body, content_type, headers)

    assert json.loads(answer.content)["failCode"] == "sign-check-failure"
    assert json.loads(doubled.content)["failCode"] == "sign-check-failure"


def test_a_connection_that_nobody_has_is_refused_in_the_same_words(
    shop: Shop, new_merchant: Callable[..., int]
) -> None:
    other = make_connected_shop(new_merchant(), secret="another-ones-secret")
    asked = shop.platform.signed(BIND_QUERY, {"mobile": phone()})

    for path in (
        other.platform.path,
        shop.platform.path + "x",
        "/spi/members/nobody/line",
        "/spi/members/NOBODY%20/%00",
    ):
        address = asked[0].replace(shop.platform.path, path)
        assert json.loads(other.platform.send(address, *asked[1:]).content) == REFUSED


def test_during_a_rotation_both_secrets_are_good(shop: Shop) -> None:
    new = "a-secret-of-the-year-2027"
    with tenancy.scope(merchant_id=shop.merchant_id):
        gateway.rotate_secret(
            merchant_id=shop.merchant_id,
            connection_id=shop.connection.id,
            secret=new,
            older_lives=timedelta(days=1),
            reason="yearly",
            now=datetime.now(UTC),
        )
    asked = {"mobile": phone()}

    old = shop.platform.call(BIND_QUERY, asked)
    shop.platform.secret = new

    assert old["bind_code"] == shop.platform.call(BIND_QUERY, asked)["bind_code"] == "E04"


def test_the_same_signed_call_again_has_no_second_effect(shop: Shop) -> None:
    """Whoever recorded a bind and sends it after the unbind binds nothing."""
    number = phone()
    member_id = shop.join(number, points=8)
    recorded = shop.platform.signed(BIND, {"mobile": number, "ouid": "AAH1", "type": "1"})
    first = shop.platform.send(*recorded)
    shop.platform.call(BIND, {"mobile": number, "ouid": "AAH1", "type": "2"})

    again = shop.platform.send(*recorded)

    assert again.content == first.content
    assert shop.bindings(member_id) == ["unbound"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "mobile"),
        (b"{", "body"),
        (b"[]", "body"),
        (b"null", "body"),
        (b'{"mobile": NaN}', "body"),
        (b"\xff\xfe", "body"),
        (b"[" * 60_000, "body"),
        (b"{}", "mobile"),
        (b'{"mobile": null}', "mobile"),
        (b'{"mobile": "1380000\\u00000001"}', "mobile"),
        (b'{"mobile": "\\ud83d"}', "mobile"),
        (b'{"mobile": true}', "mobile"),
        (b'{"mobile": {"a": 1}}', "mobile"),
        (b'{"mobile": 1e400}', "mobile"),
        (b'{"mobile": ' + b"9" * 5_000 + b"}", "body"),
        (b'{"mobile": ' + b"9" * 100 + b"}", "mobile"),
        (b'{"mobile": "' + b"1" * 600 + b'"}', "mobile"),
        (b'{"mix_mobile": "not hex"}', "mix_mobile"),
        (b'{"mobile": "13800000001", "extend": "' + b"x" * 5_000 + b'"}', "extend"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><r><mobile>&a;</mobile></r>', "body"),
        (b"<r><mobile>1</r>", "body"),
    ],
)
def test_what_makes_no_sense_is_answered_in_the_contracts_own_words(
    shop: Shop, body: bytes, field: str
) -> None:
    answer = shop.platform.call(BIND_QUERY, body=body)

    assert answer == {
        "bind_code": "E05",
        "bindable": False,
        "success": "false",
        "failCode": "isv.invalid-parameter",
        "failMessage": field,
    }
    assert [call.outcome for call in shop.log()] == ["refused"]


@pytest.mark.parametrize(
    ("method", "fields", "answer"),
    [
        (BIND, {"mobile": "13800000001", "ouid": "A", "type": "3"}, ("bind_code", "E01", "type")),
        (BIND, {"mobile": "13800000001", "type": "1"}, ("bind_code", "E01", "taobao_nick")),
        (REGISTER, {"ouid": "A"}, ("register_code", "E05", "mobile")),
        (MEMBER_QUERY, {}, ("query_code", "E05", "mobile")),
        (
            BIND_QUERY,
            {"mobile": "no number"},
            ("bind_code", "E04", None),
        ),
    ],
)
def test_missing_fields_are_named(
    shop: Shop, method: str, fields: dict[str, str], answer: tuple[str, str, str | None]
) -> None:
    found = shop.platform.call(method, fields)

    name, code, field = answer
    assert (found[name], found.get("failMessage")) == (code, field)


def test_an_unknown_method_is_refused_once_it_is_signed(shop: Shop) -> None:
    answer = shop.platform.call("tmall.mei.crm.fly", {"mobile": phone()})

    assert answer["failCode"] == "isv.permission-denied"


def test_only_posts_are_answered_and_no_credential_of_ours_matters(shop: Shop) -> None:
    address, body, content_type, _ = shop.platform.signed(BIND_QUERY, {"mobile": phone()})

    got = Client().get(address)
    with_token = Client().post(
        address, body, content_type=content_type, headers={"Authorization": "Bearer st_1_x"}
    )

    assert got.status_code == 405
    assert with_token.status_code == 200
    assert json.loads(with_token.content)["bind_code"] == "E04"


def test_while_the_merchant_moves_the_marketplace_is_told_to_come_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moving(*_: Any, **__: Any) -> None:
        raise cells.MerchantIsMoving(shop.merchant_id)

    asked = {"mobile": phone()}
    shop.platform.call(BIND_QUERY, asked)
    monkeypatch.setattr(cells, "cell_of", moving)

    answer = shop.platform.call(BIND_QUERY, asked)

    assert answer == {"bind_code": "E05", "bindable": False}
