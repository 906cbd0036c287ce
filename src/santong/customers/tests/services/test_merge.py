"""Merges, and that they leave no trace when undone."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.customers import public as customers
from santong.customers.events import MergeUndone, PersonsMerged
from santong.customers.models import Identity, Person
from santong.customers.tests.factories import NOW, make_person, new_open_id, new_phone, resolve
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.facts import type_of
from santong.kernel.models import OutboxEvent

WHY = "asked at the counter"


def merged(merchant_id: int, first: int, second: int) -> customers.Merge:
    return customers.merge(
        merchant_id=merchant_id, first_id=first, second_id=second, reason=WHY, now=NOW
    )


def undone(merchant_id: int, merge_id: int) -> customers.Merge:
    return customers.undo_merge(
        merchant_id=merchant_id, merge_id=merge_id, reason="a mistake", now=NOW
    )


def state(merchant_id: int) -> Any:
    """Everything there is of persons."""
    return [
        list(model.objects.filter(merchant_id=merchant_id).order_by("id").values())
        for model in (Person, Identity)
    ]


def state_of(person_ids: Sequence[int]) -> Any:
    """Every row of some persons, and every edge."""
    people = Person.objects.filter(id__in=person_ids).order_by("id").values()
    edges = Identity.objects.filter(person_id__in=person_ids).order_by("id").values()
    return list(people), list(edges)


pairs = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=8)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wanted=pairs, dice=st.randoms(use_true_random=False))
def test_merges_undone_leave_no_trace_in_whatever_order(
    merchant_id: int, wanted: list[tuple[int, int]], dice: Random
) -> None:
    people = [
        make_person(merchant_id=merchant_id, identifiers=[new_phone(), new_open_id()])
        for _ in range(6)
    ]
    start = state_of(people)
    for is_in_reverse in (True, False):
        states, merges = [], []
        for first, second in wanted:
            now_at = customers.current_ids(merchant_id=merchant_id, person_ids=people)
            if now_at[people[first]] != now_at[people[second]]:
                states.append(state_of(people))
                merges.append(merged(merchant_id, people[first], people[second]).id)
        order = list(range(len(merges)))[::-1]
        if not is_in_reverse:
            dice.shuffle(order)

        for number in order:
            undone(merchant_id, merges[number])
            assert not is_in_reverse or state_of(people) == states[number]

        assert state_of(people) == start
    assert customers.check_invariants(merchant_id=merchant_id) == []


def told(merchant_id: int) -> list[tuple[str, Any]]:
    events = OutboxEvent.objects.filter(merchant_id=merchant_id, name__startswith="customers.")
    return [(event.name, event.body) for event in events.order_by("id")]


def test_the_older_person_is_kept_whoever_is_named_first(merchant_id: int) -> None:
    older, younger = (make_person(merchant_id=merchant_id) for _ in range(2))

    merge = merged(merchant_id, younger, older)

    assert (merge.kept_id, merge.gone_id, merge.undone_at) == (older, younger, None)
    fact = PersonsMerged(kept_id=older, gone_id=younger, merge_id=merge.id)
    assert told(merchant_id) == [
        (type_of(fact).name, {"kept_id": older, "gone_id": younger, "merge_id": merge.id})
    ]


def test_an_undone_merge_has_never_been(merchant_id: int) -> None:
    first, second = (make_person(merchant_id=merchant_id) for _ in range(2))
    before = state(merchant_id)
    merge = merged(merchant_id, first, second)

    undone(merchant_id, merge.id)

    assert state(merchant_id) == before
    assert (
        told(merchant_id)[-1][0]
        == type_of(MergeUndone(kept_id=first, gone_id=second, merge_id=merge.id)).name
    )


def test_an_inner_merge_is_undone_with_all_that_came_by_it(merchant_id: int) -> None:
    oldest, older, younger, youngest = (make_person(merchant_id=merchant_id) for _ in range(4))
    merged(merchant_id, younger, youngest)
    inner = merged(merchant_id, older, youngest)
    merged(merchant_id, oldest, older)

    undone(merchant_id, inner.id)

    assert customers.current_ids(
        merchant_id=merchant_id, person_ids=[oldest, older, younger, youngest]
    ) == {oldest: oldest, older: oldest, younger: younger, youngest: younger}
    assert customers.check_invariants(merchant_id=merchant_id) == []


def test_what_was_found_to_be_two_is_not_joined_again_by_itself(merchant_id: int) -> None:
    phone, open_id = new_phone(), new_open_id()
    first = resolve(merchant_id, phone).person_id
    second = resolve(merchant_id, open_id).person_id
    merge = merged(merchant_id, first, second)
    undone(merchant_id, merge.id)

    found = resolve(merchant_id, phone, open_id)

    assert found.person_id == second
    assert (found.merged, found.conflicting) == ((), (phone,))


def test_a_merge_is_undone_once(merchant_id: int) -> None:
    merge = merged(merchant_id, *(make_person(merchant_id=merchant_id) for _ in range(2)))
    undone(merchant_id, merge.id)

    with pytest.raises(customers.MergeUndone):
        undone(merchant_id, merge.id)


def test_what_cannot_be_merged_is_refused(merchant_id: int) -> None:
    first, second = (make_person(merchant_id=merchant_id) for _ in range(2))
    merged(merchant_id, first, second)

    with pytest.raises(customers.SamePerson):
        merged(merchant_id, second, first)


def test_nobody_is_merged_with_nobody(merchant_id: int) -> None:
    with pytest.raises(NoSuch):
        merged(merchant_id, make_person(merchant_id=merchant_id), 2**40)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "call 13800138000", "a@b.cn", "\x00"])
def test_a_reason_says_why_and_nobodys_number(merchant_id: int, reason: str) -> None:
    first, second = (make_person(merchant_id=merchant_id) for _ in range(2))

    with pytest.raises(FieldInvalid):
        customers.merge(
            merchant_id=merchant_id, first_id=first, second_id=second, reason=reason, now=NOW
        )
