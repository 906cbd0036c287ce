"""What a row of another system says, or what is wrong with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from santong.membership.contracts import ImportProblem, ImportRow, OpeningLot
from santong.membership.rules.import_files import FileUnreadable, Part, parts
from santong.membership.rules.import_rows import read_row

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
HERE = ZoneInfo("Asia/Shanghai")
PHONE = "13800000000"


def read(**cells: str) -> tuple[ImportRow | None, list[ImportProblem]]:
    return read_row({"phone": PHONE, **cells}, line=2, zone=HERE, now=NOW)


def test_a_whole_row_is_read() -> None:
    row, problems = read(
        name="王小明",
        birthday="1990/05/17",
        gender="女",
        card_number="vip-007",
        tier="gold",
        tier_until="2027-12-31",
        points="100@2026-12-31; 20",
        experience="5000",
        joined_at="2020-01-02",
        last_active_at="2026-11-01 10:00",
    )

    assert problems == []
    assert row == ImportRow(
        line=2,
        phone="+8613800000000",
        name="王小明",
        birthday=date(1990, 5, 17),
        gender="female",
        card_number="VIP-007",
        tier="gold",
        tier_until=datetime(2027, 12, 31, 16, tzinfo=UTC),
        lots=(
            OpeningLot(points=100, expires_at=datetime(2026, 12, 31, 16, tzinfo=UTC)),
            OpeningLot(points=20, expires_at=None),
        ),
        experience=5000,
        joined_at=datetime(2020, 1, 1, 16, tzinfo=UTC),
        last_active_at=datetime(2026, 11, 1, 2, tzinfo=UTC),
    )
    assert row.points == 120


def test_points_without_a_day_of_their_own_end_with_the_rows_day() -> None:
    row, _ = read(points="30", points_expire_on="2026-12-31")

    assert row is not None
    assert row.lots == (OpeningLot(points=30, expires_at=datetime(2026, 12, 31, 16, tzinfo=UTC)),)


def test_nothing_is_read_as_nothing() -> None:
    row, problems = read(points="0", experience="", card_number=" ")

    assert problems == []
    assert row == ImportRow(line=2, phone="+8613800000000")


@pytest.mark.parametrize(
    "number", ["13800000000", "+8613912345678", "139 1234 5678", "VIP-13912345678"]
)
def test_a_card_that_is_known_by_a_telephone_number_gets_one_of_ours(number: str) -> None:
    row, problems = read(card_number=number)

    assert problems == []
    assert row is not None
    assert row.card_number == ""


class Wrong(NamedTuple):
    column: str
    text: str


WRONG = [
    Wrong("phone", ""),
    Wrong("phone", "12"),
    Wrong("birthday", "1990-13-01"),
    Wrong("birthday", "2030-01-01"),
    Wrong("gender", "x"),
    Wrong("card_number", "a b"),
    Wrong("tier", "g" * 41),
    Wrong("name", "王\0"),
    Wrong("points", "-1"),
    Wrong("points", "1.5"),
    Wrong("points", "1e3"),
    Wrong("points", "9999999999999"),
    Wrong("points", "10@2026-11-10"),
    Wrong("points", "10@soon"),
    Wrong(
        "points",
        ";".join(f"1@2027-01-{day:02}" for day in range(1, 32))
        + ";"
        + ";".join(f"1@2027-03-{day:02}" for day in range(1, 32)),
    ),
    Wrong("tier_until", "9999-12-31"),
    Wrong("experience", "\N{FULLWIDTH DIGIT ONE}"),
    Wrong("joined_at", "2030-01-01"),
    Wrong("last_active_at", "yesterday"),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.column} {wrong.text[:20]!r}")
def test_what_is_wrong_is_told_by_line_and_column_and_not_repeated(wrong: Wrong) -> None:
    row, problems = read(**{wrong.column: wrong.text})

    assert row is None
    assert [(problem.line, problem.column) for problem in problems] == [(2, wrong.column)]
    assert not wrong.text or wrong.text not in problems[0].reason


def read_file(text: str, *, at_once: int = 2) -> list[Part]:
    lines = text.splitlines(keepends=True)
    return list(parts(lines, at_once=at_once, zone=HERE, now=NOW))


def test_a_file_is_read_in_parts_and_what_stands_twice_is_set_aside() -> None:
    found = read_file(
        "phone,card_number\n"
        "13800000000,A1\n"
        "13800000001,A2\n"
        "+86 138 0000 0000,A3\n"
        "13800000003,a2\n"
        "13800000004,A5\n"
    )

    assert [part.first_line for part in found] == [2, 4, 6]
    assert [[row.line for row in part.rows] for part in found] == [[2, 3], [], [6]]
    assert [(p.line, p.column) for part in found for p in part.problems] == [
        (4, "phone"),
        (5, "card_number"),
    ]


def test_a_row_with_too_few_or_too_many_cells_is_set_aside() -> None:
    (part,) = read_file("phone,name\n13800000000\n13800000001,A,B\n", at_once=10)

    assert [problem.line for problem in part.problems] == [2, 3]
    assert part.rows == []


@pytest.mark.parametrize("head", ["", "name", "phone,colour", 'phone\n"13800000000'])
def test_a_file_that_makes_no_sense_is_refused_whole(head: str) -> None:
    with pytest.raises(FileUnreadable):
        read_file(f"{head}\n")
