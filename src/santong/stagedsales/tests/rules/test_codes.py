"""A code that was misread is known as such, and one that was made up nearly always."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from santong.stagedsales.rules.codes import (
    LENGTH,
    check_digit,
    cleaned,
    code_of,
    fault_of,
    grouped,
    is_read_well,
)

KEY = b"a key of nobody."
OTHER = b"another key of n"

entropies = st.binary(min_size=16, max_size=16)
places = st.integers(0, LENGTH - 1)


def test_the_check_digit_is_that_of_the_published_example() -> None:
    assert check_digit("572") == "4"
    assert check_digit("5724") == "0"


@given(entropy=entropies)
def test_a_code_is_twelve_digits_and_right(entropy: bytes) -> None:
    code = code_of(entropy, key=KEY)

    assert len(code) == LENGTH
    assert code.isdigit()
    assert fault_of(code, key=KEY) == ""
    assert is_read_well(code)
    assert cleaned(f" {grouped(code)}-") == code


@given(entropy=entropies, place=places, digit=st.sampled_from("0123456789"))
def test_a_wrong_digit_is_always_found(entropy: bytes, place: int, digit: str) -> None:
    code = code_of(entropy, key=KEY)
    wrong = code[:place] + digit + code[place + 1 :]

    assert (fault_of(wrong, key=KEY) == "") == (wrong == code)


@given(entropy=entropies, place=st.integers(0, LENGTH - 2))
def test_two_neighbours_that_changed_places_are_always_found(entropy: bytes, place: int) -> None:
    code = code_of(entropy, key=KEY)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert (fault_of(wrong, key=KEY) == "") == (wrong == code)


def test_of_a_thousand_codes_of_somebody_elses_nearly_none_passes() -> None:
    codes = [code_of(number.to_bytes(16), key=OTHER) for number in range(1_000)]

    passing = [code for code in codes if fault_of(code, key=KEY) == ""]

    assert len(passing) < 30
    assert all(is_read_well(code) for code in codes)


@given(typed=st.text(max_size=20))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    assert fault_of(cleaned(typed), key=KEY) in {"", "length", "typo", "forged"}
