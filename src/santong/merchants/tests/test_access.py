"""What grants add up to, and what a token can have of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.tenancy import Actor
from santong.merchants.rules.access import GrantedRole, access_of, exceeds, limited_to
from santong.merchants.rules.permissions import PERMISSIONS, ROLES

places = st.none() | st.frozensets(st.integers(min_value=1, max_value=6), max_size=4)
grants = st.lists(st.builds(GrantedRole, st.sampled_from(ROLES), places), max_size=5)
wanted = st.frozensets(st.sampled_from(sorted(PERMISSIONS)))


def test_a_clerk_here_who_is_manager_there_is_manager_there_only() -> None:
    access = access_of(
        [GrantedRole("clerk", frozenset({1})), GrantedRole("store_manager", frozenset({2}))]
    )

    assert access.places_by_permission["stock.adjust"] == frozenset({2})
    assert access.places_by_permission["stock.count"] == frozenset({1, 2})
    assert access.places == frozenset({1, 2})


def test_a_role_for_all_reaches_everywhere_with_its_own_permissions_only() -> None:
    access = access_of([GrantedRole("clerk", frozenset({1})), GrantedRole("finance", None)])

    assert access.places_by_permission["payments.view"] is None
    assert access.places_by_permission["stock.count"] == frozenset({1})
    assert access.places is None


def test_a_brand_without_places_reaches_nothing() -> None:
    access = access_of([GrantedRole("store_manager", frozenset())])

    assert access.places == frozenset()
    assert access.places_by_permission["stock.adjust"] == frozenset()


def test_without_grants_nothing_is_allowed() -> None:
    access = access_of([])

    assert access.permissions == frozenset()
    assert access.places == frozenset()


def test_a_role_that_is_no_longer_known_gives_nothing() -> None:
    assert access_of([GrantedRole("emperor", None)]).permissions == frozenset()


def test_an_actor_is_narrowed_to_the_places_of_one_permission() -> None:
    access = access_of([GrantedRole("clerk", frozenset({1})), GrantedRole("finance", None)])
    actor = Actor(
        kind="staff",
        id="1",
        name="林静",
        permissions=access.permissions,
        location_ids=access.places,
        location_ids_by_permission=access.places_by_permission,
    )

    assert actor.may_at(2)
    assert not actor.at("stock.count").may_at(2)
    assert actor.at("stock.count").may_at(1)
    assert actor.at("payments.view").may_at(2)
    assert not actor.at("staff.edit").may_at(1)


@given(grants=grants, permissions=wanted)
def test_a_tokens_permissions_never_exceed_its_owners(
    grants: list[GrantedRole], permissions: frozenset[str]
) -> None:
    own = access_of(grants)

    token = limited_to(own, permissions)

    assert token.permissions <= own.permissions & permissions
    assert exceeds(token, own) == ()


@given(first=grants, second=grants)
def test_more_grants_never_give_less(first: list[GrantedRole], second: list[GrantedRole]) -> None:
    assert exceeds(access_of(first), access_of(first + second)) == ()


@given(first=grants, second=grants)
def test_who_exceeds_nobody_may_do_nothing_more(
    first: list[GrantedRole], second: list[GrantedRole]
) -> None:
    one, other = access_of(first), access_of(second)

    over = exceeds(one, other)

    for permission, at in one.places_by_permission.items():
        theirs = other.places_by_permission.get(permission, frozenset())
        covered = permission in other.permissions and (
            theirs is None or (at is not None and at <= theirs)
        )
        assert (permission in over) is not covered
