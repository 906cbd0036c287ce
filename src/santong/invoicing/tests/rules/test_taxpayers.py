"""Numbers of taxpayers by GB 32100-2015."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.invoicing.rules.taxpayers import (
    check_character,
    cleaned_number,
    is_taxpayer_number,
)

characters = st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY")
firsts = st.builds(
    lambda head, area, body: f"{head}{area:06}{body}",
    st.text(characters, min_size=2, max_size=2),
    st.integers(0, 999_999),
    st.text(characters, min_size=9, max_size=9),
)


def test_the_standards_example_has_the_check_character_3() -> None:
    # The worked example of the standard's annex: its seventeen characters weigh 1,640.
    assert check_character("91350100M000100Y4") == "3"


@given(first=firsts)
def test_one_of_31_characters_fits(first: str) -> None:
    fits = [c for c in "0123456789ABCDEFGHJKLMNPQRTUWXY" if is_taxpayer_number(first + c)]

    assert fits == [check_character(first)]


@given(first=firsts, place=st.integers(0, 16), other=characters)
def test_one_mistyped_character_is_noticed(first: str, place: int, other: str) -> None:
    number = first + check_character(first)
    mistyped = number[:place] + other + number[place + 1 :]

    assert is_taxpayer_number(mistyped) == (mistyped == number)


@pytest.mark.parametrize(
    "text", ["", "91350100M000100Y4", "91350100M000100Y4I", "9135010OM000100Y43"]
)
def test_what_is_written_otherwise_is_no_number(text: str) -> None:
    assert not is_taxpayer_number(text)


def test_a_number_is_typed_in_many_ways() -> None:
    assert cleaned_number(" 91350100 m000100y43 ") == "91350100M000100Y43"
