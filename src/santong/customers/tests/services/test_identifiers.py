"""Identifiers that are told, taken away, capped and hidden by marketplaces."""

from __future__ import annotations

from dataclasses import replace

import pytest

from santong.customers import public as customers
from santong.customers.contracts import Identifier
from santong.customers.tests.factories import (
    NOW,
    make_person,
    new_card,
    new_open_id,
    new_phone,
    resolve,
)
from santong.kernel.errors import FieldInvalid, NoSuch

PHONE = Identifier("phone", "13800000000")
MIX = Identifier("mix_mobile", "87ed83b244dc2a60dfa8b9725172e10f", "flagship")


def attach(merchant_id: int, person_id: int, *identifiers: Identifier) -> customers.Attachment:
    return customers.attach(
        merchant_id=merchant_id,
        person_id=person_id,
        identifiers=identifiers,
        source="test",
        now=NOW,
    )


def detach(merchant_id: int, person_id: int, identifier: Identifier) -> None:
    customers.detach(
        merchant_id=merchant_id,
        person_id=person_id,
        identifier=identifier,
        reason="unbound",
        now=NOW,
    )


def who_has(merchant_id: int, identifier: Identifier) -> tuple[int, ...]:
    return customers.find(merchant_id=merchant_id, identifiers=[identifier])[identifier]


def sound(merchant_id: int) -> bool:
    return customers.check_invariants(merchant_id=merchant_id) == []


def test_a_person_gets_a_card(merchant_id: int) -> None:
    person_id, card = make_person(merchant_id=merchant_id), new_card()

    assert attach(merchant_id, person_id, card) == customers.Attachment()
    assert who_has(merchant_id, card) == (person_id,)


def test_an_account_of_somebody_else_is_refused(merchant_id: int) -> None:
    card = new_card()
    make_person(merchant_id=merchant_id, identifiers=[card])
    other = make_person(merchant_id=merchant_id)

    with pytest.raises(customers.IdentifierTaken):
        attach(merchant_id, other, card)


def test_a_number_of_somebody_else_moves_only_if_it_is_verified(merchant_id: int) -> None:
    phone = new_phone()
    first = make_person(merchant_id=merchant_id, identifiers=[phone])
    second = make_person(merchant_id=merchant_id)

    assert attach(merchant_id, second, phone).conflicting == (phone,)
    assert who_has(merchant_id, phone) == (first, second)

    attach(merchant_id, second, replace(phone, is_verified=True))

    assert who_has(merchant_id, phone) == (second,)
    assert sound(merchant_id)


def test_an_account_that_was_taken_away_may_be_somebody_elses(merchant_id: int) -> None:
    open_id = new_open_id()
    first = make_person(merchant_id=merchant_id, identifiers=[open_id])
    second = make_person(merchant_id=merchant_id)

    detach(merchant_id, first, open_id)
    attach(merchant_id, second, open_id)

    assert who_has(merchant_id, open_id) == (second,)
    (before,) = customers.identifiers_of(merchant_id=merchant_id, person_id=first)
    assert before.ended_at == NOW
    assert sound(merchant_id)


def test_what_nobody_has_cannot_be_taken_away(merchant_id: int) -> None:
    with pytest.raises(NoSuch):
        detach(merchant_id, make_person(merchant_id=merchant_id), new_phone())


def test_a_merchant_says_how_many_may_have_one_number(merchant_id: int) -> None:
    customers.set_identity_cap(merchant_id=merchant_id, kind="phone", persons_most=1, now=NOW)
    phone = new_phone()
    resolve(merchant_id, phone, new_card())

    found = resolve(merchant_id, phone, new_card())

    assert found.capped == (phone,)
    assert resolve(merchant_id, phone).is_new
    assert sound(merchant_id)


@pytest.mark.parametrize(("kind", "most"), [("device", 1), ("phone", 0), ("phone", 1_001)])
def test_a_cap_makes_sense(merchant_id: int, kind: customers.Kind, most: int) -> None:
    with pytest.raises(FieldInvalid):
        customers.set_identity_cap(merchant_id=merchant_id, kind=kind, persons_most=most, now=NOW)


def keyed(merchant_id: int) -> None:
    customers.set_mix_key(merchant_id=merchant_id, scope="flagship", key="Ab3dE9", now=NOW)


def index(merchant_id: int, *, limit: int = 100) -> list[int]:
    """How many numbers each round looked at."""
    rounds = iter(lambda: customers.index_mixes(merchant_id=merchant_id, limit=limit, now=NOW), 0)
    return list(rounds)


def test_a_number_is_found_by_what_the_marketplace_makes_of_it(merchant_id: int) -> None:
    keyed(merchant_id)

    person_id = resolve(merchant_id, PHONE).person_id

    assert who_has(merchant_id, MIX) == (person_id,)
    assert resolve(merchant_id, MIX).person_id == person_id


def test_numbers_that_were_there_before_the_key_are_found_too(merchant_id: int) -> None:
    person_id = resolve(merchant_id, PHONE).person_id
    others = [make_person(merchant_id=merchant_id) for _ in range(5)]
    keyed(merchant_id)

    assert index(merchant_id, limit=4) == [4, 2]
    assert index(merchant_id) == []
    keyed(merchant_id)
    assert index(merchant_id) == [6]

    assert who_has(merchant_id, MIX) == (person_id,)
    assert person_id not in others
    assert sound(merchant_id)


def test_whoever_was_known_by_the_mix_alone_is_whoever_has_the_number(merchant_id: int) -> None:
    number = resolve(merchant_id, PHONE).person_id
    mixed = resolve(merchant_id, MIX).person_id
    keyed(merchant_id)

    index(merchant_id)

    now_at = customers.current_ids(merchant_id=merchant_id, person_ids=[number, mixed])
    assert now_at == {number: number, mixed: number}
    assert sound(merchant_id)


def test_a_number_goes_with_its_mix(merchant_id: int) -> None:
    keyed(merchant_id)
    first = resolve(merchant_id, PHONE).person_id
    second = make_person(merchant_id=merchant_id)

    attach(merchant_id, second, replace(PHONE, is_verified=True))

    assert who_has(merchant_id, MIX) == (second,)
    detach(merchant_id, second, PHONE)
    assert who_has(merchant_id, MIX) == ()
    assert first != second
