"""Yuan with two decimals and fen are the same amounts, written in two ways."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.payments.rules.yuan import minor_of, yuan_of

fen = st.integers(min_value=0, max_value=10**15 - 1)


@given(amount=fen)
def test_an_amount_comes_back_as_it_went(amount: int) -> None:
    assert minor_of(yuan=yuan_of(amount_minor=amount)) == amount


@given(amount=fen)
def test_what_is_written_is_the_amount_to_the_last_fen(amount: int) -> None:
    written = yuan_of(amount_minor=amount)

    assert Decimal(written) * 100 == amount
    assert written[-3] == "."


@given(one=fen, other=fen)
def test_no_two_amounts_are_written_alike(one: int, other: int) -> None:
    assert (yuan_of(amount_minor=one) == yuan_of(amount_minor=other)) == (one == other)


@given(whole=st.integers(min_value=0, max_value=10**12), tenth=st.integers(0, 9))
def test_fewer_decimals_mean_the_same(whole: int, tenth: int) -> None:
    assert minor_of(yuan=f"{whole}") == minor_of(yuan=f"{whole}.00") == whole * 100
    assert minor_of(yuan=f"{whole}.{tenth}") == minor_of(yuan=f"{whole}.{tenth}0")


@pytest.mark.parametrize(
    ("written", "amount"),
    [("0.01", 1), ("0.29", 29), ("1.15", 115), ("8.2", 820), ("4.35", 435), ("100000000", 10**10)],
)
def test_amounts_that_a_float_would_not_keep(written: str, amount: int) -> None:
    assert minor_of(yuan=written) == amount


@pytest.mark.parametrize(
    "written",
    [
        "",
        ".",
        "1.",
        ".5",
        "-1.00",
        "+1.00",
        "1.001",
        "1e2",
        "NaN",
        "1,00",
        " 1.00",
        "1.00\n",
        "\uff11.00",
        "\u0663",
    ],
)
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"^[\s\S]*$"):
        minor_of(yuan=written)


@given(text=st.text())
def test_any_other_text_is_refused_and_nothing_else_happens(text: str) -> None:
    try:
        amount = minor_of(yuan=text)
    except ValueError:
        amount = -1

    assert amount >= -1
    assert (amount == -1) or Decimal(text) * 100 == amount
