"""Edges between a person and what was told of them."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from santong.customers.contracts import Identifier
from santong.customers.rules.identifiers import CONTACTS, WEAK
from santong.customers.rules.joining import Asked
from santong.customers.services.mark_shared import mark_shared
from santong.customers.services.write import Edge, write_edges
from santong.kernel.wire import Statement, octets, texts

_END = Statement("""
UPDATE customers_identity SET ended_at = %(now)s::timestamptz, ended_why = %(why)s
WHERE merchant_id = %(merchant)s AND blind_index = ANY (%(indexes)s::bytea[]) AND joins
  AND ended_at IS NULL
""")
_SEEN = Statement("""
UPDATE customers_identity i SET last_seen_at = greatest(i.last_seen_at, %(now)s::timestamptz),
  verified_at = coalesce(i.verified_at, CASE WHEN w.is_verified THEN %(now)s::timestamptz END)
FROM unnest(%(indexes)s::bytea[], %(verified)s::bool[]) AS w(blind_index, is_verified)
WHERE i.merchant_id = %(merchant)s AND i.blind_index = w.blind_index AND i.joins
  AND i.ended_at IS NULL
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whose edges they become; `also` are persons who are the same one since a moment ago."""

    person_id: int
    key: bytes
    also: frozenset[int] = frozenset()


def attach_all(
    *,
    merchant_id: int,
    person: Target,
    asked: Sequence[Asked],
    conflicting: AbstractSet[Identifier],
    source: str,
    now: datetime,
) -> list[Identifier]:
    """Write what is new about a person's identifiers; give those that join nobody.

    A number that belongs to somebody else moves if the person has just proved to have it; anything
    else is from now on known of both, and joins nobody once more have it than its kind may join.

    The identifiers and all persons they lead to are locked.
    """
    ours = {person.person_id, *person.also}
    seen = [one for one in asked if one.holder_id in ours]
    others = [one for one in asked if one.holder_id not in ours]
    moved = [
        one
        for one in others
        if one.holder_id is not None
        and one.identifier.is_verified
        and one.identifier.kind in CONTACTS
    ]
    _end(merchant_id, moved, now=now)
    joining = [one for one in others if one in moved or _joins(one, conflicting)]
    edges = [_edge(person, one, joins=one in joining) for one in others]
    write_edges(merchant_id=merchant_id, edges=edges, source=source, now=now)
    _record_seen(merchant_id, [one for one in seen if one.is_news], now=now)
    crowded = mark_shared(
        merchant_id=merchant_id,
        identifiers={
            one.blind_index: one.identifier.kind
            for one in others
            if one not in joining and not one.is_shared and one.identifier.kind not in WEAK
        },
        now=now,
    )
    return [
        one.identifier
        for one in asked
        if one.is_shared or one.identifier.kind in WEAK or one.blind_index in crowded
    ]


def _joins(one: Asked, conflicting: AbstractSet[Identifier]) -> bool:
    return (
        one.holder_id is None
        and not one.is_shared
        and one.identifier.kind not in WEAK
        and one.identifier not in conflicting
    )


def _edge(person: Target, one: Asked, *, joins: bool) -> Edge:
    return Edge(
        person_id=person.person_id,
        key=person.key,
        identifier=one.identifier,
        blind_index=one.blind_index,
        joins=joins,
    )


def _end(merchant_id: int, moved: Sequence[Asked], *, now: datetime) -> None:
    if moved:
        _END.later(
            {
                "merchant": str(merchant_id),
                "indexes": texts(octets(one.blind_index) for one in moved),
                "why": "transferred",
                "now": now.isoformat(),
            }
        )


def _record_seen(merchant_id: int, seen: Sequence[Asked], *, now: datetime) -> None:
    if seen:
        _SEEN.later(
            {
                "merchant": str(merchant_id),
                "indexes": texts(octets(one.blind_index) for one in seen),
                "verified": texts("t" if one.identifier.is_verified else "f" for one in seen),
                "now": now.isoformat(),
            }
        )
