"""Amounts as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.console.rules.amounts import metres_text, milli_text, share_text
from santong.kernel.money import money_text


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (123_450, "CNY", "¥1,234.50"),
        (0, "CNY", "¥0.00"),
        (5, "CNY", "¥0.05"),
        (-123_450, "CNY", "−¥1,234.50"),
        (100_000_000_000, "CNY", "¥1,000,000,000.00"),
        (9_900, "BRL", "R$99.00"),
        (1_500, "JPY", "JP¥1,500"),
        (1_500, "CHF", "CHF 15.00"),
    ],
)
def test_money_shows_every_minor_unit(minor: int, currency: str, shown: str) -> None:
    assert money_text(minor=minor, currency=currency) == shown


@given(minor=st.integers(min_value=0, max_value=10**15))
def test_no_minor_unit_is_lost(minor: int) -> None:
    shown = money_text(minor=minor, currency="CNY")

    assert int(shown.removeprefix("¥").replace(",", "").replace(".", "")) == minor


@pytest.mark.parametrize(
    ("milli", "shown"),
    [(1_214_499, "¥12.14"), (1_214_500, "¥12.15"), (-500, "−¥0.01"), (499, "¥0.00")],
)
def test_thousandths_are_rounded(milli: int, shown: str) -> None:
    assert milli_text(milli=milli, currency="CNY") == shown


@pytest.mark.parametrize(
    ("metres", "shown"),
    [
        (0, "0 m"),
        (999, "999 m"),
        (12_149, "12.1 km"),
        (99_999, "100.0 km"),
        (1_204_400, "1,204 km"),
    ],
)
def test_distances_have_as_many_digits_as_readers_use(metres: int, shown: str) -> None:
    assert metres_text(metres=metres) == shown


def test_a_share_of_nothing_is_a_dash() -> None:
    assert share_text(part=0, whole=0) == "–"
    assert share_text(part=973, whole=1_000) == "97.3 %"
