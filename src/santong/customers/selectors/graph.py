"""Whom identifiers lead to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.customers.contracts import Identifier, Profile
from santong.customers.models import Apart, Identity, Person
from santong.customers.rules.identifiers import ACCOUNTS, in_one_writing
from santong.customers.rules.joining import Issuer, Known, completed
from santong.customers.selectors.sealing import blind_index, opened_profile, person_key
from santong.kernel.wire import Statement, octets, texts

# An identifier that thousands share leads to nobody; whoever asks wants to know that, not them all.
MOST_CARRIERS = 20

_FIND = Statement("""
SELECT w.place, found.current_id
FROM unnest(%(indexes)s::bytea[]) WITH ORDINALITY AS w(blind_index, place)
CROSS JOIN LATERAL (
  SELECT p.current_id, i.joins, i.id
  FROM customers_identity i JOIN customers_person p ON p.id = i.person_id
  WHERE i.merchant_id = %(merchant)s AND i.blind_index = w.blind_index AND i.ended_at IS NULL
  LIMIT %(most)s::int
) AS found
ORDER BY w.place, found.joins DESC, found.id
""")

# The same for a part of somebody else's statement, who goes on from persons: in one trip. Its
# places are `merchant` and `persons_named`, which `named` fills.
PERSONS_NAMED = f"""
SELECT DISTINCT found.current_id AS person_id
FROM unnest(%(persons_named)s::bytea[]) AS w(blind_index)
CROSS JOIN LATERAL (
  SELECT p.current_id
  FROM customers_identity i JOIN customers_person p ON p.id = i.person_id
  WHERE i.merchant_id = %(merchant)s AND i.blind_index = w.blind_index AND i.ended_at IS NULL
  LIMIT {MOST_CARRIERS}
) AS found
"""  # noqa: S608  a number of ours

# Each identifier is looked up by itself: while a table is young, the planner takes it for empty and
# would read all of it for every one of thousands.
_HOLDERS = Statement("""
SELECT w.place, i.id, p.current_id, i.verified_at IS NOT NULL,
  i.last_seen_at < %(stale)s::timestamptz, s.id IS NOT NULL
FROM unnest(%(indexes)s::bytea[]) WITH ORDINALITY AS w(blind_index, place)
LEFT JOIN LATERAL (
  SELECT * FROM customers_identity
  WHERE merchant_id = %(merchant)s AND blind_index = w.blind_index AND joins AND ended_at IS NULL
  LIMIT 1
) i ON true
LEFT JOIN LATERAL (
  SELECT current_id FROM customers_person WHERE id = i.person_id LIMIT 1
) p ON true
LEFT JOIN LATERAL (
  SELECT id FROM customers_sharedidentifier
  WHERE merchant_id = %(merchant)s AND blind_index = w.blind_index LIMIT 1
) s ON true
ORDER BY w.place
""")


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom one identifier leads to at this moment, if to anybody."""

    identity_id: int | None
    person_id: int | None
    is_verified: bool
    is_stale: bool
    is_shared: bool


def find(
    *, merchant_id: int, identifiers: Collection[Identifier]
) -> dict[Identifier, tuple[int, ...]]:
    """Current persons who have each identifier, the one whom it joins first; () where nobody has.

    Of an identifier that many share, some twenty.
    """
    asked = [(each, plain) for each in identifiers if (plain := in_one_writing(each))]
    people: dict[Identifier, dict[int, None]] = {each: {} for each in identifiers}
    rows = _FIND.rows(
        {
            "merchant": str(merchant_id),
            "most": str(MOST_CARRIERS),
            "indexes": texts(
                octets(blind_index(merchant_id=merchant_id, identifier=plain)) for _, plain in asked
            ),
        }
    )
    for place, person_id in rows:
        people[asked[place - 1][0]][person_id] = None
    return {each: tuple(found) for each, found in people.items()}


def named(*, merchant_id: int, identifiers: Collection[Identifier]) -> str:
    """What `PERSONS_NAMED` is asked for: the blind indexes of those that can be of their kind."""
    return texts(
        octets(blind_index(merchant_id=merchant_id, identifier=plain))
        for each in identifiers
        if (plain := in_one_writing(each))
    )


def holders(*, merchant_id: int, indexes: Sequence[bytes], stale_before: datetime) -> list[Holder]:
    """Whom each blind index joins, in the order asked."""
    rows = _HOLDERS.rows(
        {
            "merchant": str(merchant_id),
            "indexes": texts(map(octets, indexes)),
            "stale": stale_before.isoformat(),
        }
    )
    return [
        Holder(identity_id, person_id, bool(is_verified), bool(is_stale), bool(is_shared))
        for _, identity_id, person_id, is_verified, is_stale, is_shared in rows
    ]


def current_ids(*, merchant_id: int, person_ids: Collection[int]) -> dict[int, int]:
    """Where each person's way ends after merges; who is not there is left out."""
    rows = Person.objects.of_merchant(merchant_id).filter(id__in=list(person_ids))
    return dict(rows.values_list("id", "current_id"))


def erased_ids(*, merchant_id: int, person_ids: Collection[int]) -> set[int]:
    """Which of these persons nobody knows any more."""
    rows = Person.objects.of_merchant(merchant_id).filter(id__in=list(person_ids), state="erased")
    return set(rows.values_list("id", flat=True))


def clusters(*, merchant_id: int, current_ids: Collection[int]) -> dict[int, list[Person]]:
    """All rows of some current persons, each one's own first, then by age."""
    found: dict[int, list[Person]] = defaultdict(list)
    own = Person.objects.of_merchant(merchant_id).filter(id__in=list(current_ids))
    led = Person.objects.of_merchant(merchant_id).filter(
        current_id__in=list(current_ids), state="merged"
    )
    for row in [*own.order_by("id"), *led.order_by("id")]:
        found[row.current_id].append(row)
    return dict(found)


def profile_of(rows: Iterable[Person]) -> Profile:
    """What is known of a person by all rows that lead there, the oldest first."""
    profile = Profile()
    for row in rows:
        if row.profile_sealed:
            key = person_key(
                merchant_id=row.merchant_id, person_id=row.id, key_sealed=bytes(row.key_sealed)
            )
            own = opened_profile(person_id=row.id, key=key, sealed=bytes(row.profile_sealed))
            profile = completed(profile, by=own)
    return profile


def known_of(*, merchant_id: int, rows_by_person: Mapping[int, Sequence[Person]]) -> list[Known]:
    """What a decision about persons needs: accounts, profile, whom they were found apart from."""
    person_of = {row.id: current for current, rows in rows_by_person.items() for row in rows}
    accounts: dict[int, dict[Issuer, frozenset[bytes]]] = defaultdict(dict)
    edges = Identity.objects.of_merchant(merchant_id).live()
    for person_id, kind, scope, index in edges.filter(
        person_id__in=list(person_of), kind__in=list(ACCOUNTS), joins=True
    ).values_list("person_id", "kind", "scope", "blind_index"):
        mine = accounts[person_of[person_id]]
        mine[kind, scope] = mine.get((kind, scope), frozenset()) | {bytes(index)}
    apart = apart_from(merchant_id=merchant_id, person_of=person_of)
    return [
        Known(
            person_id=current,
            accounts_by_issuer=accounts[current],
            profile=profile_of(rows),
            apart_from=apart[current],
        )
        for current, rows in rows_by_person.items()
    ]


def apart_from(
    *, merchant_id: int, person_of: Mapping[int, int]
) -> defaultdict[int, frozenset[int]]:
    """Of persons by their rows: which of the others each was found to be apart from."""
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    ids = list(person_of)
    pairs = Apart.objects.of_merchant(merchant_id).filter(first_id__in=ids, second_id__in=ids)
    for first, second in pairs.values_list("first_id", "second_id"):
        one, other = person_of[first], person_of[second]
        if one != other:
            found[one] |= {other}
            found[other] |= {one}
    return found
