"""A person is no longer recognised by an identifier."""

from __future__ import annotations

from datetime import datetime

from santong.customers.contracts import Identifier
from santong.customers.models import Identity
from santong.customers.rules.identifiers import normalised, with_mixes
from santong.customers.rules.reasons import checked_reason
from santong.customers.selectors.graph import profile_of
from santong.customers.selectors.sealing import blind_index
from santong.customers.selectors.settings import mix_keys
from santong.customers.services.living import living_person
from santong.customers.services.locks import lock_graph, lock_identifiers
from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def detach(
    *, merchant_id: int, person_id: int, identifier: Identifier, reason: str, now: datetime
) -> None:
    """End that a person is recognised by an identifier; that it was so stays known.

    Raises NoSuch, PersonErased, FieldInvalid. Locks the graph, the identifier.
    """
    lock_graph(merchant_id=merchant_id)
    living_person(merchant_id=merchant_id, person_id=person_id)
    key_by_scope = mix_keys(merchant_id=merchant_id)
    indexes = [
        blind_index(merchant_id=merchant_id, identifier=one)
        for one in with_mixes(normalised([identifier]), key_by_scope=key_by_scope)
    ]
    lock_identifiers(merchant_id=merchant_id, indexes=indexes)
    rows = living_person(merchant_id=merchant_id, person_id=person_id)
    reason = checked_reason(reason, unnamed=[profile_of(rows).name])
    edges = Identity.objects.of_merchant(merchant_id).live()
    own = edges.filter(person_id__in=[row.id for row in rows], blind_index__in=indexes)
    ended = list(own.values_list("id", flat=True))
    if not ended:
        raise NoSuch(kind="identifier", key=identifier.kind)
    edges.filter(id__in=ended).update(ended_at=now, ended_why="detached")
    audit.record(
        audit.Change(
            action="customers.detach",
            subject="person",
            subject_id=rows[0].id,
            reason=reason,
            before={"identity_ids": ended},
        ),
        now=now,
    )
