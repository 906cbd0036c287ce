"""Calls against the addresses themselves: published requests, every check, replays."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from santong.catalog.tests.factories import make_sku
from santong.kernel import tenancy
from santong.kernel.signing import timestamp_of, top_sign
from santong.kernel.tests.vectors import cases_of
from santong.openplatform.tests.factories import MadeApp, app_of, let_in, make_app
from santong.topgateway import errors
from santong.topgateway.methods.registry import METHOD_BY_NAME
from santong.topgateway.tests.factories import APP_KEY, NOW, SECRET, Shop, code_of, said, send

REQUESTS = [
    case
    for case in cases_of("http_requests")
    if not isinstance(case, dict) or case["target"].startswith("/router/rest")
]
REFUSED = cases_of("negative_requests")


def ids(cases: list[Any]) -> list[str] | None:
    return [case["id"] for case in cases if isinstance(case, dict)] or None


@pytest.mark.parametrize("case", REQUESTS, ids=ids(REQUESTS))
def test_a_published_request_passes_every_check_before_its_session(
    shop: Shop, case: dict[str, Any]
) -> None:
    """The session of the published requests was made up: nothing but that is left to refuse."""
    headers = {name.lower(): value for name, value in case["headers"]}
    sent: dict[str, Any] = {
        "now": datetime.fromisoformat(case["clock_utc"]),
        "content_type": headers["content-type"],
    }
    method = case["expect"]["method"]

    found = send(case["target"], body=case["body"].encode(), **sent)

    known = METHOD_BY_NAME.get(method)
    if known is None:
        assert code_of(found) == errors.INVALID_METHOD
    elif known.needs_session:
        assert code_of(found) == errors.INVALID_SESSION
    else:
        assert code_of(found) == 0


@pytest.mark.parametrize("case", REFUSED, ids=ids(REFUSED))
def test_a_published_refusal_is_ours(shop: Shop, case: dict[str, Any]) -> None:
    answer = send(
        f"/router/rest?{urlencode(case['params'])}", now=datetime.fromisoformat(case["clock_utc"])
    )

    assert code_of(answer) == case["expect"]["code"]


def test_a_call_that_needs_no_session_is_answered_in_every_style(shop: Shop) -> None:
    wrapped = shop.call("taobao.time.get", session="-")
    flat = shop.call("taobao.time.get", simplify="true", session="-")
    xml = shop.answer("taobao.time.get", format="-", session="-")
    bare = shop.call("taobao.time.get", door="custom", session="-")

    assert wrapped["time_get_response"]["time"] == flat["time"] == bare["time"]
    assert flat["time"] == "2026-11-11 15:27:00"
    assert xml["Content-Type"].startswith("text/xml")
    assert ET.fromstring(xml.content).findtext("time") == flat["time"]  # noqa: S314  our own


CHECKED = [
    ("no method", {"name": "-"}, errors.MISSING_METHOD),
    ("no application", {"app_key": "-"}, errors.MISSING_APP_KEY),
    ("no version", {"v": "-"}, errors.MISSING_VERSION),
    ("an older version", {"v": "1.0"}, errors.UNSUPPORTED_VERSION),
    ("a strange version", {"v": "two"}, errors.INVALID_VERSION),
    ("no time", {"timestamp": "-"}, errors.MISSING_TIMESTAMP),
    ("a strange time", {"timestamp": "yesterday"}, errors.INVALID_TIMESTAMP),
    ("an old time", {"timestamp": "2026-11-11 15:16:59"}, errors.INVALID_TIMESTAMP),
    ("a time to come", {"timestamp": "2026-11-11 15:37:01"}, errors.INVALID_TIMESTAMP),
    ("a strange format", {"format": "yaml"}, errors.INVALID_FORMAT),
    ("a strange way to sign", {"sign_method": "rsa"}, errors.INVALID_SIGNATURE),
    ("no session", {"session": "-"}, errors.MISSING_SESSION),
    ("a strange session", {"session": "x"}, errors.INVALID_SESSION),
    ("a missing argument", {}, errors.MISSING_ARGUMENTS),
    ("a wrong argument", {"num_iid": "1.5"}, errors.INVALID_ARGUMENTS),
    ("nothing of that number", {"num_iid": "1"}, errors.REMOTE_ERROR),
]


@pytest.mark.parametrize(("sent", "code"), [x[1:] for x in CHECKED], ids=[x[0] for x in CHECKED])
def test_each_check_has_its_number(shop: Shop, sent: dict[str, Any], code: int) -> None:
    method = sent.get("name", "taobao.item.seller.get")
    signed = shop.signed(method, **sent)

    assert code_of(send(f"/router/rest?{urlencode(signed)}", now=NOW)) == code


def test_a_time_within_ten_minutes_of_ours_is_taken(shop: Shop) -> None:
    for said_at in (NOW - timedelta(minutes=10), NOW + timedelta(minutes=10)):
        for written in (timestamp_of(now=said_at), str(int(said_at.timestamp() * 1_000))):
            answer = shop.call("taobao.time.get", timestamp=written, session="-")
            assert "time_get_response" in answer


@pytest.mark.parametrize("way", ["md5", "hmac", "hmac-sha256"])
def test_every_way_to_sign_is_taken_and_empty_values_may_be_signed_or_not(
    shop: Shop, way: Any
) -> None:
    whole = shop.signed("taobao.time.get", sign_method=way, sign="-", session="-") | {"note": ""}
    for keeps_empty in (False, True):
        sign = top_sign(method=way, secret=SECRET, params=whole, keeps_empty=keeps_empty)
        for written in (sign, sign.lower()):
            answer = send(f"/router/rest?{urlencode({**whole, 'sign': written})}", now=NOW)
            assert code_of(answer) == 0


def test_permissions_are_those_of_application_and_seller(shop: Shop, merchant: int) -> None:
    made = MadeApp(app=app_of(APP_KEY, now=NOW), secret=SECRET)
    narrow = let_in(made, merchant, packs=["goods"], now=NOW).session_key
    other = make_app(merchant, packs=["goods"], now=NOW, ip_ranges=("10.0.0.0/8",))
    signed = {**shop.signed("taobao.time.get", sign="-", session="-"), "app_key": other.app_key}
    signed["sign"] = top_sign(method="hmac-sha256", secret=other.secret, params=signed)

    beyond = shop.answer("taobao.crm.grade.get", session=narrow)
    strange = send(f"/router/rest?{urlencode(signed)}", now=NOW)

    assert code_of(beyond) == errors.USER_PERMISSIONS
    assert said(strange)["error_response"]["sub_code"] == "isv.permission-ip-whitelist-limit"


def test_an_application_is_limited(shop: Shop, merchant: int) -> None:
    few = make_app(merchant, packs=["goods"], now=NOW, calls_per_minute=2)
    signed = {**shop.signed("taobao.time.get", sign="-", session="-"), "app_key": few.app_key}
    signed["sign"] = top_sign(method="hmac-sha256", secret=few.secret, params=signed)

    answers = [send(f"/router/rest?{urlencode(signed)}", now=NOW) for _ in range(3)]

    assert [code_of(each) for each in answers] == [0, 0, errors.CALL_LIMITED]
    assert "60 more seconds" in answers[2].content.decode()


def test_a_long_answer_is_packed_for_whoever_can_unpack_it(shop: Shop) -> None:
    with tenancy.scope(merchant_id=shop.merchant_id):
        for number in range(30):
            make_sku(merchant_id=shop.merchant_id, code=f"COAT-{number}")
    signed = shop.signed("taobao.items.onsale.get")
    target = f"/router/rest?{urlencode(signed)}"

    plain = send(target, now=NOW)
    packed = send(target, now=NOW, HTTP_ACCEPT_ENCODING="gzip")

    assert packed["Content-Encoding"] == "gzip"
    unpacked = json.loads(gzip.decompress(packed.content))["items_onsale_get_response"]
    assert unpacked["items"] == said(plain)["items_onsale_get_response"]["items"]
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content)


def test_what_cannot_be_read_is_refused_in_the_style_that_was_asked_for() -> None:
    twice = send("/router/rest?format=json&a=1&a=2", now=NOW)
    unnamed = send("/router/rest?a=1&a=2", now=NOW)
    wrong = send("/router/rest?format=json", now=NOW, http_method="PUT")

    assert said(twice)["error_response"]["code"] == errors.PARAMETER_ERROR
    assert unnamed["Content-Type"].startswith("text/xml")
    assert code_of(wrong) == errors.HTTP_ACTION
