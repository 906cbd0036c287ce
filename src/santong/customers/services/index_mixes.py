"""Telephone numbers that were there before their key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.customers.contracts import Identifier
from santong.customers.models import Identity, MixKey, Person
from santong.customers.rules.identifiers import with_mixes
from santong.customers.selectors.graph import holders
from santong.customers.selectors.persons import keys_of, opened
from santong.customers.selectors.sealing import blind_index
from santong.customers.selectors.settings import mix_keys
from santong.customers.services.locks import lock_whole_graph
from santong.customers.services.resolve import resolve
from santong.customers.services.write import Edge, write_edges
from santong.kernel.tenancy import all_or_nothing

AT_ONCE = 2_000
SOURCE = "mixed"


@all_or_nothing
def index_mixes(*, merchant_id: int, now: datetime, limit: int = AT_ONCE) -> int:
    """Mix some numbers that were there before a key; how many numbers were looked at.

    A mix that somebody was known by alone joins them to whoever has the number.

    Emits PersonsMerged. Locks the whole graph.
    """
    waiting = MixKey.objects.of_merchant(merchant_id).filter(mixed_up_to__isnull=False)
    if not waiting.exists():
        return 0
    lock_whole_graph(merchant_id=merchant_id)
    row = waiting.order_by("id").first()
    if row is None:
        return 0
    phones = _mix(merchant_id, scope=row.scope, after_id=row.mixed_up_to or 0, limit=limit, now=now)
    row.mixed_up_to = phones[-1].id if len(phones) == limit else None
    row.save(update_fields=["mixed_up_to"])
    return len(phones)


def _mix(
    merchant_id: int, *, scope: str, after_id: int, limit: int, now: datetime
) -> list[Identity]:
    key_by_scope = {scope: mix_keys(merchant_id=merchant_id)[scope]}
    edges = Identity.objects.of_merchant(merchant_id).live().filter(kind="phone", id__gt=after_id)
    phones = list(edges.order_by("id")[:limit])
    people = Person.objects.of_merchant(merchant_id).filter(
        id__in={phone.person_id for phone in phones}
    )
    keys = keys_of(list(people))
    current_by_id = {row.id: row.current_id for row in people}
    made = [_mixed(merchant_id, phone, keys, key_by_scope) for phone in phones]
    holder_by_index = _holders(merchant_id, [edge for edge, _ in made], now)
    write_edges(
        merchant_id=merchant_id,
        edges=[
            edge for edge, _ in made if not edge.joins or holder_by_index[edge.blind_index] is None
        ],
        source=SOURCE,
        now=now,
    )
    for edge, phone in made:
        holder = holder_by_index[edge.blind_index]
        if edge.joins and holder not in {None, current_by_id[edge.person_id]}:
            resolve(
                merchant_id=merchant_id,
                identifiers=[phone, edge.identifier],
                profile=None,
                source=SOURCE,
                now=now,
            )
    return phones


def _mixed(
    merchant_id: int, row: Identity, keys: dict[int, bytes], key_by_scope: dict[str, str]
) -> tuple[Edge, Identifier]:
    phone = Identifier("phone", opened(row, keys=keys), is_verified=row.verified_at is not None)
    _, mixed = with_mixes([phone], key_by_scope=key_by_scope)
    edge = Edge(
        person_id=row.person_id,
        key=keys[row.person_id],
        identifier=mixed,
        blind_index=blind_index(merchant_id=merchant_id, identifier=mixed),
        joins=row.joins,
    )
    return edge, phone


def _holders(merchant_id: int, edges: Sequence[Edge], now: datetime) -> dict[bytes, int | None]:
    indexes = [edge.blind_index for edge in edges]
    found = holders(merchant_id=merchant_id, indexes=indexes, stale_before=now)
    return {index: holder.person_id for index, holder in zip(indexes, found, strict=True)}
