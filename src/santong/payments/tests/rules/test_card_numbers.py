"""What looks like a card number is seen however it is written; what does not is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.payments.contracts.providers import Refused
from santong.payments.rules.card_numbers import looks_like_a_card_number, refuse_card_numbers


def with_check_digit(digits: str) -> str:
    """A number that ends in its check digit, as ISO/IEC 7812-1 has it."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return digits + str(-total % 10)


cards = st.from_regex(r"[1-9][0-9]{10,17}", fullmatch=True).map(with_check_digit)
gaps = st.sampled_from(["", " ", "-", "  ", "\u3000", "\u2013", "\u00a0", "."])
words = st.sampled_from(["", "card ", "卡号：", "order 17 ", "(", "x"])


@given(card=cards, gaps=st.lists(gaps, min_size=19, max_size=19), before=words, after=words)
def test_a_card_number_is_seen_with_any_blanks_and_dashes(
    card: str, gaps: list[str], before: str, after: str
) -> None:
    grouped = "".join(digit + gap for digit, gap in zip(card, gaps, strict=False)).strip()

    assert looks_like_a_card_number(before + grouped + after)


@given(card=cards)
def test_digits_of_another_width_are_digits(card: str) -> None:
    assert looks_like_a_card_number(card.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4111111111111112",
        "11111111111",
        "18012345678",
        "0000000000000000",
        '{"terminal": "T0000017", "trace": "000017", "at": "2026-11-11T07:27:00+00:00"}',
        "4111a1111b1111c1111",
        "41111111111111110000000000000000000000001",
    ],
)
def test_what_is_no_card_number_is_left_alone(text: str) -> None:
    assert not looks_like_a_card_number(text)


def test_a_refusal_does_not_repeat_the_number() -> None:
    with pytest.raises(Refused) as refused:
        refuse_card_numbers("well", "4111 1111 1111 1111")

    assert refused.value.code == "CARD_NUMBER"
    assert "4111" not in str(refused.value)
