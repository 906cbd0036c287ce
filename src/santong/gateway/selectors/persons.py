"""What waits on the lines that speaks of a person, and under which names marketplaces know them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final, cast

from santong.customers import public as customers
from santong.gateway.models import MemberSync, Operation, StandingBehind
from santong.gateway.models.queues import MemberSyncQuerySet
from santong.gateway.models.standings import StandingBehindQuerySet
from santong.gateway.selectors.sync import identity_place, operation_place
from santong.kernel import crypto
from santong.membership import public as membership

# Operations about somebody who is no member wait in a lane of their own.
STRANGERS: Final = 0
_OPENED_AT_ONCE: Final = 500


def names_of_person(*, merchant_id: int, person: customers.PersonRecord) -> MemberSyncQuerySet:
    """Under which names marketplaces know the members that a person ever was."""
    rows: MemberSyncQuerySet = MemberSync.objects.of_merchant(merchant_id)
    return rows.filter(member_id__in=_member_ids(merchant_id, person))


def standings_of_person(
    *, merchant_id: int, person: customers.PersonRecord
) -> StandingBehindQuerySet:
    """How a person's members stand in older CRMs."""
    rows: StandingBehindQuerySet = StandingBehind.objects.of_merchant(merchant_id)
    return rows.filter(member_id__in=_member_ids(merchant_id, person))


def operations_of_person(*, merchant_id: int, person: customers.PersonRecord) -> list[int]:
    """Ids of the operations that wait and speak of a person, members' and strangers'."""
    waiting = Operation.objects.of_merchant(merchant_id).filter(state="waiting")
    lanes = waiting.filter(lane__in=_member_ids(merchant_id, person))
    own = set(lanes.values_list("id", flat=True))
    return sorted(own.union(_of_strangers(merchant_id, person)))


def export_person(*, merchant_id: int, person: customers.PersonRecord) -> Mapping[str, object]:
    """How marketplaces name a person, and what is still to be told of them, in plain JSON."""
    names = names_of_person(merchant_id=merchant_id, person=person).select_related("connection")
    waiting = Operation.objects.of_merchant(merchant_id).filter(
        id__in=operations_of_person(merchant_id=merchant_id, person=person)
    )
    return {
        "names": [
            {
                "connection_code": row.connection.code,
                "names": _opened_names(row),
                "told_until": row.changed_at.isoformat(),
            }
            for row in names.order_by("id")
        ],
        "standings": [
            {
                "connection_code": row.connection.code,
                "points": row.points,
                "level": row.level,
            }
            for row in standings_of_person(merchant_id=merchant_id, person=person)
            .select_related("connection")
            .order_by("id")
        ],
        "waiting": [
            {
                "connection_code": row.connection.code,
                "method": row.method,
                "since": row.created_at.isoformat(),
                "says": _says(row),
            }
            for row in waiting.select_related("connection").order_by("id")
        ],
    }


def _of_strangers(merchant_id: int, person: customers.PersonRecord) -> set[int]:
    """Answers that wait for a marketplace about a number which is this person's."""
    hidden: dict[customers.Identifier, list[int]] = {}
    for row in _waiting_of_strangers(merchant_id):
        mixed = _says(row).get("mix_mobile")
        if isinstance(mixed, str) and mixed:
            name = customers.Identifier("mix_mobile", mixed, row.connection.storefront_code)
            hidden.setdefault(name, []).append(row.id)
    people = customers.find(merchant_id=merchant_id, identifiers=list(hidden)) if hidden else {}
    return {
        operation_id
        for name, found in people.items()
        if not set(found).isdisjoint(person.person_ids)
        for operation_id in hidden[name]
    }


def _waiting_of_strangers(merchant_id: int) -> Iterator[Operation]:
    return (
        Operation.objects.of_merchant(merchant_id)
        .filter(state="waiting", lane=STRANGERS)
        .select_related("connection")
        .order_by("id")
        .iterator(chunk_size=_OPENED_AT_ONCE)
    )


def _member_ids(merchant_id: int, person: customers.PersonRecord) -> list[int]:
    return sorted(
        membership.member_ids_of_persons(merchant_id=merchant_id, person_ids=person.person_ids)
    )


def _opened_names(row: MemberSync) -> dict[str, object]:
    if not row.identity_sealed:
        return {}
    place = identity_place(connection_id=row.connection_id, member_id=row.member_id)
    return _opened(row.merchant_id, bytes(row.identity_sealed), place)


def _says(row: Operation) -> dict[str, object]:
    place = operation_place(connection_id=row.connection_id, serial_no=row.serial_no)
    return _opened(row.merchant_id, bytes(row.body_sealed), place)


def _opened(merchant_id: int, sealed: bytes, place: str) -> dict[str, object]:
    plain = crypto.decrypt(merchant_id=merchant_id, sealed=sealed, place=place)
    return cast("dict[str, object]", json.loads(plain))
