"""Whatever comes to the router's address is answered with HTTP 200 and a document.

`SANTONG_FUZZ_CASES` makes a long run of the short one: 100000 is three million calls here, and two
million in `test_wire.py`, which measures that nothing is kept of them.
"""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.topgateway import errors
from santong.topgateway.methods.registry import METHOD_BY_NAME
from santong.topgateway.tests.factories import NOW, Shop, code_of, send

CASES = int(os.environ.get("SANTONG_FUZZ_CASES", "12"))
FUZZ = settings(max_examples=CASES * 10, deadline=None, suppress_health_check=list(HealthCheck))
FORM = "application/x-www-form-urlencoded"
BROKEN = errors.UNAVAILABLE

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
methods = st.sampled_from(sorted(METHOD_BY_NAME))
deep = st.integers(1, 40_000).map(lambda depth: "[" * depth + "]" * depth)
bombs = st.sampled_from(
    [
        b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><a><q>&c;</q></a>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a><q>&b;</q></a>',
        b"<a>" * 20_000,
        b'{"a":' * 20_000,
    ]
)


def test_no_signed_arguments_break_it(shop: Shop) -> None:
    """Signed rightly, with arguments of any kind: a refusal in words, or an answer."""

    @FUZZ
    @given(method=methods, data=st.data())
    def calls(method: str, data: Any) -> None:
        names = [*sorted(METHOD_BY_NAME[method].asks.model_fields), "nothing"]
        sent = data.draw(st.dictionaries(st.sampled_from(names), values | deep, max_size=6))
        params = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in sent.items()
        }
        style = data.draw(st.sampled_from(["json", "xml"]))

        assert code_of(shop.answer(method, **{**params, "format": style})) != BROKEN

    calls()


def test_no_signed_bodies_break_it(shop: Shop) -> None:
    """Signed rightly, with a raw body of any bytes beside the query."""

    @FUZZ
    @given(
        body=st.binary(max_size=200) | values.map(lambda each: json.dumps(each).encode()) | bombs
    )
    def calls(body: bytes) -> None:
        signed = shop.signed_with_body("taobao.items.onsale.get", body)
        answer = send(
            f"/router/rest?{urlencode(signed)}", now=NOW, body=body, content_type="text/xml"
        )

        assert code_of(answer) != BROKEN
        assert b"hostname" not in answer.content

    calls()


@FUZZ
@given(
    query=st.text(max_size=60),
    body=st.binary(max_size=200),
    content_type=st.sampled_from([FORM, "", "x", "text/xml", "multipart/form-data; boundary=1"]),
    http_method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
)
def test_no_unsigned_request_breaks_it(
    query: str, body: bytes, content_type: str, http_method: str
) -> None:
    answer = send(
        "/router/rest?" + query.encode("utf-8", "replace").decode("latin-1"),
        now=NOW,
        body=body,
        content_type=content_type,
        http_method=http_method,
    )

    assert code_of(answer) not in {0, BROKEN}
