"""Numbers of mobile phones."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.customers import public as customers
from santong.storefront.rules.phones import e164


class Case(NamedTuple):
    typed: str
    number: str | None


CASES = [
    Case("13800138000", "+8613800138000"),
    Case("138 0013 8000", "+8613800138000"),
    Case("86 138-0013-8000", "+8613800138000"),
    Case("0086 13800138000", "+8613800138000"),
    Case("\uff0b86 \uff11\uff13\uff18 0013 8000", "+8613800138000"),
    Case("+852 9123 4567", "+85291234567"),
    Case("+1 (415) 555-0100", "+14155550100"),
    Case("0044 7400 123456", "+447400123456"),
    Case("+86 010 6234 5678", None),
    Case("12800138000", None),
    Case("1380013800", None),
    Case("138001380000", None),
    Case("91234567", None),
    Case("+852", None),
    Case("", None),
    Case("²3800138000", None),
    Case("1" * 500, None),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.typed[:20] or "nothing")
def test_one_way_of_writing_each(case: Case) -> None:
    assert e164(case.typed) == case.number


@given(typed=st.text(max_size=60))
def test_whatever_is_typed_is_a_number_or_none(typed: str) -> None:
    number = e164(typed)

    assert number is None or (number[0] == "+" and number[1:].isascii() and number[1:].isdigit())


@given(rest=st.integers(min_value=0, max_value=999_999_999), second=st.sampled_from("3456789"))
def test_a_number_is_the_same_for_whoever_keeps_persons(rest: int, second: str) -> None:
    number = e164(f"1{second}{rest:09}")

    assert number is not None
    assert customers.e164(phone=number) == number
