"""Persons of an import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.customers.contracts import Identifier, NewPerson, Profile
from santong.customers.rules.identifiers import WEAK, normalised, with_mixes
from santong.customers.rules.profiles import NOTHING, cleaned
from santong.customers.selectors.graph import holders
from santong.customers.selectors.sealing import blind_index
from santong.customers.selectors.settings import mix_keys
from santong.customers.services.locks import lock_whole_graph
from santong.customers.services.resolve import resolve
from santong.customers.services.write import Edge, new_persons, write_edges, write_persons
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

AT_ONCE = 5_000
SOURCE = "import"


@all_or_nothing
def create_many(
    *, merchant_id: int, persons: Sequence[NewPerson], source: str = SOURCE, now: datetime
) -> list[int]:
    """Enter persons, and give who each is, in their order.

    Those of whom nothing is known yet are written together; whoever shares an identifier with one
    before, here or in the file, is resolved alone. Made for some thousands at a time, each in a
    transaction of its own: nobody else changes who is recognised by what until it ends.

    Raises FieldInvalid. Emits PersonsMerged. Locks the whole graph.
    """
    lock_whole_graph(merchant_id=merchant_id)
    key_by_scope = mix_keys(merchant_id=merchant_id)
    ids: list[int] = []
    for start in range(0, len(persons), AT_ONCE):
        part = persons[start : start + AT_ONCE]
        ids += _create(merchant_id, _read(merchant_id, part, key_by_scope, now), source, now)
    return ids


@dataclass(frozen=True, slots=True)
class _Row:
    """One person of the import, with the blind index of each identifier."""

    person: NewPerson
    profile: Profile
    index_by_identifier: Mapping[Identifier, bytes]

    def strong(self) -> Iterator[bytes]:
        for identifier, index in self.index_by_identifier.items():
            if identifier.kind not in WEAK:
                yield index


def _read(
    merchant_id: int, persons: Sequence[NewPerson], key_by_scope: Mapping[str, str], now: datetime
) -> list[_Row]:
    rows = []
    today = now.date()
    for number, person in enumerate(persons):
        plain = with_mixes(normalised(person.identifiers), key_by_scope=key_by_scope)
        if not plain:
            raise FieldInvalid(
                pointer=f"/{number}/identifiers", reason="somebody is recognised by something"
            )
        rows.append(
            _Row(
                person,
                cleaned(person.profile, today=today) if person.profile else NOTHING,
                {one: blind_index(merchant_id=merchant_id, identifier=one) for one in plain},
            )
        )
    return rows


def _create(merchant_id: int, rows: Sequence[_Row], source: str, now: datetime) -> list[int]:
    taken = _taken(merchant_id, rows, now)
    unknown: list[int] = []
    for place, row in enumerate(rows):
        own = set(row.strong())
        if own.isdisjoint(taken):
            unknown.append(place)
        taken |= own
    id_by_place = _write(merchant_id, [rows[place] for place in unknown], source, now)
    ids = dict(zip(unknown, id_by_place, strict=True))
    for place, row in enumerate(rows):
        if place not in ids:
            ids[place] = resolve(
                merchant_id=merchant_id,
                identifiers=row.person.identifiers,
                profile=row.person.profile,
                source=source,
                now=now,
            ).person_id
    return [ids[place] for place in range(len(rows))]


def _taken(merchant_id: int, rows: Sequence[_Row], now: datetime) -> set[bytes]:
    """What somebody is recognised by already, or what is shared by too many."""
    indexes = list({index for row in rows for index in row.strong()})
    found = holders(merchant_id=merchant_id, indexes=indexes, stale_before=now)
    return {
        index
        for index, holder in zip(indexes, found, strict=True)
        if holder.person_id is not None or holder.is_shared
    }


def _write(merchant_id: int, rows: Sequence[_Row], source: str, now: datetime) -> list[int]:
    if not rows:
        return []
    fresh = new_persons(profiles=[row.profile for row in rows])
    write_persons(merchant_id=merchant_id, persons=fresh, source=source, now=now)
    edges = [
        Edge(
            person_id=person.person_id,
            key=person.key,
            identifier=identifier,
            blind_index=index,
            joins=identifier.kind not in WEAK,
        )
        for row, person in zip(rows, fresh, strict=True)
        for identifier, index in row.index_by_identifier.items()
    ]
    write_edges(merchant_id=merchant_id, edges=edges, source=source, now=now)
    return [person.person_id for person in fresh]
