"""Who somebody is, with a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from santong.customers import public as customers
from santong.customers.contracts import Identifier, Profile
from santong.customers.models import Identity, Person, SharedIdentifier
from santong.customers.tests.factories import (
    NOW,
    WANG,
    new_card,
    new_open_id,
    new_phone,
    resolve,
)
from santong.kernel.errors import FieldInvalid

LI = Profile(name="李雷", birthday=date(1985, 1, 2))


def sound(merchant_id: int) -> bool:
    return customers.check_invariants(merchant_id=merchant_id) == []


def test_a_number_that_nobody_has_makes_a_person(merchant_id: int) -> None:
    phone = new_phone()

    found = resolve(merchant_id, phone, profile=WANG)

    assert found.is_new
    assert (found.merged, found.capped, found.conflicting) == ((), (), ())
    assert customers.find(merchant_id=merchant_id, identifiers=[phone]) == {
        phone: (found.person_id,)
    }
    assert sound(merchant_id)


def test_the_same_number_is_the_same_person_however_it_is_written(merchant_id: int) -> None:
    first = resolve(merchant_id, Identifier("phone", "138 0013 8000"))

    again = resolve(merchant_id, Identifier("phone", "+86-13800138000"))

    assert (again.person_id, again.is_new) == (first.person_id, False)
    assert Person.objects.of_merchant(merchant_id).count() == 1
    assert Identity.objects.of_merchant(merchant_id).count() == 1


def test_a_new_account_joins_whoever_has_the_number(merchant_id: int) -> None:
    phone, open_id = new_phone(), new_open_id()
    first = resolve(merchant_id, phone)

    joined = resolve(merchant_id, phone, open_id)

    assert (joined.person_id, joined.is_new) == (first.person_id, False)
    assert resolve(merchant_id, open_id).person_id == first.person_id


def test_two_persons_who_turn_out_to_be_one_are_the_older_one(merchant_id: int) -> None:
    phone, open_id = new_phone(), new_open_id()
    older = resolve(merchant_id, phone, profile=Profile(name="王小明")).person_id
    younger = resolve(merchant_id, open_id, profile=WANG).person_id

    found = resolve(merchant_id, open_id, phone)

    assert found.person_id == older
    assert found.merged == (younger,)
    assert customers.current_ids(merchant_id=merchant_id, person_ids=[older, younger]) == {
        older: older,
        younger: older,
    }
    assert customers.find(merchant_id=merchant_id, identifiers=[open_id])[open_id] == (older,)
    (shown,) = {
        customers.persons_by_id(merchant_id=merchant_id, person_ids=[each])[each]
        for each in (older, younger)
    }
    assert (shown.id, shown.city) == (older, "杭州市")
    assert sound(merchant_id)


def test_a_verified_number_moves_to_whoever_has_it_now(merchant_id: int) -> None:
    phone = new_phone()
    before = resolve(merchant_id, phone, profile=WANG).person_id

    after = resolve(merchant_id, replace(phone, is_verified=True), profile=LI)

    assert after.is_new
    assert after.conflicting == (phone,)
    assert customers.find(merchant_id=merchant_id, identifiers=[phone])[phone] == (after.person_id,)
    (kept,) = customers.identifiers_of(merchant_id=merchant_id, person_id=before)
    assert kept.ended_at == NOW
    assert sound(merchant_id)


def test_a_number_that_is_not_verified_stays_and_is_known_of_both(merchant_id: int) -> None:
    phone = new_phone()
    before = resolve(merchant_id, phone, profile=WANG).person_id

    after = resolve(merchant_id, phone, profile=LI).person_id

    assert customers.find(merchant_id=merchant_id, identifiers=[phone])[phone] == (before, after)
    assert resolve(merchant_id, phone).person_id == before
    assert sound(merchant_id)


def test_a_number_that_too_many_have_joins_nobody_any_more(merchant_id: int) -> None:
    tablet = new_phone()
    cards = [new_card() for _ in range(5)]

    found = [resolve(merchant_id, tablet, card) for card in cards]

    assert len({each.person_id for each in found}) == 5
    assert [each.capped for each in found] == [(), (), (), (tablet,), (tablet,)]
    assert SharedIdentifier.objects.of_merchant(merchant_id).count() == 1
    alone = resolve(merchant_id, tablet)
    assert alone.is_new
    assert alone.capped == (tablet,)
    assert [resolve(merchant_id, card).person_id for card in cards] == [
        each.person_id for each in found
    ]
    assert sound(merchant_id)


def test_a_device_never_says_who_somebody_is(merchant_id: int) -> None:
    device = Identifier("device", "ipad-in-the-shop")

    found = [resolve(merchant_id, device, new_phone()) for _ in range(5)]

    assert len({each.person_id for each in found}) == 5
    assert {each.capped for each in found} == {(device,)}
    assert resolve(merchant_id, device).is_new
    assert sound(merchant_id)


def test_blanks_are_filled_and_what_is_known_stays(merchant_id: int) -> None:
    phone = new_phone()
    person_id = resolve(merchant_id, phone, profile=Profile(name="王小明")).person_id

    resolve(merchant_id, phone, profile=Profile(name="王晓明", city="杭州市"))

    shown = customers.person_by_id(merchant_id=merchant_id, person_id=person_id)
    assert (shown.name, shown.city) == ("王**", "杭州市")


def test_nothing_is_written_when_nothing_is_new(merchant_id: int) -> None:
    phone = new_phone()
    resolve(merchant_id, phone)
    before = Identity.objects.of_merchant(merchant_id).values().get()

    resolve(merchant_id, phone, now=NOW + timedelta(hours=1))

    assert Identity.objects.of_merchant(merchant_id).values().get() == before


def test_somebody_who_comes_back_after_a_day_was_seen(merchant_id: int) -> None:
    phone = new_phone()
    resolve(merchant_id, phone)
    later = NOW + timedelta(days=2)

    resolve(merchant_id, phone, now=later)

    assert Identity.objects.of_merchant(merchant_id).get().last_seen_at == later


@pytest.mark.parametrize(
    "identifier",
    [
        Identifier("phone", "12"),
        Identifier("email", "nobody"),
        Identifier("card", "C1"),
        Identifier("phone", "13800138000", "somewhere"),
        Identifier("device", "a\x00b"),
        Identifier("device", "\ud800"),
        Identifier("device", ""),
        Identifier("device", "x" * 201),
        Identifier("mix_mobile", "zz", "flagship"),
    ],
    ids=lambda one: f"{one.kind}-{one.value[:8]!a}",
)
def test_what_is_no_identifier_is_refused(merchant_id: int, identifier: Identifier) -> None:
    with pytest.raises(FieldInvalid):
        resolve(merchant_id, identifier)


def test_masked_identifiers_show_enough_to_tell_them_apart(merchant_id: int) -> None:
    person_id = resolve(
        merchant_id,
        Identifier("phone", "13800138000", is_verified=True),
        Identifier("card", "CARD00001234", "club"),
        Identifier("email", "Wang@Example.com"),
    ).person_id

    shown = customers.identifiers_of(merchant_id=merchant_id, person_id=person_id)

    assert {(one.kind, one.value, one.is_verified) for one in shown} == {
        ("phone", "138****8000", True),
        ("card", "***1234", False),
        ("email", "w***@example.com", False),
    }
