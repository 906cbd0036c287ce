"""Barcodes: check digits, one form for one number, and what is wrong with the rest."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from santong.catalog.rules.barcodes import (
    GTIN_LENGTHS,
    Barcode,
    Wrong,
    check_digit,
    normal_form,
    read,
    read_gtin,
    read_internal,
)

PRODUCTS = Path(settings.SANTONG_SHARED or "nowhere") / "data/catalogue/gtin_products.csv.gz"

digits = st.text("0123456789", min_size=7, max_size=13)
gtins = st.sampled_from(sorted(GTIN_LENGTHS)).flatmap(
    lambda length: (
        st.text("0123456789", min_size=length - 1, max_size=length - 1)
        .filter(lambda body: body.strip("0") != "")
        .map(lambda body: body + check_digit(body))
    )
)


class Case(NamedTuple):
    text: str
    value: str
    kind: str = "gtin"


# The first four are the examples of the GS1 General Specifications and of well-known goods.
GOOD = [
    Case("9501101530003", "09501101530003"),
    Case("614141007349", "00614141007349"),
    Case("40170725", "00000040170725"),
    Case("10614141000415", "10614141000415"),
    Case("6901028315005", "06901028315005"),
    Case("036000291452", "00036000291452"),
    Case(" 0036000291452 ", "00036000291452"),
    Case("2012345678903", "02012345678903", "in_store"),
    Case("2912345678906", "02912345678906", "in_store"),
    Case("0212345678909", "00212345678909", "in_store"),
    Case("212345678909", "00212345678909", "in_store"),
    Case("0412345678903", "00412345678903", "in_store"),
    Case("20000004", "00000020000004", "in_store"),
    Case("SH-77 / B", "SH-77 / B", "internal"),
    Case("X", "X", "internal"),
]

WRONG = [
    ("", "empty", ""),
    ("   ", "empty", ""),
    ("4006381333930", "check_digit", "1"),
    ("036000291450", "check_digit", "2"),
    ("12345", "length", ""),
    ("12345678901", "length", ""),
    ("123456789012345", "length", ""),
    ("00000000", "zero", ""),
    ("0000000000000", "zero", ""),
    ("4006381٣33931", "letters", ""),
    ("衣服", "letters", ""),
    ("a\tb", "letters", ""),
    ("a\x00", "letters", ""),
    ("a\ud800", "letters", ""),
    ("A" * 49, "length", ""),
]


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.text.strip())
def test_a_good_code_has_its_normal_form_and_kind(case: Case) -> None:
    assert read(case.text) == Barcode(case.value, case.text.strip(), case.kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "reason", "expected"), WRONG, ids=lambda part: ascii(part)[:20])
def test_what_is_wrong_is_named(text: str, reason: str, expected: str) -> None:
    found = read(text)

    assert isinstance(found, Wrong)
    assert (found.reason, found.expected) == (reason, expected)


def test_a_code_of_ones_own_may_be_digits_that_are_no_gtin() -> None:
    assert read_internal("4006381333930") == Barcode("4006381333930", "4006381333930", "internal")
    assert read_internal("12345") == Barcode("12345", "12345", "internal")


def test_a_code_of_ones_own_must_not_pass_for_a_gtin() -> None:
    assert read_internal("4006381333931") == Wrong("4006381333931", "reads_as_gtin")


@given(body=digits)
def test_a_completed_number_completes_to_itself(body: str) -> None:
    whole = body + check_digit(body)

    assert check_digit(whole[:-1]) == whole[-1]


@given(gtin=gtins, place=st.integers(0, 13), other=st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(gtin: str, place: int, other: int) -> None:
    at = place % len(gtin)
    changed = gtin[:at] + str((int(gtin[at]) + other) % 10) + gtin[at + 1 :]

    assert isinstance(read_gtin(changed), Wrong)


@given(gtin=gtins)
def test_zeros_in_front_make_no_difference(gtin: str) -> None:
    spellings = [gtin.zfill(length) for length in sorted(GTIN_LENGTHS) if length >= len(gtin)]

    assert {normal_form(spelling) for spelling in spellings} == {gtin.zfill(14)}


@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = read(text)

    assert isinstance(found, Wrong) or normal_form(found.printed) == found.value


@pytest.mark.skipif(
    not PRODUCTS.is_file(), reason="the published product list is not on this machine"
)
def test_the_defects_of_a_published_list_are_all_found() -> None:
    with gzip.open(PRODUCTS, "rt", encoding="utf-8", newline="") as file:
        codes = [row["barcode"] for row in csv.DictReader(file)]

    found = [read(code) for code in codes]

    assert len(codes) == 115_662
    assert Counter(each.reason for each in found if isinstance(each, Wrong)) == {
        "check_digit": 960,
        "length": 560,
    }
    assert Counter(each.kind for each in found if isinstance(each, Barcode)) == {
        "gtin": 101_673,
        "in_store": 12_469,
    }
    # 12 codes stand there twice; ten more are the same number in another length.
    values = [each.value for each in found if isinstance(each, Barcode)]
    assert len(codes) - len(set(codes)) == 12
    assert len(values) - len(set(values)) == 22
