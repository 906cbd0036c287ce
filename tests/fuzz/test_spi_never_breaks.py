"""Whatever is sent to a marketplace's address, it is answered with 200 and JSON."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.gateway.rules.member_calls import CONTRACT_BY_METHOD
from santong.gateway.tests.platform import FORM, JSON, XML, Shop, make_connected_shop

CASES = int(os.environ.get("SANTONG_FUZZ_CASES", "12"))
FUZZ = settings(max_examples=CASES * 5, deadline=None, suppress_health_check=list(HealthCheck))
METHODS = [*sorted(CONTRACT_BY_METHOD), "tmall.fly", ""]

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
names = st.sampled_from(["mobile", "mix_mobile", "type", "ouid", "nick", "taobao_nick", "extend"])
documents = st.dictionaries(names | words, values, max_size=6)


@pytest.fixture
def shop(merchant: int) -> Shop:
    return make_connected_shop(merchant)


def test_no_signed_call_breaks_it(shop: Shop) -> None:
    @FUZZ
    @given(method=st.sampled_from(METHODS), document=documents)
    def calls(method: str, document: dict[str, Any]) -> None:
        answer = shop.platform.call(method, document)

        assert {"bind_code", "register_code", "query_code", "failCode"} & answer.keys()
        assert answer.get("bind_code") != "broken"

    calls()
    assert [call for call in shop.log() if call.outcome == "failed"] == []


def test_no_signed_bytes_break_it(shop: Shop) -> None:
    @FUZZ
    @given(
        method=st.sampled_from(METHODS),
        body=st.binary(max_size=200),
        content_type=st.sampled_from([JSON, XML, "text/plain", "application/json;charset=gbk"]),
    )
    def calls(method: str, body: bytes, content_type: str) -> None:
        assert isinstance(shop.platform.call(method, body=body, content_type=content_type), dict)

    calls()
    assert [call for call in shop.log() if call.outcome == "failed"] == []


def test_no_unsigned_request_breaks_it(shop: Shop) -> None:
    @FUZZ
    @given(
        query=st.text(max_size=60),
        body=st.binary(max_size=200),
        content_type=st.sampled_from([JSON, XML, FORM, "", "x", "text/plain;charset=nope"]),
        listed=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
    )
    def calls(query: str, body: bytes, content_type: str, listed: str) -> None:
        answer = Client().post(
            f"{shop.platform.path}?{quote(query, safe='=&%', errors='replace')}",
            body,
            content_type=content_type,
            headers={"top-sign-list": listed},
        )

        assert answer.status_code == 200
        assert json.loads(answer.content)["failCode"] == "sign-check-failure"

    calls()
    assert shop.log() == []
