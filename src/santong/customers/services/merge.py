"""Two persons turn out to be one."""

from __future__ import annotations

from datetime import datetime

from santong.customers import contracts
from santong.customers.errors import PersonErased, SamePerson
from santong.customers.events import PersonsMerged
from santong.customers.models import Merge, Person
from santong.customers.rules.reasons import checked_reason
from santong.customers.selectors.graph import current_ids, profile_of
from santong.customers.services.line_up import line_up
from santong.customers.services.locks import lock_graph, lock_merging, lock_persons
from santong.kernel import audit, outbox, tenancy
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def merge(
    *, merchant_id: int, first_id: int, second_id: int, reason: str, now: datetime
) -> contracts.Merge:
    """Join two persons; the older one is kept, and the younger one's id leads there.

    Nothing moves: identifiers, consents and profile stay with the row that they were given to, and
    are read together. So `undo_merge` gives back exactly what was there.

    Raises NoSuch, SamePerson, PersonErased, FieldInvalid. Emits PersonsMerged. Locks merging, then
    both persons.
    """
    locked = _locked_pair(merchant_id, first_id, second_id)
    names = [profile_of(rows).name for rows in locked.values()]
    reason = checked_reason(reason, unnamed=names)
    kept, gone = sorted(locked)
    return join(
        merchant_id=merchant_id, kept_id=kept, gone_id=gone, why="asked", reason=reason, now=now
    )


def join(
    *, merchant_id: int, kept_id: int, gone_id: int, why: str, reason: str, now: datetime
) -> contracts.Merge:
    """Let the way of one current person lead to another; both are locked, with their clusters."""
    rows = Person.objects.of_merchant(merchant_id)
    rows.filter(id=gone_id).update(state="merged", merged_into_id=kept_id)
    rows.filter(state="merged", current_id=gone_id).update(current_id=kept_id)
    line_up(merchant_id=merchant_id, person_ids=[kept_id], now=now)
    actor = tenancy.current().actor
    row = Merge.objects.create(
        merchant_id=merchant_id,
        kept_id=kept_id,
        gone_id=gone_id,
        why=why,
        reason=reason,
        merged_at=now,
        actor=f"{actor.kind}:{actor.id}",
    )
    audit.record(
        audit.Change(
            action="customers.merge",
            subject="person",
            subject_id=gone_id,
            reason=why if why != "asked" else reason,
            before={"state": "active"},
            after={"state": "merged", "current_id": kept_id, "merge_id": row.id},
        ),
        now=now,
    )
    outbox.publish(PersonsMerged(kept_id=kept_id, gone_id=gone_id, merge_id=row.id), now=now)
    return row.as_contract(undone_at=None)


def _locked_pair(merchant_id: int, first_id: int, second_id: int) -> dict[int, list[Person]]:
    lock_graph(merchant_id=merchant_id)
    lock_merging(merchant_id=merchant_id)
    now_at = current_ids(merchant_id=merchant_id, person_ids=[first_id, second_id])
    for wanted in (first_id, second_id):
        if wanted not in now_at:
            raise NoSuch(kind="person", key=str(wanted))
    first, second = now_at[first_id], now_at[second_id]
    if first == second:
        raise SamePerson(person_id=first)
    locked = lock_persons(merchant_id=merchant_id, person_ids=[first, second])
    for person_id, rows in locked.items():
        if rows[0].state == "erased":
            raise PersonErased(person_id=person_id)
    return locked
