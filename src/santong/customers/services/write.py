"""Writing persons and edges, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.customers.contracts import Identifier, Profile
from santong.customers.rules.profiles import NOTHING
from santong.customers.selectors.sealing import sealed_profile, sealed_value, wrapped_key
from santong.customers.services.line_up import line_up
from santong.kernel import crypto
from santong.kernel.wire import Statement, array, octets, texts

_IDS = Statement("""
SELECT nextval(pg_get_serial_sequence('customers_person', 'id'))
FROM generate_series(1, %(count)s::int)
""")
_PERSONS = Statement("""
INSERT INTO customers_person (id, merchant_id, state, current_id, key_sealed, profile_sealed,
  birth_month, birth_day, source, created_at)
SELECT w.id, %(merchant)s, 'active', w.id, w.key_sealed, w.profile_sealed, w.month, w.day,
  %(source)s, %(now)s::timestamptz
FROM unnest(%(ids)s::bigint[], %(keys)s::bytea[], %(profiles)s::bytea[], %(months)s::smallint[],
  %(days)s::smallint[]) AS w(id, key_sealed, profile_sealed, month, day)
""")
_EDGES = Statement("""
INSERT INTO customers_identity AS i (merchant_id, person_id, kind, scope, blind_index, value_sealed,
  joins, source, verified_at, first_seen_at, last_seen_at, ended_why)
SELECT %(merchant)s, w.person_id, w.kind, w.scope, w.blind_index, w.value_sealed, w.joins,
  %(source)s, CASE WHEN w.is_verified THEN %(now)s::timestamptz END, %(now)s::timestamptz,
  %(now)s::timestamptz, ''
FROM unnest(%(persons)s::bigint[], %(kinds)s::text[], %(scopes)s::text[], %(indexes)s::bytea[],
  %(values)s::bytea[], %(joins)s::bool[], %(verified)s::bool[])
  AS w(person_id, kind, scope, blind_index, value_sealed, joins, is_verified)
ORDER BY w.blind_index, w.person_id
ON CONFLICT (merchant_id, blind_index, person_id) WHERE ended_at IS NULL DO UPDATE
  SET joins = i.joins OR excluded.joins, last_seen_at = excluded.last_seen_at,
    verified_at = coalesce(i.verified_at, excluded.verified_at)
  WHERE (excluded.joins AND NOT i.joins)
    OR (excluded.verified_at IS NOT NULL AND i.verified_at IS NULL)
    OR i.last_seen_at < excluded.last_seen_at - interval '1 day'
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An edge that is to be: to a person whose key is known."""

    person_id: int
    key: bytes
    identifier: Identifier
    blind_index: bytes
    joins: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A person that is to be."""

    person_id: int
    key: bytes
    profile: Profile


def new_persons(*, profiles: Sequence[Profile]) -> list[Fresh]:
    """Ids and keys for persons who are not written yet, the ids in order."""
    if not profiles:
        return []
    ids = sorted(person_id for (person_id,) in _IDS.rows({"count": str(len(profiles))}))
    return [
        Fresh(person_id=person_id, key=crypto.new_key(), profile=profile)
        for person_id, profile in zip(ids, profiles, strict=True)
    ]


def write_persons(
    *, merchant_id: int, persons: Sequence[Fresh], source: str, now: datetime
) -> None:
    """Write new persons."""
    born = [person.profile.birthday for person in persons]
    _PERSONS.later(
        {
            "merchant": str(merchant_id),
            "ids": array(person.person_id for person in persons),
            "keys": texts(
                octets(
                    wrapped_key(merchant_id=merchant_id, person_id=person.person_id, key=person.key)
                )
                for person in persons
            ),
            "profiles": texts(
                octets(
                    sealed_profile(
                        person_id=person.person_id, key=person.key, profile=person.profile
                    )
                )
                for person in persons
            ),
            "months": texts(str(day.month) if day else None for day in born),
            "days": texts(str(day.day) if day else None for day in born),
            "source": source,
            "now": now.isoformat(),
        }
    )
    known = [person.person_id for person in persons if person.profile != NOTHING]
    line_up(merchant_id=merchant_id, person_ids=known, now=now)


def write_edges(*, merchant_id: int, edges: Sequence[Edge], source: str, now: datetime) -> None:
    """Write edges; one that is there joins from now on if it is to, and was seen."""
    if not edges:
        return
    _EDGES.later(
        {
            "merchant": str(merchant_id),
            "persons": array(edge.person_id for edge in edges),
            "kinds": texts(edge.identifier.kind for edge in edges),
            "scopes": texts(edge.identifier.scope for edge in edges),
            "indexes": texts(octets(edge.blind_index) for edge in edges),
            "values": texts(
                octets(
                    sealed_value(person_id=edge.person_id, key=edge.key, identifier=edge.identifier)
                )
                for edge in edges
            ),
            "joins": texts("t" if edge.joins else "f" for edge in edges),
            "verified": texts("t" if edge.identifier.is_verified else "f" for edge in edges),
            "source": source,
            "now": now.isoformat(),
        }
    )
