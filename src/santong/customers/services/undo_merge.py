"""A merge was a mistake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from santong.customers import contracts
from santong.customers.errors import MergeUndone, PersonErased
from santong.customers.events import MergeUndone as MergeUndoneFact
from santong.customers.models import Apart, Merge, MergeUndo, Person
from santong.customers.rules.reasons import checked_reason
from santong.customers.selectors.graph import current_ids, profile_of
from santong.customers.services.line_up import line_up
from santong.customers.services.locks import lock_graph, lock_merging, lock_persons
from santong.kernel import audit, outbox, tenancy
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def undo_merge(*, merchant_id: int, merge_id: int, reason: str, now: datetime) -> contracts.Merge:
    """Make two persons of one again, each with what was theirs before; in any order of merges.

    What came after the merge stays with the one who was kept. Nothing automatic joins the two
    again.

    Raises NoSuch, MergeUndone, PersonErased, FieldInvalid. Emits MergeUndone. Locks merging, then
    the person.
    """
    row = Merge.objects.of_merchant(merchant_id).filter(id=merge_id).first()
    if row is None:
        raise NoSuch(kind="merge", key=str(merge_id))
    rows = _locked(merchant_id, row)
    reason = checked_reason(reason, unnamed=[profile_of([each]).name for each in rows])
    if MergeUndo.objects.of_merchant(merchant_id).filter(merge_id=merge_id).exists():
        raise MergeUndone(merge_id=merge_id)
    _step_back(merchant_id, row, rows, now=now)
    actor = tenancy.current().actor
    MergeUndo.objects.create(
        merchant_id=merchant_id,
        merge_id=merge_id,
        reason=reason,
        undone_at=now,
        actor=f"{actor.kind}:{actor.id}",
    )
    audit.record(
        audit.Change(
            action="customers.undo_merge",
            subject="person",
            subject_id=row.gone_id,
            reason=reason,
            before={"state": "merged", "merge_id": row.id},
            after={"state": "active", "current_id": row.gone_id},
        ),
        now=now,
    )
    fact = MergeUndoneFact(kept_id=row.kept_id, gone_id=row.gone_id, merge_id=row.id)
    outbox.publish(fact, now=now)
    return row.as_contract(undone_at=now)


def _locked(merchant_id: int, merge: Merge) -> list[Person]:
    lock_graph(merchant_id=merchant_id)
    lock_merging(merchant_id=merchant_id)
    current = current_ids(merchant_id=merchant_id, person_ids=[merge.gone_id])[merge.gone_id]
    rows = lock_persons(merchant_id=merchant_id, person_ids=[current])[current]
    if rows[0].state == "erased":
        raise PersonErased(person_id=current)
    return rows


def _step_back(merchant_id: int, merge: Merge, rows: Sequence[Person], *, now: datetime) -> None:
    led_here: dict[int | None, list[int]] = defaultdict(list)
    for row in rows:
        led_here[row.merged_into_id].append(row.id)
    branch = [merge.gone_id]
    for person_id in branch:
        branch += led_here[person_id]
    ours = Person.objects.of_merchant(merchant_id)
    ours.filter(id=merge.gone_id).update(state="active", merged_into=None, current_id=merge.gone_id)
    ours.filter(id__in=branch[1:]).update(current_id=merge.gone_id)
    line_up(merchant_id=merchant_id, person_ids=[merge.gone_id, rows[0].id], now=now)
    Apart.objects.bulk_create(
        [
            Apart(
                merchant_id=merchant_id,
                first_id=merge.kept_id,
                second_id=merge.gone_id,
                why="merge_undone",
                decided_at=now,
            )
        ],
        ignore_conflicts=True,
    )
