"""How tokens and cookies are written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.merchants.rules.keys import (
    Key,
    cookie_of,
    hash_of,
    read_cookie,
    read_token,
    token_of,
)

merchants = st.integers(min_value=1, max_value=2**63 - 1)
# The same in every process: test names are made from it.
SECRET = "nobody-knows-this-secret-of-tests-0123456789"[:43]


@given(merchants)
def test_a_token_says_whose_it_is(merchant_id: int) -> None:
    token = token_of(merchant_id=merchant_id, secret=SECRET)

    assert read_token(token) == Key(merchant_id, hash_of(SECRET))


@given(merchants)
def test_a_cookie_says_whose_it_is(merchant_id: int) -> None:
    cookie = cookie_of(merchant_id=merchant_id, key=SECRET)

    assert read_cookie(cookie) == Key(merchant_id, hash_of(SECRET))


@given(st.text(max_size=100))
def test_whatever_somebody_sends_is_read_or_not(text: str) -> None:
    for read in (read_token, read_cookie):
        key = read(text)
        assert key is None or 0 <= key.merchant_id < 2**63


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"st_1_{SECRET}x",
        f"st_1_{SECRET[:-1]}",
        f"st__{SECRET}",
        f"ST_1_{SECRET}",
        f"st_zzzzzzzzzzzzz_{SECRET}",
        f"st_-1_{SECRET}",
        f"st_1_{SECRET}\n",
        f" st_1_{SECRET}",
        f"st_\uff11_{SECRET}",
    ],
)
def test_what_is_no_token_is_not_read(text: str) -> None:
    assert read_token(text) is None


@pytest.mark.parametrize(
    "text",
    ["", ".", f"0.{SECRET}", f"-1.{SECRET}", f"1.{SECRET}x", f"9999999999999999999.{SECRET}"],
)
def test_what_is_no_cookie_is_not_read(text: str) -> None:
    assert read_cookie(text) is None
