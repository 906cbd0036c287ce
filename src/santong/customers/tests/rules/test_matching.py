"""Who may be the same person."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import pytest

from santong.customers.contracts import Gender, Profile
from santong.customers.rules.matching import Known, Match, compare, matches
from santong.customers.tests.factories import WANG

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋艳勇杰娟涛超明霞平刚桂英华兰飞玲辉建文斌"
GENDERS: list[Gender] = ["female", "male"]
CITIES = ["上海市", "杭州市", "北京市", "广州市", "成都市"]
STREETS = ["文三路", "南京西路", "中山北路", "人民路", "解放大道", "延安中路"]


class Case(NamedTuple):
    name: str
    other: Profile
    field: str
    found: str
    at_least: int
    at_most: int


CASES = [
    Case("the same name", WANG, "name", "same", 400, 1_200),
    Case("one letter differs", replace(WANG, name="王晓明"), "name", "alike", 300, 300),
    Case("another name", replace(WANG, name="李雷"), "name", "different", -1_300, -1_300),
    Case("no name", replace(WANG, name=""), "name", "unknown", 0, 0),
    Case("the same birthday", WANG, "birthday", "same", 1_400, 1_400),
    Case(
        "a slip of the finger",
        replace(WANG, birthday=date(1990, 5, 18)),
        "birthday",
        "one digit differs",
        400,
        400,
    ),
    Case(
        "another birthday",
        replace(WANG, birthday=date(1985, 1, 2)),
        "birthday",
        "different",
        -500,
        -500,
    ),
    Case("the same address", WANG, "address", "same", 1_000, 1_000),
    Case(
        "the same address in another writing",
        replace(WANG, address="文三路90号3幢1201室"),
        "address",
        "same",
        1_000,
        1_000,
    ),
    Case(
        "another room",
        replace(WANG, address="文三路 90 号 3 幢 1202 室"),
        "address",
        "different",
        -100,
        -100,
    ),
    Case("another city", replace(WANG, city="上海市"), "address", "another city", -100, -100),
    Case(
        "only the city",
        Profile(name="王小明", city="杭州市"),
        "address",
        "same city",
        100,
        100,
    ),
    Case("another gender", replace(WANG, gender="female"), "gender", "different", -400, -400),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_field_says(case: Case) -> None:
    found, weight = compare(WANG, case.other, frequency={"王小明": 2}, total=9_000)[case.field]

    assert found == case.found
    assert case.at_least <= weight <= case.at_most


def test_a_rare_name_says_more_than_a_common_one() -> None:
    def weight(times: int) -> int:
        return compare(WANG, WANG, frequency={"王小明": times}, total=10_000)["name"][1]

    assert weight(2) > weight(40) > weight(4_000)


def stranger(dice: random.Random) -> Profile:
    return Profile(
        name=dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, 2)),
        birthday=date(1950, 1, 1) + timedelta(days=dice.randrange(20_000)),
        gender=dice.choice(GENDERS),
        city=dice.choice(CITIES),
        district="中心区",
        address=f"{dice.choice(STREETS)} {dice.randrange(1, 999)} 号 {dice.randrange(1, 60)} 室",
    )


def slipped(profile: Profile, dice: random.Random) -> Profile:
    """The same person, entered once more by somebody else."""
    born = profile.birthday
    assert born is not None
    return dice.choice(
        [
            replace(profile, address=profile.address.replace(" ", "")),
            replace(profile, name=profile.name[:2] + dice.choice(GIVEN)),
            replace(profile, address="", city="", district=""),
            replace(profile, birthday=None),
            replace(profile, birthday=born.replace(day=born.day % 9 + 1), gender=""),
        ]
    )


def test_planted_doubles_are_found_and_strangers_are_not() -> None:
    dice = random.Random(11)
    people = [stranger(dice) for _ in range(5_000)]
    doubles = {number: slipped(people[number], dice) for number in range(0, 2_000, 10)}
    known = [Known(person_id=number, profile=each) for number, each in enumerate(people)]
    known += [Known(person_id=10_000 + number, profile=each) for number, each in doubles.items()]

    found = {(match.first_id, match.second_id) for match in matches(known)}

    planted = {(number, 10_000 + number) for number in doubles}
    assert len(found & planted) >= 0.9 * len(planted)
    assert len(found - planted) <= 0.02 * len(planted)


def test_a_household_is_not_one_person() -> None:
    people = [
        replace(WANG, name=name, birthday=born)
        for name, born in (
            ("王小明", date(1990, 5, 17)),
            ("李晓红", date(1991, 3, 2)),
            ("王天天", date(2015, 9, 9)),
        )
    ]

    assert matches([Known(person_id=n, profile=each) for n, each in enumerate(people)]) == []


def test_an_address_that_hundreds_share_makes_nobody_alike() -> None:
    dice = random.Random(7)
    people = [
        replace(stranger(dice), city="上海市", district="黄浦区", address="人民大道 1 号")
        for _ in range(300)
    ]

    assert matches([Known(person_id=n, profile=each) for n, each in enumerate(people)]) == []


def test_twins_are_two() -> None:
    people = [WANG, replace(WANG, name="王大明")]
    other = replace(WANG, name="王思远")

    assert matches([Known(person_id=n, profile=each) for n, each in enumerate([WANG, other])]) == []
    assert len(matches([Known(person_id=n, profile=each) for n, each in enumerate(people)])) == 1


def test_two_entries_of_one_name_are_proposed_once_with_their_reasons() -> None:
    people = [Known(person_id=n, profile=WANG) for n in (9, 4)]

    (match,) = matches(people)

    assert isinstance(match, Match)
    assert (match.first_id, match.second_id) == (4, 9)
    assert match.score == sum(weight for _, weight in match.reasons.values())
    assert {name: word for name, (word, _) in match.reasons.items()} == {
        "name": "same",
        "birthday": "same",
        "address": "same",
        "gender": "same",
    }
