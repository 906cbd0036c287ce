"""Tell a person's identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from santong.customers.contracts import Attachment, Identifier
from santong.customers.errors import IdentifierTaken
from santong.customers.rules.identifiers import (
    ACCOUNTS,
    WEAK,
    in_one_writing,
    normalised,
    with_mixes,
)
from santong.customers.rules.joining import Asked
from santong.customers.selectors.graph import Holder, holders
from santong.customers.selectors.persons import keys_of
from santong.customers.selectors.sealing import blind_index
from santong.customers.selectors.settings import mix_keys
from santong.customers.services.attach_all import Target, attach_all
from santong.customers.services.living import living_person
from santong.customers.services.locks import lock_graph, lock_identifiers
from santong.kernel.tenancy import all_or_nothing

SEEN_EVERY = timedelta(days=1)


@all_or_nothing
def attach(
    *,
    merchant_id: int,
    person_id: int,
    identifiers: Sequence[Identifier],
    source: str,
    now: datetime,
) -> Attachment:
    """Let a person be recognised by more identifiers; nobody is merged by it.

    An account of somebody else is refused. A verified contact moves; another one that somebody else
    has is from now on known of both, and told back as conflicting.

    Raises NoSuch, PersonErased, IdentifierTaken, FieldInvalid. Locks the graph, the identifiers.
    """
    lock_graph(merchant_id=merchant_id)
    living_person(merchant_id=merchant_id, person_id=person_id)
    wanted = with_mixes(normalised(identifiers), key_by_scope=mix_keys(merchant_id=merchant_id))
    indexes = [blind_index(merchant_id=merchant_id, identifier=one) for one in wanted]
    lock_identifiers(merchant_id=merchant_id, indexes=indexes)
    rows = living_person(merchant_id=merchant_id, person_id=person_id)
    current = rows[0]
    found = holders(merchant_id=merchant_id, indexes=indexes, stale_before=now - SEEN_EVERY)
    asked = [
        _asked(one, index, holder)
        for one, index, holder in zip(wanted, indexes, found, strict=True)
    ]
    conflicting = [one.identifier for one in asked if one.holder_id not in {None, current.id}]
    for identifier in conflicting:
        if identifier.kind in ACCOUNTS:
            raise IdentifierTaken(kind=identifier.kind, scope=identifier.scope)
    capped = attach_all(
        merchant_id=merchant_id,
        person=Target(person_id=current.id, key=keys_of(rows)[current.id]),
        asked=asked,
        conflicting=frozenset(conflicting),
        source=source,
        now=now,
    )
    as_given = {in_one_writing(one): one for one in identifiers}
    return Attachment(
        capped=tuple(as_given[one] for one in capped if one in as_given),
        conflicting=tuple(as_given[one] for one in conflicting if one in as_given),
    )


def _asked(identifier: Identifier, index: bytes, holder: Holder) -> Asked:
    return Asked(
        identifier=identifier,
        blind_index=index,
        holder_id=None if identifier.kind in WEAK else holder.person_id,
        is_shared=holder.is_shared,
        is_news=holder.is_stale or (identifier.is_verified and not holder.is_verified),
    )
