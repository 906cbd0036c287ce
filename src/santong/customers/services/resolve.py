"""Who somebody is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from santong.customers.contracts import Identifier, Profile, Resolution
from santong.customers.models import Person
from santong.customers.rules.identifiers import WEAK, in_one_writing, normalised, with_mixes
from santong.customers.rules.joining import Asked, Decision, decide
from santong.customers.rules.profiles import NOTHING, cleaned
from santong.customers.selectors.graph import Holder, clusters, holders, known_of
from santong.customers.selectors.sealing import blind_index, person_key
from santong.customers.selectors.settings import mix_keys
from santong.customers.services.attach_all import Target, attach_all
from santong.customers.services.complete_profile import complete_profile
from santong.customers.services.locks import (
    lock_graph,
    lock_identifiers,
    lock_merging,
    lock_persons,
)
from santong.customers.services.merge import join
from santong.customers.services.write import new_persons, write_persons
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

# Every visit would write rows otherwise, only to say that nothing has changed.
SEEN_EVERY = timedelta(days=1)

Rows = dict[int, list[Person]]


@all_or_nothing
def resolve(
    *,
    merchant_id: int,
    identifiers: Sequence[Identifier],
    profile: Profile | None,
    source: str,
    now: datetime,
) -> Resolution:
    """Say which person these identifiers belong to; make one where they lead to nobody.

    Identifiers that nobody had are the person's from now on, and blanks of the profile are filled.
    Where strong identifiers lead to several persons, these become one, unless something says that
    they are different: then the strongest evidence decides, a verified number moves to whoever has
    just proved to have it, and the rest is only known of the person.

    Raises FieldInvalid. Emits PersonsMerged. Locks the graph, the identifiers, merging, persons.
    """
    wanted = normalised(identifiers)
    if not wanted:
        raise FieldInvalid(pointer="/identifiers", reason="somebody is recognised by something")
    said = cleaned(profile, today=now.date()) if profile else NOTHING
    known = _known_already(merchant_id, wanted, now) if said == NOTHING else None
    if known is not None:
        return Resolution(person_id=known, is_new=False)
    lock_graph(merchant_id=merchant_id)
    wanted = with_mixes(wanted, key_by_scope=mix_keys(merchant_id=merchant_id))
    strong = [one for one in wanted if one.kind not in WEAK]
    indexes = [blind_index(merchant_id=merchant_id, identifier=one) for one in strong]
    found, rows = _settled(merchant_id, indexes, now)
    asked = [
        Asked(
            identifier=one,
            blind_index=index,
            holder_id=holder.person_id,
            is_shared=holder.is_shared,
            is_news=holder.is_stale or (one.is_verified and not holder.is_verified),
        )
        for one, index, holder in zip(strong, indexes, found, strict=True)
    ]
    knowledge = {
        each.person_id: each for each in known_of(merchant_id=merchant_id, rows_by_person=rows)
    }
    decision = decide(asked, known=knowledge, profile=said)
    person_id, key = _person(merchant_id, decision, rows, said, source=source, now=now)
    capped = attach_all(
        merchant_id=merchant_id,
        person=Target(person_id=person_id, key=key, also=frozenset(decision.merge)),
        asked=[*asked, *_weak(merchant_id, wanted)],
        conflicting=frozenset(decision.conflicting),
        source=source,
        now=now,
    )
    return Resolution(
        person_id=person_id,
        is_new=decision.person_id is None,
        merged=tuple(decision.merge),
        capped=_told(capped, identifiers),
        conflicting=_told(decision.conflicting, identifiers),
    )


def _known_already(merchant_id: int, wanted: Sequence[Identifier], now: datetime) -> int | None:
    """The one person to whom all of it leads, if there is nothing to write."""
    if any(one.kind in WEAK for one in wanted):
        return None
    found = holders(
        merchant_id=merchant_id,
        indexes=[blind_index(merchant_id=merchant_id, identifier=one) for one in wanted],
        stale_before=now - SEEN_EVERY,
    )
    if any(
        holder.is_shared or holder.is_stale or (one.is_verified and not holder.is_verified)
        for one, holder in zip(wanted, found, strict=True)
    ):
        return None
    people = {holder.person_id for holder in found}
    return people.pop() if len(people) == 1 else None


def _settled(
    merchant_id: int, indexes: Sequence[bytes], now: datetime
) -> tuple[list[Holder], Rows]:
    """Whom the identifiers lead to, and what is known of them; nobody can change it from now on."""
    lock_identifiers(merchant_id=merchant_id, indexes=indexes)
    found, people = _led_to(merchant_id, indexes, now)
    if len(people) <= 1:
        rows = clusters(merchant_id=merchant_id, current_ids=people)
        # Not so if the person has just turned out to be somebody else.
        if rows.keys() == people:
            return found, rows
    lock_merging(merchant_id=merchant_id)
    found, people = _led_to(merchant_id, indexes, now)
    return found, lock_persons(merchant_id=merchant_id, person_ids=people)


def _led_to(
    merchant_id: int, indexes: Sequence[bytes], now: datetime
) -> tuple[list[Holder], set[int]]:
    found = holders(merchant_id=merchant_id, indexes=indexes, stale_before=now - SEEN_EVERY)
    return found, {holder.person_id for holder in found if holder.person_id is not None}


def _person(
    merchant_id: int, decision: Decision, rows: Rows, said: Profile, *, source: str, now: datetime
) -> tuple[int, bytes]:
    """The person that was decided on, and the key that what is theirs is sealed under."""
    if decision.person_id is None:
        (fresh,) = new_persons(profiles=[said])
        write_persons(merchant_id=merchant_id, persons=[fresh], source=source, now=now)
        return fresh.person_id, fresh.key
    for gone_id in decision.merge:
        join(
            merchant_id=merchant_id,
            kept_id=decision.person_id,
            gone_id=gone_id,
            why="resolved",
            reason="",
            now=now,
        )
    row = rows[decision.person_id][0]
    together = [each for one in (row.id, *decision.merge) for each in rows[one]]
    key = person_key(merchant_id=merchant_id, person_id=row.id, key_sealed=bytes(row.key_sealed))
    complete_profile(row=row, key=key, together=together, said=said, now=now)
    return row.id, key


def _weak(merchant_id: int, wanted: Sequence[Identifier]) -> list[Asked]:
    return [
        Asked(
            identifier=one,
            blind_index=blind_index(merchant_id=merchant_id, identifier=one),
            holder_id=None,
        )
        for one in wanted
        if one.kind in WEAK
    ]


def _told(found: Iterable[Identifier], given: Sequence[Identifier]) -> tuple[Identifier, ...]:
    """Identifiers as the caller wrote them; what was derived from them is left out."""
    as_given = {in_one_writing(one): one for one in given}
    return tuple(as_given[one] for one in found if one in as_given)
