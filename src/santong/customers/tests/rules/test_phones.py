"""Telephone numbers in one writing, and as marketplaces hide them."""

from __future__ import annotations

import pytest

from santong.customers.rules.phones import e164, mix_mobile, national


@pytest.mark.parametrize(
    ("written", "one_writing"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("0571-88888888", "+8657188888888"),
        ("+852 2123 4567", "+85221234567"),
        ("+1 650-253-0000", "+16502530000"),
        ("12", None),
        ("call me", None),
        ("", None),
        ("9" * 60, None),
    ],
)
def test_one_number_has_one_writing(written: str, one_writing: str | None) -> None:
    assert e164(phone=written) == one_writing


@pytest.mark.parametrize(
    ("mobile", "key", "mixed"),
    [
        ("13800000000", "Ab3dE9", "87ed83b244dc2a60dfa8b9725172e10f"),
        ("13800000001", "Ab3dE9", "adc1cc32212880f27032a6547ccf19cd"),
        ("13800000000", "zZ9yX8", "0a274df2a451a46ee487ba823ad1b4f6"),
    ],
)
def test_a_number_is_hidden_as_the_marketplace_hides_it(mobile: str, key: str, mixed: str) -> None:
    assert mix_mobile(mobile=mobile, key=key) == mixed


def test_what_is_dialled_at_home_has_no_country_code() -> None:
    assert national("+8613800138000") == "13800138000"
    assert national("+85221234567") == "85221234567"
