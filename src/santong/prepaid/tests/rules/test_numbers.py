"""Numbers that are read out and typed: a slip is seen before anything is looked up."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from santong.prepaid.rules.numbers import (
    NUMBER_LENGTH,
    PAY_CODE_LENGTH,
    grouped,
    is_checked,
    number_of,
    pay_code_of,
    read_token,
    secret_of,
)

# What ISO/IEC 7812-1 makes of a doubled digit.
DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def is_card(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(DOUBLED[digit] for digit in digits[1::2])) % 10 == 0


entropy = st.binary(min_size=24, max_size=24)


@given(drawn=entropy)
def test_numbers_have_their_length_and_check_digits(drawn: bytes) -> None:
    for number, length in (
        (number_of(drawn), NUMBER_LENGTH),
        (pay_code_of(drawn), PAY_CODE_LENGTH),
    ):
        assert len(number) == length
        assert is_checked(number)
        assert number[0] != "0"


@given(drawn=entropy)
def test_no_number_looks_like_that_of_a_banks_card(drawn: bytes) -> None:
    assert not any(is_card(number) for number in (number_of(drawn), pay_code_of(drawn)))


@given(drawn=entropy, place=st.integers(0, NUMBER_LENGTH - 1), digit=st.integers(0, 9))
def test_every_wrong_digit_is_seen(drawn: bytes, place: int, digit: int) -> None:
    number = number_of(drawn)
    assume(number[place] != str(digit))

    assert not is_checked(f"{number[:place]}{digit}{number[place + 1 :]}")


@given(drawn=entropy, place=st.integers(0, NUMBER_LENGTH - 2))
def test_every_two_neighbours_that_changed_places_are_seen(drawn: bytes, place: int) -> None:
    number = number_of(drawn)
    one, other = number[place], number[place + 1]
    assume(one != other)

    assert not is_checked(f"{number[:place]}{other}{one}{number[place + 2 :]}")


@given(drawn=entropy)
def test_blanks_hyphens_and_small_letters_do_not_matter(drawn: bytes) -> None:
    number, secret = number_of(drawn), secret_of(drawn)

    typed = f" {grouped(number)} : {secret[:4].lower()}-{secret[4:]} "

    assert read_token(typed) == (number, secret)


@given(typed=st.text(max_size=60))
def test_whatever_is_typed_is_a_number_with_check_digits_or_nothing(typed: str) -> None:
    number, secret = read_token(typed)

    assert (number, secret) == ("", "") or is_checked(number)
    assert len(secret) <= 16
