"""Signatures are those that published clients make and accept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.signing import (
    CHINA,
    SIGN_METHODS,
    instant_of,
    is_fresh,
    is_same_signature,
    signed_headers,
    spi_sign,
    timestamp_of,
    top_sign,
)
from santong.kernel.tests.vectors import cases_of

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def id_of(case: dict[str, Any]) -> str:
    return str(case["id"])


@pytest.mark.parametrize("case", cases_of("sign"), ids=id_of)
def test_a_signature_is_the_official_clients(case: dict[str, Any]) -> None:
    signed = top_sign(
        method=case["sign_method"],
        secret=case["secret"],
        params=case["params"],
        body=(case["body"] or "").encode(),
    )

    assert signed == case["sign"]


@pytest.mark.parametrize("case", cases_of("http_requests"), ids=id_of)
def test_what_clients_sent_carries_its_signature(case: dict[str, Any]) -> None:
    expect = case["expect"]
    sent = dict(parse_qsl(urlsplit(case["target"]).query, keep_blank_values=True))

    signed = top_sign(
        method=expect["sign_method"],
        secret=case["app_secret"],
        params={**expect["signed_params"], "sign": "left out"},
        body=(expect["signed_body"] or "").encode(),
    )

    assert is_same_signature(given=expect["sign"], expected=signed) is expect["signature_valid"]
    assert sent.get("sign", signed) == signed


@pytest.mark.parametrize("case", cases_of("spi_callbacks"), ids=id_of)
def test_a_call_of_the_platform_is_signed_with_empty_values_kept(case: dict[str, Any]) -> None:
    is_form = "form" in case["headers"]["Content-Type"]
    text = case["query"] + ("&" + case["body"] if is_form else "")
    params = dict(parse_qsl(text, keep_blank_values=True))

    signed = spi_sign(
        secret=case["app_secret"],
        params=params,
        headers={},
        body=b"" if is_form else case["body"].encode(),
    )

    assert (
        is_same_signature(given=case["sign"], expected=signed)
        is (case["expect"]["signature_valid"])
    )


@pytest.mark.parametrize(
    ("method", "sign"),
    [
        ("md5", "802ED2C4330522A3066B376CB4FC63FF"),
        ("hmac", "CD624AB08ED1A94FDEC8AAB6FEDDE4FF"),
        ("hmac-sha256", "44DE351FBEF645E9AAE425AC8578BC644731FDA0475109458342E88D729924EC"),
    ],
)
def test_the_worked_examples(method: Any, sign: str) -> None:
    params = {
        "method": "taobao.time.get",
        "app_key": "12129701",
        "timestamp": "2026-01-02 11:04:05",
        "format": "json",
        "v": "2.0",
        "sign_method": method,
    }

    assert top_sign(method=method, secret=SECRET, params=params) == sign


def test_headers_that_are_listed_are_signed_and_a_missing_one_is_empty() -> None:
    params = {"method": "m", "app_key": "k"}

    signed = spi_sign(secret="s", params=params, headers={"b-shop": "三通", "x": ""}, body=b"{}")

    # app_key, b-shop, method, x: sorted together.
    same = spi_sign(secret="s", params={"app_keykb-shop三通methodmx": ""}, headers={}, body=b"{}")
    assert signed == same
    assert signed_headers(listed="b-shop, x,,") == ("b-shop", "x")


def test_a_charset_other_than_utf_8_is_digested_as_it_was_sent() -> None:
    params = {"nick": "三通"}
    body = "测试".encode("gbk")

    signed = spi_sign(secret="s", params=params, headers={}, body=body, charset="gbk")

    assert signed != spi_sign(secret="s", params=params, headers={}, body="测试".encode())
    assert len(signed) == 32


NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("timestamp", "fresh"),
    [
        ("2026-01-02 11:04:05", True),
        ("1767323045000", True),
        ("2026-01-02 10:54:05", True),
        ("2026-01-02 10:54:04", False),
        ("2026-01-02 11:14:06", False),
        ("2026-01-02T11:04:05", False),
        ("2026-01-02 03:04:05", False),
        ("17673230450001767323045000", False),
        ("999999999999999", False),
        ("²", False),
        ("", False),
        ("yesterday", False),
    ],
)
def test_a_call_is_fresh_within_ten_minutes(timestamp: str, *, fresh: bool) -> None:
    assert is_fresh(timestamp=timestamp, now=NOW) is fresh


def test_a_timestamp_comes_back_as_it_was_said() -> None:
    assert timestamp_of(now=NOW) == "2026-01-02 11:04:05"
    assert instant_of(timestamp=timestamp_of(now=NOW)) == NOW
    assert instant_of(timestamp="2026-01-02 11:04:05") == NOW.astimezone(CHINA)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
params_of_a_call = st.dictionaries(texts.filter(bool), texts.filter(bool), max_size=5)


@given(params=params_of_a_call, method=st.sampled_from(SIGN_METHODS), body=st.binary(max_size=9))
def test_empty_values_and_the_signature_itself_change_nothing(
    params: dict[str, str], method: Any, body: bytes
) -> None:
    signed = top_sign(method=method, secret="s", params=params, body=body)

    more = {"sign": "x", **dict.fromkeys(["note", "session"], ""), **params}
    if {"sign", "note", "session"}.isdisjoint(params):
        assert top_sign(method=method, secret="s", params=more, body=body) == signed
    assert top_sign(method=method, secret="t", params=params, body=body) != signed


@given(given_=texts, seconds=st.integers(-10_000, 10_000))
def test_whatever_is_given_is_answered(given_: str, seconds: int) -> None:
    made_at = NOW + timedelta(seconds=seconds)

    assert not is_same_signature(given=given_, expected="A" * 32)
    assert is_fresh(timestamp=timestamp_of(now=made_at), now=NOW) is (abs(seconds) <= 600)
