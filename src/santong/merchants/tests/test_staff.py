"""Staff, their roles, and who may give and take them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from santong.kernel import audit, tenancy
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.merchants import public as merchants
from santong.merchants.models import StaffUser
from santong.merchants.selectors.sessions import actor_of_staff
from santong.merchants.services.create_staff import one_time_password
from santong.merchants.tests.factories import make_brand, make_dealer, make_staff


@pytest.fixture
def places(merchant_id: int) -> tuple[int, int, int]:
    """Three places; that they exist is checked at the end of a transaction that never ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return 101, 102, 103


def actor_of(staff_id: int) -> tenancy.Actor:
    return actor_of_staff(person=StaffUser.objects.get(id=staff_id))


def test_somebody_new_has_a_one_time_password_and_may_do_nothing(
    merchant_id: int, now: datetime
) -> None:
    made = merchants.create_staff(merchant_id=merchant_id, login="Lin.Jing", name="林静", now=now)

    assert made.staff.login == "lin.jing"
    assert made.staff.must_change_password
    assert len(made.password) == 14
    assert actor_of(made.staff.id).permissions == frozenset()


def test_a_one_time_password_gives_no_permissions_until_it_is_changed(
    merchant_id: int, now: datetime
) -> None:
    made = merchants.create_staff(merchant_id=merchant_id, login="lin", name="林静", now=now)

    merchants.grant_role(
        merchant_id=merchant_id, staff_id=made.staff.id, role="head_office", now=now
    )

    assert actor_of(made.staff.id).permissions == frozenset()


def test_one_time_passwords_do_not_repeat() -> None:
    assert len({one_time_password() for _ in range(1000)}) == 1000


def test_a_log_in_name_is_taken_once_whatever_its_letters(merchant_id: int) -> None:
    make_staff(merchant_id, login="lin")

    with pytest.raises(merchants.CodeTaken):
        make_staff(merchant_id, login="LIN")


def test_a_grant_for_a_place_reaches_that_place(
    merchant_id: int, places: tuple[int, int, int]
) -> None:
    clerk = make_staff(merchant_id, role="clerk", location_id=places[0])

    actor = actor_of(clerk.id)

    assert actor.location_ids == frozenset({places[0]})
    assert actor.may("fulfilment.work")
    assert not actor.may("stock.adjust")


def test_a_grant_for_a_brand_reaches_the_places_that_it_has_now(
    merchant_id: int, places: tuple[int, int, int]
) -> None:
    brand, dealer = make_brand(merchant_id), make_dealer(merchant_id)
    operator = make_staff(merchant_id, role="store_manager", brand_id=brand.id)
    before = actor_of(operator.id).location_ids

    merchants.record_location_owners(
        merchant_id=merchant_id,
        owners=[
            merchants.LocationOwner(location_id=places[0], brand_id=brand.id),
            merchants.LocationOwner(location_id=places[1], dealer_id=dealer.id),
        ],
    )
    owned = actor_of(operator.id).location_ids
    merchants.record_location_owners(
        merchant_id=merchant_id, owners=[merchants.LocationOwner(location_id=places[0])]
    )
    after = actor_of(operator.id).location_ids

    assert (before, owned, after) == (frozenset(), frozenset({places[0]}), frozenset())


def test_a_dealers_people_reach_the_dealers_places(
    merchant_id: int, places: tuple[int, int, int]
) -> None:
    dealer = make_dealer(merchant_id)
    merchants.record_location_owners(
        merchant_id=merchant_id,
        owners=[merchants.LocationOwner(location_id=p, dealer_id=dealer.id) for p in places[:2]],
    )

    person = make_staff(merchant_id, role="dealer", dealer_id=dealer.id)

    assert actor_of(person.id).location_ids == frozenset(places[:2])


def test_granting_twice_is_granting_once(merchant_id: int, now: datetime) -> None:
    person = make_staff(merchant_id, role="finance")

    again = merchants.grant_role(
        merchant_id=merchant_id, staff_id=person.id, role="finance", now=now
    )

    assert merchants.grants_of(merchant_id=merchant_id, staff_id=person.id) == [again]


def test_a_grant_names_one_kind_of_part(merchant_id: int, now: datetime) -> None:
    person = make_staff(merchant_id, role=None)

    with pytest.raises(FieldInvalid):
        merchants.grant_role(
            merchant_id=merchant_id,
            staff_id=person.id,
            role="clerk",
            brand_id=1,
            location_id=1,
            now=now,
        )


def test_a_place_that_is_none_is_refused_by_name(merchant_id: int, now: datetime) -> None:
    person = make_staff(merchant_id, role=None)

    with pytest.raises(NoSuch) as refused:
        merchants.grant_role(
            merchant_id=merchant_id, staff_id=person.id, role="clerk", location_id=404, now=now
        )

    assert (refused.value.kind, refused.value.key) == ("location", "404")


@pytest.mark.parametrize("part", ["staff_id", "brand_id", "dealer_id"])
def test_a_part_of_another_merchant_is_unknown(
    new_merchant: Callable[..., int], now: datetime, part: str
) -> None:
    ours, theirs = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=theirs):
        foreign = {
            "staff_id": make_staff(theirs).id,
            "brand_id": make_brand(theirs).id,
            "dealer_id": make_dealer(theirs).id,
        }[part]

    def grant() -> None:
        with tenancy.scope(merchant_id=ours):
            wanted = {"staff_id": make_staff(ours, role=None).id, part: foreign}
            merchants.grant_role(merchant_id=ours, role="clerk", now=now, **wanted)

    with pytest.raises(NoSuch):
        grant()


def test_nobody_gives_what_they_do_not_have(merchant_id: int, now: datetime) -> None:
    person = make_staff(merchant_id, role=None)
    finance = actor_of(make_staff(merchant_id, role="finance").id)

    with tenancy.acting_as(finance), pytest.raises(merchants.MoreThanOwnPermissions) as refused:
        merchants.grant_role(merchant_id=merchant_id, staff_id=person.id, role="clerk", now=now)

    assert "fulfilment.work" in refused.value.permissions


def test_head_office_of_one_place_gives_roles_at_that_place_only(
    merchant_id: int, now: datetime, places: tuple[int, int, int]
) -> None:
    local = actor_of(make_staff(merchant_id, role="head_office", location_id=places[0]).id)
    person = make_staff(merchant_id, role=None)

    with tenancy.acting_as(local):
        grant = merchants.grant_role(
            merchant_id=merchant_id,
            staff_id=person.id,
            role="clerk",
            location_id=places[0],
            now=now,
        )
        with pytest.raises(merchants.MoreThanOwnPermissions):
            merchants.grant_role(
                merchant_id=merchant_id,
                staff_id=person.id,
                role="clerk",
                location_id=places[1],
                now=now,
            )

    assert grant.location_id == places[0]


@pytest.mark.parametrize("part", ["all", "brand"])
def test_head_office_of_one_place_gives_nothing_wider(
    merchant_id: int, now: datetime, places: tuple[int, int, int], part: str
) -> None:
    local = actor_of(make_staff(merchant_id, role="head_office", location_id=places[0]).id)
    person = make_staff(merchant_id, role=None)
    brand_id = make_brand(merchant_id).id if part == "brand" else None

    with tenancy.acting_as(local), pytest.raises(merchants.MoreThanOwnPermissions):
        merchants.grant_role(
            merchant_id=merchant_id,
            staff_id=person.id,
            role="clerk",
            brand_id=brand_id,
            now=now,
        )


def test_who_may_reset_passwords_cannot_become_somebody_greater(
    merchant_id: int, now: datetime, places: tuple[int, int, int]
) -> None:
    local = actor_of(make_staff(merchant_id, role="head_office", location_id=places[0]).id)
    chief = make_staff(merchant_id, role="head_office")

    with tenancy.acting_as(local), pytest.raises(merchants.MoreThanOwnPermissions):
        merchants.reset_password(
            merchant_id=merchant_id, staff_id=chief.id, reason="curious", now=now
        )


def test_who_manages_a_place_cannot_disable_somebody_greater(
    merchant_id: int, now: datetime, places: tuple[int, int, int]
) -> None:
    local = actor_of(make_staff(merchant_id, role="head_office", location_id=places[0]).id)
    chief = make_staff(merchant_id, role="head_office")

    with tenancy.acting_as(local), pytest.raises(merchants.MoreThanOwnPermissions):
        merchants.update_staff(
            merchant_id=merchant_id,
            staff_id=chief.id,
            is_active=False,
            expected_version=1,
            now=now,
        )


def test_the_last_head_office_stays(merchant_id: int, now: datetime) -> None:
    chief = make_staff(merchant_id, role="head_office")
    (grant,) = merchants.grants_of(merchant_id=merchant_id, staff_id=chief.id)

    with pytest.raises(merchants.LastHeadOffice):
        merchants.revoke_role(merchant_id=merchant_id, grant_id=grant.id, reason="leaves", now=now)


def test_the_last_head_office_is_not_disabled(merchant_id: int, now: datetime) -> None:
    chief = make_staff(merchant_id, role="head_office")

    with pytest.raises(merchants.LastHeadOffice):
        merchants.update_staff(
            merchant_id=merchant_id,
            staff_id=chief.id,
            is_active=False,
            expected_version=1,
            now=now,
        )


def test_a_clerk_can_be_disabled_where_nobody_is_head_office(
    merchant_id: int, now: datetime
) -> None:
    clerk = make_staff(merchant_id, role="clerk")

    changed = merchants.update_staff(
        merchant_id=merchant_id, staff_id=clerk.id, is_active=False, expected_version=1, now=now
    )

    assert not changed.is_active


def test_two_who_take_head_office_from_each_other_at_once_do_not_both_succeed(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        grant_ids = [
            merchants.grants_of(merchant_id=merchant, staff_id=make_staff(merchant).id)[0].id
            for _ in range(4)
        ]

    def revoke(grant_id: int) -> Callable[[], None]:
        def run() -> None:
            with tenancy.scope(merchant_id=merchant):
                merchants.revoke_role(
                    merchant_id=merchant, grant_id=grant_id, reason="race", now=now
                )

        return run

    answers = at_once(*[revoke(grant_id) for grant_id in grant_ids])

    assert answers.count(None) == 3
    assert [type(answer) for answer in answers].count(merchants.LastHeadOffice) == 1
    with tenancy.scope(merchant_id=merchant):
        assert merchants.check_invariants(merchant_id=merchant) == []


def test_a_role_that_is_taken_is_gone_with_the_next_look(merchant_id: int, now: datetime) -> None:
    make_staff(merchant_id, role="head_office")
    person = make_staff(merchant_id, role="finance")
    (grant,) = merchants.grants_of(merchant_id=merchant_id, staff_id=person.id)

    merchants.revoke_role(merchant_id=merchant_id, grant_id=grant.id, reason="moved", now=now)

    assert actor_of(person.id).permissions == frozenset()
    trail = audit.trail_of(merchant_id=merchant_id, subject="staff", subject_ids=[person.id])
    assert [entry.action for entry in trail] == [
        "merchants.grant_role",
        "merchants.revoke_role",
    ]


def test_doctor_finds_a_merchant_that_nobody_can_manage(merchant_id: int, now: datetime) -> None:
    make_staff(merchant_id, role="clerk")

    (finding,) = merchants.check_invariants(merchant_id=merchant_id)

    assert finding.rule == "somebody can manage the merchant"


def test_whoever_signed_is_called_by_name_in_two_queries_however_many_they_are(
    new_merchant: Callable[..., int], now: datetime
) -> None:
    merchant_id, stranger = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=stranger):
        foreign = make_staff(stranger, name="邻居")
    with tenancy.scope(merchant_id=merchant_id):
        people = [make_staff(merchant_id, name=f"林静 {number}") for number in range(5)]
        program = merchants.create_token(
            merchant_id=merchant_id,
            staff_id=people[0].id,
            name="till 7",
            permissions=["stock.view"],
            now=now,
        ).token
    others = ["system:system", "buyer:1", "staff:林静", f"staff:{'9' * 40}", "staff:", ""]

    with tenancy.scope(merchant_id=merchant_id), CaptureQueriesContext(connection) as asked:
        found = merchants.names_by_signature(
            merchant_id=merchant_id,
            signatures=[
                *(f"staff:{person.id}" for person in people),
                f"token:{program.id}",
                f"staff:{foreign.id}",
                *others,
            ],
        )

    assert len(asked) == 2
    assert found == {
        **{f"staff:{person.id}": person.name for person in people},
        f"token:{program.id}": "till 7",
    }
