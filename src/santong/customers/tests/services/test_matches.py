"""Pairs who may be one: proposed, accepted, rejected; never merged silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.customers import public as customers
from santong.customers.contracts import Identifier, Profile
from santong.customers.models import Match, MatchDue, MatchKey, MatchRun
from santong.customers.rules.matching import LARGEST_BLOCK, Known, matches
from santong.customers.rules.profiles import NOTHING, cleaned
from santong.customers.selectors.match_keys import KEY_BYTES
from santong.customers.services.propose_some import Compared, propose_some
from santong.customers.tests.factories import (
    NOW,
    WANG,
    make_person,
    new_open_id,
    new_phone,
    resolve,
)
from santong.customers.tests.services.test_erase_person import erase

LI = replace(WANG, name="李雷", birthday=date(1985, 1, 2), address="长乐路 5 号")


def propose(merchant_id: int) -> int:
    return customers.propose_matches(merchant_id=merchant_id, now=NOW)


def test_doubles_wait_for_somebody_and_strangers_do_not(merchant_id: int) -> None:
    first, second = (make_person(merchant_id=merchant_id) for _ in range(2))
    make_person(merchant_id=merchant_id, profile=LI)
    make_person(merchant_id=merchant_id, profile=None)

    assert propose(merchant_id) == 1

    (match,) = customers.matches_page(merchant_id=merchant_id)
    assert (match.first_id, match.second_id, match.state) == (first, second, "open")
    assert match.reasons["name"][0] == "same"
    assert customers.current_ids(merchant_id=merchant_id, person_ids=[first, second]) == {
        first: first,
        second: second,
    }
    assert propose(merchant_id) == 0


def test_a_tablet_that_all_share_makes_no_match(merchant_id: int) -> None:
    tablet, number = Identifier("device", "ipad-in-the-shop"), new_phone()
    for day in range(1, 9):
        profile = replace(LI, name=f"顾客{day}甲", birthday=date(1980 + day, day, day), address="")
        resolve(merchant_id, tablet, number, new_open_id(), profile=profile)

    assert propose(merchant_id) == 0


def test_an_accepted_match_is_a_merge_that_can_be_undone(merchant_id: int) -> None:
    first, second = (make_person(merchant_id=merchant_id) for _ in range(2))
    propose(merchant_id)
    (match,) = customers.matches_page(merchant_id=merchant_id)

    merge = customers.accept_match(
        merchant_id=merchant_id, match_id=match.id, reason="same card shown", now=NOW
    )

    assert (merge.kept_id, merge.gone_id) == (first, second)
    (decided,) = customers.matches_page(merchant_id=merchant_id, state="accepted")
    assert (decided.reason, decided.decided_at) == ("same card shown", NOW)
    with pytest.raises(customers.MatchDecided):
        customers.reject_match(merchant_id=merchant_id, match_id=match.id, reason="or not", now=NOW)


def test_a_rejected_match_is_never_proposed_again(merchant_id: int) -> None:
    phone, open_id = new_phone(), new_open_id()
    first = make_person(merchant_id=merchant_id, identifiers=[phone])
    second = make_person(merchant_id=merchant_id, identifiers=[open_id])
    propose(merchant_id)
    (match,) = customers.matches_page(merchant_id=merchant_id)

    customers.reject_match(
        merchant_id=merchant_id, match_id=match.id, reason="father and son", now=NOW
    )

    assert propose(merchant_id) == 0
    found = resolve(merchant_id, phone, open_id)
    assert (found.person_id, found.merged) == (second, ())
    assert first != second
    assert customers.check_invariants(merchant_id=merchant_id) == []


def test_what_was_undone_is_not_proposed(merchant_id: int) -> None:
    first, second = (make_person(merchant_id=merchant_id) for _ in range(2))
    merge = customers.merge(
        merchant_id=merchant_id, first_id=first, second_id=second, reason="same", now=NOW
    )
    customers.undo_merge(merchant_id=merchant_id, merge_id=merge.id, reason="two", now=NOW)

    assert propose(merchant_id) == 0


def test_a_match_is_forgotten_with_its_persons(merchant_id: int) -> None:
    first, _ = (make_person(merchant_id=merchant_id) for _ in range(2))
    propose(merchant_id)

    erase(merchant_id, first)

    assert Match.objects.of_merchant(merchant_id).count() == 0
    assert propose(merchant_id) == 0


def pairs(merchant_id: int) -> set[tuple[int, int]]:
    found = customers.matches_page(merchant_id=merchant_id, limit=200)
    return {(match.first_id, match.second_id) for match in found}


def waiting(merchant_id: int) -> set[int]:
    rows = MatchDue.objects.of_merchant(merchant_id)
    return set(rows.values_list("person_id", flat=True))


def step(merchant_id: int, *, limit: int = 10) -> Compared:
    return propose_some(merchant_id=merchant_id, now=NOW, limit=limit)


def test_only_who_is_new_is_compared_and_with_those_before(merchant_id: int) -> None:
    first = make_person(merchant_id=merchant_id)
    make_person(merchant_id=merchant_id, profile=LI)
    propose(merchant_id)

    before = step(merchant_id)
    second = make_person(merchant_id=merchant_id)
    make_person(merchant_id=merchant_id, profile=None)
    lined_up = waiting(merchant_id)
    after = step(merchant_id)

    assert before == Compared(persons=0, pairs=0)
    assert lined_up == {second}
    assert after == Compared(persons=1, pairs=1)
    assert pairs(merchant_id) == {(first, second)}


def test_what_was_broken_off_goes_on_step_by_step(merchant_id: int) -> None:
    people = [make_person(merchant_id=merchant_id) for _ in range(4)]

    steps = [step(merchant_id, limit=1) for _ in range(12)]

    assert sum(each.pairs for each in steps) == 6
    assert steps[-1] == Compared(persons=0, pairs=0)
    assert pairs(merchant_id) == set(combinations(people, 2))


def test_persons_of_before_are_put_in_line_once(merchant_id: int) -> None:
    first, second = (make_person(merchant_id=merchant_id) for _ in range(2))
    MatchDue.objects.of_merchant(merchant_id).delete()

    assert propose(merchant_id) == 1

    assert pairs(merchant_id) == {(first, second)}
    assert MatchRun.objects.of_merchant(merchant_id).get().lined_up_to is None
    assert step(merchant_id) == Compared(persons=0, pairs=0)


def test_whoever_says_something_else_is_compared_anew(merchant_id: int) -> None:
    first = make_person(merchant_id=merchant_id)
    second = make_person(merchant_id=merchant_id, profile=LI)
    propose(merchant_id)

    customers.correct_profile(merchant_id=merchant_id, person_id=second, profile=WANG, now=NOW)
    found = propose(merchant_id)

    assert (found, pairs(merchant_id)) == (1, {(first, second)})


def test_what_two_are_known_by_together_finds_a_third(merchant_id: int) -> None:
    day = date(1990, 5, 17)
    named = make_person(merchant_id=merchant_id, profile=Profile(name="王小明"))
    born = make_person(merchant_id=merchant_id, profile=Profile(birthday=day, gender="female"))
    third = make_person(
        merchant_id=merchant_id, profile=Profile(name="王小明", birthday=day, gender="male")
    )
    propose(merchant_id)
    before = pairs(merchant_id)

    customers.merge(merchant_id=merchant_id, first_id=named, second_id=born, reason="same", now=NOW)
    propose(merchant_id)

    # Neither the name nor the day says enough against the gender; both together do.
    assert before == set()
    assert pairs(merchant_id) == {(named, third)}


def test_a_key_that_too_many_have_compares_nobody(merchant_id: int) -> None:
    for number in range(LARGEST_BLOCK + 1):
        profile = Profile(name=f"同城{number}", birthday=WANG.birthday)
        make_person(merchant_id=merchant_id, profile=profile)
    propose(merchant_id)

    make_person(merchant_id=merchant_id, profile=Profile(name="同城", birthday=WANG.birthday))

    assert propose(merchant_id) == 0


def test_keys_go_with_whoever_is_forgotten(merchant_id: int) -> None:
    person_id = make_person(merchant_id=merchant_id)
    propose(merchant_id)
    customers.correct_profile(merchant_id=merchant_id, person_id=person_id, profile=LI, now=NOW)
    had = MatchKey.objects.of_merchant(merchant_id).count()

    erase(merchant_id, person_id)

    assert had > 0
    assert MatchKey.objects.of_merchant(merchant_id).count() == 0
    assert waiting(merchant_id) == set()


def test_keys_name_nobody(merchant_id: int) -> None:
    make_person(merchant_id=merchant_id)
    propose(merchant_id)

    keys = [bytes(row.key_index) for row in MatchKey.objects.of_merchant(merchant_id)]

    plain = [WANG.name.encode(), b"1990", WANG.city.encode(), WANG.address.encode()]
    assert {len(key) for key in keys} == {KEY_BYTES}
    assert not any(part in key for part in plain for key in keys)


# So few persons that no name is rarer for them than any name is.
few = st.lists(
    st.builds(
        Profile,
        name=st.sampled_from(["王小明", "王晓明", "李雷", ""]),
        birthday=st.sampled_from([date(1990, 5, 17), date(1990, 5, 18), None]),
        gender=st.sampled_from(["male", "female", ""]),
        city=st.sampled_from(["杭州市", ""]),
        address=st.sampled_from(["文三路 90 号", "文三路 9 号", ""]),
    ),
    min_size=2,
    max_size=8,
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(profiles=few, limit=st.integers(1, 4), pause=st.integers(0, 8))
def test_in_whatever_steps_the_same_pairs_are_found(
    merchant_id: int, profiles: list[Profile], limit: int, pause: int
) -> None:
    with transaction.atomic():
        people = []
        for place, profile in enumerate(profiles):
            people.append(make_person(merchant_id=merchant_id, profile=profile))
            if place == pause:
                step(merchant_id, limit=limit)
        while step(merchant_id, limit=limit).persons:
            pass
        found = pairs(merchant_id)
        transaction.set_rollback(True)

    known = [
        Known(person_id=person_id, profile=cleaned(profile, today=NOW.date()))
        for person_id, profile in zip(people, profiles, strict=True)
    ]
    whole = matches([each for each in known if each.profile != NOTHING])
    assert found == {(match.first_id, match.second_id) for match in whole}


def test_a_step_asks_indexes_alone(merchant_id: int) -> None:
    person_id = make_person(merchant_id=merchant_id)

    with connection.cursor() as cursor:
        # Enough of them that no other way can look as good, whatever was counted before.
        cursor.execute(
            "INSERT INTO customers_matchkey (merchant_id, person_id, key_index)"
            " SELECT %s, %s, int8send(n) FROM generate_series(1, 20000) AS n",
            [merchant_id, person_id],
        )
        cursor.execute(
            "EXPLAIN SELECT person_id FROM customers_matchkey"
            " WHERE merchant_id = %s AND key_index = %s LIMIT 61",
            [merchant_id, b"\0" * KEY_BYTES],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "a_person_shares_a_key_of_matching_once" in plan
    assert "key_index =" in plan.partition("Index Cond")[2]
    assert "Seq Scan" not in plan
