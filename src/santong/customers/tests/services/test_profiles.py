"""Profiles: corrected, revealed for a reason, and found by the day of birth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from santong.customers import public as customers
from santong.customers.contracts import Profile
from santong.customers.selectors.birthdays import BORN_ON
from santong.customers.tests.factories import NOW, WANG, make_person, new_phone
from santong.kernel import audit, tenancy
from santong.kernel.actors import Actor
from santong.kernel.errors import FieldInvalid, PermissionMissing


def born(month: int, day: int) -> Profile:
    return Profile(birthday=date(1990, month, day))


def birthdays(merchant_id: int, *, after_id: int = 0, limit: int = 10) -> list[int]:
    return customers.birthdays_on(
        merchant_id=merchant_id, month=5, day=17, after_id=after_id, limit=limit
    )


def test_a_profile_is_corrected_and_the_trail_says_what_not_how(merchant_id: int) -> None:
    person_id = make_person(merchant_id=merchant_id)

    shown = customers.correct_profile(
        merchant_id=merchant_id,
        person_id=person_id,
        profile=Profile(name="李小明", birthday=date(1990, 5, 18)),
        now=NOW,
    )

    assert (shown.name, shown.birthday, shown.city) == ("李**", "****-05-18", "杭州市")
    (line,) = audit.trail_of(merchant_id=merchant_id, subject="person", subject_ids=[person_id])
    assert line.after == {"changed": ["name", "birthday"]}


@pytest.mark.parametrize(
    "profile",
    [
        Profile(name="x" * 121),
        Profile(name="a\x00b"),
        Profile(address="\ud800"),
        Profile(birthday=date(1700, 1, 1)),
        Profile(birthday=date(2090, 1, 1)),
    ],
)
def test_a_profile_of_nobody_is_refused(merchant_id: int, profile: Profile) -> None:
    with pytest.raises(FieldInvalid):
        make_person(merchant_id=merchant_id, profile=profile)


def test_clear_text_needs_a_permission_and_a_reason(merchant_id: int) -> None:
    phone = new_phone()
    person_id = make_person(merchant_id=merchant_id, identifiers=[phone])

    revealed = customers.reveal_person(
        merchant_id=merchant_id, person_id=person_id, reason="asked to be called", now=NOW
    )

    assert revealed.profile == WANG
    assert [one.value for one in revealed.identifiers] == [f"+86{phone.value}"]
    (line,) = audit.trail_of(merchant_id=merchant_id, subject="person", subject_ids=[person_id])
    assert (line.action, line.reason) == ("customers.reveal_person", "asked to be called")
    clerk = Actor(kind="staff", id="1", name="clerk")
    with tenancy.acting_as(clerk), pytest.raises(PermissionMissing):
        customers.reveal_person(
            merchant_id=merchant_id, person_id=person_id, reason="curious", now=NOW
        )


def test_birthdays_are_found_page_by_page(merchant_id: int) -> None:
    ids = [make_person(merchant_id=merchant_id, profile=born(5, 17)) for _ in range(5)]
    make_person(merchant_id=merchant_id, profile=born(5, 18))
    make_person(merchant_id=merchant_id, profile=None)

    assert birthdays(merchant_id, limit=3) == ids[:3]
    assert birthdays(merchant_id, after_id=ids[2]) == ids[3:]


def test_one_person_has_one_birthday(merchant_id: int) -> None:
    blank, first, second = (
        make_person(merchant_id=merchant_id, profile=profile)
        for profile in (replace(WANG, birthday=None), born(5, 17), born(5, 17))
    )
    other = make_person(merchant_id=merchant_id, profile=born(1, 1))
    wrong = make_person(merchant_id=merchant_id, profile=born(5, 17))
    for kept, gone in ((blank, first), (blank, second), (other, wrong)):
        customers.merge(
            merchant_id=merchant_id, first_id=kept, second_id=gone, reason="same", now=NOW
        )

    assert birthdays(merchant_id) == [blank]


def test_birthdays_are_read_from_an_index_alone(merchant_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_person (id, merchant_id, state, current_id, key_sealed,
              profile_sealed, birth_month, birth_day, source, created_at)
            SELECT 7000000 + n, %s, 'active', 7000000 + n, '', '', 1 + n %% 12, 1 + n %% 28,
              'test', now()
            FROM generate_series(1, 30000) AS n
            """,
            [merchant_id],
        )
        asked = {"merchant": merchant_id, "month": 5, "day": 17, "after": 0, "limit": 200}
        # Nobody has counted these rows for the planner; what it would have to sort is no index's.
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {BORN_ON}", asked)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "persons_by_day_of_birth" in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan
    assert len(birthdays(merchant_id, limit=30_000)) == 357
