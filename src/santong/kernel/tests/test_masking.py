"""How personal data looks to whoever has not given a reason to see it."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from santong.kernel.masking import (
    masked_address,
    masked_name,
    masked_note,
    masked_phone,
    phone_key,
)


class Case(NamedTuple):
    name: str
    plain: str
    shown: str


NAMES = [
    Case("three letters", "王小明", "王**"),
    Case("two letters", "王明", "王**"),
    Case("one letter is hidden whole", "王", "**"),
    Case("a compound surname", "欧阳娜娜", "欧**"),
    Case("a western name", "John Smith", "J**"),
    Case("spaces around", " 李 雷 ", "李**"),
    Case("no name", "", ""),
    Case("only spaces", "  ", ""),
]

PHONES = [
    Case("a mobile number", "13800138000", "138****8000"),
    Case("with spaces", "138 0013 8000", "138****8000"),
    Case("with country code", "+86 138-0013-8000", "138****8000"),
    Case("with country code dialled", "008613800138000", "138****8000"),
    Case("with country code run together", "8613800138000", "138****8000"),
    Case(
        "in full-width digits",
        "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10",
        "138****8000",
    ),
    Case("a landline with area code", "021-61234567", "021****4567"),
    Case("a hotline", "400-820-8820", "40******20"),
    Case("an American number", "+1 415 555 2671", "+141****2671"),
    Case("a number in Hong Kong", "+852 9123 4567", "+852****4567"),
    Case("a short foreign number", "+45 1234", "****34"),
    Case("a marketplace's number with extension", "18411111111-1234", "184********1234"),
    Case("a service number is hidden whole", "95588", "*****"),
    Case("words instead of a number", "看备注", "****"),
    Case("no number", "", ""),
]

ADDRESSES = [
    Case("down to the district", "浙江省|杭州市|西湖区|文三路 90 号", "浙江省杭州市西湖区***"),
    Case("a city that is its own province", "上海市|上海市|浦东新区|x", "上海市浦东新区***"),
    Case("without a district", "海南省|三沙市||永兴岛", "海南省三沙市***"),
    Case("abroad", "SP|São Paulo||Rua Augusta 1", "SP, São Paulo ***"),
    Case("nothing to hide", "浙江省|杭州市||", "浙江省杭州市"),
]

NOTES = [
    Case("a number in a note", "到了打 138 0013 8000", "到了打 *************"),
    Case("a room is no way to find anybody", "12 楼 1203", "12 楼 1203"),
    Case("no number", "请放门口", "请放门口"),
]


def digits_of(number: str) -> str:
    return phone_key(number).removeprefix("+")


digits = st.text(alphabet="0123456789", min_size=0, max_size=20)


@pytest.mark.parametrize("case", NAMES, ids=lambda case: case.name)
def test_masked_name(case: Case) -> None:
    assert masked_name(case.plain) == case.shown


@pytest.mark.parametrize("case", PHONES, ids=lambda case: case.name)
def test_masked_phone(case: Case) -> None:
    assert masked_phone(case.plain) == case.shown


@pytest.mark.parametrize("case", ADDRESSES, ids=lambda case: case.name)
def test_masked_address(case: Case) -> None:
    province, city, district, address = case.plain.split("|")

    shown = masked_address(province=province, city=city, district=district, address=address)

    assert shown == case.shown


@pytest.mark.parametrize("case", NOTES, ids=lambda case: case.name)
def test_masked_note(case: Case) -> None:
    assert masked_note(case.plain) == case.shown


@given(number=digits)
def test_at_least_four_digits_of_a_number_are_hidden_or_all_of_them(number: str) -> None:
    shown = masked_phone(number)

    hidden = shown.count("*")
    assert hidden >= min(4, len(digits_of(number)))


@given(number=digits)
def test_a_masked_number_shows_as_many_places_as_the_number_has(number: str) -> None:
    assume(digits_of(number))

    assert len(masked_phone(number).lstrip("+")) == len(digits_of(number))


@given(name=st.text(min_size=0, max_size=30))
def test_a_masked_name_gives_away_one_letter_at_most(name: str) -> None:
    shown = masked_name(name)

    assert len(shown.replace("**", "", 1)) <= 1


@pytest.mark.parametrize(
    "writing", ["13800138000", "138 0013 8000", "+86 138 0013 8000", "0086-13800138000"]
)
def test_one_number_has_one_key_however_it_is_written(writing: str) -> None:
    assert phone_key(writing) == "13800138000"


def test_a_number_abroad_is_not_a_number_at_home() -> None:
    assert phone_key("+13800138000") != phone_key("13800138000")
