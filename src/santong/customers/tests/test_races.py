"""Who somebody is, asked by many at the same moment."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from santong.customers import public as customers
from santong.customers.contracts import Identifier, NewPerson
from santong.customers.models import Identity, Person
from santong.customers.tests.factories import (
    NOW,
    WANG,
    make_person,
    new_card,
    new_open_id,
    new_phone,
)
from santong.kernel import tenancy

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "12"))


def in_scope(merchant: int, command: Callable[..., Any], **arguments: Any) -> Callable[[], Any]:
    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(merchant_id=merchant, now=NOW, **arguments)

    return run


def resolving(merchant: int, *identifiers: Identifier) -> Callable[[], Any]:
    return in_scope(
        merchant, customers.resolve, identifiers=identifiers, profile=None, source="test"
    )


def assert_sound(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        assert customers.check_invariants(merchant_id=merchant) == []


def test_one_number_asked_by_many_is_one_person(merchant: int, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        phone = new_phone()

        results = at_once(*[resolving(merchant, phone) for _ in range(6)])

        assert len({each.person_id for each in results}) == 1
        assert sum(each.is_new for each in results) == 1
    with tenancy.scope(merchant_id=merchant):
        assert Person.objects.of_merchant(merchant).count() == ROUNDS
        assert Identity.objects.of_merchant(merchant).count() == ROUNDS
    assert_sound(merchant)


def test_crossed_identifiers_end_in_one_person(merchant: int, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        phone, card, open_id = new_phone(), new_card(), new_open_id()
        pairs = itertools.permutations([phone, card, open_id], 2)

        results = at_once(*[resolving(merchant, *pair) for pair in pairs])

        assert [each for each in results if isinstance(each, Exception)] == []
        ids = {each.person_id for each in results}
        with tenancy.scope(merchant_id=merchant):
            now_at = customers.current_ids(merchant_id=merchant, person_ids=ids)
        assert len(set(now_at.values())) == 1
    assert_sound(merchant)


def test_an_import_and_a_till_meet_in_one_person(merchant: int, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        phones = [new_phone() for _ in range(4)]
        rows = [NewPerson(identifiers=(phone, new_card())) for phone in phones]

        imported, again, *resolved = at_once(
            in_scope(merchant, customers.create_many, persons=rows),
            in_scope(merchant, customers.create_many, persons=rows),
            *[resolving(merchant, phone) for phone in phones],
        )

        assert imported == again == [each.person_id for each in resolved]
    assert_sound(merchant)


def test_merges_that_meet_leave_one_person(merchant: int, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        people = [resolving(merchant, new_phone())().person_id for _ in range(4)]
        pairs = [(people[a], people[b]) for a, b in [(0, 1), (1, 2), (2, 3), (3, 0), (2, 0)]]

        results = at_once(
            *[
                in_scope(merchant, customers.merge, first_id=a, second_id=b, reason="the same")
                for a, b in pairs
            ]
        )

        refused = [each for each in results if isinstance(each, Exception)]
        assert {type(each) for each in refused} <= {customers.SamePerson}
        assert len(results) - len(refused) == 3
        with tenancy.scope(merchant_id=merchant):
            now_at = customers.current_ids(merchant_id=merchant, person_ids=people)
        assert set(now_at.values()) == {people[0]}
    assert_sound(merchant)


def test_a_merge_is_undone_by_one_of_two(merchant: int, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        people = [resolving(merchant, new_phone())().person_id for _ in range(3)]
        merge = in_scope(
            merchant,
            customers.merge,
            first_id=people[1],
            second_id=people[2],
            reason="the same",
        )()
        undo = in_scope(merchant, customers.undo_merge, merge_id=merge.id, reason="not the same")

        *undone, joined = at_once(
            undo,
            undo,
            in_scope(
                merchant, customers.merge, first_id=people[0], second_id=people[2], reason="same"
            ),
        )

        assert sum(isinstance(each, customers.MergeUndone) for each in undone) == 1
        assert not isinstance(joined, Exception)
    assert_sound(merchant)


def test_of_many_who_compare_at_once_nobody_is_missed_and_no_pair_told_twice(
    merchant: int, at_once: AtOnce
) -> None:
    for _ in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant):
            kept = make_person(merchant_id=merchant, profile=WANG)
            changed = make_person(merchant_id=merchant, profile=None)
            gone = make_person(merchant_id=merchant, profile=WANG)

        def propose() -> int:
            return customers.propose_matches(merchant_id=merchant, now=NOW)

        results = at_once(
            propose,
            in_scope(merchant, customers.correct_profile, person_id=changed, profile=WANG),
            propose,
            in_scope(merchant, customers.erase_person, person_id=gone, reason="asked"),
            propose,
        )
        customers.propose_matches(merchant_id=merchant, now=NOW)

        assert [each for each in results if isinstance(each, Exception)] == []
        with tenancy.scope(merchant_id=merchant):
            found = customers.matches_page(merchant_id=merchant, limit=200)
            pairs = [(match.first_id, match.second_id) for match in found]
            assert pairs.count((kept, changed)) == 1
            assert [pair for pair in pairs if gone in pair] == []
            for person_id in (kept, changed):
                customers.erase_person(
                    merchant_id=merchant, person_id=person_id, reason="asked", now=NOW
                )
    assert_sound(merchant)


def test_a_match_is_decided_by_one_of_two(merchant: int, at_once: AtOnce) -> None:
    for _ in range(4):
        with tenancy.scope(merchant_id=merchant):
            for _ in range(2):
                make_person(merchant_id=merchant, profile=WANG)
        customers.propose_matches(merchant_id=merchant, now=NOW)
        with tenancy.scope(merchant_id=merchant):
            match = customers.matches_page(merchant_id=merchant, state="open")[0]
        decide = {"match_id": match.id, "reason": "looked at both"}

        results = at_once(
            in_scope(merchant, customers.accept_match, **decide),
            in_scope(merchant, customers.reject_match, **decide),
            in_scope(merchant, customers.accept_match, **decide),
        )

        assert sum(isinstance(each, customers.MatchDecided) for each in results) == 2
    assert_sound(merchant)


def test_whoever_is_forgotten_stays_forgotten(merchant: int, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        phone, card = new_phone(), new_card()
        person_id = resolving(merchant, phone)().person_id
        other = resolving(merchant, new_phone())().person_id
        about = {"person_id": person_id}

        erased, found, _, _, _ = at_once(
            in_scope(merchant, customers.erase_person, reason="asked", **about),
            resolving(merchant, phone, card),
            in_scope(merchant, customers.attach, identifiers=[card], source="test", **about),
            in_scope(merchant, customers.merge, first_id=other, second_id=person_id, reason="same"),
            in_scope(
                merchant,
                customers.correct_profile,
                profile=customers.Profile(name="somebody"),
                **about,
            ),
        )

        assert not isinstance(erased, Exception)
        assert not isinstance(found, Exception)
        with tenancy.scope(merchant_id=merchant):
            shown = customers.person_by_id(merchant_id=merchant, person_id=person_id)
            now_at = customers.find(merchant_id=merchant, identifiers=[phone])[phone]
        assert (shown.state, shown.name, shown.phone) == ("erased", "", "")
        assert person_id not in now_at
    assert_sound(merchant)


def test_a_number_that_many_bring_at_once_is_shared_once(merchant: int, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        tablet = new_phone()

        results = at_once(*[resolving(merchant, tablet, new_card()) for _ in range(6)])

        assert len({each.person_id for each in results}) == 6
        assert sorted(bool(each.capped) for each in results) == [False] * 3 + [True] * 3
    assert_sound(merchant)


def test_a_verified_number_ends_with_one_of_those_who_have_it(
    merchant: int, at_once: AtOnce
) -> None:
    for _ in range(ROUNDS):
        phone = replace(new_phone(), is_verified=True)
        people = [resolving(merchant, new_card())().person_id for _ in range(4)]

        results = at_once(
            *[
                in_scope(
                    merchant,
                    customers.attach,
                    person_id=person_id,
                    identifiers=[phone],
                    source="test",
                )
                for person_id in people
            ]
        )

        assert [each for each in results if isinstance(each, Exception)] == []
        with tenancy.scope(merchant_id=merchant):
            (holder,) = customers.find(merchant_id=merchant, identifiers=[phone])[phone]
        assert holder in people
    assert_sound(merchant)
