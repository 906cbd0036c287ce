"""Anniversaries are found along an index, page by page."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection, connections
from pytest_django.plugin import DjangoDbBlocker

from santong.kernel import cells, tenancy
from santong.membership import public as membership
from santong.membership.models import Member
from santong.membership.selectors.anniversaries import JOINED_ON
from santong.membership.services.note_joining_days import note_joining_days
from santong.membership.tests.factories import make_member
from santong.merchants import public as merchants

MANY = 40_000
NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
# Every day of eight years, two of them leap years.
_MANY = """
INSERT INTO membership_member
  (merchant_id, number, person_id, state, joined_at, joined_by, changed_at, joined_day)
SELECT %(merchant)s, 'A' || n, 5000000 + n, 'active', m.joined_at, 'import', now(),
  to_char(m.joined_at AT TIME ZONE 'Asia/Shanghai', 'MMDD')::smallint
FROM generate_series(1, %(many)s) AS n, LATERAL (
  SELECT timestamptz '2016-01-01 00:30+08' + (n %% 2922) * interval '1 day' AS joined_at
) AS m
"""


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> int:
    """A merchant with many members, whom the planner knows of.

    It is in the cell where few tests are: its members are not taken away again, for to find out
    that nothing refers to any of them takes ten times as long as to make them.
    """
    with django_db_blocker.unblock():
        cells.forget()
        home = next(known for known in cells.all_cells() if known.name == "second")
        code = f"many-{uuid.uuid4().hex[:12]}"
        merchant_id = cells.register_merchant(code=code, cell=home)
        with tenancy.scope(merchant_id=merchant_id), connection.cursor() as cursor:
            merchants.open_merchant(
                merchant_id=merchant_id, code=code, name="测试商家", currency="CNY", now=NOW
            )
            cursor.execute(_MANY, {"merchant": merchant_id, "many": MANY})
        with connections["owner"].cursor() as cursor:
            cursor.execute(f'ANALYZE "{home.schema}".membership_member')
    return merchant_id


@pytest.fixture
def many(built: int, database: None) -> Iterator[int]:
    """The merchant with many members, its scope open."""
    with tenancy.scope(merchant_id=built):
        yield built


def page(merchant_id: int, month: int, day: int, *, after: int = 0, limit: int = 100) -> list[int]:
    return membership.members_joined_on(
        merchant_id=merchant_id, month=month, day=day, after_id=after, limit=limit
    )


def test_the_day_is_read_from_an_index_alone(many: int) -> None:
    asked = {"merchant": many, "after": 0, "day": 1111, "limit": 200}

    with connection.cursor() as cursor:
        # Whatever was counted for the planner: what it would have to sort is no index's.
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {JOINED_ON}", asked)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "members_by_day_of_joining" in plan
    assert "joined_day = '1111'" in plan.partition("Index Cond")[2]
    assert "Sort" not in plan
    assert "Seq Scan" not in plan


def test_pages_follow_one_another_and_miss_nobody(many: int) -> None:
    found: list[int] = []
    pages = 0
    while some := page(many, 11, 11, after=found[-1] if found else 0, limit=10):
        assert len(some) <= 10
        found += some
        pages += 1

    assert found == sorted(set(found))
    assert found == page(many, 11, 11, limit=MANY)
    # Eight years of 2,922 days, forty thousand times.
    assert 100 <= len(found) <= 120
    assert pages == -(-len(found) // 10)


def test_a_leap_day_is_a_day_of_its_own(many: int) -> None:
    found = page(many, 2, 29, limit=MANY)

    members = membership.members_by_id(merchant_id=many, member_ids=found)
    # Half past midnight in China is the day before in UTC.
    assert {(each.joined_at.month, each.joined_at.day) for each in members.values()} == {(2, 28)}
    assert 26 <= len(found) <= 30


def test_the_day_is_that_of_china_and_members_of_before_get_theirs(merchant_id: int) -> None:
    half_past_midnight = datetime(2024, 2, 28, 16, 30, tzinfo=UTC)
    mine, other = (make_member(merchant_id=merchant_id).member for _ in range(2))
    Member.objects.of_merchant(merchant_id).filter(id=mine.id).update(
        joined_at=half_past_midnight, joined_day=None
    )

    noted = [note_joining_days(merchant_id=merchant_id, limit=10) for _ in range(2)]

    assert noted == [1, 0]
    assert page(merchant_id, 2, 29) == [mine.id]
    assert page(merchant_id, 2, 28) == []
    # Who joins from now on has the day at once: it was noon of 11 November in China.
    assert page(merchant_id, 11, 11) == [other.id]


def test_of_many_who_note_at_once_each_row_is_noted_once(
    merchant: int, at_once: Callable[..., list[int]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        for _ in range(20):
            make_member(merchant_id=merchant)
        Member.objects.of_merchant(merchant).update(joined_day=None)

    def note() -> int:
        with tenancy.scope(merchant_id=merchant):
            return note_joining_days(merchant_id=merchant, limit=7)

    noted = at_once(*[note] * 4)

    assert sum(noted) + sum(at_once(*[note] * 3)) == 20
    with tenancy.scope(merchant_id=merchant):
        assert len(page(merchant, 11, 11)) == 20
