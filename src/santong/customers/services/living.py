"""Persons to whom something can still be done."""

from __future__ import annotations

from santong.customers.errors import PersonErased
from santong.customers.models import Person
from santong.customers.selectors.persons import rows_of


def living_person(*, merchant_id: int, person_id: int) -> list[Person]:
    """All rows of whoever a person is now, their own first; the graph is locked.

    Raises NoSuch, PersonErased.
    """
    rows = rows_of(merchant_id=merchant_id, person_id=person_id)
    if rows[0].state == "erased":
        raise PersonErased(person_id=rows[0].id)
    return rows
