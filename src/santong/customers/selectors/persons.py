"""Persons and their identifiers, masked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from santong.customers import contracts
from santong.customers.models import Identity, Person
from santong.customers.rules import masking
from santong.customers.selectors.graph import clusters, current_ids, profile_of
from santong.customers.selectors.sealing import opened_value, person_key
from santong.kernel.errors import NoSuch
from santong.kernel.masking import masked_name, masked_phone


def persons_by_id(
    *, merchant_id: int, person_ids: Collection[int]
) -> dict[int, contracts.MaskedPerson]:
    """Persons by the id asked for, each as the current one; who is not there is left out."""
    now_at = current_ids(merchant_id=merchant_id, person_ids=person_ids)
    rows_by_person = clusters(merchant_id=merchant_id, current_ids=set(now_at.values()))
    phones = _phones(merchant_id, [row for rows in rows_by_person.values() for row in rows])
    masked = {
        current: _masked(rows, phone=next((phones[r.id] for r in rows if r.id in phones), ""))
        for current, rows in rows_by_person.items()
    }
    return {asked: masked[current] for asked, current in now_at.items()}


def person_by_id(*, merchant_id: int, person_id: int) -> contracts.MaskedPerson:
    """One person. Raises NoSuch."""
    found = persons_by_id(merchant_id=merchant_id, person_ids=[person_id]).get(person_id)
    if found is None:
        raise NoSuch(kind="person", key=str(person_id))
    return found


def identifiers_of(*, merchant_id: int, person_id: int) -> list[contracts.MaskedIdentifier]:
    """By what a person is and was recognised, with all whom they turned out to be; masked.

    What is made of a telephone number is left out beside the number. Raises NoSuch.
    """
    rows = rows_of(merchant_id=merchant_id, person_id=person_id)
    keys = keys_of(rows)
    edges = edges_of(merchant_id=merchant_id, rows=rows)
    has_phone = any(edge.kind == "phone" for edge in edges)
    return [
        edge.as_contract(value=masking.masked_value(edge.as_kind(), opened(edge, keys=keys)))
        for edge in edges
        if not (has_phone and edge.kind == "mix_mobile")
    ]


def rows_of(*, merchant_id: int, person_id: int) -> list[Person]:
    """All rows of whoever a person is now, their own first. Raises NoSuch."""
    now_at = current_ids(merchant_id=merchant_id, person_ids=[person_id])
    if not now_at:
        raise NoSuch(kind="person", key=str(person_id))
    current = now_at[person_id]
    return clusters(merchant_id=merchant_id, current_ids=[current])[current]


def keys_of(rows: Collection[Person]) -> dict[int, bytes]:
    """The keys of persons by row; an erased one has none."""
    return {
        row.id: person_key(
            merchant_id=row.merchant_id, person_id=row.id, key_sealed=bytes(row.key_sealed)
        )
        for row in rows
        if row.key_sealed
    }


def edges_of(*, merchant_id: int, rows: Collection[Person]) -> list[Identity]:
    """All edges of some rows, ended ones too, oldest first."""
    edges = Identity.objects.of_merchant(merchant_id)
    return list(edges.filter(person_id__in=[row.id for row in rows]).order_by("id"))


def opened(edge: Identity, *, keys: dict[int, bytes]) -> str:
    """The value of an edge in clear text."""
    return opened_value(
        person_id=edge.person_id,
        key=keys[edge.person_id],
        kind=edge.kind,
        scope=edge.scope,
        sealed=bytes(edge.value_sealed),
    )


def revealed(*, merchant_id: int, rows: Sequence[Person]) -> contracts.RevealedPerson:
    """All rows of a person in clear text: for whoever has given a reason."""
    keys = keys_of(rows)
    edges = edges_of(merchant_id=merchant_id, rows=rows)
    return contracts.RevealedPerson(
        id=rows[0].id,
        profile=profile_of(rows),
        identifiers=tuple(
            contracts.RevealedIdentifier(
                kind=edge.as_kind(),
                scope=edge.scope,
                value=opened(edge, keys=keys),
                joins=edge.joins,
                is_verified=edge.verified_at is not None,
                first_seen_at=edge.first_seen_at,
                last_seen_at=edge.last_seen_at,
                ended_at=edge.ended_at,
            )
            for edge in edges
        ),
    )


def _phones(merchant_id: int, rows: Collection[Person]) -> dict[int, str]:
    """A masked telephone number of each row: one that joins before one that does not."""
    keys = keys_of(rows)
    edges = Identity.objects.of_merchant(merchant_id).live()
    found: dict[int, str] = {}
    for edge in edges.filter(person_id__in=list(keys), kind="phone").order_by("-joins", "id"):
        found.setdefault(edge.person_id, masked_phone(opened(edge, keys=keys)))
    return found


def _masked(rows: Sequence[Person], *, phone: str) -> contracts.MaskedPerson:
    profile = profile_of(rows)
    own = rows[0]
    return contracts.MaskedPerson(
        id=own.id,
        state=contracts.STATES[contracts.STATES.index(own.state)],
        name=masked_name(profile.name),
        phone=phone,
        gender=profile.gender,
        birthday=masking.masked_birthday(profile.birthday),
        province=profile.province,
        city=profile.city,
        address=masking.masked_address(profile),
        created_at=own.created_at,
    )
