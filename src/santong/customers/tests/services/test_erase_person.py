"""Forgetting somebody, and giving them all that is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from santong.customers import public as customers
from santong.customers.contracts import Identifier
from santong.customers.models import Identity, Person, SharedIdentifier
from santong.customers.tests.factories import (
    NOW,
    WANG,
    make_person,
    new_card,
    new_phone,
    resolve,
)
from santong.customers.tests.services.test_consents import SMS, may, say
from santong.kernel.errors import FieldInvalid
from santong.kernel.models import OutboxEvent


def erase(merchant_id: int, person_id: int, *, reason: str = "asked to be forgotten") -> None:
    customers.erase_person(merchant_id=merchant_id, person_id=person_id, reason=reason, now=NOW)


def test_nothing_is_known_of_whoever_was_forgotten(merchant_id: int) -> None:
    phone = new_phone()
    person_id = make_person(merchant_id=merchant_id, identifiers=[phone, new_card()])
    say(merchant_id, person_id, SMS)

    erase(merchant_id, person_id)

    row = Person.objects.get(id=person_id)
    assert (row.state, bytes(row.key_sealed), bytes(row.profile_sealed)) == ("erased", b"", b"")
    assert Identity.objects.of_merchant(merchant_id).count() == 0
    shown = customers.person_by_id(merchant_id=merchant_id, person_id=person_id)
    assert (shown.state, shown.name, shown.phone, shown.birthday) == ("erased", "", "", "")
    assert customers.find(merchant_id=merchant_id, identifiers=[phone]) == {phone: ()}
    assert not may(merchant_id, person_id)
    assert (
        customers.birthdays_on(merchant_id=merchant_id, month=5, day=17, after_id=0, limit=9) == []
    )
    assert customers.check_invariants(merchant_id=merchant_id) == []


def test_whoever_comes_again_is_somebody_new(merchant_id: int) -> None:
    phone = new_phone()
    before = make_person(merchant_id=merchant_id, identifiers=[phone])
    erase(merchant_id, before)

    again = resolve(merchant_id, phone)

    assert again.is_new
    assert again.person_id != before


def test_all_who_turned_out_to_be_one_are_forgotten(merchant_id: int) -> None:
    kept, gone, other = (make_person(merchant_id=merchant_id) for _ in range(3))
    merge = customers.merge(
        merchant_id=merchant_id, first_id=kept, second_id=gone, reason="same", now=NOW
    )

    erase(merchant_id, gone)

    states = dict(Person.objects.of_merchant(merchant_id).values_list("id", "state"))
    assert states == {kept: "erased", gone: "erased", other: "active"}
    told = OutboxEvent.objects.filter(
        merchant_id=merchant_id, name="customers.person_erased.v1"
    ).order_by("id")
    assert [event.body for event in told] == [{"person_id": kept}, {"person_id": gone}]
    assert customers.check_invariants(merchant_id=merchant_id) == []
    with pytest.raises(customers.PersonErased):
        customers.undo_merge(
            merchant_id=merchant_id, merge_id=merge.id, reason="two after all", now=NOW
        )


def test_a_number_that_others_share_stays_shared_until_the_last_is_forgotten(
    merchant_id: int,
) -> None:
    tablet = new_phone()
    people = [resolve(merchant_id, tablet, new_card()).person_id for _ in range(4)]

    for person_id in people[:-1]:
        erase(merchant_id, person_id)
    shared_by_one = SharedIdentifier.objects.of_merchant(merchant_id).count()
    erase(merchant_id, people[-1])

    assert shared_by_one == 1
    assert SharedIdentifier.objects.of_merchant(merchant_id).count() == 0


@pytest.mark.parametrize("action", ["erase", "correct", "attach", "consent", "merge", "export"])
def test_nothing_can_be_done_to_whoever_was_forgotten(merchant_id: int, action: str) -> None:
    person_id, other = (make_person(merchant_id=merchant_id) for _ in range(2))
    erase(merchant_id, person_id)
    about: dict[str, Any] = {"merchant_id": merchant_id, "person_id": person_id, "now": NOW}
    actions: dict[str, Callable[[], object]] = {
        "erase": lambda: erase(merchant_id, person_id),
        "correct": lambda: customers.correct_profile(profile=WANG, **about),
        "attach": lambda: customers.attach(identifiers=[new_card()], source="test", **about),
        "consent": lambda: say(merchant_id, person_id, SMS),
        "merge": lambda: customers.merge(
            merchant_id=merchant_id, first_id=other, second_id=person_id, reason="x", now=NOW
        ),
        "export": lambda: customers.export_person(reason="asked", **about),
    }

    with pytest.raises(customers.PersonErased):
        actions[action]()


@pytest.mark.parametrize("reason", ["王小明 asked", "13800138000", ""])
def test_the_reason_does_not_keep_what_is_forgotten(merchant_id: int, reason: str) -> None:
    person_id = make_person(merchant_id=merchant_id)

    with pytest.raises(FieldInvalid):
        erase(merchant_id, person_id, reason=reason)


def test_an_export_holds_all_that_is_known(merchant_id: int) -> None:
    phone = Identifier("phone", "13800138000", is_verified=True)
    person_id = make_person(merchant_id=merchant_id, identifiers=[phone])
    say(merchant_id, person_id, SMS)

    made = customers.export_person(
        merchant_id=merchant_id, person_id=person_id, reason="asked for it", now=NOW
    )

    document = json.loads(json.dumps(made.parts))
    own = document["customers"]
    assert own["person_id"] == str(person_id)
    assert own["profile"]["name"] == "王小明"
    assert own["profile"]["birthday"] == "1990-05-17"
    assert [each["value"] for each in own["identifiers"]] == ["+8613800138000"]
    assert [each["is_granted"] for each in own["consents"]] == [True]
    assert document["orders"] == {"orders": []}
