"""Persons of an import."""

from __future__ import annotations

from santong.customers import public as customers
from santong.customers.contracts import Identifier, NewPerson
from santong.customers.models import Identity, Person
from santong.customers.tests.factories import NOW, WANG, new_card, new_phone, resolve


def create(merchant_id: int, *rows: tuple[Identifier, ...]) -> list[int]:
    return customers.create_many(
        merchant_id=merchant_id,
        persons=[NewPerson(identifiers=row, profile=WANG) for row in rows],
        now=NOW,
    )


def test_everybody_gets_an_id_in_the_order_of_the_file(merchant_id: int) -> None:
    rows = [(new_phone(), new_card()) for _ in range(20)]

    ids = create(merchant_id, *rows)

    assert ids == sorted(set(ids))
    for (phone, card), person_id in zip(rows, ids, strict=True):
        assert customers.find(merchant_id=merchant_id, identifiers=[phone, card]) == {
            phone: (person_id,),
            card: (person_id,),
        }
    assert customers.check_invariants(merchant_id=merchant_id) == []


def test_whoever_is_known_or_comes_twice_is_one_person(merchant_id: int) -> None:
    known, twice, card = new_phone(), new_phone(), new_card()
    before = resolve(merchant_id, known).person_id

    ids = create(merchant_id, (known, card), (twice,), (twice, new_card()), (card,))

    assert ids[0] == ids[3] == before
    assert ids[1] == ids[2]
    assert len(set(ids)) == 2
    assert customers.check_invariants(merchant_id=merchant_id) == []


def test_a_file_that_comes_again_changes_nothing(merchant_id: int) -> None:
    rows = [(new_phone(), new_card(), Identifier("device", "ipad")) for _ in range(5)]
    ids = create(merchant_id, *rows)

    again = create(merchant_id, *rows)

    assert again == ids
    assert Person.objects.of_merchant(merchant_id).count() == 5
    assert Identity.objects.of_merchant(merchant_id).count() == 15
