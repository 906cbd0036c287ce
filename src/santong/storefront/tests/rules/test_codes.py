"""Codes and sessions, as far as they need no database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.merchants.tests.factories import NOW
from santong.storefront.rules import codes, sessions


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("\uff11\uff12\uff13\uff14\uff15\uff16", "123456"),
        ("000000", "000000"),
        ("12345", ""),
        ("1234567", ""),
        ("abcdef", ""),
        ("", ""),
    ],
)
def test_a_code_as_people_type_it(typed: str, code: str) -> None:
    assert codes.cleaned(typed) == code


@given(number=st.integers(min_value=0, max_value=999_999))
def test_a_code_that_is_sent_can_be_typed(number: int) -> None:
    code = codes.spelled(number)

    assert codes.cleaned(code) == code
    assert int(code) == number


@given(days=st.lists(st.integers(min_value=0, max_value=30), max_size=40))
def test_a_session_that_is_used_lives_on_but_not_for_ever(days: list[int]) -> None:
    opened_at, now = NOW, NOW
    until = sessions.expiry(opened_at=opened_at, now=now)
    for gap in days:
        now += timedelta(days=gap)
        if now >= until:
            break
        until = sessions.expiry(opened_at=opened_at, now=now)

    assert until <= opened_at + sessions.LONGEST
    assert until <= now + sessions.UNUSED


@given(text=st.text(max_size=60))
def test_no_key_of_ours_has_odd_letters(text: str) -> None:
    assert not sessions.is_key(text) or (len(text) == 43 and text.isascii())
