"""A slip of the hand is seen in a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.errors import FieldInvalid
from santong.membership.rules.numbers import (
    card_number,
    check_digit,
    clean_number,
    is_checked,
    member_number,
)

serials = st.integers(1, 9_999_999_999)
prefixes = st.from_regex(r"[0-9]{1,8}", fullmatch=True)


def test_a_check_digit_is_that_of_the_standard() -> None:
    # The example of ISO/IEC 7812-1, annex B.
    assert check_digit("7992739871") == "3"


def test_numbers_of_cards_and_members_look_so() -> None:
    assert card_number(prefix="86", serial=17) == "8600000000173"
    assert member_number(serial=17) == "M00000000174"


@given(prefix=prefixes, serial=serials)
def test_what_is_given_out_is_checked(prefix: str, serial: int) -> None:
    assert is_checked(card_number(prefix=prefix, serial=serial))
    assert is_checked(member_number(serial=serial))


@given(prefix=prefixes, serial=serials, at=st.integers(0, 30), by=st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(prefix: str, serial: int, at: int, by: int) -> None:
    number = card_number(prefix=prefix, serial=serial)
    at %= len(number)

    wrong = f"{number[:at]}{(int(number[at]) + by) % 10}{number[at + 1 :]}"

    assert not is_checked(wrong)


@pytest.mark.parametrize("text", ["", " ", "12 34", "1" * 41, "ab/c", "\N{FULLWIDTH DIGIT ONE}"])
def test_what_cannot_be_a_card_number_is_refused(text: str) -> None:
    with pytest.raises(FieldInvalid):
        clean_number(text, pointer="/card_number")


def test_letters_of_other_systems_stand_large_without_blanks_around() -> None:
    assert clean_number(" vip-00a ", pointer="/card_number") == "VIP-00A"


@pytest.mark.parametrize("text", ["", "M", "abc", "7", "M7992739871x"])
def test_what_is_no_number_of_ours_is_not_checked(text: str) -> None:
    assert not is_checked(text)
